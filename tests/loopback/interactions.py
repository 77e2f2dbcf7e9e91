"""Slash commands as the server hands them out, and what a bot answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.loopback.clock import Clock, Snowflakes
from tests.loopback.messages import EPHEMERAL, text_of
from tests.loopback.replies import ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, Json
from tests.loopback.waiting import eventually
from tests.loopback.world import Channel, User, World

FIRST_ANSWER_SECONDS = 3
TOKEN_SECONDS = 900
OPTION_TYPES = {str: {3, 6, 7, 8, 9}, int: {4}, bool: {5}, float: {10}, Channel: {7}, User: {6}}


@dataclass(eq=False)
class Interaction:
    """One invocation: when it was made, how it was acknowledged and the messages that answer it, in order."""

    id: int
    token: str
    channel: Channel
    created: float
    acknowledged: int | None = None
    ephemeral: bool = False
    messages: list[Json] = field(default_factory=list)
    choices: list[Json] = field(default_factory=list)

    async def answer(self, *, seconds: float = 30) -> str:
        """Return the words of the first message that answers, as soon as there is one."""
        await eventually(lambda: self.messages, seconds=seconds, what="an answer to the interaction")
        return text_of(self.messages[0])

    def message(self, name: str) -> Json:
        """Return one of the answers by its id or as "@original"; refuses as Discord does."""
        for message in self.messages:
            if name in {"@original", message["id"]}:
                return message
        raise UNKNOWN_MESSAGE


class Interactions:
    """All invocations, and the commands that a bot registered; `first_answer_seconds` may be changed."""

    def __init__(self, world: World, clock: Clock, ids: Snowflakes) -> None:
        self._world = world
        self._clock = clock
        self._ids = ids
        self._made: dict[str, Interaction] = {}
        self.first_answer_seconds: float = FIRST_ANSWER_SECONDS
        self.commands: list[Json] = []
        self.syncs = 0

    def register(self, commands: list[Json]) -> list[Json]:
        """Take a bot's commands in place of all earlier ones."""
        self.syncs += 1
        application = str(self._world.bot.id)
        new = {"application_id": application, "version": "1", "description": "", "default_member_permissions": None}
        self.commands = [new | command | {"id": str(self._ids.new())} for command in commands]
        return self.commands

    def invoke(self, channel: Channel, user: User, command: str, options: dict[str, Any]) -> tuple[Interaction, Json]:
        """Return a new invocation of `command` ("jobs latest") and the event that tells the bot.

        Raises ValueError when the bot registered no such command or option, as nobody could choose it then.
        """
        data, resolved = self._chosen(user, command, options)
        if resolved:
            data["resolved"] = {"channels": resolved}
        interaction = Interaction(self._ids.new(), secrets.token_urlsafe(24), channel, self._clock())
        self._made[interaction.token] = interaction
        return interaction, self._event(interaction, user, data)

    def _chosen(self, user: User, command: str, options: dict[str, Any]) -> tuple[Json, Json]:
        name, *path = command.split()
        top = _named(self.commands, name)
        leaf, data = top, {"id": top["id"], "name": name, "type": top.get("type", 1), "options": []}
        chosen: list[Json] = data["options"]
        for part in path:
            leaf = _named(leaf.get("options", []), part)
            chosen.append({"name": part, "type": leaf["type"], "options": []})
            chosen = chosen[0]["options"]
        known = leaf.get("options", [])
        missing = [option["name"] for option in known if option.get("required") and option["name"] not in options]
        if missing:
            raise ValueError(f"/{command} needs {missing}")
        resolved: Json = {}
        for key, value in options.items():
            kind = _named(known, key)["type"]
            if kind not in OPTION_TYPES[type(value)]:
                raise ValueError(f"/{command} takes something else as {key}")
            if isinstance(value, Channel):
                resolved[str(value.id)] = value.payload() | {
                    "permissions": str(int(self._world.guild(value.guild or 0).permissions(user, value))),
                    "app_permissions": str(self._world.bots_permissions(value)),
                }
            chosen.append({"name": key, "type": kind, "value": str(value.id) if hasattr(value, "id") else value})
        return data, resolved

    def _event(self, interaction: Interaction, user: User, data: Json) -> Json:
        channel = interaction.channel
        event: Json = {
            "id": str(interaction.id),
            "application_id": str(self._world.bot.id),
            "type": 2,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.payload(),
            "locale": "en-US",
            "app_permissions": str(int(self._world.bots_permissions(channel))),
            "entitlements": [],
            "attachment_size_limit": 10_485_760,
        }
        if channel.guild is None:
            return event | {"user": user.payload(), "context": 1, "authorizing_integration_owners": {"0": "0"}}
        guild = self._world.guild(channel.guild)
        permissions = str(int(guild.permissions(user, channel)))
        return event | {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": guild.members[user.id].payload() | {"user": user.payload(), "permissions": permissions},
            "context": 0,
            "authorizing_integration_owners": {"0": str(guild.id)},
        }

    def acknowledge(self, number: int, token: str, kind: int, flags: int) -> Interaction:
        """Take the first answer to an invocation; refuses a late or a second one as Discord does."""
        interaction = self._made.get(token)
        if interaction is None or interaction.id != number:
            raise UNKNOWN_INTERACTION
        if interaction.acknowledged is not None:
            raise ALREADY_ACKNOWLEDGED
        if self._clock() - interaction.created > self.first_answer_seconds:
            raise UNKNOWN_INTERACTION
        interaction.acknowledged = kind
        interaction.ephemeral = bool(flags & EPHEMERAL)
        return interaction

    def acknowledged(self, token: str) -> Interaction:
        """Return the invocation that a follow-up belongs to, or refuse as Discord does."""
        interaction = self._made.get(token)
        if interaction is None or interaction.acknowledged is None:
            raise UNKNOWN_WEBHOOK
        if self._clock() - interaction.created > TOKEN_SECONDS:
            raise UNKNOWN_WEBHOOK
        return interaction


def _named(entries: list[Json], name: str) -> Json:
    for entry in entries:
        if entry["name"] == name:
            return entry
    raise ValueError(f"nothing is called {name!r}; there is {[entry['name'] for entry in entries]}")
