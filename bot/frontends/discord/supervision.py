"""Keeps the client running: backs off when Discord can't be reached, and ends cleanly when asked to."""

from __future__ import annotations

import asyncio
import logging
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import aiohttp
import discord

from bot.services.ports import UnauthorisedError

log = logging.getLogger(__name__)

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 60.0
SETTLED_SECONDS = 300.0
"""A client that ran this long had connected: the next delay is short again."""

POLL_SECONDS = 1.0
"""How often a process that stands by looks whether it is its turn."""

HANDOVER_SECONDS = 1.0
"""How long a process that takes over waits: Discord counts what the other sent in its last second too."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def use_proxies(api_url: str | None, gateway_url: str | None) -> None:
    """Send REST calls and the gateway connection of this process to other addresses than Discord's own."""
    import yarl  # noqa: PLC0415  # only where a proxy is set
    from discord.gateway import DiscordWebSocket  # noqa: PLC0415
    from discord.http import Route  # noqa: PLC0415

    if api_url:
        Route.BASE = api_url.rstrip("/")
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


async def run(
    make_client: Callable[[], discord.Client], token: str, *, is_turn: Callable[[], bool] | None = None
) -> int:
    """Run a client until SIGTERM or SIGINT, and return the exit code.

    With `is_turn` it stands by until that says True, and makes no client before.

    A connection that is refused is tried again with a new client: discord.py gives up on the first one, and its client
    can't be started twice. A token that Discord refuses ends it with one line and 1. Any other error passes through.
    """
    stop = asyncio.Event()
    delay = FIRST_DELAY_SECONDS
    loop = asyncio.get_running_loop()
    with _stopping_on_signals(stop):
        if is_turn is not None:
            await _stand_by(stop, is_turn)
        while not stop.is_set():
            began = loop.time()
            try:
                await _run_until(stop, make_client(), token)
            except (discord.LoginFailure, discord.PrivilegedIntentsRequired, UnauthorisedError) as error:
                log.error("Discord refuses the token: %s", error)  # noqa: TRY400  # one clear line
                return 1
            except Exception as error:
                if not may_pass(error):
                    raise
                if loop.time() - began > SETTLED_SECONDS:
                    delay = FIRST_DELAY_SECONDS
                log.warning(
                    "Discord can't be reached (%s: %s); trying again in %.0f s", type(error).__name__, error, delay
                )
                await _stopped_within(delay, stop)
                delay = min(delay * 2, LONGEST_DELAY_SECONDS)
    log.info("Stopped")
    return 0


async def _stand_by(stop: asyncio.Event, is_turn: Callable[[], bool]) -> None:
    """Wait until `is_turn` says True or `stop` is set."""
    if is_turn():
        return
    log.info("Standing by: another process runs the bot on this database")
    while not await _stopped_within(POLL_SECONDS, stop):
        if is_turn():
            log.info("Taking over: the other process has ended")
            await _stopped_within(HANDOVER_SECONDS, stop)
            return


async def _stopped_within(seconds: float, stop: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()


def may_pass(error: BaseException) -> bool:
    """Return whether an error that ended a client is one of the connection, and may be gone at the next try."""
    match error:
        case discord.HTTPException():
            return error.status >= 500 or error.status == 429
        case discord.GatewayNotFound() | discord.ConnectionClosed() | aiohttp.ClientError() | OSError():
            return True
        case AttributeError():
            # discord.py 2.7.1 trips over its own missing socket when the first connection is refused.
            return _raised_in_discord(error)
        case _:
            return False


async def _run_until(stop: asyncio.Event, client: discord.Client, token: str) -> None:
    """Run a client until it ends or `stop` is set; it is closed in every case."""
    async with client:
        running = asyncio.create_task(client.start(token), name="discord")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                await running
            else:
                # Cancelled before the client is closed: else discord.py's reader closes with 4000, which leaves the bot
                # shown as online, and a wait between its own tries, up to minutes, is waited to its end.
                log.info("Asked to stop")
        finally:
            for task in (running, stopping):
                task.cancel()
            await asyncio.wait({running, stopping})
    failure = getattr(client, "failure", None)
    if failure is not None:
        raise failure
    if not stop.is_set():
        raise ConnectionResetError("the connection ended")


@contextmanager
def _stopping_on_signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    handled = []
    for number in _SIGNALS:
        # Windows has no signal handlers on the loop: Ctrl-C arrives as KeyboardInterrupt there.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
            handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)


def _raised_in_discord(error: BaseException) -> bool:
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and Path(discord.__file__).parent in Path(frames[-1].filename).parents
