"""Lever: api.lever.co/v0/postings/BOARD?mode=json, a bare list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.places import workplace_in
from bot.jobs.posting import Posting
from bot.sources.document import JsonFormat
from bot.sources.values import at, company_in, country, items, joined, key, moment, pay, period, text, texts


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    url, salary = text(job, "hostedUrl"), at(job, "salaryRange") or {}
    return Posting(
        title=text(job, "text"),
        company=company_in(url, "lever.co"),
        key=key(job, "id"),
        url=url,
        places=texts(job, "categories", "allLocations") or texts(job, "categories", "location"),
        countries=country(text(job, "country")),
        workplace=workplace_in(text(job, "workplaceType")),
        employment=text(job, "categories", "commitment"),
        pay=pay(at(salary, "min"), at(salary, "max"), at(salary, "currency"), period(text(salary, "interval"))),
        posted=moment(job, "createdAt"),
        text=_said(job),
        tags=(text(job, "categories", "department"), text(job, "categories", "team")),
    )


def _said(job: Mapping[str, Any]) -> str:
    begins = text(job, "descriptionPlain") or text(job, "description")
    lists = (joined(text(each, "text"), text(each, "content")) for each in items(job, "lists"))
    return joined(begins, *lists, text(job, "additionalPlain"))


FORMAT = JsonFormat("lever", frozenset({"text", "categories", "hostedUrl"}), _read, whole=True)
