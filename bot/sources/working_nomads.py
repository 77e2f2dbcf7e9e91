"""Working Nomads: www.workingnomads.com/api/exposed_jobs/, a bare list without ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.posting import Posting, Workplace
from bot.sources.document import JsonFormat
from bot.sources.values import moment, parts, text


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    return Posting(
        title=text(job, "title"),
        company=text(job, "company_name"),
        url=text(job, "url"),
        places=(text(job, "location"),),
        workplace=Workplace.REMOTE,
        posted=moment(job, "pub_date"),
        text=text(job, "description"),
        tags=(text(job, "category_name"), *parts(job, "tags")),
    )


FORMAT = JsonFormat(
    "working-nomads", frozenset({"company_name", "category_name", "pub_date"}), _read, credit="Working Nomads"
)
