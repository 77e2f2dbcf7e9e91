"""100,000 subscriptions of channels and people: who wants new jobs, and what a look costs that finds nothing to do."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlalchemy import insert

from bot.jobs.announcing import Delivery, Post, SubscriptionState, Terms, Venue
from bot.jobs.matching import Matcher
from bot.jobs.query import JobQuery
from bot.language.facets import Filters, Level
from bot.services.announce import AnnounceService
from bot.store.opening import Store, open_bot_store
from bot.store.tables import guilds, subscriptions
from bot.store.targets import target_of
from bot.store.terms import terms_values
from tests.benchmarks.collecting import PLACES, ROLES, WORDS, jobs
from tests.benchmarks.table import Line

SUBSCRIPTIONS, NEW_JOBS, LOOKS = 100_000, 100, 50
MOST_MATCHING, MOST_IDLE = 2.0, 5.0
"""Seconds to match the new jobs, and milliseconds of a look that finds nothing to do."""
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def queries(count: int, seed: int = 3) -> Iterator[JobQuery]:
    """Yield what channels ask for: most a role or two, many a country, a level, a word."""
    draw = random.Random(seed)  # made-up subscriptions
    countries = (None, None, *(country for _, country in PLACES))
    for _ in range(count):
        filters = Filters(
            country=draw.choice(countries),
            level=draw.choice((None, None, *Level)),
            remote=draw.choice((None, None, True, False)),
            salary_min=draw.choice((None, None, None, draw.randint(40, 150) * 1_000)),
        )
        roles, words = draw.choice((0, 1, 1, 2)), draw.choice((0, 0, 0, 1))
        yield JobQuery(tuple(draw.sample(ROLES, roles)), filters, words=tuple(draw.sample(WORDS, words)))


def measure(size: int = SUBSCRIPTIONS, new: int = NEW_JOBS, looks: int = LOOKS) -> list[Line]:
    """Return how long matching takes, and a look with nothing to do."""
    began = perf_counter()
    matcher = Matcher(enumerate(queries(size)))
    built, began = perf_counter() - began, perf_counter()
    wanted = sum(len(matcher.who_wants(job)) for job in jobs(new, seed=9))
    matched = perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        idle = asyncio.run(_idle(Path(folder) / "jobs.db", size, looks))
    return [
        Line(f"{size:,} subscriptions, made ready once", built, "s"),
        Line(f"{new} new jobs matched with them", matched, "s", kept=matched <= MOST_MATCHING),
        Line("what they want of these", wanted, "jobs"),
        Line("a look with nothing to do, median", idle, "ms", kept=idle <= MOST_IDLE),
    ]


class _Nobody:
    """A publisher that has nothing to do."""

    async def publish(self, delivery: Delivery) -> int:
        raise AssertionError(delivery)

    async def edit(self, post: Post) -> None:
        raise AssertionError(post)

    async def find(self, delivery: Delivery, after: datetime) -> int | None:
        raise AssertionError(delivery, after)


async def _idle(path: Path, size: int, looks: int) -> float:
    async with open_bot_store(f"sqlite:///{path}") as store:
        await _subscribe(store, size)
        service = AnnounceService(store.deliveries, store.subscriptions, _Nobody(), lambda: _NOW, holder="bench")
        took = []
        for _ in range(looks):
            began = perf_counter()
            await service.run()
            took.append((perf_counter() - began) * 1_000)
    return median(took)


async def _subscribe(store: Store, size: int) -> None:
    on = {"guild": 1, "state": SubscriptionState.ON.value, "since": _NOW - timedelta(days=1)}
    venues = (Venue.TEXT, Venue.PERSON)  # every second one an alert
    rows = [
        {"target": target_of(number + 1, venue), "venue": venue.value, **on, **terms_values(Terms(query))}
        for number, (query, venue) in enumerate(zip(queries(size), cycle(venues), strict=False))
    ]
    async with store.database.transaction() as connection:
        await connection.execute(insert(guilds).values(id=1, joined=_NOW))
        await connection.execute(insert(subscriptions), rows)


if __name__ == "__main__":
    from tests.benchmarks.table import shown

    print(shown(measure()))
