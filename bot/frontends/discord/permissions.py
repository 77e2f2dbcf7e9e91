"""What the bot must be allowed to do, in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import discord

from bot.frontends.phrases import say

ANNOUNCING = ("view_channel", "send_messages", "read_message_history")
"""What announcing in a channel takes; history is read to find out what a lost answer was."""
IN_FORUMS: Mapping[str, str] = MappingProxyType(
    {
        "view_channel": "view_channel",
        "send_messages": "create_posts",
        "send_messages_in_threads": "send_messages_in_threads",
        "read_message_history": "read_message_history",
    }
)
"""What announcing in a forum takes, and what it is called there."""


def invite_permissions() -> discord.Permissions:
    """Return what an invitation asks for."""
    return discord.Permissions(
        view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
    )


def invite_link(application: int) -> str:
    """Return the address at which somebody adds the bot to a server."""
    return discord.utils.oauth_url(
        application, permissions=invite_permissions(), scopes=("bot", "applications.commands")
    )


def lacking(permissions: discord.Permissions) -> tuple[str, ...]:
    """Return, in Discord's words, what announcing takes and `permissions` do not hold."""
    return tuple(say(f"permission.{name}") for name in ANNOUNCING if not getattr(permissions, name))


def lacking_in(channel: discord.TextChannel | discord.ForumChannel) -> tuple[str, ...]:
    """Return, in Discord's words, what announcing in a channel takes and the bot may not do there."""
    held = channel.permissions_for(channel.guild.me)
    if not isinstance(channel, discord.ForumChannel):
        return lacking(held)
    return tuple(say(f"permission.{called}") for name, called in IN_FORUMS.items() if not getattr(held, name))
