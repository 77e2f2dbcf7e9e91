"""How long a question takes to be read, beside a fuzzy search for the nearest phrasing."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median, quantiles

from rapidfuzz import fuzz, process

from bot.advisor.advisor import Advisor
from bot.advisor.loading import load_knowledge
from bot.advisor.reading import Reading
from bot.app import load_advisor
from bot.config import default_knowledge
from bot.folder import read_folder
from tests.benchmarks.loading import timed
from tests.benchmarks.table import Line

GOLDEN = Path(__file__).parent.parent / "golden" / "dev.jsonl"


def measure() -> list[Line]:
    """Return the median and the 99th percentile, each compared with that of the search."""
    advisor = load_advisor(default_knowledge())
    asked = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line.strip()]
    phrasings = all_phrasings()
    advisor.read("hello")
    own, searched = [], []
    for record in asked:
        earlier = context_of(advisor, record.get("context") or ())
        question = record["question"]
        own.append(timed(lambda question=question, earlier=earlier: advisor.read(question, earlier))[0])
        searched.append(timed(lambda question=question: process.extractOne(question, phrasings, scorer=fuzz.WRatio))[0])
    compared = f"WRatio over {len(phrasings):,} phrasings"
    return [
        Line(f"p50 of {len(asked)}", median(own), "ms", median(searched), compared),
        Line("p99", quantiles(own, n=100)[98], "ms", quantiles(searched, n=100)[98], compared),
        Line("the longest", max(own), "ms", max(searched), compared),
    ]


def context_of(advisor: Advisor, earlier: list[str]) -> tuple[Reading, ...]:
    """Return the readings of earlier questions."""
    readings: list[Reading] = []
    for question in earlier:
        readings.append(advisor.read(question, readings))
    return tuple(readings)


def all_phrasings() -> list[str]:
    """Return every phrasing of the knowledge that ships."""
    known = load_knowledge(read_folder(default_knowledge()))
    entries = (*known.intents, *known.topics.values())
    return [phrasing for entry in entries for phrasing in entry.phrasings]
