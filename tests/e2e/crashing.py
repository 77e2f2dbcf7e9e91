"""Featured jobs for several channels, on a bad connection, by a bot that is killed at moments left to chance."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.listing import announced, copies, import_jobs, switch_on
from tests.e2e.process import BotProcess, Installation
from tests.loopback.faults import FaultPlan
from tests.loopback.pauses import Pauses
from tests.loopback.server import LoopbackDiscord
from tests.loopback.waiting import eventually
from tests.loopback.world import Channel, Kind, Permission

CHANNELS = 5
SMALL_KNOWLEDGE = Path(__file__).parents[1] / "data" / "cooking"
"""Read at each start, and of no matter to what is announced."""
WITHIN_SECONDS = 300


@dataclass
class Ordeal:
    """One run: a server with channels, an installation, and what is drawn by chance from `seed`.

    `kills` counts, `wanted` are the numbers of the jobs that each of `channels` is to have, `pauses` are the server's.
    """

    seed: int
    folder: Path
    server: LoopbackDiscord
    installation: Installation
    channels: list[Channel]
    chance: random.Random
    kills: int = 0
    wanted: list[int] = field(default_factory=list)
    pauses: Pauses = field(default_factory=Pauses)

    async def begin(self) -> BotProcess:
        """Start the bot, switch announcing on in all channels, and let things go wrong from now on."""
        guild = self.server.world.guild(self.channels[0].guild or 0)
        admin = self.server.world.add_member(guild, "admin", Permission.MANAGE_GUILD)
        bot = await self.installation.run()
        await switch_on(self.server, admin, *self.channels, where=self.server.world.add_channel(guild, "general"))
        # The bursts of 429 begin at the 100th request and every 500 from there, for as long as any run is.
        bursts = tuple(range(100, 10_000, 500))
        self.server.faults = FaultPlan(self.seed, bad_gateway=0.02, answer_lost=0.03, reset=0.01, bursts=bursts)
        return bot

    async def bring(self, numbers: range) -> None:
        """Import jobs with these numbers."""
        await import_jobs(self.installation, self.folder, numbers)
        self.wanted += numbers

    async def kill(self, bot: BotProcess, *, after: tuple[int, int]) -> float:
        """End a bot with SIGKILL after so many announcements more, and return the loop's time of that."""
        await self.reach(copies(self.server, self.channels) + self.chance.randint(*after))
        await asyncio.sleep(self.chance.uniform(0, 0.05))  # nothing is waited for: at which step it dies is chance
        moment = asyncio.get_running_loop().time()
        await bot.kill()
        self.kills += 1
        return moment

    async def reach(self, number: int) -> None:
        """Wait until so many messages of the bot stand in the channels."""
        await eventually(
            lambda: copies(self.server, self.channels) >= number,
            seconds=WITHIN_SECONDS,
            what=f"{number} announcements (seed {self.seed})",
        )

    async def finish(self) -> None:
        """Wait for all that is wanted, and then for one job more.

        That one shows that nothing is still on its way: a run plans only after the run before has sent everything.
        """
        await self.reach(len(self.wanted) * len(self.channels))
        last = max(self.wanted) + 1
        await self.bring(range(last, last + 1))
        await eventually(
            lambda: all(announced(self.server, channel)[last] for channel in self.channels), seconds=WITHIN_SECONDS
        )

    def wrong(self, channels: Iterable[Channel], wanted: Iterable[int]) -> tuple[int, int]:
        """Return how many copies too many stand in channels, and how many of the wanted jobs do not."""
        numbers = set(wanted)
        counts = [announced(self.server, channel) for channel in channels]
        surplus = sum(found.total() - sum(found[number] > 0 for number in numbers) for found in counts)
        return surplus, sum(found[number] == 0 for found in counts for number in numbers)


@asynccontextmanager
async def ordeal(
    seed: int, folder: Path, home: Path, *, channels: int = CHANNELS, kind: Kind = Kind.TEXT
) -> AsyncIterator[Ordeal]:
    """Open a server and an installation in `folder`; every process has ended at the end."""
    folder.mkdir()
    async with LoopbackDiscord() as server:
        installation = Installation(server, folder, home, measured=False)
        installation.settings["CAREER_BOT_KNOWLEDGE"] = str(SMALL_KNOWLEDGE)
        guild = server.world.add_guild()
        made = [server.world.add_channel(guild, f"jobs-{number}", kind=kind) for number in range(channels)]
        run = Ordeal(seed, folder, server, installation, made, random.Random(seed))
        watching = asyncio.create_task(run.pauses.watch())
        try:
            yield run
        finally:
            watching.cancel()
            await installation.end()
