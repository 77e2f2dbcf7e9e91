"""/saved."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.desk import Desk
from bot.frontends.discord.responding import respond
from bot.frontends.phrases import say


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add /saved."""

    @tree.command(name=say("command.saved.name"), description=say("command.saved.description"))
    async def saved(interaction: discord.Interaction[Any]) -> None:
        await respond(interaction, desk.saved.first(interaction.user.id), ephemeral=True)
