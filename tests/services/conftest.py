import asyncio
import shutil
from contextlib import asynccontextmanager

import pytest

from bot.services.announce import AnnounceService
from bot.services.pacer import Pacer
from bot.store.opening import open_bot_store, open_store
from tests.fakes import FakeClock, FakePublisher


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database at the newest revision, to be copied: migrating each anew would cost most of the time."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"

    async def make():
        async with open_store(f"sqlite:///{path}"):
            pass

    asyncio.run(make())
    return path


@pytest.fixture
def new_store(tmp_path, empty_database):
    """Open the bot's store `name`, as it was left, or empty."""

    @asynccontextmanager
    async def opening(name="bot"):
        path = tmp_path / f"{name}.db"
        if not path.exists():
            shutil.copy(empty_database, path)
        async with open_bot_store(f"sqlite:///{path}") as store:
            yield store

    return opening


@pytest.fixture
async def store(new_store):
    async with new_store() as opened:
        yield opened


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def publisher(clock):
    return FakePublisher(clock)


@pytest.fixture
def begin(store, publisher, clock):
    """Return what announces, in a hurry, as a start of the bot makes it."""

    def beginning():
        return AnnounceService(
            store.deliveries,
            store.subscriptions,
            publisher,
            clock,
            holder="me",
            pacer=Pacer(10**9),
            sleep=clock.sleep,
        )

    return beginning


@pytest.fixture
def service(begin):
    return begin()
