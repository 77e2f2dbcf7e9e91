"""RSS 2.0 and Atom, and We Work Remotely's RSS, whose titles name the company too: "Company: Title"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.jobs.places import workplace_in
from bot.jobs.posting import Posting, Unreadable, Workplace
from bot.sources.document import Document, Records
from bot.sources.values import items, key, moment, parts, text
from bot.sources.xml import fault_of

_AS_UTF_8 = {"content-type": "application/xml; charset=utf-8"}
"""What the text was decoded from does not count any more, whatever its first line says."""


@dataclass(frozen=True, slots=True)
class _Feed:
    """Feeds that hold one of `marks` near their beginning."""

    name: str
    marks: tuple[str, ...]
    read: Callable[[Mapping[str, Any], Mapping[str, Any]], Posting]
    credit: str = ""
    whole: bool = False  # a feed holds the newest entries
    daily: int | None = None

    def recognises(self, document: Document) -> bool:
        """Return whether a document is such a feed."""
        return document.start[:1] == "<" and any(mark in document.start for mark in self.marks)

    def records(self, document: Document) -> Records:
        """Yield a posting for each entry."""
        if fault := fault_of(document.text):
            yield "line 1", Unreadable(fault)
            return
        import feedparser  # type: ignore[import-untyped]  # noqa: PLC0415  # 0.1 s that only feeds need

        feed = feedparser.parse(
            document.text.encode(), response_headers=_AS_UTF_8, sanitize_html=False, resolve_relative_uris=False
        )
        if feed.bozo and not feed.entries:
            yield "line 1", Unreadable(f"not a feed that can be read: {feed.get('bozo_exception')}")
        for number, entry in enumerate(feed.entries, 1):
            yield f"entry {number}", self.read(dict(entry), dict(feed.feed))


def _plain(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> Posting:
    return Posting(
        title=text(entry, "title"),
        company=text(entry, "author") or text(feed, "title"),
        key=key(entry, "id"),
        url=text(entry, "link"),
        places=(text(entry, "location"),),
        workplace=workplace_in(text(entry, "title")),
        posted=moment(entry, "published") or moment(entry, "updated"),
        text=_said(entry),
        tags=_categories(entry),
    )


def _we_work_remotely(entry: Mapping[str, Any], _feed: Mapping[str, Any]) -> Posting:
    company, _, title = text(entry, "title").partition(": ")
    return Posting(
        title=title or company,
        company=company if title else "",
        key=key(entry, "id"),
        url=text(entry, "link"),
        places=(text(entry, "region"), text(entry, "country")),
        workplace=Workplace.REMOTE,
        employment=text(entry, "type"),
        posted=moment(entry, "published"),
        expires=moment(entry, "expires_at"),
        text=_said(entry),
        tags=(*_categories(entry), *parts(entry, "skills")),
    )


def _said(entry: Mapping[str, Any]) -> str:
    """Return what an entry holds, or else its summary, which is an RSS description too."""
    contents = (text(content, "value") for content in items(entry, "content"))
    return next(filter(None, contents), "") or text(entry, "summary")


def _categories(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(text(tag, "label") or text(tag, "term") for tag in items(entry, "tags"))


WE_WORK_REMOTELY = _Feed("we-work-remotely", ("weworkremotely.com",), _we_work_remotely, credit="We Work Remotely")
RSS = _Feed("rss", ("<rss", "<rdf:RDF"), _plain)
ATOM = _Feed("atom", ("<feed",), _plain)
