"""The page: opens the simulated Discord with the bot in it, has jobs arrive, and stays until it is stopped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from simcord import SetupError

from bot.errors import UsageError
from bot.frontends.discord.client import CareerClient
from bot.frontends.discord.desk import Services
from bot.frontends.discord.rendering import Renderer
from bot.frontends.discord.responding import NO_MENTIONS, tell
from bot.frontends.phrases import say
from bot.frontends.preview.listing import Listing, read_listing
from bot.frontends.preview.simulation import (
    Ear,
    FollowedPage,
    Place,
    RunningClock,
    furnish,
    simulated_discord,
)

if TYPE_CHECKING:
    from simcord import Env

log = logging.getLogger(__name__)

START_SECONDS = 5.0
"""How long the first jobs may take to be announced."""
LOOK_SECONDS = 0.1
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Backstage:
    """What the preview is given: the services for a client, a way to take in jobs, and their clock."""

    services: Callable[[CareerClient], Services]
    import_listing: Callable[[str], Awaitable[object]]
    clock: RunningClock


async def show(
    backstage: Backstage, *, port: int, job_after_seconds: float, opened: Callable[[str], Awaitable[object]]
) -> None:
    """Serve the page on `port` (0: a free one) until it is ended in the page, or cancelled; `opened` gets its address.

    Raises UsageError when the port cannot be had.
    """
    client, services = _make_client(backstage)
    listing, ear = read_listing(), Ear()
    async with simulated_discord(client, backstage.clock, ear) as env:
        place = await furnish(env)
        async with _open_page(env, place, port) as page, _in_background(services, ear):
            await _add_commands(client, place, _NextJob(backstage, listing.asked_for), backstage.clock)
            await _announce_first_jobs(backstage, services, place, listing, ear)
            await _welcome(client, services, place)
            await opened(page.url)
            await _live(page, ear, lambda: backstage.import_listing(listing.arriving), job_after_seconds)


@asynccontextmanager
async def _open_page(env: Env, place: Place, port: int) -> AsyncIterator[FollowedPage]:
    page = FollowedPage(env, place, port)
    try:
        await page.__aenter__()
    except SetupError as error:
        raise UsageError(f"{error}; choose another one with --port") from None
    try:
        yield page
    finally:
        await page.close()


def _make_client(backstage: Backstage) -> tuple[CareerClient, Services]:
    """Return the bot, and its services with the background work that the bot is not given.

    simcord lets a visitor's action end only when nothing of the bot's runs any more or is due within five seconds;
    work that comes round every second must therefore not be the bot's own.
    """

    @asynccontextmanager
    async def open_services(_: CareerClient) -> AsyncIterator[Services]:
        yield replace(services, background=None)

    client = CareerClient(open_services)
    services = backstage.services(client)
    return client, services


@asynccontextmanager
async def _in_background(services: Services, ear: Ear) -> AsyncIterator[None]:
    async def run() -> None:
        ear.speak_unasked()
        if services.background is not None:
            await services.background()

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run(), name="background")
        yield
        running.cancel()


class _NextJob:
    """The command that brings a job, once."""

    def __init__(self, backstage: Backstage, listing: str) -> None:
        self._backstage = backstage
        self._listing: str | None = listing

    async def __call__(self, interaction: discord.Interaction[Any]) -> None:
        listing, self._listing = self._listing, None
        if listing is None:
            await tell(interaction, say("preview.no_more"))
            return
        await self._backstage.import_listing(listing)
        await tell(interaction, say("preview.coming"))


async def _add_commands(client: CareerClient, place: Place, next_job: _NextJob, clock: RunningClock) -> None:
    """Add the group that only this server has."""
    group = app_commands.Group(name=say("preview.command.name"), description=say("preview.command.description"))

    @group.command(name=say("preview.command.next_job.name"), description=say("preview.command.next_job.description"))
    async def bring(interaction: discord.Interaction[Any]) -> None:
        await next_job(interaction)

    @group.command(name=say("preview.command.next_day.name"), description=say("preview.command.next_day.description"))
    async def let_day_pass(interaction: discord.Interaction[Any]) -> None:
        await tell(interaction, say("preview.day_passed"))
        clock.advance(DAY_SECONDS)

    server = discord.Object(place.guild.id)
    client.tree.add_command(group, guild=server)
    await client.tree.sync(guild=server)


async def _announce_first_jobs(
    backstage: Backstage, services: Services, place: Place, listing: Listing, ear: Ear
) -> None:
    await backstage.import_listing(listing.at_start)
    _, planned = await services.announcing.switch_on(place.guild.id, place.channel.id)
    try:
        async with asyncio.timeout(START_SECONDS):
            while ear.heard < planned:
                await ear.news()
    except TimeoutError:
        log.warning("The first jobs are late")


async def _welcome(client: CareerClient, services: Services, place: Place) -> None:
    welcome = Renderer(services.asking).page(say("preview.welcome"))
    await client.get_partial_messageable(place.channel.id).send(view=welcome, allowed_mentions=NO_MENTIONS)


async def _live(
    page: FollowedPage, ear: Ear, arrive: Callable[[], Awaitable[object]], job_after_seconds: float
) -> None:
    """Refresh the page when the bot said something by itself, and have a job arrive, until the page is ended."""

    async def bring_job() -> None:
        await _seconds_open(page, job_after_seconds)
        await arrive()

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_keep_fresh(page, ear)), tasks.create_task(bring_job())]
        await page.wait_closed()
        for task in running:
            task.cancel()


async def _keep_fresh(page: FollowedPage, ear: Ear) -> None:
    while True:
        await ear.news()
        while not await _refreshed(page):  # noqa: ASYNC110  # nothing tells when the visitor's action ends
            await asyncio.sleep(LOOK_SECONDS)


async def _refreshed(page: FollowedPage) -> bool:
    try:
        await page.refresh()
    except SetupError:  # an action of the visitor is under way
        return False
    except TimeoutError:
        log.warning("The bot is busy", exc_info=True)
        return False
    return True


async def _seconds_open(page: FollowedPage, seconds: float) -> None:
    """Wait until somebody has had the page open for so long."""
    while seconds > 0:
        await asyncio.sleep(LOOK_SECONDS)
        if page.is_watched:
            seconds -= LOOK_SECONDS
