"""A second process on the same database: it waits without a word to Discord, and takes over when the first is gone."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.e2e.crashing import SMALL_KNOWLEDGE
from tests.e2e.process import START_SECONDS, BotProcess, Installation
from tests.loopback.server import LoopbackDiscord
from tests.loopback.waiting import eventually


@pytest.fixture(autouse=True)
def little_to_read(installation: Installation) -> None:
    """Have each process start quickly; how long a takeover takes is measured by `make chaos`."""
    installation.settings["CAREER_BOT_KNOWLEDGE"] = str(SMALL_KNOWLEDGE)


async def take_over(first: BotProcess, standby: BotProcess, server: LoopbackDiscord) -> None:
    """Kill a bot, and wait until the one that stood by has begun a session."""
    identified = server.gateway.counts["identified"]
    await first.kill()
    await eventually(
        lambda: server.gateway.counts["identified"] > identified, seconds=START_SECONDS, what="the takeover"
    )
    await eventually(lambda: "Ready" in standby.errors, seconds=START_SECONDS)


async def test_a_process_that_stands_by_takes_over_when_the_first_is_killed(
    installation: Installation, server: LoopbackDiscord
):
    first = await installation.run()
    standby = await installation.stand_by()
    asked = len(server.record)
    assert server.gateway.counts["connected"] == 1
    await take_over(first, standby, server)
    assert [request.path for request in server.record[asked:]].count("/users/@me") == 1
    assert standby.errors.count("Standing by") == standby.errors.count("Taking over") == 1
    assert (await standby.stop()).code == 0


async def test_a_process_that_stands_by_alone_runs_at_once(installation: Installation, server: LoopbackDiscord):
    bot = await installation.start("run", "--standby")
    await eventually(lambda: "Ready" in bot.errors, seconds=START_SECONDS)
    assert "Standing by" not in bot.errors


async def test_sigterm_ends_a_process_that_stands_by(installation: Installation, server: LoopbackDiscord):
    first = await installation.run()
    stopped = await (await installation.stand_by()).stop()
    assert stopped.code == 0
    assert "Taking over" not in stopped.errors
    assert first.lives
    assert server.gateway.counts["connected"] == 1


async def test_sighup_ends_no_process_that_stands_by(installation: Installation, server: LoopbackDiscord):
    first = await installation.run()
    standby = await installation.stand_by()
    standby.send(signal.SIGHUP)
    await take_over(first, standby, server)
    await eventually(lambda: "are taken in while the bot runs" in standby.errors, seconds=START_SECONDS)
    standby.send(signal.SIGHUP)
    await eventually(lambda: "The knowledge was read anew" in standby.errors, seconds=START_SECONDS)
    assert (await standby.stop()).code == 0


async def test_of_two_that_stand_by_one_takes_over_and_the_other_waits_on(
    installation: Installation, server: LoopbackDiscord
):
    first = await installation.run()
    waiting = await asyncio.gather(installation.stand_by(), installation.stand_by())
    await first.kill()
    [taker] = await eventually(lambda: [bot for bot in waiting if "Ready" in bot.errors], seconds=START_SECONDS)
    [other] = [bot for bot in waiting if bot is not taker]
    assert other.lives
    assert "Taking over" not in other.errors
    await take_over(taker, other, server)
    assert server.gateway.counts["identified"] == 3
