"""Find open jobs by words and by what is chosen beside them, page by page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.jobs.job import Job
from bot.jobs.query import JobQuery, narrowed
from bot.services.ports import Clock

ON_A_PAGE = 5


class FoundStore(Protocol):
    """Where jobs are looked up."""

    async def search(self, query: JobQuery, *, limit: int = 10, offset: int = 0) -> tuple[tuple[Job, ...], int]:
        """Return a page of the open jobs that are looked for, best first, and how many there are."""
        ...

    async def copies_of(self, job: str) -> tuple[Job, ...]:
        """Return the other adverts of a job, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A page, counted from 1, of the `total` jobs that `query` looks for; MOST_COUNTED stands for as many or more."""

    query: JobQuery
    page: int
    jobs: tuple[Job, ...]
    total: int

    @property
    def first(self) -> int:
        """How many jobs stand before this page, and one."""
        return (self.page - 1) * ON_A_PAGE + 1


class FindService:
    """Searches open jobs; `read_query` understands what somebody types."""

    def __init__(self, jobs: FoundStore, clock: Clock, read_query: Callable[[str], JobQuery]) -> None:
        self._jobs = jobs
        self._clock = clock
        self._read_query = read_query

    async def search(self, words: str, chosen: JobQuery, days: int | None = None) -> Found:
        """Return the first page of what `words` mean; `chosen` counts before them, `days` is how old a job may be."""
        query = narrowed(self._read_query(words), chosen)
        if days is not None:
            query = replace(query, since=self._clock() - timedelta(days=days))
        return await self.page(query, 1)

    async def page(self, query: JobQuery, number: int) -> Found:
        """Return a page of what is looked for, counted from 1; one past the end is empty."""
        jobs, total = await self._jobs.search(query, limit=ON_A_PAGE, offset=(number - 1) * ON_A_PAGE)
        return Found(query, number, jobs, total)

    async def copies_of(self, job: str) -> tuple[Job, ...]:
        """Return the other adverts of a job, newest first."""
        return await self._jobs.copies_of(job)
