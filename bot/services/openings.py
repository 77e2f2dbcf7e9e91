"""The open jobs that an answer may show."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Protocol

from bot.advisor.answer import Facts
from bot.advisor.reading import Intent, Reading
from bot.errors import StoreError
from bot.jobs.job import Job
from bot.jobs.query import JobQuery

_log = logging.getLogger(__name__)


class JobSearch(Protocol):
    """Where open jobs are searched."""

    async def search(self, query: JobQuery, *, limit: int = 10, offset: int = 0) -> tuple[tuple[Job, ...], int]:
        """Return a page of the open jobs that are looked for, best first, and how many there are."""
        ...


class StoredOpenings:
    """Looks open jobs up in the store."""

    def __init__(self, jobs: JobSearch) -> None:
        self._jobs = jobs

    async def open_jobs(self, reading: Reading, limit: int) -> Facts:
        """Return the newest open jobs for a reading; none are available while the store cannot be read.

        What an answer about a role is narrowed to, such as a country, narrows its jobs, but for pay.
        """
        filters = reading.filters if reading.intent is Intent.JOBS else replace(reading.filters, salary_min=None)
        try:
            found, total = await self._jobs.search(JobQuery(roles=reading.roles, filters=filters), limit=limit)
        except StoreError:
            _log.exception("jobs cannot be looked up")
            return Facts(available=False)
        return Facts(found, total)
