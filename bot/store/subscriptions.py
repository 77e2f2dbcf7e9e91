"""Which channels hear of featured jobs, and how that goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.announcing import (
    ALL_AT_ONCE,
    ChannelStatus,
    DeliveryState,
    PauseReason,
    Problem,
    Subscription,
    SubscriptionState,
    Terms,
    Venue,
)
from bot.jobs.planning import plan
from bot.jobs.query import fits
from bot.store.copies import WAITING
from bot.store.engine import Database
from bot.store.guilds import note_guild, note_left
from bot.store.planned import Receiver, plan_for, skip_for
from bot.store.rows import IS_SHOWN, job_of
from bot.store.tables import deliveries, delivery_jobs, jobs, subscriptions
from bot.store.targets import channel_of, target_of
from bot.store.terms import terms_of, terms_values

_SHOWN_PROBLEMS = 5
_TO_COME = (DeliveryState.PENDING.value, DeliveryState.RETRY.value)
_TROUBLED = (DeliveryState.UNKNOWN.value, DeliveryState.FAILED.value)
# a message that may be in the channel already is settled as it is, whatever happens to the subscription
_WITHDRAWABLE = and_(
    deliveries.c.state.in_([state.value for state in WAITING]), deliveries.c.uncertain_attempt.is_(None)
)
_KEPT = subscriptions.c.removed.is_(None)
_ON: dict[str, Any] = {"state": SubscriptionState.ON.value, "reason": None, "detail": None}
_OFF: dict[str, Any] = {"state": SubscriptionState.OFF.value, "reason": None, "detail": None}


class SubscriptionRepository:
    """The channels that were ever switched on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def switch_on(
        self,
        guild: int,
        channel: int,
        now: datetime,
        *,
        backlog: int,
        venue: Venue = Venue.TEXT,
        admin: int | None = None,
    ) -> tuple[Subscription, int]:
        """Switch all subscriptions of a channel on, or make one for all jobs; what is on already stays as it is.

        The newest `backlog` jobs that it has not had are planned, the others skipped. Returns the first subscription
        and how many are planned.
        """
        async with self._database.transaction() as connection:
            await note_guild(connection, guild, now)
            theirs = update(subscriptions).where(subscriptions.c.target == target_of(channel))
            # that the filter is written, though it stays, tells the announcer that something has changed
            current = {"guild": guild, "venue": venue.value, "filter": subscriptions.c.filter, "admin": admin}
            await connection.execute(theirs.values(**current))
            known = await _of_channel(connection, guild, channel)
            if not known:
                known = (await _insert(connection, guild, channel, ALL_AT_ONCE, now, venue=venue, admin=admin),)
                return known[0], await _plan_backlog(connection, known[0], now, backlog)
            planned = [await _resume(connection, each, now, backlog) for each in known]
            return (await _of_channel(connection, guild, channel))[0], sum(planned)

    async def switch_off(self, guild: int, channel: int, now: datetime) -> Subscription | None:
        """Switch a channel off; what waits there is decided anew when it is switched on again."""
        theirs = and_(subscriptions.c.target == target_of(channel), subscriptions.c.guild == guild, _KEPT)
        async with self._database.transaction() as connection:
            await connection.execute(update(subscriptions).where(theirs).values(**_OFF, since=now))
            return next(iter(await _of_channel(connection, guild, channel)), None)

    async def add(
        self,
        guild: int,
        channel: int,
        terms: Terms,
        now: datetime,
        *,
        backlog: int,
        venue: Venue = Venue.TEXT,
        admin: int | None = None,
    ) -> tuple[Subscription, int]:
        """Add a subscription that is on, and return it and how many of the newest waiting jobs it gets."""
        async with self._database.transaction() as connection:
            await note_guild(connection, guild, now)
            added = await _insert(connection, guild, channel, terms, now, venue=venue, admin=admin)
            return added, await _plan_backlog(connection, added, now, backlog)

    async def change(self, guild: int, subscription: int, terms: Terms) -> Subscription | None:
        """Give a subscription of a server other terms, for jobs to come; None when it has no such subscription."""
        mine = _one(guild, subscription)
        async with self._database.transaction() as connection:
            await connection.execute(update(subscriptions).where(mine).values(**terms_values(terms)))
            return await _get(connection, mine)

    async def pause(self, guild: int, subscription: int, now: datetime) -> Subscription | None:
        """Switch one subscription off; None when the server has no such subscription."""
        mine = _one(guild, subscription)
        async with self._database.transaction() as connection:
            await connection.execute(update(subscriptions).where(mine).values(**_OFF, since=now))
            return await _get(connection, mine)

    async def resume(
        self, guild: int, subscription: int, now: datetime, *, backlog: int
    ) -> tuple[Subscription, int] | None:
        """Switch one subscription on, and return it and how many jobs it gets; None when there is none."""
        async with self._database.transaction() as connection:
            before = await _get(connection, _one(guild, subscription))
            if before is None:
                return None
            planned = await _resume(connection, before, now, backlog)
            after = await _get(connection, _one(guild, subscription))
            return (after, planned) if after else None

    async def remove(self, guild: int, subscription: int, now: datetime) -> bool:
        """Forget a subscription and what waits for it; False when the server has no such subscription."""
        gone = update(subscriptions).where(_one(guild, subscription)).values(**_OFF, since=now, removed=now)
        waiting = and_(deliveries.c.subscription == subscription, _WITHDRAWABLE)
        async with self._database.transaction() as connection:
            if (await connection.execute(gone)).rowcount == 0:
                return False
            skipped = {"state": DeliveryState.SKIPPED.value, "settled": now, "reason": "the subscription was removed"}
            await connection.execute(update(deliveries).where(waiting).values(**skipped))
        return True

    async def of_person(self, person: int) -> tuple[Subscription, ...]:
        """Return the alerts of a person, the oldest first."""
        theirs = subscriptions.c.target == target_of(person, Venue.PERSON)
        async with self._database.reading() as connection:
            found = await connection.execute(select(subscriptions).where(theirs).order_by(subscriptions.c.id))
            return tuple(map(_subscription, found.mappings()))

    async def forget(self, person: int, alert: int) -> bool:
        """Delete an alert of a person with all that was sent for it; False when there is no such alert."""
        theirs = and_(subscriptions.c.target == target_of(person, Venue.PERSON), subscriptions.c.id == alert)
        async with self._database.transaction() as connection:
            if await _get(connection, theirs) is None:
                return False
            await connection.execute(delete(deliveries).where(deliveries.c.subscription == alert))
            await connection.execute(delete(subscriptions).where(theirs))
        return True

    async def untold(self, person: int) -> tuple[Subscription, ...]:
        """Return the alerts of a person that the bot paused, and of which the person was not told."""
        theirs = subscriptions.c.target == target_of(person, Venue.PERSON)
        paused = subscriptions.c.state == SubscriptionState.PAUSED.value
        untold = or_(subscriptions.c.told.is_(None), subscriptions.c.told < subscriptions.c.since)
        async with self._database.reading() as connection:
            found = await connection.execute(select(subscriptions).where(theirs, paused, untold))
            return tuple(map(_subscription, found.mappings()))

    async def note_told(self, person: int, now: datetime) -> None:
        """Note that a person was told which alerts are paused."""
        theirs = subscriptions.c.target == target_of(person, Venue.PERSON)
        async with self._database.transaction() as connection:
            await connection.execute(update(subscriptions).where(theirs).values(told=now))

    async def pause_channel(self, channel: int, reason: PauseReason, detail: str, now: datetime) -> None:
        """Pause a channel that is on, and what waits there."""
        async with self._database.transaction() as connection:
            await pause(connection, subscriptions.c.target == target_of(channel), reason, detail, now)

    async def pause_guild(self, guild: int, reason: PauseReason, detail: str, now: datetime) -> None:
        """Pause every channel of a server that is on, and what waits there."""
        async with self._database.transaction() as connection:
            if reason is PauseReason.GUILD_LEFT:
                await note_left(connection, guild, now)
            await pause(connection, subscriptions.c.guild == guild, reason, detail, now)

    async def active(self) -> tuple[Subscription, ...]:
        """Return every channel that is on."""
        statement = select(subscriptions).where(subscriptions.c.state == SubscriptionState.ON.value)
        async with self._database.reading() as connection:
            return tuple(map(_subscription, (await connection.execute(statement)).mappings()))

    async def of_guild(self, guild: int) -> tuple[Subscription, ...]:
        """Return the subscriptions of a server, the oldest first."""
        statement = select(subscriptions).where(subscriptions.c.guild == guild, _KEPT).order_by(subscriptions.c.id)
        async with self._database.reading() as connection:
            return tuple(map(_subscription, (await connection.execute(statement)).mappings()))

    async def status(self, guild: int) -> tuple[ChannelStatus, ...]:
        """Tell how announcing goes in each channel of a server."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_counts(guild))).mappings().all()
            return tuple([_status(row, await _problems(connection, row["id"])) for row in rows])


async def pause(
    connection: AsyncConnection, which: ColumnElement[bool], reason: PauseReason, detail: str, now: datetime
) -> None:
    """Pause those of the subscriptions that are on, and their waiting deliveries."""
    wanted = and_(which, subscriptions.c.state == SubscriptionState.ON.value)
    waiting = and_(deliveries.c.subscription.in_(select(subscriptions.c.id).where(wanted)), _WITHDRAWABLE)
    await connection.execute(
        update(deliveries).where(waiting).values(state=DeliveryState.PAUSED.value, reason=reason.value)
    )
    await connection.execute(
        update(subscriptions)
        .where(wanted)
        .values(state=SubscriptionState.PAUSED.value, reason=reason.value, detail=detail, since=now)
    )


def _one(guild: int, subscription: int) -> ColumnElement[bool]:
    return and_(subscriptions.c.id == subscription, subscriptions.c.guild == guild, _KEPT)


async def _get(connection: AsyncConnection, which: ColumnElement[bool]) -> Subscription | None:
    row = (await connection.execute(select(subscriptions).where(which))).mappings().one_or_none()
    return None if row is None else _subscription(row)


async def _of_channel(connection: AsyncConnection, guild: int, channel: int) -> tuple[Subscription, ...]:
    theirs = and_(subscriptions.c.target == target_of(channel), subscriptions.c.guild == guild, _KEPT)
    rows = await connection.execute(select(subscriptions).where(theirs).order_by(subscriptions.c.id))
    return tuple(map(_subscription, rows.mappings()))


async def _insert(
    connection: AsyncConnection,
    guild: int,
    channel: int,
    terms: Terms,
    now: datetime,
    *,
    venue: Venue,
    admin: int | None,
) -> Subscription:
    target = target_of(channel, venue)
    values = {
        "guild": guild,
        "target": target,
        "venue": venue.value,
        "admin": admin,
        **_ON,
        "since": now,
        **terms_values(terms),
    }
    written = insert(subscriptions).values(**values).returning(subscriptions)
    return _subscription((await connection.execute(written)).mappings().one())


async def _resume(connection: AsyncConnection, subscription: Subscription, now: datetime, backlog: int) -> int:
    if subscription.state is SubscriptionState.ON:
        return 0
    mine = subscriptions.c.id == subscription.id
    await connection.execute(update(subscriptions).where(mine).values(**_ON, since=now))
    return await _plan_backlog(connection, subscription, now, backlog)


async def _plan_backlog(connection: AsyncConnection, subscription: Subscription, now: datetime, backlog: int) -> int:
    """Decide anew on every job that it wants and that was never planned for the channel or still waits for it."""
    waiting = and_(deliveries.c.subscription == subscription.id, _WITHDRAWABLE)
    await connection.execute(delete(deliveries).where(waiting))
    receiver = Receiver(subscription.id, subscription.channel, subscription.terms, subscription.venue)
    planned = select(delivery_jobs.c.job).where(delivery_jobs.c.target == receiver.target)
    featured = select(jobs).where(jobs.c.featured == 1, IS_SHOWN, jobs.c.id.not_in(planned))
    found = map(job_of, (await connection.execute(featured)).mappings())
    decided = plan([job for job in found if fits(job, subscription.terms.query)], backlog=backlog)
    await skip_for(connection, receiver, decided.skip, now)
    return await plan_for(connection, [(receiver, decided.announce)], now)


def _counts(guild: int) -> Select[Any]:
    def number(*states: DeliveryState) -> ColumnElement[int]:
        return func.count(case((deliveries.c.state.in_([state.value for state in states]), 1)))

    sent = deliveries.c.state == DeliveryState.SENT.value
    return (
        select(
            subscriptions,
            number(DeliveryState.SENT).label("sent"),
            number(*WAITING, DeliveryState.SENDING).label("waiting"),
            number(DeliveryState.UNKNOWN).label("unknown"),
            number(DeliveryState.FAILED).label("failed"),
            func.max(case((sent, deliveries.c.settled))).label("last_sent"),
            func.min(case((deliveries.c.state.in_(_TO_COME), deliveries.c.due))).label("next_due"),
        )
        .outerjoin(deliveries, deliveries.c.subscription == subscriptions.c.id)
        .where(subscriptions.c.guild == guild, _KEPT)
        .group_by(subscriptions.c.id)
        .order_by(subscriptions.c.id)
    )


async def _problems(connection: AsyncConnection, subscription: int) -> tuple[Problem, ...]:
    statement = (
        select(jobs.c.title, deliveries.c.state, deliveries.c.reason)
        .join(delivery_jobs, delivery_jobs.c.delivery == deliveries.c.id)
        .join(jobs, jobs.c.id == delivery_jobs.c.job)
        .where(deliveries.c.subscription == subscription, deliveries.c.state.in_(_TROUBLED))
        .order_by(deliveries.c.settled.desc(), deliveries.c.id.desc())
        .limit(_SHOWN_PROBLEMS)
    )
    rows = await connection.execute(statement)
    return tuple(Problem(title, DeliveryState(state), reason or "") for title, state, reason in rows)


def _status(row: RowMapping, problems: tuple[Problem, ...]) -> ChannelStatus:
    return ChannelStatus(
        subscription=_subscription(row),
        sent=row["sent"],
        waiting=row["waiting"],
        unknown=row["unknown"],
        failed=row["failed"],
        last_sent=row["last_sent"],
        next_due=row["next_due"],
        problems=problems,
    )


def _subscription(row: RowMapping) -> Subscription:
    return Subscription(
        id=row["id"],
        guild=row["guild"],
        channel=channel_of(row["target"]),
        state=SubscriptionState(row["state"]),
        since=row["since"],
        reason=PauseReason(row["reason"]) if row["reason"] else None,
        detail=row["detail"],
        terms=terms_of(row),
        venue=Venue(row["venue"]),
    )
