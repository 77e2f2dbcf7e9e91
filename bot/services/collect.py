"""Take jobs in: read them from a text, and store them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.jobs.imported import SOME, Irrelevant, Note, Page, Recognition, Refusal
from bot.jobs.job import Job, Stored
from bot.services.ports import Clock, JobReader, JobStore

_log = logging.getLogger(__name__)

STORED_TOGETHER = 500
"""Jobs that one transaction stores; nobody else can write meanwhile."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of an import: the jobs by what the store made of them, and what else stood there.

    `page.following` asks for more of the same source, where the document was one page of several.
    """

    new: tuple[Job, ...] = ()
    changed: tuple[Job, ...] = ()
    unchanged: tuple[Job, ...] = ()
    merged: tuple[Job, ...] = ()
    refused: tuple[Refusal, ...] = ()
    notes: tuple[Note, ...] = ()
    irrelevant: tuple[Irrelevant, ...] = ()
    page: Page = SOME

    @property
    def stored(self) -> tuple[Job, ...]:
        """All jobs that are in the store now."""
        return (*self.new, *self.changed, *self.unchanged, *self.merged)

    @property
    def whole(self) -> bool:
        """Whether all was read of all that the source has open."""
        return self.page.first and self.page.last and not self.refused

    def followed_by(self, after: ImportReport) -> ImportReport:
        """Return what became of this page and of the one after it, as if they were one document."""
        return ImportReport(
            new=self.new + after.new,
            changed=self.changed + after.changed,
            unchanged=self.unchanged + after.unchanged,
            merged=self.merged + after.merged,
            refused=self.refused + after.refused,
            notes=self.notes + after.notes,
            irrelevant=self.irrelevant + after.irrelevant,
            page=replace(after.page, first=self.page.first),
        )


class CollectService:
    """Imports jobs; importing the same again changes nothing."""

    def __init__(self, jobs: JobStore, read: JobReader, clock: Clock, recognition: Recognition | None = None) -> None:
        self._jobs = jobs
        self._read = read
        self._clock = clock
        self._recognition = recognition or Recognition()

    async def import_text(
        self,
        text: str,
        form: str | None = None,
        *,
        source: str | None = None,
        company: str | None = None,
        most: int | None = None,
        featured: Callable[[Job], bool] | None = None,
        progress: Callable[[int, int], object] | None = None,
    ) -> ImportReport:
        """Read a document (form None: in the format that it is in) and store its jobs.

        `source` names where jobs come from that do not say so themselves, and is part of who they are; `company` is
        whose all of them are; `most` is how many records are read of formats of one's own. `featured` tells which of
        the new ones are featured. `progress` is told how many of how many jobs are stored. Raises UsageError when there
        is no such format, FetchError when the document cannot be read to its end.
        """
        now = self._clock()
        imported = await self._read(
            text, now, form=form, source=source, company=company, most=most, recognition=self._recognition
        )
        jobs, repeated = _without_repetition(imported.jobs)
        stored: list[Stored] = []
        for at in range(0, len(jobs), STORED_TOGETHER):
            stored.append(await self._jobs.upsert(jobs[at : at + STORED_TOGETHER], now, featured=featured))
            if progress:
                progress(min(at + STORED_TOGETHER, len(jobs)), len(jobs))
        return ImportReport(
            new=tuple(job for batch in stored for job in batch.new),
            changed=tuple(job for batch in stored for job in batch.changed),
            unchanged=tuple(job for batch in stored for job in batch.unchanged),
            merged=tuple(job for batch in stored for job in batch.merged),
            refused=imported.refused,
            notes=imported.notes + repeated,
            irrelevant=imported.irrelevant,
            page=imported.page,
        )

    async def expire(self) -> None:
        """Let jobs expire that are over."""
        expired = await self._jobs.expire(self._clock())
        if expired:
            _log.info("Jobs that have expired: %d", expired)


def _without_repetition(jobs: tuple[Job, ...]) -> tuple[tuple[Job, ...], tuple[Note, ...]]:
    """Return each job once, the first of its kind, and a note about each one that repeats it."""
    first: dict[str, Job] = {}
    for job in jobs:
        first.setdefault(job.id, job)
    note = "the same job stands there twice: the first is kept"
    return tuple(first.values()), tuple(Note(job, note) for job in jobs if first[job.id] is not job)
