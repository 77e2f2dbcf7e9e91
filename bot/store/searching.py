"""Searching jobs: indexed columns narrow, the index of words finds, what stands in a title comes first.

Ranking all matches of a common word is not worth it (BM25 over 100,000 jobs takes 100 to 140 ms): the newest are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.duplicates import company_key
from bot.jobs.job import Job
from bot.jobs.query import MOST_COUNTED, JobQuery
from bot.language.facets import Filters
from bot.store.rows import IS_SHOWN, NEWEST_FIRST, job_of
from bot.store.tables import jobs

RANKED = 2_000
"""How many matches of words, the newest, are ranked."""
_SHORTEST_BEGINNING = 3
_LAST = "\U0010ffff"
_TOKEN = re.compile(r"[\w+#]+")  # as the index of words tells them apart
_WITH_WORDS = "SELECT rowid FROM job_words WHERE job_words MATCH"
_FOUND = "found"
_ANYWHERE = text(f"{_WITH_WORDS} :anywhere ORDER BY rowid DESC LIMIT {RANKED}").columns(column("rowid"))
_IN_TITLE, _BESIDE_TEXT = (
    text(
        f"{_WITH_WORDS} :{where} AND rowid >= (SELECT min(rowid) FROM {_FOUND}) LIMIT {RANKED}"  # noqa: S608  # constants
    ).columns(column("rowid"))
    for where in ("title", "beside")
)
"""Each is limited although the oldest limits it: else SQLite looks the words up anew for every job."""
_BESIDE = ("title", "company", "place", "elsewhere", "tags")


async def search(
    connection: AsyncConnection, query: JobQuery, *, limit: int, offset: int
) -> tuple[tuple[Job, ...], int]:
    """Return a page of the open jobs that fit, best first, and how many there are, of which MOST_COUNTED are counted.

    One statement asks for all of it: the way to the database's thread takes longer than most of what is done there.
    """
    wanted = and_(IS_SHOWN, *_conditions(query))
    reach = offset + limit
    found = _with_words(query, wanted, reach) if _match(query.words) else _newest(query, wanted, reach)
    whole = select(jobs, found.c.total).join(found, found.c.id == jobs.c.id)
    page = whole.order_by(found.c.rank, *NEWEST_FIRST).limit(limit).offset(offset)
    rows = (await connection.execute(page)).mappings().all()
    if rows or not offset:
        return tuple(map(job_of, rows)), min(rows[0]["total"], MOST_COUNTED) if rows else 0
    _, total = await search(connection, query, limit=1, offset=0)
    return (), total


def _newest(query: JobQuery, wanted: ColumnElement[bool], reach: int) -> Subquery:
    """Return the newest, `reach` at the most; where pay is asked for, as many that tell it, which rank first."""
    counted = select(jobs.c.id).where(wanted).limit(MOST_COUNTED).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    parts: Sequence[ColumnElement[bool]] = (wanted,)
    if query.filters.salary_min is not None and not query.paid:
        told = jobs.c.pay_yearly_high.is_not(None)
        parts = (and_(wanted, told), and_(wanted, ~told))
    found = [
        _ranked(each, literal_column(str(rank)), total).order_by(*NEWEST_FIRST).limit(reach)
        for rank, each in enumerate(parts)
    ]
    return union_all(*(select(each.subquery()) for each in found)).subquery()


def _with_words(query: JobQuery, wanted: ColumnElement[bool], reach: int) -> Subquery:
    """Return the first `reach`: those with the words in the title, then beside the text, then anywhere."""
    found = _ANYWHERE.bindparams(anywhere=_match(query.words)).cte(_FOUND)
    titled = _IN_TITLE.bindparams(title=_match(query.words, "title"))
    beside = _BESIDE_TEXT.bindparams(beside=_match(query.words, *_BESIDE))
    rank: ColumnElement[int] = case((jobs.c.number.in_(titled), 0), (jobs.c.number.in_(beside), 2), else_=4)
    if query.filters.salary_min is not None:
        rank += jobs.c.pay_yearly_high.is_(None)
    ranked = _ranked(wanted, rank, func.count().over()).select_from(found.join(jobs, jobs.c.number == found.c.rowid))
    return ranked.order_by("rank", *NEWEST_FIRST).limit(reach).subquery()


def _ranked(wanted: ColumnElement[bool], rank: ColumnElement[int], total: ColumnElement[int]) -> Select[Any]:
    """Return what asks for the jobs that are wanted: an id, a rank and how many there are in all."""
    return select(jobs.c.id, rank.label("rank"), total.label("total")).where(wanted)


def _conditions(query: JobQuery) -> list[ColumnElement[bool]]:
    """Return what the columns of a job have to be; see `bot.jobs.query.fits`."""
    conditions = _filtered(query.filters)
    if query.roles:
        conditions.append(jobs.c.role.in_(query.roles))
    if query.company:
        key = company_key(query.company) or ""
        conditions += [jobs.c.company_key >= key, jobs.c.company_key < key + _LAST]
    if query.sources:
        conditions.append(jobs.c.source.in_(query.sources))
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
