"""When the loop stood still, and with it the server: what came meanwhile is recorded late, and all together."""

from __future__ import annotations

import asyncio

_LOOKED_EVERY = 0.01  # seconds
_SHORTEST = 0.02


class Pauses:
    """The pauses of the running loop, longer than 20 ms, by its own clock."""

    def __init__(self) -> None:
        self._found: list[tuple[float, float]] = []

    async def watch(self) -> None:
        """Notice pauses until cancelled."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            await asyncio.sleep(_LOOKED_EVERY)
            now = loop.time()
            if now - before - _LOOKED_EVERY > _SHORTEST:
                self._found.append((before, now))
            before = now

    def longest(self, since: float, until: float) -> float:
        """Return the seconds of the longest pause that ended after `since` and began before `until`; 0 without any."""
        return max((end - begin for begin, end in self._found if end >= since and begin <= until), default=0.0)
