"""A small Discord on 127.0.0.1: enough REST and gateway to run one bot against, with faults on request.

It answers the way Discord's documentation says, keeps everything in memory, remembers nonces for two minutes of a clock
that tests may move, and records every request. LoopbackDiscord is what a test opens.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from aiohttp import hdrs, web

from tests.loopback.clock import Clock, Snowflakes
from tests.loopback.faults import FaultPlan
from tests.loopback.gateway import Gateway
from tests.loopback.interactions import Interaction, Interactions
from tests.loopback.messages import Messages
from tests.loopback.record import Record
from tests.loopback.replies import Json
from tests.loopback.rest import PREFIX, Rest
from tests.loopback.world import Channel, Guild, Kind, User, World

TOKEN = "bG9vcGJhY2s.loopback.token"  # opens nothing


class LoopbackDiscord:
    """A Discord for one bot and people who write to it, on a free port while it is entered."""

    def __init__(self, *, token: str = TOKEN) -> None:
        self.token = token
        self.clock = Clock()
        ids = Snowflakes(self.clock)
        self.world = World(ids)
        self.messages = Messages(self.clock, ids)
        self.interactions = Interactions(self.world, self.clock, ids)
        self.gateway = Gateway(self.world, token)
        self._rest = Rest(
            token=token,
            world=self.world,
            messages=self.messages,
            gateway=self.gateway,
            interactions=self.interactions,
        )
        application = self._rest.application()
        application.router.add_route(hdrs.METH_GET, "/", self.gateway.serve)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        self._address = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"{host}:{port}"
        self.gateway.url = f"ws://{self._address}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.drop()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The address to use in place of https://discord.com/api/v10."""
        return f"http://{self._address}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """The address to use in place of wss://gateway.discord.gg/."""
        return self.gateway.url

    @property
    def record(self) -> Record:
        """Every REST request so far."""
        return self._rest.way.record

    @property
    def unknown(self) -> list[str]:
        """Requests for routes that this server does not have."""
        return self._rest.way.unknown

    @property
    def faults(self) -> FaultPlan:
        """What goes wrong; set another plan at any time."""
        return self._rest.way.faults

    @faults.setter
    def faults(self, plan: FaultPlan) -> None:
        self._rest.way.faults = plan

    def reset_token(self, token: str) -> None:
        """Take another token from now on, as when somebody presses "Reset Token"; open sessions go on."""
        self.token = self.gateway.token = self._rest.way.token = token

    def guild_with_channels(self, *names: str) -> tuple[Guild, list[Channel]]:
        """Create a server with text channels."""
        guild = self.world.add_guild()
        return guild, [self.world.add_channel(guild, name) for name in names]

    async def say(self, channel: Channel, author: User, text: str, *, answering: Json | None = None) -> Json:
        """Write a message as a person, and return it."""
        message, _ = self.messages.post(channel, author, {"content": text})
        if answering:
            reference = {"message_id": answering["id"], "channel_id": answering["channel_id"]}
            message |= {"type": 19, "message_reference": reference, "referenced_message": answering}
        await self._rest.announce(channel, message, author=author)
        return message

    async def choose(self, where: Channel, user: User, command: str, /, **options: Any) -> Interaction:
        """Choose a slash command ("announce on") as a person; raises ValueError when the bot has registered none."""
        interaction, event = self.interactions.invoke(where, user, command, options)
        await self.gateway.dispatch("INTERACTION_CREATE", event)
        return interaction

    def from_bot(self, channel: Channel | None = None) -> list[Json]:
        """Return what the bot wrote, oldest first, in one channel with its threads or everywhere.

        Without what only one person sees.
        """
        if channel is None or channel.kind is not Kind.FORUM:
            return self.messages.sent_by(self.world.bot, channel)
        threads = (thread.channel for thread in self.world.threads(channel))
        return [message for thread in threads for message in self.messages.sent_by(self.world.bot, thread)]
