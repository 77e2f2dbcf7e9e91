"""Which featured jobs a channel still wants, and in which order they are announced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.jobs.announcing import DeliveryKind, Terms
from bot.jobs.job import Job, JobState
from bot.jobs.timetable import day_end, due

BACKLOG = 3  # how many waiting jobs switching a channel on announces at most


@dataclass(frozen=True, slots=True)
class Plan:
    """What to announce, oldest first so that the newest ends up last in the channel, and what never to."""

    announce: tuple[Job, ...] = ()
    skip: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """Jobs, the oldest first, that make one message of a subscription, and when it is due."""

    kind: DeliveryKind
    jobs: tuple[Job, ...]
    due: datetime


def arrange(jobs: Sequence[Job], terms: Terms, now: datetime, shown_today: int = 0) -> tuple[Batch, ...]:
    """Return the messages that jobs, the oldest first, make for a subscription that had `shown_today` of them.

    What comes by a timetable, or in quiet hours, gathers in a digest; so does what the day's cap leaves out.
    """
    when = due(terms.timetable, now)
    if when > now:
        return (Batch(DeliveryKind.DIGEST, tuple(jobs), when),) if jobs else ()
    room = len(jobs) if terms.cap is None else max(0, terms.cap - shown_today)
    singles = [Batch(DeliveryKind.JOB, (job,), now) for job in jobs[:room]]
    left = tuple(jobs[room:])
    return (*singles, *([Batch(DeliveryKind.DIGEST, left, day_end(terms.timetable, now))] if left else []))


def newest_first(jobs: Iterable[Job]) -> tuple[Job, ...]:
    """Return `jobs` by when they were posted, else first seen; of equals the earlier in its listing is the newer."""
    return tuple(sorted(jobs, key=lambda job: (-(job.posted or job.first_seen).timestamp(), job.position, job.id)))


def plan(jobs: Iterable[Job], planned: frozenset[str] = frozenset(), *, backlog: int | None = None) -> Plan:
    """Plan the featured open `jobs` whose id is not among those already `planned` for a channel.

    With `backlog` only that many of the newest are announced and the others skipped for ever.
    """
    wanted = newest_first(job for job in jobs if _is_announced(job) and job.id not in planned)
    limit = len(wanted) if backlog is None else backlog
    return Plan(announce=wanted[:limit][::-1], skip=wanted[limit:][::-1])


def _is_announced(job: Job) -> bool:
    return job.featured and job.state is JobState.OPEN
