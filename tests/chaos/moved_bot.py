"""The real bot by a clock that a test moves: `run`, and `jobs import FILE`.

The file that MOVED_CLOCK names holds how many seconds the bot's clock is ahead of the machine's.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import open_app
from bot.cli.run import serve
from bot.config import Config, read_config, read_environment


def moved_clock() -> datetime:
    """Return the time of day as the bot is to see it."""
    return datetime.now(UTC) + timedelta(seconds=float(Path(os.environ["MOVED_CLOCK"]).read_text(encoding="ascii")))


def main(arguments: list[str]) -> int:
    """Do what `career-bot` does with these arguments, and return the exit code."""
    config = read_config(read_environment())
    match arguments:
        case ["run"]:
            return serve(config, standby=False, clock=moved_clock)
        case ["jobs", "import", path]:
            return asyncio.run(import_jobs(config, Path(path)))
        case _:
            return 2


async def import_jobs(config: Config, path: Path) -> int:
    """Store the jobs of a file beside the running bot."""
    async with open_app(config, clock=moved_clock, sole=False) as app:
        report = await app.collect.import_text(path.read_text(encoding="utf-8"))
    return 0 if report.new else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
