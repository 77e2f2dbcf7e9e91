"""Counts the requests that Discord calls invalid: an address that makes 10,000 of them in ten minutes is banned."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from types import SimpleNamespace

import aiohttp

log = logging.getLogger(__name__)

BANNED_AT = 10_000
WARNED_AT = BANNED_AT // 10
HELD_AT = BANNED_AT // 2
WINDOW_SECONDS = 600
BUCKET_SECONDS = 10
_BUCKETS = WINDOW_SECONDS // BUCKET_SECONDS


def is_invalid(status: int, scope: str | None) -> bool:
    """Return whether Discord counts a request with this answer as invalid; `scope` is that of a limit of rate."""
    return status in {401, 403} or (status == 429 and scope != "shared")


class InvalidRequests:
    """How many there were in the last ten minutes, by the event loop's clock, and at most ten seconds more.

    A warning is logged at a tenth of what leads to a ban, and at half of it `restraint` gives a reason. Both last until
    the count has fallen to half of that.
    """

    def __init__(self) -> None:
        self._buckets: deque[tuple[int, int]] = deque()  # when, in units of BUCKET_SECONDS, and how many
        self._is_warned = False
        self._is_held = False

    def trace(self) -> aiohttp.TraceConfig:
        """Return what has a client's session report every answer."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._on_request_end)
        return config

    def note(self, status: int, scope: str | None) -> None:
        """Count an answer if its request was invalid."""
        if not is_invalid(status, scope):
            return
        now = _bucket_of_now()
        last, count = self._buckets.pop() if self._buckets and self._buckets[-1][0] == now else (now, 0)
        self._buckets.append((last, count + 1))
        self._judge()

    def count(self) -> int:
        """Return how many there were in the last ten minutes."""
        oldest = _bucket_of_now() - _BUCKETS
        while self._buckets and self._buckets[0][0] < oldest:
            self._buckets.popleft()
        return sum(count for _, count in self._buckets)

    def restraint(self) -> str | None:
        """Return why nothing more is to be sent for now, if there have been too many."""
        self._judge()
        if not self._is_held:
            return None
        return f"Discord refused {self.count():,} requests in ten minutes, and bans at {BANNED_AT:,}"

    def _judge(self) -> None:
        count = self.count()
        if count >= WARNED_AT and not self._is_warned:
            log.warning("Discord refused %d requests (401, 403, 429) in ten minutes; it bans at %d", count, BANNED_AT)
        self._is_warned = count >= WARNED_AT or (self._is_warned and count > WARNED_AT // 2)
        self._is_held = count >= HELD_AT or (self._is_held and count > HELD_AT // 2)

    async def _on_request_end(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        self.note(params.response.status, params.response.headers.get("X-RateLimit-Scope"))


def _bucket_of_now() -> int:
    return int(asyncio.get_running_loop().time() // BUCKET_SECONDS)
