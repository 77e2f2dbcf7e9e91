"""Deliveries as they are first written, each with its job, its channel and its nonce."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.jobs.announcing import DeliveryKind, DeliveryState, nonce_of
from bot.store.tables import deliveries, delivery_jobs


async def insert_planned(
    connection: AsyncConnection, wanted: Iterable[tuple[int, int, str]], state: DeliveryState, now: datetime
) -> int:
    """Write one delivery for each (subscription, channel, job), and return how many."""
    number = 0
    for subscription, channel, job in wanted:
        nonce = nonce_of(channel=channel, jobs=(job,), kind=DeliveryKind.JOB, revision=1)
        target = f"channel:{channel}"
        values = {
            "subscription": subscription,
            "target": target,
            "kind": DeliveryKind.JOB.value,
            "revision": 1,
            "nonce": nonce,
            "state": state.value,
            "due": now,
            "attempt": 0,
            "settled": None if state is DeliveryState.PENDING else now,
        }
        delivery = (await connection.execute(insert(deliveries).values(**values))).inserted_primary_key
        assert delivery is not None  # noqa: S101  # one row gives one key
        await connection.execute(insert(delivery_jobs).values(delivery=delivery[0], target=target, job=job))
        number += 1
    return number
