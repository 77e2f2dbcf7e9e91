"""Notices that announcing goes on no more, tells that once, and where that is wanted ends the process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.errors import StuckError

_log = logging.getLogger(__name__)

INTERVALS = 3
SHORTEST_SECONDS = 180.0
TELL_SECONDS = 20.0


def patience(interval: float) -> float:
    """Return how many seconds may pass without progress: three intervals, and never less than three minutes.

    A delivery may take a look and a send of 30 s each, a run waits up to 30 s for what becomes due within moments, and
    each call of a store that another program keeps busy takes up to 10 s: none of that is an alarm.
    """
    return max(INTERVALS * interval, SHORTEST_SECONDS)


class Incident(Protocol):
    """Whether somebody was told that nothing goes on; kept over restarts, so that each is no new message."""

    def is_told(self) -> bool:
        """Tell whether it was."""
        ...

    def note_told(self) -> None:
        """Note that it was."""
        ...

    def end(self) -> None:
        """Note that all is well."""
        ...


class Watchdog:
    """Watches something that says `progressed` again and again; its start counts as progress too.

    After `seconds` without progress `look` logs that once and has `tell` write to somebody, once an incident: the next
    message comes only when it went on and stood still anew. With `give_up` it calls that and raises StuckError then.
    """

    def __init__(
        self,
        name: str,
        seconds: float,
        tell: Callable[[], Awaitable[None]],
        incident: Incident,
        *,
        give_up: Callable[[], object] | None = None,
    ) -> None:
        self._name = name
        self._seconds = seconds
        self._tell = tell
        self._incident = incident
        self._give_up = give_up
        self._last: float | None = None
        self._has_progressed = False
        self._is_stuck = False

    def progressed(self) -> None:
        """Note that something was done, or that there was nothing to do."""
        self._last = asyncio.get_running_loop().time()
        self._has_progressed = True

    def is_late(self) -> bool:
        """Tell whether the last progress is too long ago."""
        now = asyncio.get_running_loop().time()
        if self._last is None:
            self._last = now
        return now - self._last >= self._seconds

    async def look(self) -> None:
        """Compare the time with the last progress. Raises StuckError when the process is to end."""
        if self.is_late():
            await self._alarm()
        elif self._has_progressed:
            self._calm_down()

    async def _alarm(self) -> None:
        if self._is_stuck:
            return
        self._is_stuck, self._has_progressed = True, False
        ends = "; the process ends to be started anew" if self._give_up else ""
        fault = StuckError(f"{self._name} has made no progress for {self._seconds:.0f} s{ends}")
        _log.error("%s", fault)
        if self._give_up is not None:
            self._give_up()
        if not self._incident.is_told():
            self._incident.note_told()
            await self._tell_in_time()
        if self._give_up is not None:
            raise fault

    def _calm_down(self) -> None:
        if self._is_stuck:
            _log.warning("%s goes on again", self._name)
        self._is_stuck = False
        self._incident.end()

    async def _tell_in_time(self) -> None:
        try:
            async with asyncio.timeout(TELL_SECONDS):
                await self._tell()
        except Exception as error:  # noqa: BLE001  # whatever it is, the watch goes on
            _log.warning("nobody could be told that %s stands still: %s %s", self._name, type(error).__name__, error)
