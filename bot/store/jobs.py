"""Jobs in the store: imported, looked up, featured and closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.job import LIFETIME, Job, JobState, Stored
from bot.jobs.query import JobQuery
from bot.store.copies import LISTED, end, refresh, with_copies, withdraw
from bot.store.engine import Database
from bot.store.rows import IS_SHOWN, NEWEST_FIRST, job_of, job_values
from bot.store.searching import search
from bot.store.tables import INDEX_WORDS, jobs

_KEPT = frozenset(("id", "source", "source_id", "first_seen", "position"))  # as they were when the job was first met
_OWN = frozenset(
    ("copy_of", "evidence", "copies", "elsewhere", "reposts", "reopened", "edited", "stamped")
)  # what we alone know
_COMPARED = tuple(field.name for field in fields(Job) if field.name not in _KEPT | _OWN)
_RESTAMPED = timedelta(days=1)


class JobRepository:
    """All jobs that were ever imported."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upsert(
        self, new: Sequence[Job], now: datetime, *, featured: Callable[[Job], bool] | None = None
    ) -> Stored:
        """Store jobs in one transaction, as met `now`; what somebody featured or closed by hand stays so.

        `featured` tells which of those that are not known yet are featured.
        """
        found: dict[str, list[Job]] = {"new": [], "changed": [], "unchanged": [], "merged": []}
        async with self._database.transaction() as connection:
            known = await _by_id(connection, [job.id for job in new])
            unmet: dict[str, Job] = {}
            for job in new:
                if job.id not in known:
                    unmet.setdefault(job.id, job)
            chosen = [replace(job, featured=True) if featured and featured(job) else job for job in unmet.values()]
            for job in await _insert(connection, chosen, now):
                found["merged" if job.copy_of else "new"].append(job)
                known[job.id] = unmet[job.id] = job
            for job in new:
                before = known[job.id]
                if job.id in unmet:
                    continue
                after = _merged(before, job)
                if after != before:
                    changed = job_values(after) | {"planned": 0}
                    await connection.execute(update(jobs).where(jobs.c.id == job.id), changed)
                    known[job.id] = after
                if before.state is JobState.OPEN and after.state is not JobState.OPEN:
                    await withdraw(connection, job.id, now, after.state)
                found["unchanged" if after == before else "changed"].append(after)
            originals = {of: None for job in new if (of := known[job.id].copy_of)}
            await _note_seen(connection, [*(job.id for job in new), *originals], now)
            touched = (*found["merged"], *found["changed"])
            await refresh(connection, {job.copy_of: None for job in touched if job.copy_of}, now)
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
        return await self._all(jobs.c.copy_of.is_(None))

    async def open(self) -> tuple[Job, ...]:
        """Return all open jobs, newest first."""
        return await self._all(IS_SHOWN)

    async def copies_of(self, job: str) -> tuple[Job, ...]:
        """Return the other adverts of a job, newest first."""
        return await self._all(jobs.c.copy_of == job)

    async def search(self, query: JobQuery, *, limit: int = 10, offset: int = 0) -> tuple[tuple[Job, ...], int]:
        """Return a page of the open jobs that are looked for, best first, and how many there are.

        Of jobs that are looked for by words, as many as RANKED are counted.
        """
        async with self._database.reading() as connection:
            return await search(connection, query, limit=limit, offset=offset)

    async def feature(self, job: str) -> bool:
        """Mark an open job as featured; False when it is closed, unknown or featured already."""
        change = update(jobs).where(_original(job), IS_SHOWN, jobs.c.featured == 0).values(featured=1)
        async with self._database.transaction() as connection:
            return (await connection.execute(change)).rowcount == 1

    async def edit(self, job: Job) -> bool:
        """Store an open job as somebody changed it, which no source undoes; False when there is no such open job.

        Its id, state and whether it is featured stay, and what the store alone knows.
        """
        async with self._database.transaction() as connection:
            before = (await _by_id(connection, [job.id])).get(job.id)
            if before is None or before.state is not JobState.OPEN or before.copy_of:
                return False
            said = {name: getattr(job, name) for name in _COMPARED if name not in {"featured", "state"}}
            values = job_values(replace(before, **said, edited=True)) | {"planned": 0}
            await connection.execute(update(jobs).where(jobs.c.id == job.id), values)
        return True

    async def close(self, job: str, now: datetime) -> int | None:
        """Close an open job and withdraw it where it was not sent yet; return from how many channels.

        None when there is no such open job.
        """
        change = (
            update(jobs)
            .where(_original(job), IS_SHOWN)
            .values(state=JobState.CLOSED.value, gone=0, expired=0)
            .returning(jobs.c.id)
        )
        async with self._database.transaction() as connection:
            closed = (await connection.execute(change)).scalar_one_or_none()
            return closed and await withdraw(connection, closed, now, JobState.CLOSED)

    async def expire(self, now: datetime) -> int:
        """Let open jobs expire whose end has passed, or that were not met for long; return how many did."""
        over = or_(jobs.c.expires <= now, and_(jobs.c.expires.is_(None), jobs.c.last_seen <= now - LIFETIME))
        async with self._database.transaction() as connection:
            open_ = and_(jobs.c.state == JobState.OPEN.value, jobs.c.expired == 0)
            found = (await connection.execute(select(jobs.c.id).where(open_, over))).scalars().all()
            await end(connection, found, now, JobState.EXPIRED)
        return len(found)

    async def _all(self, *conditions: ColumnElement[bool]) -> tuple[Job, ...]:
        statement = select(jobs).where(*conditions).order_by(*NEWEST_FIRST)
        async with self._database.reading() as connection:
            return tuple(map(job_of, (await connection.execute(statement)).mappings()))


async def _by_id(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Job]:
    found: dict[str, Job] = {}
    for at in range(0, len(ids), LISTED):
        rows = await connection.execute(select(jobs).where(jobs.c.id.in_(ids[at : at + LISTED])))
        found |= {row["id"]: job_of(row) for row in rows.mappings()}
    return found


def _merged(before: Job, job: Job) -> Job:
    """Return `before` with what `job` says; featured is only ever added, and what somebody did by hand stays."""
    said: dict[str, Any] = {"gone": False} if before.edited else {name: getattr(job, name) for name in _COMPARED}
    said["featured"] = before.featured or job.featured
    said["state"] = JobState.CLOSED if before.closed_by_hand else job.state
    reopened = before.state is not JobState.OPEN and said["state"] is JobState.OPEN
    stamped = before.stamped or before.posted
    restamped = bool(stamped and job.posted and job.posted - stamped > _RESTAMPED)
    said["posted"] = min((each for each in (before.posted, job.posted) if each), default=None)
    return replace(
        before,
        **said,
        stamped=job.posted if restamped else before.stamped,
        reopened=before.reopened + reopened,
        reposts=before.reposts + restamped,
    )


async def _insert(connection: AsyncConnection, new: Sequence[Job], now: datetime) -> list[Job]:
    """Write jobs that are not known, and return them, those that are another advert of one as its copies."""
    if not new:
        return []
    placed = await with_copies(connection, new, now)
    last = (await connection.execute(select(func.coalesce(func.max(jobs.c.number), 0)))).scalar_one()
    rows = [job_values(job) | {"last_seen": now, "number": last + at} for at, job in enumerate(placed, 1)]
    await connection.execute(insert(jobs), rows)
    await connection.execute(INDEX_WORDS, {"last": last})
    return placed


def _original(job: str) -> ColumnElement[bool]:
    """Return what is true of the job `job`, or of the one that it is another advert of."""
    copied = select(jobs.c.copy_of).where(jobs.c.id == job).scalar_subquery()
    return jobs.c.id == func.coalesce(copied, job)


async def _note_seen(connection: AsyncConnection, ids: Sequence[str], now: datetime) -> None:
    for at in range(0, len(ids), LISTED):
        met = jobs.c.id.in_(ids[at : at + LISTED])
        await connection.execute(update(jobs).where(met, jobs.c.last_seen < now).values(last_seen=now))
