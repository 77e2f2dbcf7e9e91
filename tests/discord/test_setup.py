"""/announce setup and edit: one message in which a subscription is put together, and what comes of saving it."""

from __future__ import annotations

from datetime import time

import discord
import pytest
from simcord.actors import _dispatch_actor_interaction
from simcord.backend import serializers

from bot.errors import StoreUnavailableError
from bot.frontends.discord.custom_ids import decode
from bot.frontends.discord.setup_card import OTHER, Control
from bot.frontends.discord.setups import MAX_KEPT
from bot.frontends.phrases import say
from bot.jobs.announcing import ALL_AT_ONCE, Terms, Venue
from bot.jobs.query import JobQuery
from bot.jobs.timetable import Timetable, daily, every_hours, weekly
from tests.discord.forums import create_forum
from tests.discord.requests_schema import components_of
from tests.discord.shown import components, custom_ids, last
from tests.fakes_discord import a_job

HOSTILE = "**bold** @everyone <@1>"


@pytest.fixture
def announcing(world):
    return world.announcing


async def begin(place, command="announce setup", **options):
    """Begin a setup, and return what shows it."""
    result = await place.admin.slash(place.channel, command, **options)
    assert result.ephemeral
    return newest(place)


def newest(place):
    """Return the newest message that the admin sees."""
    return place.channel.history(viewer=place.admin)[-1]


def id_of(place, control, message=None):
    """Return the custom_id of a part of the setup."""
    found = (
        (custom_id, decode(custom_id, place.world.asking))
        for custom_id in custom_ids(stored(place, message or newest(place)))
    )
    return next(custom_id for custom_id, press in found if press.marker.endswith(f".{control}"))


def stored(place, message):
    """Return a message as it is stored."""
    return place.env.backend.messages[place.channel.id][message.id]


async def select(place, control, *values):
    """Select something in the newest message, and return what it says then."""
    await place.admin.select(newest(place), list(values), custom_id=id_of(place, control))
    return last(place)


async def click(place, control, who=None):
    """Press a button of the newest message, and return what came of it."""
    return await (who or place.admin).click(newest(place), custom_id=id_of(place, control))


async def write(place, control, text):
    """Open the form of a part, send it with a text, and return what the setup says then."""
    if control is Control.JOBS:
        shown = await click(place, control)
    else:
        shown = await place.admin.select(newest(place), [OTHER], custom_id=id_of(place, control))
    await place.admin.submit_modal(shown, {"text": text})
    return last(place)


def options_of(place, control):
    """Return the options of a select by value, and which of them is set."""
    custom_id = id_of(place, control)
    (menu,) = (each for each in components(stored(place, newest(place))) if each.get("custom_id") == custom_id)
    return (
        {option["value"]: option["label"] for option in menu["options"]},
        [option["value"] for option in menu["options"] if option.get("default")],
    )


async def test_a_setup_begins_with_all_featured_jobs_each_at_once(place):
    await begin(place)
    text = last(place)
    assert say("setup.title", channel=place.channel.mention) in text
    for key, words in (
        ("setup.jobs", say("terms.all")),
        ("setup.when", say("terms.at_once")),
        ("setup.zone", "UTC"),
        ("setup.quiet", say("terms.none")),
        ("setup.cap", say("setup.no_limit")),
        ("setup.mention", say("setup.nobody")),
    ):
        assert f"**{say(key)}**: {words}" in text
    assert place.world.announcing.kept == {}


async def test_every_select_shows_what_is_set(place):
    await begin(place)
    await write(place, Control.JOBS, "")
    set_now = [options_of(place, control)[1] for control in (Control.WHEN, Control.ZONE, Control.QUIET, Control.CAP)]
    assert set_now == [["once"], ["UTC"], ["none"], ["none"]]


async def test_a_setup_for_another_channel(place):
    other = place.guild.create_text_channel("jobs")
    await begin(place, channel=other)
    assert other.mention in last(place)


async def test_a_setup_in_a_forum_ends_in_a_sample(place, announcing):
    place.world.jobs.kept = {"job-1": a_job()}
    forum = create_forum(place, "senior")
    await begin(place, channel=forum)
    await select(place, Control.CAP, "3")
    await click(place, Control.SAVE)
    assert "## Senior Data Engineer" in last(place)
    (kept,) = announcing.kept.values()
    assert (kept.channel, kept.venue, kept.terms.cap) == (forum.id, Venue.FORUM, 3)
    await begin(place, "announce edit", subscription="1")
    assert say("setup.edit_title", channel=forum.mention, number=1) in last(place)
    await click(place, Control.SAVE)
    assert announcing.kept[1].venue is Venue.FORUM


async def test_a_channel_where_the_bot_lacks_a_right_is_refused_at_once(place):
    readonly = place.guild.create_text_channel(
        "readonly", overwrites={place.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    await place.admin.slash(place.channel, "announce setup", channel=readonly)
    assert say("permission.send_messages") in last(place)
    assert not place.env.bot._desk.setups._kept


@pytest.mark.parametrize(
    ("value", "cron", "words"),
    [
        ("six-hours", every_hours(6), "every 6 hours"),
        ("daily", daily(time(9)), "daily at 09:00"),
        ("weekly", weekly(1, time(9)), "Mondays at 09:00"),
        ("once", None, "each at once"),
    ],
)
async def test_when_is_chosen_from_common_times(place, announcing, value, cron, words):
    await begin(place)
    assert f"**{say('setup.when')}**: {words}" in await select(place, Control.WHEN, value)
    await click(place, Control.SAVE)
    assert announcing.kept[1].terms == Terms(timetable=Timetable(cron=cron))


async def test_all_choices_are_saved_together(place, announcing):
    role = place.guild.create_role("data jobs", mentionable=True)
    await begin(place)
    await select(place, Control.WHEN, "daily")
    await select(place, Control.ZONE, "Europe/Berlin")
    await select(place, Control.QUIET, "22-7")
    await select(place, Control.CAP, "5")
    await select(place, Control.MENTION, role)
    shown = await write(place, Control.JOBS, "data engineer kafka")
    assert "Data Engineer · “kafka”" in shown
    assert "22:00–07:00" in shown
    assert say("setup.rest") in shown
    assert f"<@&{role.id}>" in shown
    await click(place, Control.SAVE)
    assert announcing.kept[1].terms == Terms(
        JobQuery(roles=("data-engineer",), words=("kafka",)),
        Timetable(daily(time(9)), "Europe/Berlin", (time(22), time(7))),
        cap=5,
        mention=role.id,
    )
    assert (announcing.kept[1].guild, announcing.kept[1].channel) == (place.guild.id, place.channel.id)


async def test_each_choice_changes_the_same_message(place):
    message = await begin(place)
    await select(place, Control.CAP, "3")
    await write(place, Control.ZONE, "Europe/Vienna")
    assert newest(place).id == message.id


async def test_a_cron_text_of_ones_own_is_taken_and_stays_offered(place, announcing):
    await begin(place)
    assert "cron 0 9 \\* \\* 1-4" in await write(place, Control.WHEN, " 0 9 * * 1-4 ")
    labels, now = options_of(place, Control.WHEN)
    assert labels["kept"] == "When: cron 0 9 * * 1-4"
    assert now == ["kept"]
    await select(place, Control.WHEN, "kept")
    await click(place, Control.SAVE)
    assert announcing.kept[1].terms.timetable.cron == "0 9 * * 1-4"


async def test_a_cron_text_that_is_none_is_told_and_changes_nothing(place):
    await begin(place)
    text = await write(place, Control.WHEN, f"{HOSTILE} `x`")
    assert say("setup.fault", fault="")[:17] in text
    assert "\\@everyone" in text
    assert f"**{say('setup.when')}**: {say('terms.at_once')}" in text


async def test_a_time_zone_of_ones_own_is_taken_and_an_unknown_one_told(place):
    await begin(place)
    assert "Pacific/Auckland" in await write(place, Control.ZONE, "Pacific/Auckland")
    assert options_of(place, Control.ZONE)[1] == ["kept"]
    assert len(options_of(place, Control.ZONE)[0]) == 25
    text = await write(place, Control.ZONE, "Atlantis/Capital")
    assert "is not a time zone" in text
    assert "Pacific/Auckland" in text


async def test_words_are_shown_as_text_and_tell_how_many_jobs_fit(place, world):
    world.jobs.kept = {"job-1": a_job()}
    await begin(place)
    assert say("announce.fitting.one") in await write(place, Control.JOBS, "data engineer")
    text = await write(place, Control.JOBS, HOSTILE)
    assert "\\*\\*bold\\*\\* \\@everyone \\<\\@1\\>" in text
    assert say("announce.fitting.none") in text


async def test_the_form_for_words_holds_what_was_written_before(place):
    await begin(place)
    await write(place, Control.JOBS, "data engineer")
    modal = (await click(place, Control.JOBS)).modal
    assert modal["components"][0]["component"]["value"] == "data engineer"


async def test_a_setup_that_is_forgotten_while_jobs_are_looked_up_stays_so(place, world, monkeypatch):
    await begin(place)
    kept, search = place.env.bot._desk.setups._kept, world.jobs.search

    async def forgotten_first(*query, **limits):
        kept.clear()
        return await search(*query, **limits)

    monkeypatch.setattr(world.jobs, "search", forgotten_first)
    assert await write(place, Control.JOBS, "data engineer") == say("setup.forgotten")
    assert not kept


async def test_a_form_for_a_setup_that_is_forgotten_says_so(place):
    await begin(place)
    shown = await click(place, Control.JOBS)
    place.env.bot._desk.setups._kept.clear()
    await place.admin.submit_modal(shown, {"text": "data engineer"})
    assert last(place) == say("setup.forgotten")


async def test_a_form_that_fails_is_told_with_a_reference(place, world, monkeypatch):
    async def fail(*_, **__):
        raise StoreUnavailableError("away")

    await begin(place)
    monkeypatch.setattr(world.jobs, "search", fail)
    said = await write(place, Control.JOBS, "data engineer")
    assert said.startswith(say("fault.unavailable", reference="")[:40])
    assert len(place.env.errors) == 1


async def test_no_words_mean_all_featured_jobs(place):
    await begin(place)
    await write(place, Control.JOBS, "data engineer")
    assert say("terms.all") in await write(place, Control.JOBS, "")


async def test_a_role_may_be_taken_away_again(place):
    role = place.guild.create_role("data jobs", mentionable=True)
    await begin(place)
    await select(place, Control.MENTION, role)
    assert f"**{say('setup.mention')}**: {say('setup.nobody')}" in await select(place, Control.MENTION)


async def test_everyone_is_never_taken(place):
    await begin(place)
    text = await select(place, Control.MENTION, place.guild.default_role)
    assert say("setup.not_everyone") in text
    assert f"**{say('setup.mention')}**: {say('setup.nobody')}" in text


def as_it_is(place):
    """Return the newest message as a press of it carries it."""
    return dict(serializers.message_payload(place.env.backend, stored(place, newest(place))))


async def press(place, message, who=None, /, **data):
    """Send a press as it is given, which no client may let a person make, and return what is said last."""
    extra = {"message": message}
    source = int(message["id"])
    await _dispatch_actor_interaction(who or place.admin, 3, place.channel, data, extra=extra, source_message_id=source)
    return last(place)


async def test_a_role_that_the_bot_cannot_ping_is_told(place):
    role = place.guild.create_role("closed")
    quiet = place.guild.create_text_channel(
        "quiet", overwrites={place.guild.me: discord.PermissionOverwrite(mention_everyone=False)}
    )
    await begin(place, channel=quiet)
    told = say("setup.not_pingable", role=f"<@&{role.id}>")
    assert told in await select(place, Control.MENTION, role)
    assert told in await select(place, Control.CAP, "3")


@pytest.mark.parametrize(
    ("control", "kind", "value"),
    [
        (Control.QUIET, 3, "12-13"),
        (Control.WHEN, 3, "constantly"),
        (Control.ZONE, 3, "Europe"),
        (Control.CAP, 3, ""),
        (Control.MENTION, 6, "1"),
    ],
)
async def test_what_is_not_offered_is_refused(place, control, kind, value):
    await begin(place)
    custom_id = id_of(place, control)
    said = await press(
        place, as_it_is(place), custom_id=custom_id, component_type=kind, values=[value], resolved={"roles": {}}
    )
    assert said == say("stale")
    assert place.env.bot._desk.setups._kept.popitem()[1].terms == ALL_AT_ONCE


async def test_saving_tells_what_comes_next_and_shows_a_sample(place, world, announcing):
    world.jobs.kept = {"job-1": a_job(), "job-2": a_job(2, title="Newer Data Engineer")}
    await begin(place)
    await click(place, Control.SAVE)
    text = last(place)
    assert say("setup.saved") in text
    assert f"**#1** {place.channel.mention} · on" in text
    assert say("announce.planned.many", count=2) in text
    assert say("announce.sample") in text
    assert "## Newer Data Engineer" in text
    assert announcing.kept[1].terms == ALL_AT_ONCE


async def test_saving_without_a_fitting_job_says_that_there_is_no_sample(place, announcing):
    announcing.planned = 0
    await begin(place)
    await click(place, Control.SAVE)
    assert say("announce.planned.none") in last(place)
    assert say("announce.no_sample") in last(place)


@pytest.mark.parametrize(("planned", "words"), [(1, "One job is waiting; it comes <t:"), (2, "2 jobs are waiting")])
async def test_saving_tells_when_waiting_jobs_come_where_that_is_not_now(place, announcing, planned, words):
    announcing.planned = planned
    await begin(place)
    await select(place, Control.WHEN, "daily")
    await click(place, Control.SAVE)
    assert words in last(place)


async def test_what_is_wrong_is_told_in_the_setup_which_goes_on(place, announcing):
    for _ in range(25):
        announcing.keep(place.guild.id, place.channel.id)
    await begin(place)
    await click(place, Control.SAVE)
    assert "a server can have 25 subscriptions" in last(place)
    del announcing.kept[7]
    await click(place, Control.SAVE)
    assert say("setup.saved") in last(place)


async def test_a_setup_survives_a_database_that_is_away(place, announcing):
    message = await begin(place)
    await select(place, Control.CAP, "3")
    custom_id, add = id_of(place, Control.SAVE), announcing.add

    async def fail(*_, **__):
        raise StoreUnavailableError("away")

    announcing.add = fail
    await place.admin.click(message, custom_id=custom_id)
    assert last(place).startswith(say("fault.unavailable", reference="")[:40])
    announcing.add = add
    await place.admin.click(message, custom_id=custom_id)
    assert announcing.kept[1].terms.cap == 3


async def test_saving_is_done_once_and_the_setup_then_forgotten(place, announcing):
    await begin(place)
    custom_id, before = id_of(place, Control.SAVE), as_it_is(place)
    await click(place, Control.SAVE)
    assert await press(place, before, custom_id=custom_id, component_type=2) == say("setup.forgotten")
    assert len(announcing.kept) == 1


async def test_cancelling_changes_nothing(place, announcing):
    await begin(place)
    await click(place, Control.CANCEL)
    assert last(place) == say("setup.cancelled")
    assert announcing.kept == {}
    assert not place.env.bot._desk.setups._kept


async def test_a_restart_forgets_a_setup_and_says_so(place, world):
    await begin(place)
    await place.env.restart_bot(world.client())
    await click(place, Control.SAVE)
    assert last(place) == say("setup.forgotten")


async def test_as_many_setups_as_there_is_room_for_are_kept(place):
    await begin(place)
    kept = place.env.bot._desk.setups._kept
    (first,) = kept
    kept |= {f"other-{number}": kept[first] for number in range(MAX_KEPT)}
    await begin(place)
    assert len(kept) == MAX_KEPT
    assert first not in kept


async def test_only_who_began_a_setup_may_use_it(place, announcing):
    other = place.guild.add_member(place.env.create_user("other"), roles=[place.guild.roles["admins"]])
    await begin(place)
    custom_id = id_of(place, Control.SAVE)
    assert await press(place, as_it_is(place), other, custom_id=custom_id, component_type=2) == say("setup.not_yours")
    assert announcing.kept == {}


async def test_somebody_who_may_no_longer_manage_the_server_saves_nothing(place, announcing):
    await begin(place)
    custom_id = id_of(place, Control.SAVE)
    assert await press(place, as_it_is(place), place.alice, custom_id=custom_id, component_type=2) == say(
        "announce.needs_manage"
    )
    assert announcing.kept == {}


async def test_a_channel_that_is_gone_by_then_is_told(place, announcing):
    other = place.guild.create_text_channel("jobs")
    await begin(place, channel=other)
    place.env.backend.delete_channel(other.id)
    await place.env.settle()
    await click(place, Control.SAVE)
    assert say("announce.no_channel") in last(place)
    assert announcing.kept == {}


async def test_editing_begins_with_the_terms_there_are_and_changes_them(place, announcing):
    before = Terms(JobQuery(roles=("data-engineer",)), Timetable("15 7 * * 3", "UTC", (time(1), time(2))), cap=7)
    announcing.keep(place.guild.id, place.channel.id, before)
    await begin(place, "announce edit", subscription="1")
    text = last(place)
    assert say("setup.edit_title", channel=place.channel.mention, number=1) in text
    for part in ("Data Engineer", "Wednesdays at 07:15", "01:00–02:00", "at most 7"):
        assert part in text
    assert [options_of(place, control)[1] for control in (Control.WHEN, Control.QUIET, Control.CAP)] == [["kept"]] * 3
    await select(place, Control.CAP, "kept")
    await select(place, Control.WHEN, "once")
    await click(place, Control.SAVE)
    assert announcing.kept[1].terms == Terms(before.query, Timetable(None, "UTC", (time(1), time(2))), cap=7)
    assert say("setup.changed") in last(place)
    assert len(announcing.kept) == 1


async def test_editing_what_was_removed_meanwhile_is_told(place, announcing):
    announcing.keep(place.guild.id, place.channel.id)
    await begin(place, "announce edit", subscription="#1")
    announcing.kept.clear()
    await click(place, Control.SAVE)
    assert last(place) == say("setup.gone")


async def test_a_setup_keeps_to_discords_limits_with_all_that_can_be_set(place, announcing):
    role = place.guild.create_role("r" * 100)
    query = JobQuery(roles=("data-engineer",), company="*" * 300, words=("@" * 300,))
    terms = Terms(query, Timetable("1,31 1-3 * * 1", "America/Argentina/Buenos_Aires", (time(1), time(2))), 99, role.id)
    announcing.keep(place.guild.id, place.channel.id, terms)
    await begin(place, "announce edit", subscription="1")
    sent = components_of(place.env.http_requests[-1].json)
    assert len(sent) <= 40
