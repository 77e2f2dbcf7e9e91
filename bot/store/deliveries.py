"""The outbox: deliveries are planned, claimed by the one announcer, and settled, each step a transaction."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, insert, literal, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.announcing import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    LeaseLostError,
    PauseReason,
    Post,
    SubscriptionState,
    Venue,
)
from bot.jobs.explaining import Fate
from bot.jobs.job import Job, JobState
from bot.jobs.matching import Matcher
from bot.store.engine import Database
from bot.store.planned import IN_A_ROW, Receiver, gather_overdue, overdue_subscriptions, plan_for
from bot.store.publishing import PublishingRepository
from bot.store.rows import IS_SHOWN, OLDEST_FIRST, job_of
from bot.store.subscriptions import pause
from bot.store.tables import (
    SUBSCRIPTIONS_VERSION,
    Moment,
    deliveries,
    delivery_jobs,
    jobs,
    leases,
    meta,
    subscriptions,
)
from bot.store.targets import channel_of, target_of
from bot.store.terms import terms_of

_ANNOUNCER = "announcer"
_PLANNED_AT_ONCE = 100  # jobs
_RECEIVERS_AT_ONCE = 100
_EARLY = timedelta(seconds=1)  # what is due so soon is due: the posts of a channel are set apart by milliseconds
_BEGUN, _PLANNED = 2, 1  # of a job: for whom it is announced
_UNPLANNED = and_(jobs.c.featured == literal_column("1"), jobs.c.planned != literal_column("1"), IS_SHOWN)
_OWN_STATE = select(subscriptions.c.state).where(subscriptions.c.id == deliveries.c.subscription)
_IS_ON = _OWN_STATE.correlate(deliveries).scalar_subquery() == SubscriptionState.ON.value
"""Of a delivery's subscription; joined, SQLite would go through all subscriptions to find no delivery."""
_LAST_CHANGE = select(func.max(jobs.c.altered)).where(jobs.c.altered.is_not(None))  # as the index says
_VERSION = select(meta.c.value).where(meta.c.key == SUBSCRIPTIONS_VERSION)
_UNCERTAIN = {"uncertain_attempt": None, "uncertain_since": None}


class DeliveryRepository(PublishingRepository):
    """Deliveries and the announcer's lease; `sole` says that no other process can be the announcer."""

    def __init__(self, database: Database, *, sole: bool) -> None:
        super().__init__(database)
        self._sole = sole
        self._version: str | None = None
        self._receivers: tuple[Matcher, Mapping[int, Receiver]] = (Matcher(()), {})

    async def is_idle(self, until: datetime, shown: int) -> bool:
        """Return whether nothing is to be planned, sent or published by then, or edited for changes after `shown`."""
        unfinished = [DeliveryState.PENDING.value, DeliveryState.RETRY.value, DeliveryState.SENDING.value]
        todo = (
            select(jobs.c.id).where(_UNPLANNED),
            select(deliveries.c.id).where(deliveries.c.state.in_(unfinished), deliveries.c.due <= until),
            select(deliveries.c.id).where(_tried_later_than(until)),
            select(deliveries.c.id).where(deliveries.c.publish_due <= until),
            select(jobs.c.id).where(jobs.c.altered > shown),
        )
        async with self._database.reading() as connection:
            found = await connection.execute(select(or_(*(each.exists() for each in todo))))
            return not found.scalar_one()

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
            await connection.execute(update(deliveries).where(_tried_later_than(now)).values(due=now))
            return fence

    async def release(self, fence: int, now: datetime) -> None:
        """Let the next announcer begin at once."""
        async with self._database.transaction() as connection:
            mine = and_(leases.c.name == _ANNOUNCER, leases.c.fence == fence)
            await connection.execute(update(leases).where(mine).values(expires=now))

    async def plan(self, fence: int, now: datetime) -> int:
        """Make the missing deliveries, some at a time: other writers and the event loop need their turns too."""
        await self._gather_overdue(fence, now)
        planned, moment = 0, now
        while begun := await self._begin(fence):
            matcher, receivers = await self._current_receivers()
            wanted = await asyncio.to_thread(_by_receiver, matcher, receivers, begun)
            for at in range(0, len(wanted), _RECEIVERS_AT_ONCE):
                async with self._database.transaction() as connection:
                    await _check(connection, fence)
                    some = await _still_on(connection, wanted[at : at + _RECEIVERS_AT_ONCE])
                    planned += await plan_for(connection, some, moment)
            await self._end(fence, begun)
            moment += _PLANNED_AT_ONCE * IN_A_ROW
        return planned

    async def _gather_overdue(self, fence: int, now: datetime) -> None:
        async with self._database.reading() as connection:
            flooded = await overdue_subscriptions(connection, now)
        if flooded:
            async with self._database.transaction() as connection:
                await _check(connection, fence)
                await gather_overdue(connection, now)

    async def _begin(self, fence: int) -> tuple[Job, ...]:
        """Return the oldest featured open jobs that are not planned for all who want them, and mark them as begun."""
        async with self._database.reading() as connection:
            if (await connection.execute(select(jobs.c.id).where(_UNPLANNED).limit(1))).first() is None:
                return ()
        statement = select(jobs).where(_UNPLANNED).order_by(*OLDEST_FIRST).limit(_PLANNED_AT_ONCE)
        async with self._database.transaction() as connection:
            await _check(connection, fence)
            found = tuple(map(job_of, (await connection.execute(statement)).mappings()))
            begun = update(jobs).where(jobs.c.id.in_([job.id for job in found])).values(planned=_BEGUN)
            await connection.execute(begun)
        return found

    async def _end(self, fence: int, begun: Sequence[Job]) -> None:
        """Mark jobs as planned, but for those that were changed meanwhile: another subscription may want them now."""
        unchanged = and_(jobs.c.id.in_([job.id for job in begun]), jobs.c.planned == _BEGUN)
        async with self._database.transaction() as connection:
            await _check(connection, fence)
            await connection.execute(update(jobs).where(unchanged).values(planned=_PLANNED))

    async def _current_receivers(self) -> tuple[Matcher, Mapping[int, Receiver]]:
        """Return who may want jobs, read anew only when what somebody subscribed to has changed."""
        statement = select(subscriptions).where(subscriptions.c.removed.is_(None))
        async with self._database.reading() as connection:
            version = (await connection.execute(_VERSION)).scalar_one_or_none() or ""
            if version != self._version:
                rows = (await connection.execute(statement)).mappings().all()
                self._receivers = await asyncio.to_thread(_receivers_of, rows)
                self._version = version
        return self._receivers

    async def claim(self, fence: int, now: datetime, until: datetime) -> Delivery | None:
        """Take the next due delivery of a channel in which none is being sent; a list of closed jobs is skipped."""
        async with self._database.transaction() as connection:
            await _check(connection, fence, until)
            # what may be in a channel already goes first, while its nonce is remembered
            for state in (DeliveryState.RETRY, DeliveryState.PENDING):
                early = _EARLY if state is DeliveryState.PENDING else timedelta(0)
                while row := await _take(connection, state, fence, now, early):
                    delivery = await _delivery(connection, row)
                    if delivery.jobs:
                        return delivery
                    skipped = {"state": DeliveryState.SKIPPED.value, "settled": now, "reason": "its jobs are closed"}
                    await _change(connection, delivery, fence, skipped)
        return None

    async def next_due(self) -> datetime | None:
        """Tell when the next waiting delivery of a channel that is on is due."""
        statement = (
            select(func.min(deliveries.c.due))
            .where(deliveries.c.state.in_([DeliveryState.PENDING.value, DeliveryState.RETRY.value]))
            .where(_IS_ON)
        )
        async with self._database.reading() as connection:
            due: datetime | None = (await connection.execute(statement)).scalar_one_or_none()
            return due

    async def begin_anew(self, delivery: Delivery, fence: int, now: datetime) -> bool:
        """Forget earlier attempts, which are known to have failed."""
        return await self._settle(delivery, fence, uncertain_attempt=delivery.attempt, uncertain_since=now)

    async def sent(self, delivery: Delivery, fence: int, message: int | None, now: datetime) -> bool:
        """Note that the message arrived, and in an announcement channel is to be published."""
        publishable = delivery.venue is Venue.ANNOUNCEMENT and message is not None
        values = {"message": message, "settled": now, "publish_due": now if publishable else None, **_UNCERTAIN}
        return await self._settle(delivery, fence, state=DeliveryState.SENT.value, **values)

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
            await pause(
                connection, subscriptions.c.target == target_of(delivery.channel, delivery.venue), reason, detail, now
            )
            return held

    async def stale(self, after: int, limit: int, but: Collection[int] = ()) -> tuple[Post, ...]:
        """Return messages, but for some deliveries', whose jobs were altered since by changes later than `after`."""
        altered = func.max(jobs.c.altered).label("altered")
        statement = (
            select(deliveries.c.id, altered)
            .join(delivery_jobs, delivery_jobs.c.delivery == deliveries.c.id)
            .join(jobs, jobs.c.id == delivery_jobs.c.job)
            .where(jobs.c.altered > after, deliveries.c.message.is_not(None))
            .where(jobs.c.altered > func.coalesce(deliveries.c.shown, 0), deliveries.c.id.not_in(but))
            .group_by(deliveries.c.id)
            .order_by(altered, deliveries.c.id)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            found = (await connection.execute(statement)).all()
            return tuple([await _post(connection, row.id, row.altered) for row in found])

    async def fates(self, job: str, channels: Collection[int]) -> dict[int, Fate]:
        """Return what became of a job in channels, by channel; nothing for one that it was never planned for."""
        listed = select(delivery_jobs.c.delivery).where(
            delivery_jobs.c.job == job, delivery_jobs.c.target.in_(list(map(target_of, channels)))
        )
        async with self._database.reading() as connection:
            found = await connection.execute(select(deliveries).where(deliveries.c.id.in_(listed)))
            return {channel_of(row["target"]): _fate(row) for row in found.mappings()}

    async def altered(self) -> int:
        """Return the number of the last change of a job."""
        async with self._database.reading() as connection:
            return await _last_change(connection)

    async def shown(self, post: Post) -> None:
        """Note that a message shows its jobs as they are, or cannot be edited."""
        change = update(deliveries).where(deliveries.c.id == post.delivery).values(shown=post.altered)
        async with self._database.transaction() as connection:
            await connection.execute(change)

    async def _settle(self, delivery: Delivery, fence: int, **values: Any) -> bool:
        async with self._database.transaction() as connection:
            return await _change(connection, delivery, fence, values)


def _tried_later_than(moment: datetime) -> ColumnElement[bool]:
    """Tell what may have been sent at a time that is yet to come: the clock was set back since.

    Once it were due, the clock would say that its nonce is still remembered.
    """
    return and_(deliveries.c.state == DeliveryState.RETRY.value, deliveries.c.uncertain_since > moment)


async def _take(
    connection: AsyncConnection, state: DeliveryState, fence: int, now: datetime, early: timedelta
) -> RowMapping | None:
    """Claim with one UPDATE the delivery in `state` that is due first, of a channel in which none is being sent."""
    busy = deliveries.alias("busy")
    in_flight = (
        select(busy.c.id)
        .where(busy.c.target == deliveries.c.target, busy.c.state == DeliveryState.SENDING.value)
        .exists()
    )
    chosen = (
        select(deliveries.c.id)
        .where(deliveries.c.state == state.value, deliveries.c.due <= now + early, ~in_flight, _IS_ON)
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
            shown=func.coalesce(deliveries.c.shown, _LAST_CHANGE.scalar_subquery(), 0),
            fence=fence,
            reason=None,
            uncertain_attempt=func.coalesce(deliveries.c.uncertain_attempt, deliveries.c.attempt + 1),
            uncertain_since=func.coalesce(deliveries.c.uncertain_since, literal(now, Moment())),
        )
        .returning(deliveries)
    )
    row: RowMapping | None = (await connection.execute(taken)).mappings().first()
    return row


def _fate(row: RowMapping) -> Fate:
    return Fate(
        subscription=row["subscription"],
        kind=DeliveryKind(row["kind"]),
        state=DeliveryState(row["state"]),
        due=row["due"],
        settled=row["settled"],
        reason=row["reason"],
        message=row["message"],
        attempt=row["attempt"],
    )


async def _jobs_of(connection: AsyncConnection, delivery: int) -> tuple[Job, ...]:
    listed = select(jobs).join(delivery_jobs, delivery_jobs.c.job == jobs.c.id).order_by(*OLDEST_FIRST)
    found = await connection.execute(listed.where(delivery_jobs.c.delivery == delivery))
    return tuple(map(job_of, found.mappings()))


async def _last_change(connection: AsyncConnection) -> int:
    number: int | None = (await connection.execute(_LAST_CHANGE)).scalar_one()
    return number or 0


async def _post(connection: AsyncConnection, delivery: int, altered: int) -> Post:
    ours = (deliveries.c.target, deliveries.c.message, deliveries.c.nonce, deliveries.c.subscription)
    columns = (*ours, subscriptions.c.mention, subscriptions.c.venue)
    told = select(*columns).join(subscriptions, subscriptions.c.id == deliveries.c.subscription)
    row = (await connection.execute(told.where(deliveries.c.id == delivery))).one()
    return Post(
        delivery=delivery,
        subscription=row.subscription,
        venue=Venue(row.venue),
        channel=channel_of(row.target),
        message=row.message,
        nonce=row.nonce,
        jobs=await _jobs_of(connection, delivery),
        mention=row.mention,
        altered=altered,
    )


async def _delivery(connection: AsyncConnection, row: RowMapping) -> Delivery:
    """Return a delivery that was claimed; of a list that is certainly not in its channel, closed jobs are left out."""
    whole = await _jobs_of(connection, row["id"])
    still_open = tuple(job for job in whole if job.state is JobState.OPEN)
    certain = row["uncertain_attempt"] == row["attempt"]
    leaves_out = row["kind"] != DeliveryKind.JOB.value and certain
    told = select(subscriptions.c.mention, subscriptions.c.venue).where(subscriptions.c.id == row["subscription"])
    subscription = (await connection.execute(told)).one()
    return Delivery(
        id=row["id"],
        subscription=row["subscription"],
        venue=Venue(subscription.venue),
        channel=channel_of(row["target"]),
        kind=DeliveryKind(row["kind"]),
        revision=row["revision"],
        nonce=row["nonce"],
        jobs=still_open if leaves_out else whole,
        attempt=row["attempt"],
        claimed=row["claimed"],
        uncertain_attempt=row["uncertain_attempt"],
        uncertain_since=row["uncertain_since"],
        mention=subscription.mention,
    )


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


async def _still_on(
    connection: AsyncConnection, wanted: Sequence[tuple[Receiver, Sequence[Job]]]
) -> list[tuple[Receiver, Sequence[Job]]]:
    ids = [receiver.subscription for receiver, _ in wanted]
    on = and_(subscriptions.c.id.in_(ids), subscriptions.c.state == SubscriptionState.ON.value)
    found = set((await connection.execute(select(subscriptions.c.id).where(on))).scalars())
    return [(receiver, each) for receiver, each in wanted if receiver.subscription in found]


def _receivers_of(rows: Sequence[RowMapping]) -> tuple[Matcher, Mapping[int, Receiver]]:
    receivers = {
        row["id"]: Receiver(row["id"], channel_of(row["target"]), terms_of(row), Venue(row["venue"])) for row in rows
    }
    return Matcher((each.subscription, each.terms.query) for each in receivers.values()), receivers


def _by_receiver(
    matcher: Matcher, receivers: Mapping[int, Receiver], new: Sequence[Job]
) -> list[tuple[Receiver, Sequence[Job]]]:
    """Return who wants which of the jobs, in the order of the subscriptions."""
    wanted: defaultdict[int, list[Job]] = defaultdict(list)
    for job in new:
        for subscription in matcher.who_wants(job):
            wanted[subscription].append(job)
    return [(receivers[subscription], each) for subscription, each in sorted(wanted.items())]
