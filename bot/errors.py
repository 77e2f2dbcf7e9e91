"""Every error of the project that a caller may want to tell apart.

CareerBotError
├── SettingsError       settings that cannot be used; carries every fault
├── KnowledgeError      a knowledge base that cannot be loaded; carries every fault
├── UsageError          a request that makes no sense; carries what to do instead
├── EncoderError        a sentence encoder that cannot be used or fetched
├── StuckError          announcing makes no progress, and the process is to end for it
├── FetchError          a document that could not be fetched; tells whether and when to try again
└── StoreError
    ├── StoreUnavailableError   the database cannot be opened or written now
    └── AlreadyRunningError     another process runs the bot on this database
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


class CareerBotError(Exception):
    """The root of the tree: its message is fit for a person to read."""


class SettingsError(CareerBotError):
    """Settings that cannot be used; `faults` holds one line for each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of one knowledge file: where it is, what is wrong, how to mend it."""

    path: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.path}:{self.line}: {self.message}{remedy}"


class KnowledgeError(CareerBotError):
    """A knowledge base that cannot be loaded; `faults` holds all of them, sorted."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class UsageError(CareerBotError):
    """A request that makes no sense; the message says what to do instead."""


class EncoderError(CareerBotError):
    """A sentence encoder that cannot be used or fetched; the message says what to do."""


class StuckError(CareerBotError):
    """Announcing makes no progress, and the settings say that the process ends then."""


class FetchError(CareerBotError):
    """A document that could not be fetched.

    `status` is the answer's, None where none came; `retry_after` is how long the other side asks to be left alone.
    """

    def __init__(self, message: str, *, status: int | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class StoreError(CareerBotError):
    """The database did not do what was asked."""


class StoreUnavailableError(StoreError):
    """The database cannot be opened or written now (missing folder, full disk, locked)."""


class AlreadyRunningError(StoreError):
    """Another process already runs the bot on this database."""
