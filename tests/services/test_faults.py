"""A fault at any step of a tick: the next tick runs, and the deliveries of all others are unharmed."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot.errors import StoreUnavailableError
from bot.jobs.announcing import Delivery, LeaseLostError, Post, Unpublished, Venue
from bot.jobs.job import Job
from bot.services.announce import AnnounceService
from bot.services.pacer import Pacer
from bot.services.ports import (
    AlreadyPublishedError,
    CannotReadError,
    ChannelGoneError,
    ForbiddenError,
    RejectedError,
    TemporaryError,
    UnauthorisedError,
)
from bot.services.ticker import Ticker
from bot.store.deliveries import DeliveryRepository
from bot.store.tables import metadata
from tests.fakes import START, FakeClock, FakePublisher

GUILD = 1
CHANNELS = (11, 12)
VENUES = {11: Venue.ANNOUNCEMENT, 12: Venue.TEXT}
SHY = 12
"""The channel that does not answer at first, so that it is looked into later."""
RUNS = 4
APART = timedelta(minutes=10)
"""Between two runs: longer than a nonce is remembered."""

ANY = {
    "a value that nobody expected": lambda: ValueError("boom"),
    "a full disk": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "a time limit": lambda: TimeoutError("too slow"),
    "a cancel that nobody asked for": asyncio.CancelledError,
}
OF_THE_STORE = ANY | {
    "a store that cannot be written": lambda: StoreUnavailableError("the disk is full"),
    "an error of the database": lambda: OperationalError("UPDATE", {}, Exception("database is locked")),
    "a lost lease": lambda: LeaseLostError("another process has become the announcer"),
}
OF_THE_PUBLISHER = ANY | {
    "a lost answer": lambda: TemporaryError("the answer was lost", outcome_known=False),
    "a limit of rate": lambda: TemporaryError("429", outcome_known=True, retry_after=timedelta(minutes=5)),
    "a channel that is gone": lambda: ChannelGoneError("404"),
    "a channel that may not be written": lambda: ForbiddenError("403"),
    "a refused message": lambda: RejectedError("400"),
    "a refused token": lambda: UnauthorisedError("401"),
    "a message that was deleted since": lambda: AlreadyPublishedError("10008"),
    "a channel that may not be read": lambda: CannotReadError("no right to read history"),
}
REFUSING = (RejectedError, AlreadyPublishedError, CannotReadError, ChannelGoneError, ForbiddenError)
"""Raised before a message is sent, they say that it will not be."""


def job(name, **changes):
    return replace(
        Job(id=name, title=f"Data Engineer {name}", company="Fern", source="board", first_seen=START, featured=True),
        **changes,
    )


@pytest.fixture
async def store(store):
    """Return the store, which waits for no disk here: faults are tested, not losses of power."""
    async with store.database.reading() as connection:
        engine = connection.engine
    event.listen(engine.sync_engine, "connect", lambda new, _: new.cursor().execute("PRAGMA synchronous = OFF"))
    await engine.dispose()
    return store


class Steps:
    """Counts the calls at the ports; the one with the number `at` fails with `error`, or does so `after` it worked."""

    def __init__(self, at=None, error=None, *, after=False):
        self.at = at
        self.error = error
        self.after = after
        self.taken = []
        self.hit = None

    def __repr__(self):
        return f"step {self.at} ({self.taken[self.at]}) about {self.hit}"

    async def take(self, name, method, arguments, named):
        self.taken.append(name)
        if len(self.taken) - 1 != self.at:
            return await method(*arguments, **named)
        self.hit = what_it_is_about(arguments)
        if self.after:
            self.hit = what_it_is_about((await method(*arguments, **named),)) or self.hit
        raise self.error


def what_it_is_about(values):
    """Return the delivery or message among some values."""
    return next((value for value in values if isinstance(value, Delivery | Post | Unpublished)), None)


class Port:
    """Hands every call on, step by step."""

    def __init__(self, name, inner, steps):
        self._name = name
        self._inner = inner
        self._steps = steps

    def __getattr__(self, name):
        method = getattr(self._inner, name)

        async def call(*arguments, **named):
            return await self._steps.take(f"{self._name}.{name}", method, arguments, named)

        return call


class Scene:
    """A job for each channel, one of which is looked into later; then the job gains a place."""

    def __init__(self, store, clock, steps):
        self.store = store
        self.clock = clock
        self.publisher = FakePublisher(clock)
        slow = TemporaryError("down", outcome_known=False, retry_after=APART)
        self.publisher.faults[SHY].append(slow)
        self.service = AnnounceService(
            Port("store", DeliveryRepository(store.database, sole=True), steps),
            Port("subscriptions", store.subscriptions, steps),
            Port("publisher", self.publisher, steps),
            clock,
            holder="me",
            pacer=Pacer(10**9),
            sleep=clock.sleep,
        )
        self.runs = 0
        self.over = asyncio.Event()

    async def play(self):
        for channel in CHANNELS:
            await self.store.subscriptions.switch_on(GUILD, channel, START, backlog=3, venue=VENUES[channel])
        await self.store.jobs.upsert([job("a")], START)
        while not self.over.is_set():
            await self._tick()

    async def _tick(self):
        """Have a ticker run; only a refused token may end it, and then the bot is started anew."""
        ticking = asyncio.create_task(Ticker("announcing", 0, self._run, fatal=(UnauthorisedError,)).run())
        waiting = asyncio.create_task(self.over.wait())
        await asyncio.wait({ticking, waiting}, return_when=asyncio.FIRST_COMPLETED)
        assert self.over.is_set() or isinstance(ticking.exception(), UnauthorisedError)
        for task in (ticking, waiting):
            task.cancel()
        await asyncio.gather(ticking, waiting, return_exceptions=True)

    async def _run(self):
        if self.runs == RUNS:
            self.over.set()
            await asyncio.Event().wait()
        self.runs += 1
        if self.runs == 3:
            await self.store.jobs.upsert([job("b", title=job("a").title, place="Lyon")], START)
        try:
            await self.service.run()
        finally:
            self.clock.advance(minutes=APART.total_seconds() / 60)

    async def states(self):
        """Return what became of the delivery for each channel."""
        statement = text("SELECT target, state FROM deliveries")
        async with self.store.database.reading() as connection:
            return {int(target.rpartition(":")[2]): state for target, state in await connection.execute(statement)}


async def play(store, steps):
    """Play the scene on the store, emptied: opening another each time would cost most of the time."""
    async with store.database.transaction() as connection:
        for table in reversed(metadata.sorted_tables):
            await connection.execute(table.delete())
    scene = Scene(store, FakeClock(), steps)
    await asyncio.wait_for(scene.play(), 30)
    return scene


async def test_without_a_fault_every_step_is_taken(store):
    steps = Steps()
    scene = await play(store, steps)
    assert {"store.begin_anew", "publisher.find", "publisher.edit", "publisher.crosspost", "store.shown"} <= set(
        steps.taken
    )
    assert len(steps.taken) > 25
    assert set((await scene.states()).values()) == {"sent"}
    assert [scene.publisher.seen(channel) for channel in CHANNELS] == [["a"]] * len(CHANNELS)


async def enumerate_faults(store, port, error, *, after):
    """Play the scene once for each call of a port, which fails; yield what came of it."""
    whole = Steps()
    await play(store, whole)
    for at, name in enumerate(whole.taken):
        if name.startswith(port):
            steps = Steps(at, error(), after=after)
            scene = await play(store, steps)
            yield steps, scene.publisher, await scene.states()


@pytest.mark.parametrize("error", OF_THE_STORE.values(), ids=OF_THE_STORE)
async def test_whichever_step_of_the_store_fails_every_channel_has_its_job_once(store, error):
    await check_every_step_of_the_store(store, error, after=False)


@pytest.mark.parametrize("kind", ["a store that cannot be written", "a cancel that nobody asked for"])
async def test_whichever_step_of_the_store_fails_once_it_has_worked_every_channel_has_its_job_once(store, kind):
    await check_every_step_of_the_store(store, OF_THE_STORE[kind], after=True)


async def check_every_step_of_the_store(store, error, *, after):
    tried = 0
    async for steps, publisher, states in enumerate_faults(store, "store.", error, after=after):
        tried += 1
        for channel in CHANNELS:
            assert publisher.seen(channel) == ["a"], (steps, channel)
            assert states[channel] == "sent", (steps, channel)
    assert tried > 20


@pytest.mark.parametrize("error", OF_THE_PUBLISHER.values(), ids=OF_THE_PUBLISHER)
async def test_whichever_step_of_the_publisher_fails_every_other_channel_has_its_job_once(store, error):
    tried = 0
    async for steps, publisher, states in enumerate_faults(store, "publisher.", error, after=False):
        tried += 1
        refused = isinstance(steps.error, REFUSING) and steps.taken[steps.at] in {"publisher.publish", "publisher.find"}
        for channel in CHANNELS:
            expected = [] if refused and channel == steps.hit.channel else ["a"]
            assert publisher.seen(channel) == expected, (steps, channel)
            assert states[channel] == "sent" or channel == steps.hit.channel, (steps, channel)
    assert tried >= 5


@pytest.mark.parametrize("kind", ["a lost answer", "a time limit", "a cancel that nobody asked for"])
async def test_whichever_answer_of_the_publisher_is_lost_every_channel_has_its_job_once(store, kind):
    tried = 0
    async for steps, publisher, states in enumerate_faults(store, "publisher.", OF_THE_PUBLISHER[kind], after=True):
        tried += 1
        for channel in CHANNELS:
            assert publisher.seen(channel) == ["a"], (steps, channel)
            assert states[channel] == "sent", (steps, channel)
    assert tried >= 5
