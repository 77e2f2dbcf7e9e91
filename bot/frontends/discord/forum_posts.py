"""What a thread of a forum is called, and which of the forum's tags it gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord

from bot.frontends.escape import plain
from bot.frontends.labels import SEPARATOR, Names
from bot.frontends.phrases import place_name, say
from bot.jobs.job import Job

MAX_TITLE, MAX_COMPANY = 70, 27
"""Characters of the two parts of a thread's name, which may have 100."""
MAX_TAGS = 5
_GENERAL = ("jobs", "job", "other")
"""Tags that fit any job, the best first."""


def thread_name(jobs: Sequence[Job]) -> str:
    """Return the name of the thread about a job, or about several."""
    if len(jobs) > 1:
        return say("digest.title", count=len(jobs))
    return SEPARATOR.join((plain(jobs[0].title, MAX_TITLE), plain(jobs[0].company, MAX_COMPANY)))


def fitting_tags(forum: discord.ForumChannel, jobs: Sequence[Job], names: Names) -> list[discord.ForumTag]:
    """Return the tags of a forum that say something that is known of all the jobs; one in any case if it needs one.

    Moderated tags are not for the bot.
    """
    allowed = {_key(tag.name): tag for tag in forum.available_tags if not tag.moderated}
    known = set.intersection(*({_key(word) for word in _words(job, names)} for job in jobs))
    found = [tag for name, tag in allowed.items() if name in known][:MAX_TAGS]
    if found or not forum.flags.require_tag:
        return found
    general = [allowed[name] for name in _GENERAL if name in allowed]
    return [*general, *allowed.values()][:1]


def _words(job: Job, names: Names) -> Iterator[str]:
    """Yield what is known of a job, in words that a tag may have."""
    if job.role:
        yield names.title_of(job.role)
    if job.level:
        yield from (job.level.value, say(f"level.{job.level.value}"))
    if job.remote:
        yield say("filter.remote")
    if job.hybrid:
        yield say("job.hybrid")
    yield from (place_name(country) for country in job.countries)
    yield from (say(f"employment.{employment.value}") for employment in job.employment)


def _key(word: str) -> str:
    return " ".join(word.casefold().replace("-", " ").split())
