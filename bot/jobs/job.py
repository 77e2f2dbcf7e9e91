"""A job, as the store keeps it and as it is shown. A Job that exists is valid; unknown is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.language.facets import Employment, Level

LIFETIME = timedelta(days=45)
"""How long a job stays open after it was last met, where its source says nothing of an end."""


class JobState(StrEnum):
    """Where a job is in its life; only open jobs are shown.

    Somebody closed a job that is closed, and it stays so; one that expired opens again when it is met again.
    """

    OPEN = "open"
    CLOSED = "closed"
    EXPIRED = "expired"


class PayPeriod(StrEnum):
    """What a pay amount is paid for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Pay:
    """Advertised pay: amounts in whole units of `currency` (ISO 4217) for one `period`; `low` <= `high`."""

    low: int
    high: int
    currency: str
    period: PayPeriod


@dataclass(frozen=True, slots=True)
class Job:
    """One advertised job.

    `id` is stable across imports. `role` is a role id of the lexicon where the title names one. `posted` is what the
    source says, `first_seen` when this store met it; both are aware UTC. `position` is the place in the listing it
    came from, the last tie-breaker for "newest". `url` is http(s) or None. `source_id` is the source's own key,
    `expires` when the source says that it ends.
    """

    id: str
    title: str
    company: str
    source: str
    first_seen: datetime
    role: str | None = None
    place: str | None = None
    countries: tuple[str, ...] = ()
    remote: bool | None = None
    employment: tuple[Employment, ...] = ()
    level: Level | None = None
    pay: Pay | None = None
    url: str | None = None
    posted: datetime | None = None
    featured: bool = False
    state: JobState = JobState.OPEN
    position: int = 0
    source_id: str | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of jobs that were handed to the store."""

    new: tuple[Job, ...] = ()
    changed: tuple[Job, ...] = ()
    unchanged: tuple[Job, ...] = ()
