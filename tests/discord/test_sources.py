"""/source: who may set up what is polled for jobs, what the commands say, and how the list reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import discord
import pytest
from simcord.actors import _dispatch_actor_interaction

from bot.frontends.discord.layouts import MAX_TEXT
from bot.frontends.discord.owner import paused_source_text
from bot.frontends.discord.rendering import MAX_CARDS
from bot.frontends.discord.source_card import MAX_REASON, MAX_WORDS, source_card
from bot.frontends.phrases import say
from bot.jobs.polling import EVERY, Featuring, Origin, Source, SourceState
from bot.services.sources import PAUSED_BY_HAND
from tests.discord.requests_schema import components_of, text_of
from tests.discord.shown import answers, last
from tests.fakes_discord import FORMATS, NOW

ADDRESS = "https://boards.example.com/fern"
COMMANDS = {
    "source add": {"name": "oak", "address": ADDRESS},
    "source list": {},
    "source pause": {"name": "fern"},
    "source resume": {"name": "fern"},
    "source remove": {"name": "fern"},
}
HOSTILE = "**bold** @everyone <@1> [click](https://evil.example) `code`\n# loud"
HOSTILE_SHOWN = "\\*\\*bold\\*\\* \\@everyone \\<\\@1\\> \\[click\\](https\\://evil.example) \\`code\\` \\# loud"
WHEN = f"<t:{NOW.timestamp():.0f}:R>"


@pytest.fixture
def kept(world):
    """The sources that are kept: one, at first."""
    world.sources.kept = {"fern": Source("fern", ADDRESS)}
    return world.sources.kept


async def use(place, command, **options):
    """Use a command as the admin, and return its text, which nobody else sees."""
    result = await place.admin.slash(place.channel, command, **options)
    assert result.ephemeral
    return last(place)


def let_everybody_in(place):
    """Allow the commands to everybody, as an admin can in the server's settings."""
    commands = place.env.backend.commands[None]
    next(command for (name, _), command in commands.items() if name == "source")["default_member_permissions"] = None


def own(place, person):
    """Have somebody own the application."""
    place.env.bot.application.owner = SimpleNamespace(id=person.id)


async def as_payload(place, person, where, subcommand, options=(), kind=2):
    """Use a command with a payload that no client would let a person make: Discord's checks are hints."""
    command = next(c for (name, _), c in place.env.backend.commands[None].items() if name == "source")
    nested = [{"name": subcommand, "type": 1, "options": list(options)}]
    data = {"id": command["id"], "name": "source", "type": 1, "options": nested}
    return await _dispatch_actor_interaction(person, kind, where, data)


async def test_manage_server_is_declared_and_servers_only(place):
    commands = place.env.backend.commands[None]
    command = next(command for (name, _), command in commands.items() if name == "source")
    assert int(command["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
    assert "source list" not in place.alice.available_commands(place.channel)
    assert "source list" not in place.admin.user.available_commands()


@pytest.mark.parametrize("command", COMMANDS)
async def test_manage_server_is_checked_even_where_server_settings_let_somebody_in(place, kept, command):
    let_everybody_in(place)
    before = dict(kept)
    result = await place.alice.slash(place.channel, command, **COMMANDS[command])
    assert (result.ephemeral, answers(place), kept) == (True, [say("curators.needs_manage")], before)


@pytest.mark.parametrize("command", COMMANDS)
async def test_in_several_servers_an_admin_may_nothing(place, kept, command):
    place.env.create_guild("Elsewhere")
    before = dict(kept)
    await use(place, command, **COMMANDS[command])
    assert (answers(place), kept) == ([say("curators.not_yours")], before)


@pytest.mark.parametrize("command", COMMANDS)
async def test_in_several_servers_the_owner_may_all(place, kept, command):
    place.env.create_guild("Elsewhere")
    own(place, place.admin)
    assert await use(place, command, **COMMANDS[command]) != say("curators.not_yours")


async def test_in_several_servers_each_member_of_a_team_may(place, kept):
    place.env.create_guild("Elsewhere")
    place.env.bot.application.team = SimpleNamespace(members=[SimpleNamespace(id=place.admin.id)])
    assert await use(place, "source pause", name="fern") == say("sources.paused", name="fern")


async def test_the_owner_needs_no_manage_server(place, kept):
    let_everybody_in(place)
    own(place, place.alice)
    await place.alice.slash(place.channel, "source remove", name="fern")
    assert (last(place), kept) == (say("sources.removed", name="fern"), {})


async def test_an_admin_may_again_once_the_bot_has_left_the_other_servers(place, kept):
    elsewhere = place.env.create_guild("Elsewhere")
    await place.env.bot.get_guild(elsewhere.id).leave()
    await place.env.settle()
    assert await use(place, "source pause", name="fern") == say("sources.paused", name="fern")


async def test_admins_of_a_server_that_has_the_commands_without_the_bot_may_nothing(place, kept):
    elsewhere = place.env.create_guild("Elsewhere")
    role = elsewhere.create_role("admins", permissions=discord.Permissions(manage_guild=True))
    stranger = elsewhere.add_member(place.env.create_user("stranger"), roles=[role])
    channel = elsewhere.create_text_channel("here")
    await place.env.settle()
    place.env.bot._connection._remove_guild(place.env.bot.get_guild(elsewhere.id))
    assert [guild.id for guild in place.env.bot.guilds] == [place.guild.id]
    await stranger.slash(channel, "source remove", name="fern")
    assert last(place) == say("curators.not_yours")
    assert "fern" in kept


async def test_outside_a_server_nothing_is_done(place, kept):
    own(place, place.admin)
    await as_payload(place, place.admin.user, place.admin.user.dm_channel, "list")
    assert last(place) == say("curators.server_only")


async def test_a_source_is_added_as_it_is_described(place, world):
    text = await use(
        place,
        "source add",
        name="fern",
        address=f" {ADDRESS} ",
        company="Fern & Co",
        every="90m",
        featured="matching",
        matching="senior *data* engineer",
        format="lever",
    )
    assert world.sources.kept["fern"] == Source(
        "fern",
        ADDRESS,
        form="lever",
        company="Fern & Co",
        every=timedelta(minutes=90),
        featured=Featuring.MATCHING,
        matching="senior *data* engineer",
        due=NOW,
    )
    featured = say("sources.featured.matching", words="senior \\*data\\* engineer")
    assert text == say("sources.added", name="fern", every="90m", featured=featured)


@pytest.mark.parametrize("more", [{}, {"format": "auto", "company": "  ", "every": "6h", "featured": "by-hand"}])
async def test_what_is_not_said_is_by_default(place, world, more):
    text = await use(place, "source add", name="fern", address=ADDRESS, **more)
    assert world.sources.kept["fern"] == Source("fern", ADDRESS, every=EVERY, due=NOW)
    assert say("sources.featured.by-hand") in text


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"name": "Fern *Board*"}, 'name\\: "Fern \\*Board\\*" is not made of at most 40 small letters'),
        ({"address": "ftp://@everyone"}, 'address\\: "ftp\\://\\@everyone" is not an http(s) address'),
        ({"every": "5m"}, "every\\: a source is asked every 15m at the most and every 30d at least"),
        ({"every": "31d"}, "every\\: a source is asked every 15m at the most and every 30d at least"),
        ({"featured": "matching"}, "matching\\: it says which jobs \\`featured\\: matching\\` means"),
        ({"featured": "matching", "matching": " "}, "matching\\: it says which jobs"),
        ({"matching": "data"}, "matching\\: it says which jobs"),
        ({"format": "<@1>"}, f'there is no format "\\<\\@1\\>"; known are auto, {", ".join(FORMATS)}'),
        ({"name": "fern"}, 'there is a source "fern" already; remove it first, or take another name'),
    ],
)
async def test_each_fault_is_told_and_nothing_is_added(place, kept, options, fault):
    text = await use(place, "source add", **{"name": "oak", "address": ADDRESS} | options)
    assert text.startswith(say("sources.fault", fault=fault).removesuffix("."))
    assert list(kept) == ["fern"]


@pytest.mark.parametrize("every", ["often", "6", "h6", "@everyone"])
async def test_what_is_no_interval_is_told(place, world, every):
    text = await use(place, "source add", name="fern", address=ADDRESS, every=every)
    assert text == say("sources.no_interval", text=every.replace("@", "\\@"))
    assert world.sources.kept == {}


async def test_a_source_is_paused_and_resumed(place, kept):
    assert await use(place, "source pause", name=" fern ") == say("sources.paused", name="fern")
    assert (kept["fern"].state, kept["fern"].reason) == (SourceState.PAUSED, PAUSED_BY_HAND)
    assert await use(place, "source pause", name="fern") == say("sources.already_paused", name="fern")
    assert await use(place, "source resume", name="fern") == say("sources.resumed", name="fern")
    assert (kept["fern"].state, kept["fern"].reason, kept["fern"].due) == (SourceState.ON, None, NOW)
    assert await use(place, "source resume", name="fern") == say("sources.not_paused", name="fern")


async def test_a_source_is_removed(place, kept):
    assert await use(place, "source remove", name="fern") == say("sources.removed", name="fern")
    assert kept == {}


async def test_a_source_of_the_file_is_paused_but_not_removed(place, kept):
    kept["fern"] = Source("fern", ADDRESS, origin=Origin.FILE)
    assert await use(place, "source remove", name="fern") == say("sources.in_file", name="fern")
    assert await use(place, "source pause", name="fern") == say("sources.paused", name="fern")
    assert list(kept) == ["fern"]


@pytest.mark.parametrize("command", ["source pause", "source resume", "source remove"])
async def test_an_unknown_source_is_told_with_those_that_are_known(place, kept, command):
    kept["oak"] = Source("oak", ADDRESS)
    assert await use(place, command, name="elm **@here**") == say(
        "sources.unknown", name="elm \\*\\*\\@here\\*\\*", names="fern, oak"
    )


async def test_an_unknown_source_where_there_is_none(place):
    assert await use(place, "source pause", name="elm") == say("sources.unknown_as_none", name="elm")


async def test_many_known_sources_fit_into_the_answer(place, kept):
    kept |= {name: Source(name, ADDRESS) for name in (f"{number:03}-{'x' * 36}" for number in range(200))}
    assert (await use(place, "source pause", name="elm")).endswith("….")


async def test_a_list_of_none_says_how_to_start(place):
    text = await use(place, "source list")
    assert text == f"## {say('sources.title')}\n{say('sources.none')}"


async def test_a_list_of_one_shows_how_it_is_doing(place, kept, world):
    now = place.env.now()
    later = now + timedelta(hours=4)
    kept["fern"] = Source("fern", ADDRESS, featured=Featuring.ALL, succeeded=NOW, due=later)
    world.sources.jobs = {"fern": 1_234}
    assert (await use(place, "source list")).splitlines() == [
        "## Job sources",
        "**fern** · on · 1,234 open jobs",
        "every 6h · features all new jobs",
        f"-# last answer {WHEN} · next <t:{later.timestamp():.0f}:R>",
    ]


async def test_what_is_wrong_is_shown_as_text_and_pings_nobody(place, kept):
    kept["fern"] = Source("fern", ADDRESS, failures=1, reason=HOSTILE)
    assert f"-# {say('sources.wrong', reason=HOSTILE_SHOWN)}" in await use(place, "source list")


async def test_those_with_a_fault_come_first(place, kept):
    kept |= {
        "ash": Source("ash", ADDRESS),
        "oak": Source("oak", ADDRESS, state=SourceState.PAUSED, reason=PAUSED_BY_HAND),
        "yew": Source("yew", ADDRESS, reason="it answered 503"),
    }
    text = await use(place, "source list")
    assert sorted(("ash", "fern", "oak", "yew"), key=lambda name: text.index(f"**{name}**")) == [
        "oak",
        "yew",
        "ash",
        "fern",
    ]


def shown(place):
    """Return how many sources the message shows that was sent last, its components and the length of its text."""
    body = place.env.http_requests[-1].json
    return text_of(body).count("every 6h"), len(components_of(body)), len(text_of(body))


async def test_of_forty_sources_as_many_as_there_are_components_for_are_shown(place, world):
    world.sources.kept = {f"s{number:02}": Source(f"s{number:02}", ADDRESS) for number in range(40)}
    text = await use(place, "source list")
    assert text.endswith(say("cards.more", count=40 - MAX_CARDS))
    count, components, _ = shown(place)
    assert (count, components <= 40) == (MAX_CARDS, True)


async def test_exactly_as_many_as_fit_are_shown_without_more(place, world):
    world.sources.kept = {f"s{number:02}": Source(f"s{number:02}", ADDRESS) for number in range(MAX_CARDS)}
    await use(place, "source list")
    assert "more" not in last(place)
    assert shown(place)[0] == MAX_CARDS


async def test_of_forty_sources_with_long_faults_as_many_as_there_is_text_for_are_shown(place, world):
    names = [f"{number:02}-{'x' * 37}" for number in range(40)]
    world.sources.kept = {name: replace(Source(name, ADDRESS), reason="*" * 1_000) for name in names}
    text = await use(place, "source list")
    count, _, length = shown(place)
    assert text.endswith(say("cards.more", count=40 - count))
    assert 5 <= count < MAX_CARDS
    assert length <= MAX_TEXT


async def test_names_are_suggested_those_that_begin_so_first(place, world):
    world.sources.kept = {name: Source(name, ADDRESS) for name in ("ash", "elm-oak", "fir", "oak")}
    for command in ("source pause", "source resume", "source remove"):
        choices = await place.admin.autocomplete(place.channel, command, "name", " OAK")
        assert [choice["value"] for choice in choices] == ["oak", "elm-oak"]


async def test_at_most_25_names_are_suggested(place, world):
    world.sources.kept = {f"s{number:02}": Source(f"s{number:02}", ADDRESS) for number in range(40)}
    assert len(await place.admin.autocomplete(place.channel, "source pause", "name", "")) == 25


async def test_names_are_suggested_to_nobody_who_may_not_use_them(place, kept):
    let_everybody_in(place)
    assert await place.alice.autocomplete(place.channel, "source pause", "name", "") == []
    place.env.create_guild("Elsewhere")
    assert await place.admin.autocomplete(place.channel, "source pause", "name", "") == []


@pytest.mark.parametrize(("typed", "offered"), [("", ["auto", *FORMATS]), ("re", ["greenhouse"]), ("x", [])])
async def test_formats_are_suggested(place, typed, offered):
    choices = await place.admin.autocomplete(place.channel, "source add", "format", typed)
    assert [choice["value"] for choice in choices] == offered


async def test_nothing_is_answered_in_public(place, kept):
    for command, options in COMMANDS.items():
        await use(place, command, **options)
    assert len(answers(place)) == len(COMMANDS)
    assert place.channel.history(viewer=place.bob) == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "-# no answer yet · next within a minute"),
        ({"due": NOW - timedelta(hours=1)}, "-# no answer yet · next within a minute"),
        ({"due": NOW + timedelta(hours=1)}, f"-# no answer yet · next <t:{NOW.timestamp() + 3600:.0f}:R>"),
        ({"state": SourceState.PAUSED, "succeeded": NOW}, f"-# last answer {WHEN}"),
        ({"state": SourceState.PAUSED, "reason": PAUSED_BY_HAND}, "-# Why: paused by hand"),
        ({"state": SourceState.PAUSED}, "**fern** · **paused** · 1 open job"),
        ({"reason": "it answered 503"}, "-# What is wrong: it answered 503"),
        ({"every": timedelta(days=1)}, "every 1d · features none by itself"),
        (
            {"featured": Featuring.MATCHING, "matching": "*x*"},
            "every 6h · features “\\*x\\*”",
        ),
    ],
)
def test_a_card_has_the_line(changes, line):
    assert line in source_card(Source("fern", ADDRESS, **changes), 1, NOW).splitlines()


def test_a_card_without_open_jobs_says_so():
    assert source_card(Source("fern", ADDRESS), 0, NOW).startswith("**fern** · on · no open job\n")


def test_a_card_is_short_whatever_it_shows():
    worst = Source("x" * 40, ADDRESS, reason="*" * 5_000, featured=Featuring.MATCHING, matching="_" * 5_000)
    lines = source_card(worst, 10**6, NOW).splitlines()
    assert len(lines) == 4
    assert max(map(len, lines)) <= 2 * max(MAX_REASON, MAX_WORDS) + 40


def test_the_owner_is_told_why_a_source_is_paused_and_what_to_use():
    text = paused_source_text(Source("fern", ADDRESS, state=SourceState.PAUSED, reason=HOSTILE))
    assert HOSTILE_SHOWN in text
    assert "/source resume" in text
