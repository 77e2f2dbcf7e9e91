"""Jobs in the store: imported, looked up, featured and closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.announcing import DeliveryState
from bot.jobs.job import LIFETIME, Job, JobState, Pay, PayPeriod, Stored
from bot.jobs.pay import yearly
from bot.language.facets import Employment, Filters, Level
from bot.store.engine import Database
from bot.store.tables import deliveries, delivery_jobs, jobs

_LISTED = 900  # ids in one statement; SQLite's oldest limit is 999
_KEPT = frozenset(("id", "source", "source_id", "first_seen", "position"))  # as they were when the job was first met
_COMPARED = tuple(field.name for field in fields(Job) if field.name not in _KEPT)
_APPEARED = func.coalesce(jobs.c.posted, jobs.c.first_seen)
_NEWEST_FIRST = (_APPEARED.desc(), jobs.c.position, jobs.c.id)
OLDEST_FIRST = (_APPEARED, jobs.c.position.desc(), jobs.c.id.desc())  # as bot.jobs.planning says
_IS_OPEN = jobs.c.state == JobState.OPEN.value


class JobRepository:
    """All jobs that were ever imported."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upsert(self, new: Sequence[Job], now: datetime) -> Stored:
        """Store jobs in one transaction, as met `now`; what somebody featured or closed by hand stays so."""
        found: dict[str, list[Job]] = {"new": [], "changed": [], "unchanged": []}
        async with self._database.transaction() as connection:
            known = await _by_id(connection, [job.id for job in new])
            unmet: dict[str, Job] = {}
            for job in new:
                if job.id not in known:
                    unmet.setdefault(job.id, job)
            if unmet:
                await connection.execute(insert(jobs), [job_values(job) | {"last_seen": now} for job in unmet.values()])
                found["new"] += unmet.values()
                known |= unmet
            for job in new:
                before = known[job.id]
                if job is before:
                    continue
                after = _merged(before, job)
                if after != before:
                    await connection.execute(update(jobs).where(jobs.c.id == job.id), job_values(after))
                    known[job.id] = after
                if before.state is JobState.OPEN and after.state is not JobState.OPEN:
                    await _withdraw(connection, job.id, now, after.state)
                found["unchanged" if after == before else "changed"].append(after)
            await _note_seen(connection, [job.id for job in new], now)
        return Stored(**{kind: tuple(each) for kind, each in found.items()})

    async def get(self, job: str) -> Job | None:
        """Return one job."""
        async with self._database.reading() as connection:
            return (await _by_id(connection, [job])).get(job)

    async def starting_with(self, prefix: str) -> tuple[Job, ...]:
        """Return the jobs whose id starts with `prefix`."""
        return await self._all(jobs.c.id.startswith(prefix, autoescape=True))

    async def every(self) -> tuple[Job, ...]:
        """Return all jobs, the closed too, newest first."""
        return await self._all()

    async def open(self) -> tuple[Job, ...]:
        """Return all open jobs, newest first."""
        return await self._all(_IS_OPEN)

    async def search(
        self, *, roles: Sequence[str] = (), filters: Filters | None = None, limit: int = 10, offset: int = 0
    ) -> tuple[tuple[Job, ...], int]:
        """Return the newest open jobs of any of `roles` (none: all) that fit `filters`, and how many there are."""
        wanted = and_(_IS_OPEN, *_conditions(filters or Filters()))
        if roles:
            wanted = and_(wanted, jobs.c.role.in_(tuple(roles)))
        page = select(jobs).where(wanted).order_by(*_NEWEST_FIRST).limit(limit).offset(offset)
        async with self._database.reading() as connection:
            total = (await connection.execute(select(func.count()).select_from(jobs).where(wanted))).scalar_one()
            return tuple(map(job_of, (await connection.execute(page)).mappings())), total

    async def feature(self, job: str) -> bool:
        """Mark an open job as featured; False when it is closed, unknown or featured already."""
        change = update(jobs).where(jobs.c.id == job, _IS_OPEN, jobs.c.featured == 0).values(featured=1)
        async with self._database.transaction() as connection:
            return (await connection.execute(change)).rowcount == 1

    async def close(self, job: str, now: datetime) -> int | None:
        """Close an open job and withdraw it where it was not sent yet; return from how many channels.

        None when there is no such open job.
        """
        change = update(jobs).where(jobs.c.id == job, _IS_OPEN).values(state=JobState.CLOSED.value)
        async with self._database.transaction() as connection:
            if (await connection.execute(change)).rowcount == 0:
                return None
            return await _withdraw(connection, job, now, JobState.CLOSED)

    async def expire(self, now: datetime) -> int:
        """Let open jobs expire whose end has passed, or that were not met for long; return how many did."""
        over = or_(jobs.c.expires <= now, and_(jobs.c.expires.is_(None), jobs.c.last_seen <= now - LIFETIME))
        async with self._database.transaction() as connection:
            found = (await connection.execute(select(jobs.c.id).where(_IS_OPEN, over))).scalars().all()
            for job in found:
                await connection.execute(
                    update(jobs).where(jobs.c.id == job).values(state=JobState.CLOSED.value, expired=1)
                )
                await _withdraw(connection, job, now, JobState.EXPIRED)
        return len(found)

    async def _all(self, *conditions: ColumnElement[bool]) -> tuple[Job, ...]:
        statement = select(jobs).where(*conditions).order_by(*_NEWEST_FIRST)
        async with self._database.reading() as connection:
            return tuple(map(job_of, (await connection.execute(statement)).mappings()))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """Return what open jobs have to fulfil; a job that does not tell a thing does not fulfil it, but for remote."""
    conditions: list[ColumnElement[bool]] = []
    if filters.country is not None:
        conditions.append(jobs.c.countries.contains(f" {filters.country} ", autoescape=True))
    if filters.level is not None:
        conditions.append(jobs.c.level == filters.level.value)
    if filters.remote is not None:
        conditions.append(jobs.c.remote == 1 if filters.remote else or_(jobs.c.remote.is_(None), jobs.c.remote == 0))
    if filters.employment is not None:
        conditions.append(jobs.c.employment.contains(f" {filters.employment.value} ", autoescape=True))
    if filters.salary_min is not None:
        conditions.append(jobs.c.pay_yearly_high >= filters.salary_min)
    return conditions


async def _by_id(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Job]:
    found: dict[str, Job] = {}
    for at in range(0, len(ids), _LISTED):
        rows = await connection.execute(select(jobs).where(jobs.c.id.in_(ids[at : at + _LISTED])))
        found |= {row["id"]: job_of(row) for row in rows.mappings()}
    return found


def _merged(before: Job, job: Job) -> Job:
    """Return `before` with what `job` says; featured and closed are only ever added, a known date is not forgotten."""
    said = {name: getattr(job, name) for name in _COMPARED}
    said["featured"] = before.featured or job.featured
    said["state"] = JobState.CLOSED if before.state is JobState.CLOSED else job.state
    said["posted"] = job.posted or before.posted
    return replace(before, **said)


async def _note_seen(connection: AsyncConnection, ids: Sequence[str], now: datetime) -> None:
    for at in range(0, len(ids), _LISTED):
        met = jobs.c.id.in_(ids[at : at + _LISTED])
        await connection.execute(update(jobs).where(met, jobs.c.last_seen < now).values(last_seen=now))


async def _withdraw(connection: AsyncConnection, job: str, now: datetime, state: JobState) -> int:
    """Skip what waits to be sent; what may have been sent becomes unknown. Return how many were skipped."""
    of_job = deliveries.c.id.in_(select(delivery_jobs.c.delivery).where(delivery_jobs.c.job == job))
    waiting = deliveries.c.state.in_([each.value for each in WAITING])
    certain = deliveries.c.uncertain_attempt.is_(None)
    skipped = await connection.execute(
        update(deliveries)
        .where(of_job, waiting, certain)
        .values(state=DeliveryState.SKIPPED.value, settled=now, reason=f"the job is {state.value}")
    )
    await connection.execute(
        update(deliveries)
        .where(of_job, waiting, ~certain)
        .values(
            state=DeliveryState.UNKNOWN.value,
            settled=now,
            reason=f"the job is {state.value}, and it is not known whether its message had arrived",
        )
    )
    return skipped.rowcount


WAITING = (DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.PAUSED)


def job_of(row: RowMapping | Mapping[str, Any]) -> Job:
    """Return the job of a row of `jobs`."""
    pay = (
        Pay(row["pay_low"], row["pay_high"], row["pay_currency"], PayPeriod(row["pay_period"]))
        if row["pay_low"] is not None
        else None
    )
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
        employment=tuple(map(Employment, row["employment"].split())),
        level=Level(row["level"]) if row["level"] else None,
        pay=pay,
        url=row["url"],
        posted=row["posted"],
        featured=bool(row["featured"]),
        state=JobState.EXPIRED if row["expired"] else JobState(row["state"]),
        position=row["position"],
        source_id=row["source_id"],
        expires=row["expires"],
    )


def job_values(job: Job) -> dict[str, Any]:
    """Return the row of a job."""
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
        "featured": int(job.featured),
        "state": JobState.OPEN.value if job.state is JobState.OPEN else JobState.CLOSED.value,
        "position": job.position,
        "expires": job.expires,
        "expired": int(job.state is JobState.EXPIRED),
    }


def _listed(values: Sequence[str]) -> str:
    return f" {' '.join(values)} " if values else ""
