"""The database: one writer at a time, readers beside it, and errors that say what to do."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreUnavailableError

BUSY_SECONDS = 10
_AUTOCHECKPOINT_PAGES = 4_000  # 16 MiB; with SQLite's 1,000 many jobs are stored a fifth slower
_CACHE_KIB = 32 * 1024  # of a connection, used as needed; with SQLite's 2 MiB many jobs are stored a third slower

_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_READONLY: "it cannot be written; check the rights of the file and its folder",
    sqlite3.SQLITE_PERM: "it cannot be read; check the rights of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder exists and is writable",
    sqlite3.SQLITE_IOERR: "the disk does not answer as it should; check the disk, or whether it is full",
    sqlite3.SQLITE_CORRUPT: "it is damaged; put back a backup (`career-bot db backup` makes one)",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database; name another file in CAREER_BOT_DATABASE_URL",
    sqlite3.SQLITE_BUSY: "another program keeps it locked; try again when that has ended",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked; try again when that has ended",
}


class Database:
    """One SQLite file in WAL mode; what is committed survives a power loss (synchronous=FULL)."""

    def __init__(self, path: Path, engine: AsyncEngine) -> None:
        self.path = path
        self._readers = engine
        self._writers = engine.execution_options(begin="IMMEDIATE")
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Write: everything or, after any exception or a cancel, nothing."""
        async with self._lock:
            with explained(self.path):
                async with self._writers.begin() as connection:
                    yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Read one state of the database, whatever is written meanwhile."""
        with explained(self.path):
            async with self._readers.begin() as connection:
                yield connection


def database_path(url: str) -> Path:
    """Return the file of an address `sqlite:///FILE`."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreUnavailableError(f"{url}: not an address of the form sqlite:///FILE") from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise StoreUnavailableError(f"{url}: data is kept in a SQLite file; write sqlite:///FILE")
    return Path(parsed.database).expanduser().absolute()


@asynccontextmanager
async def open_database(path: Path, *, checkpoint_pages: int = 0) -> AsyncIterator[Database]:
    """Open a database, made when missing with its folder, and close it.

    The WAL is checkpointed after `checkpoint_pages`; only the bot process asks for that, because SQLite before 3.51.3
    can damage a WAL that two connections checkpoint. Raises StoreUnavailableError when the file cannot be used.
    """
    await asyncio.to_thread(_prepare, path)
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}", connect_args={"timeout": BUSY_SECONDS}, pool_size=4, max_overflow=4
    )
    _settle(engine, checkpoint_pages)
    try:
        yield Database(path, engine)
    finally:
        await engine.dispose()


@asynccontextmanager
async def open_bot_database(path: Path) -> AsyncIterator[Database]:
    """Open a database as the one process that checkpoints its WAL."""
    async with open_database(path, checkpoint_pages=_AUTOCHECKPOINT_PAGES) as database:
        yield database


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise StoreUnavailableError, with what to do, for what SQLite says when its file cannot be used."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if reason := _REASONS.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF):
            raise StoreUnavailableError(f"{path}: {reason}") from error
        raise


def prepare_folder(path: Path) -> None:
    """Make the folder of a database; raises StoreUnavailableError when it cannot be or a folder stands in its place."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailableError(f"{path.parent}: the folder cannot be made ({error.strerror})") from None
    if path.is_dir():
        raise StoreUnavailableError(f"{path}: is a folder; name a file in CAREER_BOT_DATABASE_URL")


def _prepare(path: Path) -> None:
    prepare_folder(path)
    with explained(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            _to_wal(connection)
        finally:
            connection.close()


def _to_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL, which stays; SQLite does not wait by itself when two processes do so at once."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _settle(engine: AsyncEngine, checkpoint_pages: int) -> None:
    """Set each connection up, and begin transactions ourselves: the driver would begin them late and deferred."""

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "foreign_keys = ON",
            "synchronous = FULL",
            f"cache_size = -{_CACHE_KIB}",
            f"wal_autocheckpoint = {checkpoint_pages}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")
