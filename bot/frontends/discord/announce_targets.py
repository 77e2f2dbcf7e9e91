"""Who may have jobs announced, and where."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.permissions import lacking_in
from bot.frontends.discord.responding import tell
from bot.frontends.phrases import say
from bot.jobs.announcing import Venue

_VENUES: Mapping[discord.ChannelType, Venue] = MappingProxyType(
    {
        discord.ChannelType.text: Venue.TEXT,
        discord.ChannelType.news: Venue.ANNOUNCEMENT,
        discord.ChannelType.forum: Venue.FORUM,
    }
)

Target = app_commands.AppCommandChannel
Place = discord.TextChannel | discord.ForumChannel


def place_of(channel: object) -> Place | None:
    """Return a channel if jobs can be announced in one of its kind."""
    return channel if isinstance(channel, Place) and channel.type in _VENUES else None


def venue_of(channel: Place) -> Venue:
    """Return what kind of place a channel that `place_of` returned is."""
    return _VENUES[channel.type]


def refusal(interaction: discord.Interaction[Any]) -> str | None:
    """Return why somebody may not manage the server; None when they may, as Discord signed it.

    The declared default permission is only a hint that server settings can overrule.
    """
    if interaction.guild is None:
        return say("announce.server_only")
    return None if interaction.permissions.manage_guild else say("announce.needs_manage")


async def may_manage(interaction: discord.Interaction[Any]) -> bool:
    """Return whether somebody may manage the server; else say why not."""
    refused = refusal(interaction)
    if refused:
        await tell(interaction, refused)
    return refused is None


async def chosen_channel(interaction: discord.Interaction[Any], chosen: Target | None) -> Place | None:
    """Return the channel to announce in; None, with the reason told, when it cannot be used or is not theirs to use."""
    if not await may_manage(interaction) or interaction.guild is None:
        return None
    channel = interaction.guild.get_channel((chosen.id if chosen is not None else interaction.channel_id) or 0)
    if chosen is not None and not chosen.permissions.view_channel:
        refused = say("announce.not_visible")
    elif chosen is not None and channel is None:
        refused = say("announce.other_server")
    elif place := place_of(channel):
        return place
    else:
        refused = say("announce.wrong_kind")
    await tell(interaction, refused)
    return None


def hindrance(interaction: discord.Interaction[Any], channel_id: int) -> str | None:
    """Return why nothing can be posted for somebody in a channel of the server; None when it can."""
    channel = place_of(interaction.guild.get_channel(channel_id)) if interaction.guild else None
    if channel is None:
        return say("announce.no_channel")
    return lacks(channel) if sees(interaction, channel) else say("announce.not_visible")


def lacks(channel: Place) -> str | None:
    """Return what the bot still needs in a channel, in words; None when it has all."""
    missing = lacking_in(channel)
    if not missing:
        return None
    return say("announce.lacks", channel=channel.mention, permissions=", ".join(missing))


def sees(interaction: discord.Interaction[Any], channel: discord.abc.GuildChannel) -> bool:
    """Return whether who acts can see a channel of the server."""
    return isinstance(interaction.user, discord.Member) and channel.permissions_for(interaction.user).view_channel
