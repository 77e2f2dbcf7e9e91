"""One call of a publisher: its time is limited, and whatever fails in it is told as something that may pass."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TypeVar

from bot.services.cancelling import strays_as_errors
from bot.services.pacer import Pacer
from bot.services.ports import PublishError, TemporaryError

_log = logging.getLogger(__name__)
T = TypeVar("T")

ATTEMPT_SECONDS = 30  # after which an attempt is given up, its outcome unknown


async def attempt(call: Awaitable[T], pacer: Pacer) -> T:
    """Return what a call of a publisher gives, or raise the PublishError that it raises.

    It has had one turn of `pacer`; requests beyond the first take turns of their own.

    What a publisher does not explain is taken for a failure that may pass, so that it harms no other call.
    """
    try:
        async with asyncio.timeout(ATTEMPT_SECONDS):
            with strays_as_errors(), pacer.covering_one_request():
                return await call
    except PublishError:
        raise
    except TimeoutError:
        raise TemporaryError(f"no answer within {ATTEMPT_SECONDS} s", outcome_known=False) from None
    except Exception as error:
        _log.exception("the publisher failed in an unexpected way")
        raise TemporaryError(f"unexpected {type(error).__name__}: {error}", outcome_known=False) from error
