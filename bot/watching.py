"""Notices that the knowledge on disk has changed, or that somebody asks to read it anew."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from bot.advisor.loading import is_knowledge

_log = logging.getLogger(__name__)

QUIET_MILLISECONDS = 400
"""Changes that follow each other more closely are one: an editor writes a file in several steps."""


async def on_change(folder: Path, act: Callable[[], Awaitable[None]]) -> None:
    """Call `act` after each change of a knowledge file in `folder`, and at each SIGHUP, until cancelled."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    with suppress(AttributeError, NotImplementedError):  # Windows has no SIGHUP
        loop.add_signal_handler(signal.SIGHUP, asked.set)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_watch(folder, asked), name="watching the knowledge")
            while True:
                await asked.wait()
                asked.clear()
                await act()
    finally:
        with suppress(AttributeError, NotImplementedError):
            loop.remove_signal_handler(signal.SIGHUP)


async def _watch(folder: Path, asked: asyncio.Event) -> None:
    from watchfiles import awatch  # noqa: PLC0415  # only where something is watched

    def matters(_: object, path: str) -> bool:
        return Path(path).is_relative_to(folder) and is_knowledge(Path(path).relative_to(folder).as_posix())

    _log.info("Changes in %s are taken in while the bot runs", folder)
    async for _ in awatch(folder, watch_filter=matters, step=QUIET_MILLISECONDS):
        asked.set()
