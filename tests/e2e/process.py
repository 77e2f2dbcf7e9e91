"""The bot as a process of its own, against a loopback Discord."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.app import cache_folder
from tests.loopback.server import LoopbackDiscord
from tests.loopback.waiting import eventually

PASSED_ON = ("PATH", "LANG", "SYSTEMROOT")
START_SECONDS = 120
STOP_SECONDS = 30
SLOW_MACHINE_SECONDS = 15
"""How long a command may wait for its first answer here, where several bots share a machine; Discord says 3."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended and what it wrote."""

    code: int
    output: str
    errors: str


class BotProcess:
    """One process; what it writes goes to two files."""

    def __init__(self, process: asyncio.subprocess.Process, output: Path, errors: Path) -> None:
        self._process = process
        self._output = output
        self._errors = errors

    @property
    def output(self) -> str:
        """What it wrote to stdout so far."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    @property
    def errors(self) -> str:
        """What it wrote to stderr so far."""
        return self._errors.read_text(encoding="utf-8", errors="replace")

    @property
    def lives(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    async def ended(self, *, seconds: float = START_SECONDS) -> Finished:
        """Wait for its end, and return how it ended."""
        async with asyncio.timeout(seconds):
            code = await self._process.wait()
        return Finished(code, self.output, self.errors)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    async def stop(self) -> Finished:
        """Ask it to end with SIGTERM, and return how it ended."""
        self.send(signal.SIGTERM)
        return await self.ended(seconds=STOP_SECONDS)

    async def leave(self) -> None:
        """End it with SIGTERM, so that it can still write what it measured, and with SIGKILL if it does not obey."""
        try:
            if self.lives:
                await self.stop()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it with SIGKILL, if it has not ended."""
        if self.lives:
            self._process.kill()
            await self._process.wait()


class Installation:
    """A user's folder with a database and settings, where the bot is run again and again.

    `program` is what Python runs with the arguments of `career-bot`.
    """

    def __init__(self, server: LoopbackDiscord, folder: Path, home: Path, *, measured: bool = True) -> None:
        self.server = server
        server.interactions.first_answer_seconds = SLOW_MACHINE_SECONDS
        self._folder = folder
        self._numbers = count(1)
        self.program: tuple[str, ...] = ("-m", "bot")
        self.processes: list[BotProcess] = []
        self.database = folder / "career-bot.db"
        kept = {name: value for name, value in os.environ.items() if name in PASSED_ON}
        coverage = {name: value for name, value in os.environ.items() if measured and name.startswith("COVERAGE_")}
        self.settings = {
            **kept,
            **coverage,
            "HOME": str(home),
            "XDG_CACHE_HOME": str(cache_folder().parent),
            "DISCORD_TOKEN": server.token,
            "CAREER_BOT_DATABASE_URL": f"sqlite:///{self.database}",
            "CAREER_BOT_ANNOUNCE_SECONDS": "0.2",
            "CAREER_BOT_DISCORD_API_URL": server.api_url,
            "CAREER_BOT_DISCORD_GATEWAY_URL": server.gateway_url,
        }

    async def start(self, *arguments: str, **settings: str) -> BotProcess:
        """Start `career-bot` with arguments, and settings that overrule the installation's."""
        number = next(self._numbers)
        output, errors = self._folder / f"{number}.out", self._folder / f"{number}.err"
        with output.open("wb") as stdout, errors.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self.program,
                *arguments,
                env=self.settings | settings,
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
        self.processes.append(BotProcess(process, output, errors))
        return self.processes[-1]

    async def command(self, *arguments: str, **settings: str) -> Finished:
        """Run `career-bot` with arguments to its end."""
        return await (await self.start(*arguments, **settings)).ended()

    async def run(self, **settings: str) -> BotProcess:
        """Start `career-bot run`, and return it when it has begun a session on the gateway."""
        counts = self.server.gateway.counts
        before = counts["identified"]
        bot = await self.start("run", **settings)
        await eventually(
            lambda: not bot.lives or (counts["identified"] > before and self.server.gateway.live),
            seconds=START_SECONDS,
            what="the bot to identify",
        )
        assert bot.lives, bot.errors
        return bot

    async def stand_by(self, **settings: str) -> BotProcess:
        """Start `career-bot run --standby` beside a bot that runs, and return it when it waits."""
        bot = await self.start("run", "--standby", **settings)
        await eventually(
            lambda: not bot.lives or "Standing by" in bot.errors, seconds=START_SECONDS, what="the bot to stand by"
        )
        assert bot.lives, bot.errors
        return bot

    async def end(self) -> None:
        """End every process that still runs, and print what each wrote, for the report of a failing test."""
        await asyncio.gather(*(process.leave() for process in self.processes))
        for number, process in enumerate(self.processes, 1):
            print(f"--- process {number}\n{process.output}{process.errors}")
