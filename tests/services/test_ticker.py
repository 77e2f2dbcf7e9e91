import asyncio

import pytest

from bot.services.ports import UnauthorisedError
from bot.services.ticker import Ticker
from tests.fakes import simulate


class Work:
    """Notes when it runs; raises what `errors` says for that run."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.times = []

    async def __call__(self):
        self.times.append(asyncio.get_running_loop().time() - 1_000)
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error


def run_for(ticker, seconds):
    async def main():
        task = asyncio.create_task(ticker.run())
        await asyncio.sleep(seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()

    simulate(main)


def test_the_first_run_is_at_once_and_the_next_after_each_interval():
    work = Work()
    run_for(Ticker("work", 60, work), 200)
    assert work.times == pytest.approx([0, 60, 120, 180])


@pytest.mark.parametrize("error", [ValueError("x"), OSError("x"), ExceptionGroup("x", [KeyError("y")]), TimeoutError()])
def test_whatever_fails_is_counted_and_the_next_run_happens(error, caplog):
    work = Work(error, None, error)
    ticker = Ticker("work", 60, work)
    run_for(ticker, 200)
    assert (ticker.runs, ticker.failures) == (4, 2)
    assert "work failed (1 of 1 runs)" in caplog.text


def test_the_heartbeat_is_the_last_run_that_ended_well():
    ticker = Ticker("work", 60, Work(None, None, ValueError()))
    run_for(ticker, 170)
    assert ticker.last_success - 1_000 == pytest.approx(60)


def test_a_ticker_without_success_for_long_is_late():
    async def main():
        ticker = Ticker("work", 10, Work(None))
        assert not ticker.is_late()
        task = asyncio.create_task(ticker.run())
        await asyncio.sleep(5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert not ticker.is_late()
        await asyncio.sleep(200)
        return ticker.is_late()

    assert simulate(main)


def test_a_ticker_that_never_succeeded_is_late_after_some_failures():
    ticker = Ticker("work", 10, Work(*[ValueError()] * 9))
    run_for(ticker, 45)
    assert ticker.is_late()


def test_a_fatal_error_ends_the_ticker():
    ticker = Ticker("work", 60, Work(None, UnauthorisedError("no")), fatal=(UnauthorisedError,))
    with pytest.raises(UnauthorisedError):
        simulate(ticker.run)
    assert ticker.runs == 2
