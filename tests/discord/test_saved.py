"""Saving jobs, and /saved."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.frontends.discord.custom_ids import Action, Press, encode
from bot.frontends.discord.publisher import DiscordPublisher
from bot.frontends.discord.saved_card import ALL
from bot.frontends.phrases import say
from bot.jobs.job import JobState
from bot.jobs.saving import MOST_SAVED, Saved
from tests.discord.shown import components, last
from tests.fakes_discord import a_delivery, a_job


@pytest.fixture
def jobs(world):
    """Twelve open jobs."""
    world.jobs.kept = {f"job-{number}": a_job(number, title=f"Data Engineer {number}") for number in range(1, 13)}
    return world.jobs.kept


@pytest.fixture
async def post(place, jobs):
    """The first of the jobs, announced in the channel."""
    publisher = DiscordPublisher(place.env.bot, place.world.asking)
    await publisher.publish(a_delivery(place.channel.id, jobs["job-1"]))
    return place.channel.last_message


def told(saved):
    return say(f"saved.told.{saved.value}", most=MOST_SAVED)


def keep(place, person, *numbers):
    """Have a person keep jobs, the last one saved last."""
    place.world.saved.kept[person.id] = [f"job-{number}" for number in numbers]


def kept(place, person):
    return place.world.saved.kept.get(person.id, [])


def listed(place):
    """Return the numbers of the jobs that are shown last, in their order."""
    lines = [line for line in last(place).splitlines() if line.startswith("- ")]
    return [int(line.replace("~~", "**").split("**")[1].rpartition(" ")[2]) for line in lines]


async def open_list(place, person):
    """Use /saved, and return what it answered."""
    return (await person.slash(place.channel, "saved")).response


def select_of(message, phrase):
    return next(each for each in components(message) if each.get("placeholder") == say(phrase))


async def choose(person, message, phrase, value):
    """Choose a value in the select that says a phrase."""
    return await person.select(message, [value], custom_id=select_of(message, phrase)["custom_id"])


async def press_made(place, person, post, press):
    """Press a button of the post that means something else than those that it has."""
    stored = place.env.backend.messages[place.channel.id][post.id]
    button = next(each for each in components(stored) if each.get("label") == say("job.save"))
    button["custom_id"] = press if isinstance(press, str) else encode(press, place.world.asking)
    return await person.click(place.channel.last_message, label=say("job.save"))


async def test_anybody_saves_a_job_and_is_told_in_private(place, post):
    for person in (place.alice, place.bob):
        result = await person.click(post, label=say("job.save"))
        assert result.response.ephemeral
        assert last(place) == told(Saved.NEW)
        assert kept(place, person) == ["job-1"]


async def test_saving_again_is_told_and_changes_nothing(place, post):
    for _ in range(2):
        await place.alice.click(post, label=say("job.save"))
    assert last(place) == told(Saved.KNOWN)
    assert kept(place, place.alice) == ["job-1"]


async def test_an_old_post_is_saved_after_a_restart(place, post):
    await place.env.restart_bot(place.world.client())
    await place.alice.click(post, label=say("job.save"))
    assert kept(place, place.alice) == ["job-1"]


async def test_a_job_is_saved_in_direct_messages(place, jobs):
    person = place.alice.user
    await DiscordPublisher(place.env.bot, place.world.asking).publish(a_delivery(person.dm_channel.id, jobs["job-1"]))
    await person.click(person.dm_channel.last_message, label=say("job.save"))
    assert kept(place, person) == ["job-1"]
    await person.slash("saved")
    assert listed(place) == [1]


@pytest.mark.usefixtures("jobs")
async def test_a_job_is_saved_from_its_details(place):
    await place.alice.slash(place.channel, "jobs show", job="job-7")
    await place.alice.click(place.channel.last_message, label=say("job.save"))
    assert kept(place, place.alice) == ["job-7"]


async def test_saving_is_deferred_in_private_while_the_database_is_busy(place, post, monkeypatch):
    save = place.world.saved.save
    began = []

    async def slowly(*args, **options):
        await asyncio.sleep(2)
        began.extend(r.json for r in place.env.http_requests if r.path.endswith("/callback"))
        return await save(*args, **options)

    monkeypatch.setattr(place.world.saved, "save", slowly)
    await place.alice.click(post, label=say("job.save"))
    await place.env.advance_time(3)
    assert [(answer["type"], answer["data"]["flags"]) for answer in began] == [(5, 64)]
    assert last(place) == told(Saved.NEW)


async def test_a_copy_is_saved_as_its_job(place, post, jobs):
    jobs["copy"] = a_job(99, id="copy", copy_of="job-3")
    await press_made(place, place.alice, post, Press(Action.SAVE, marker="copy"))
    assert kept(place, place.alice) == ["job-3"]


async def test_a_job_that_is_gone_is_not_saved(place, post, jobs):
    del jobs["job-1"]
    await place.alice.click(post, label=say("job.save"))
    assert last(place) == told(Saved.GONE)
    assert kept(place, place.alice) == []


@pytest.mark.parametrize("garbled", ["1k0", "1k0;", "1k0;;", "1k0;;job-1;job-2", f"1k0;;{'x' * 90}"])
async def test_a_garbled_job_is_not_saved(place, post, garbled):
    await press_made(place, place.alice, post, garbled)
    assert last(place) == told(Saved.GONE)
    assert kept(place, place.alice) == []


async def test_one_job_too_many_is_refused_in_a_sentence(place, post):
    place.world.saved.kept[place.alice.id] = [f"old-{number}" for number in range(MOST_SAVED)]
    await place.alice.click(post, label=say("job.save"))
    assert last(place) == told(Saved.FULL)
    assert len(kept(place, place.alice)) == MOST_SAVED


async def test_without_a_saved_job_it_is_told_how_to_save(place):
    assert (await open_list(place, place.alice)).ephemeral
    assert last(place).endswith(say("saved.none"))


@pytest.mark.usefixtures("jobs")
async def test_saved_jobs_are_shown_to_their_owner_alone_the_last_one_first(place):
    keep(place, place.alice, 4, 2, 9)
    keep(place, place.bob, 5)
    assert (await open_list(place, place.alice)).ephemeral
    assert listed(place) == [9, 2, 4]
    assert last(place).endswith(say("found.all", total=3))


async def test_a_job_that_is_over_is_struck_through_and_said_to_be(place, jobs):
    keep(place, place.alice, 1, 2, 3)
    jobs["job-2"] = replace(jobs["job-2"], state=JobState.CLOSED)
    jobs["job-3"] = replace(jobs["job-3"], state=JobState.EXPIRED)
    await open_list(place, place.alice)
    for number, state in ((2, "closed"), (3, "expired")):
        assert f"- ~~Data Engineer {number}~~ · Northwind Analytics · {say(f'job.state.{state}')}" in last(place)
    assert listed(place) == [3, 2, 1]


async def test_saved_jobs_fit_however_long_they_are_and_nothing_in_them_works(place, jobs):
    """The limits of Discord are checked at the end of each test."""
    long = dict.fromkeys(("title", "company", "place", "credit"), "@everyone <@1> **W**" * 20)
    url = f"https://jobs.example.com/{'w' * 480}"
    jobs.update({f"job-{number}": a_job(number, url=url, **long) for number in range(1, 6)})
    keep(place, place.alice, *range(1, 6))
    message = await open_list(place, place.alice)
    assert "@everyone" not in last(place).replace("\\@", "")
    assert "<@" not in last(place).replace("\\<", "")
    assert len(select_of(message, "found.show")["options"]) == 5


@pytest.mark.usefixtures("jobs")
async def test_pages_of_saved_jobs_are_turned_in_place(place):
    keep(place, place.alice, *range(1, 13))
    message = await open_list(place, place.alice)
    for label, shown in (("next", [7, 6, 5, 4, 3]), ("next", [2, 1]), ("previous", [7, 6, 5, 4, 3])):
        result = await place.alice.click(message, label=say(f"found.{label}"))
        assert listed(place) == shown
        assert result.response.id == message.id


@pytest.mark.usefixtures("jobs")
async def test_one_of_the_saved_jobs_is_looked_at(place):
    keep(place, place.alice, 4, 2)
    message = await open_list(place, place.alice)
    result = await choose(place.alice, message, "found.show", "job-4")
    assert result.response.ephemeral
    assert last(place).startswith("## Data Engineer 4")


@pytest.mark.usefixtures("jobs")
async def test_a_saved_job_is_removed_in_place(place):
    keep(place, place.alice, 4, 2, 9)
    await choose(place.alice, await open_list(place, place.alice), "saved.remove", "job-2")
    assert listed(place) == [9, 4]
    assert kept(place, place.alice) == ["job-4", "job-9"]


@pytest.mark.usefixtures("jobs")
async def test_removing_the_only_job_of_the_last_page_shows_the_one_before(place):
    keep(place, place.alice, *range(1, 7))
    message = await open_list(place, place.alice)
    await place.alice.click(message, label=say("found.next"))
    assert listed(place) == [1]
    await choose(place.alice, message, "saved.remove", "job-1")
    assert listed(place) == [6, 5, 4, 3, 2]


@pytest.mark.usefixtures("jobs")
async def test_all_saved_jobs_are_removed_at_once_and_nothing_is_left(place):
    keep(place, place.alice, *range(1, 8))
    keep(place, place.bob, 1)
    await choose(place.alice, await open_list(place, place.alice), "saved.remove", ALL)
    assert last(place).endswith(say("saved.none"))
    assert place.alice.id not in place.world.saved.kept
    assert kept(place, place.bob) == ["job-1"]


@pytest.mark.usefixtures("jobs")
async def test_removing_a_job_that_was_removed_already_shows_what_is_left(place):
    keep(place, place.alice, 4, 2)
    message = await open_list(place, place.alice)
    keep(place, place.alice, 4)
    await choose(place.alice, message, "saved.remove", "job-2")
    assert listed(place) == [4]


@pytest.mark.usefixtures("jobs")
async def test_somebody_else_turns_only_pages_of_their_own(place, post):
    keep(place, place.alice, *range(1, 13))
    keep(place, place.bob, 12)
    result = await press_made(place, place.bob, post, Press(Action.SAVED, place.alice.id, marker="2"))
    assert result.response.ephemeral
    assert listed(place) == [12]


@pytest.mark.parametrize("page", ["", "0", "-1", "2.5", "٣", "99999", "x"])
async def test_a_garbled_page_is_told(place, post, page):
    keep(place, place.alice, 1)
    await press_made(place, place.alice, post, Press(Action.SAVED, place.alice.id, marker=page))
    assert last(place) == say("stale")


async def test_a_removal_without_a_job_is_told_and_removes_nothing(place, post):
    keep(place, place.alice, 1)
    await press_made(place, place.alice, post, Press(Action.UNSAVE, place.alice.id, marker="1"))
    assert last(place) == say("stale")
    assert kept(place, place.alice) == ["job-1"]
