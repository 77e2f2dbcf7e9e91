"""How long a command takes from its start to its end, imports and knowledge included."""

from __future__ import annotations

import subprocess
import sys

from tests.benchmarks.loading import timed
from tests.benchmarks.table import Line

TIMES = 5


def measure() -> list[Line]:
    """Return the best of a few runs, compared with a Python that only imports numpy."""
    bare = best("-c", "import numpy")
    compared = "python -c 'import numpy'"
    return [
        Line("career-bot --version", best("-m", "bot", "--version"), "ms", bare, compared),
        Line('career-bot ask "MLE vs DS pay"', best("-m", "bot", "ask", "MLE vs DS pay"), "ms", bare, compared),
        Line("import discord and the client", best("-c", "import bot.frontends.discord.client"), "ms", bare, compared),
    ]


def best(*words: str) -> float:
    """Return the milliseconds of the quickest of a few runs of Python; the first one fills caches."""
    return min(timed(lambda: _run(words))[0] for _ in range(TIMES))


def _run(words: tuple[str, ...]) -> None:
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
