"""Arbeitnow: www.arbeitnow.com/api/job-board-api?page=1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.imported import SOME, Page
from bot.jobs.places import workplace_of
from bot.jobs.posting import Posting
from bot.sources.document import PagedJsonFormat, numbered
from bot.sources.values import at, flag, items, key, moment, text, texts


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    return Posting(
        title=text(job, "title"),
        company=text(job, "company_name"),
        key=key(job, "slug"),
        url=text(job, "url"),
        places=(text(job, "location"),),
        workplace=workplace_of(remote=flag(job, "remote")),
        employment=" ".join(texts(job, "job_types")),
        posted=moment(job, "created_at"),
        text=text(job, "description"),
        tags=texts(job, "tags"),
    )


def _page(answer: Any) -> Page:
    number, links = numbered(answer, "meta", "current_page"), at(answer, "links")
    if not number or not items(answer, "data") or not isinstance(links, Mapping) or "next" not in links:
        return SOME
    following = (("page", str(number + 1)),) if text(links, "next") else ()
    return Page(first=number == 1, following=following, last=links["next"] is None)


FORMAT = PagedJsonFormat(
    "arbeitnow",
    frozenset({"slug", "job_types", "company_name"}),
    _read,
    under="data",
    credit="Arbeitnow",
    paging=_page,
)
