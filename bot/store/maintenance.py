"""What is done with a database as a file: copied, checked, looked at; each on a connection of its own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreUnavailableError
from bot.store.engine import BUSY_SECONDS, explained
from bot.store.upgrading import HEAD

# SQLite can damage a WAL that two connections checkpoint at once: https://sqlite.org/wal.html#walresetbug
_SOUND = (3, 51, 3)
_SOUND_BRANCHES = {(3, 44): 6, (3, 50): 7}


def backup(path: Path, target: Path) -> None:
    """Copy a database into the new file `target`, whole and consistent, also while the bot runs."""
    if target.exists():
        raise StoreUnavailableError(f"{target}: exists already; name a new file")
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _opened(path) as source, explained(half):
            copy = sqlite3.connect(half)
            try:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()
        half.replace(target)
    except OSError as error:
        raise StoreUnavailableError(f"{target}: cannot be written ({error.strerror})") from None
    finally:
        half.unlink(missing_ok=True)


def faults(path: Path) -> tuple[str, ...]:
    """Return what is wrong with a database, one line each; nothing when it is sound."""
    with _opened(path) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        found += [
            f"{table}: row {row} refers to a missing row of {parent}"
            for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check")
        ]
        return tuple(found)


def stored_revision(path: Path) -> str | None:
    """Return the revision of a database; None when it has none."""
    with _opened(path) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
        return str(row[0]) if row else None


def is_current(path: Path) -> bool:
    """Whether a database needs no upgrade."""
    return stored_revision(path) == HEAD


def check_writable(path: Path) -> None:
    """Raise StoreUnavailableError when the database, or the folder that it would be made in, cannot be written."""
    if not path.exists():
        folder = next(parent for parent in path.parents if parent.exists())
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise StoreUnavailableError(f"{folder}: cannot be written; check the rights of the folder")
        return
    with _opened(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def is_sound_sqlite(version: tuple[int, int, int]) -> bool:
    """Whether a version of SQLite may checkpoint a WAL from two connections."""
    mended = _SOUND_BRANCHES.get(version[:2])
    return version >= _SOUND or (mended is not None and version[2] >= mended)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if path.is_dir():
        raise StoreUnavailableError(f"{path}: is a folder; name a file in CAREER_BOT_DATABASE_URL")
    if not path.exists():
        raise StoreUnavailableError(f"{path}: there is no database yet; `career-bot db upgrade` makes one")
    with explained(path):
        connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            yield connection
        finally:
            connection.close()
