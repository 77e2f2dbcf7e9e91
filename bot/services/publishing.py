"""Publish the messages of announcement channels, so that the channels that follow them get them too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from bot.jobs.announcing import Unpublished
from bot.services.attempts import attempt
from bot.services.pacer import Pacer
from bot.services.ports import Clock, Publisher, PublishError, PublishingStore, TemporaryError, UnauthorisedError

_log = logging.getLogger(__name__)

MOST = 10
"""Messages of a channel that Discord publishes in an HOUR."""
HOUR = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=1)
_CHANNELS_AT_ONCE = 20
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=30)


class PublishService:
    """Publishes what is due, the oldest message of a channel first; publishing one twice does no harm."""

    def __init__(self, store: PublishingStore, publisher: Publisher, clock: Clock, pacer: Pacer) -> None:
        self._store = store
        self._publisher = publisher
        self._clock = clock
        self._pacer = pacer

    async def run(self, is_over: Callable[[], bool]) -> int:
        """Publish until nothing is due, time is over or something did not work for now; return how many were published.

        Raises UnauthorisedError, in a group, when the token is refused.
        """
        count = 0
        while not is_over():
            due = await self._store.unpublished(self._clock(), _CHANNELS_AT_ONCE)
            async with asyncio.TaskGroup() as tasks:
                running = [tasks.create_task(self._bring_on(message)) for message in due]
            outcomes = [task.result() for task in running]
            count += outcomes.count(True)
            if not outcomes or None in outcomes:  # Discord may be down: other messages would not fare better
                break
        return count

    async def _bring_on(self, message: Unpublished) -> bool | None:
        """Publish one message if its channel has room; None when that did not work for now."""
        now = self._clock()
        tenth = await self._store.nth_published(message.channel, MOST)
        if tenth is not None and tenth + HOUR > now:
            await self._store.hold_channel(message.channel, tenth + HOUR)
            return False
        await self._pacer.turn()
        try:
            await attempt(self._publisher.crosspost(message), self._pacer)
        except TemporaryError as error:
            return await self._later(message, error)
        except UnauthorisedError:
            raise
        except PublishError as error:
            _log.info("message %s in channel %s is not published: %s", message.message, message.channel, error)
            await self._store.published(message, None)
            return False
        await self._store.published(message, self._clock())
        return True

    async def _later(self, message: Unpublished, error: TemporaryError) -> bool | None:
        """Put a message off: as long as Discord asks for, else as long as it has waited already."""
        now = self._clock()
        if error.retry_after:
            _log.info("channel %s publishes again in %s: %s", message.channel, error.retry_after, error)
            await self._store.hold_channel(message.channel, now + error.retry_after)
            return False
        waited = now - message.sent
        if waited > GIVEN_UP_AFTER:
            _log.warning("message %s in channel %s is not published: %s", message.message, message.channel, error)
            await self._store.published(message, None)
            return False
        await self._store.publish_later(message, now + min(max(waited, _SHORTEST_WAIT), _LONGEST_WAIT))
        return None
