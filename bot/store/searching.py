"""Searching jobs: indexed columns narrow, the index of words finds, what stands in a title comes first.

Ranking all matches of a common word is not worth it (BM25 over 100,000 jobs takes 100 to 140 ms): the newest are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    bindparam,
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
_ASKED: Mapping[str, ColumnElement[bool]] = {  # what the columns of a job have to be; see `bot.jobs.query.fits`
    "country": func.instr(jobs.c.countries, bindparam("country")) > 0,
    "level": jobs.c.level == bindparam("level"),
    "remote": jobs.c.remote == 1,
    "on_site": or_(jobs.c.remote.is_(None), jobs.c.remote == 0),
    "employment": func.instr(jobs.c.employment, bindparam("employment")) > 0,
    "pay": or_(jobs.c.pay_yearly_high >= bindparam("pay"), jobs.c.pay_yearly_high.is_(None)),
    "roles": jobs.c.role.in_(bindparam("roles", expanding=True)),
    "company": jobs.c.company_key.between(bindparam("company"), bindparam("company") + _LAST),
    "sources": jobs.c.source.in_(bindparam("sources", expanding=True)),
    "since": jobs.c.appeared >= bindparam("since"),
    "paid": jobs.c.pay_yearly_high.is_not(None),
}


async def search(
    connection: AsyncConnection, query: JobQuery, *, limit: int, offset: int
) -> tuple[tuple[Job, ...], int]:
    """Return a page of the open jobs that fit, best first, and how many there are, of which MOST_COUNTED are counted.

    One statement asks for all of it: the way to the database's thread takes longer than most of what is done there.
    """
    asked = _asked(query) | _matches(query.words)
    page = {"limit": limit, "offset": offset, "reach": limit + offset}
    rows = (await connection.execute(_statement(frozenset(asked)), asked | page)).mappings().all()
    if rows or not offset:
        return tuple(map(job_of, rows)), min(rows[0]["total"], MOST_COUNTED) if rows else 0
    _, total = await search(connection, query, limit=1, offset=0)
    return (), total


def _asked(query: JobQuery) -> dict[str, Any]:
    """Return what a query asks of the columns, by the names of `_ASKED`."""
    filters = query.filters
    asked = {
        "country": filters.country and f" {filters.country} ",
        "level": filters.level and filters.level.value,
        "remote": filters.remote or None,
        "on_site": True if filters.remote is False else None,
        "employment": filters.employment and f" {filters.employment.value} ",
        "pay": filters.salary_min,
        "roles": query.roles or None,
        "company": (company_key(query.company) or "") if query.company else None,
        "sources": query.sources or None,
        "since": query.since,
        "paid": query.paid or None,
    }
    return {name: value for name, value in asked.items() if value is not None}


def _matches(words: Sequence[str]) -> dict[str, str]:
    """Return expressions of FTS5 for all of `words`, for each place where they may stand; longer ones may begin a word.

    Empty when the index has nothing of the words.
    """
    tokens = [token for word in words for token in _TOKEN.findall(word)]
    said = " AND ".join(f'"{token}"' + "*" * (len(token) >= _SHORTEST_BEGINNING) for token in tokens)
    if not said:
        return {}
    return {"anywhere": said, "title": f"{{title}} : ({said})", "beside": f"{{{' '.join(_BESIDE)}}} : ({said})"}


@lru_cache(maxsize=128)
def _statement(asked: frozenset[str]) -> Select[Any]:
    """Return what asks for a page, made once for all queries that ask the same things: making it takes 2 ms."""
    wanted = and_(IS_SHOWN, *(condition for name, condition in _ASKED.items() if name in asked))
    ranked = _with_words if "anywhere" in asked else _newest
    found = ranked(wanted, prefers_pay="pay" in asked and "paid" not in asked)
    whole = select(jobs, found.c.total).join(found, found.c.id == jobs.c.id)
    return whole.order_by(found.c.rank, *NEWEST_FIRST).limit(bindparam("limit")).offset(bindparam("offset"))


def _newest(wanted: ColumnElement[bool], *, prefers_pay: bool) -> Subquery:
    """Return the newest, `reach` at the most; where pay is asked for, as many that tell it, which rank first."""
    counted = select(jobs.c.id).where(wanted).limit(MOST_COUNTED).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    told = jobs.c.pay_yearly_high.is_not(None)
    parts: Sequence[ColumnElement[bool]] = (and_(wanted, told), and_(wanted, ~told)) if prefers_pay else (wanted,)
    found = [
        _ranked(each, literal_column(str(rank)), total).order_by(*NEWEST_FIRST).limit(bindparam("reach"))
        for rank, each in enumerate(parts)
    ]
    return union_all(*(select(each.subquery()) for each in found)).subquery()


def _with_words(wanted: ColumnElement[bool], *, prefers_pay: bool) -> Subquery:
    """Return the first `reach`: those with the words in the title, then beside the text, then anywhere."""
    found = _ANYWHERE.cte(_FOUND)
    rank: ColumnElement[int] = case((jobs.c.number.in_(_IN_TITLE), 0), (jobs.c.number.in_(_BESIDE_TEXT), 2), else_=4)
    if prefers_pay:
        rank += jobs.c.pay_yearly_high.is_(None)
    ranked = _ranked(wanted, rank, func.count().over()).select_from(found.join(jobs, jobs.c.number == found.c.rowid))
    return ranked.order_by("rank", *NEWEST_FIRST).limit(bindparam("reach")).subquery()


def _ranked(wanted: ColumnElement[bool], rank: ColumnElement[int], total: ColumnElement[int]) -> Select[Any]:
    """Return what asks for the jobs that are wanted: an id, a rank and how many there are in all."""
    return select(jobs.c.id, rank.label("rank"), total.label("total")).where(wanted)
