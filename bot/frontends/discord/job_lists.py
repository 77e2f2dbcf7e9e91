"""Several jobs in one message: a line each, as many as there is room for, selects of them, and pages that turn."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Any

import discord

from bot.frontends.discord.custom_ids import Action, Press, encode
from bot.frontends.discord.layouts import MAX_TEXT, button, relative_time
from bot.frontends.discord.terms import MAX_NAME
from bot.frontends.discord.views import Pressable
from bot.frontends.escape import escape, plain
from bot.frontends.labels import SEPARATOR
from bot.frontends.markdown import job_line
from bot.frontends.phrases import say
from bot.frontends.ports import Codes
from bot.jobs.job import Job, JobState
from bot.jobs.query import MOST_COUNTED
from bot.services.find import ON_A_PAGE

_LISTED_TEXT = MAX_TEXT - 300
"""Characters of the lines of a list; the title and the small line below take the rest."""
_OPTION = 100
"""Characters in an option of a select, and in the line below it."""


def fitting_lines(jobs: Iterable[Job]) -> Sequence[str]:
    """Return the lines of the first jobs, as many as a list has room for; one that is over is struck through."""
    lines = [_line(job) for job in jobs]
    lengths = list(accumulate(len(line) + 1 for line in lines))
    return lines[: bisect_right(lengths, _LISTED_TEXT)]


def options_of(jobs: Iterable[Job]) -> list[discord.SelectOption]:
    """Return jobs as options of a select; what is chosen is an id."""
    return [
        discord.SelectOption(
            label=plain(job.title, _OPTION),
            value=job.id,
            description=plain(SEPARATOR.join(filter(None, (job.company, job.place))), _OPTION),
        )
        for job in jobs
    ]


def job_select(jobs: Iterable[Job], asker: int, codes: Codes) -> Pressable:
    """Return a select that shows one of several jobs."""
    custom_id = encode(Press(Action.JOB, asker), codes) or ""
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=custom_id, placeholder=say("found.show"), options=options_of(jobs)
    )
    return Pressable(select)


def turning(page: int, total: int, custom_id_of: Callable[[int], str | None]) -> list[Pressable]:
    """Return the buttons that lead from a page, counted from 1, to those beside it; each page has a custom_id."""
    pages = {"found.previous": page - 1, "found.next": page + 1 if total > page * ON_A_PAGE else 0}
    return [
        button(say(phrase), custom_id)
        for phrase, number in pages.items()
        if number and (custom_id := custom_id_of(number))
    ]


def counted(first: int, shown: int, total: int) -> str:
    """Return how many jobs there are, and which of them stand on a page that begins with the job `first`."""
    if total <= shown:
        return say("found.one") if total == 1 else say("found.all", total=total)
    many = f"{MOST_COUNTED}+" if total >= MOST_COUNTED else total
    if shown == 1:
        return say("found.page_of_one", first=first, total=many)
    return say("found.page", first=first, last=first + shown - 1, total=many)


def _line(job: Job) -> str:
    if job.state is JobState.OPEN:
        return f"- {job_line(job, relative_time)}"
    title = f"~~{escape(job.title, MAX_NAME)}~~"
    return f"- {SEPARATOR.join((title, escape(job.company, MAX_NAME), say(f'job.state.{job.state.value}')))}"
