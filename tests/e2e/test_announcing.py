"""Announcing from a process that restarts, dies, and is refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.listing import announced, copies, import_jobs, switch_on
from tests.e2e.process import Installation
from tests.loopback.faults import FaultPlan
from tests.loopback.server import LoopbackDiscord
from tests.loopback.waiting import eventually
from tests.loopback.world import Channel, User


async def test_announcing_goes_on_after_a_restart_where_it_stopped(
    installation: Installation, server: LoopbackDiscord, channel: Channel, admin: User, tmp_path: Path
):
    bot = await installation.run()
    await switch_on(server, admin, channel)
    await import_jobs(installation, tmp_path, range(30))
    await eventually(lambda: copies(server, [channel]) >= 5)
    stopped = await bot.stop()
    assert stopped.code == 0
    assert "Traceback" not in stopped.errors
    await installation.run()
    await eventually(lambda: len(announced(server, channel)) == 30)
    assert announced(server, channel) == dict.fromkeys(range(30), 1)
    nonces = {request.json["nonce"] for request in server.record.matching("POST /channels")}
    assert len(nonces) == 30


async def test_channels_that_refuse_are_paused_and_harm_no_other(
    installation: Installation, server: LoopbackDiscord, channel: Channel, admin: User, tmp_path: Path
):
    guild = server.world.guild(channel.guild)
    forbidden, gone = (server.world.add_channel(guild, name) for name in ("forbidden", "gone"))
    bot = await installation.run()
    await switch_on(server, admin, channel, forbidden, gone)
    server.faults = FaultPlan(channels={forbidden.id: 403, gone.id: 404})
    await import_jobs(installation, tmp_path, range(2))
    await eventually(lambda: copies(server, [channel]) == 2)
    await import_jobs(installation, tmp_path, range(2, 4))
    await eventually(lambda: copies(server, [channel]) == 4)
    for refusing in (forbidden, gone):
        assert len(server.record.matching(f"POST /channels/{refusing.id}/messages")) == 1
    status = await (await server.choose(channel, admin, "announce status")).answer()
    told = [line for line in status.splitlines() if "paused" in line]
    paused = {each.id for each in (channel, forbidden, gone) if any(f"<#{each.id}>" in line for line in told)}
    assert paused == {forbidden.id, gone.id}, status
    assert "Traceback" not in bot.errors


async def test_a_lost_answer_is_not_sent_again_when_the_nonce_is_forgotten(
    installation: Installation, server: LoopbackDiscord, channel: Channel, admin: User, tmp_path: Path
):
    bot = await installation.run()
    await switch_on(server, admin, channel)
    server.faults = FaultPlan(answer_lost=1)
    await import_jobs(installation, tmp_path, range(1))
    await eventually(lambda: copies(server, [channel]) == 1)
    await bot.kill()
    _three_minutes_pass(installation.database, server)
    server.faults = FaultPlan()
    await installation.run()
    await import_jobs(installation, tmp_path, range(1, 2))
    await eventually(lambda: announced(server, channel)[1])
    await eventually(lambda: server.record.matching(f"GET /channels/{channel.id}/messages"))
    assert announced(server, channel) == {0: 1, 1: 1}


def _three_minutes_pass(database: Path, server: LoopbackDiscord) -> None:
    """Let three minutes pass while the bot is down: for Discord by its clock, for the bot by what it has written."""
    server.clock.advance(180)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "UPDATE deliveries SET claimed = claimed - 180000, uncertain_since = uncertain_since - 180000"
        )
