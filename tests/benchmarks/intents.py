"""How well questions of public sets are understood, and how fast, beside other ways of matching them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import fmean, median, stdev

import numpy as np

from tests.benchmarks.loading import timed
from tests.benchmarks.methods import Matcher, Method
from tests.benchmarks.sets import READERS, Draw, LabelledSet, SetError, draw

PHRASINGS = (5, 20)
DECLINED = 0.91
"""The share of questions out of scope that the threshold declines, at which right answers in scope are counted."""
HEAD = ("top-1 %", "top-3 %", "top-1 %, typos", "AUROC", f"right % at {DECLINED:.0%} declined", "ms, p50")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a method reaches: shares (0-1), and milliseconds a question; None without questions out of scope."""

    top1: float
    top3: float
    top1_mistyped: float
    auroc: float | None
    right_when_sure: float | None
    milliseconds: float


def figures(matcher: Matcher, drawn: Draw) -> Figures:
    """Return what a matcher reaches on a draw."""
    wanted = [each.label for each in drawn.asked]
    # Timed before anything has asked the same: some methods remember questions.
    took, sure = zip(*(timed(lambda text=each.text: matcher.sureness(text)) for each in drawn.asked), strict=True)
    ranked = [matcher.ranked(each.text) for each in drawn.asked]
    right = [found[:1] == [label] for found, label in zip(ranked, wanted, strict=True)]
    mistyped = [matcher.ranked(text)[:1] == [label] for text, label in zip(drawn.mistyped, wanted, strict=True)]
    outside = [matcher.sureness(text) for text in drawn.outside]
    return Figures(
        top1=fmean(right),
        top3=fmean(label in found for found, label in zip(ranked, wanted, strict=True)),
        top1_mistyped=fmean(mistyped),
        auroc=auroc(sure, outside) if outside else None,
        right_when_sure=right_above(threshold(outside, DECLINED), right, sure) if outside else None,
        milliseconds=median(took),
    )


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Return how often a question in scope is rated above one out of scope; a tie counts half."""
    ordered = np.sort(outside)
    below, upto = np.searchsorted(ordered, inside, "left"), np.searchsorted(ordered, inside, "right")
    return float((below + upto).mean() / (2 * len(outside)))


def threshold(outside: Sequence[float], share: float) -> float:
    """Return the least sureness that at least `share` of `outside` does not exceed."""
    return sorted(outside)[math.ceil(share * len(outside)) - 1]


def right_above(threshold: float, right: Sequence[bool], sure: Sequence[float]) -> float:
    """Return the share of all questions that are right and surer than `threshold`."""
    return fmean(is_right and sureness > threshold for is_right, sureness in zip(right, sure, strict=True))


def report(
    folder: Path, methods: Mapping[str, Method], *, draws: int, questions: int, phrasings: Iterable[int] = PHRASINGS
) -> Iterator[str]:
    """Yield a table for each set in `folder` and number of phrasings, or a line that says what is wrong with a set."""
    for name, read in READERS.items():
        try:
            found = read(folder)
        except SetError as error:
            yield f"{name} is left out: {error}"
            continue
        for count in phrasings:
            runs = [draw(found, phrasings=count, questions=questions, seed=seed) for seed in range(draws)]
            yield f"{_title(found, count, runs)}\n\n{table(_measured(methods, runs))}"


def _measured(methods: Mapping[str, Method], runs: Sequence[Draw]) -> Iterator[tuple[str, list[Figures] | str]]:
    for name, method in methods.items():
        try:
            yield name, [figures(method(run.phrasings), run) for run in runs]
        except ImportError as error:
            yield name, f"{error.name} is not installed"


def _title(of: LabelledSet, count: int, runs: Sequence[Draw]) -> str:
    labels = len({each.label for each in of.train})
    outside = f" and {len(runs[0].outside):,} out of scope" if of.outside else ""
    return (
        f"{of.name}, {count} phrasings of each of {labels} labels: "
        f"{len(runs[0].asked):,} questions{outside}, draws: {len(runs)}"
    )


def table(rows: Iterable[tuple[str, list[Figures] | str]]) -> str:
    """Return a Markdown table with a row a method: the means over its runs, and how far the top-1 strays."""
    lines = [("method", *HEAD)]
    for name, found in rows:
        lines.append((name, *(_cells(found) if isinstance(found, list) else (found, *[""] * (len(HEAD) - 1)))))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in ruled)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)


def _cells(runs: Sequence[Figures]) -> Iterator[str]:
    top1, *shares, milliseconds = zip(*map(astuple, runs), strict=True)
    yield f"{100 * fmean(top1):.1f}" + (f" ± {100 * stdev(top1):.1f}" if len(top1) > 1 else "")
    for values in shares:
        yield "" if None in values else f"{100 * fmean(values):.1f}"
    yield f"{fmean(milliseconds):.2f}"
