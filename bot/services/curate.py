"""Jobs that people add, change and close by hand: the rules stand here once, for every frontend."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.jobs.by_hand import Draft, Field, changed, changed_fields, draft_of, faults_of, read_draft, with_fields
from bot.jobs.identity import plain_words
from bot.jobs.imported import Recognition
from bot.jobs.job import Job, JobState
from bot.jobs.query import JobQuery
from bot.services.ports import Clock, CuratedStore

MOST_SUGGESTED = 25
_LOOKED_AT = 200
_SHORTEST_LOOKED_UP = 3  # letters: the store takes shorter words for whole ones, not for beginnings


class Outcome(StrEnum):
    """What became of a wish to add, change or close a job."""

    DONE = "done"
    FAULTY = "faulty"
    MERGED = "merged"
    KNOWN = "known"
    SAME = "same"
    CONFLICT = "conflict"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Curated:
    """What became of a wish, and of which job.

    `fields` are those with faults, or that somebody else changed meanwhile. `outside` says that the job is in no role
    that is known. A closed job was `withdrawn` from that many channels.
    """

    outcome: Outcome
    job: Job | None = None
    fields: tuple[Field, ...] = ()
    outside: bool = False
    withdrawn: int = 0


class CurateService:
    """Adds, changes and closes jobs."""

    def __init__(self, jobs: CuratedStore, clock: Clock, recognition: Recognition) -> None:
        """Take, beside what it works with, how titles and places are read."""
        self._jobs = jobs
        self._clock = clock
        self._recognition = recognition
        self._editing = asyncio.Lock()

    async def add(self, draft: Draft, *, featured: bool) -> Curated:
        """Take a job in; MERGED when it is another advert of one that is there, KNOWN when it is there itself.

        A known one that is open is featured, if that is wished, and else stays as it is.
        """
        if fields := faults_of(draft):
            return Curated(Outcome.FAULTY, fields=fields)
        now = self._clock()
        job = replace(read_draft(draft, now, self._recognition), featured=featured)
        known = await self._jobs.get(job.id)
        if known and known.closed_by_hand:
            return Curated(Outcome.CLOSED, known)
        if known and known.state is JobState.OPEN:
            if featured and await self._jobs.feature(known.id):
                known = replace(known, featured=True)
            return Curated(Outcome.KNOWN, known)
        stored = await self._jobs.upsert([job], now)
        outcome = Outcome.MERGED if stored.merged else Outcome.DONE
        return Curated(outcome, job, outside=self._is_outside(job))

    async def find(self, text: str) -> Curated:
        """Return the open job that an id, or the beginning of one, names: DONE, or CLOSED, UNKNOWN or AMBIGUOUS."""
        wanted = text.strip().lower()
        exact = await self._jobs.get(wanted) if wanted else None
        met = (exact,) if exact else await self._jobs.starting_with(wanted) if wanted else ()
        originals = dict.fromkeys(job.copy_of or job.id for job in met)
        found = [job for each in originals if (job := await self._jobs.get(each))]
        chosen = [job for job in found if job.state is JobState.OPEN] or found
        if not chosen:
            return Curated(Outcome.UNKNOWN)
        if len(chosen) > 1:
            return Curated(Outcome.AMBIGUOUS)
        return Curated(Outcome.DONE if chosen[0].state is JobState.OPEN else Outcome.CLOSED, chosen[0])

    async def edit(self, job: str, before: Draft, after: Draft) -> Curated:
        """Change what differs between two drafts of a job: as it was when somebody began, and as they want it.

        CONFLICT, and nothing changes, when somebody else changed one of those fields to something else meanwhile.
        """
        wanted = changed_fields(before, after)
        if fields := tuple(field for field in faults_of(after) if field in wanted):
            return Curated(Outcome.FAULTY, fields=fields)
        async with self._editing:
            current = await self._jobs.get(job)
            if current is None or current.state is not JobState.OPEN:
                return Curated(Outcome.CLOSED, current)
            now = draft_of(current)
            theirs = changed_fields(before, now)
            if both := tuple(field for field in wanted if field in theirs and after[field] != now[field]):
                return Curated(Outcome.CONFLICT, current, both)
            new = changed(current, now, with_fields(now, wanted, after), self._recognition)
            if new == current:
                return Curated(Outcome.SAME, current)
            stored = await self._jobs.edit(new)
        return Curated(Outcome.DONE if stored else Outcome.CLOSED, new, outside=self._is_outside(new))

    async def close(self, text: str) -> Curated:
        """Close the open job that an id, or the beginning of one, names, and withdraw it where it was not sent yet."""
        found = await self.find(text)
        if found.outcome is not Outcome.DONE or found.job is None:
            return found
        withdrawn = await self._jobs.close(found.job.id, self._clock())
        if withdrawn is None:
            return replace(found, outcome=Outcome.CLOSED)
        return replace(found, withdrawn=withdrawn)

    async def suggest(self, typed: str) -> tuple[Job, ...]:
        """Return at most 25 open jobs, newest first, with words in title or company that begin as those typed do."""
        words = plain_words(typed).split()
        query = JobQuery(words=tuple(word for word in words if len(word) >= _SHORTEST_LOOKED_UP))
        found, _ = await self._jobs.search(query, limit=_LOOKED_AT)
        fitting = [job for job in found if _has_words(job, words)]
        newest = sorted(fitting, key=lambda job: job.posted or job.first_seen, reverse=True)
        return tuple(newest[:MOST_SUGGESTED])

    def _is_outside(self, job: Job) -> bool:
        return job.role is None and self._recognition.knows_roles()


def _has_words(job: Job, words: list[str]) -> bool:
    said = plain_words(f"{job.title} {job.company}").split()
    return all(any(each.startswith(word) for each in said) for word in words)
