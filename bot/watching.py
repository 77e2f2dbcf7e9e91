"""Notices that the knowledge on disk has changed, or that somebody asks to read it anew."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.advisor.loading import is_knowledge

_log = logging.getLogger(__name__)

QUIET_MILLISECONDS = 400
"""Changes that follow each other more closely are one: an editor writes a file in several steps."""
AGAIN_SECONDS = 60.0
"""After so long a folder that cannot be watched is tried again."""


async def on_change(folder: Path, act: Callable[[], Awaitable[None]]) -> None:
    """Call `act` after each change of a knowledge file in `folder`, and at each SIGHUP, until cancelled.

    What `act` raises is logged; a folder that cannot be watched is tried again, and SIGHUP works meanwhile.
    """
    asked = asyncio.Event()
    with _at_hangup(asked):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_watch(folder, asked), name="watching the knowledge")
            while True:
                await asked.wait()
                asked.clear()
                try:
                    await act()
                except Exception:  # noqa: BLE001  # whatever it is, the next change has to be taken in
                    _log.exception("The changed knowledge could not be taken in")


def ignore_hangups() -> None:
    """Have SIGHUP, which asks to read the knowledge anew, not end the process while it has read none."""
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


@contextmanager
def _at_hangup(asked: asyncio.Event) -> Iterator[None]:
    """Set `asked` at a SIGHUP, and leave what was done at one before."""
    if sys.platform == "win32":
        yield
        return
    before = signal.getsignal(signal.SIGHUP)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, asked.set)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)
        signal.signal(signal.SIGHUP, before)


async def _watch(folder: Path, asked: asyncio.Event) -> None:
    from watchfiles import awatch  # noqa: PLC0415  # only where something is watched

    while True:
        _log.info("Changes in %s are taken in while the bot runs", folder)
        try:
            async for _ in awatch(folder, watch_filter=_matters(folder), step=QUIET_MILLISECONDS):
                asked.set()
        except (OSError, RuntimeError) as error:  # no such folder; the system's limit of watches
            _log.warning("%s cannot be watched (%s); SIGHUP and /reload work all the same", folder, error)
        await asyncio.sleep(AGAIN_SECONDS)


def _matters(folder: Path) -> Callable[[object, str], bool]:
    """Return what tells whether a change is one of a knowledge file; changes are told by their full paths."""
    root = folder.resolve()

    def matters(_: object, path: str) -> bool:
        return Path(path).is_relative_to(root) and is_knowledge(Path(path).relative_to(root).as_posix())

    return matters
