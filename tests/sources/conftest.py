"""What reads jobs with the names that ship."""

from datetime import UTC, datetime

import pytest

from bot.sources.registry import read_jobs

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def read(recognition):
    return lambda text, form=None, **options: read_jobs(text, NOW, form=form, recognition=recognition, **options)
