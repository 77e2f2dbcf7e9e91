"""Announce featured jobs in the channels that want them: each once, recorded before it is sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.jobs.announcing import (
    ChannelStatus,
    Delivery,
    LeaseLostError,
    PauseReason,
    Post,
    Subscription,
    Terms,
    Venue,
    fault_of,
)
from bot.jobs.explaining import Explanation, explain
from bot.jobs.job import Job
from bot.jobs.planning import BACKLOG
from bot.services.attempts import ATTEMPT_SECONDS, attempt
from bot.services.cancelling import strays_as_errors
from bot.services.pacer import Pacer
from bot.services.ports import (
    AlreadyPublishedError,
    CannotReadError,
    ChannelGoneError,
    Clock,
    DeliveryStore,
    ForbiddenError,
    Publisher,
    RejectedError,
    Restraint,
    SubscriptionStore,
    TemporaryError,
    UnauthorisedError,
)
from bot.services.publishing import PublishService

_log = logging.getLogger(__name__)

MOST_SUBSCRIPTIONS = 25
"""Of a server: as many as a select can list."""
NONCE_WINDOW = timedelta(seconds=120)  # how long Discord is taken to remember a nonce
_SAFE_WINDOW = NONCE_WINDOW - timedelta(seconds=ATTEMPT_SECONDS)  # a resend that begins in it ends in the window
_LOOK_AFTER = timedelta(seconds=ATTEMPT_SECONDS + 10)
"""After an attempt began: when it has ended, and what it left may be read, which can take Discord some moments."""
_CLOCKS_APART = timedelta(hours=2)  # history is read back further than the attempt by what clocks may differ
_LEASE = timedelta(seconds=ATTEMPT_SECONDS * 2)
_STALE_CLAIM = timedelta(seconds=ATTEMPT_SECONDS)
_FIRST_DELAY, _LONGEST_DELAY = timedelta(seconds=1), timedelta(minutes=30)
_ATTEMPTS = 60  # about a day, most of them half an hour apart
_IN_FLIGHT = 32  # answers that are waited for: at 40 requests a second each may take 0.8 s
_EDITED_AT_ONCE = 50
_LINGER_SECONDS = 30.0
_LINGER = timedelta(seconds=_LINGER_SECONDS)
_RUN_SECONDS = 240.0


@dataclass(slots=True)
class RunReport:
    """What one run did; `planned` is None when another process is the announcer.

    It is `stalled` when something was due and could not be claimed, without any error.
    """

    planned: int | None = None
    stalled: bool = False
    sent: int = 0
    retried: int = 0
    paused: int = 0
    failed: int = 0
    unknown: int = 0
    published: int = 0
    edited: int = 0


class AnnounceService:
    """The one that announces; `holder` names this process for the lease.

    While `restraint` gives a reason, nothing is sent. `progressed` is called within a run, for each delivery that was
    brought to its next state and each message that was edited.
    """

    def __init__(
        self,
        deliveries: DeliveryStore,
        subscriptions: SubscriptionStore,
        publisher: Publisher,
        clock: Clock,
        *,
        holder: str,
        pacer: Pacer | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        restraint: Restraint = lambda: None,
        progressed: Callable[[], None] = lambda: None,
    ) -> None:
        self._deliveries = deliveries
        self._subscriptions = subscriptions
        self._publisher = publisher
        self._clock = clock
        self._holder = holder
        self._pacer = pacer or Pacer()
        self._publishing = PublishService(deliveries, publisher, clock, self._pacer)
        self._sleep = sleep
        self._restraint = restraint
        self._progressed = progressed
        self._kept_up = 0  # the number of the last change that all messages are known to show

    async def run(self) -> RunReport:
        """Plan, and send all that is due; one failing channel or job harms no other.

        Raises UnauthorisedError when the token is refused, and what the store raises.
        """
        now = self._clock()
        if await self._deliveries.is_idle(now + _LINGER, self._kept_up):
            return RunReport(planned=0)
        if reason := self._restraint():
            _log.warning("nothing is announced for now: %s", reason)
            return RunReport(planned=0)
        fence = await self._deliveries.acquire(self._holder, now, now + _LEASE)
        if fence is None:
            return RunReport()
        refused: BaseException | None = None
        run = _Run(fence, ends=asyncio.get_running_loop().time() + _RUN_SECONDS, restraint=self._restraint)
        try:
            run.report.planned = await self._deliveries.plan(fence, now)
            await self._send_all(run)
            run.report.published = await self._publishing.run(partial(self._is_over_after_some, run))
            await self._keep_up(run)
        except* LeaseLostError:
            _log.warning("another process has become the announcer")
        except* UnauthorisedError as group:
            refused = _first(group)
        if refused is not None:  # raised out here: Python before 3.11.4 wraps what an except* clause raises
            raise refused from None
        await self._deliveries.release(fence, self._clock())
        return run.report

    async def switch_on(
        self, guild: int, channel: int, venue: Venue = Venue.TEXT, *, admin: int | None = None
    ) -> tuple[Subscription, int]:
        """Announce in a channel from now on, at first at most the newest three waiting jobs; return how many.

        `admin` is who is told when it has to stop.
        """
        now = self._clock()
        return await self._subscriptions.switch_on(guild, channel, now, backlog=BACKLOG, venue=venue, admin=admin)

    async def switch_off(self, guild: int, channel: int) -> Subscription | None:
        """Announce no more in a channel; None when it never was switched on."""
        return await self._subscriptions.switch_off(guild, channel, self._clock())

    async def add(
        self, guild: int, channel: int, terms: Terms, venue: Venue = Venue.TEXT, *, admin: int | None = None
    ) -> tuple[Subscription, int] | str:
        """Add a subscription, and return it with how many waiting jobs it gets; or what is wrong with its terms."""
        if fault := fault_of(terms):
            return fault
        if len(await self._subscriptions.of_guild(guild)) >= MOST_SUBSCRIPTIONS:
            return f"a server can have {MOST_SUBSCRIPTIONS} subscriptions; remove one first"
        now = self._clock()
        return await self._subscriptions.add(guild, channel, terms, now, backlog=BACKLOG, venue=venue, admin=admin)

    async def change(self, guild: int, subscription: int, terms: Terms) -> Subscription | str | None:
        """Give a subscription other terms, for jobs to come; return what is wrong with them, None if it is unknown."""
        return fault_of(terms) or await self._subscriptions.change(guild, subscription, terms)

    async def pause(self, guild: int, subscription: int) -> Subscription | None:
        """Announce no more for a subscription until it is resumed; None when the server has no such subscription."""
        return await self._subscriptions.pause(guild, subscription, self._clock())

    async def resume(self, guild: int, subscription: int) -> tuple[Subscription, int] | None:
        """Announce for a subscription again, and return how many waiting jobs it gets; None when it is unknown."""
        return await self._subscriptions.resume(guild, subscription, self._clock(), backlog=BACKLOG)

    async def remove(self, guild: int, subscription: int) -> bool:
        """Forget a subscription; False when the server has no such subscription."""
        return await self._subscriptions.remove(guild, subscription, self._clock())

    async def subscriptions(self, guild: int) -> tuple[Subscription, ...]:
        """Return the subscriptions of a server, the oldest first."""
        return await self._subscriptions.of_guild(guild)

    async def why(self, guild: int, job: Job, channel: int | None = None) -> tuple[Explanation, ...]:
        """Return what each subscription of a server, or of one of its channels, makes of a job."""
        every = await self._subscriptions.of_guild(guild)
        theirs = tuple(each for each in every if channel is None or each.channel == channel)
        return explain(job, theirs, await self._deliveries.fates(job.id, {each.channel for each in theirs}))

    async def status(self, guild: int) -> tuple[ChannelStatus, ...]:
        """Tell how announcing goes in each channel of a server."""
        return await self._subscriptions.status(guild)

    async def channel_gone(self, channel: int) -> None:
        """Pause a channel that is gone."""
        await self._subscriptions.pause_channel(
            channel, PauseReason.CHANNEL_GONE, "the channel was deleted", self._clock()
        )

    async def guild_left(self, guild: int) -> None:
        """Pause every channel of a server that the bot is no longer in."""
        await self._subscriptions.pause_guild(guild, PauseReason.GUILD_LEFT, "the bot left the server", self._clock())

    async def _send_all(self, run: _Run) -> None:
        """Send all that is due, and wait for what becomes due within moments."""
        worked = False
        stuck: datetime | None = None  # what was due and could not be claimed
        while True:
            due = await self._deliveries.next_due()
            wait = max(0.0, (due - self._clock()).total_seconds()) if due else _LINGER_SECONDS
            if wait >= _LINGER_SECONDS or run.is_over(wait):
                return
            if due is not None and due == stuck:
                _log.error("what has been due since %s cannot be claimed", due)
                run.report.stalled = True
                return
            if worked or wait:
                before = self._clock()
                await self._sleep(max(wait, 0.05))
                if self._clock() == before:  # a clock that stands still would keep us here for ever
                    return
            worked = True
            claimed = run.claimed
            await self._send_due(run)
            stuck = due if not wait and run.claimed == claimed else None

    def _is_over_after_some(self, run: _Run) -> bool:
        self._progressed()
        return run.is_over()

    async def _keep_up(self, run: _Run) -> None:
        """Edit the messages whose jobs were closed, came back or gained a place since."""
        last = await self._deliveries.altered()
        left: set[int] = set()
        while self._kept_up < last and not run.is_over():
            stale = await self._deliveries.stale(self._kept_up, _EDITED_AT_ONCE, left)
            if not stale:
                self._kept_up = self._kept_up if left else last
                return
            for post in stale:
                if await self._edit(post):
                    run.report.edited += 1
                else:
                    left.add(post.delivery)
                self._progressed()

    async def _edit(self, post: Post) -> bool:
        """Edit one message; return False when it did not work now and is to be tried in the next run."""
        await self._pacer.turn()
        try:
            await attempt(self._publisher.edit(post), self._pacer)
        except TemporaryError as error:
            _log.info("message %s in channel %s is edited later: %s", post.message, post.channel, error)
            return False
        except (AlreadyPublishedError, ChannelGoneError, ForbiddenError, RejectedError) as error:
            _log.info("message %s in channel %s stays as it is: %s", post.message, post.channel, error)
        await self._deliveries.shown(post)
        return True

    async def _send_due(self, run: _Run) -> None:
        """Send what is due, many at a time and those of one channel one by one: a slow channel holds up no other.

        What fails beside sending is raised when all others in flight are settled: their outcomes are not to be lost.
        """
        flying: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as tasks:
            while not run.is_over():
                delivery = await self._claim(run) if len(flying) < _IN_FLIGHT else None
                if delivery:
                    await self._pacer.turn()
                    task = tasks.create_task(self._bring_on(delivery, run))
                    flying.add(task)
                    task.add_done_callback(flying.discard)
                elif flying:
                    await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
                else:
                    break
        if run.faults:
            raise ExceptionGroup("some deliveries were not settled", run.faults)

    async def _claim(self, run: _Run) -> Delivery | None:
        """Take the next due delivery; none after a fault that would meet it too."""
        if run.claims_no_more:
            return None
        now = self._clock()
        with run.keeping_faults(last=(Exception,)):
            return await self._deliveries.claim(run.fence, now, now + _LEASE)
        return None

    async def _bring_on(self, delivery: Delivery, run: _Run) -> None:
        run.claimed += 1
        with run.keeping_faults(last=(LeaseLostError, UnauthorisedError)):
            await self._deliver(delivery, run)
            self._progressed()

    async def _deliver(self, delivery: Delivery, run: _Run) -> None:
        """Bring one claimed delivery to its next state."""
        try:
            message = await self._attempt(delivery, run)
        except AlreadyPublishedError:
            await self._sent(delivery, run, None)
        except TemporaryError as error:
            await self._retry(delivery, run, error)
        except (ChannelGoneError, ForbiddenError) as error:
            await self._pause(delivery, run, error)
        except RejectedError as error:
            await self._failed(delivery, run, str(error))
        except CannotReadError as error:
            await self._unknown(delivery, run, f"it may have been sent, and the channel cannot be read: {error}")
        except UnauthorisedError:
            await self._deliveries.retry(delivery, run.fence, self._clock(), "the token was refused", certain=True)
            raise
        else:
            await self._sent(delivery, run, message)

    async def _attempt(self, delivery: Delivery, run: _Run) -> int:
        """Publish, unless an earlier attempt is found to have arrived, and return the message's id."""
        if delivery.may_be_there and not self._nonce_holds(delivery):
            message = await self._look(delivery)
            if message is not None:
                return message
            if not await self._deliveries.begin_anew(delivery, run.fence, self._clock()):
                raise LeaseLostError("another process has taken this delivery")
        elif self._clock() - delivery.claimed > _STALE_CLAIM:
            raise TemporaryError("the process was asleep", outcome_known=True)
        return await attempt(self._publisher.publish(delivery), self._pacer)

    def _nonce_holds(self, delivery: Delivery) -> bool:
        since = self._clock() - delivery.uncertain_since
        return delivery.venue.knows_nonces and timedelta(0) <= since <= _SAFE_WINDOW

    async def _look(self, delivery: Delivery) -> int | None:
        """Look for what earlier attempts may have left in the channel, but not before all of that can be seen."""
        since = self._clock() - delivery.uncertain_since
        if timedelta(0) <= since < _LOOK_AFTER:
            raise TemporaryError("it is too early to look for it", outcome_known=True, retry_after=_LOOK_AFTER - since)
        await self._pacer.turn()
        return await attempt(self._publisher.find(delivery, delivery.uncertain_since - _CLOCKS_APART), self._pacer)

    async def _sent(self, delivery: Delivery, run: _Run, message: int | None) -> None:
        run.report.sent += 1
        await self._deliveries.sent(delivery, run.fence, message, self._clock())

    async def _retry(self, delivery: Delivery, run: _Run, error: TemporaryError) -> None:
        if delivery.attempt >= _ATTEMPTS:
            await self._give_up(delivery, run, error)
            return
        run.report.retried += 1
        delay = max(_delay(delivery.attempt), error.retry_after or timedelta(0))
        _log.info("%s is tried again in %s: %s", _named(delivery), delay, error)
        await self._deliveries.retry(
            delivery, run.fence, self._clock() + delay, str(error), certain=error.outcome_known
        )

    async def _give_up(self, delivery: Delivery, run: _Run, error: TemporaryError) -> None:
        reason = f"given up after {delivery.attempt} attempts: {error}"
        if delivery.may_be_there or not error.outcome_known:
            await self._unknown(delivery, run, reason)
            return
        await self._failed(delivery, run, reason)

    async def _failed(self, delivery: Delivery, run: _Run, reason: str) -> None:
        run.report.failed += 1
        _log.error("%s was not sent: %s", _named(delivery), reason)
        await self._deliveries.failed(delivery, run.fence, reason, self._clock())

    async def _pause(self, delivery: Delivery, run: _Run, error: ChannelGoneError | ForbiddenError) -> None:
        run.report.paused += 1
        refused = PauseReason.CLOSED_MESSAGES if delivery.venue is Venue.PERSON else PauseReason.FORBIDDEN
        reason = PauseReason.CHANNEL_GONE if isinstance(error, ChannelGoneError) else refused
        _log.warning("channel %s is paused (%s): %s", delivery.channel, reason, error)
        await self._deliveries.paused(delivery, run.fence, reason, str(error), self._clock())

    async def _unknown(self, delivery: Delivery, run: _Run, reason: str) -> None:
        run.report.unknown += 1
        _log.error("%s is unknown: %s", _named(delivery), reason)
        await self._deliveries.unknown(delivery, run.fence, reason, self._clock())


@dataclass(slots=True)
class _Run:
    fence: int
    ends: float
    restraint: Restraint
    claimed: int = 0
    claims_no_more: bool = False
    faults: list[Exception] = field(default_factory=list)
    report: RunReport = field(default_factory=RunReport)

    def is_over(self, after: float = 0) -> bool:
        """Whether the run's time will be up in `after` seconds, or it has to hold back; the next run goes on then."""
        return asyncio.get_running_loop().time() + after >= self.ends or self.restraint() is not None

    @contextmanager
    def keeping_faults(self, last: tuple[type[Exception], ...]) -> Iterator[None]:
        """Keep what fails until the others in flight are settled; nothing more is claimed after a fault in `last`."""
        try:
            with strays_as_errors():
                yield
        except Exception as error:  # noqa: BLE001  # it is raised at the end of sending
            self.faults.append(error)
            self.claims_no_more |= isinstance(error, last)


def _named(delivery: Delivery) -> str:
    first = delivery.jobs[0].id
    what = f"job {first}" if len(delivery.jobs) == 1 else f"the list of {len(delivery.jobs)} jobs from {first} on"
    return f"{what} for channel {delivery.channel}"


def _delay(attempt: int) -> timedelta:
    return min(_FIRST_DELAY * (1 << min(attempt - 1, 20)), _LONGEST_DELAY)


def _first(group: BaseExceptionGroup[UnauthorisedError]) -> BaseException:
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
