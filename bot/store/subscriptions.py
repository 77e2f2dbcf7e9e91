"""Which channels hear of featured jobs, and how that goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.announcing import (
    ChannelStatus,
    DeliveryState,
    PauseReason,
    Problem,
    Subscription,
    SubscriptionState,
)
from bot.jobs.planning import plan
from bot.store.copies import WAITING
from bot.store.engine import Database
from bot.store.guilds import note_guild, note_left
from bot.store.planned import insert_planned
from bot.store.rows import IS_SHOWN, job_of
from bot.store.tables import deliveries, delivery_jobs, jobs, subscriptions

_SHOWN_PROBLEMS = 5
_TROUBLED = (DeliveryState.UNKNOWN.value, DeliveryState.FAILED.value)
# a message that may be in the channel already is settled as it is, whatever happens to the subscription
_WITHDRAWABLE = and_(
    deliveries.c.state.in_([state.value for state in WAITING]), deliveries.c.uncertain_attempt.is_(None)
)


class SubscriptionRepository:
    """The channels that were ever switched on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def switch_on(self, guild: int, channel: int, now: datetime, *, backlog: int) -> tuple[Subscription, int]:
        """Switch a channel on, plan the newest `backlog` jobs that it has not had and skip the other ones.

        Returns how many are planned; a channel that is on already stays as it is.
        """
        target = target_of(channel)
        async with self._database.transaction() as connection:
            await note_guild(connection, guild, now)
            before = await _find(connection, guild, target)
            if before is not None and before.state is SubscriptionState.ON:
                return before, 0
            await _set_on(connection, guild, target, now)
            subscription = await _find(connection, guild, target)
            assert subscription is not None  # noqa: S101  # it was just written
            return subscription, await _plan_backlog(connection, subscription, now, backlog)

    async def switch_off(self, guild: int, channel: int, now: datetime) -> Subscription | None:
        """Switch a channel off; what waits there is decided anew when it is switched on again."""
        target = target_of(channel)
        change = (
            update(subscriptions)
            .where(subscriptions.c.target == target, subscriptions.c.guild == guild)
            .values(state=SubscriptionState.OFF.value, reason=None, detail=None, since=now)
        )
        async with self._database.transaction() as connection:
            await connection.execute(change)
            return await _find(connection, guild, target)

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

    async def status(self, guild: int) -> tuple[ChannelStatus, ...]:
        """Tell how announcing goes in each channel of a server."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_counts(guild))).mappings().all()
            return tuple([_status(row, await _problems(connection, row["id"])) for row in rows])


def target_of(channel: int) -> str:
    """Return how a channel is written as the target of a delivery."""
    return f"channel:{channel}"


def channel_of(target: str) -> int:
    """Return the channel of a target."""
    return int(target.removeprefix("channel:"))


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


async def _find(connection: AsyncConnection, guild: int, target: str) -> Subscription | None:
    statement = select(subscriptions).where(subscriptions.c.target == target, subscriptions.c.guild == guild)
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else _subscription(row)


async def _set_on(connection: AsyncConnection, guild: int, target: str, now: datetime) -> None:
    on: dict[str, Any] = {"state": SubscriptionState.ON.value, "reason": None, "detail": None, "since": now}
    known = await connection.execute(
        update(subscriptions).where(subscriptions.c.target == target).values(guild=guild, **on)
    )
    if known.rowcount == 0:
        await connection.execute(
            insert(subscriptions).values(guild=guild, target=target, mode="each", filter="{}", **on)
        )


async def _plan_backlog(connection: AsyncConnection, subscription: Subscription, now: datetime, backlog: int) -> int:
    """Decide anew on every featured job that was never planned for the channel or still waits there."""
    target = target_of(subscription.channel)
    waiting = await _waiting(connection, target)
    planned = select(delivery_jobs.c.job).where(delivery_jobs.c.target == target)
    featured = select(jobs).where(
        jobs.c.featured == 1,
        IS_SHOWN,
        or_(jobs.c.id.not_in(planned), jobs.c.id.in_(list(waiting))),
    )
    decided = plan(map(job_of, (await connection.execute(featured)).mappings()), backlog=backlog)
    for wanted, state in ((decided.announce, DeliveryState.PENDING), (decided.skip, DeliveryState.SKIPPED)):
        again = [waiting[job.id] for job in wanted if job.id in waiting]
        settled = None if state is DeliveryState.PENDING else now
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(again))
            .values(state=state.value, due=now, reason=None, settled=settled)
        )
        fresh = [(subscription.id, subscription.channel, job.id) for job in wanted if job.id not in waiting]
        await insert_planned(connection, fresh, state, now)
    return len(decided.announce)


async def _waiting(connection: AsyncConnection, target: str) -> dict[str, int]:
    statement = (
        select(delivery_jobs.c.job, deliveries.c.id)
        .join(deliveries, deliveries.c.id == delivery_jobs.c.delivery)
        .where(deliveries.c.target == target, _WITHDRAWABLE)
    )
    return {row.job: row.id for row in await connection.execute(statement)}


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
        )
        .outerjoin(deliveries, deliveries.c.subscription == subscriptions.c.id)
        .where(subscriptions.c.guild == guild)
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
    )
