"""Two hundred jobs for five channels, on a bad connection, by a bot that is killed again and again."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.e2e.crashing import ordeal
from tests.loopback.faults import Fault

JOBS = 200
KILLS = 8
SEEDS = (1, 2, 3)


async def test_each_job_stands_once_in_each_channel_whatever_happens(tmp_path: Path, home: Path):
    async with asyncio.TaskGroup() as seeds:
        for seed in SEEDS:
            seeds.create_task(_announce_through_crashes(seed, tmp_path, home))


async def _announce_through_crashes(seed: int, folder: Path, home: Path) -> None:
    async with ordeal(seed, folder / f"seed-{seed}", home) as run:
        bot = await run.begin()
        await run.bring(range(JOBS))
        for _ in range(KILLS):
            await run.kill(bot, after=(15, 110))
            bot = await run.installation.run()
        await run.finish()
        await bot.stop()
        assert run.wrong(run.channels, range(JOBS + 1)) == (0, 0), f"seed {seed}"
        sent = run.server.record.matching("POST /channels")
        assert len(sent) > (JOBS + 1) * len(run.channels), "nothing had to be sent again"
        assert {request.fault for request in sent} == set(Fault)
        assert run.server.record.most_in_a_second() <= 50
        assert run.server.unknown == []
