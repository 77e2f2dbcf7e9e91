"""Runs something again and again, whatever happens to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.services.cancelling import strays_as_errors

_log = logging.getLogger(__name__)


class Ticker:
    """Calls `work` at once and then `seconds` after each end, on the event loop's clock.

    Whatever a run raises, the next one comes, also after a cancel that nobody asked of the ticker; `failures` counts
    such runs. An exception of a type in `fatal` ends the ticker; `run` raises it.
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
        self.runs = 0
        self.failures = 0
        self._work = work
        self._fatal = fatal

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self._once()
            await self._rest()

    async def _once(self) -> None:
        self.runs += 1
        try:
            with strays_as_errors():
                await self._work()
        except self._fatal:
            raise
        except Exception:  # noqa: BLE001  # whatever it is, the next run has to happen
            self.failures += 1
            _log.exception(
                "%s failed (%d of %d runs); the next is in %g s", self.name, self.failures, self.runs, self.seconds
            )

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
