"""The outbox: deliveries are planned, claimed by the one announcer, and settled, each step a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.announcing import Delivery, DeliveryKind, DeliveryState, LeaseLostError, PauseReason, SubscriptionState
from bot.store.engine import Database
from bot.store.planned import insert_planned
from bot.store.rows import IS_SHOWN, OLDEST_FIRST, job_of
from bot.store.subscriptions import channel_of, pause, target_of
from bot.store.tables import Moment, deliveries, delivery_jobs, jobs, leases, subscriptions

_ANNOUNCER = "announcer"
_PLANNED_AT_ONCE = 250
_UNCERTAIN = {"uncertain_attempt": None, "uncertain_since": None}


class DeliveryRepository:
    """Deliveries and the announcer's lease; `sole` says that no other process can be the announcer."""

    def __init__(self, database: Database, *, sole: bool) -> None:
        self._database = database
        self._sole = sole

    async def acquire(self, holder: str, now: datetime, until: datetime) -> int | None:
        """Become the announcer and put back what an earlier one left in `sending`."""
        async with self._database.transaction() as connection:
            lease = (await connection.execute(select(leases).where(leases.c.name == _ANNOUNCER))).mappings().first()
            if lease is None:
                fence = 1
                values = {"name": _ANNOUNCER, "holder": holder, "fence": fence, "expires": until}
                await connection.execute(insert(leases).values(**values))
            elif self._sole or lease["holder"] == holder or lease["expires"] <= now:
                fence = lease["fence"] + 1
                change = update(leases).where(leases.c.name == _ANNOUNCER)
                await connection.execute(change.values(holder=holder, fence=fence, expires=until))
            else:
                return None
            await connection.execute(
                update(deliveries)
                .where(deliveries.c.state == DeliveryState.SENDING.value, deliveries.c.fence < fence)
                .values(state=DeliveryState.RETRY.value, reason="interrupted while it was being sent")
            )
            return fence

    async def release(self, fence: int, now: datetime) -> None:
        """Let the next announcer begin at once."""
        async with self._database.transaction() as connection:
            mine = and_(leases.c.name == _ANNOUNCER, leases.c.fence == fence)
            await connection.execute(update(leases).where(mine).values(expires=now))

    async def plan(self, fence: int, now: datetime) -> int:
        """Make the missing deliveries, some at a time: other writers and the event loop need their turns too."""
        planned = 0
        while True:
            async with self._database.transaction() as connection:
                await _check(connection, fence)
                number = await insert_planned(connection, await _missing(connection), DeliveryState.PENDING, now)
            planned += number
            if number < _PLANNED_AT_ONCE:
                return planned

    async def claim(self, fence: int, now: datetime, until: datetime) -> Delivery | None:
        """Take the next due delivery of a channel in which none is being sent."""
        async with self._database.transaction() as connection:
            await _check(connection, fence, until)
            # what may be in a channel already goes first, while its nonce is remembered
            row = await _take(connection, DeliveryState.RETRY, fence, now)
            row = row or await _take(connection, DeliveryState.PENDING, fence, now)
            if row is None:
                return None
            of_delivery = select(jobs).join(delivery_jobs, delivery_jobs.c.job == jobs.c.id)
            found = await connection.execute(of_delivery.where(delivery_jobs.c.delivery == row["id"]))
            job = job_of(found.mappings().one())
        return Delivery(
            id=row["id"],
            channel=channel_of(row["target"]),
            kind=DeliveryKind(row["kind"]),
            revision=row["revision"],
            nonce=row["nonce"],
            job=job,
            attempt=row["attempt"],
            claimed=row["claimed"],
            uncertain_attempt=row["uncertain_attempt"],
            uncertain_since=row["uncertain_since"],
        )

    async def next_due(self) -> datetime | None:
        """Tell when the next waiting delivery of a channel that is on is due."""
        statement = (
            select(func.min(deliveries.c.due))
            .join(subscriptions, subscriptions.c.id == deliveries.c.subscription)
            .where(deliveries.c.state.in_([DeliveryState.PENDING.value, DeliveryState.RETRY.value]))
            .where(subscriptions.c.state == SubscriptionState.ON.value)
        )
        async with self._database.reading() as connection:
            due: datetime | None = (await connection.execute(statement)).scalar_one_or_none()
            return due

    async def begin_anew(self, delivery: Delivery, fence: int, now: datetime) -> bool:
        """Forget earlier attempts, which are known to have failed."""
        return await self._settle(delivery, fence, uncertain_attempt=delivery.attempt, uncertain_since=now)

    async def sent(self, delivery: Delivery, fence: int, message: int | None, now: datetime) -> bool:
        """Note that the message arrived."""
        return await self._settle(
            delivery, fence, state=DeliveryState.SENT.value, message=message, settled=now, **_UNCERTAIN
        )

    async def retry(self, delivery: Delivery, fence: int, due: datetime, reason: str, *, certain: bool) -> bool:
        """Put it back; an attempt that certainly failed leaves no doubt behind, unless an earlier one did."""
        doubtless = _UNCERTAIN if certain and not delivery.may_be_there else {}
        return await self._settle(delivery, fence, state=DeliveryState.RETRY.value, due=due, reason=reason, **doubtless)

    async def failed(self, delivery: Delivery, fence: int, reason: str, now: datetime) -> bool:
        """Note that it is refused."""
        return await self._settle(
            delivery, fence, state=DeliveryState.FAILED.value, reason=reason, settled=now, **_UNCERTAIN
        )

    async def unknown(self, delivery: Delivery, fence: int, reason: str, now: datetime) -> bool:
        """Note that nobody can tell any more."""
        return await self._settle(delivery, fence, state=DeliveryState.UNKNOWN.value, reason=reason, settled=now)

    async def paused(self, delivery: Delivery, fence: int, reason: PauseReason, detail: str, now: datetime) -> bool:
        """Put it back and pause its channel."""
        doubtful = delivery.may_be_there
        state = DeliveryState.RETRY if doubtful else DeliveryState.PAUSED
        values = {"state": state.value, "due": now, "reason": reason.value} | ({} if doubtful else _UNCERTAIN)
        async with self._database.transaction() as connection:
            held = await _change(connection, delivery, fence, values)
            await pause(connection, subscriptions.c.target == target_of(delivery.channel), reason, detail, now)
            return held

    async def _settle(self, delivery: Delivery, fence: int, **values: Any) -> bool:
        async with self._database.transaction() as connection:
            return await _change(connection, delivery, fence, values)


async def _take(connection: AsyncConnection, state: DeliveryState, fence: int, now: datetime) -> RowMapping | None:
    """Claim with one UPDATE the delivery in `state` that is due first, of a channel in which none is being sent."""
    busy = deliveries.alias("busy")
    in_flight = (
        select(busy.c.id)
        .where(busy.c.target == deliveries.c.target, busy.c.state == DeliveryState.SENDING.value)
        .exists()
    )
    chosen = (
        select(deliveries.c.id)
        .join(subscriptions, subscriptions.c.id == deliveries.c.subscription)
        .where(deliveries.c.state == state.value, deliveries.c.due <= now, ~in_flight)
        .where(subscriptions.c.state == SubscriptionState.ON.value)
        .order_by(deliveries.c.due, deliveries.c.id)
        .limit(1)
    )
    taken = (
        update(deliveries)
        .where(deliveries.c.id == chosen.scalar_subquery())
        .values(
            state=DeliveryState.SENDING.value,
            attempt=deliveries.c.attempt + 1,
            claimed=now,
            fence=fence,
            reason=None,
            uncertain_attempt=func.coalesce(deliveries.c.uncertain_attempt, deliveries.c.attempt + 1),
            uncertain_since=func.coalesce(deliveries.c.uncertain_since, literal(now, Moment())),
        )
        .returning(deliveries)
    )
    row: RowMapping | None = (await connection.execute(taken)).mappings().first()
    return row


async def _change(connection: AsyncConnection, delivery: Delivery, fence: int, values: dict[str, Any]) -> bool:
    mine = and_(
        deliveries.c.id == delivery.id,
        deliveries.c.state == DeliveryState.SENDING.value,
        deliveries.c.attempt == delivery.attempt,
        deliveries.c.fence == fence,
    )
    return (await connection.execute(update(deliveries).where(mine).values(**values))).rowcount == 1


async def _check(connection: AsyncConnection, fence: int, until: datetime | None = None) -> None:
    mine = and_(leases.c.name == _ANNOUNCER, leases.c.fence == fence)
    values = {"fence": fence} if until is None else {"expires": until}
    if (await connection.execute(update(leases).where(mine).values(**values))).rowcount == 0:
        raise LeaseLostError("another process has become the announcer")


async def _missing(connection: AsyncConnection) -> list[tuple[int, int, str]]:
    """Return (subscription, channel, job) of featured open jobs that a channel that is on never had.

    The oldest job comes first and goes to all channels before the next, so that no channel waits for another.
    """
    had = (
        select(delivery_jobs.c.job)
        .where(delivery_jobs.c.target == subscriptions.c.target, delivery_jobs.c.job == jobs.c.id)
        .exists()
    )
    pairs = (
        select(subscriptions.c.id, subscriptions.c.target, jobs.c.id)
        .select_from(subscriptions.join(jobs, and_(jobs.c.featured == 1, IS_SHOWN)))
        .where(subscriptions.c.state == SubscriptionState.ON.value, ~had)
        .order_by(*OLDEST_FIRST, subscriptions.c.id)
        .limit(_PLANNED_AT_ONCE)
    )
    rows = await connection.execute(pairs)
    return [(subscription, channel_of(target), job) for subscription, target, job in rows]
