"""Jobs that people keep for themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select

from bot.jobs.job import Job
from bot.jobs.saving import Saved
from bot.store.engine import Database
from bot.store.rows import job_of
from bot.store.tables import jobs, saved


class SavedRepository:
    """Who keeps which jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, person: int, job: str, now: datetime, *, most: int) -> Saved:
        """Keep a job for a person, who can have `most`; another advert of a job stands for that job."""
        async with self._database.transaction() as connection:
            original = select(func.coalesce(jobs.c.copy_of, jobs.c.id)).where(jobs.c.id == job)
            kept = (await connection.execute(original)).scalar_one_or_none()
            if kept is None:
                return Saved.GONE
            theirs = (await connection.execute(select(saved.c.job).where(saved.c.person == person))).scalars().all()
            if kept in theirs:
                return Saved.KNOWN
            if len(theirs) >= most:
                return Saved.FULL
            await connection.execute(insert(saved).values(person=person, job=kept, at=now))
        return Saved.NEW

    async def of(self, person: int) -> tuple[Job, ...]:
        """Return the jobs that a person keeps, the one that was saved last first."""
        statement = (
            select(jobs)
            .join(saved, saved.c.job == jobs.c.id)
            .where(saved.c.person == person)
            .order_by(saved.c.at.desc(), jobs.c.id)
        )
        async with self._database.reading() as connection:
            return tuple(map(job_of, (await connection.execute(statement)).mappings()))

    async def remove(self, person: int, job: str) -> None:
        """Forget that a person keeps a job."""
        await self._delete(saved.c.person == person, saved.c.job == job)

    async def remove_all(self, person: int) -> None:
        """Forget every job that a person keeps."""
        await self._delete(saved.c.person == person)

    async def _delete(self, *conditions: ColumnElement[bool]) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(delete(saved).where(*conditions))
