"""Tells whether the bot lives: its event loop leaves heartbeats beside the database; bot.cli.health reads them."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

BEAT_SECONDS = 15
STALE_SECONDS = 90
"""Six beats may be missed, as on a machine that is busy or was asleep."""


def heartbeat_file(database_url: str) -> Path:
    """Return where the bot on this SQLite database leaves its heartbeat: beside the file, as `-wal` and `-shm` are.

    The address is not read by the store's own function: importing SQLAlchemy takes 0.7 s, and Docker asks all the time.
    """
    database = Path(database_url.partition(":///")[2].partition("?")[0]).expanduser().absolute()
    return database.with_name(f"{database.name}-alive")


def write_heartbeat(path: Path, now: datetime) -> None:
    """Note that the process lived at `now`; where that cannot be written, the heartbeat grows stale and says so."""
    with suppress(OSError):
        path.touch()
        os.utime(path, (now.timestamp(), now.timestamp()))


def withdraw_heartbeat(path: Path) -> None:
    """Take the last heartbeat back: the process lives, but does not do its work."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


class ToldFile:
    """A file beside the database that stands there while the owner knows that announcing stands still.

    Where it cannot be written, each new process tells the owner anew.
    """

    def __init__(self, database_url: str) -> None:
        heartbeat = heartbeat_file(database_url)
        self._path = heartbeat.with_name(heartbeat.name.removesuffix("-alive") + "-stuck")

    def is_told(self) -> bool:
        """Tell whether the owner was told, by this process or one before."""
        return self._path.exists()

    def note_told(self) -> None:
        """Note that the owner was told."""
        with suppress(OSError):
            self._path.touch()

    def end(self) -> None:
        """Note that announcing goes on."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def is_alive(path: Path, now: datetime) -> bool:
    """Tell whether the last heartbeat is younger than STALE_SECONDS; one from the future (a clock set back) is not."""
    try:
        beat = path.stat().st_mtime
    except OSError:
        return False
    return abs(now.timestamp() - beat) < STALE_SECONDS
