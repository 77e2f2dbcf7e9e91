"""The server's time of day, which tests may move, and the ids that are made from it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000


class Clock:
    """Real time, moved forward by as much as a test says: by `ahead_seconds` altogether."""

    def __init__(self) -> None:
        self.ahead_seconds = 0.0

    def __call__(self) -> float:
        """Return the seconds since 1970."""
        return time.time() + self.ahead_seconds

    def advance(self, seconds: float) -> None:
        """Move the time forward."""
        self.ahead_seconds += seconds

    def timestamp(self) -> str:
        """Return the time as Discord writes it."""
        return datetime.fromtimestamp(self(), UTC).isoformat()


class Snowflakes:
    """Ids that hold their time of creation and only ever grow."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> int:
        """Return an id that no other object has."""
        of_now = (int(self._clock() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(self._last + 1, of_now)
        return self._last
