"""How time and memory grow with the number of phrasings; each size is measured in a process of its own."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from statistics import median

from bot.advisor.intent import IntentHead, labels_of, train
from tests.benchmarks.loading import timed
from tests.benchmarks.reading import all_phrasings
from tests.benchmarks.table import Line

ENTRIES = 150
SIZES = (1_000, 10_000, 100_000)
ASKED = 300
MOST_TIMES_SLOWER, MOST_SECONDS, MOST_MIB = 4.0, 30.0, 300.0
"""The promises for the largest size: one match beside the smallest, the build, and what it adds to the memory."""

Example = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Grown:
    """What a process measured; without a head only the memory is of interest."""

    match_milliseconds: float
    build_seconds: float
    peak_mib: float


def measure() -> list[Line]:
    """Return for each size the time of one match, the build and the memory, with the promises for the largest."""
    found = {size: _in_a_process(size, build=True) for size in SIZES}
    bare = {size: _in_a_process(size, build=False).peak_mib for size in SIZES}
    small, large = found[SIZES[0]].match_milliseconds, SIZES[-1]
    lines = []
    for size, grown in found.items():
        kept = grown.match_milliseconds <= MOST_TIMES_SLOWER * small if size == large else None
        lines.append(
            Line(f"{size:,}: one match, p50", grown.match_milliseconds, "ms", small, f"{SIZES[0]:,}", kept=kept)
        )
    for size, grown in found.items():
        kept = grown.build_seconds <= MOST_SECONDS if size == large else None
        lines.append(Line(f"{size:,}: build", grown.build_seconds, "s", kept=kept))
    for size, grown in found.items():
        growth = grown.peak_mib - bare[size]
        kept = growth <= MOST_MIB if size == large else None
        lines.append(Line(f"{size:,}: peak memory beside the phrasings alone", growth, "MiB", kept=kept))
    return lines


def _in_a_process(size: int, *, build: bool) -> Grown:
    words = (sys.executable, "-m", "tests.benchmarks.scaling", str(size), *(["build"] if build else []))
    return Grown(**json.loads(subprocess.run(words, check=True, capture_output=True).stdout))


def grow(size: int, *, build: bool) -> Grown:
    """Return what this process measures with `size` phrasings."""
    examples = recombined(all_phrasings(), size)
    if not build:
        return Grown(0.0, 0.0, _peak_mib())
    took, head = timed(lambda: IntentHead(labels_of(label for label, _ in examples), train(examples)))
    asked = [tokens for _, tokens in recombined(all_phrasings(), ASKED, seed=1)]

    def match(tokens: tuple[str, ...]) -> object:
        scores = head.score(tokens)
        return scores.logits, scores.near

    match(asked[0])
    times = [timed(lambda tokens=tokens: match(tokens))[0] for tokens in asked]
    return Grown(median(times), took / 1_000, _peak_mib())


def _peak_mib() -> float:
    """Return the most memory that this process has had.

    Linux counts in `ru_maxrss` what the parent held when it started the process; VmHWM begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / (1 << 10)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def recombined(phrasings: Sequence[str], size: int, *, seed: int = 0) -> list[Example]:
    """Return `size` different examples of ENTRIES entries: an entry's own first halves, with anybody's second ones."""
    chance = random.Random(seed)
    split = [text.lower().split() for text in phrasings]
    starts = [tuple(words[: (len(words) + 1) // 2]) for words in split]
    ends = [tuple(words[(len(words) + 1) // 2 :]) for words in split]
    found: dict[tuple[str, ...], str] = {}
    for entry in _entries():
        if len(found) == size:
            break
        found.setdefault((*chance.choice(starts[entry::ENTRIES]), *chance.choice(ends)), f"entry-{entry}")
    return [(label, tokens) for tokens, label in found.items()]


def _entries() -> Iterator[int]:
    return (number % ENTRIES for number in count())


if __name__ == "__main__":
    print(json.dumps(asdict(grow(int(sys.argv[1]), build=sys.argv[2:] == ["build"]))))
