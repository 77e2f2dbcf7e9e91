"""Deliveries as they are first written: what a subscription is to get, as single posts and lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.announcing import DeliveryKind, DeliveryState, Terms, Venue, nonce_of
from bot.jobs.job import Job
from bot.jobs.planning import BACKLOG, BUNDLES_APART, Batch, arrange
from bot.jobs.timetable import local_day
from bot.store.tables import deliveries, delivery_jobs
from bot.store.targets import channel_of, target_of

IN_A_ROW = timedelta(milliseconds=1)
"""What sets the posts of one channel apart, so that each channel has its first before any has its second."""
OVERDUE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Receiver:
    """A subscription that gets jobs, the channel or person that it is for, and its terms."""

    subscription: int
    channel: int
    terms: Terms
    venue: Venue = Venue.TEXT

    @property
    def target(self) -> str:
        """How the channel or person is written in the database."""
        return target_of(self.channel, self.venue)


async def plan_for(connection: AsyncConnection, wanted: Sequence[tuple[Receiver, Sequence[Job]]], now: datetime) -> int:
    """Write the deliveries of jobs, the oldest first, that channels have not had yet; return how many jobs it is."""
    had = await _had(connection, {receiver.target for receiver, _ in wanted}, chain(*(jobs for _, jobs in wanted)))
    written: list[tuple[Receiver, Batch]] = []
    last_bundles: dict[str, datetime] = {}
    for receiver, jobs in wanted:
        new = [job for job in jobs if (receiver.target, job.id) not in had]
        had |= {(receiver.target, job.id) for job in new}
        if new:
            shown = await _shown_today(connection, receiver, now) if receiver.terms.cap is not None else 0
            bundled = await _next_bundle(connection, receiver, now, last_bundles.get(receiver.target))
            batches = arrange(new, receiver.terms, now, shown, bundled=bundled)
            written += [(receiver, batch) for batch in batches]
            if batches[0].kind is DeliveryKind.BUNDLE:
                last_bundles[receiver.target] = batches[0].due
    await _write(connection, written, DeliveryState.PENDING, now)
    return sum(len(batch.jobs) for _, batch in written)


async def overdue_subscriptions(connection: AsyncConnection, now: datetime) -> Sequence[int]:
    """Return the subscriptions of which more than BACKLOG single posts have waited for OVERDUE."""
    counted = select(deliveries.c.subscription).where(_overdue(now)).group_by(deliveries.c.subscription)
    return (await connection.execute(counted.having(func.count() > BACKLOG))).scalars().all()


async def gather_overdue(connection: AsyncConnection, now: datetime) -> None:
    """Make one list of each such subscription's posts: so many at once, after the bot was away, are a flood.

    What may be in a channel already is left as it is.
    """
    for subscription in await overdue_subscriptions(connection, now):
        listed = (
            select(deliveries.c.id, deliveries.c.target, delivery_jobs.c.job)
            .join(delivery_jobs, delivery_jobs.c.delivery == deliveries.c.id)
            .where(_overdue(now), deliveries.c.subscription == subscription)
            .order_by(deliveries.c.due, deliveries.c.id)
        )
        rows = (await connection.execute(listed)).all()
        await connection.execute(delete(deliveries).where(deliveries.c.id.in_([row.id for row in rows])))
        target = rows[0].target
        nonce = nonce_of(channel=channel_of(target), jobs=(rows[0].job,), kind=DeliveryKind.DIGEST, revision=1)
        row = _row(subscription, target, DeliveryKind.DIGEST, nonce) | _waiting(now)
        await _insert(connection, [row], [(nonce, row.job) for row in rows])


def _overdue(now: datetime) -> ColumnElement[bool]:
    return and_(
        deliveries.c.state == DeliveryState.PENDING.value,
        deliveries.c.kind == DeliveryKind.JOB.value,
        deliveries.c.attempt == 0,
        deliveries.c.due < now - OVERDUE,
    )


def _waiting(due: datetime) -> dict[str, object]:
    return {"state": DeliveryState.PENDING.value, "due": due, "settled": None}


async def skip_for(connection: AsyncConnection, receiver: Receiver, jobs: Iterable[Job], now: datetime) -> None:
    """Write down that a channel is never to have jobs that it has not had."""
    skipped = [(receiver, Batch(DeliveryKind.JOB, (job,), now)) for job in jobs]
    await _write(connection, skipped, DeliveryState.SKIPPED, now)


async def _had(connection: AsyncConnection, targets: set[str], jobs: Iterable[Job]) -> set[tuple[str, str]]:
    """Return which targets were planned for which of the jobs already."""
    statement = select(delivery_jobs.c.target, delivery_jobs.c.job).where(
        delivery_jobs.c.target.in_(bindparam("targets", expanding=True)),
        delivery_jobs.c.job.in_(bindparam("jobs", expanding=True)),
    )
    rows = await connection.execute(statement, {"targets": list(targets), "jobs": list({job.id for job in jobs})})
    return {(row.target, row.job) for row in rows}


async def _next_bundle(
    connection: AsyncConnection, receiver: Receiver, now: datetime, last: datetime | None
) -> datetime | None:
    """Return when an announcement channel's next bundle may come, also after the `last` one that is yet to be written.

    None for other venues. A bundle of the subscription that waits is not passed by: what is new joins it.
    """
    if receiver.venue is not Venue.ANNOUNCEMENT:
        return None
    newest = select(func.max(deliveries.c.due)).where(
        deliveries.c.target == receiver.target,
        deliveries.c.kind == DeliveryKind.BUNDLE.value,
        deliveries.c.state != DeliveryState.SKIPPED.value,
        deliveries.c.due > now - BUNDLES_APART,
    )
    written: datetime | None = (await connection.execute(newest)).scalar_one()
    return max([now, *(each + BUNDLES_APART for each in (written, last) if each)])


async def _shown_today(connection: AsyncConnection, receiver: Receiver, now: datetime) -> int:
    """Return how many posts a subscription has had, or waits for, on this local day; lists are none."""
    zone = ZoneInfo(receiver.terms.timetable.zone)
    begin = datetime.combine(local_day(receiver.terms.timetable, now), time(), zone).astimezone(UTC)
    counted = and_(
        deliveries.c.subscription == receiver.subscription,
        deliveries.c.kind != DeliveryKind.DIGEST.value,
        deliveries.c.state != DeliveryState.SKIPPED.value,
        deliveries.c.due >= begin,
    )
    return (await connection.execute(select(func.count()).select_from(deliveries).where(counted))).scalar_one()


async def _write(
    connection: AsyncConnection, batches: Sequence[tuple[Receiver, Batch]], state: DeliveryState, now: datetime
) -> None:
    rows: list[dict[str, object]] = []
    listed: list[tuple[str, str]] = []  # a delivery's nonce and a job of it
    number: defaultdict[str, int] = defaultdict(int)
    for receiver, batch in batches:
        known = await _gathering(connection, receiver, batch) if batch.kind is not DeliveryKind.JOB else None
        if known is None:
            first = batch.jobs[0].id
            known = nonce_of(channel=receiver.channel, jobs=(first,), kind=batch.kind, revision=1)
            due = batch.due
            if batch.kind is DeliveryKind.JOB:
                due += number[receiver.target] * IN_A_ROW
                number[receiver.target] += 1
            settled = None if state is DeliveryState.PENDING else now
            row = _row(receiver.subscription, receiver.target, batch.kind, known)
            rows.append(row | {"state": state.value, "due": due, "settled": settled})
        listed += [(known, job.id) for job in batch.jobs]
    await _insert(connection, rows, listed)


async def _insert(
    connection: AsyncConnection, rows: Sequence[Mapping[str, object]], listed: Sequence[tuple[str, str]]
) -> None:
    if rows:
        await connection.execute(insert(deliveries), rows)
    if listed:
        written = select(deliveries.c.id, deliveries.c.target, bindparam("of_job", type_=delivery_jobs.c.job.type))
        await connection.execute(
            insert(delivery_jobs).from_select(
                ["delivery", "target", "job"], written.where(deliveries.c.nonce == bindparam("of_nonce"))
            ),
            [{"of_job": job, "of_nonce": nonce} for nonce, job in listed],
        )


async def _gathering(connection: AsyncConnection, receiver: Receiver, batch: Batch) -> str | None:
    """Return the nonce of the list that a subscription's jobs gather in until it is due, or of its waiting bundle."""
    waiting = and_(
        deliveries.c.subscription == receiver.subscription,
        deliveries.c.kind == batch.kind.value,
        deliveries.c.state == DeliveryState.PENDING.value,
        deliveries.c.attempt == 0,
        deliveries.c.due == batch.due if batch.kind is DeliveryKind.DIGEST else true(),
    )
    return (await connection.execute(select(deliveries.c.nonce).where(waiting).limit(1))).scalar_one_or_none()


def _row(subscription: int, target: str, kind: DeliveryKind, nonce: str) -> dict[str, object]:
    return {
        "subscription": subscription,
        "target": target,
        "kind": kind.value,
        "revision": 1,
        "nonce": nonce,
        "attempt": 0,
    }
