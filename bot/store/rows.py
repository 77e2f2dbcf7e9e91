"""A job as a row of `jobs`, and back; which rows are shown, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, and_, literal_column

from bot.jobs.duplicates import company_key, title_key
from bot.jobs.job import Job, JobState, Pay, PayPeriod
from bot.jobs.pay import yearly
from bot.language.facets import Employment, Level
from bot.store.tables import jobs

IS_SHOWN = and_(jobs.c.state == literal_column("'open'"), jobs.c.copy_of.is_(None))  # as the indexes say
NEWEST_FIRST = (jobs.c.appeared.desc(), jobs.c.position, jobs.c.id)
OLDEST_FIRST = (jobs.c.appeared, jobs.c.position.desc(), jobs.c.id.desc())  # as bot.jobs.planning says


def job_of(row: RowMapping | Mapping[str, Any]) -> Job:
    """Return the job of a row of `jobs`."""
    pay = (
        Pay(row["pay_low"], row["pay_high"], row["pay_currency"], PayPeriod(row["pay_period"]))
        if row["pay_low"] is not None
        else None
    )
    over = row["state"] != JobState.OPEN.value
    return Job(
        id=row["id"],
        title=row["title"],
        company=row["company"],
        source=row["source"],
        first_seen=row["first_seen"],
        role=row["role"],
        place=row["place"],
        countries=tuple(row["countries"].split()),
        remote=None if row["remote"] is None else bool(row["remote"]),
        employment=employment_of(row["employment"]),
        level=Level(row["level"]) if row["level"] else None,
        pay=pay,
        url=row["url"],
        posted=row["posted"],
        featured=bool(row["featured"]),
        state=JobState.EXPIRED if over and row["expired"] else JobState(row["state"]),
        position=row["position"],
        source_id=row["source_id"],
        expires=row["expires"],
        hybrid=bool(row["hybrid"]),
        text=row["text"],
        tags=tuple(row["tags"].splitlines()),
        credit=row["credit"],
        copy_of=row["copy_of"],
        evidence=row["evidence"],
        copies=row["copies"],
        elsewhere=tuple(row["elsewhere"].splitlines()),
        reposts=row["reposts"],
        reopened=row["reopened"],
        gone=bool(row["gone"] or (row["expired"] and not over)),
        edited=bool(row["edited"]),
        stamped=row["stamped"],
    )


def job_values(job: Job) -> dict[str, Any]:
    """Return the row of a job, but for its number and when it was last met."""
    return {
        "id": job.id,
        "title": job.title,
        "company": job.company,
        "source": job.source,
        "source_id": job.source_id,
        "role": job.role,
        "place": job.place,
        "countries": _listed(job.countries),
        "remote": None if job.remote is None else int(job.remote),
        "employment": _listed([employment.value for employment in job.employment]),
        "level": job.level and job.level.value,
        "pay_low": job.pay and job.pay.low,
        "pay_high": job.pay and job.pay.high,
        "pay_currency": job.pay and job.pay.currency,
        "pay_period": job.pay and job.pay.period.value,
        "pay_yearly_high": job.pay and yearly(job.pay)[1],
        "url": job.url,
        "posted": job.posted,
        "first_seen": job.first_seen,
        "appeared": job.posted or job.first_seen,
        "featured": int(job.featured),
        "state": JobState.OPEN.value if job.state is JobState.OPEN else JobState.CLOSED.value,
        "position": job.position,
        "expires": job.expires,
        "expired": int(job.state is JobState.EXPIRED),
        "hybrid": int(job.hybrid),
        "text": job.text,
        "tags": "\n".join(job.tags),
        "credit": job.credit,
        "company_key": company_key(job.company),
        "title_key": title_key(job.title, job.place),
        "copy_of": job.copy_of,
        "evidence": job.evidence,
        "copies": job.copies,
        "elsewhere": "\n".join(job.elsewhere),
        "reposts": job.reposts,
        "reopened": job.reopened,
        "gone": int(job.gone),
        "edited": int(job.edited),
        "stamped": job.stamped,
    }


def employment_of(stored: str) -> tuple[Employment, ...]:
    """Return the kinds of employment that a row tells."""
    return tuple(map(Employment, stored.split()))


def _listed(values: Sequence[str]) -> str:
    return f" {' '.join(values)} " if values else ""
