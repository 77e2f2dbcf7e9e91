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

    What somebody closed stays closed; what expired, or went from its source, opens again when it is met again.
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
    `expires` when the source says that it ends. `hybrid` is work in part on site, so never `remote`. `text` is the
    beginning of what the source says about it, plain and on one line; `credit` is the board that asks to be named
    wherever its jobs are shown.

    What the store alone knows: `copy_of` is the id of the job that this is another advert of, as `evidence` tells.
    `copies` counts such adverts of it that are open, `elsewhere` names their other places. `reposts` counts how often
    it was advertised anew under another address or date, `reopened` how often it came back after it was over. `gone`
    says that its source has it no more, `edited` that somebody changed it by hand, which no source undoes. `stamped`
    is the later date that it was advertised anew under; `posted` stays the first one.
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
    hybrid: bool = False
    text: str | None = None
    tags: tuple[str, ...] = ()
    credit: str | None = None
    copy_of: str | None = None
    evidence: str | None = None
    copies: int = 0
    elsewhere: tuple[str, ...] = ()
    reposts: int = 0
    reopened: int = 0
    gone: bool = False
    edited: bool = False
    stamped: datetime | None = None

    @property
    def closed_by_hand(self) -> bool:
        """Whether somebody closed it, so that it stays closed."""
        return self.state is JobState.CLOSED and not self.gone


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of jobs that were handed to the store; `merged` are new adverts of jobs that it has."""

    new: tuple[Job, ...] = ()
    changed: tuple[Job, ...] = ()
    unchanged: tuple[Job, ...] = ()
    merged: tuple[Job, ...] = ()
