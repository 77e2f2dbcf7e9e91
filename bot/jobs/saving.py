"""Jobs that people keep for themselves: how many, and what becomes of a wish to keep one."""

from __future__ import annotations

from enum import StrEnum

MOST_SAVED = 100
"""Jobs that one person can keep."""


class Saved(StrEnum):
    """What became of a wish to keep a job."""

    NEW = "new"
    KNOWN = "known"
    FULL = "full"
    GONE = "gone"
