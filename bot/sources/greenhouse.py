"""Greenhouse: boards-api.greenhouse.io/v1/boards/BOARD/jobs?content=true&pay_transparency=true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.job import Pay, PayPeriod
from bot.jobs.posting import Posting
from bot.sources.document import JsonFormat
from bot.sources.places import workplace_in
from bot.sources.values import items, key, moment, pay, text

_HOURLY_BELOW = 100_000
"""Cents below which an amount is paid for an hour: the title of a range says so only in words."""


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    place = text(job, "location", "name")
    return Posting(
        title=text(job, "title"),
        company=text(job, "company_name"),
        key=key(job, "id"),
        url=text(job, "absolute_url"),
        places=(place,),
        workplace=workplace_in(place),
        pay=_pay(job),
        posted=moment(job, "first_published"),  # updated_at is touched for all jobs at once
        expires=moment(job, "application_deadline"),
    )


def _pay(job: Mapping[str, Any]) -> Pay | None:
    for of in items(job, "pay_input_ranges"):
        low, high = of.get("min_cents"), of.get("max_cents")
        if isinstance(low, int) and isinstance(high, int):
            per = PayPeriod.HOUR if high < _HOURLY_BELOW else PayPeriod.YEAR
            return pay(low / 100, high / 100, of.get("currency_type"), per)
    return None


FORMAT = JsonFormat("greenhouse", frozenset({"absolute_url", "internal_job_id"}), _read, under="jobs")
