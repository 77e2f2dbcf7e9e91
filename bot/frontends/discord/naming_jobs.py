"""How people name a job: by choosing one that is suggested, or by its id."""

from __future__ import annotations

from collections.abc import Iterable

from discord import app_commands

from bot.frontends.discord.cogs.roles import MAX_CHOICE_LENGTH
from bot.frontends.discord.job_form import job_named
from bot.frontends.escape import escape, plain
from bot.frontends.labels import SEPARATOR
from bot.frontends.phrases import say
from bot.jobs.job import Job
from bot.services.curate import Curated, Outcome

JobText = app_commands.Range[str, 1, 100]


def job_choices(jobs: Iterable[Job]) -> list[app_commands.Choice[str]]:
    """Return jobs as choices of an option; what is chosen is an id."""
    return [
        app_commands.Choice(name=plain(f"{job.title}{SEPARATOR}{job.company}", MAX_CHOICE_LENGTH), value=job.id)
        for job in jobs
    ]


def not_found(found: Curated, text: str) -> str:
    """Return why no open job is named by what somebody gave."""
    if found.job:
        return job_named("curate.already_closed", found.job)
    key = "curate.ambiguous" if found.outcome is Outcome.AMBIGUOUS else "curate.unknown"
    return say(key, text=escape(text, 60))
