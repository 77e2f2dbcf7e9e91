"""What the use cases need from the outside: a clock, stores, and something that publishes.

A Publisher tells what happened by what it raises:

PublishError
├── ChannelGoneError         the channel does not exist (any more): 404, 10003, 10004
├── ForbiddenError           the bot may not send there: 403, 50001, 50013
├── RejectedError            the message itself is refused, and would be again: 400, 50035
├── UnauthorisedError        the token is refused: 401; nothing can be sent until somebody acts
├── AlreadyPublishedError    the nonce is known, and its message was deleted since: 10008
├── CannotReadError          (find only) the channel's history cannot be read far enough back
└── TemporaryError           try again later: 5xx, 429, timeouts, lost connections
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import CareerBotError
from bot.jobs.announcing import (
    ChannelStatus,
    Delivery,
    PauseReason,
    Post,
    Subscription,
    Terms,
    Trouble,
    Unpublished,
    Venue,
)
from bot.jobs.explaining import Fate
from bot.jobs.imported import Imported, Recognition
from bot.jobs.job import Job, Stored
from bot.jobs.polling import Source
from bot.jobs.query import JobQuery
from bot.jobs.saving import Saved


class Clock(Protocol):
    """Tells the time of day; due times come from it, intervals from the event loop."""

    def __call__(self) -> datetime:
        """Return the current time, aware and in UTC."""
        ...


class Restraint(Protocol):
    """Tells whether announcing has to hold back for now."""

    def __call__(self) -> str | None:
        """Return why nothing is to be sent now; None when nothing speaks against it."""
        ...


class PublishError(CareerBotError):
    """A message was not, or perhaps not, published."""


class ChannelGoneError(PublishError):
    """The channel does not exist, or the bot is no longer in its server."""


class ForbiddenError(PublishError):
    """The bot lacks the rights to send in this channel; the message says which, in words."""


class RejectedError(PublishError):
    """The message itself is refused and would be refused again."""


class UnauthorisedError(PublishError):
    """The token is refused: the process should stop."""


class AlreadyPublishedError(PublishError):
    """An earlier attempt with this nonce was published and its message has been deleted since."""


class CannotReadError(PublishError):
    """The channel's history cannot be read, or not back to the time that was asked for."""


class TemporaryError(PublishError):
    """It did not work now.

    `outcome_known` is True when the message is certainly not in the channel (a 429, a refused connection), False when
    it may be (an answer that was lost, a 5xx, a timeout). `retry_after` is what the other side asked for.
    """

    def __init__(self, message: str, *, outcome_known: bool, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.outcome_known = outcome_known
        self.retry_after = retry_after


class Publisher(Protocol):
    """Puts deliveries into channels."""

    async def publish(self, delivery: Delivery) -> int:
        """Send a delivery as one message, or in a forum as a thread that begins with it, and return the message's id.

        Its nonce is enforced where the venue knows nonces; elsewhere Discord is asked once only. The message carries
        the nonce as its marker in a place that comes back when history is read (a component's custom_id), because
        history does not give nonces back. Raises every PublishError but CannotReadError. Calls for different channels
        overlap. It may be cancelled at any time.
        """
        ...

    async def edit(self, post: Post) -> None:
        """Have a message show its jobs as they are now. Raises every PublishError but CannotReadError.

        AlreadyPublishedError says that somebody has deleted it.
        """
        ...

    async def crosspost(self, message: Unpublished) -> None:
        """Publish a message to the channels that follow its own; one that is published already stays as it is.

        Raises every PublishError but CannotReadError. AlreadyPublishedError says that somebody has deleted it.
        """
        ...

    async def find(self, delivery: Delivery, after: datetime) -> int | None:
        """Look for the bot's own message with the nonce among everything sent in the channel since `after`.

        Returns its id, or None only when history was read completely back to `after` and it is not there. Raises
        CannotReadError when history cannot be read that far, else as `publish`.
        """
        ...


class JobReader(Protocol):
    """Finds the jobs in a document."""

    async def __call__(
        self,
        text: str,
        now: datetime,
        *,
        form: str | None,
        source: str | None,
        company: str | None,
        most: int | None,
        recognition: Recognition,
    ) -> Imported:
        """Return what a document holds, in the format named `form` or else in the one that it is in.

        `company` is whose all jobs are, `most` how many records are read of formats of one's own. Raises UsageError
        when there is no such format, FetchError when a document cannot be read to its end.
        """
        ...


class JobStore(Protocol):
    """Where collected jobs go."""

    async def upsert(
        self, jobs: Sequence[Job], now: datetime, *, featured: Callable[[Job], bool] | None = None
    ) -> Stored:
        """Store all of `jobs` in one transaction, featured or not as they say, and tell what was new.

        `featured` tells which of the new ones are featured too.
        """
        ...

    async def expire(self, now: datetime) -> int:
        """Let jobs expire whose end has passed, or that were not met for long; return how many did."""
        ...


class CuratedStore(Protocol):
    """Jobs as people change them by hand."""

    async def upsert(self, new: Sequence[Job], now: datetime) -> Stored:
        """Store jobs in one transaction, and tell what was new."""
        ...

    async def get(self, job: str) -> Job | None:
        """Return one job."""
        ...

    async def starting_with(self, prefix: str) -> tuple[Job, ...]:
        """Return the jobs whose id starts with `prefix`."""
        ...

    async def search(self, query: JobQuery, *, limit: int = 10) -> tuple[tuple[Job, ...], int]:
        """Return the first of the open jobs that are looked for, and how many there are."""
        ...

    async def feature(self, job: str) -> bool:
        """Mark an open job as featured; False when it is closed, unknown or featured already."""
        ...

    async def edit(self, job: Job) -> bool:
        """Store an open job as somebody changed it, which no source undoes; False when there is no such open job."""
        ...

    async def close(self, job: str, now: datetime) -> int | None:
        """Close an open job and withdraw it where it was not sent yet; return from how many channels.

        None when there is no such open job.
        """
        ...


class Answer(Protocol):
    """What came back from an address; no `text` where the document has not changed."""

    @property
    def text(self) -> str | None:
        """The document."""
        ...

    @property
    def etag(self) -> str | None:
        """What names this state of the document, for the next question."""
        ...

    @property
    def modified(self) -> str | None:
        """When it changed last, as the other side writes it, for the next question."""
        ...


class Fetching(Protocol):
    """Fetches documents."""

    async def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Answer:
        """Return the document at an address, unless it is as it was at `etag` or `modified`. Raises FetchError."""
        ...


class SourceStore(Protocol):
    """The sources that are polled."""

    async def every(self) -> tuple[Source, ...]:
        """Return all sources by name."""
        ...

    async def get(self, name: str) -> Source | None:
        """Return one source."""
        ...

    async def due(self, now: datetime) -> tuple[Source, ...]:
        """Return the sources that are to be asked now, the one that waits longest first."""
        ...

    async def add(self, source: Source, now: datetime) -> bool:
        """Add a source, due at once; False when there is one of its name."""
        ...

    async def note(self, source: Source) -> None:
        """Write down how a source is doing; what it is set up as, and whether somebody paused it, stays."""
        ...

    async def pause(self, name: str, reason: str) -> bool:
        """Pause a source; False when there is none of that name that is on."""
        ...

    async def resume(self, name: str, now: datetime) -> bool:
        """Ask a paused source again, at once; False when there is none of that name."""
        ...

    async def remove(self, name: str) -> bool:
        """Forget a source; its jobs stay until they expire. False when there is none of that name."""
        ...

    async def note_jobs(self, name: str, met: Sequence[str], now: datetime, *, whole: bool) -> int:
        """Write down which jobs a source had, and return how many are over now.

        Where that was its `whole` board, a job that it has not had twice in a row is gone, unless another source has
        it.
        """
        ...

    async def note_unchanged(self, name: str, now: datetime) -> None:
        """Write down that a source still has the jobs that it had."""
        ...

    async def open_jobs(self) -> dict[str, int]:
        """Return how many open jobs each source has."""
        ...


class SubscriptionStore(Protocol):
    """Which channels want featured jobs."""

    async def switch_on(
        self, guild: int, channel: int, now: datetime, *, backlog: int, venue: Venue, admin: int | None
    ) -> tuple[Subscription, int]:
        """Switch a channel on, plan the newest `backlog` waiting jobs, skip the rest; return how many are planned.

        `admin` is who sets it up.
        """
        ...

    async def switch_off(self, guild: int, channel: int, now: datetime) -> Subscription | None:
        """Switch a channel off; None when it has never been switched on."""
        ...

    async def add(
        self, guild: int, channel: int, terms: Terms, now: datetime, *, backlog: int, venue: Venue, admin: int | None
    ) -> tuple[Subscription, int]:
        """Add a subscription that is on, and return it and how many of the newest waiting jobs it gets."""
        ...

    async def change(self, guild: int, subscription: int, terms: Terms) -> Subscription | None:
        """Give a subscription of a server other terms, for jobs to come; None when it has no such subscription."""
        ...

    async def pause(self, guild: int, subscription: int, now: datetime) -> Subscription | None:
        """Switch one subscription off; None when the server has no such subscription."""
        ...

    async def resume(
        self, guild: int, subscription: int, now: datetime, *, backlog: int
    ) -> tuple[Subscription, int] | None:
        """Switch one subscription on, and return it and how many jobs it gets; None when there is none."""
        ...

    async def remove(self, guild: int, subscription: int, now: datetime) -> bool:
        """Forget a subscription and what waits for it; False when the server has no such subscription."""
        ...

    async def of_guild(self, guild: int) -> tuple[Subscription, ...]:
        """Return the subscriptions of a server, the oldest first."""
        ...

    async def pause_channel(self, channel: int, reason: PauseReason, detail: str, now: datetime) -> None:
        """Pause a channel that is on, and its waiting deliveries."""
        ...

    async def pause_guild(self, guild: int, reason: PauseReason, detail: str, now: datetime) -> None:
        """Pause every channel of a guild that is on, and their waiting deliveries."""
        ...

    async def status(self, guild: int) -> tuple[ChannelStatus, ...]:
        """Tell how announcing goes in each channel of a guild that was ever switched on."""
        ...


class AlertStore(Protocol):
    """Who wants featured jobs as direct messages; an alert is a subscription of a person, in no guild."""

    async def add(
        self, guild: int, channel: int, terms: Terms, now: datetime, *, backlog: int, venue: Venue
    ) -> tuple[Subscription, int]:
        """Add a subscription that is on, and return it and how many of the newest waiting jobs it gets."""
        ...

    async def pause(self, guild: int, subscription: int, now: datetime) -> Subscription | None:
        """Switch one subscription off; None when the guild has no such subscription."""
        ...

    async def resume(
        self, guild: int, subscription: int, now: datetime, *, backlog: int
    ) -> tuple[Subscription, int] | None:
        """Switch one subscription on, and return it and how many jobs it gets; None when there is none."""
        ...

    async def of_person(self, person: int) -> tuple[Subscription, ...]:
        """Return the alerts of a person, the oldest first."""
        ...

    async def forget(self, person: int, alert: int) -> bool:
        """Delete an alert of a person with all that was sent for it; False when there is no such alert."""
        ...

    async def untold(self, person: int) -> tuple[Subscription, ...]:
        """Return the alerts of a person that the bot paused, and of which the person was not told."""
        ...

    async def note_told(self, person: int, now: datetime) -> None:
        """Note that a person was told which alerts are paused."""
        ...


class SavedStore(Protocol):
    """Who keeps which jobs."""

    async def save(self, person: int, job: str, now: datetime, *, most: int) -> Saved:
        """Keep a job for a person, who can have `most`; another advert of a job stands for that job."""
        ...

    async def of(self, person: int) -> tuple[Job, ...]:
        """Return the jobs that a person keeps, the one that was saved last first."""
        ...

    async def remove(self, person: int, job: str) -> None:
        """Forget that a person keeps a job."""
        ...

    async def remove_all(self, person: int) -> None:
        """Forget every job that a person keeps."""
        ...


class PublishingStore(Protocol):
    """Which messages of announcement channels are to be published, and which were."""

    async def unpublished(self, now: datetime, limit: int) -> tuple[Unpublished, ...]:
        """Return messages that are due to be published, of each channel the one that is due first."""
        ...

    async def nth_published(self, channel: int, number: int) -> datetime | None:
        """Return when the last but `number` - 1 of a channel's messages was published; None where there were fewer."""
        ...

    async def published(self, message: Unpublished, now: datetime | None) -> None:
        """Note that a message was published; where `now` is None, that it never will be."""
        ...

    async def publish_later(self, message: Unpublished, due: datetime) -> None:
        """Try to publish a message again when it is due."""
        ...

    async def hold_channel(self, channel: int, until: datetime) -> None:
        """Publish nothing in a channel until then."""
        ...


class TroubleStore(Protocol):
    """What admins are to be told, and whether they were."""

    async def untold_troubles(self, limit: int) -> tuple[Trouble, ...]:
        """Return what nobody was told yet, one trouble a channel."""
        ...

    async def note_trouble_told(self, trouble: Trouble, now: datetime) -> None:
        """Note that an admin was told all that there is about a channel."""
        ...


class DeliveryStore(PublishingStore, Protocol):
    """The outbox. Whatever changes a claimed delivery returns False when the claim is no longer held."""

    async def is_idle(self, until: datetime, shown: int) -> bool:
        """Return whether nothing is to be planned, sent or published by then, or edited for changes after `shown`."""
        ...

    async def acquire(self, holder: str, now: datetime, until: datetime) -> int | None:
        """Become the one announcer until `until`, and return the fence; None while somebody else is.

        What an earlier announcer left in `sending` waits to be tried again.
        """
        ...

    async def release(self, fence: int, now: datetime) -> None:
        """Stop being the announcer, if `fence` still is the newest."""
        ...

    async def plan(self, fence: int, now: datetime) -> int:
        """Make a delivery for every featured open job and channel that is on and has none; return how many."""
        ...

    async def claim(self, fence: int, now: datetime, until: datetime) -> Delivery | None:
        """Take the next due delivery with one UPDATE, and stay the announcer until `until`; None when none is due.

        At most one delivery a channel is held at a time. Raises LeaseLostError when somebody else is the announcer.
        """
        ...

    async def next_due(self) -> datetime | None:
        """Tell when the next waiting delivery is due."""
        ...

    async def begin_anew(self, delivery: Delivery, fence: int, now: datetime) -> bool:
        """Note that earlier attempts are known to have failed: this one begins now."""
        ...

    async def sent(self, delivery: Delivery, fence: int, message: int | None, now: datetime) -> bool:
        """Note that the message is in the channel, or was until somebody deleted it; some have to be published now."""
        ...

    async def retry(self, delivery: Delivery, fence: int, due: datetime, reason: str, *, certain: bool) -> bool:
        """Put it back until `due`; `certain` says that this attempt is known to have failed."""
        ...

    async def failed(self, delivery: Delivery, fence: int, reason: str, now: datetime) -> bool:
        """Note that it is refused and was never published."""
        ...

    async def unknown(self, delivery: Delivery, fence: int, reason: str, now: datetime) -> bool:
        """Note that its outcome cannot be learnt any more."""
        ...

    async def paused(self, delivery: Delivery, fence: int, reason: PauseReason, detail: str, now: datetime) -> bool:
        """Put it back, and pause its channel with everything that waits there, in one transaction."""
        ...

    async def stale(self, after: int, limit: int, but: Collection[int] = ()) -> tuple[Post, ...]:
        """Return messages, but for some deliveries', whose jobs were altered since by changes later than `after`."""
        ...

    async def fates(self, job: str, channels: Collection[int]) -> dict[int, Fate]:
        """Return what became of a job in channels, by channel; nothing for one that it was never planned for."""
        ...

    async def altered(self) -> int:
        """Return the number of the last change of a job."""
        ...

    async def shown(self, post: Post) -> None:
        """Note that a message shows its jobs as they are, or cannot be edited."""
        ...
