"""Remotive: remotive.com/api/remote-jobs, at most four requests a day; its notice asks for a link back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.posting import Posting, Workplace
from bot.sources.document import JsonFormat
from bot.sources.values import key, moment, text, texts


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    return Posting(
        title=text(job, "title"),
        company=text(job, "company_name"),
        key=key(job, "id"),
        url=text(job, "url"),
        places=(text(job, "candidate_required_location"),),
        workplace=Workplace.REMOTE,
        employment=text(job, "job_type"),
        pay=text(job, "salary") or None,
        posted=moment(job, "publication_date"),
        text=text(job, "description"),
        tags=(text(job, "category"), *texts(job, "tags")),
    )


FORMAT = JsonFormat(
    "remotive",
    frozenset({"candidate_required_location", "company_name"}),
    _read,
    under="jobs",
    whole=True,
    credit="Remotive",
    daily=4,
)
