"""Ashby: api.ashbyhq.com/posting-api/job-board/BOARD?includeCompensation=true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.job import Pay
from bot.jobs.places import workplace_in
from bot.jobs.posting import Posting
from bot.sources.document import JsonFormat
from bot.sources.values import at, company_in, items, key, moment, pay, period, text


def _read(job: Mapping[str, Any], _whole: Any) -> Posting | None:
    if at(job, "isListed") is False:
        return None
    url = text(job, "jobUrl")
    return Posting(
        title=text(job, "title"),
        company=company_in(url, "ashbyhq.com"),
        key=key(job, "id"),
        url=url,
        places=(text(job, "location"), *(text(place, "location") for place in items(job, "secondaryLocations"))),
        workplace=workplace_in(text(job, "workplaceType")),  # isRemote is true for hybrid jobs too
        employment=text(job, "employmentType"),
        pay=_pay(job),
        posted=moment(job, "publishedAt"),
        text=text(job, "descriptionPlain") or text(job, "descriptionHtml"),
        tags=(text(job, "department"), text(job, "team")),
    )


def _pay(job: Mapping[str, Any]) -> Pay | str | None:
    for part in items(job, "compensation", "summaryComponents"):
        if text(part, "compensationType") in {"Salary", ""}:
            per = period(text(part, "interval"))
            found = pay(at(part, "minValue"), at(part, "maxValue"), at(part, "currencyCode"), per)
            if found:
                return found
    return text(job, "compensation", "compensationTierSummary") or None


FORMAT = JsonFormat("ashby", frozenset({"jobUrl", "publishedAt", "isListed"}), _read, under="jobs", whole=True)
