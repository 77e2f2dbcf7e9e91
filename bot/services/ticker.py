"""Runs something again and again, whatever happens to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)


class Ticker:
    """Calls `work` at once and then `seconds` after each end, on the event loop's clock.

    `last_success` is the loop's time of the last run that ended well (the heartbeat), `failures` counts those that did
    not. An exception of a type in `fatal` ends the ticker; `run` raises it.
    """

    def __init__(
        self,
        name: str,
        seconds: float,
        work: Callable[[], Awaitable[object]],
        *,
        fatal: tuple[type[Exception], ...] = (),
    ) -> None:
        self.name = name
        self.seconds = seconds
        self.last_success: float | None = None
        self.runs = 0
        self.failures = 0
        self._work = work
        self._fatal = fatal

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self._once()
            await asyncio.sleep(self.seconds)

    def is_late(self, intervals: float = 5) -> bool:
        """Whether no run ended well for so many intervals (and a minute); never before the first has ended."""
        if self.last_success is None:
            return self.failures >= intervals
        return asyncio.get_running_loop().time() - self.last_success > self.seconds * intervals + 60

    async def _once(self) -> None:
        self.runs += 1
        try:
            await self._work()
        except self._fatal:
            raise
        except Exception:  # noqa: BLE001  # whatever it is, the next run has to happen
            self.failures += 1
            _log.exception(
                "%s failed (%d of %d runs); the next is in %g s", self.name, self.failures, self.runs, self.seconds
            )
        else:
            self.last_success = asyncio.get_running_loop().time()
