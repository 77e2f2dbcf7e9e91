"""A simulated Discord in which time passes as it does outside, with one server, one channel and one visitor."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, cast
from zoneinfo import available_timezones

import discord
import simcord
from simcord.backend.cdn import CDN_BASE

from bot.frontends.discord.client import CareerClient
from bot.frontends.phrases import say


class RunningClock:
    """Stands in for simcord's clock, which starts on 1 January 2026 and stands still: this one is the time of day.

    `advance` moves it ahead of the time of day, and with it every timer of the bot.
    """

    def __init__(self) -> None:
        # time.monotonic is simcord's while it runs, and asks this clock.
        self._began = time.perf_counter()
        self._ahead = 0.0

    @property
    def elapsed(self) -> float:
        """The seconds since the start: the time on the bot's event loop."""
        return time.perf_counter() - self._began + self._ahead

    def now(self) -> datetime:
        """Return the time of day, aware and in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def advance(self, seconds: float) -> None:
        """Move ahead."""
        self._ahead += seconds


class Visitor(simcord.MemberActor):
    """Who looks at the page; what they write mentions the bot, as they would do themselves on a server."""

    async def send(
        self,
        channel: simcord.ChannelHandle,
        content: str = "",
        *,
        reply_to: discord.Message | simcord.ResponseMessage | None = None,
        attachments: Sequence[tuple[str, bytes]] = (),
    ) -> discord.Message:
        """Write a message; a reply to the bot needs no mention."""
        if reply_to is None:
            content = f"<@{self._env.backend.bot_user.id}> {content}"
        return await super().send(channel, content, reply_to=reply_to, attachments=attachments)


@dataclass(frozen=True, slots=True)
class Place:
    """The one channel of the simulated Discord."""

    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    visitor: Visitor


class FollowedPage(simcord.Preview):
    """The page; it scrolls to what the bot said last, which simcord's own leaves below the window."""

    def __init__(self, env: simcord.Env, place: Place, port: int) -> None:
        super().__init__(
            env,
            place.channel,
            (place.visitor,),
            layout="channel",
            display="responsive",
            width=960,
            height=720,
            locale="en-US",
            timezone=local_timezone(),
            presentation_time=None,
            assets=portrait(env),
            port=port,
        )
        self._followed: dict[str, int | None] = {}

    @property
    def is_watched(self) -> bool:
        """Whether somebody has it open in a browser."""
        return len(self._pages) > 1  # one of them is simcord's own

    def _publish(self, page: Any, **reason: Any) -> None:
        newest = self._initial_target(page.viewer, page.channel_id)
        if self._followed.get(page.id) != newest:
            self._followed[page.id] = page.target_id = newest
        super()._publish(page, **reason)


_unasked: ContextVar[bool] = ContextVar("unasked", default=False)


class Ear:
    """Hears what the bot sends or edits by itself, which the page does not show before it is refreshed."""

    def __init__(self) -> None:
        self.heard = 0
        self._news = asyncio.Event()

    def speak_unasked(self) -> None:
        """Have every message heard that the current task sends or edits, and the tasks it starts."""
        _unasked.set(True)

    async def news(self) -> None:
        """Wait until a message was sent or edited since the last time."""
        await self._news.wait()
        self._news.clear()

    def __call__(self, event: str, payload: Mapping[str, Any]) -> None:  # noqa: ARG002  # as simcord calls it
        """Take note of an event of the gateway."""
        if event in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} and _unasked.get():
            self.heard += event == "MESSAGE_CREATE"
            self._news.set()


@asynccontextmanager
async def simulated_discord(client: CareerClient, clock: RunningClock, ear: Ear) -> AsyncIterator[simcord.Env]:
    """Log the bot in to a simulated Discord; both are closed at the end."""
    env = simcord.Env(client, approved_intents=discord.Intents.none())
    env.backend.clock = cast("Any", clock)
    env.backend.bot_user.name, env.backend.bot_user.avatar = say("preview.bot"), "avatar"
    await env.start()
    env.backend.subscribers.append(ear)
    try:
        with env.time_context():
            yield env
    finally:
        await client.close()
        await env.shutdown()


async def furnish(env: simcord.Env) -> Place:
    """Make the server, its channel and the visitor, who may manage it."""
    guild = env.create_guild(say("preview.server"))
    channel = guild.create_text_channel(say("preview.channel"), topic=say("preview.topic"))
    managers = guild.create_role(say("preview.managers"), permissions=discord.Permissions(manage_guild=True))
    user = env.create_user("you", global_name=say("preview.visitor"))
    guild.add_member(user, roles=[managers])
    await env.settle()
    return Place(guild, channel, Visitor(env, guild, user))


def portrait(env: simcord.Env) -> dict[str, tuple[str, bytes]]:
    """Return the bot's picture under the address where the page looks for it."""
    picture = (files(__package__) / "avatar.png").read_bytes()
    return {f"{CDN_BASE}/avatars/{env.backend.bot_user.id}/avatar.png": ("avatar.png", picture)}


def local_timezone() -> str:
    """Return the name of the machine's time zone, or UTC where it has none."""
    linked = Path("/etc/localtime").resolve().as_posix().partition("/zoneinfo/")[2]
    return next((name for name in (os.environ.get("TZ", ""), linked) if name in available_timezones()), "UTC")
