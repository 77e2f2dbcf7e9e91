"""The Discord client: opens the services, registers what people can do, and hands events on."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.frontends.discord import faults
from bot.frontends.discord.cogs import alerts, announce, ask, job, jobs, reload, roles, saved, sources
from bot.frontends.discord.cogs import help as help_cog
from bot.frontends.discord.desk import Desk, Services
from bot.frontends.discord.invalid_requests import InvalidRequests
from bot.frontends.discord.permissions import invite_link
from bot.frontends.discord.presses import Presses
from bot.frontends.discord.responding import NO_MENTIONS, tell
from bot.frontends.discord.views import Pressable
from bot.frontends.phrases import say
from bot.frontends.ports import Memory
from bot.services.pacer import paced

log = logging.getLogger(__name__)

COMMANDS_KEY = "discord.commands"
LONGEST_RATE_LIMIT_SECONDS = 60.0
LONG_SECONDS = 3_600.0
QUIET_SECONDS = 0.5
"""Without another server for so long, the list of servers counts as whole; one that comes later is only "available"."""


class CareerTree(app_commands.CommandTree["CareerClient"]):
    """The commands; whatever fails in one is told to the person who used it."""

    async def on_error(
        self, interaction: discord.Interaction[CareerClient], error: app_commands.AppCommandError, /
    ) -> None:
        """Report an error that came out of a command."""
        await faults.report(interaction, error)


class CareerClient(discord.Client):
    """The bot. Nothing is opened before `setup_hook`, and `close` closes all that it opened."""

    def __init__(self, open_services: Callable[[CareerClient], AbstractAsyncContextManager[Services]]) -> None:
        """Take what opens the services: called with this client, after login, for as long as it runs."""
        self.invalid_requests = InvalidRequests()
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=NO_MENTIONS,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=LONGEST_RATE_LIMIT_SECONDS,
            guild_ready_timeout=QUIET_SECONDS,
            http_trace=_traced(self.invalid_requests),
        )
        self.tree = CareerTree(self)
        self._open_services = open_services
        self._serving: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self.failure: Exception | None = None
        """What ended the background work, and with it the client."""
        self._desk: Desk | None = None
        self._presses: Presses | None = None
        self._conversation: ask.Conversation | None = None

    async def setup_hook(self) -> None:
        """Open the services, register commands and components, and start what runs in the background."""
        services = await self._begin_serving()
        desk = self._desk = Desk(services)
        self._presses = Presses(desk)
        self._conversation = ask.Conversation(desk)
        self.add_dynamic_items(Pressable)
        self.tree.clear_commands(guild=None)
        for cog in (ask, roles, jobs, saved, announce, alerts, sources, job, reload, help_cog):
            cog.register(self.tree, desk)
        await sync_commands(self.tree, services.memory, self.application_id)
        log.info("Invite the bot: %s", invite_link(self.application_id or 0))

    async def close(self) -> None:
        """Stop the background work, leave Discord, and close the services."""
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.cancel()
            await asyncio.wait({serving})
        await super().close()

    async def _begin_serving(self) -> Services:
        """Open the services in a task of their own, which closes them however it ends, and return them."""
        opened: asyncio.Future[Services] = asyncio.get_running_loop().create_future()
        self._serving = asyncio.create_task(self._serve(opened), name="services")
        either: tuple[asyncio.Future[Any], ...] = (self._serving, opened)
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not opened.done():
            self._serving.result()
        return opened.result()

    async def _serve(self, opened: asyncio.Future[Services]) -> None:
        async with self._open_services(self) as services:
            opened.set_result(services)
            await self.wait_until_ready()
            try:
                if services.background is not None:
                    await services.background()
            except Exception as error:  # noqa: BLE001  # an outer edge: nobody awaits this task
                self.failure = error
                self._closing = asyncio.create_task(self.close(), name="close")
            while True:  # noqa: ASYNC110  # the services stay open until this task is cancelled
                await asyncio.sleep(LONG_SECONDS)

    async def on_ready(self) -> None:
        """Say that the bot is there; Discord may send this again after a reconnect."""
        log.info("Ready as %s in %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot."""
        if self._conversation is not None and self.user is not None:
            await self._conversation.hear(message, self.user.id)

    async def pressed(self, interaction: discord.Interaction[Any], custom_id: str, values: tuple[str, ...]) -> None:
        """Answer a press of one of the bot's components."""
        if self._presses is not None:
            await self._presses.answer(interaction, custom_id, values)

    async def on_app_command_completion(
        self,
        interaction: discord.Interaction[CareerClient],
        command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu,  # noqa: ARG002  # as discord.py calls it
    ) -> None:
        """Tell somebody who has used a command that an alert of theirs could not be sent, once."""
        if self._desk is None or not await self._desk.alerting.untold(interaction.user.id):
            return
        await tell(interaction, say("alerts.closed"))
        await self._desk.alerting.told(interaction.user.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Pause what is announced in a server that the bot left; an outage does not come through here."""
        if self._desk is not None:
            await self._desk.announcing.guild_left(guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Pause what is announced in a channel that was deleted."""
        if self._desk is not None:
            await self._desk.announcing.channel_gone(channel.id)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Log an error that came out of an event."""
        log.error("Failed in %s", event_method, exc_info=sys.exc_info()[1])


def _traced(invalid: InvalidRequests) -> aiohttp.TraceConfig:
    """Return what keeps the requests of announcing apart, also repeated ones, and counts those that are refused."""
    config = invalid.trace()

    async def begin(*_: object) -> None:
        await paced()

    async def connect(_: object, request: SimpleNamespace, __: object) -> None:
        if getattr(request, "has_connected", False):  # aiohttp makes a GET again whose connection had ended
            await paced()
        request.has_connected = True

    config.on_request_start.append(begin)
    config.on_connection_create_start.append(connect)
    config.on_connection_reuseconn.append(connect)
    return config


async def sync_commands(tree: app_commands.CommandTree[Any], memory: Memory, application: int | None) -> bool:
    """Send the commands to Discord if they differ from those it had last, and return whether they did."""
    commands = [command.to_dict(tree) for command in tree.get_commands()]
    payload = json.dumps([application, commands], sort_keys=True, default=str)
    digest = hashlib.sha256(payload.encode()).hexdigest()
    if await memory.get(COMMANDS_KEY) == digest:
        return False
    await tree.sync()
    await memory.set(COMMANDS_KEY, digest)
    log.info("Sent %d commands to Discord", len(commands))
    return True
