"""/job add, edit and close: jobs by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.curators import may, refusal
from bot.frontends.discord.desk import Desk
from bot.frontends.discord.job_form import EMPTY, form_of, job_named
from bot.frontends.discord.naming_jobs import JobText, job_choices, not_found
from bot.frontends.discord.responding import tell
from bot.frontends.phrases import say
from bot.jobs.job import Job
from bot.services.curate import Outcome


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add the group /job."""
    group = app_commands.Group(
        name=say("command.job.name"),
        description=say("command.job.description"),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    async def suggest(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return [] if refusal(interaction) else job_choices(await desk.curating.suggest(typed))

    @group.command(name="add", description=say("command.job.add"))
    @app_commands.describe(featured=say("command.job.featured"))
    async def add(interaction: discord.Interaction[Any], featured: bool = True) -> None:  # noqa: FBT001, FBT002  # an option
        if await may(interaction):
            await desk.forms.open(interaction, replace(EMPTY, featured=featured))

    @group.command(name="edit", description=say("command.job.edit"))
    @app_commands.describe(job=say("command.job.job"))
    @app_commands.autocomplete(job=suggest)
    async def edit(interaction: discord.Interaction[Any], job: JobText) -> None:
        if not await may(interaction):
            return
        found = await desk.curating.find(job)
        if found.outcome is Outcome.DONE and found.job:
            await desk.forms.open(interaction, form_of(found.job))
        else:
            await tell(interaction, not_found(found, job))

    @group.command(name="close", description=say("command.job.close"))
    @app_commands.describe(job=say("command.job.job"))
    @app_commands.autocomplete(job=suggest)
    async def close(interaction: discord.Interaction[Any], job: JobText) -> None:
        if not await may(interaction):
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await desk.curating.close(job)
        if found.outcome is Outcome.DONE and found.job:
            await tell(interaction, _closed(found.job, found.withdrawn))
        else:
            await tell(interaction, not_found(found, job))

    tree.add_command(group)


def _closed(job: Job, withdrawn: int) -> str:
    if withdrawn == 0:
        return job_named("curate.closed.none", job)
    return job_named("curate.closed.one" if withdrawn == 1 else "curate.closed.many", job, count=withdrawn)
