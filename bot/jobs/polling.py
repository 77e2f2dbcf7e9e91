"""Sources of jobs that are asked again and again: when each is due, and when it is given up."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

EVERY = timedelta(hours=6)
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(days=30)
MOST_FAILURES = 6
"""Failures in a row after which a source is paused: about three hours after the first, where nobody asks for more."""
JITTER = 0.1
_FIRST_DELAY, _LONGEST_DELAY, _LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1), timedelta(days=7)
_LONGEST_ADDRESS = 500
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


class Featuring(StrEnum):
    """Which of a source's new jobs are featured."""

    ALL = "all"
    MATCHING = "matching"
    BY_HAND = "by-hand"


class SourceState(StrEnum):
    """Whether a source is asked."""

    ON = "on"
    PAUSED = "paused"


class Origin(StrEnum):
    """Where a source was named; the file's are as the file says at each start."""

    FILE = "file"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Source:
    """One address that is asked every `every` for jobs.

    `form` is a format's name, None for the one that the content shows; `company` names whose board it is where its jobs
    do not. `daily` is how many requests a day it allows. `matching` says in words which jobs Featuring.MATCHING means.
    `reason` tells why it is paused or what went wrong last. `asked` counts requests on the UTC day `asked_on`.
    """

    name: str
    address: str
    form: str | None = None
    company: str | None = None
    every: timedelta = EVERY
    daily: int | None = None
    featured: Featuring = Featuring.BY_HAND
    matching: str | None = None
    origin: Origin = Origin.COMMAND
    state: SourceState = SourceState.ON
    reason: str | None = None
    due: datetime | None = None
    etag: str | None = None
    modified: str | None = None
    failures: int = 0
    succeeded: datetime | None = None
    asked: int = 0
    asked_on: str | None = None


def fault_of(source: Source) -> str | None:
    """Return what is wrong with how a source is set up; None when nothing is."""
    if not _NAME.fullmatch(source.name):
        return f'name: "{source.name[:40]}" is not made of at most 40 small letters, digits and hyphens'
    if not _is_address(source.address):
        return f'address: "{source.address[:60]}" is not an http(s) address of at most {_LONGEST_ADDRESS} characters'
    if not SHORTEST <= source.every <= LONGEST:
        return f"every: a source is asked every {words_of(SHORTEST)} at the most and every {words_of(LONGEST)} at least"
    if source.daily is not None and source.daily < 1:
        return "daily: at least one request a day is needed"
    if (source.featured is Featuring.MATCHING) != bool(source.matching):
        return f"matching: it says which jobs `featured: {Featuring.MATCHING}` means, and goes with nothing else"
    return None


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(text) <= _LONGEST_ADDRESS


def asked(source: Source, now: datetime) -> Source:
    """Return a source with one more request counted."""
    today = now.date().isoformat()
    return replace(source, asked=source.asked + 1 if source.asked_on == today else 1, asked_on=today)


def is_spent(source: Source, now: datetime, allowed: int | None = None) -> bool:
    """Return whether no more requests are allowed today, by the source's own cap or its format's."""
    caps = [cap for cap in (source.daily, allowed) if cap is not None]
    return bool(caps) and source.asked_on == now.date().isoformat() and source.asked >= min(caps)


def tomorrow(now: datetime) -> datetime:
    """Return when the next day begins."""
    return (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def succeeded(source: Source, now: datetime, *, chance: float, etag: str | None, modified: str | None) -> Source:
    """Return a source after an answer; `chance`, from 0 to 1, spreads sources that would be due at once."""
    due = now + source.every * (1 + JITTER * (2 * chance - 1))
    return replace(source, due=due, etag=etag, modified=modified, failures=0, succeeded=now, reason=None)


def failed(
    source: Source, now: datetime, reason: str, *, chance: float, retry_after: timedelta | None = None
) -> Source:
    """Return a source after a failure: asked again later and later, as late as it asks for, at last paused."""
    failures = source.failures + 1
    if failures >= MOST_FAILURES:
        why = f"{failures} failures in a row, the last: {reason}"
        return replace(source, failures=failures, state=SourceState.PAUSED, reason=why)
    delay = min(_FIRST_DELAY * 2 ** (failures - 1), _LONGEST_DELAY) * (1 + JITTER * chance)
    wait = max(delay, min(retry_after or timedelta(0), _LONGEST_WAIT))
    return replace(source, failures=failures, due=now + wait, reason=reason)


def read_interval(said: str) -> timedelta | None:
    """Return how long "30m", "6h" or "1d" is; None for anything else."""
    match = re.fullmatch(r"\s*(\d{1,4})\s*([mhd])\s*", said.lower())
    units = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
    return int(match[1]) * units[match[2]] if match else None


def words_of(interval: timedelta) -> str:
    """Return an interval as `read_interval` reads it."""
    minutes = round(interval / timedelta(minutes=1))
    for size, letter in ((1_440, "d"), (60, "h")):
        if minutes >= size and minutes % size == 0:
            return f"{minutes // size}{letter}"
    return f"{minutes}m"
