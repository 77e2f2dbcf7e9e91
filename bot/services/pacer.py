"""Keeps calls apart, so that the bot stays under Discord's 50 requests a second with room for everything else."""

from __future__ import annotations

import asyncio

_SHORTEST = 0.001  # seconds; what is left by rounding is no time to wait for


class Pacer:
    """At most `rate` turns a second, of which `burst` may come at once (GCRA, on the event loop's clock)."""

    def __init__(self, rate: float = 40, burst: int = 4) -> None:
        self._apart = 1 / rate
        self._ahead = (burst - 1) / rate
        self._next = float("-inf")

    async def turn(self) -> None:
        """Wait for a turn; turns are given in the order in which they are asked for."""
        now = asyncio.get_running_loop().time()
        mine = max(self._next, now)
        self._next = mine + self._apart
        wait = mine - self._ahead - now
        await asyncio.sleep(wait if wait >= _SHORTEST else 0)
