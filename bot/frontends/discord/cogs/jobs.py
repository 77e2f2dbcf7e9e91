"""/jobs latest, search, show and why."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.advisor.reading import Intent, Reading
from bot.frontends.discord.announce_targets import Target, may_manage
from bot.frontends.discord.cogs.roles import MAX_CHOICES, RoleText, named_role, role_choices
from bot.frontends.discord.desk import Desk, asker_of
from bot.frontends.discord.layouts import Layout
from bot.frontends.discord.naming_jobs import JobText, job_choices, not_found
from bot.frontends.discord.responding import respond, tell
from bot.frontends.discord.why_card import job_facts, why_card
from bot.frontends.escape import escape
from bot.frontends.phrases import catalogue, say
from bot.jobs.job import Job
from bot.jobs.query import JobQuery
from bot.language.facets import Employment, Filters, Level

CountryText = app_commands.Range[str, 2, 60]
Words = app_commands.Range[str, 1, 100]
Pay = app_commands.Range[int, 1, 100_000_000]
Days = app_commands.Range[int, 1, 365]


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add the group /jobs."""
    jobs = app_commands.Group(name=say("command.jobs.name"), description=say("command.jobs.description"))

    @jobs.command(name="latest", description=say("command.jobs.latest"))
    async def latest(interaction: discord.Interaction[Any]) -> None:
        await respond(interaction, desk.show(Reading(Intent.JOBS), asker_of(interaction)))

    async def suggest(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return role_choices(desk, typed)

    async def suggest_country(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=code) for code, name in countries_like(typed)]

    @jobs.command(name="search", description=say("command.jobs.search"))
    @app_commands.describe(
        words=say("command.jobs.words"),
        role=say("command.jobs.role"),
        level=say("command.jobs.level"),
        country=say("command.jobs.country"),
        remote=say("command.jobs.remote"),
        employment=say("command.jobs.employment"),
        pay=say("command.jobs.pay"),
        company=say("command.jobs.company"),
        days=say("command.jobs.days"),
        paid=say("command.jobs.paid"),
    )
    @app_commands.choices(
        level=[app_commands.Choice(name=say(f"level.{level.value}"), value=level.value) for level in Level],
        employment=[app_commands.Choice(name=say(f"employment.{kind.value}"), value=kind.value) for kind in Employment],
    )
    @app_commands.autocomplete(role=suggest, country=suggest_country)
    async def search(  # noqa: PLR0917  # a command's options
        interaction: discord.Interaction[Any],
        words: Words | None = None,
        role: RoleText | None = None,
        level: str | None = None,
        country: CountryText | None = None,
        remote: bool | None = None,  # noqa: FBT001
        employment: str | None = None,
        pay: Pay | None = None,
        company: Words | None = None,
        days: Days | None = None,
        paid: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        named = await named_role(interaction, desk, role) if role else None
        if role and named is None:
            return
        code = country_code(country) if country else None
        if country and code is None:
            await tell(interaction, say("command.jobs.bad_country", text=escape(country, 40)))
            return
        filters = Filters(
            country=code,
            level=Level(level) if level else None,
            remote=remote,
            employment=Employment(employment) if employment else None,
            salary_min=pay,
        )
        chosen = JobQuery(roles=(named,) if named else (), filters=filters, company=company, paid=paid)
        await respond(interaction, _first_page(interaction, desk, words or "", chosen, days))

    async def suggest_job(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return job_choices(await desk.curating.suggest(typed))

    @jobs.command(name="show", description=say("command.jobs.show"))
    @app_commands.describe(job=say("command.jobs.job"))
    @app_commands.autocomplete(job=suggest_job)
    async def show(interaction: discord.Interaction[Any], job: JobText) -> None:
        found = await desk.curating.find(job)
        if found.job is None:
            await tell(interaction, not_found(found, job))
        else:
            await respond(interaction, desk.show_job(found.job.id))

    @jobs.command(name="why", description=say("command.jobs.why"))
    @app_commands.describe(job=say("command.jobs.job"), channel=say("command.jobs.channel"))
    @app_commands.autocomplete(job=suggest_job)
    async def why(interaction: discord.Interaction[Any], job: JobText, channel: Target | None = None) -> None:
        if not await may_manage(interaction) or interaction.guild_id is None:
            return
        found = await desk.curating.find(job)
        if found.job is None:
            await tell(interaction, not_found(found, job))
        else:
            asked = channel.id if channel else None
            await respond(interaction, _explained(desk, found.job, interaction.guild_id, asked), ephemeral=True)

    tree.add_command(jobs)


async def _explained(desk: Desk, job: Job, guild: int, channel: int | None) -> Layout:
    explained = await desk.announcing.why(guild, job, channel)
    title = job_facts(job)
    if not explained:
        return desk.renderer.page(f"{title}\n{say('why.nobody')}")
    return desk.renderer.cards(title, [why_card(each, job, desk.asking) for each in explained])


async def _first_page(
    interaction: discord.Interaction[Any], desk: Desk, words: str, chosen: JobQuery, days: int | None
) -> Layout:
    found = await desk.finding.search(words, chosen, days)
    return desk.pages.first(found, str(interaction.id), interaction.user.id)


def countries_like(typed: str) -> list[tuple[str, str]]:
    """Return at most 25 (code, name) of countries that begin with, or hold, what is typed."""
    wanted = typed.strip().casefold()
    found = [
        (not name.casefold().startswith(wanted), name, code)
        for code, name in _countries()
        if wanted in name.casefold() or wanted == code.casefold()
    ]
    return [(code, name) for _, name, code in sorted(found)[:MAX_CHOICES]]


def country_code(text: str) -> str | None:
    """Return the two-letter code that a text is, or names; None when it is neither."""
    wanted = text.strip()
    if len(wanted) == 2 and wanted.isascii() and wanted.isalpha():
        return wanted.upper()
    return next((code for code, name in _countries() if name.casefold() == wanted.casefold()), None)


def _countries() -> list[tuple[str, str]]:
    prefix = "place."
    return [(key.removeprefix(prefix), name) for key, name in catalogue().items() if key.startswith(prefix)]
