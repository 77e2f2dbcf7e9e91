# ruff: noqa: ARG002  # an outbox without a database has no use for much that it is told
"""One job for 10,000 channels, in virtual time: how long it takes, how close requests come, what is kept in memory."""

from __future__ import annotations

import asyncio
import random
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.jobs.announcing import Delivery, DeliveryKind, Post, Unpublished, Venue, nonce_of
from bot.jobs.job import Job
from bot.services.announce import AnnounceService
from tests.benchmarks.table import Line
from tests.fakes import simulate

CHANNELS, EXPECTED, APART = 10_000, 250.0, 0.05
"""Seconds that 40 requests a second take, and by what part of that it may be more."""
MOST_IN_A_SECOND, MOST_MIB = 45, 2.0
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_JOB = Job(id="job", title="Data Engineer", company="Fern", source="board", first_seen=_NOW, featured=True)


def measure(channels: int = CHANNELS) -> list[Line]:
    """Return what a fan-out takes; answers take 0.1 to 0.6 seconds, one in a hundred five."""
    tracemalloc.start()
    try:
        return simulate(lambda: _measure(channels))
    finally:
        tracemalloc.stop()


async def _measure(channels: int) -> list[Line]:
    loop = asyncio.get_running_loop()
    begun = loop.time()

    def clock() -> datetime:
        return _NOW + timedelta(seconds=loop.time() - begun)

    outbox, publisher = _Outbox(channels, clock), _Publisher()
    service = AnnounceService(outbox, None, publisher, clock, holder="bench")  # type: ignore[arg-type]  # as far as needed
    before, _ = tracemalloc.get_traced_memory()
    while outbox.left:
        await service.run()
    took = loop.time() - begun
    _, peak = tracemalloc.get_traced_memory()
    expected, worst = EXPECTED * channels / CHANNELS, _most_in_a_second(publisher.at)
    mib = (peak - before) / 2**20
    return [
        Line(f"one job for {channels:,} channels", took, "s", kept=took <= expected * (1 + APART)),
        Line("requests in the worst second", worst, "", kept=worst <= MOST_IN_A_SECOND),
        Line("memory while it goes on", mib, "MiB", kept=mib <= MOST_MIB),
    ]


def _most_in_a_second(at: list[float]) -> int:
    most = first = 0
    for last, moment in enumerate(at):
        while moment - at[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most


class _Publisher:
    """Takes as long as Discord may, and notes when it was asked."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self._draw = random.Random(1)  # made-up delays

    async def publish(self, delivery: Delivery) -> int:
        self.at.append(asyncio.get_running_loop().time())
        await asyncio.sleep(5.0 if self._draw.random() < 0.01 else self._draw.uniform(0.1, 0.6))
        return delivery.id

    async def edit(self, post: Post) -> None:
        raise AssertionError(post)

    async def find(self, delivery: Delivery, after: datetime) -> int | None:
        raise AssertionError(delivery, after)


class _Outbox:
    """Deliveries without a database, which would need real time: one for each channel."""

    def __init__(self, channels: int, clock: Callable[[], datetime]) -> None:
        self.left = channels
        self._claimed = 0
        self._channels = channels
        self._clock = clock

    async def is_idle(self, until: datetime, shown: int) -> bool:
        return self.left == 0

    async def acquire(self, holder: str, now: datetime, until: datetime) -> int | None:
        return 1

    async def release(self, fence: int, now: datetime) -> None:
        pass

    async def plan(self, fence: int, now: datetime) -> int:
        return 0

    async def altered(self) -> int:
        return 0

    async def unpublished(self, now: datetime, limit: int) -> tuple[Unpublished, ...]:
        return ()

    async def next_due(self) -> datetime | None:
        return self._clock() if self._claimed < self._channels else None

    async def claim(self, fence: int, now: datetime, until: datetime) -> Delivery | None:
        if self._claimed == self._channels:
            return None
        self._claimed += 1
        channel = self._claimed
        return Delivery(
            id=channel,
            subscription=channel,
            venue=Venue.TEXT,
            channel=channel,
            kind=DeliveryKind.JOB,
            revision=1,
            nonce=nonce_of(channel=channel, jobs=("job",), kind=DeliveryKind.JOB, revision=1),
            jobs=(_JOB,),
            attempt=1,
            claimed=now,
            uncertain_attempt=1,
            uncertain_since=now,
        )

    async def sent(self, delivery: Delivery, fence: int, message: int | None, now: datetime) -> bool:
        self.left -= 1
        return True


if __name__ == "__main__":
    from tests.benchmarks.table import shown

    print(shown(measure()))
