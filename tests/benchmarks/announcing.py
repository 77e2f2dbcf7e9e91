"""How many deliveries a second the store hands out and settles, beside the bare statements in SQLite."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bot.jobs.job import Job
from bot.store.opening import Store, open_bot_store
from tests.benchmarks.table import Line

JOBS, CHANNELS = 100, 5
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def measure() -> list[Line]:
    """Return claims with their settling a second, every one of them written to the disk."""
    with tempfile.TemporaryDirectory() as folder:
        planned, claims = asyncio.run(_claims(Path(folder) / "career-bot.db"))
        bare = _bare(Path(folder) / "bare.db")
    compared = "two bare UPDATEs"
    return [
        Line(f"claims, each settled ({JOBS * CHANNELS})", claims, "/s", bare, compared),
        Line(f"planning {JOBS} jobs for {CHANNELS} channels", planned, "ms"),
    ]


async def _claims(database: Path) -> tuple[float, float]:
    async with open_bot_store(f"sqlite:///{database}") as store:
        await _fill(store)
        until = NOW + timedelta(hours=1)
        fence = await store.deliveries.acquire("bench", NOW, until)
        assert fence is not None
        began = perf_counter()
        while await store.deliveries.plan(fence, NOW):
            pass
        planned = (perf_counter() - began) * 1_000
        began, number = perf_counter(), 0
        while (delivery := await store.deliveries.claim(fence, NOW, until)) is not None:
            number += 1
            await store.deliveries.sent(delivery, fence, number, NOW)
        assert number == JOBS * CHANNELS, number
        return planned, number / (perf_counter() - began)


async def _fill(store: Store) -> None:
    for channel in range(CHANNELS):
        await store.subscriptions.switch_on(1, 100 + channel, NOW, backlog=0)
    jobs = [
        Job(id=f"job-{number}", title=f"Data Engineer {number}", company="Fern", source="bench", first_seen=NOW)
        for number in range(JOBS)
    ]
    await store.jobs.upsert(jobs, NOW)
    for job in jobs:
        await store.jobs.feature(job.id)


def _bare(database: Path) -> float:
    """Return pairs of updates a second: as few statements as a claim and its settling could be."""
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE deliveries (id INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT")
        number = JOBS * CHANNELS
        connection.executemany("INSERT INTO deliveries VALUES (?, 'pending')", [(n,) for n in range(number)])
        began = perf_counter()
        for delivery in range(number):
            connection.execute(
                "UPDATE deliveries SET state = 'sending' WHERE id = ? RETURNING id", (delivery,)
            ).fetchall()
            connection.execute("UPDATE deliveries SET state = 'sent' WHERE id = ?", (delivery,))
        return number / (perf_counter() - began)
    finally:
        connection.close()
