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


def test_a_cancel_that_nobody_asked_for_is_a_failure_like_any_other(caplog):
    work = Work(None, asyncio.CancelledError())
    ticker = Ticker("work", 60, work)
    run_for(ticker, 200)
    assert (ticker.runs, ticker.failures) == (4, 1)
    assert "StrayCancelError" in caplog.text


def test_a_ticker_that_is_cancelled_in_a_run_ends():
    ticker = Ticker("work", 60, asyncio.Event().wait)
    run_for(ticker, 10)
    assert (ticker.runs, ticker.failures) == (1, 0)


def test_a_fatal_error_ends_the_ticker():
    ticker = Ticker("work", 60, Work(None, UnauthorisedError("no")), fatal=(UnauthorisedError,))
    with pytest.raises(UnauthorisedError):
        simulate(ticker.run)
    assert ticker.runs == 2
