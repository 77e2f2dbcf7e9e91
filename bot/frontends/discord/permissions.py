"""What the bot must be allowed to do, in numbers and in words."""

from __future__ import annotations

import discord

from bot.frontends.phrases import say

ANNOUNCING = ("view_channel", "send_messages", "read_message_history")
"""What announcing in a channel takes; history is read to find out what a lost answer was."""


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
