"""A job as a source tells it, and how it becomes one of ours: understood, or refused, or not what we are about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.jobs.identity import job_id, safe_url
from bot.jobs.imported import NO_ROLE, Imported, Irrelevant, Note, Recognition, Refusal
from bot.jobs.job import Job, Pay
from bot.jobs.listing import read_employment, read_level
from bot.jobs.pay import PayReading, check_pay, read_pay
from bot.jobs.texts import LONGEST_TEXT, clean_line, plain_text, tidy_tags, unescaped
from bot.language.facets import Employment

SHOWN_PLACES = 3
_AHEAD = timedelta(days=1)
_JOINED = re.compile(r"[_\-]+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BESIDE_PLACE = " \t,;:|·-"
_LOOKED_AT, _MOST_PLACES = 5 * LONGEST_TEXT, 200  # characters of a text, and places, that are looked at


class Workplace(StrEnum):
    """Where the work is done."""

    REMOTE = "remote"
    HYBRID = "hybrid"
    ON_SITE = "on-site"


@dataclass(frozen=True, slots=True)
class Posting:
    """A job in a source's own words; what it does not say is None or empty.

    `key` is the source's own id, `countries` are ISO codes, `employment` and `level` words such as "FullTime" or
    "Mid-Senior Level", `pay` amounts or a text, `text` the description, in HTML or plain.
    """

    title: str
    company: str
    key: str | None = None
    url: str | None = None
    places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    workplace: Workplace | None = None
    employment: str = ""
    level: str = ""
    pay: Pay | str | None = None
    posted: datetime | None = None
    expires: datetime | None = None
    text: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record of a source that is no posting: what is wrong with it."""

    reason: str


def understand(
    records: Sequence[tuple[str, Posting | Unreadable]],
    now: datetime,
    *,
    source: str,
    recognition: Recognition,
    credit: str | None = None,
) -> Imported:
    """Return the jobs that postings are, each with the place of its record; a fault becomes a refusal.

    Irrelevant is a job that expired, or that is in no role of the knowledge base, unless that knows no roles. `credit`
    is the board to be named with them.
    """
    jobs: list[Job] = []
    refused: list[Refusal] = []
    irrelevant: list[Irrelevant] = []
    notes: list[Note] = []
    for place, record in records:
        read = record if isinstance(record, Unreadable) else _tidy(record)
        if isinstance(read, Unreadable):
            refused.append(Refusal(place, read.reason))
            continue
        job, found = _job(read, now, source, recognition, position=len(jobs))
        job = replace(job, credit=credit)
        if job.role is None and recognition.knows_roles():
            irrelevant.append(Irrelevant(place, job.title, job.company, NO_ROLE))
            continue
        if job.expires and job.expires <= now:
            irrelevant.append(Irrelevant(place, job.title, job.company, f"it expired on {job.expires:%Y-%m-%d}"))
            continue
        jobs.append(job)
        notes += [Note(job, note) for note in found]
    return Imported(tuple(jobs), tuple(refused), tuple(notes), tuple(irrelevant))


def fault_of_name(name: str, text: str) -> str | None:
    """Return what is wrong with a title or company, on one line, that is to be called `name`; None when nothing is."""
    if not any(character.isalnum() for character in text):
        return f"{name} is missing"
    return f"{name} is longer than {LONGEST_TEXT} characters: {text[:40]}…" if len(text) > LONGEST_TEXT else None


def _tidy(posting: Posting) -> Posting | Unreadable:
    """Return a posting with its texts on one line each, or what makes it none."""
    title, company = (clean_line(unescaped(text[:_LOOKED_AT])) for text in (posting.title, posting.company))
    for name, text in (("title", title), ("company", company)):
        if fault := fault_of_name(name, text):
            return Unreadable(fault)
    places = (clean_line(unescaped(place[:_LOOKED_AT])).strip(_BESIDE_PLACE) for place in posting.places[:_MOST_PLACES])
    return replace(posting, title=title, company=company, places=tuple(dict.fromkeys(filter(None, places))))


def _job(
    posting: Posting, now: datetime, source: str, recognition: Recognition, *, position: int
) -> tuple[Job, list[str]]:
    title = recognition.title_of(posting.title)
    pay = _pay(posting.pay)
    posted, notes = posting.posted, [pay.note] if pay.note else []
    if posted and posted > now + _AHEAD:
        notes.append(f"posted {posted:%Y-%m-%d} is not a day that has passed: kept as unknown")
        posted = None
    url = safe_url(posting.url) if posting.url else None
    if posting.url and url is None:
        notes.append("its address cannot be shown: kept as unknown")
    place = _shown(posting.places)
    said = posting.countries or tuple(dict.fromkeys(c for p in posting.places for c in recognition.countries_of(p)))
    job = Job(
        id=job_id(title=posting.title, company=posting.company, source=source, place=place, url=url, key=posting.key),
        title=posting.title,
        company=posting.company,
        source=source,
        first_seen=now,
        role=title.role,
        place=place,
        countries=said,
        remote=None if posting.workplace is None else posting.workplace is Workplace.REMOTE,
        hybrid=posting.workplace is Workplace.HYBRID,
        employment=_employment(posting.employment) or ((title.employment,) if title.employment else ()),
        level=title.level or read_level(_plain(posting.level)),
        pay=pay.pay,
        url=url,
        posted=posted,
        position=position,
        source_id=posting.key,
        expires=posting.expires,
        text=plain_text(posting.text),
        tags=tidy_tags(posting.tags),
    )
    return job, notes


def _shown(places: tuple[str, ...]) -> str | None:
    more = len(places) - SHOWN_PLACES
    text = "; ".join(places[:SHOWN_PLACES]) + (f" and {more} more" if more > 0 else "")
    return text[:LONGEST_TEXT] or None


def _employment(words: str) -> tuple[Employment, ...]:
    return read_employment(_plain(words))


def _plain(words: str) -> str:
    """Return words such as "fulltime_permanent" and "FullTime" with blanks between them."""
    return _JOINED.sub(" ", _CAPITAL.sub(" ", words[:_LOOKED_AT]))


def _pay(pay: Pay | str | None) -> PayReading:
    if pay is None:
        return PayReading()
    return read_pay(pay[:_LOOKED_AT]) if isinstance(pay, str) else check_pay(pay)
