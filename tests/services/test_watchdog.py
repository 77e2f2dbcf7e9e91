"""Standing still is noticed, told once, and where that is wanted ends the process; all in virtual time."""

import asyncio

import pytest

from bot.errors import StuckError
from bot.services.ticker import Ticker
from bot.services.watchdog import SHORTEST_SECONDS, TELL_SECONDS, Watchdog, patience
from tests.fakes import simulate

LOOK_SECONDS = 15


class Told:
    """An incident that is kept in memory."""

    def __init__(self, *, told=False):
        self.told = told

    def is_told(self):
        return self.told

    def note_told(self):
        self.told = True

    def end(self):
        self.told = False


class Owner:
    """Notes when it is written to; hangs or fails where that is wanted."""

    def __init__(self, *, error=None, hangs=False):
        self.times = []
        self.error = error
        self.hangs = hangs

    async def __call__(self):
        self.times.append(now())
        if self.hangs:
            await asyncio.Event().wait()
        if self.error:
            raise self.error


def now():
    return asyncio.get_running_loop().time() - 1_000


async def while_watched(watchdog, work):
    """Do work beside a watchdog, which may end it with an error."""
    watching = asyncio.create_task(Ticker("watch", LOOK_SECONDS, watchdog.look, fatal=(StuckError,)).run())
    working = asyncio.create_task(work())
    await asyncio.wait({watching, working}, return_when=asyncio.FIRST_COMPLETED)
    for task in (watching, working):
        task.cancel()
    ended, _ = await asyncio.gather(watching, working, return_exceptions=True)
    if isinstance(ended, StuckError):
        raise ended


def watch(watchdog, work):
    simulate(lambda: while_watched(watchdog, work))


def a_watchdog(owner=None, **more):
    return Watchdog("announcing", 180, owner or Owner(), more.pop("incident", Told()), **more)


@pytest.mark.parametrize(
    ("interval", "seconds"), [(0.1, SHORTEST_SECONDS), (1, SHORTEST_SECONDS), (60, 180), (600, 1_800)]
)
def test_three_intervals_may_pass_and_never_less_than_three_minutes(interval, seconds):
    assert patience(interval) == seconds


def test_nobody_is_told_while_there_is_progress(caplog):
    owner = Owner()
    watchdog = a_watchdog(owner)

    async def work():
        for _ in range(20):
            await asyncio.sleep(170)
            watchdog.progressed()

    watch(watchdog, work)
    assert owner.times == []
    assert caplog.text == ""


def test_standing_still_is_told_once_and_again_only_after_it_went_on(caplog):
    owner = Owner()
    watchdog = a_watchdog(owner)

    async def work():
        await asyncio.sleep(3_600)
        watchdog.progressed()
        await asyncio.sleep(3_600)

    watch(watchdog, work)
    assert owner.times == [180, 3_780]
    assert caplog.text.count("announcing has made no progress for 180 s") == 2
    assert caplog.text.count("announcing goes on again") == 1


def test_it_is_late_from_the_third_interval_until_it_goes_on():
    async def main():
        watchdog, late = a_watchdog(), []
        for _ in range(3):
            late.append(watchdog.is_late())
            await asyncio.sleep(90)
        late.append(watchdog.is_late())
        watchdog.progressed()
        late.append(watchdog.is_late())
        return late

    assert simulate(main) == [False, False, True, True, False]


def test_who_was_told_before_a_restart_is_not_told_again_until_it_went_on():
    owner, incident = Owner(), Told(told=True)
    watchdog = a_watchdog(owner, incident=incident)

    async def work():
        await asyncio.sleep(1_000)
        watchdog.progressed()
        await asyncio.sleep(1_000)

    watch(watchdog, work)
    assert owner.times == [1_185]


@pytest.mark.parametrize("owner", [Owner(hangs=True), Owner(error=OSError("no network")), Owner(error=KeyError("x"))])
def test_an_owner_who_cannot_be_told_hinders_nothing(owner, caplog):
    watchdog = a_watchdog(owner)

    async def work():
        await asyncio.sleep(180 + TELL_SECONDS + 2 * LOOK_SECONDS)
        watchdog.progressed()
        await asyncio.sleep(180)

    watch(watchdog, work)
    assert "nobody could be told" in caplog.text
    assert "goes on again" in caplog.text


@pytest.mark.parametrize("owner", [Owner(), Owner(hangs=True)])
def test_the_process_ends_where_that_is_wanted_and_the_owner_is_told_before(owner):
    given_up = []
    watchdog = a_watchdog(owner, give_up=lambda: given_up.append(now()))
    with pytest.raises(StuckError, match="no progress for 180 s; the process ends"):
        watch(watchdog, asyncio.Event().wait)
    assert (given_up, owner.times) == ([180], [180])


def test_a_call_that_never_returns_is_noticed():
    owner = Owner()
    watchdog = a_watchdog(owner)

    async def hang():
        if now() > 100:
            await asyncio.Event().wait()
        watchdog.progressed()

    watch(watchdog, lambda: asyncio.wait_for(Ticker("announcing", 60, hang).run(), 1_000))
    assert owner.times == [240]
