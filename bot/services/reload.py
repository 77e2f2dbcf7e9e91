"""Take changed knowledge in while the bot runs; what cannot be used changes nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.errors import CareerBotError

if TYPE_CHECKING:
    from bot.advisor.advisor import Advisor
    from bot.services.ask import AskService

_log = logging.getLogger(__name__)


class ReloadService:
    """Loads the knowledge anew and hands it to whoever answers questions."""

    def __init__(self, ask: AskService, load: Callable[[], Advisor]) -> None:
        """Take who answers, and what loads the knowledge, which may take seconds and runs in a thread."""
        self._ask = ask
        self._load = load
        self._loading = asyncio.Lock()
        self._told: tuple[str, ...] = ()

    async def reload(self) -> tuple[str, ...]:
        """Answer from the knowledge as it is now; return every fault, in which case the last good one stays."""
        async with self._loading:
            try:
                advisor = await asyncio.to_thread(self._load)
            except CareerBotError as error:
                return tuple(str(error).splitlines())
            self._ask.take(advisor)
            return ()

    async def take_change(self, tell: Callable[[tuple[str, ...]], Awaitable[None]]) -> None:
        """Reload after a change; log how that went, and `tell` new faults to somebody who can mend them, once."""
        faults = await self.reload()
        if not faults:
            _log.info("The knowledge was read anew")
        elif faults != self._told:
            _log.error("The changed knowledge has faults; the last good one stays in use:\n%s", "\n".join(faults))
            await tell(faults)
        self._told = faults
