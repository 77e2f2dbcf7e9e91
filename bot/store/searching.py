"""Searching jobs: indexed columns narrow, the index of words finds, what stands in a title comes first.

Ranking all matches of a common word is not worth it (BM25 over 100,000 jobs takes 100 to 140 ms): the newest are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, column, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.duplicates import company_key
from bot.jobs.job import Job
from bot.jobs.query import JobQuery
from bot.language.facets import Filters
from bot.store.rows import IS_SHOWN, NEWEST_FIRST, job_of
from bot.store.tables import jobs

RANKED = 2_000
"""How many matches of words, the newest, are ranked."""
_SCANNED = 10 * RANKED
"""How many matches of words, the newest, are looked at for those that fit everything else."""
_SHORTEST_BEGINNING = 3
_LAST = "\U0010ffff"
_MATCHES = "SELECT rowid FROM job_words WHERE job_words MATCH"
_FOUND = text(f"{_MATCHES} :anywhere ORDER BY rowid DESC LIMIT {_SCANNED}").columns(column("rowid"))
_IN_TITLE = text(f"{_MATCHES} :title AND rowid >= :oldest").columns(column("rowid"))
_BESIDE_TEXT = text(f"{_MATCHES} :beside AND rowid >= :oldest").columns(column("rowid"))
_AMONG = text("SELECT value FROM json_each(:numbers)").columns(column("value"))
_TOKEN = re.compile(r"[\w+#]+")  # as the index of words tells them apart


async def search(
    connection: AsyncConnection, query: JobQuery, *, limit: int, offset: int
) -> tuple[tuple[Job, ...], int]:
    """Return a page of the open jobs that fit, best first, and how many there are (of those with words: RANKED)."""
    wanted = and_(IS_SHOWN, *_conditions(query))
    if _match(query.words):
        return await _with_words(connection, query, wanted, limit=limit, offset=offset)
    total = (await connection.execute(select(func.count()).select_from(jobs).where(wanted))).scalar_one()
    page = select(jobs).where(wanted).order_by(*_known_pay_first(query), *NEWEST_FIRST)
    return await _page(connection, page.limit(limit).offset(offset)), total


async def _with_words(
    connection: AsyncConnection, query: JobQuery, wanted: ColumnElement[bool], *, limit: int, offset: int
) -> tuple[tuple[Job, ...], int]:
    """Return those with the words in the title first, then those with them beside the text, each the newest first."""
    found = _FOUND.bindparams(anywhere=_match(query.words)).subquery("found")
    newest = (
        select(jobs.c.number)
        .select_from(found.join(jobs, jobs.c.number == found.c.rowid))
        .where(wanted)
        .order_by(jobs.c.number.desc())
        .limit(RANKED)
    )
    numbers = (await connection.execute(newest)).scalars().all()
    if not numbers:
        return (), 0
    given = {
        "title": _match(query.words, "title"),
        "beside": _match(query.words, "title", "company", "place", "elsewhere", "tags"),
        "oldest": numbers[-1],
    }
    rank = case((jobs.c.number.in_(_IN_TITLE), 0), (jobs.c.number.in_(_BESIDE_TEXT), 1), else_=2)
    among = jobs.c.number.in_(_AMONG)
    page = select(jobs).where(among).order_by(rank, *_known_pay_first(query), *NEWEST_FIRST)
    given["numbers"] = json.dumps(numbers)
    return await _page(connection, page.limit(limit).offset(offset), given), len(numbers)


async def _page(
    connection: AsyncConnection, page: Select[Any], given: Mapping[str, Any] | None = None
) -> tuple[Job, ...]:
    return tuple(map(job_of, (await connection.execute(page, given)).mappings()))


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
        conditions.append(jobs.c.pay_low.is_not(None))
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
        conditions.append(or_(jobs.c.pay_yearly_high >= filters.salary_min, jobs.c.pay_low.is_(None)))
    return conditions


def _known_pay_first(query: JobQuery) -> tuple[ColumnElement[Any], ...]:
    """Return how to sort jobs of unknown pay behind those that pay enough, where that is asked for."""
    return (jobs.c.pay_low.is_(None),) if query.filters.salary_min is not None and not query.paid else ()


def _match(words: Sequence[str], *columns: str) -> str:
    """Return an expression of FTS5 for all of `words` in `columns` (none: anywhere); longer ones may begin a word."""
    tokens = [token for word in words for token in _TOKEN.findall(word)]
    said = " AND ".join(f'"{token}"' + "*" * (len(token) >= _SHORTEST_BEGINNING) for token in tokens)
    return f"{{{' '.join(columns)}}} : ({said})" if columns else said
