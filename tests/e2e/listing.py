"""Featured jobs by number, as a file to import and as they are seen in a channel."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.process import Installation
from tests.loopback.messages import text_of
from tests.loopback.server import LoopbackDiscord
from tests.loopback.world import Channel, User

TITLE = re.compile(r"Data Engineer No (\d+)")


NIGHT_SHIFT = "Night Shift Ltd"


def is_of_night_shift(number: int) -> bool:
    """Return whether a job is one of NIGHT_SHIFT's: every 25th is."""
    return number % 25 == 0


def write_jobs(path: Path, numbers: range) -> None:
    """Write featured jobs with these numbers as the array that `jobs import` reads."""
    start = datetime.now(UTC) - timedelta(hours=1)
    jobs = [
        {
            "title": f"Data Engineer No {number}",
            "company": NIGHT_SHIFT if is_of_night_shift(number) else "Loopback Ltd",
            "place": "London, United Kingdom",
            "url": f"https://jobs.example/{number}",
            "posted": (start + timedelta(seconds=number)).isoformat(),
            "featured": True,
        }
        for number in numbers
    ]
    path.write_text(json.dumps(jobs), encoding="utf-8")


async def import_jobs(installation: Installation, folder: Path, numbers: range) -> None:
    """Import featured jobs with these numbers."""
    path = folder / f"jobs-{numbers.start}.json"
    write_jobs(path, numbers)
    imported = await installation.command("jobs", "import", str(path))
    assert imported.code == 0, imported.errors


async def switch_on(server: LoopbackDiscord, admin: User, *channels: Channel, where: Channel | None = None) -> None:
    """Switch announcing on in channels, as an admin does in each of them or, in a forum nobody can, elsewhere."""
    for channel in channels:
        interaction = await server.choose(where or channel, admin, "announce on", channel=channel)
        answer = await interaction.answer()
        assert f"<#{channel.id}> now gets featured jobs" in answer, answer


def announced(server: LoopbackDiscord, channel: Channel) -> Counter[int]:
    """Count in how many messages of a channel each job stands, alone or in a list."""
    return Counter(
        int(number) for message in server.from_bot(channel) for number in set(TITLE.findall(text_of(message)))
    )


def copies(server: LoopbackDiscord, channels: list[Channel]) -> int:
    """Return how many messages of the bot stand in channels altogether; where it only announces, this is quicker."""
    return sum(len(server.from_bot(channel)) for channel in channels)
