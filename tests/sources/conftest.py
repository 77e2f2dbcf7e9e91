"""What reads jobs with the names that ship."""

from datetime import UTC, datetime

import pytest

from bot.advisor.loading import load_knowledge
from bot.advisor.recognition import Recogniser
from bot.app import recognition_by
from bot.config import default_knowledge
from bot.folder import read_folder
from bot.sources.registry import read_jobs

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def recognition():
    recogniser = Recogniser(load_knowledge(read_folder(default_knowledge())))
    return recognition_by(lambda: recogniser)


@pytest.fixture
def read(recognition):
    return lambda text, form=None, source=None: read_jobs(text, NOW, form=form, source=source, recognition=recognition)
