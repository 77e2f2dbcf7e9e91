"""/announce list, pause, resume, remove, preview and test: what is told of subscriptions, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import discord
import pytest

from bot.frontends.phrases import say
from bot.jobs.announcing import PauseReason, SubscriptionState, Terms, Venue
from bot.jobs.query import JobQuery
from bot.jobs.timetable import Timetable, daily
from tests.discord.forums import create_forum, tags_of, threads_of
from tests.discord.requests_schema import text_of
from tests.discord.shown import answers, components, last
from tests.fakes_discord import a_job, a_status

NAMING = ("edit", "pause", "resume", "remove", "preview", "test")
MORNINGS = Terms(JobQuery(roles=("data-engineer",)), Timetable(daily(time(9)), "Europe/Berlin"))


@pytest.fixture
def kept(place):
    """The subscriptions that are kept: one, at first."""
    place.world.announcing.keep(place.guild.id, place.channel.id, MORNINGS)
    return place.world.announcing.kept


def let_everybody_in(place):
    """Allow the commands to everybody, as an admin can in the server's settings."""
    commands = place.env.backend.commands[None]
    next(command for (name, _), command in commands.items() if name == "announce")["default_member_permissions"] = None


async def use(place, command, who=None, **options):
    """Use a command, which only who used it sees, and return what is said."""
    result = await (who or place.admin).slash(place.channel, f"announce {command}", **options)
    assert result.ephemeral
    return last(place)


def named(place, number=1):
    return say("announce.name", number=number, channel=place.channel.mention)


@pytest.mark.parametrize("command", [*NAMING, "list", "setup"])
async def test_manage_server_is_checked_even_where_server_settings_let_somebody_in(place, kept, command):
    let_everybody_in(place)
    before = dict(kept)
    options = {"subscription": "1"} if command in NAMING else {}
    assert await use(place, command, place.alice, **options) == say("announce.needs_manage")
    assert kept == before


@pytest.mark.parametrize("command", NAMING)
@pytest.mark.parametrize("text", ["7", "all **", "#", "9" * 30, "²"])
async def test_an_unknown_subscription_is_told(place, kept, command, text):
    said = await use(place, command, subscription=text)
    assert said.startswith(say("announce.unknown", text="").partition("”")[0])
    assert len(kept) == 1


@pytest.mark.parametrize("command", NAMING)
async def test_a_subscription_of_another_server_is_unknown(place, command):
    elsewhere = place.env.create_guild("Elsewhere")
    place.world.announcing.keep(elsewhere.id, 99)
    assert await use(place, command, subscription="1") == say("announce.unknown", text="1")
    assert place.world.announcing.kept[1].state is SubscriptionState.ON


@pytest.mark.parametrize("command", NAMING)
async def test_subscriptions_are_suggested_by_number_channel_and_terms(place, kept, command):
    place.world.announcing.keep(place.guild.id, place.channel.id)
    choices = await place.admin.autocomplete(place.channel, f"announce {command}", "subscription", "")
    assert choices == [
        {"name": "#1 · #career · Data Engineer · daily at 09:00", "value": "1"},
        {"name": "#2 · #career · all featured jobs · each at once", "value": "2"},
    ]
    for typed in ("#2", "featured"):
        found = await place.admin.autocomplete(place.channel, f"announce {command}", "subscription", typed)
        assert [choice["value"] for choice in found] == ["2"]


async def test_subscriptions_are_suggested_to_nobody_who_may_not_use_them(place, kept):
    let_everybody_in(place)
    assert await place.alice.autocomplete(place.channel, "announce edit", "subscription", "") == []


async def test_the_name_of_a_channel_that_somebody_cannot_see_is_not_told(place, kept):
    hidden = place.guild.create_text_channel(
        "hidden", overwrites={place.guild.roles["admins"]: discord.PermissionOverwrite(view_channel=False)}
    )
    kept[1] = replace(kept[1], channel=hidden.id)
    (choice,) = await place.admin.autocomplete(place.channel, "announce edit", "subscription", "")
    assert choice["name"] == f"#1 · {say('announce.some_channel')} · Data Engineer · daily at 09:00"


@pytest.mark.parametrize("command", ["edit", "resume", "test"])
async def test_nothing_is_posted_in_a_channel_that_somebody_cannot_see(place, kept, command):
    hidden = place.guild.create_text_channel(
        "hidden", overwrites={place.guild.roles["admins"]: discord.PermissionOverwrite(view_channel=False)}
    )
    kept[1] = replace(kept[1], channel=hidden.id, state=SubscriptionState.OFF)
    assert await use(place, command, subscription="1") == say("announce.not_visible")
    assert kept[1].state is SubscriptionState.OFF
    assert hidden.last_message is None


@pytest.mark.parametrize("command", ["edit", "resume", "test"])
async def test_a_right_that_the_bot_lacks_is_named(place, kept, command):
    readonly = place.guild.create_text_channel(
        "readonly", overwrites={place.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    kept[1] = replace(kept[1], channel=readonly.id, state=SubscriptionState.PAUSED)
    assert say("permission.send_messages") in await use(place, command, subscription="1")
    assert kept[1].state is SubscriptionState.PAUSED


@pytest.mark.parametrize("command", ["edit", "resume", "test"])
async def test_a_channel_that_is_gone_is_told(place, kept, command):
    kept[1] = replace(kept[1], channel=99, state=SubscriptionState.OFF)
    assert await use(place, command, subscription="1") == say("announce.no_channel")


async def test_the_list_of_no_subscriptions_says_how_to_start(place):
    assert say("announce.status.none") in await use(place, "list")


async def test_the_list_tells_the_terms_and_state_of_each(place, kept):
    quiet = Terms(timetable=Timetable(None, "UTC", (time(22), time(7))), cap=5, mention=77)
    place.world.announcing.keep(
        place.guild.id,
        place.channel.id,
        quiet,
        state=SubscriptionState.PAUSED,
        reason=PauseReason.FORBIDDEN,
        detail="Send *Messages*",
    )
    place.world.announcing.keep(place.guild.id, place.channel.id, state=SubscriptionState.OFF)
    lines = (await use(place, "list")).splitlines()
    assert [line for line in lines if line][1:] == [
        f"{named(place, 1)} · on",
        "Data Engineer",
        "daily at 09:00 · Europe/Berlin",
        f"{named(place, 2)} · **paused**",
        "all featured jobs",
        "each at once · quiet 22:00–07:00 · UTC",
        "-# at most 5 posts a day · pings <@&77>",
        "-# paused: I may not write there any more (Send \\*Messages\\*)",
        f"{named(place, 3)} · **off**",
        "all featured jobs",
        "each at once",
    ]


async def test_a_full_list_of_hostile_subscriptions_keeps_to_the_limits(place):
    terms = Terms(JobQuery(company="@everyone" * 30, words=("*" * 300,)), cap=3, mention=77)
    for _ in range(25):
        place.world.announcing.keep(place.guild.id, place.channel.id, terms)
    shown = await use(place, "list")
    assert "more" in shown.splitlines()[-1]
    assert "@everyone" not in shown.replace("\\@", "")


async def test_the_status_tells_several_subscriptions_of_a_channel_apart(place, kept):
    place.world.announcing.statuses = (a_status(place.guild.id, place.channel.id),)
    place.world.announcing.keep(place.guild.id, place.channel.id)
    shown = await use(place, "status")
    assert f"{named(place, 1)} · **paused** · 12 sent, 3 waiting" in shown
    assert f"{named(place, 2)} · on · 0 sent, 0 waiting\n-# all featured jobs · each at once" in shown


async def test_pausing_switches_one_subscription_off(place, kept):
    place.world.announcing.keep(place.guild.id, place.channel.id)
    assert await use(place, "pause", subscription="#1") == say("announce.switched_off", name=named(place))
    assert [each.state for each in kept.values()] == [SubscriptionState.OFF, SubscriptionState.ON]
    assert await use(place, "pause", subscription="1") == say("announce.already_off", name=named(place))


async def test_resuming_switches_it_on_and_tells_what_comes(place, kept):
    kept[1] = replace(kept[1], state=SubscriptionState.PAUSED, reason=PauseReason.FORBIDDEN)
    said = await use(place, "resume", subscription="1")
    assert said.startswith(f"{named(place)} is on again. 2 jobs are waiting; they come <t:")
    assert (kept[1].state, kept[1].reason) == (SubscriptionState.ON, None)
    assert await use(place, "resume", subscription="1") == say("announce.already_on", name=named(place))


@pytest.mark.parametrize(("waiting", "phrase"), [(0, "none"), (1, "one"), (3, "many")])
async def test_removing_tells_what_is_lost(place, kept, waiting, phrase):
    place.world.announcing.statuses = (replace(a_status(place.guild.id, place.channel.id), waiting=waiting),)
    said = await use(place, "remove", subscription="1")
    assert said == say(f"announce.removed.{phrase}", name=named(place), count=waiting)
    assert kept == {}


async def test_a_preview_shows_the_newest_fitting_job_to_the_admin_alone(place, kept):
    kept[1] = replace(kept[1], terms=replace(MORNINGS, mention=place.guild.create_role("data jobs").id))
    place.world.jobs.kept = {
        "job-1": a_job(),
        "job-2": a_job(2, title="Newer Data Engineer"),
        "job-3": a_job(3, role="actuary", title="Actuary"),
    }
    shown = await use(place, "preview", subscription="1")
    assert say("announce.fitting.many", count=2) in shown
    assert "## Newer Data Engineer" in shown
    assert f"<@&{kept[1].terms.mention}>" in shown
    assert place.channel.history(viewer=place.bob) == []


async def test_a_preview_without_a_fitting_job_says_so(place, kept):
    assert say("announce.fitting.none") in await use(place, "preview", subscription="1")


async def test_a_test_is_posted_marked_and_pings_nobody(place, kept):
    kept[1] = replace(kept[1], terms=replace(MORNINGS, mention=77))
    place.world.jobs.kept = {"job-1": a_job()}
    assert await use(place, "test", subscription="1") == say("announce.tested", channel=place.channel.mention)
    (post,) = place.channel.history(viewer=place.bob)
    stored = place.env.backend.messages[place.channel.id][post.id]
    text = "\n".join(each["content"] for each in components(stored) if each["type"] == 10)
    assert "## Senior Data Engineer" in text
    assert f"-# {say('announce.test_note')}" in text
    assert "<@&" not in text
    (request,) = (each for each in place.env.http_requests if each.path == f"/channels/{place.channel.id}/messages")
    assert request.json["allowed_mentions"] == {"parse": []}
    assert len(answers(place)) == 2


async def test_a_test_in_a_forum_is_a_thread_with_its_tags(place, kept):
    place.world.jobs.kept = {"job-1": a_job()}
    forum = create_forum(place, "senior")
    kept[1] = replace(kept[1], channel=forum.id, venue=Venue.FORUM)
    assert await use(place, "preview", subscription="1") == last(place)
    assert await use(place, "test", subscription="1") == say("announce.tested", channel=forum.mention)
    (thread,) = threads_of(place, forum)
    assert (thread.name, tags_of(place, thread)) == ("Senior Data Engineer · Northwind Analytics", ["senior"])
    (request,) = (each for each in place.env.http_requests if each.path == f"/channels/{forum.id}/threads")
    assert request.json["message"]["allowed_mentions"] == {"parse": []}
    assert say("announce.test_note") in text_of(request.json)


async def test_a_test_without_a_fitting_job_posts_nothing(place, kept):
    assert await use(place, "test", subscription="1") == say("announce.no_sample")
    assert place.channel.last_message is None


@pytest.mark.parametrize(("status", "code"), [(400, 50035), (403, 50001), (404, 10003), (500, 0)])
async def test_a_test_that_discord_refuses_is_told_in_words(place, kept, status, code):
    place.world.jobs.kept = {"job-1": a_job()}
    place.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    said = await use(place, "test", subscription="1")
    assert said.startswith(say("announce.refused", channel=place.channel.mention, reason=status)[:-1])
