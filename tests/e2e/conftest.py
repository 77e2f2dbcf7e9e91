"""A loopback Discord with one server, people in it, and the bot's installation, for the end-to-end tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import load_advisor
from tests.e2e.process import Installation
from tests.loopback.server import LoopbackDiscord
from tests.loopback.world import Channel, Permission, User

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.process)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one home for all; what takes seconds to compute from the knowledge is computed by now."""
    load_advisor(ROOT / "knowledge")
    return tmp_path_factory.mktemp("home")


@pytest.fixture
async def server() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        yield server


@pytest.fixture
async def installation(server: LoopbackDiscord, tmp_path: Path, home: Path) -> AsyncIterator[Installation]:
    installation = Installation(server, tmp_path, home)
    try:
        yield installation
    finally:
        await installation.end()


@pytest.fixture
def channel(server: LoopbackDiscord) -> Channel:
    return server.guild_with_channels("careers")[1][0]


@pytest.fixture
def alice(server: LoopbackDiscord, channel: Channel) -> User:
    return server.world.add_member(server.world.guild(channel.guild), "alice")


@pytest.fixture
def admin(server: LoopbackDiscord, channel: Channel) -> User:
    return server.world.add_member(server.world.guild(channel.guild), "admin", Permission.MANAGE_GUILD)
