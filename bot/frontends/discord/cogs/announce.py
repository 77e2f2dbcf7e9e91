"""/announce on, off and status; and what happens to announcements when a channel or server is gone."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.desk import Desk
from bot.frontends.discord.layouts import relative_time
from bot.frontends.discord.permissions import lacking
from bot.frontends.discord.responding import NO_MENTIONS, tell
from bot.frontends.escape import escape
from bot.frontends.labels import SEPARATOR
from bot.frontends.phrases import say
from bot.jobs.announcing import ChannelStatus

MAX_CHANNELS_SHOWN = 10
MAX_PROBLEMS_SHOWN = 2
ANNOUNCEABLE = frozenset({discord.ChannelType.text, discord.ChannelType.news})

Target = app_commands.AppCommandChannel


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add the group /announce."""
    announce = app_commands.Group(
        name=say("command.announce.name"),
        description=say("command.announce.description"),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @announce.command(name="on", description=say("command.announce.on"))
    @app_commands.describe(channel=say("command.announce.channel"))
    async def on(interaction: discord.Interaction[Any], channel: Target | None = None) -> None:
        target = await _target(interaction, channel)
        if target is None:
            return
        missing = lacking(_own_permissions(target))
        if missing:
            text = say("announce.lacks", channel=target.mention, permissions=", ".join(missing))
            await tell(interaction, text)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        _, planned = await desk.announcing.switch_on(target.guild.id, target.id)
        await tell(interaction, say("announce.on", channel=target.mention, planned=_planned(planned)))

    @announce.command(name="off", description=say("command.announce.off"))
    @app_commands.describe(channel=say("command.announce.channel"))
    async def off(interaction: discord.Interaction[Any], channel: Target | None = None) -> None:
        target = await _target(interaction, channel)
        if target is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        subscription = await desk.announcing.switch_off(target.guild.id, target.id)
        await tell(interaction, say("announce.off" if subscription else "announce.never_on", channel=target.mention))

    @announce.command(name="status", description=say("command.announce.status"))
    @app_commands.describe(channel=say("command.announce.channel"))
    async def status(interaction: discord.Interaction[Any], channel: Target | None = None) -> None:
        if not await _may_manage(interaction) or interaction.guild_id is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await desk.announcing.status(interaction.guild_id)
        shown = [entry for entry in found if channel is None or entry.subscription.channel == channel.id]
        view = desk.renderer.page(f"## {say('announce.title')}\n{_status_text(shown)}")
        await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)

    tree.add_command(announce)


async def _may_manage(interaction: discord.Interaction[Any]) -> bool:
    """Return whether somebody may manage the server, as Discord signed it; else say so.

    The declared default permission is only a hint that server settings can overrule.
    """
    if interaction.guild is None:
        await tell(interaction, say("announce.server_only"))
        return False
    if not interaction.permissions.manage_guild:
        await tell(interaction, say("announce.needs_manage"))
        return False
    return True


async def _target(interaction: discord.Interaction[Any], chosen: Target | None) -> discord.TextChannel | None:
    """Return the channel to announce in; None, with the reason told, when it cannot be used or is not theirs to use."""
    if not await _may_manage(interaction) or interaction.guild is None:
        return None
    channel = interaction.guild.get_channel((chosen.id if chosen is not None else interaction.channel_id) or 0)
    if chosen is not None and not chosen.permissions.view_channel:
        refusal = say("announce.not_visible")
    elif chosen is not None and channel is None:
        refusal = say("announce.other_server")
    elif isinstance(channel, discord.TextChannel) and channel.type in ANNOUNCEABLE:
        return channel
    else:
        refusal = say("announce.wrong_kind")
    await tell(interaction, refusal)
    return None


def _own_permissions(channel: discord.TextChannel) -> discord.Permissions:
    return channel.permissions_for(channel.guild.me)


def _planned(count: int) -> str:
    if count == 0:
        return say("announce.planned.none")
    return say("announce.planned.one") if count == 1 else say("announce.planned.many", count=count)


def _status_text(entries: list[ChannelStatus]) -> str:
    if not entries:
        return say("announce.status.none")
    return "\n".join(line for entry in entries[:MAX_CHANNELS_SHOWN] for line in _status_lines(entry))


def _status_lines(entry: ChannelStatus) -> list[str]:
    subscription = entry.subscription
    facts = [
        say(
            "announce.status.line",
            channel=f"<#{subscription.channel}>",
            state=say(f"announce.state.{subscription.state.value}"),
            sent=entry.sent,
            waiting=entry.waiting,
        )
    ]
    if entry.last_sent:
        facts.append(say("announce.status.last", when=relative_time(entry.last_sent)))
    if entry.unknown:
        facts.append(say("announce.status.unknown", count=entry.unknown))
    if entry.failed:
        facts.append(say("announce.status.failed", count=entry.failed))
    if subscription.reason:
        reason = say(f"announce.reason.{subscription.reason.value}")
        detail = f" ({escape(subscription.detail, 120)})" if subscription.detail else ""
        facts.append(say("announce.status.reason", reason=f"{reason}{detail}"))
    problems = [
        "-# "
        + say(
            "announce.status.problem",
            job=escape(problem.job, 80),
            state=escape(problem.state.value, 20),
            reason=escape(problem.reason, 120),
        )
        for problem in entry.problems[:MAX_PROBLEMS_SHOWN]
    ]
    return [f"- {SEPARATOR.join(facts)}", *problems]
