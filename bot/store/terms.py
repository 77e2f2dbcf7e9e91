"""What a subscription is for, as columns of `subscriptions`, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import time
from typing import Any

from sqlalchemy import RowMapping

from bot.jobs.announcing import Terms
from bot.jobs.query import JobQuery
from bot.jobs.timetable import Timetable
from bot.language.facets import Employment, Filters, Level

ALL_JOBS = "{}"


def terms_of(row: RowMapping | Mapping[str, Any]) -> Terms:
    """Return the terms of a row of `subscriptions`."""
    quiet = None if row["quiet_from"] is None else (_time(row["quiet_from"]), _time(row["quiet_to"]))
    return Terms(
        query=read_filter(row["filter"]),
        timetable=Timetable(row["cron"], row["zone"], quiet),
        cap=row["cap"],
        mention=row["mention"],
    )


def terms_values(terms: Terms) -> dict[str, Any]:
    """Return the columns that terms fill."""
    quiet_from, quiet_to = map(_minutes, terms.timetable.quiet or (None, None))
    return {
        "mode": "digest" if terms.timetable.cron else "each",
        "filter": write_filter(terms.query),
        "cron": terms.timetable.cron,
        "zone": terms.timetable.zone,
        "quiet_from": quiet_from,
        "quiet_to": quiet_to,
        "cap": terms.cap,
        "mention": terms.mention,
    }


def write_filter(query: JobQuery) -> str:
    """Return what a query asks for as a JSON object; without `since`, which no subscription has."""
    filters = query.filters
    said = {
        "roles": query.roles,
        "country": filters.country,
        "level": filters.level,
        "remote": filters.remote,
        "employment": filters.employment,
        "salary_min": filters.salary_min,
        "company": query.company,
        "words": query.words,
        "paid": query.paid or None,
        "sources": query.sources,
    }
    return json.dumps({name: value for name, value in said.items() if value is not None and value != ()})


def read_filter(text: str) -> JobQuery:
    """Return the query that a JSON object asks for."""
    said = json.loads(text)
    level, employment = said.get("level"), said.get("employment")
    return JobQuery(
        roles=tuple(said.get("roles", ())),
        filters=Filters(
            country=said.get("country"),
            level=Level(level) if level else None,
            remote=said.get("remote"),
            employment=Employment(employment) if employment else None,
            salary_min=said.get("salary_min"),
        ),
        company=said.get("company"),
        words=tuple(said.get("words", ())),
        paid=said.get("paid", False),
        sources=tuple(said.get("sources", ())),
    )


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _minutes(moment: time | None) -> int | None:
    return None if moment is None else moment.hour * 60 + moment.minute
