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
            await self._rest()

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

    async def _rest(self) -> None:
        """Sleep in a task of its own.

        A simulated clock wakes a sleeper in the middle of its own step; woken so directly, a run's database work was
        never seen to end in the simulated Discord (Python 3.11.2, with coverage).
        """
        resting = asyncio.create_task(asyncio.sleep(self.seconds), name=f"{self.name} rests")
        try:
            await asyncio.wait({resting})
        finally:
            resting.cancel()
