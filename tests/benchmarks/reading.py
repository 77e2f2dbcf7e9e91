"""How long one answer takes, from the question on, beside a fuzzy search for the nearest phrasing."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median, quantiles

from rapidfuzz import fuzz, process

from bot.advisor.advisor import Advisor
from bot.advisor.answer import Answer, Facts
from bot.advisor.loading import load_knowledge
from bot.advisor.reading import Reading
from bot.app import load_advisor
from bot.config import default_knowledge
from bot.folder import read_folder
from tests.benchmarks.loading import timed
from tests.benchmarks.table import Line

GOLDEN = Path(__file__).parent.parent / "golden" / "dev.jsonl"
MOST_OF_SEARCH = 0.3
"""The share of the search's time that an answer may take, at the median and at the 99th percentile."""


def measure() -> list[Line]:
    """Return the median and the 99th percentile of an answer, each compared with that of the search."""
    advisor = load_advisor(default_knowledge())
    asked = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line.strip()]
    phrasings = all_phrasings()
    advisor.read("hello")
    own, searched = [], []
    for record in asked:
        earlier = context_of(advisor, record.get("context") or ())
        question = record["question"]
        own.append(timed(lambda question=question, earlier=earlier: answered(advisor, question, earlier))[0])
        searched.append(timed(lambda question=question: process.extractOne(question, phrasings, scorer=fuzz.WRatio))[0])
    compared = f"WRatio over {len(phrasings):,} phrasings"
    parts = {f"p50 of {len(asked)}": median, "p99": lambda times: quantiles(times, n=100)[98]}
    lines = [
        Line(name, part(own), "ms", part(searched), compared, part(own) <= MOST_OF_SEARCH * part(searched))
        for name, part in parts.items()
    ]
    return [*lines, Line("the longest", max(own), "ms", max(searched), compared)]


def answered(advisor: Advisor, question: str, earlier: tuple[Reading, ...]) -> Answer:
    """Return the answer to a question, without open jobs."""
    reading = advisor.read(question, earlier)
    return advisor.answer(reading, Facts(), question=question)


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
