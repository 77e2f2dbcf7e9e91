"""What is announced where: subscriptions, the deliveries planned for them, and the states both go through."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import StoreError
from bot.jobs import timetable
from bot.jobs.job import Job
from bot.jobs.query import ANYTHING, JobQuery
from bot.jobs.timetable import AT_ONCE, Timetable


class SubscriptionState(StrEnum):
    """Whether a channel hears of featured jobs; paused means the bot had to stop by itself."""

    ON = "on"
    OFF = "off"
    PAUSED = "paused"


class PauseReason(StrEnum):
    """Why the bot stopped announcing in a channel, or to a person, by itself."""

    CHANNEL_GONE = "channel-gone"
    GUILD_LEFT = "guild-left"
    FORBIDDEN = "forbidden"
    CLOSED_MESSAGES = "closed-messages"


class Venue(StrEnum):
    """What kind of place messages go to: a text, announcement or forum channel, or a person's direct messages."""

    TEXT = "text"
    ANNOUNCEMENT = "announcement"
    FORUM = "forum"
    PERSON = "person"

    @property
    def knows_nonces(self) -> bool:
        """Whether Discord refuses a second message with the same nonce there; a thread of a forum has none."""
        return self is not Venue.FORUM


NO_GUILD = 0
"""The guild of what goes to people directly."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a subscription is for: which jobs, when, and at most how many single posts a local day.

    What the day's `cap` leaves out comes as one list when the day is over. `mention` is a role that each post pings.
    """

    query: JobQuery = ANYTHING
    timetable: Timetable = AT_ONCE
    cap: int | None = None
    mention: int | None = None


ALL_AT_ONCE = Terms()
"""Every featured job, each at once."""


def fault_of(terms: Terms) -> str | None:
    """Return what is wrong with terms; None when nothing is."""
    if terms.cap is not None and terms.cap < 1:
        return "at least one job a day is needed; pause the subscription to have none"
    return timetable.fault_of(terms.timetable)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel of a guild that wants featured jobs; `detail` says more about a pause, `since` is the last change.

    Where the venue is a person (an alert), `channel` is the person's id and the guild NO_GUILD.
    """

    id: int
    guild: int
    channel: int
    state: SubscriptionState
    since: datetime
    reason: PauseReason | None = None
    detail: str | None = None
    terms: Terms = ALL_AT_ONCE
    venue: Venue = Venue.TEXT


class DeliveryKind(StrEnum):
    """What a delivery's message is.

    One job, the jobs of a few minutes that are one post of an announcement channel, or a list of those that have
    gathered.
    """

    JOB = "job"
    BUNDLE = "bundle"
    DIGEST = "digest"


class DeliveryState(StrEnum):
    """How far a delivery is.

    pending -> sending -> sent | retry -> sending ... | paused | failed | unknown; skipped is never sent. `unknown` may
    or may not be in the channel and is never sent again.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    PAUSED = "paused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that has been claimed for sending.

    `jobs` are what it shows, the oldest first. `attempt` counts from 1 and is part of the claim. `uncertain_attempt` is
    the first attempt whose outcome is not known, which is `attempt` itself when every earlier one is known to have
    failed; `uncertain_since` is when it began. `mention` is a role that is pinged. Where the venue is a person,
    `channel` is the person's id.
    """

    id: int
    subscription: int
    venue: Venue
    channel: int
    kind: DeliveryKind
    revision: int
    nonce: str
    jobs: tuple[Job, ...]
    attempt: int
    claimed: datetime
    uncertain_attempt: int
    uncertain_since: datetime
    mention: int | None = None

    @property
    def may_be_there(self) -> bool:
        """Whether an earlier attempt may have put the message into the channel."""
        return self.uncertain_attempt < self.attempt


@dataclass(frozen=True, slots=True)
class Post:
    """A message in a channel that shows jobs, the oldest first, as they were at an earlier time.

    `nonce` is its marker; `delivery` and `altered` say what is shown once it is edited.
    """

    delivery: int
    subscription: int
    venue: Venue
    channel: int
    message: int
    nonce: str
    jobs: tuple[Job, ...]
    mention: int | None
    altered: int


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A message of an announcement channel that the channels which follow it do not have yet, sent at a time."""

    delivery: int
    channel: int
    message: int
    sent: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """A delivery that an admin should know of: which job, or the first of several, what became of it and why."""

    job: str
    state: DeliveryState
    reason: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an admin of a server is to be told of a channel.

    Why announcing was paused there, or the titles of jobs of which nobody can tell whether they arrived, the first of
    them and how many more there are; `admin` is who set it up, where that is known.
    """

    guild: int
    channel: int
    admin: int | None
    reason: PauseReason | None = None
    detail: str | None = None
    unknown: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """How announcing goes in one channel: numbers of deliveries, the last sent, the next due, the newest problems."""

    subscription: Subscription
    sent: int
    waiting: int
    unknown: int
    failed: int
    last_sent: datetime | None
    next_due: datetime | None = None
    problems: tuple[Problem, ...] = ()


def nonce_of(*, channel: int, jobs: tuple[str, ...], kind: DeliveryKind, revision: int) -> str:
    """Return the nonce of a delivery: always the same 24 characters for the same message in the same channel.

    It is made from what the delivery is and not from its number: numbers begin anew when a database is replaced, and
    Discord would then take a new job for one that it has just shown.
    """
    text = "/".join((kind, str(channel), *jobs, str(revision)))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


class LeaseLostError(StoreError):
    """Another process has become the announcer."""
