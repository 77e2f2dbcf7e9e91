"""Ends the process whatever hangs in it."""

from __future__ import annotations

import os
import threading

GRACE_SECONDS = 60.0


def exit_soon(seconds: float = GRACE_SECONDS) -> threading.Timer:
    """End the process with exit code 1 in some seconds, if it has not ended by then, and return what would do so.

    A thread that never returns, such as that of a database on a disk that does not answer, holds a clean end for ever.
    """
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()
    return timer
