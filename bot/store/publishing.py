"""Which messages of announcement channels are to be published to the channels that follow them, and which were."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from bot.jobs.announcing import Unpublished
from bot.store.engine import Database
from bot.store.tables import deliveries
from bot.store.targets import channel_of, target_of

_LOOKED_AT = 200  # messages, to find some of different channels


class PublishingRepository:
    """What is to be published and what was; each change is one statement, and making it twice does no harm."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unpublished(self, now: datetime, limit: int) -> tuple[Unpublished, ...]:
        """Return messages that are due to be published, of each channel the one that is due first."""
        columns = (deliveries.c.id, deliveries.c.target, deliveries.c.message, deliveries.c.settled)
        due = select(*columns).where(deliveries.c.publish_due <= now)
        # grouped by SQLite, it would go through all deliveries there ever were
        first = due.order_by(deliveries.c.publish_due, deliveries.c.id).limit(_LOOKED_AT)
        async with self._database.reading() as connection:
            rows = (await connection.execute(first)).all()
        by_target: dict[str, Unpublished] = {}
        for row in rows:
            message = Unpublished(row.id, channel_of(row.target), row.message, row.settled)
            by_target.setdefault(row.target, message)
        return tuple(by_target.values())[:limit]

    async def nth_published(self, channel: int, number: int) -> datetime | None:
        """Return when the last but `number` - 1 of a channel's messages was published; None where there were fewer."""
        statement = (
            select(deliveries.c.published)
            .where(deliveries.c.target == target_of(channel), deliveries.c.published.is_not(None))
            .order_by(deliveries.c.published.desc())
            .offset(number - 1)
            .limit(1)
        )
        async with self._database.reading() as connection:
            published: datetime | None = (await connection.execute(statement)).scalar_one_or_none()
            return published

    async def published(self, message: Unpublished, now: datetime | None) -> None:
        """Note that a message was published; where `now` is None, that it never will be."""
        await self._change(deliveries.c.id == message.delivery, publish_due=None, published=now)

    async def publish_later(self, message: Unpublished, due: datetime) -> None:
        """Try to publish a message again when it is due."""
        await self._change(deliveries.c.id == message.delivery, publish_due=due)

    async def hold_channel(self, channel: int, until: datetime) -> None:
        """Publish nothing in a channel until then."""
        theirs = deliveries.c.target == target_of(channel)
        await self._change(theirs & (deliveries.c.publish_due < until), publish_due=until)

    async def _change(self, which: ColumnElement[bool], **values: datetime | None) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(update(deliveries).where(which).values(**values))
