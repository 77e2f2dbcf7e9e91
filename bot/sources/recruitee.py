"""Recruitee: COMPANY.recruitee.com/api/offers/."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.places import workplace_of
from bot.jobs.posting import Posting
from bot.sources.document import JsonFormat
from bot.sources.values import at, country, flag, items, joined, key, moment, pay, period, text, texts


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    salary = at(job, "salary") or {}
    places = [", ".join(filter(None, (text(p, "city"), text(p, "country")))) for p in items(job, "locations")]
    codes = [code for place in items(job, "locations") for code in country(text(place, "country_code"))]
    return Posting(
        title=text(job, "title"),
        company=text(job, "company_name"),
        key=key(job, "id"),
        url=text(job, "careers_url"),
        places=tuple(places) or (text(job, "city"),),
        countries=tuple(dict.fromkeys(codes)) or country(text(job, "country_code")),
        workplace=workplace_of(remote=flag(job, "remote"), hybrid=flag(job, "hybrid"), on_site=flag(job, "on_site")),
        employment=text(job, "employment_type_code"),
        level=text(job, "experience_code"),
        pay=pay(at(salary, "min"), at(salary, "max"), at(salary, "currency"), period(text(salary, "period"))),
        posted=moment(job, "published_at"),
        expires=moment(job, "close_at"),
        text=joined(text(job, "description"), text(job, "requirements")),
        tags=(text(job, "department"), *texts(job, "tags")),
    )


FORMAT = JsonFormat("recruitee", frozenset({"careers_url", "guid", "title"}), _read, under="offers", whole=True)
