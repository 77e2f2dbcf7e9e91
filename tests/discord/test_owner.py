"""The owner is told, and that it does not work is no fault of who tells."""

from __future__ import annotations

import aiohttp
import pytest

from bot.frontends.discord.owner import stuck_text, tell_owner


@pytest.mark.parametrize(
    "error", [aiohttp.ClientError("reset"), OSError("no network"), RuntimeError("Session is closed")]
)
async def test_an_owner_who_cannot_be_reached_is_only_logged(place, monkeypatch, caplog, error):
    async def fail(*_, **__):
        raise error

    monkeypatch.setattr(place.env.bot.http, "request", fail)
    await tell_owner(place.env.bot, "hello")
    assert "The owner could not be told" in caplog.text


def test_the_owner_reads_whether_the_process_ends():
    assert "3 minutes" in stuck_text(180, exits=False)
    assert "I end" in stuck_text(180, exits=True)
    assert "I end" not in stuck_text(180, exits=False)
