"""Opening the store: upgraded, with a repository for each noun."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.store.deliveries import DeliveryRepository
from bot.store.engine import Database, database_path, open_bot_database, open_database, prepare_folder
from bot.store.jobs import JobRepository
from bot.store.locking import ProcessLock
from bot.store.meta import MetaRepository
from bot.store.saved import SavedRepository
from bot.store.sources import SourceRepository
from bot.store.subscriptions import SubscriptionRepository
from bot.store.troubles import TroubleRepository
from bot.store.upgrading import upgrade


@dataclass(frozen=True, slots=True)
class Store:
    """Every repository of one open database."""

    database: Database
    jobs: JobRepository
    subscriptions: SubscriptionRepository
    deliveries: DeliveryRepository
    meta: MetaRepository
    sources: SourceRepository
    saved: SavedRepository
    troubles: TroubleRepository


@asynccontextmanager
async def open_store(url: str) -> AsyncIterator[Store]:
    """Open the store for a tool beside the bot. Raises StoreUnavailableError when the database cannot be used."""
    async with open_database(database_path(url)) as database:
        await upgrade(database)
        yield _store(database, sole=False)


@asynccontextmanager
async def open_bot_store(url: str, lock: ProcessLock | None = None) -> AsyncIterator[Store]:
    """Open the store for the bot: the one process that announces and checkpoints.

    A `lock` of this database that is held already stays so. Raises AlreadyRunningError while another process has it
    open so, StoreUnavailableError when it cannot be used.
    """
    path = database_path(url)
    await asyncio.to_thread(prepare_folder, path)
    with (lock or ProcessLock(path)).held():
        async with open_bot_database(path) as database:
            await upgrade(database)
            yield _store(database, sole=True)


def bot_lock(url: str) -> ProcessLock:
    """Return the lock of the database at an address. Raises StoreUnavailableError when there can be none."""
    path = database_path(url)
    prepare_folder(path)
    return ProcessLock(path)


def _store(database: Database, *, sole: bool) -> Store:
    return Store(
        database=database,
        jobs=JobRepository(database),
        subscriptions=SubscriptionRepository(database),
        deliveries=DeliveryRepository(database, sole=sole),
        meta=MetaRepository(database),
        sources=SourceRepository(database),
        saved=SavedRepository(database),
        troubles=TroubleRepository(database),
    )
