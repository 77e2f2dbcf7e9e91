"""Searching jobs: indexed columns narrow, the index of words finds, what stands in a title comes first.

Ranking all matches of a common word is not worth it (BM25 over 100,000 jobs takes 100 to 140 ms): the newest are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, column, func, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.duplicates import company_key
from bot.jobs.job import Job
from bot.jobs.query import JobQuery
from bot.language.facets import Filters
from bot.store.rows import IS_SHOWN, NEWEST_FIRST, job_of
from bot.store.tables import jobs

RANKED = 2_000
"""How many matches of words, the newest, are ranked, and how many jobs are counted at most."""
_SHORTEST_BEGINNING = 3
_LAST = "\U0010ffff"
_TOKEN = re.compile(r"[\w+#]+")  # as the index of words tells them apart
_WITH_WORDS = "SELECT rowid FROM job_words WHERE job_words MATCH"
_OLDEST = text(
    f"SELECT min(rowid) FROM ({_WITH_WORDS} :anywhere ORDER BY rowid DESC LIMIT {RANKED})"  # noqa: S608  # constants
)
_ANYWHERE, _IN_TITLE, _BESIDE_TEXT = (
    text(f"{_WITH_WORDS} :{where} AND rowid >= :oldest LIMIT {RANKED}").columns(column("rowid"))
    for where in ("anywhere", "title", "beside")
)
"""Each is limited although the oldest limits it: else SQLite looks the words up anew for every job."""
_BESIDE = ("title", "company", "place", "elsewhere", "tags")


async def search(
    connection: AsyncConnection, query: JobQuery, *, limit: int, offset: int
) -> tuple[tuple[Job, ...], int]:
    """Return a page of the open jobs that fit, best first, and how many there are, of which RANKED are counted."""
    wanted = and_(IS_SHOWN, *_conditions(query))
    if _match(query.words):
        ids, total = await _with_words(connection, query, wanted, limit=limit, offset=offset)
    elif query.filters.salary_min is None:
        ids, total = await _newest(connection, wanted, limit=limit, offset=offset)
    else:
        ids, total = await _known_pay_first(connection, query, wanted, limit=limit, offset=offset)
    rows = await connection.execute(select(jobs).where(jobs.c.id.in_(ids)))
    found = {row["id"]: job_of(row) for row in rows.mappings()}
    return tuple(found[job] for job in ids), total


async def _newest(
    connection: AsyncConnection, wanted: ColumnElement[bool], *, limit: int, offset: int
) -> tuple[list[str], int]:
    counted = select(jobs.c.id).where(wanted).limit(RANKED).subquery()
    total = (await connection.execute(select(func.count()).select_from(counted))).scalar_one()
    if offset >= total:
        return [], total
    page = select(jobs.c.id).where(wanted).order_by(*NEWEST_FIRST).limit(limit).offset(offset)
    return list((await connection.execute(page)).scalars()), total


async def _known_pay_first(
    connection: AsyncConnection, query: JobQuery, wanted: ColumnElement[bool], *, limit: int, offset: int
) -> tuple[list[str], int]:
    """Return jobs whose pay is known to be enough before those that do not tell it."""
    told = jobs.c.pay_yearly_high.is_not(None)
    ids, total = await _newest(connection, and_(wanted, told), limit=limit, offset=offset)
    if query.paid:
        return ids, total
    left = {"limit": limit - len(ids), "offset": max(0, offset - total)}
    untold, others = await _newest(connection, and_(wanted, ~told), **left)
    return ids + untold, min(total + others, RANKED)


async def _with_words(
    connection: AsyncConnection, query: JobQuery, wanted: ColumnElement[bool], *, limit: int, offset: int
) -> tuple[list[str], int]:
    """Return those with the words in the title first, then those with them beside the text, each the newest first."""
    anywhere = _match(query.words)
    oldest = (await connection.execute(_OLDEST, {"anywhere": anywhere})).scalar_one()
    if oldest is None:
        return [], 0
    found = _ANYWHERE.bindparams(anywhere=anywhere, oldest=oldest).subquery("found")
    titled = _IN_TITLE.bindparams(title=_match(query.words, "title"), oldest=oldest)
    beside = _BESIDE_TEXT.bindparams(beside=_match(query.words, *_BESIDE), oldest=oldest)
    rank = case((jobs.c.number.in_(titled), 0), (jobs.c.number.in_(beside), 1), else_=2)
    untold = jobs.c.pay_yearly_high.is_(None) if query.filters.salary_min is not None else literal(0)
    page = (
        select(jobs.c.id, func.count().over().label("total"))
        .select_from(found.join(jobs, jobs.c.number == found.c.rowid))
        .where(wanted)
        .order_by(rank, untold, *NEWEST_FIRST)
        .limit(limit)
        .offset(offset)
    )
    rows = (await connection.execute(page)).all()
    return [row.id for row in rows], rows[0].total if rows else 0


def _conditions(query: JobQuery) -> list[ColumnElement[bool]]:
    """Return what the columns of a job have to be; see `bot.jobs.query.fits`."""
    conditions = _filtered(query.filters)
    if query.roles:
        conditions.append(jobs.c.role.in_(query.roles))
    if query.company:
        key = company_key(query.company) or ""
        conditions += [jobs.c.company_key >= key, jobs.c.company_key < key + _LAST]
    if query.since is not None:
        conditions.append(jobs.c.appeared >= query.since)
    if query.paid:
        conditions.append(jobs.c.pay_yearly_high.is_not(None))
    return conditions


def _filtered(filters: Filters) -> list[ColumnElement[bool]]:
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
        conditions.append(or_(jobs.c.pay_yearly_high >= filters.salary_min, jobs.c.pay_yearly_high.is_(None)))
    return conditions


def _match(words: Sequence[str], *columns: str) -> str:
    """Return an expression of FTS5 for all of `words` in `columns` (none: anywhere); longer ones may begin a word."""
    tokens = [token for word in words for token in _TOKEN.findall(word)]
    said = " AND ".join(f'"{token}"' + "*" * (len(token) >= _SHORTEST_BEGINNING) for token in tokens)
    return f"{{{' '.join(columns)}}} : ({said})" if columns else said
