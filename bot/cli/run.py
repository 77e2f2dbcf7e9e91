"""career-bot run and preview: the bot on Discord, or in a simulated Discord in the browser."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Coroutine
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.config import Config, read_config, read_environment
from bot.errors import SettingsError, UsageError

if TYPE_CHECKING:
    import discord

    from bot.services.ports import Clock

PREVIEW_ANNOUNCE_SECONDS = 1.0
PREVIEW_SOURCE = "an example listing"


@click.command()
@click.option("--standby", is_flag=True, help="Wait while another process runs the bot here, and take over at its end.")
def run(*, standby: bool) -> None:
    """Run the bot on Discord; DISCORD_TOKEN or DISCORD_TOKEN_FILE must be set."""
    from bot.app import system_clock

    sys.exit(serve(read_config(read_environment()), standby=standby, clock=system_clock))


def serve(config: Config, *, standby: bool, clock: Clock) -> int:
    """Run the bot until it is stopped, and return the exit code; the database's lock is held for as long.

    One that stands by has loaded the knowledge before it waits, which may take most of a start.

    Raises SettingsError without a token, AlreadyRunningError where another process holds the lock and this one does not
    stand by, and what a client raises.
    """
    from bot import log
    from bot.app import create_discord_bot, load_ahead
    from bot.frontends.discord import supervision
    from bot.store.opening import bot_lock
    from bot.watching import ignore_hangups

    if config.token is None:
        raise SettingsError(
            ("DISCORD_TOKEN: not set; put the bot's token there, or try the bot with: career-bot preview",)
        )
    token = config.token.get_secret_value()
    log.set_up(config.log_level)
    ignore_hangups()
    supervision.use_proxies(config.discord_api_url, config.discord_gateway_url)
    lock = bot_lock(config.database_url)
    load = load_ahead(config) if standby else None

    def make_client() -> discord.Client:
        return create_discord_bot(config, clock=clock, watch=True, lock=lock, load=load)

    with closing(lock) if standby else lock.held():
        return asyncio.run(supervision.run(make_client, token, is_turn=lock.take if standby else None))


@click.command()
@click.option("--port", default=0, show_default=True, help="The port of the page; 0 takes a free one.")
@click.option("--browser/--no-browser", default=True, help="Whether to open the browser where there is one.")
@click.option("--job-after", default=20.0, show_default=True, help="Seconds until a job arrives by itself.")
def preview(port: int, *, browser: bool, job_after: float) -> None:
    """Try the bot in a simulated Discord in the browser; needs no token and keeps nothing."""
    from bot import log

    config = read_config(read_environment())
    _need_simulation()
    log.set_up("WARNING" if config.log_level == "INFO" else config.log_level)
    logging.getLogger("discord").setLevel(logging.ERROR)  # its warnings are about voice, and about simcord's own client
    with ExitStack() as last:  # once no thread can open the database any more
        asyncio.run(_until_stopped(_preview(config, last, port, browser=browser, job_after=job_after)))


async def _preview(config: Config, last: ExitStack, port: int, *, browser: bool, job_after: float) -> None:
    """Show the bot on a database that `last` throws away."""
    from bot.app import discord_services, open_app
    from bot.frontends.preview import page
    from bot.frontends.preview.simulation import RunningClock

    async def opened(address: str) -> None:
        click.echo(f"Chat with the bot at {address}\nCtrl-C ends it.")
        if browser and _has_display():
            await asyncio.to_thread(webbrowser.open, address)

    clock = RunningClock()
    folder = last.enter_context(tempfile.TemporaryDirectory(prefix="career-bot-"))
    database = f"sqlite:///{Path(folder, 'preview.db').as_posix()}"
    passing = replace(config, database_url=database, announce_seconds=PREVIEW_ANNOUNCE_SECONDS)
    async with open_app(passing, clock=clock.now) as app:
        backstage = page.Backstage(
            services=partial(discord_services, app),
            import_listing=partial(app.collect.import_text, source=PREVIEW_SOURCE),
            clock=clock,
        )
        await page.show(backstage, port=port, job_after_seconds=job_after, opened=opened)


async def _until_stopped(work: Coroutine[None, None, None]) -> None:
    """Do work until it ends or somebody stops it with Ctrl-C or SIGTERM; then it cleans up undisturbed."""
    task = asyncio.create_task(work)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt there
            loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _need_simulation() -> None:
    """Raise UsageError, with what to install, where the simulated Discord is not installed."""
    from importlib.metadata import requires
    from importlib.util import find_spec

    if find_spec("simcord") and find_spec("PIL"):
        return
    extra = [line.partition(";")[0].strip() for line in requires("career-bot") or () if "simcord" in line]
    raise UsageError(
        f"The preview needs a simulated Discord: pip install '{' '.join(extra)}' (make run does it);"
        " `career-bot chat` needs nothing."
    )


def _has_display() -> bool:
    """Return whether a browser could be seen: without a display, Python would open one in the terminal."""
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
