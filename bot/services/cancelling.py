"""Tells a cancel that somebody asked of a task from one that merely came out of what it awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import CareerBotError


class StrayCancelError(CareerBotError):
    """Something that was awaited was cancelled, not the task that awaited it."""


@contextmanager
def strays_as_errors() -> Iterator[None]:
    """Raise StrayCancelError for a cancel that nobody asked of this task, which else would end it without a word."""
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise StrayCancelError("something that was awaited was cancelled") from error
