"""Requests that Discord calls invalid are counted, and announcing holds back long before they lead to a ban."""

from __future__ import annotations

import asyncio

import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.frontends.discord.invalid_requests import HELD_AT, WARNED_AT, InvalidRequests, is_invalid
from bot.services.pacer import Pacer
from tests.fakes import simulate
from tests.fakes_discord import World


@pytest.mark.parametrize(
    ("status", "scope", "invalid"),
    [
        (401, None, True),
        (403, None, True),
        (429, "user", True),
        (429, "global", True),
        (429, None, True),
        (429, "shared", False),
        (404, None, False),
        (400, None, False),
        (502, None, False),
        (200, None, False),
    ],
)
def test_what_counts_is_what_discord_says(status, scope, invalid):
    assert is_invalid(status, scope) is invalid


def note(requests, number):
    for _ in range(number):
        requests.note(403, None)


def test_what_is_older_than_ten_minutes_counts_no_more():
    async def main():
        requests, counts = InvalidRequests(), []
        for _ in range(200):
            note(requests, 3)
            counts.append(requests.count())
            await asyncio.sleep(7)
        await asyncio.sleep(611)
        return max(counts), requests.count(), len(requests._buckets)

    most, left, buckets = simulate(main)
    assert 600 // 7 * 3 <= most <= (610 // 7 + 1) * 3
    assert (left, buckets) == (0, 0)


def test_the_counter_takes_the_same_memory_however_much_is_counted():
    async def main():
        requests = InvalidRequests()
        for _ in range(500):
            note(requests, 5)
            await asyncio.sleep(5)
        return len(requests._buckets)

    assert simulate(main) <= 61


def test_a_warning_is_logged_once_an_incident(caplog):
    async def main():
        requests = InvalidRequests()
        note(requests, WARNED_AT - 1)
        assert caplog.text == ""
        note(requests, 100)
        assert len(caplog.records) == 1
        await asyncio.sleep(700)
        note(requests, WARNED_AT)

    simulate(main)
    assert len(caplog.records) == 2


def test_announcing_holds_back_at_half_of_a_ban_until_the_window_has_emptied_by_half():
    async def main():
        requests, said = InvalidRequests(), []
        note(requests, HELD_AT // 2 + 1)
        said.append(requests.restraint())
        await asyncio.sleep(300)
        note(requests, HELD_AT // 2)
        said.append(requests.restraint())
        await asyncio.sleep(311)
        said.append(requests.restraint())
        return said

    before, held, after = simulate(main)
    assert (before, after) == (None, None)
    assert "5,001 requests in ten minutes" in held


@pytest.fixture
async def client(monkeypatch):
    """Return the bot's own client, logged in at a server that answers each path with the status that it names."""

    async def me(_):
        return web.json_response({"id": "1", "username": "bot", "discriminator": "0", "avatar": None})

    async def refuse(request):
        scope = request.query.get("scope")
        headers = {"X-RateLimit-Scope": scope} if scope else {}
        return web.json_response(
            {"message": "no", "code": 0}, status=int(request.match_info["status"]), headers=headers
        )

    async def lose(request):
        lost.append(request)
        if len(lost) == 1:
            request.transport.abort()
        return web.json_response({})

    lost = []
    app = web.Application()
    app.router.add_get("/users/@me", me)
    app.router.add_get("/lost", lose)
    app.router.add_get("/status/{status}", refuse)
    async with TestServer(app) as server:
        monkeypatch.setattr(discord.http.Route, "BASE", str(server.make_url("")).rstrip("/"))
        client = World().client()
        await client.http.static_login("token")
        yield client
        await client.close()


@pytest.mark.parametrize(
    ("path", "count"),
    [("/status/403", 1), ("/status/429", 1), ("/status/429?scope=shared", 0), ("/status/404", 0), ("/status/401", 1)],
)
async def test_the_answers_to_all_requests_of_the_client_are_counted(client, path, count):
    with pytest.raises(discord.HTTPException):
        await client.http.request(discord.http.Route("GET", path))
    assert client.invalid_requests.count() == count


class CountedPacer(Pacer):
    """A pacer in a hurry that counts its turns."""

    def __init__(self):
        super().__init__(10**9)
        self.turns = 0

    async def turn(self):
        self.turns += 1
        await super().turn()


async def test_each_request_of_announcing_beyond_its_first_takes_a_turn(client):
    pacer = CountedPacer()

    async def ask():
        with pytest.raises(discord.NotFound):
            await client.http.request(discord.http.Route("GET", "/status/404"))

    await ask()
    with pacer.covering_one_request():
        for _ in range(3):
            await ask()
    await ask()
    assert pacer.turns == 2


async def test_a_request_that_is_made_again_as_its_connection_had_ended_takes_a_turn_more(client):
    pacer = CountedPacer()
    with pacer.covering_one_request():
        await client.http.request(discord.http.Route("GET", "/lost"))
    assert pacer.turns == 1
