"""Two hundred jobs for five channels, on a bad connection, by a bot that is killed again and again."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from tests.e2e.listing import announced, copies, import_jobs, switch_on
from tests.e2e.process import Installation
from tests.loopback.faults import Fault, FaultPlan
from tests.loopback.server import LoopbackDiscord
from tests.loopback.waiting import eventually
from tests.loopback.world import Channel, Permission

JOBS = 200
CHANNELS = 5
KILLS = 8
SMALL_KNOWLEDGE = Path(__file__).parents[1] / "data" / "cooking"
"""Read at each start, and of no matter to what is announced."""
SEEDS = (1, 2, 3)


async def test_each_job_stands_once_in_each_channel_whatever_happens(tmp_path: Path, home: Path):
    async with asyncio.TaskGroup() as seeds:
        for seed in SEEDS:
            seeds.create_task(_announce_through_crashes(seed, tmp_path, home))


async def _announce_through_crashes(seed: int, folder: Path, home: Path) -> None:
    folder = folder / f"seed-{seed}"
    folder.mkdir()
    async with LoopbackDiscord() as server:
        installation = Installation(server, folder, home, measured=False)
        installation.settings["CAREER_BOT_KNOWLEDGE"] = str(SMALL_KNOWLEDGE)
        try:
            await _crash_and_finish(installation, server, folder, seed)
        finally:
            await installation.end()


async def _crash_and_finish(installation: Installation, server: LoopbackDiscord, folder: Path, seed: int) -> None:
    guild, channels = server.guild_with_channels(*(f"jobs-{number}" for number in range(CHANNELS)))
    admin = server.world.add_member(guild, "admin", Permission.MANAGE_GUILD)
    bot = await installation.run()
    await switch_on(server, admin, *channels)
    server.faults = FaultPlan(seed, bad_gateway=0.02, answer_lost=0.03, reset=0.01, bursts=(100, 600))
    await import_jobs(installation, folder, range(JOBS))
    chance = random.Random(seed)
    for _ in range(KILLS):
        await _reach(server, channels, copies(server, channels) + chance.randint(15, 110))
        await asyncio.sleep(chance.uniform(0, 0.05))  # nothing is waited for: at which step it dies is left to chance
        await bot.kill()
        bot = await installation.run()
    await _reach(server, channels, JOBS * CHANNELS)
    # One job more shows that nothing is still on its way: a run plans only after the run before has sent everything.
    await import_jobs(installation, folder, range(JOBS, JOBS + 1))
    await eventually(lambda: all(announced(server, channel)[JOBS] for channel in channels), seconds=60)
    await bot.stop()
    for channel in channels:
        assert announced(server, channel) == dict.fromkeys(range(JOBS + 1), 1), f"seed {seed}, {channel.name}"
    sent = server.record.matching("POST /channels")
    assert len(sent) > (JOBS + 1) * CHANNELS, "nothing had to be sent again"
    assert {request.fault for request in sent} == set(Fault)
    assert server.record.most_in_a_second() <= 50
    assert server.unknown == []


async def _reach(server: LoopbackDiscord, channels: list[Channel], number: int) -> None:
    await eventually(lambda: copies(server, channels) >= number, seconds=60, what=f"{number} announcements")
