"""Which featured jobs a channel still wants, and in which order they are announced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.jobs.announcing import DeliveryKind, Terms
from bot.jobs.job import Job, JobState
from bot.jobs.timetable import day_end, due

BACKLOG = 3  # how many waiting jobs switching a channel on announces at most
BUNDLES_APART = timedelta(minutes=6)
"""Discord publishes ten messages of an announcement channel an hour: so far apart, none has to wait for that."""


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


def arrange(
    jobs: Sequence[Job], terms: Terms, now: datetime, shown_today: int = 0, *, bundled: datetime | None = None
) -> tuple[Batch, ...]:
    """Return the messages that jobs, the oldest first, make for a subscription that had `shown_today` posts today.

    What comes by a timetable, or in quiet hours, gathers in a digest; so does what the day's cap leaves out. The rest
    are posts: one a job, or where `bundled` says when the next one may come, one of all the jobs, then.
    """
    when = due(terms.timetable, now)
    if not jobs:
        return ()
    if when > now:
        return (Batch(DeliveryKind.DIGEST, tuple(jobs), when),)
    posts = _posts(jobs, now) if bundled is None else _bundle(jobs, due(terms.timetable, bundled))
    room = len(posts) if terms.cap is None else max(0, terms.cap - shown_today)
    left = tuple(job for post in posts[room:] for job in post.jobs)
    rest = (Batch(DeliveryKind.DIGEST, left, day_end(terms.timetable, now)),) if left else ()
    return (*posts[:room], *rest)


def _posts(jobs: Sequence[Job], now: datetime) -> tuple[Batch, ...]:
    return tuple(Batch(DeliveryKind.JOB, (job,), now) for job in jobs)


def _bundle(jobs: Sequence[Job], when: datetime) -> tuple[Batch, ...]:
    return (Batch(DeliveryKind.BUNDLE, tuple(jobs), when),)


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
