"""Take jobs in: read them from a text, and store them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.jobs.imported import Imported, Note, Recognition, Refusal
from bot.jobs.job import Job
from bot.jobs.listing import read_listing
from bot.jobs.records import read_records
from bot.services.ports import Clock, JobStore


class Format(StrEnum):
    """In what form jobs come."""

    LISTING = "listing"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of an import: the jobs by what the store made of them, what was refused, what is worth a note."""

    new: tuple[Job, ...] = ()
    changed: tuple[Job, ...] = ()
    unchanged: tuple[Job, ...] = ()
    refused: tuple[Refusal, ...] = ()
    notes: tuple[Note, ...] = ()


class CollectService:
    """Imports jobs; importing the same again changes nothing."""

    def __init__(self, jobs: JobStore, clock: Clock, recognition: Recognition | None = None) -> None:
        self._jobs = jobs
        self._clock = clock
        self._recognition = recognition

    async def import_text(self, text: str, form: Format | None = None, *, source: str | None = None) -> ImportReport:
        """Read a listing or a JSON array (None: whichever it looks like) and store its jobs in one transaction.

        `source` names where jobs come from that do not say so themselves, and is part of who they are.
        """
        imported = self._read(text, form or guess_format(text), source)
        jobs, repeated = _without_repetition(imported.jobs)
        stored = await self._jobs.upsert(jobs, self._clock())
        return ImportReport(stored.new, stored.changed, stored.unchanged, imported.refused, imported.notes + repeated)

    def _read(self, text: str, form: Format, source: str | None) -> Imported:
        named = {"source": source} if source else {}
        read = read_listing if form is Format.LISTING else read_records
        return read(text, self._clock(), recognition=self._recognition, **named)


def guess_format(text: str) -> Format:
    """Return JSON for a text that begins like an array or an object, else listing."""
    return Format.JSON if text.lstrip("\ufeff \t\r\n")[:1] in {"[", "{"} else Format.LISTING


def _without_repetition(jobs: tuple[Job, ...]) -> tuple[tuple[Job, ...], tuple[Note, ...]]:
    """Return each job once, the first of its kind, and a note about each one that repeats it."""
    first: dict[str, Job] = {}
    for job in jobs:
        first.setdefault(job.id, job)
    note = "the same job stands there twice: the first is kept"
    return tuple(first.values()), tuple(Note(job, note) for job in jobs if first[job.id] is not job)
