"""Keeps calls apart, so that the bot stays under Discord's 50 requests a second with room for everything else."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SHORTEST = 0.001  # seconds; what is left by rounding is no time to wait for


class Pacer:
    """At most `rate` turns a second, of which `burst` may come at once (GCRA, on the event loop's clock).

    What a second may have at most, rate + burst, comes in no less than 1 + burst / rate seconds: requests are not all
    as long on their way, and may arrive closer together than they were sent. The first turns come apart: a process
    that begins has just sent requests to log in.
    """

    def __init__(self, rate: float = 40, burst: int = 4) -> None:
        self._apart = 1 / rate
        self._ahead = (burst - 1) / rate
        self._next: float | None = None
        self._order = asyncio.Lock()
        self._given: deque[float] = deque(maxlen=round(rate) + burst)
        self._window = (round(rate) + burst) / rate

    async def turn(self) -> None:
        """Wait for a turn; turns are given in the order in which they are asked for.

        Who waits is measured by when the turns before were really given, which may be late.
        """
        loop = asyncio.get_running_loop()
        async with self._order:
            now = loop.time()
            mine = now + self._ahead if self._next is None else max(self._next, now)
            begin = max(mine - self._ahead, now)
            if len(self._given) == self._given.maxlen:
                begin = max(begin, self._given[0] + self._window)
            wait = begin - now
            await asyncio.sleep(wait if wait >= _SHORTEST else 0)
            self._next = mine + self._apart
            self._given.append(loop.time())

    @contextmanager
    def covering_one_request(self) -> Iterator[None]:
        """Within it the first request has had its turn already; `paced` has each further one wait for its own."""
        token = _covered.set(_Covered(self))
        try:
            yield
        finally:
            _covered.reset(token)


class _Covered:
    """A call that took one turn."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer
        self._has_begun = False

    async def begin_request(self) -> None:
        if self._has_begun:
            await self._pacer.turn()
        self._has_begun = True


_covered: ContextVar[_Covered | None] = ContextVar("covered", default=None)


async def paced() -> None:
    """Wait where a request needs a turn of its own: one that is made again after a 429 or 5xx, or a further page.

    To be called just before each request. What is not announcing, such as an answer to somebody, never waits.
    """
    covered = _covered.get()
    if covered is not None:
        await covered.begin_request()
