"""What goes wrong on the way: drawn from a seeded plan, one draw a request, so that a run can be repeated."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto


class Fault(Enum):
    """What happens to one request."""

    NONE = auto()
    BAD_GATEWAY = auto()
    """502, and nothing was done."""
    BAD_GATEWAY_AFTER = auto()
    """502, and it was done all the same."""
    ANSWER_LOST = auto()
    """It is done, then the connection is reset before the answer."""
    RESET = auto()
    """The connection is reset before anything is done."""
    RATE_LIMITED = auto()
    """429, and nothing was done."""


MESSAGE_ROUTES = re.compile(r"(POST|GET) /channels/\d+/(messages|threads)")


@dataclass
class FaultPlan:
    """Chances between 0 and 1 for each request that matches `routes` ("METHOD /path"); half of the 502 come too late.

    `bursts` are counts of such requests: from each on, `burst_length` requests get a 429 asking for `retry_after`
    seconds. `channels` gives channels whose messages are always refused, with 403 or 404.
    """

    seed: int = 0
    bad_gateway: float = 0
    answer_lost: float = 0
    reset: float = 0
    bursts: tuple[int, ...] = ()
    burst_length: int = 5
    retry_after: float = 0.3
    routes: re.Pattern[str] = MESSAGE_ROUTES
    channels: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._draws = self._drawn(random.Random(self.seed))

    def next(self, method: str, path: str) -> Fault:
        """Return what happens to the next request."""
        return next(self._draws) if self.routes.match(f"{method} {path}") else Fault.NONE

    def _drawn(self, chance: random.Random) -> Iterator[Fault]:
        count = 0
        while True:
            count += 1
            draw = chance.random()
            if any(start <= count < start + self.burst_length for start in self.bursts):
                yield Fault.RATE_LIMITED
            elif draw < self.bad_gateway:
                yield Fault.BAD_GATEWAY if draw < self.bad_gateway / 2 else Fault.BAD_GATEWAY_AFTER
            elif draw < self.bad_gateway + self.answer_lost:
                yield Fault.ANSWER_LOST
            elif draw < self.bad_gateway + self.answer_lost + self.reset:
                yield Fault.RESET
            else:
                yield Fault.NONE
