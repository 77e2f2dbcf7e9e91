"""Measures speed against a baseline in the same run (`make bench`); the exit code is 1 when a promise is not kept.

Times differ from machine to machine and from hour to hour; what they are divided by is measured beside them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from tests.benchmarks import announcing, blocking, loading, reading, starting
from tests.benchmarks.table import Line, shown


@dataclass
class Report:
    """The lines so far, printed as they come, and whether every promise was kept."""

    kept: bool = True
    lines: list[Line] = field(default_factory=list)

    def add(self, title: str, lines: list[Line]) -> None:
        """Print a table."""
        print(f"\n{title}\n{shown(lines)}", flush=True)
        self.kept = self.kept and all(line.kept is not False for line in lines)


def main() -> int:
    """Measure everything, and return the exit code."""
    report = Report()
    report.add("Loading knowledge", loading.measure())
    report.add("Reading a question of tests/golden/dev.jsonl, each for the first time", reading.measure())
    report.add("Starting a command", starting.measure())
    report.add("Announcing", announcing.measure())
    report.add(f"The event loop, held by {blocking.LENGTH:,} hostile characters", blocking.measure())
    print("\nPASS" if report.kept else "\nFAIL")
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
