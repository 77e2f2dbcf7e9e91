"""A document that may hold jobs, and what a format of such documents is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from bot.jobs.imported import Recognition
from bot.jobs.posting import Posting, Unreadable

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
