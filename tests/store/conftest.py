import pytest

from bot.store.opening import open_store


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'data' / 'career-bot.db'}"


@pytest.fixture
async def store(url):
    async with open_store(url) as opened:
        yield opened
