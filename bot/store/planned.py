"""Deliveries as they are first written, each with its job, its channel and its nonce."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.announcing import DeliveryKind, DeliveryState, nonce_of
from bot.store.tables import deliveries, delivery_jobs


async def insert_planned(
    connection: AsyncConnection, wanted: Sequence[tuple[int, int, str]], state: DeliveryState, now: datetime
) -> int:
    """Write one delivery for each (subscription, channel, job) in their order, and return how many."""
    if not wanted:
        return 0
    settled = None if state is DeliveryState.PENDING else now
    nonces = [nonce_of(channel=channel, jobs=(job,), kind=DeliveryKind.JOB, revision=1) for _, channel, job in wanted]
    await connection.execute(
        insert(deliveries),
        [
            {
                "subscription": subscription,
                "target": f"channel:{channel}",
                "kind": DeliveryKind.JOB.value,
                "revision": 1,
                "nonce": nonce,
                "state": state.value,
                "due": now,
                "attempt": 0,
                "settled": settled,
            }
            for (subscription, channel, _), nonce in zip(wanted, nonces, strict=True)
        ],
    )
    written = select(deliveries.c.id, deliveries.c.target, bindparam("of_job", type_=delivery_jobs.c.job.type))
    await connection.execute(
        insert(delivery_jobs).from_select(
            ["delivery", "target", "job"], written.where(deliveries.c.nonce == bindparam("of_nonce"))
        ),
        [{"of_job": job, "of_nonce": nonce} for (_, _, job), nonce in zip(wanted, nonces, strict=True)],
    )
    return len(wanted)
