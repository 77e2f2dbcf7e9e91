"""The process outlives a refused connection, ends cleanly, and says in one line that a token is bad."""

from __future__ import annotations

import asyncio
import os
import signal

import aiohttp
import discord
import pytest

from bot.frontends.discord import supervision
from bot.frontends.discord.supervision import may_pass, run, use_proxies
from bot.services.ports import UnauthorisedError
from tests.fakes import simulate


class Scripted(discord.Client):
    """A client whose connection does what a script says."""

    def __init__(self, script):
        super().__init__(intents=discord.Intents(guilds=True))
        self.script = script
        self.failure = None

    async def start(self, token, *, reconnect=True):  # noqa: ARG002
        await self.script(self)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(supervision, "FIRST_DELAY_SECONDS", 0.001)
    monkeypatch.setattr(supervision, "LONGEST_DELAY_SECONDS", 0.004)


def clients(*scripts):
    """Return a factory that makes one client a script, and the list of those made."""
    made, waiting = [], list(scripts)

    def make():
        made.append(Scripted(waiting.pop(0)))
        return made[-1]

    return make, made


async def until_closed(client):
    while not client.is_closed():
        await asyncio.sleep(0)


def raising(error):
    async def script(_):
        raise error

    return script


def signalling(number):
    async def script(client):
        os.kill(os.getpid(), number)
        await until_closed(client)

    return script


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_closes_the_client_and_ends_with_0(number):
    make, made = clients(signalling(number))
    assert await run(make, "token") == 0
    assert made[0].is_closed()


async def test_handlers_are_taken_back():
    make, _ = clients(signalling(signal.SIGTERM))
    await run(make, "token")
    assert not asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)


@pytest.mark.parametrize(
    "error", [discord.LoginFailure("Improper token has been passed."), UnauthorisedError("401")], ids=type
)
async def test_a_bad_token_is_one_clear_line_and_1(error, caplog):
    make, made = clients(raising(error))
    assert await run(make, "token") == 1
    assert len(made) == 1
    assert [record.getMessage().startswith("Discord refuses the token") for record in caplog.records] == [True]
    assert caplog.records[0].exc_info is None


@pytest.mark.parametrize(
    "error",
    [
        OSError("refused"),
        aiohttp.ClientError("reset"),
        TimeoutError(),
        discord.GatewayNotFound(),
    ],
    ids=type,
)
async def test_a_refused_connection_is_tried_again_with_a_new_client(error, caplog):
    make, made = clients(raising(error), raising(error), signalling(signal.SIGTERM))
    assert await run(make, "token") == 0
    assert len(made) == 3
    assert all(client.is_closed() for client in made)
    assert "trying again" in caplog.text


async def test_the_delay_grows_and_stays_below_its_longest(caplog, monkeypatch):
    monkeypatch.setattr(supervision, "FIRST_DELAY_SECONDS", 0.002)
    make, _ = clients(*[raising(OSError("refused"))] * 4, signalling(signal.SIGTERM))
    await run(make, "token")
    assert [record.args[2] for record in caplog.records if record.levelname == "WARNING"] == [
        0.002,
        0.004,
        0.004,
        0.004,
    ]


async def test_discords_own_attribute_error_counts_as_refused(monkeypatch):
    client = discord.Client(intents=discord.Intents.none())

    async def refused(*_, **__):
        raise OSError("refused")

    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "from_client", refused)
    client.http.token = "token"
    with pytest.raises(AttributeError) as caught:
        await client.connect(reconnect=True)
    assert may_pass(caught.value)


async def test_an_attribute_error_of_ours_does_not():
    with pytest.raises(AttributeError) as caught:
        _ = object().nothing
    assert not may_pass(caught.value)


async def test_another_error_passes_through():
    make, made = clients(raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        await run(make, "token")
    assert made[0].is_closed()


async def test_a_client_that_ends_by_itself_is_started_again():
    async def ends(_):
        return

    make, made = clients(ends, signalling(signal.SIGTERM))
    assert await run(make, "token") == 0
    assert len(made) == 2


async def test_what_ended_the_background_passes_through():
    async def fails(client):
        client.failure = ZeroDivisionError()

    make, _ = clients(fails)
    with pytest.raises(ZeroDivisionError):
        await run(make, "token")


def test_a_proxy_takes_the_place_of_discords_addresses(monkeypatch):
    from discord.gateway import DiscordWebSocket  # noqa: PLC0415
    from discord.http import Route  # noqa: PLC0415

    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    use_proxies(None, None)
    assert Route.BASE.startswith("https://discord.com")
    use_proxies("http://127.0.0.1:8080/api/v10/", "ws://127.0.0.1:8081")
    assert Route.BASE == "http://127.0.0.1:8080/api/v10"
    assert str(DiscordWebSocket.DEFAULT_GATEWAY).startswith("ws://127.0.0.1:8081")


def test_a_process_takes_over_a_second_after_it_saw_its_turn():
    async def main():
        loop, times = asyncio.get_running_loop(), []

        def is_turn():
            times.append(loop.time())
            return len(times) > 2

        async def refuse(_):
            times.append(loop.time())
            raise discord.LoginFailure("refused")

        make, _ = clients(refuse)
        assert await run(make, "token", is_turn=is_turn) == 1
        return times

    first, *others = simulate(main)
    assert [time - first for time in others] == [1, 2, 3]


def test_a_process_that_never_had_to_stand_by_begins_at_once():
    async def main():
        loop = asyncio.get_running_loop()
        began = loop.time()
        make, _ = clients(raising(discord.LoginFailure("refused")))
        assert await run(make, "token", is_turn=lambda: True) == 1
        return loop.time() - began

    assert simulate(main) == 0


async def test_a_process_that_is_stopped_as_it_takes_over_makes_no_client(monkeypatch):
    def is_turn():
        answer = answers.pop(0)
        if answer:
            os.kill(os.getpid(), signal.SIGTERM)
        return answer

    monkeypatch.setattr(supervision, "POLL_SECONDS", 0.001)
    answers = [False, True]
    make, made = clients()
    assert await run(make, "token", is_turn=is_turn) == 0
    assert answers == []
    assert made == []
