"""Measures speed against a baseline in the same run (`make bench`); the exit code is 1 when a promise is not kept.

With `--sets FOLDER` it measures how well questions of public sets are understood instead. Times differ from machine to
machine and from hour to hour; what they are divided by is measured beside them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.encoder import OnnxEncoder
from bot.errors import EncoderError
from tests.benchmarks import (
    announcing,
    blocking,
    collecting,
    fan_out,
    hostile_sources,
    intents,
    loading,
    reading,
    scaling,
    starting,
    subscribing,
)
from tests.benchmarks.methods import methods
from tests.benchmarks.table import Line, shown

if TYPE_CHECKING:
    from bot.advisor.meaning import Encoder


@dataclass
class Report:
    """The lines so far, printed as they come, and whether every promise was kept."""

    kept: bool = True
    lines: list[Line] = field(default_factory=list)

    def add(self, title: str, lines: list[Line]) -> None:
        """Print a table of lines."""
        self.show(title, shown(lines), kept=all(line.kept is not False for line in lines))

    def show(self, title: str, table: str, *, kept: bool) -> None:
        """Print a table, and remember whether its promises were kept."""
        print(f"\n{title}\n{table}", flush=True)
        self.kept = self.kept and kept


def main(words: Sequence[str] | None = None) -> int:
    """Measure what the arguments ask for, and return the exit code."""
    arguments = _parser().parse_args(words)
    if arguments.sets:
        return measure_sets(arguments)
    return measure_bot()


def measure_bot() -> int:
    """Measure the bot by itself; return 1 when a promise is not kept."""
    report = Report()
    report.add("Loading knowledge", loading.measure())
    report.add("Answering a question of tests/golden/dev.jsonl, each for the first time", reading.measure())
    report.add("Starting a command", starting.measure())
    report.add("Announcing", announcing.measure())
    report.add(f"The event loop, held by {blocking.LENGTH:,} hostile characters", blocking.measure())
    for title, outcomes in hostile_sources.measure():
        kept = all(outcome.kept for outcome in outcomes)
        report.show(f"Hostile sources, {title}", hostile_sources.shown(outcomes), kept=kept)
    report.add("Subscriptions", subscribing.measure())
    report.add("Fan-out, in virtual time", fan_out.measure())
    report.add("Jobs: stored, compared, searched", collecting.measure())
    report.add(f"Growing: {scaling.ENTRIES} entries, phrasings in all", scaling.measure())
    print("\nPASS" if report.kept else "\nFAIL")
    return 0 if report.kept else 1


def measure_sets(arguments: argparse.Namespace) -> int:
    """Measure how well the questions of public sets are understood; there is no promise, but there may be no set."""
    encoder = _encoder(arguments.encoder)
    tables = 0
    for text in intents.report(arguments.sets, methods(encoder), draws=arguments.draws, questions=arguments.questions):
        print(f"\n{text}", flush=True)
        tables += "\n" in text
    return 0 if tables else 1


def _encoder(folder: str) -> Encoder | None:
    """Return the encoder in a folder; None, and a line that says why, where there is none."""
    if not folder or folder == "off":
        print("Without an encoder: name a folder with --encoder or CAREER_BOT_ENCODER.")
        return None
    try:
        return OnnxEncoder(Path(folder))
    except (EncoderError, OSError) as error:
        print(f"Without an encoder: {error}")
        return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--sets", type=Path, metavar="FOLDER", help="measure the public sets in this folder instead")
    parser.add_argument("--draws", type=_count, default=3, help="times that phrasings are drawn anew (default: 3)")
    parser.add_argument("--questions", type=int, default=1_000, help="questions a draw, 0 for all (default: 1000)")
    parser.add_argument(
        "--encoder",
        metavar="FOLDER",
        default=os.environ.get("CAREER_BOT_ENCODER", ""),
        help="sentence encoder to measure too (default: CAREER_BOT_ENCODER)",
    )
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above zero")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
