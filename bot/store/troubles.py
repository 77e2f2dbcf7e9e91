"""What admins are to be told, and whether they were."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import RowMapping, and_, func, literal_column, or_, select, update

from bot.jobs.announcing import DeliveryState, PauseReason, Trouble, Venue
from bot.store.engine import Database
from bot.store.tables import deliveries, delivery_jobs, jobs, subscriptions
from bot.store.targets import channel_of, target_of

_MOST_TITLES = 5
_PAUSED = and_(
    subscriptions.c.state == literal_column("'paused'"),  # as its index says
    subscriptions.c.removed.is_(None),
    subscriptions.c.venue != Venue.PERSON.value,
    subscriptions.c.reason != PauseReason.GUILD_LEFT.value,
    or_(subscriptions.c.told.is_(None), subscriptions.c.told < subscriptions.c.since),
)
_UNKNOWN = and_(deliveries.c.state == DeliveryState.UNKNOWN.value, deliveries.c.told.is_(None))


class TroubleRepository:
    """Channels that were paused, and deliveries of unknown outcome; nobody is told of those of people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def untold_troubles(self, limit: int) -> tuple[Trouble, ...]:
        """Return what nobody was told yet, one trouble a channel."""
        paused = select(subscriptions).where(_PAUSED).order_by(subscriptions.c.id).limit(limit)
        doubtful = (
            select(subscriptions, jobs.c.title, func.count().over(partition_by=subscriptions.c.target).label("in_all"))
            .join(deliveries, deliveries.c.subscription == subscriptions.c.id)
            .join(delivery_jobs, delivery_jobs.c.delivery == deliveries.c.id)
            .join(jobs, jobs.c.id == delivery_jobs.c.job)
            .where(_UNKNOWN, subscriptions.c.venue != Venue.PERSON.value)
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            stopped = _by_target((await connection.execute(paused)).mappings())
            found = (await connection.execute(doubtful)).mappings().all()
        titles: defaultdict[str, list[str]] = defaultdict(list)
        more: Counter[str] = Counter()
        for row in found:
            named = titles[row["target"]]
            if len(named) < _MOST_TITLES:
                named.append(row["title"])
            more[row["target"]] = row["in_all"] - len(named)
        rows = stopped | {target: row for target, row in _by_target(found).items() if target not in stopped}
        return tuple(
            Trouble(
                guild=row["guild"],
                channel=channel_of(target),
                admin=row["admin"],
                reason=PauseReason(row["reason"]) if target in stopped else None,
                detail=row["detail"] if target in stopped else None,
                unknown=tuple(titles[target]),
                more=more[target],
            )
            for target, row in rows.items()
        )[:limit]

    async def note_trouble_told(self, trouble: Trouble, now: datetime) -> None:
        """Note that an admin was told all that there is about a channel."""
        target = target_of(trouble.channel)
        async with self._database.transaction() as connection:
            await connection.execute(update(subscriptions).where(subscriptions.c.target == target).values(told=now))
            await connection.execute(update(deliveries).where(deliveries.c.target == target, _UNKNOWN).values(told=now))


def _by_target(rows: Iterable[RowMapping]) -> dict[str, RowMapping]:
    """Return the first row of each target."""
    found: dict[str, RowMapping] = {}
    for row in rows:
        found.setdefault(row["target"], row)
    return found
