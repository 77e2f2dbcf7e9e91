"""100,000 made-up jobs: how fast they are stored, compared with those that are there, and found again."""

from __future__ import annotations

import asyncio
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import quantiles

from bot.jobs.job import Job, Pay, PayPeriod
from bot.jobs.query import JobQuery
from bot.language.facets import Employment, Filters, Level
from bot.services.collect import STORED_TOGETHER
from bot.store.opening import Store, open_bot_store
from tests.benchmarks.table import Line

SIZE, ASKED = 100_000, 400
FEWEST_A_SECOND, MOST_P50, MOST_P99, MOST_TIMES_SLOWER = 3_000, 5.0, 25.0, 2.5
"""Jobs stored a second, milliseconds of a search, and how much slower the last tenth is stored than the first."""
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_SYLLABLES = ("ka", "lo", "mi", "ne", "pu", "ra", "si", "to", "va", "ze", "do", "fe", "gi", "ho", "ju", "ly")
ROLES = ("data-scientist", "data-engineer", "data-analyst", "ml-engineer", "analytics-engineer", "mlops-engineer")
WORDS = tuple(f"{one}{two}{three}" for one in _SYLLABLES for two in _SYLLABLES for three in _SYLLABLES)
_OFTEN = tuple(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))
"""4,096 words, the second said half as often as the first, the third a third as often (Zipf), as in texts."""
_ADVERTISED_AGAIN = 0.05
_STOP_WORDS = 30  # which nobody searches by
_SOUGHT = tuple(accumulate(1 / rank for rank in range(_STOP_WORDS + 1, len(WORDS) + 1)))
PLACES = (("Berlin", "DE"), ("London", "GB"), ("Paris", "FR"), ("Oslo", "NO"), ("New York", "US"), ("Pune", "IN"))


def jobs(size: int, seed: int = 1) -> Iterator[Job]:
    """Yield jobs of about 20 a company, one in twenty advertised again, a fifth with pay, 120 words."""
    draw = random.Random(seed)  # made-up jobs
    made: list[tuple[str, str, str, Level | None]] = []
    for number in range(size):
        place, country = draw.choice(PLACES)
        again = bool(made) and draw.random() < _ADVERTISED_AGAIN
        title, company, role, level = draw.choice(made) if again else _position(draw, size)
        made.append((title, company, role, level))
        yield Job(
            id=f"{number:010d}",
            title=title,
            company=company,
            source="board",
            first_seen=_NOW,
            role=role,
            place=place,
            countries=(country,),
            remote=draw.choice((True, False, None)),
            employment=(Employment.FULL_TIME,),
            level=level,
            pay=Pay(50_000, draw.randint(60_000, 200_000), "USD", PayPeriod.YEAR) if draw.random() < 0.2 else None,
            url=f"https://jobs.example.com/{number}",
            posted=_NOW - timedelta(minutes=draw.randint(0, 60_000)),
            position=number % 500,
            text=" ".join(draw.choices(WORDS, cum_weights=_OFTEN, k=120)),
            tags=tuple(draw.sample(WORDS, 3)),
        )


def _position(draw: random.Random, size: int) -> tuple[str, str, str, Level | None]:
    """Return a title, a company, a role and a level."""
    role, level = draw.choice(ROLES), draw.choice((Level.SENIOR, Level.MID, Level.ENTRY, None))
    team = f"{draw.choice(WORDS)} {draw.randint(1, 40)}"
    title = f"{(level or '').title()} {role.replace('-', ' ').title()}, {team}".strip()
    return title, f"Company {draw.randint(1, max(1, size // 20))}", role, level


def queries(count: int, seed: int = 2) -> Iterator[JobQuery]:
    """Yield what people look for: a role, a place, pay, words common and rare, all sorts of them together."""
    draw = random.Random(seed)  # made-up questions
    for _ in range(count):
        filters = Filters(
            country=draw.choice((None, None, draw.choice(PLACES)[1])),
            level=draw.choice((None, None, Level.SENIOR, Level.ENTRY)),
            remote=draw.choice((None, None, True)),
            salary_min=draw.choice((None, None, None, 120_000)),
        )
        said = draw.choices(WORDS[_STOP_WORDS:], cum_weights=_SOUGHT, k=draw.choice((0, 0, 1, 2)))
        roles = (draw.choice(ROLES),) if draw.random() < 0.7 else ()
        yield JobQuery(roles=roles, filters=filters, words=tuple(said))


def measure(size: int = SIZE, asked: int = ASKED) -> list[Line]:
    """Return how fast jobs are stored and found, and how much room they take."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder) / "jobs.db", size, asked))


async def _measure(path: Path, size: int, asked: int) -> list[Line]:
    made = list(jobs(size))
    before = _peak_mib()
    async with open_bot_store(f"sqlite:///{path}") as store:
        new, merged = await _store(store, made)
        known, _ = await _store(store, made)
        took = sorted([await _search(store, query) for query in queries(asked)])
    cuts = quantiles(took, n=100)
    tenth = max(1, len(new) // 10)
    first, last = sum(new[:tenth]) / tenth, sum(new[-tenth:]) / tenth
    rate = size / sum(new)
    return [
        Line(f"{size:,} new jobs", rate, "a second", kept=rate >= FEWEST_A_SECOND),
        Line(f"{size:,} known jobs", size / sum(known), "a second"),
        Line(
            "the last tenth, a batch",
            last * 1_000,
            "ms",
            first * 1_000,
            "first",
            kept=last <= MOST_TIMES_SLOWER * first,
        ),
        Line("other adverts of jobs, merged", merged, "jobs"),
        Line("a search, p50", cuts[49], "ms", kept=cuts[49] <= MOST_P50),
        Line("a search, p99", cuts[98], "ms", kept=cuts[98] <= MOST_P99),
        Line("the file", path.stat().st_size / 2**20, "MiB"),
        Line("peak memory beside the jobs themselves", _peak_mib() - before, "MiB"),
    ]


async def _store(store: Store, made: list[Job]) -> tuple[list[float], int]:
    """Store jobs in batches; return the seconds of each and how many were merged."""
    took, merged = [], 0
    for at in range(0, len(made), STORED_TOGETHER):
        begun = time.perf_counter()
        stored = await store.jobs.upsert(made[at : at + STORED_TOGETHER], _NOW)
        took.append(time.perf_counter() - begun)
        merged += len(stored.merged)
    return took, merged


async def _search(store: Store, query: JobQuery) -> float:
    begun = time.perf_counter()
    await store.jobs.search(query, limit=5)
    return (time.perf_counter() - begun) * 1_000


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


if __name__ == "__main__":
    from tests.benchmarks.table import shown

    print(shown(measure()))
