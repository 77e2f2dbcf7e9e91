"""Waiting for something to become true, with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(probe: Callable[[], T], *, seconds: float = 30, what: str = "") -> T:
    """Return what `probe` returns as soon as that is true; raises AssertionError when it is not within `seconds`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not (found := probe()):
        if loop.time() > deadline:
            raise AssertionError(f"still waiting after {seconds} s for {what or probe}: {found!r}")
        await asyncio.sleep(0.01)
    return found
