"""Who may decide what every server gets to see: which sources are asked, and which jobs stand there."""

from __future__ import annotations

from typing import Any

import discord

from bot.frontends.discord.owner import owners_of
from bot.frontends.discord.responding import tell
from bot.frontends.phrases import say


def refusal(interaction: discord.Interaction[Any]) -> str | None:
    """Return why somebody may not decide that; None when they may.

    An admin decides for the only server, and for several whoever owns the bot. A server that has the commands without
    the bot counts as another one.
    """
    if interaction.guild_id is None:
        return say("curators.server_only")
    if interaction.user.id in owners_of(interaction.client):
        return None
    if {guild.id for guild in interaction.client.guilds} != {interaction.guild_id}:
        return say("curators.not_yours")
    return None if interaction.permissions.manage_guild else say("curators.needs_manage")


async def may(interaction: discord.Interaction[Any]) -> bool:
    """Return whether somebody may decide that; one who may not is told why."""
    why = refusal(interaction)
    if why:
        await tell(interaction, why)
    return why is None
