"""/reload, for the owner of the application: read the knowledge anew."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.desk import Desk
from bot.frontends.discord.owner import faults_text, owners_of
from bot.frontends.discord.responding import tell
from bot.frontends.phrases import say


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add /reload."""

    @tree.command(name=say("command.reload.name"), description=say("command.reload.description"))
    @app_commands.default_permissions(administrator=True)
    async def reload_command(interaction: discord.Interaction[Any]) -> None:
        if interaction.user.id not in owners_of(interaction.client):
            await tell(interaction, say("reload.not_yours"))
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        faults = await desk.reloading.reload()
        await tell(interaction, faults_text(faults) if faults else say("reload.done"))
