"""Sources that are polled, and which jobs each of them has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, and_, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.job import JobState
from bot.jobs.polling import Featuring, Origin, Source, SourceState
from bot.store.copies import end
from bot.store.engine import Database
from bot.store.tables import jobs, sightings, sources

MISSED = 2
"""In how many whole fetches in a row a job is missing before it counts as gone."""
_SETUP = ("address", "form", "company", "every", "daily", "featured", "matching", "origin")
_SEEN = text(
    "INSERT INTO sightings (source, job, missed) SELECT :source, value, 0 FROM json_each(:jobs) WHERE true "
    "ON CONFLICT (source, job) DO UPDATE SET missed = 0"
)
_MISSED = text(
    "UPDATE sightings SET missed = missed + 1 "
    "WHERE source = :source AND job NOT IN (SELECT value FROM json_each(:jobs))"
)


class SourceRepository:
    """All sources that are asked by themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def every(self) -> tuple[Source, ...]:
        """Return all sources by name."""
        return await self._all(select(sources).order_by(sources.c.name))

    async def get(self, name: str) -> Source | None:
        """Return one source."""
        found = await self._all(select(sources).where(sources.c.name == name))
        return found[0] if found else None

    async def due(self, now: datetime) -> tuple[Source, ...]:
        """Return the sources that are to be asked now, the one that waits longest first."""
        on = and_(sources.c.state == SourceState.ON.value, sources.c.due <= now)
        return await self._all(select(sources).where(on).order_by(sources.c.due, sources.c.name))

    async def add(self, source: Source, now: datetime) -> bool:
        """Add a source, due at once; False when there is one of its name."""
        async with self._database.transaction() as connection:
            if (await connection.execute(select(sources.c.name).where(sources.c.name == source.name))).first():
                return False
            await connection.execute(insert(sources).values(_values(source) | {"due": source.due or now}))
            return True

    async def note(self, source: Source) -> None:
        """Write down how a source is doing; what it is set up as, and whether somebody paused it, stays."""
        values = {name: value for name, value in _values(source).items() if name not in {"name", *_SETUP}}
        mine = and_(sources.c.name == source.name, sources.c.state == SourceState.ON.value)
        async with self._database.transaction() as connection:
            await connection.execute(update(sources).where(mine).values(values))

    async def pause(self, name: str, reason: str) -> bool:
        """Pause a source; False when there is none of that name that is on."""
        on = and_(sources.c.name == name, sources.c.state == SourceState.ON.value)
        return await self._changed(update(sources).where(on).values(state=SourceState.PAUSED.value, reason=reason))

    async def resume(self, name: str, now: datetime) -> bool:
        """Ask a paused source again, at once; False when there is none of that name."""
        paused = and_(sources.c.name == name, sources.c.state == SourceState.PAUSED.value)
        on = {"state": SourceState.ON.value, "reason": None, "failures": 0, "due": now}
        return await self._changed(update(sources).where(paused).values(on))

    async def remove(self, name: str) -> bool:
        """Forget a source; its jobs stay until they expire. False when there is none of that name."""
        return await self._changed(delete(sources).where(sources.c.name == name))

    async def follow_file(self, listed: Sequence[Source], now: datetime) -> None:
        """Make the sources of the file those that are `listed`; how each is doing is kept."""
        async with self._database.transaction() as connection:
            known = {row["name"]: row for row in (await connection.execute(select(sources))).mappings()}
            names = {source.name for source in listed}
            gone = [name for name, row in known.items() if row["origin"] == Origin.FILE.value and name not in names]
            await connection.execute(delete(sources).where(sources.c.name.in_(gone)))
            for source in listed:
                values = _values(source)
                if source.name not in known:
                    await connection.execute(insert(sources).values(values | {"due": now}))
                    continue
                setup = {name: values[name] for name in _SETUP}
                if known[source.name]["address"] != source.address:
                    setup |= {"etag": None, "modified": None, "due": now}
                await connection.execute(update(sources).where(sources.c.name == source.name).values(setup))

    async def note_jobs(self, name: str, met: Sequence[str], now: datetime, *, whole: bool) -> int:
        """Write down which jobs a source had, and return how many are over now.

        Where that was its `whole` board, a job that it has not had twice in a row is gone, unless another source has
        it.
        """
        given = {"source": name, "jobs": json.dumps(list(met))}
        async with self._database.transaction() as connection:
            if not (await connection.execute(select(sources.c.name).where(sources.c.name == name))).first():
                return 0  # somebody has removed it meanwhile
            await connection.execute(_SEEN, given)
            if not whole:
                return 0
            await connection.execute(_MISSED, given)
            lost = and_(sightings.c.source == name, sightings.c.missed >= MISSED)
            gone = (await connection.execute(delete(sightings).where(lost).returning(sightings.c.job))).scalars().all()
            over = await _had_by_no_other(connection, gone)
            await end(connection, over, now, JobState.CLOSED)
            return len(over)

    async def note_unchanged(self, name: str, now: datetime) -> None:
        """Write down that a source still has the jobs that it had."""
        had = select(sightings.c.job).where(sightings.c.source == name, sightings.c.missed == 0)
        originals = select(jobs.c.copy_of).where(jobs.c.id.in_(had))
        async with self._database.transaction() as connection:
            met = jobs.c.id.in_(had) | jobs.c.id.in_(originals)
            await connection.execute(update(jobs).where(met, jobs.c.last_seen < now).values(last_seen=now))

    async def open_jobs(self) -> dict[str, int]:
        """Return how many open jobs each source has."""
        statement = (
            select(sightings.c.source, func.count().label("jobs"))
            .join(jobs, jobs.c.id == sightings.c.job)
            .where(jobs.c.state == JobState.OPEN.value)
            .group_by(sightings.c.source)
        )
        async with self._database.reading() as connection:
            return {row.source: row.jobs for row in await connection.execute(statement)}

    async def _all(self, statement: Any) -> tuple[Source, ...]:
        async with self._database.reading() as connection:
            return tuple(map(_source, (await connection.execute(statement)).mappings()))

    async def _changed(self, statement: Any) -> bool:
        async with self._database.transaction() as connection:
            return bool((await connection.execute(statement)).rowcount)


async def _had_by_no_other(connection: AsyncConnection, gone: Sequence[str]) -> list[str]:
    statement = text("SELECT value FROM json_each(:jobs) WHERE value NOT IN (SELECT job FROM sightings)")
    return list((await connection.execute(statement, {"jobs": json.dumps(list(gone))})).scalars())


def _source(row: RowMapping) -> Source:
    return Source(
        name=row["name"],
        address=row["address"],
        form=row["form"],
        company=row["company"],
        every=timedelta(seconds=row["every"]),
        daily=row["daily"],
        featured=Featuring(row["featured"]),
        matching=row["matching"],
        origin=Origin(row["origin"]),
        state=SourceState(row["state"]),
        reason=row["reason"],
        due=row["due"],
        etag=row["etag"],
        modified=row["modified"],
        failures=row["failures"],
        succeeded=row["succeeded"],
        asked=row["asked"],
        asked_on=row["asked_on"],
    )


def _values(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "address": source.address,
        "form": source.form,
        "company": source.company,
        "every": round(source.every.total_seconds()),
        "daily": source.daily,
        "featured": source.featured.value,
        "matching": source.matching,
        "origin": source.origin.value,
        "state": source.state.value,
        "reason": source.reason,
        "due": source.due,
        "etag": source.etag,
        "modified": source.modified,
        "failures": source.failures,
        "succeeded": source.succeeded,
        "asked": source.asked,
        "asked_on": source.asked_on,
    }
