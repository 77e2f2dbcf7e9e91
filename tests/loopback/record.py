"""What was asked of the server, request by request."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.loopback.faults import Fault
from tests.loopback.replies import Json


@dataclass(slots=True)
class Request:
    """One request: when it came by the loop's clock, what it said, what befell it and the status it got (0: none)."""

    at: float
    method: str
    path: str
    authorization: str | None
    body: object
    fault: Fault = Fault.NONE
    status: int = 0

    @property
    def json(self) -> Json:
        """The body, where it is a JSON object."""
        return self.body if isinstance(self.body, dict) else {}


class Record(list[Request]):
    """All requests in order."""

    def matching(self, pattern: str) -> list[Request]:
        """Return those whose "METHOD /path" matches a pattern from its beginning."""
        return [request for request in self if re.match(pattern, f"{request.method} {request.path}")]

    def after(self, number: int, pattern: str) -> list[Request]:
        """Return those that match after so many of all."""
        return Record(self[number:]).matching(pattern)

    def most_in_a_second(self) -> int:
        """Return how many requests came in the busiest second, whatever its start; interactions do not count."""
        return len(self.busiest_second())

    def busiest_second(self) -> list[Request]:
        """Return the requests of that second."""
        counted = [request for request in self if not request.path.startswith(("/interactions", "/webhooks"))]
        busiest: list[Request] = []
        start = 0
        for end, request in enumerate(counted):
            while request.at - counted[start].at >= 1:
                start += 1
            if end - start >= len(busiest):
                busiest = counted[start : end + 1]
        return busiest
