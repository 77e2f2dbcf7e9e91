"""Each job stands exactly once in each channel, whatever happens: long runs, for `make chaos` and not for `make test`.

The server counts. It remembers a nonce for 120 seconds, answers 2 % of the requests that send or read messages with 502
(half of them after doing what was asked), loses 3 % of the answers, resets 1 % of the connections, and sends bursts
of 429.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.jobs.announcing import Terms
from bot.jobs.query import JobQuery
from bot.jobs.timetable import Timetable, daily
from bot.store.opening import open_store
from tests.chaos.figures import Figures
from tests.chaos.moving import Times
from tests.e2e.crashing import WITHIN_SECONDS, Ordeal, ordeal
from tests.e2e.listing import NIGHT_SHIFT, announced, is_of_night_shift
from tests.e2e.process import BotProcess
from tests.loopback.faults import MESSAGE_ROUTES, Fault
from tests.loopback.waiting import eventually
from tests.loopback.world import Channel, Kind

JOBS = 399  # and one at the end
KILLS = 20
A_TAKEOVER = 20  # jobs
FORUMS, THREADS, KILLS_IN_FORUMS = 3, 79, 6  # threads that can be looked through, and one at the end
SEEDS = (1, 2, 3, 4, 5)
Tell = Callable[[Figures], None]

of_each_seed = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed{seed}")


@asynccontextmanager
async def limited(
    seed: int, folder: Path, home: Path, seconds: float, *, forums: int | None = None
) -> AsyncIterator[Ordeal]:
    """Open a run that is given up after so many seconds, in text channels or so many forums."""
    opened = ordeal(seed, folder, home, channels=forums, kind=Kind.FORUM) if forums else ordeal(seed, folder, home)
    async with asyncio.timeout(seconds), opened as run:
        yield run


@of_each_seed
async def test_kills(seed: int, tmp_path: Path, home: Path, seconds_left: float, told: Tell):
    async with limited(seed, tmp_path / "run", home, seconds_left) as run:
        bot = await run.begin()
        await run.bring(range(JOBS))
        for _ in range(KILLS):
            await run.kill(bot, after=(10, 80))
            bot = await run.installation.run()
        await run.finish()
        await ended(bot)
        told(counted(f"kills, seed {seed}", [run]))


@of_each_seed
async def test_standby(seed: int, tmp_path: Path, home: Path, seconds_left: float, told: Tell):
    async with limited(seed, tmp_path / "run", home, seconds_left) as run:
        bot, standby = await run.begin(), await run.installation.stand_by()
        takeovers: list[tuple[float, float]] = []
        for first in range(0, JOBS, A_TAKEOVER):
            await run.bring(range(first, min(first + A_TAKEOVER, JOBS)))  # it announces on while the next one starts
            before = logins(run)
            killed = await run.kill(bot, after=(5, 60))
            bot = standby
            takeovers.append(await taken_over(run, before, killed))
            standby = await run.installation.stand_by()  # not before: it might be the one that takes over
        await run.finish()
        await ended(standby)
        await ended(bot)
        assert logins(run) == run.server.gateway.counts["identified"] == KILLS + 1, "a process stood by and connected"
        told(counted(f"standby, seed {seed}", [run], takeovers=takeovers))


@of_each_seed
async def test_forums(seed: int, tmp_path: Path, home: Path, seconds_left: float, told: Tell):
    """Discord takes no nonce for threads: what may be there is looked for when all of it can be seen, after 40 s."""
    async with limited(seed, tmp_path / "run", home, seconds_left, forums=FORUMS) as run:
        bot = await run.begin()
        await run.bring(range(THREADS))
        for _ in range(KILLS_IN_FORUMS):
            await run.kill(bot, after=(5, 25))
            bot = await run.installation.run()
        await run.finish()
        await ended(bot)
        told(counted(f"forums, seed {seed}", [run]))


async def ended(bot: BotProcess) -> None:
    """Have a bot end by itself, and without a fault."""
    stopped = await bot.stop()
    assert stopped.code == 0
    assert "Traceback" not in stopped.errors


def logins(run: Ordeal) -> int:
    """Return how many processes have spoken with the server: this is what each says first, and once."""
    return len(run.server.record.matching("GET /users/@me$"))


async def taken_over(run: Ordeal, before: int, killed: float) -> tuple[float, float]:
    """Return after how many seconds the process that takes over spoke first, and after how many it announced."""
    await eventually(lambda: logins(run) > before, seconds=120, what="the process that stands by to take over")
    first = run.server.record.matching("GET /users/@me$")[before].at
    since = len(run.server.record)
    announcing = await eventually(lambda: run.server.record.after(since, "POST /channels/.*/messages"))
    return first - killed, announcing[0].at - killed


def counted(
    name: str,
    runs: list[Ordeal],
    at_night: Sequence[list[Channel]] = (),
    takeovers: Sequence[tuple[float, float]] = (),
) -> Figures:
    """Return the figures of runs; `at_night` are the channels of each that get the jobs of NIGHT_SHIFT only."""
    parts = [(run, run.channels, run.wanted) for run in runs]
    parts += [(run, channels, nightly(run)) for run, channels in zip(runs, at_night, strict=False)]
    wrong = [run.wrong(channels, numbers) for run, channels, numbers in parts]
    for run in runs:
        assert run.server.unknown == []
        assert {request.fault for request in run.server.record.matching(MESSAGE_ROUTES.pattern)} == set(Fault)
    worst, pause = max(worst_second(run) for run in runs)
    return Figures(
        name=name,
        kills=sum(run.kills for run in runs),
        wanted=sum(len(channels) * len(numbers) for _, channels, numbers in parts),
        duplicates=sum(surplus for surplus, _ in wrong),
        missing=sum(missing for _, missing in wrong),
        requests=sum(len(run.server.record) for run in runs),
        worst_second=worst,
        pause=pause,
        takeover_seconds=max((first for first, _ in takeovers), default=None),
        silence_seconds=max((announcing for _, announcing in takeovers), default=None),
    )


def worst_second(run: Ordeal) -> tuple[int, float]:
    """Return how many requests came in it, and how long the server itself paused in it or up to a second before."""
    requests = run.server.record.busiest_second()
    return len(requests), run.pauses.longest(requests[0].at - 1, requests[-1].at)


# The bot's clock is wrong, and clocks are changed for summer and winter.

HOUR = timedelta(hours=1)
CHANGES = {
    "spring": datetime(2027, 3, 28, 1, tzinfo=UTC),
    "autumn": datetime(2027, 10, 31, 1, tzinfo=UTC),
}
"""When the clocks in Berlin are put forward from 2 to 3 o'clock, and back from 3 to 2 o'clock."""
WRONG = (timedelta(0), HOUR, -HOUR, timedelta(0))
"""By how much the bot's clock is wrong, one after the other."""
AT_HALF_PAST_TWO = Timetable(daily(time(2, 30)), "Europe/Berlin")
"""A time that is not there in spring, and twice in autumn."""
QUIET_NIGHTS = Timetable(None, "Europe/Berlin", (time(1, 30), time(3, 30)))
NIGHTLY = JobQuery(company=NIGHT_SHIFT)
A_STEP = (JOBS + 1) // len(CHANGES) // len(WRONG)  # jobs
KILLS_A_STEP = (3, 2, 3, 2)


@of_each_seed
async def test_clock(seed: int, tmp_path: Path, home: Path, seconds_left: float, told: Tell):
    runs: list[Ordeal] = []
    at_night: list[list[Channel]] = []
    for change, moment in CHANGES.items():
        async with limited(seed, tmp_path / change, home, seconds_left / len(CHANGES)) as run:
            at_night.append(await announce_by_a_wrong_clock(run, moment))
            runs.append(run)
    told(counted(f"clock, seed {seed}", runs, at_night))


async def announce_by_a_wrong_clock(run: Ordeal, change: datetime) -> list[Channel]:
    """Announce while the bot's clock jumps, around a change of the clocks; return who gets digests or has quiet hours.

    What was planned by a clock that was ahead is due once the true time gets there.
    """
    times = Times(run.server, run.installation, run.folder)
    times.begin_at(change - timedelta(seconds=30))
    bot = await run.begin()
    at_night = await subscribe_at_night(run)
    for step, (wrong, kills) in enumerate(zip(WRONG, KILLS_A_STEP, strict=True)):
        times.set_wrong(wrong)
        await run.bring(range(step * A_STEP, (step + 1) * A_STEP))
        for _ in range(kills):
            await run.kill(bot, after=(5, 60))
            bot = await run.installation.run()
    for _ in range(3):
        times.pass_by(HOUR)
    await run.finish()
    times.pass_by(timedelta(days=1))
    theirs = set(nightly(run))
    await eventually(
        lambda: all(set(announced(run.server, channel)) >= theirs for channel in at_night),
        seconds=WITHIN_SECONDS,
        what="digests, and what had waited for the end of quiet hours",
    )
    await run.finish()
    await ended(bot)
    return at_night


def nightly(run: Ordeal) -> list[int]:
    """Return which jobs the subscriptions for the night want."""
    return [number for number in run.wanted if is_of_night_shift(number)]


async def subscribe_at_night(run: Ordeal) -> list[Channel]:
    """Add two channels for some of the jobs: one gets a digest every night, one has quiet hours."""
    guild = run.server.world.guild(run.channels[0].guild or 0)
    channels = []
    async with open_store(run.installation.settings["CAREER_BOT_DATABASE_URL"]) as store:
        for timetable in (AT_HALF_PAST_TWO, QUIET_NIGHTS):
            channels.append(run.server.world.add_channel(guild, f"night-{len(channels)}"))
            terms = Terms(NIGHTLY, timetable)
            await store.subscriptions.add(guild.id, channels[-1].id, terms, datetime.now(UTC), backlog=0)
    return channels
