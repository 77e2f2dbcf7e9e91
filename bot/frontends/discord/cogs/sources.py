"""/source add, list, pause, resume and remove: the boards and feeds that are polled for jobs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, assert_never

import discord
from discord import app_commands

from bot.frontends.discord.cogs.roles import MAX_CHOICES
from bot.frontends.discord.curators import may, refusal
from bot.frontends.discord.desk import Desk
from bot.frontends.discord.layouts import Layout
from bot.frontends.discord.responding import respond, tell
from bot.frontends.discord.source_card import featuring, source_card, troubled_first
from bot.frontends.escape import escape
from bot.frontends.phrases import say
from bot.jobs.polling import EVERY, Featuring, Source, read_interval, words_of
from bot.services.sources import AUTO, Change

MAX_FAULT = 700
MAX_NAMES = 800

Text = app_commands.Range[str, 1, 100]
Address = app_commands.Range[str, 1, 500]
Make = Callable[[str], Awaitable[Change]]


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add the group /source."""
    group = app_commands.Group(
        name=say("command.source.name"),
        description=say("command.source.description"),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    async def suggest(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return [] if refusal(interaction) else _choices(await desk.sourcing.names(), typed)

    async def suggest_format(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return _choices(desk.sourcing.formats(), typed)

    @group.command(name="add", description=say("command.source.add"))
    @app_commands.describe(
        name=say("command.source.new_name"),
        address=say("command.source.address"),
        company=say("command.source.company"),
        every=say("command.source.every"),
        featured=say("command.source.featured"),
        matching=say("command.source.matching"),
        form=say("command.source.format"),
    )
    @app_commands.rename(form=say("command.source.format_name"))
    @app_commands.choices(featured=[app_commands.Choice(name=each.value, value=each.value) for each in Featuring])
    @app_commands.autocomplete(form=suggest_format)
    async def add(  # noqa: PLR0917  # a command's options
        interaction: discord.Interaction[Any],
        name: Text,
        address: Address,
        company: Text | None = None,
        every: Text | None = None,
        featured: str | None = None,
        matching: Text | None = None,
        form: Text | None = None,
    ) -> None:
        if not await may(interaction):
            return
        interval = read_interval(every) if every else EVERY
        if interval is None:
            await tell(interaction, say("sources.no_interval", text=escape(every or "", 40)))
            return
        source = Source(
            name=name.strip(),
            address=address.strip(),
            form=None if form == AUTO else form,
            company=(company or "").strip() or None,
            every=interval,
            featured=Featuring(featured or Featuring.BY_HAND),
            matching=(matching or "").strip() or None,
        )
        await interaction.response.defer(ephemeral=True, thinking=True)
        fault = await desk.sourcing.add(source)
        await tell(interaction, say("sources.fault", fault=escape(fault, MAX_FAULT)) if fault else _added(source))

    @group.command(name="list", description=say("command.source.list"))
    async def list_(interaction: discord.Interaction[Any]) -> None:
        if await may(interaction):
            await respond(interaction, _list(interaction, desk), ephemeral=True)

    @group.command(name="pause", description=say("command.source.pause"))
    @app_commands.describe(name=say("command.source.source"))
    @app_commands.autocomplete(name=suggest)
    async def pause(interaction: discord.Interaction[Any], name: Text) -> None:
        make, done, already = desk.sourcing.pause, "sources.paused", "sources.already_paused"
        await _change(interaction, desk, name, make, done=done, already=already)

    @group.command(name="resume", description=say("command.source.resume"))
    @app_commands.describe(name=say("command.source.source"))
    @app_commands.autocomplete(name=suggest)
    async def resume(interaction: discord.Interaction[Any], name: Text) -> None:
        make, done, already = desk.sourcing.resume, "sources.resumed", "sources.not_paused"
        await _change(interaction, desk, name, make, done=done, already=already)

    @group.command(name="remove", description=say("command.source.remove"))
    @app_commands.describe(name=say("command.source.source"))
    @app_commands.autocomplete(name=suggest)
    async def remove(interaction: discord.Interaction[Any], name: Text) -> None:
        make, done, already = desk.sourcing.remove, "sources.removed", "sources.removed"
        await _change(interaction, desk, name, make, done=done, already=already)

    tree.add_command(group)


async def _list(interaction: discord.Interaction[Any], desk: Desk) -> Layout:
    found = troubled_first(await desk.sourcing.listed())
    title = f"## {say('sources.title')}"
    if not found:
        return desk.renderer.page(f"{title}\n{say('sources.none')}")
    return desk.renderer.cards(title, [source_card(source, jobs, interaction.created_at) for source, jobs in found])


async def _change(
    interaction: discord.Interaction[Any], desk: Desk, name: str, make: Make, *, done: str, already: str
) -> None:
    if not await may(interaction):
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    shown = escape(name, 60)
    match await make(name.strip()):
        case Change.DONE:
            text = say(done, name=shown)
        case Change.ALREADY:
            text = say(already, name=shown)
        case Change.IN_FILE:
            text = say("sources.in_file", name=shown)
        case Change.UNKNOWN:
            text = _unknown(shown, await desk.sourcing.names())
        case never:
            assert_never(never)
    await tell(interaction, text)


def _added(source: Source) -> str:
    name, every = escape(source.name, 40), words_of(source.every)
    return say("sources.added", name=name, every=every, featured=featuring(source))


def _unknown(shown: str, names: tuple[str, ...]) -> str:
    if not names:
        return say("sources.unknown_as_none", name=shown)
    return say("sources.unknown", name=shown, names=escape(", ".join(names), MAX_NAMES))


def _choices(names: Iterable[str], typed: str) -> list[app_commands.Choice[str]]:
    """Return at most 25 names that hold what is typed, those that begin with it first."""
    wanted = typed.strip().casefold()
    found = sorted((name for name in names if wanted in name), key=lambda name: not name.startswith(wanted))
    return [app_commands.Choice(name=name, value=name) for name in found[:MAX_CHOICES]]
