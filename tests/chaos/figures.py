"""What is counted in a run, and the table of all runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_IN_A_SECOND = 45
"""The bot paces itself to 44, of the 50 that Discord allows."""
A_SECOND = 40
"""So many requests are on their way in a second: those of a pause of the server are recorded together at its end."""
TAKEOVER_SECONDS = 15

_HEAD = (
    "run",
    "kills",
    "jobs in channels",
    "duplicates",
    "missing",
    "requests",
    "worst second",
    "its pause",
    "longest takeover",
    "until it announced",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One run, counted by the server.

    `pause` is the longest of the server itself in the worst second or just before, in seconds. Where somebody stood by,
    `takeover_seconds` is the longest time from a kill to the first request of the process that took over,
    `silence_seconds` that to its first announcement.
    """

    name: str
    kills: int
    wanted: int
    duplicates: int
    missing: int
    requests: int
    worst_second: int
    pause: float
    takeover_seconds: float | None = None
    silence_seconds: float | None = None

    def faults(self) -> list[str]:
        """Return what is wrong with a run, in words; nothing where all is right."""
        found = {
            f"{self.duplicates} duplicates": self.duplicates > 0,
            f"{self.missing} missing": self.missing > 0,
            f"{self.worst_second} requests in a second": self.worst_second > MOST_IN_A_SECOND + self.pause * A_SECOND,
            f"nothing was announced for {self.silence_seconds} s": (self.silence_seconds or 0) > TAKEOVER_SECONDS,
        }
        return [text for text, is_so in found.items() if is_so]


def table(runs: Sequence[Figures]) -> str:
    """Return a Markdown table with a line for each run."""
    rows = [_HEAD, *map(_cells, runs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join((lines[0], rule, *lines[1:]))


def _cells(run: Figures) -> tuple[str, ...]:
    numbers = (run.kills, run.wanted, run.duplicates, run.missing, run.requests, run.worst_second)
    pause = f"{run.pause * 1_000:.0f} ms" if run.pause else ""
    seconds = ("" if each is None else f"{each:.1f} s" for each in (run.takeover_seconds, run.silence_seconds))
    return (run.name, *(f"{number:,}" for number in numbers), pause, *seconds)
