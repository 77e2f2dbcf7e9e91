"""Jobicy: jobicy.com/api/v2/remote-jobs; it asks to be credited with a direct link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.job import PayPeriod
from bot.jobs.posting import Posting, Workplace
from bot.sources.document import JsonFormat
from bot.sources.values import at, key, moment, pay, period, text, texts


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    per = period(text(job, "salaryPeriod")) or PayPeriod.YEAR
    low, high = (at(job, f"salary{end}") or at(job, f"annualSalary{end}") for end in ("Min", "Max"))
    return Posting(
        title=text(job, "jobTitle"),
        company=text(job, "companyName"),
        key=key(job, "id"),
        url=text(job, "url"),
        places=tuple(place.strip() for place in text(job, "jobGeo").split(",")),
        workplace=Workplace.REMOTE,
        employment=" ".join(texts(job, "jobType")),
        level=text(job, "jobLevel"),
        pay=pay(low, high, at(job, "salaryCurrency"), per),
        posted=moment(job, "pubDate"),
        text=text(job, "jobDescription") or text(job, "jobExcerpt"),
        tags=texts(job, "jobIndustry"),
    )


FORMAT = JsonFormat("jobicy", frozenset({"jobTitle", "companyName", "jobGeo"}), _read, under="jobs", credit="Jobicy")
