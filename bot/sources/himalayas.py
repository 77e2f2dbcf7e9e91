"""Himalayas: himalayas.app/jobs/api?limit=20&offset=0; a job without restrictions of place is open to all the world."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.jobs.posting import Posting, Workplace
from bot.sources.document import PagedJsonFormat, page_by_offset
from bot.sources.values import at, key, moment, pay, period, text, texts

_PLACEHOLDER = "name"
"""What stood for every company in one capture."""


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    company = text(job, "companyName")
    return Posting(
        title=text(job, "title"),
        company=text(job, "companySlug").replace("-", " ").title() if company == _PLACEHOLDER else company,
        key=key(job, "guid"),
        url=text(job, "applicationLink") or text(job, "guid"),
        places=texts(job, "locationRestrictions") or ("Worldwide",),
        workplace=Workplace.REMOTE,
        employment=text(job, "employmentType"),
        level=" ".join(texts(job, "seniority")),
        pay=pay(at(job, "minSalary"), at(job, "maxSalary"), at(job, "currency"), period(text(job, "salaryPeriod"))),
        posted=moment(job, "pubDate"),
        expires=moment(job, "expiryDate"),
        text=text(job, "description") or text(job, "excerpt"),
        tags=tuple(_words(tag) for tag in (*texts(job, "parentCategories"), *texts(job, "categories"))),
    )


def _words(tag: str) -> str:
    """Return a category such as "Data-Engineering" with blanks between its words."""
    return tag.replace("-", " ")


FORMAT = PagedJsonFormat(
    "himalayas",
    frozenset({"companyName", "locationRestrictions", "guid"}),
    _read,
    under="jobs",
    credit="Himalayas",
    paging=partial(page_by_offset, under="jobs", total="totalCount"),
)
