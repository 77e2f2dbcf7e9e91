"""/announce on, off and status; the commands for single subscriptions stand in a module of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord import subscription_commands
from bot.frontends.discord.announce_targets import Target, chosen_channel, lacks, may_manage, venue_of
from bot.frontends.discord.desk import Desk
from bot.frontends.discord.layouts import Layout
from bot.frontends.discord.responding import NO_MENTIONS, tell
from bot.frontends.discord.subscription_cards import next_posts, status_card
from bot.frontends.phrases import say
from bot.jobs.announcing import ChannelStatus


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
        target = await chosen_channel(interaction, channel)
        if target is None:
            return
        if missing := lacks(target):
            await tell(interaction, missing)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        subscription, planned = await desk.announcing.switch_on(
            target.guild.id, target.id, venue_of(target), admin=interaction.user.id
        )
        follows = next_posts(planned, subscription.terms.timetable, interaction.created_at)
        await tell(interaction, say("announce.on", channel=target.mention, planned=follows))

    @announce.command(name="off", description=say("command.announce.off"))
    @app_commands.describe(channel=say("command.announce.channel"))
    async def off(interaction: discord.Interaction[Any], channel: Target | None = None) -> None:
        target = await chosen_channel(interaction, channel)
        if target is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        subscription = await desk.announcing.switch_off(target.guild.id, target.id)
        await tell(interaction, say("announce.off" if subscription else "announce.never_on", channel=target.mention))

    @announce.command(name="status", description=say("command.announce.status"))
    @app_commands.describe(channel=say("command.announce.channel"))
    async def status(interaction: discord.Interaction[Any], channel: Target | None = None) -> None:
        if not await may_manage(interaction) or interaction.guild_id is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await desk.announcing.status(interaction.guild_id)
        shown = [entry for entry in found if channel is None or entry.subscription.channel == channel.id]
        view = _status(desk, shown, interaction.created_at)
        await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)

    subscription_commands.add_to(announce, desk)
    tree.add_command(announce)


def _status(desk: Desk, entries: Sequence[ChannelStatus], now: datetime) -> Layout:
    title = f"## {say('announce.title')}"
    if not entries:
        return desk.renderer.page(f"{title}\n{say('announce.status.none')}")
    return desk.renderer.cards(title, [status_card(entry, desk.asking, now) for entry in entries])
