"""Greenhouse: boards-api.greenhouse.io/v1/boards/BOARD/jobs?content=true&pay_transparency=true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.job import Pay, PayPeriod
from bot.jobs.places import workplace_in
from bot.jobs.posting import Posting
from bot.sources.document import JsonFormat
from bot.sources.values import at, items, key, moment, pay, text

_HOURLY_BELOW = 100_000
"""Cents below which an amount is paid for an hour: the title of a range says so only in words."""
_TOO_MUCH = 10**14  # cents that nobody is paid; dividing a number without end overflows


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
        text=text(job, "content"),
        tags=tuple(text(department, "name") for department in items(job, "departments")),
    )


def _pay(job: Mapping[str, Any]) -> Pay | None:
    for of in items(job, "pay_input_ranges"):
        low, high = at(of, "min_cents"), at(of, "max_cents")
        if all(isinstance(cents, int) and 0 <= cents < _TOO_MUCH for cents in (low, high)):
            per = PayPeriod.HOUR if high < _HOURLY_BELOW else PayPeriod.YEAR
            return pay(low / 100, high / 100, at(of, "currency_type"), per)
    return None


FORMAT = JsonFormat("greenhouse", frozenset({"absolute_url", "internal_job_id"}), _read, under="jobs", whole=True)
