"""Tells admins once when the bot had to stop announcing in a channel, or cannot tell whether a job arrived there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.jobs.announcing import Trouble
from bot.services.attempts import attempt
from bot.services.pacer import Pacer
from bot.services.ports import Clock, PublishError, TroubleStore

_log = logging.getLogger(__name__)
_AT_ONCE = 20


class TellService:
    """Has `tell` write to an admin of each trouble, once; what fails to reach them stands in /announce status."""

    def __init__(
        self, store: TroubleStore, tell: Callable[[Trouble], Awaitable[None]], clock: Clock, pacer: Pacer | None = None
    ) -> None:
        self._store = store
        self._tell = tell
        self._clock = clock
        self._pacer = pacer or Pacer(rate=1, burst=1)

    async def run(self) -> int:
        """Tell some of what was not told yet, and return how much."""
        troubles = await self._store.untold_troubles(_AT_ONCE)
        for trouble in troubles:
            # noted first: after a crash it is rather not told than told twice
            await self._store.note_trouble_told(trouble, self._clock())
            await self._pacer.turn()
            try:
                await attempt(self._tell(trouble), self._pacer)
            except PublishError as error:
                _log.warning("no admin could be told of channel %s: %s", trouble.channel, error)
        return len(troubles)
