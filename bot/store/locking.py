"""A lock beside the database file, held by the one bot process; the kernel releases it however the process ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import AlreadyRunningError, StoreUnavailableError


@contextmanager
def only_process(database: Path) -> Iterator[None]:
    """Hold the lock of `database`; raises AlreadyRunningError when another process does."""
    path = database.with_name(f"{database.name}.lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    except OSError as error:
        raise StoreUnavailableError(f"{path} cannot be written ({error.strerror}): is the folder writable?") from None
    try:
        if not _lock(descriptor):
            raise AlreadyRunningError(
                f"the bot already runs on {database}; stop that process first, "
                "or set CAREER_BOT_DATABASE_URL to another file"
            )
        yield
    finally:
        os.close(descriptor)


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
