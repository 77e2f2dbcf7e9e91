"""A lock beside the database file, held by the one bot process; the kernel releases it however the process ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import AlreadyRunningError, StoreUnavailableError


class ProcessLock:
    """The lock of one database, which one process at a time holds; `close` releases it."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Return whether this process holds the lock now. Raises StoreUnavailableError when its file cannot be made."""
        if self._descriptor is None:
            descriptor = self._opened()
            if not _lock(descriptor):
                os.close(descriptor)
                return False
            self._descriptor = descriptor
        return True

    def close(self) -> None:
        """Let the next process take it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock, and release it unless it was held before.

        Raises AlreadyRunningError when another process holds it.
        """
        before = self._descriptor is not None
        if not self.take():
            raise AlreadyRunningError(
                f"the bot already runs on {self._database}; stop that process first, "
                "or set CAREER_BOT_DATABASE_URL to another file"
            )
        try:
            yield
        finally:
            if not before:
                self.close()

    def _opened(self) -> int:
        path = self._database.with_name(f"{self._database.name}.lock")
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        except OSError as error:
            raise StoreUnavailableError(
                f"{path} cannot be written ({error.strerror}): is the folder writable?"
            ) from None


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":  # pragma: no cover  # not where the tests run
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
