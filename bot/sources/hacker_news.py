"""Hacker News "Who is hiring": search?tags=comment,story_ID or items/ID; a job's first line holds parts between "|".

The company stands first by custom, all else in any order. Answers to jobs are mixed in: a job answers the story itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.jobs.imported import Recognition
from bot.jobs.listing import read_employment
from bot.jobs.pay import read_pay
from bot.jobs.places import is_workplace, workplace_in
from bot.jobs.posting import Posting, Unreadable
from bot.jobs.texts import unescaped
from bot.sources.document import Document, Records
from bot.sources.values import at, items, key, moment, text

_FEWEST_BARS = 2
_LONGEST_LINE = 2_000
_TAG = re.compile(r"<[^>]{0,500}>")
_ADDRESS = re.compile(r"https?://[^\s<>|\"]{4,400}")


class _HackerNews:
    name = "hacker-news"
    credit = ""
    whole = False
    daily = None

    def recognises(self, document: Document) -> bool:
        """Return whether a document holds comments of Hacker News."""
        return any("objectID" in hit or "story_id" in hit for hit in _comments(document.json)[:3])

    def records(self, document: Document) -> Records:
        """Yield a posting for each comment that answers the story and has the form of a job."""
        for number, comment in enumerate(_comments(document.json), 1):
            parent, story = at(comment, "parent_id"), at(comment, "story_id")
            first, _, rest = text(comment, _field(comment)).partition("<p>")
            line = unescaped(_TAG.sub("", first[:_LONGEST_LINE]))
            if parent == story and line.count("|") >= _FEWEST_BARS:
                yield f"comment {number}", _posting(comment, line, rest, document.recognition)


def _comments(found: Any) -> list[Mapping[str, Any]]:
    listed = items(found, "hits") or items(found, "children")
    return [comment for comment in listed if isinstance(comment, Mapping)]


def _field(comment: Mapping[str, Any]) -> str:
    return "comment_text" if "comment_text" in comment else "text"


def _posting(comment: Mapping[str, Any], first: str, rest: str, recognition: Recognition) -> Posting | Unreadable:
    company, *parts = (part.strip() for part in first.split("|"))
    plain = [part for part in parts if part and not _ADDRESS.search(part)]
    pays = [part for part in plain if read_pay(part).pay or (read_pay(part).note and "$" in part)]
    workplaces = [part for part in plain if workplace_in(part)]
    employment = [part for part in plain if read_employment(part)]
    places = [part for part in plain if recognition.countries_of(part)]
    others = [part for part in plain if part not in {*pays, *workplaces, *employment, *places}]
    titles = [part for part in plain if recognition.title_of(part).role] + others
    if not titles:
        return Unreadable(f"no title stands in its first line: {first[:60]}")
    number = key(comment, "objectID") or key(comment, "id")
    return Posting(
        title=titles[0],
        company=company.partition("(")[0].strip() or company,
        key=number,
        url=f"https://news.ycombinator.com/item?id={number}" if number else None,
        places=tuple(part for part in [*places, *workplaces] if part != titles[0] and not is_workplace(part)),
        workplace=workplace_in(" | ".join(workplaces)),
        employment=" ".join(employment),
        pay=pays[0] if pays else None,
        posted=moment(comment, "created_at"),
        text=rest,
    )


FORMAT = _HackerNews()
