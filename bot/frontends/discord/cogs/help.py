"""/help."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.desk import Desk
from bot.frontends.discord.responding import NO_MENTIONS
from bot.frontends.phrases import say


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add /help."""

    @tree.command(name=say("command.help.name"), description=say("command.help.description"))
    async def help_command(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(view=desk.renderer.help(), ephemeral=True, allowed_mentions=NO_MENTIONS)
