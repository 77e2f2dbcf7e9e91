"""What the long runs share: a home, a deadline for all of them, and the table at the end."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import load_advisor
from tests.chaos.figures import Figures, table
from tests.e2e.crashing import SMALL_KNOWLEDGE

RUN_SECONDS = 30 * 60
ALL_SECONDS = 4 * 60 * 60

RUNS = pytest.StashKey[list[Figures]]()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one home for all; what takes seconds to compute from the knowledge is computed by now."""
    load_advisor(SMALL_KNOWLEDGE)
    gc.freeze()  # the server would pause for a tenth of a second to go through all that was imported
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def all_end() -> float:
    """Return when all runs have to be over, by the monotonic clock."""
    return time.monotonic() + ALL_SECONDS


@pytest.fixture
def seconds_left(all_end: float) -> float:
    """Return how long one run may take."""
    return min(RUN_SECONDS, all_end - time.monotonic())


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Callable[[Figures], None]:
    """Return what puts the figures of a run into the table, and fails where something is wrong with them."""

    def tell(figures: Figures) -> None:
        request.config.stash.setdefault(RUNS, []).append(figures)
        assert not figures.faults(), f"{figures.name}: {', '.join(figures.faults())}"

    return tell


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table; a run that ended before it was counted stands among pytest's own failures."""
    if runs := config.stash.get(RUNS, []):
        terminalreporter.write_line("\n" + table(runs))
