"""Jobs that people keep for themselves: saved, listed page by page, and removed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs.job import Job
from bot.jobs.saving import MOST_SAVED, Saved
from bot.services.find import ON_A_PAGE
from bot.services.ports import Clock, SavedStore


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page, counted from 1, of the `total` jobs that somebody keeps."""

    page: int
    jobs: tuple[Job, ...]
    total: int

    @property
    def first(self) -> int:
        """How many jobs stand before this page, and one."""
        return (self.page - 1) * ON_A_PAGE + 1


class SavedService:
    """Keeps jobs for people."""

    def __init__(self, store: SavedStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def save(self, person: int, job: str) -> Saved:
        """Keep a job for a person, who can have MOST_SAVED."""
        return await self._store.save(person, job, self._clock(), most=MOST_SAVED)

    async def page(self, person: int, number: int) -> SavedPage:
        """Return a page of what a person keeps, the job that was saved last first; one past the end is the last."""
        jobs = await self._store.of(person)
        last = max(1, -(-len(jobs) // ON_A_PAGE))
        page = min(number, last)
        return SavedPage(page, jobs[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], len(jobs))

    async def remove(self, person: int, job: str) -> None:
        """Forget that a person keeps a job."""
        await self._store.remove(person, job)

    async def remove_all(self, person: int) -> None:
        """Forget every job that a person keeps."""
        await self._store.remove_all(person)
