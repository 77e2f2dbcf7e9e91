"""All formats by name, and what reads a document of any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from bot.errors import UsageError
from bot.jobs.imported import Imported, Recognition, Refusal, relevant
from bot.jobs.listing import read_listing
from bot.jobs.posting import understand
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
from bot.sources.document import Document, Format

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


def read_jobs(
    text: str, now: datetime, *, form: str | None = None, source: str | None = None, recognition: Recognition
) -> Imported:
    """Return the jobs of a document in the format named `form`, or in the one that its content shows.

    `source` names where they come from in place of the format. Raises UsageError when there is no such format.
    """
    if form is not None and form not in NAMES:
        raise UsageError(f'there is no format "{form}"; known are {", ".join(NAMES)}')
    document = Document(text, now, recognition)
    name = form or format_of(document)
    if name in FORMATS:
        records = list(FORMATS[name].records(document))
        credit = FORMATS[name].credit or None
        if not records:
            return _nothing(name)
        imported = understand(records, now, source=source or name, recognition=recognition, credit=credit)
        return replace(imported, whole=FORMATS[name].whole)
    read = {LISTING: read_listing, JSON: read_records, JSON_LINES: read_lines}[name]
    imported = read(text, now, recognition=recognition, **({"source": source} if source else {}))
    return relevant(imported, recognition)


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


def _nothing(name: str) -> Imported:
    return Imported(refused=(Refusal("the document", f"it holds no jobs in the format {name}"),))
