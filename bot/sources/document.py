"""A document that may hold jobs, and what a format of such documents is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

from bot.jobs.imported import SOME, Page, Recognition
from bot.jobs.posting import Posting, Unreadable
from bot.sources.values import at, items

_LARGEST = 10**6
"""Records that a source may speak of; the largest that was seen speaks of some 100,000."""

Records = Iterator[tuple[str, Posting | Unreadable]]
"""Postings, or what is wrong with a record that is none, each with the place where it stands."""


@dataclass(frozen=True)
class Document:
    """The text of a file or of an answer, when it is read, and what may be needed to understand it."""

    text: str
    now: datetime
    recognition: Recognition

    @cached_property
    def start(self) -> str:
        """The first characters, without what may stand before them."""
        return self.text[:4_000].lstrip("\ufeff \t\r\n")

    @cached_property
    def json(self) -> Any:
        """What the text is as JSON; None where it is none."""
        if self.start[:1] not in {"[", "{"}:
            return None
        try:
            return json.loads(self.text.lstrip("\ufeff"), strict=False)
        except (ValueError, RecursionError):
            return None


def together(records: Records) -> Records:
    """Yield each job once, where the records of a source repeat it for each of its places; by the source's own id."""
    found: dict[str, tuple[str, list[Posting]]] = {}
    for place, record in records:
        if isinstance(record, Unreadable):
            yield place, record
        else:
            found.setdefault(record.key or place, (place, []))[1].append(record)
    for place, same in found.values():
        places = tuple(each for posting in same for each in posting.places)
        countries = tuple(dict.fromkeys(code for posting in same for code in posting.countries))
        yield place, replace(same[0], places=places, countries=countries)


class Format(Protocol):
    """How the jobs of one source, or of one kind of file, are written."""

    @property
    def name(self) -> str:
        """The name by which it is asked for, and which jobs of it carry as their source."""
        ...

    @property
    def credit(self) -> str:
        """The board that asks to be named, with a link back, wherever its jobs are shown; "" when none does."""
        ...

    @property
    def whole(self) -> bool:
        """Whether one document is all that the board has open, so that a job missing from it is gone."""
        ...

    @property
    def daily(self) -> int | None:
        """How many requests a day the source allows; None when it names no number."""
        ...

    def recognises(self, document: Document) -> bool:
        """Return whether a document looks like this."""
        ...

    def records(self, document: Document) -> Records:
        """Yield what the document holds, in its order."""
        ...


@runtime_checkable
class Paged(Protocol):
    """A format of a source that answers with one page at a time."""

    def page(self, document: Document) -> Page:
        """Return where a document stands among the pages of its source."""
        ...


@dataclass(frozen=True, slots=True)
class JsonFormat:
    """A source whose answer is JSON: a list of records, or an object that holds it under `under`.

    A record has all keys of `marks`. `read` makes a posting of a record, given the whole answer too, and None of one
    that is no job.
    """

    name: str
    marks: frozenset[str]
    read: Callable[[Mapping[str, Any], Any], Posting | None]
    under: str = ""
    whole: bool = False
    credit: str = ""
    daily: int | None = None

    def recognises(self, document: Document) -> bool:
        """Return whether any of the first records has what marks this source."""
        return any(isinstance(record, Mapping) and self.marks <= record.keys() for record in self._list(document)[:3])

    def records(self, document: Document) -> Records:
        """Yield a posting for each record that is a job."""
        for number, record in enumerate(self._list(document), 1):
            place = f"record {number}"
            if not isinstance(record, Mapping):
                yield place, Unreadable("a job is an object")
                continue
            posting = self.read(record, document.json)
            if posting is not None:
                yield place, posting

    def _list(self, document: Document) -> Sequence[Any]:
        found = document.json
        if self.under:
            found = found.get(self.under) if isinstance(found, Mapping) else None
        return found if isinstance(found, list) else ()


@dataclass(frozen=True, slots=True)
class PagedJsonFormat(JsonFormat):
    """A source whose answer is JSON and one page of several; `paging` tells which, given the whole answer."""

    paging: Callable[[Any], Page] = field(kw_only=True)

    def page(self, document: Document) -> Page:
        """Return where an answer stands among the pages of its source."""
        return self.paging(document.json)


def page_by_offset(answer: Any, *, under: str, total: str) -> Page:
    """Return where an answer stands that tells its offset, and how many records there are, under `total`.

    What it says of its limit is not asked: a source may give fewer.
    """
    offset, there_are, here = numbered(answer, "offset"), numbered(answer, total), len(items(answer, under))
    if offset is None or there_are is None or not here or offset + here > there_are:
        return SOME
    reached = offset + here
    following = (("offset", str(reached)),) if reached < there_are else ()
    return Page(first=offset == 0, following=following, last=reached == there_are)


def numbered(answer: Any, *path: str) -> int | None:
    """Return a number that an answer counts by; None for anything that is none, or is out of all proportion."""
    number = at(answer, *path)
    sound = isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _LARGEST
    return number if sound else None
