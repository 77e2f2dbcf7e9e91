"""JSON Feed 1.1; Teamtailor's (SITE/jobs.json) carries a schema.org JobPosting in each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.jobs.posting import Posting
from bot.sources.document import JsonFormat
from bot.sources.schema_org import posting_of
from bot.sources.values import at, items, key, moment, text, texts


def _read(item: Mapping[str, Any], whole: Any) -> Posting:
    authors = [text(author, "name") for author in items(item, "authors")]
    company = next(filter(None, authors), "") or text(item, "author", "name") or text(whole, "title")
    said = at(item, "_jobposting")
    url = text(item, "url") or text(item, "external_url")
    posting = posting_of(said if isinstance(said, Mapping) else {}, url=url, company=company)
    return replace(
        posting,
        title=text(item, "title") or posting.title,
        key=key(item, "id") or posting.key,
        posted=moment(item, "date_published") or posting.posted,
        text=_said(item) or posting.text,
        tags=texts(item, "tags") or posting.tags,
    )


def _said(item: Mapping[str, Any]) -> str:
    return text(item, "content_html") or text(item, "content_text") or text(item, "summary")


TEAMTAILOR = JsonFormat("teamtailor", frozenset({"id", "title", "_jobposting"}), _read, under="items", whole=True)
JSON_FEED = JsonFormat("json-feed", frozenset({"id", "title"}), _read, under="items")
