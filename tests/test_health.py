"""The heartbeat of the bot process."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.health import (
    BEAT_SECONDS,
    STALE_SECONDS,
    ToldFile,
    heartbeat_file,
    is_alive,
    withdraw_heartbeat,
    write_heartbeat,
)
from bot.store.engine import database_path

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////data/career-bot.db",
        "sqlite+aiosqlite:////data/career-bot.db",
        "sqlite:///career-bot.db",
        "sqlite:///data/career-bot.db?timeout=5",
        "sqlite:///~/career-bot.db",
    ],
)
def test_the_heartbeat_stands_beside_the_file_that_the_store_opens(url):
    assert heartbeat_file(url) == Path(f"{database_path(url)}-alive")


@pytest.mark.parametrize(
    ("age", "alive"),
    [(0, True), (BEAT_SECONDS, True), (STALE_SECONDS - 1, True), (STALE_SECONDS, False), (-STALE_SECONDS, False)],
)
def test_a_heartbeat_counts_while_it_is_young(tmp_path, age, alive):
    write_heartbeat(tmp_path / "alive", NOW)

    assert is_alive(tmp_path / "alive", NOW + timedelta(seconds=age)) is alive


def test_a_later_heartbeat_replaces_an_earlier_one(tmp_path):
    write_heartbeat(tmp_path / "alive", NOW)
    write_heartbeat(tmp_path / "alive", NOW + timedelta(hours=1))

    assert is_alive(tmp_path / "alive", NOW + timedelta(hours=1))


def test_without_a_heartbeat_nothing_lives(tmp_path):
    assert not is_alive(tmp_path / "alive", NOW)


def test_a_heartbeat_that_cannot_be_written_stops_nobody(tmp_path):
    write_heartbeat(tmp_path / "missing" / "alive", NOW)

    assert not is_alive(tmp_path / "missing" / "alive", NOW)


def test_a_heartbeat_that_was_withdrawn_is_none(tmp_path):
    write_heartbeat(tmp_path / "alive", NOW)
    withdraw_heartbeat(tmp_path / "alive")
    withdraw_heartbeat(tmp_path / "alive")

    assert not is_alive(tmp_path / "alive", NOW)


def test_what_the_owner_was_told_is_known_after_a_restart_until_it_is_over(tmp_path):
    url = f"sqlite:///{tmp_path}/career-bot.db"
    assert not ToldFile(url).is_told()
    ToldFile(url).note_told()
    assert ToldFile(url).is_told()
    ToldFile(url).end()
    ToldFile(url).end()
    assert not ToldFile(url).is_told()


def test_what_cannot_be_noted_stops_nobody(tmp_path):
    told = ToldFile(f"sqlite:///{tmp_path}/missing/career-bot.db")
    told.note_told()
    assert not told.is_told()
