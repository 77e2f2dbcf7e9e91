"""What commands need that work on the database beside the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from bot.config import read_config, read_environment

if TYPE_CHECKING:
    from bot.advisor.recognition import Recogniser
    from bot.services.collect import CollectService
    from bot.store.opening import Store

_Result = TypeVar("_Result")


def with_store(work: Callable[[Store], Awaitable[_Result]]) -> _Result:
    """Open the store, do the work, close it."""
    from bot.store.opening import open_store

    async def run(opening: AbstractAsyncContextManager[Store]) -> _Result:
        async with opening as store:
            return await work(store)

    return asyncio.run(run(open_store(read_config(read_environment()).database_url)))


def collecting(store: Store) -> tuple[CollectService, Recogniser]:
    """Return what takes jobs in, and what understands their titles and places."""
    from bot.advisor.loading import load_knowledge
    from bot.advisor.recognition import Recogniser
    from bot.app import recognition_by
    from bot.folder import read_folder
    from bot.services.collect import CollectService
    from bot.sources.reading import read_document

    recogniser = Recogniser(load_knowledge(read_folder(read_config(read_environment()).knowledge)))
    return CollectService(store.jobs, read_document, now, recognition_by(lambda: recogniser)), recogniser


def now() -> datetime:
    """Return the time of day."""
    from bot.app import system_clock

    return system_clock()
