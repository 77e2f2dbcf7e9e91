"""The health command, as Docker's HEALTHCHECK calls it."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from bot.cli.health import health
from bot.health import write_heartbeat


@pytest.fixture
def alive(tmp_path, monkeypatch):
    monkeypatch.setenv("CAREER_BOT_DATABASE_URL", f"sqlite:///{tmp_path}/career-bot.db")
    return tmp_path / "career-bot.db-alive"


def test_a_young_heartbeat_is_exit_code_0(alive):
    write_heartbeat(alive, datetime.now(UTC))

    result = CliRunner().invoke(health)

    assert (result.exit_code, result.stdout) == (0, "alive\n")


def test_an_old_heartbeat_is_exit_code_1_and_says_where_it_looked(alive):
    write_heartbeat(alive, datetime.now(UTC) - timedelta(minutes=5))

    result = CliRunner().invoke(health)

    assert result.exit_code == 1
    assert str(alive) in result.stderr


def test_a_bot_that_never_started_is_exit_code_1(alive):
    assert CliRunner().invoke(health).exit_code == 1
