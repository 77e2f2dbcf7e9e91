"""Several adverts of one job in the store: found when they come in, and the job kept open while one of them is."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, RowMapping, and_, bindparam, case, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.announcing import DeliveryKind, DeliveryState
from bot.jobs.duplicates import COMPARED, Advert, advert_of, alike_among, company_key, find_twin
from bot.jobs.job import Job, JobState
from bot.store.tables import Moment, deliveries, delivery_jobs, jobs

LISTED = 900  # ids in one statement; SQLite's oldest limit is 999
WAITING = (DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.PAUSED)
_REMEMBERED = timedelta(days=180)
"""How long after it was last met a job is still known again under another address."""
_TITLES = text(
    "SELECT company.value AS company_key, (SELECT group_concat(number || ' ' || title_key, char(10)) FROM ("
    "SELECT number, title_key FROM jobs WHERE company_key = company.value ORDER BY number DESC LIMIT :compared"
    ")) AS titles FROM json_each(:companies) AS company"
).bindparams(compared=COMPARED)
"""Of a company's newest jobs, from the index alone; a row for each job would take ten times as long."""
_COLUMNS = "jobs.id, jobs.title_key, jobs.company_key, jobs.role, jobs.level, jobs.employment, jobs.place, jobs.source"
_OF_ORIGINALS = "copy_of IS NULL AND last_seen >= :since"
_SPELT_ALIKE = text(
    f"SELECT {_COLUMNS} FROM json_each(:adverts) AS advert JOIN jobs "  # noqa: S608  # constants
    "ON company_key = json_extract(advert.value, '$[0]') AND title_key = json_extract(advert.value, '$[1]') "
    f"AND {_OF_ORIGINALS} ORDER BY number"
).bindparams(bindparam("since", type_=Moment()))
_NUMBERED = text(
    f"SELECT {_COLUMNS} FROM json_each(:numbers) AS listed JOIN jobs "  # noqa: S608  # constants
    f"ON number = listed.value AND {_OF_ORIGINALS} ORDER BY number DESC"
).bindparams(bindparam("since", type_=Moment()))


async def with_copies(connection: AsyncConnection, new: Sequence[Job], now: datetime) -> list[Job]:
    """Return new jobs in their order, those that are another advert of a known or an earlier one as its copies."""
    keyed = [(company_key(job.company), advert_of(job), job) for job in new]
    known = await _known(connection, [(company, advert) for company, advert, _ in keyed if company], now)
    found: list[Job] = []
    for company, advert, job in keyed:
        twin = find_twin(advert, known[company]) if company else None
        if twin:
            found.append(replace(job, copy_of=twin.of, evidence=twin.evidence))
            continue
        found.append(job)
        if company:
            known[company].append(advert)
    return found


async def refresh(connection: AsyncConnection, originals: Iterable[str], now: datetime) -> None:
    """Bring jobs up to date with their copies: how many and where, and open while one of them is.

    A job that was over, unless somebody closed it, is reopened by a copy of it: it was advertised anew.
    """
    ids = list(originals)
    for at in range(0, len(ids), LISTED):
        some = ids[at : at + LISTED]
        copies = await _open_copies(connection, some)
        changes: defaultdict[tuple[str, ...], list[dict[str, object]]] = defaultdict(list)
        for row in (await connection.execute(select(jobs).where(jobs.c.id.in_(some)))).mappings().all():
            values = _refreshed(row, copies[row["id"]])
            if any(row[column] != value for column, value in values.items()):
                changes[tuple(values)].append({"of": row["id"], **values})
            if values.get("state") == JobState.CLOSED.value:
                await withdraw(connection, row["id"], now, JobState.EXPIRED if row["expired"] else JobState.CLOSED)
        for columns, rows in changes.items():
            change = update(jobs).where(jobs.c.id == bindparam("of"))
            await connection.execute(change.values({column: bindparam(column) for column in columns}), rows)


def _refreshed(row: RowMapping, copies: Sequence[RowMapping]) -> dict[str, object]:
    """Return the columns of a job that its open copies decide."""
    places = dict.fromkeys(copy["place"] for copy in copies if copy["place"] and copy["place"] != row["place"])
    featured = max([row["featured"], *(copy["featured"] for copy in copies)])
    values: dict[str, object] = {"copies": len(copies), "elsewhere": "\n".join(places), "featured": featured}
    over, closed = row["gone"] or row["expired"], row["state"] == JobState.CLOSED.value
    if over and copies:
        values["url"] = row["url"] if row["edited"] else copies[0]["url"]
        again = {"reopened": row["reopened"] + 1, "reposts": row["reposts"] + 1}
        return values | ({"state": JobState.OPEN.value, **again} if closed else {})
    return values | ({"state": JobState.CLOSED.value} if over and not closed else {})


async def end(connection: AsyncConnection, adverts: Sequence[str], now: datetime, state: JobState) -> None:
    """Note that adverts are over, expired or gone from their source; what is still advertised elsewhere stays open."""
    flag = {"expired": 1} if state is JobState.EXPIRED else {"gone": 1}
    originals: dict[str, None] = {}
    for advert in adverts:
        open_ = and_(jobs.c.id == advert, jobs.c.state == JobState.OPEN.value)
        copied = case((jobs.c.copy_of.is_not(None), JobState.CLOSED.value), else_=JobState.OPEN.value)
        ended = update(jobs).where(open_).values(state=copied, **flag).returning(jobs.c.id, jobs.c.copy_of)
        originals |= {row.copy_of or row.id: None for row in await connection.execute(ended)}
    await refresh(connection, originals, now)


async def withdraw(connection: AsyncConnection, job: str, now: datetime, state: JobState) -> int:
    """Skip what waits to be sent; what may have been sent becomes unknown. Return how many were skipped.

    Lists stay: they leave closed jobs out when they are sent.
    """
    listed = select(delivery_jobs.c.delivery).where(delivery_jobs.c.job == job)
    of_job = and_(deliveries.c.id.in_(listed), deliveries.c.kind == DeliveryKind.JOB.value)
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


async def _known(
    connection: AsyncConnection, new: Sequence[tuple[str, Advert]], now: datetime
) -> defaultdict[str | None, list[Advert]]:
    """Return the adverts that new ones may be copies of, by the key of their company, those spelt alike first."""
    since = {"since": now - _REMEMBERED}
    adverts = json.dumps(list({(company, advert.key) for company, advert in new}))
    numbers = json.dumps(await _near(connection, new))
    spelt_alike = await connection.execute(_SPELT_ALIKE, since | {"adverts": adverts})
    near = await connection.execute(_NUMBERED, since | {"numbers": numbers})
    known: defaultdict[str | None, list[Advert]] = defaultdict(list)
    for row in {row.id: row for row in (*spelt_alike, *near)}.values():
        known[row.company_key].append(_advert(row))
    return known


async def _near(connection: AsyncConnection, new: Sequence[tuple[str, Advert]]) -> list[int]:
    """Return the numbers of the jobs, among the newest of each company, whose titles are like those of new ones."""
    titles: dict[str, list[str]] = {}
    companies = json.dumps(list({company for company, _ in new}))
    for company, listed in await connection.execute(_TITLES, {"companies": companies}):
        titles[company] = listed.split("\n") if listed else []
    return list({number for company, advert in new for number in alike_among(advert.key, titles[company])})


def _advert(row: Row[Any]) -> Advert:
    return Advert(row.id, row.title_key, row.role, row.level, tuple(row.employment.split()), row.place, row.source)


async def _open_copies(connection: AsyncConnection, originals: Sequence[str]) -> defaultdict[str, list[RowMapping]]:
    """Return the open copies of jobs, the newest first."""
    theirs = and_(jobs.c.copy_of.in_(originals), jobs.c.state == JobState.OPEN.value)
    columns = (jobs.c.copy_of, jobs.c.place, jobs.c.url, jobs.c.featured)
    statement = select(*columns).where(theirs).order_by(jobs.c.appeared.desc(), jobs.c.position, jobs.c.id)
    found: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for row in (await connection.execute(statement)).mappings():
        found[row["copy_of"]].append(row)
    return found
