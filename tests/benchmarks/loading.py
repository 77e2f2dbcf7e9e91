"""How long knowledge takes to load, with trained heads and without."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import yaml

from bot.advisor.advisor import Advisor
from bot.advisor.loading import load_knowledge
from bot.config import default_knowledge
from bot.folder import read_folder
from tests.benchmarks.table import Line

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return how many milliseconds `work` took, and what it returned."""
    began = perf_counter()
    result = work()
    return (perf_counter() - began) * 1_000, result


def measure() -> list[Line]:
    """Return the time of each step, compared with reading the same files as bare YAML."""
    files = read_folder(default_knowledge())
    bare = timed(lambda: [yaml.load(content, yaml.CSafeLoader) for content in files.values()])[0]
    load, knowledge = timed(lambda: load_knowledge(files))
    untrained, advisor = timed(lambda: Advisor(knowledge))
    trained, _ = timed(lambda: Advisor(knowledge, trained=advisor.interpreter.trained))
    compared = "the files as bare YAML"
    return [
        Line(f"{len(files)} files, checked", load, "ms", bare, compared),
        Line("an advisor, heads trained before", trained, "ms", bare, compared),
        Line("an advisor, heads trained now", untrained, "ms", bare, compared),
    ]
