"""Stand-ins for the world outside: a clock that is set by hand, and a Discord that forgets, fails and loses answers."""

import asyncio
import selectors
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.services.ports import CannotReadError, TemporaryError

START = datetime(2024, 2, 2, 9, tzinfo=UTC)


class FakeClock:
    """A clock that only moves when it is told to."""

    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return self.now

    def advance(self, **amount):
        self.now += timedelta(**amount)

    async def sleep(self, seconds):
        self.advance(seconds=seconds)
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Message:
    id: int
    jobs: tuple
    nonce: str
    at: datetime


def lost_answer():
    """Fail after the message has arrived."""
    return TemporaryError("the answer was lost", outcome_known=False)


class FakePublisher:
    """Channels that people see. A nonce is remembered for `window`; `faults` are what next calls come to.

    A fault is an exception: the message does not arrive. In `losing` the n-th calls arrive, and their answers are lost.
    Each call `takes` that long.
    """

    def __init__(self, clock, window=timedelta(seconds=120)):
        self.clock = clock
        self.window = window
        self.channels = defaultdict(list)
        self.faults = defaultdict(deque)
        self.losing = set()
        self.unreadable = set()
        self.takes = timedelta(0)
        self.calls = 0
        self.looks = []
        self.edits = []
        self.crossposts = []
        self.crosspost_faults = deque()

    def seen(self, channel):
        """Return the jobs that are visible in a channel, from top to bottom."""
        return [job for message in self.channels[channel] for job in message.jobs]

    def messages(self, channel):
        """Return the messages of a channel as the jobs that each of them shows, from top to bottom."""
        return ["".join(message.jobs) for message in self.channels[channel]]

    async def publish(self, delivery):
        channel, nonce = delivery.channel, delivery.nonce
        assert len(nonce) <= 25
        self.calls += 1
        call = self.calls
        self.clock.now += self.takes
        await asyncio.sleep(0)
        if self.faults[channel]:
            fault = self.faults[channel].popleft()
            if fault is not None:
                raise fault
        message = self._remembered(channel, nonce) if delivery.venue.knows_nonces else None
        if message is None:
            message = Message(1_000 + call, tuple(job.id for job in delivery.jobs), nonce, self.clock())
            self.channels[channel].append(message)
        if call in self.losing:
            raise lost_answer()
        return message.id

    async def edit(self, post):
        """Show the jobs of a message as they are; faults of a channel hit this too."""
        self.calls += 1
        await asyncio.sleep(0)
        if self.faults[post.channel]:
            fault = self.faults[post.channel].popleft()
            if fault is not None:
                raise fault
        assert post.message in {message.id for message in self.channels[post.channel]}
        self.edits.append((post.channel, "".join(f"{job.id}:{job.state.value} " for job in post.jobs).strip()))

    async def crosspost(self, message):
        """Publish a message to those who follow its channel, unless a fault is next."""
        await asyncio.sleep(0)
        fault = self.crosspost_faults.popleft() if self.crosspost_faults else None
        if fault is not None:
            raise fault
        self.crossposts.append((message.channel, message.message))

    async def find(self, delivery, after):
        channel, nonce = delivery.channel, delivery.nonce
        await asyncio.sleep(0)
        self.looks.append((channel, delivery.jobs[0].id, after))
        if channel in self.unreadable:
            raise CannotReadError("no right to read history")
        found = [message.id for message in self.channels[channel] if message.nonce == nonce and message.at >= after]
        return found[0] if found else None

    def _remembered(self, channel, nonce):
        recent = self.clock() - self.window
        return next((each for each in self.channels[channel] if each.nonce == nonce and each.at > recent), None)


class _InstantSelector(selectors.DefaultSelector):
    """Tells the loop how long it would have waited, instead of waiting."""

    waited = 0.0

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready and timeout:
            self.waited += timeout
        return ready


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer when there is nothing else to do; for code without threads."""

    def __init__(self):
        self._instant = _InstantSelector()
        super().__init__(self._instant)

    def time(self):
        return 1_000 + self._instant.waited

    def stall(self, seconds):
        """Be busy for so long: what is due meanwhile comes late."""
        self._instant.waited += seconds


def simulate(main):
    """Run a coroutine function on a SimulatedLoop."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(main())
