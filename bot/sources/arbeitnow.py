"""Arbeitnow: www.arbeitnow.com/api/job-board-api."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.places import workplace_of
from bot.jobs.posting import Posting
from bot.sources.document import JsonFormat
from bot.sources.values import flag, key, moment, text, texts


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    return Posting(
        title=text(job, "title"),
        company=text(job, "company_name"),
        key=key(job, "slug"),
        url=text(job, "url"),
        places=(text(job, "location"),),
        workplace=workplace_of(remote=flag(job, "remote")),
        employment=" ".join(texts(job, "job_types")),
        posted=moment(job, "created_at"),
        text=text(job, "description"),
        tags=texts(job, "tags"),
    )


FORMAT = JsonFormat(
    "arbeitnow", frozenset({"slug", "job_types", "company_name"}), _read, under="data", credit="Arbeitnow"
)
