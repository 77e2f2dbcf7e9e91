"""All formats by name, and what reads a document of any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from urllib.parse import urlsplit

from bot.errors import UsageError
from bot.jobs.imported import ALL, MOST_RECORDS, SOME, Imported, Page, Recognition, Refusal, cut_off, relevant
from bot.jobs.listing import read_listing
from bot.jobs.polling import Source
from bot.jobs.posting import Posting, Unreadable, understand
from bot.jobs.records import read_lines, read_records
from bot.sources import (
    arbeitnow,
    ashby,
    feeds,
    greenhouse,
    hacker_news,
    himalayas,
    jobicy,
    json_feed,
    lever,
    personio,
    recruitee,
    remoteok,
    remotive,
    schema_org,
    simplify,
    smartrecruiters,
    tables,
    workable,
    working_nomads,
)
from bot.sources.document import Document, Format, Paged

LISTING, JSON, JSON_LINES = "listing", "json", "json-lines"

_FORMATS: tuple[Format, ...] = (
    greenhouse.FORMAT,
    lever.FORMAT,
    ashby.FORMAT,
    workable.FORMAT,
    smartrecruiters.FORMAT,
    recruitee.FORMAT,
    json_feed.TEAMTAILOR,
    personio.FORMAT,
    remotive.FORMAT,
    remoteok.FORMAT,
    arbeitnow.FORMAT,
    himalayas.FORMAT,
    jobicy.FORMAT,
    feeds.WE_WORK_REMOTELY,
    working_nomads.FORMAT,
    hacker_news.FORMAT,
    simplify.FORMAT,
    schema_org.FORMAT,
    feeds.RSS,
    feeds.ATOM,
    json_feed.JSON_FEED,
    tables.CSV,
    tables.MARKDOWN,
)
"""The first that recognises a document reads it: sources with marks of their own before general forms."""
FORMATS: Mapping[str, Format] = MappingProxyType({form.name: form for form in _FORMATS})
NAMES = (*FORMATS, JSON, JSON_LINES, LISTING)
_NEED_RECOGNITION = frozenset((hacker_news.FORMAT.name, JSON, JSON_LINES, LISTING))


@dataclass(frozen=True, slots=True)
class Found:
    """The records of a document, in which format they were, and which page of its source it is; picklable."""

    form: str
    records: tuple[tuple[str, Posting | Unreadable], ...]
    page: Page = SOME


def read_jobs(
    text: str,
    now: datetime,
    *,
    form: str | None = None,
    source: str | None = None,
    company: str | None = None,
    most: int | None = None,
    recognition: Recognition,
) -> Imported:
    """Return the jobs of a document in the format named `form`, or in the one that its content shows.

    `source` names where they come from in place of the format, `company` whose all of them are. `most` is how many
    records are read of formats of one's own; of others it is MOST_RECORDS. Raises UsageError when there is no such
    format.
    """
    document = Document(_whole_characters(text), now, recognition)
    name = _checked(form) or format_of(document)
    if name in FORMATS:
        return jobs_of(_found(name, document), now, source=source, company=company, recognition=recognition)
    read = {LISTING: read_listing, JSON: read_records, JSON_LINES: read_lines}[name]
    imported = read(document.text, now, most=most, recognition=recognition, **({"source": source} if source else {}))
    return relevant(imported, recognition)


def find_records(text: str, now: datetime, form: str | None) -> Found | None:
    """Return the records of a document; None in a format that needs more than the document to tell them.

    Raises UsageError when there is no format named `form`.
    """
    document = Document(_whole_characters(text), now, Recognition())
    name = _checked(form) or format_of(document)
    return None if name in _NEED_RECOGNITION else _found(name, document)


def jobs_of(
    found: Found, now: datetime, *, source: str | None, company: str | None, recognition: Recognition
) -> Imported:
    """Return the jobs of records; arguments as of `read_jobs`."""
    if not found.records:
        return Imported(refused=(Refusal("the document", f"it holds no jobs in the format {found.form}"),))
    form = FORMATS[found.form]
    records = [(place, _of(record, company)) for place, record in found.records]
    imported = understand(records, now, source=source or form.name, recognition=recognition, credit=form.credit or None)
    return replace(imported, page=found.page)


def requests_a_day(source: Source) -> int | None:
    """Return how many requests a day a board allows, known by its format or else its host; None for any number."""
    host = urlsplit(source.address).hostname or ""
    names = [source.form] if source.form else [name for name in FORMATS if name in host.split(".")]
    return next((FORMATS[name].daily for name in names if name in FORMATS), None)


def format_of(document: Document) -> str:
    """Return the name of the format that a document is in; a listing's text where it is like no other."""
    known = next((form.name for form in _FORMATS if form.recognises(document)), None)
    if known:
        return known
    if document.start[:1] == "[":
        return JSON
    if document.start[:1] != "{":
        return LISTING
    return JSON if document.json is not None and "\n{" not in document.text.strip() else JSON_LINES


def _found(name: str, document: Document) -> Found:
    records = list(islice(FORMATS[name].records(document), MOST_RECORDS + 1))
    if len(records) > MOST_RECORDS:
        place, _ = records[-1]
        records[-1] = place, Unreadable(cut_off(MOST_RECORDS))
    return Found(name, tuple(records), _page(FORMATS[name], document))


def _page(form: Format, document: Document) -> Page:
    if isinstance(form, Paged):
        return form.page(document)
    return ALL if form.whole else SOME


def _whole_characters(text: str) -> str:
    """Return a text with a question mark for each half of a character, which nothing can write down."""
    return text.encode("utf-8", "replace").decode()


def _checked(form: str | None) -> str | None:
    if form is not None and form not in NAMES:
        raise UsageError(f'there is no format "{form}"; known are {", ".join(NAMES)}')
    return form


def _of(record: Posting | Unreadable, company: str | None) -> Posting | Unreadable:
    return replace(record, company=company) if company and isinstance(record, Posting) else record
