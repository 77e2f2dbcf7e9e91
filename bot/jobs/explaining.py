"""Why a job was, or was not, announced in a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.jobs.announcing import DeliveryKind, DeliveryState, Subscription
from bot.jobs.job import Job
from bot.jobs.query import Sought, parts_of


@dataclass(frozen=True, slots=True)
class Fate:
    """What became, or becomes, of a job in a channel: a delivery of it, alone or with others in a list."""

    subscription: int
    kind: DeliveryKind
    state: DeliveryState
    due: datetime
    settled: datetime | None = None
    reason: str | None = None
    message: int | None = None
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a subscription makes of a job: what of it does not fit, by the names of a query's parts, and its fate."""

    subscription: Subscription
    unfit: tuple[str, ...] = ()
    fate: Fate | None = None


def explain(job: Job, subscriptions: tuple[Subscription, ...], fates: dict[int, Fate]) -> tuple[Explanation, ...]:
    """Return what each subscription makes of a job; `fates` are by channel, since a channel has a job once."""
    sought = Sought(job)
    explained = []
    for subscription in subscriptions:
        unfit = tuple(name for name, part in parts_of(subscription.terms.query) if not sought.fits(part))
        explained.append(Explanation(subscription, unfit, fates.get(subscription.channel)))
    return tuple(explained)
