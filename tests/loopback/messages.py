"""Every message, as it is stored and read back; nonces are remembered for two minutes and never read back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.loopback.clock import Clock, Snowflakes
from tests.loopback.replies import ALREADY_CROSSPOSTED, EMPTY_MESSAGE, UNKNOWN_MESSAGE, Json, invalid_form
from tests.loopback.world import Channel, Guild, User

NONCE_SECONDS = 120
NONCE_LENGTH = 25
CONTENT_LENGTH = 2000
CROSSPOSTED = 1 << 0
EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15


class Messages:
    """The messages of all channels."""

    def __init__(self, clock: Clock, ids: Snowflakes) -> None:
        self._clock = clock
        self._ids = ids
        self._by_channel: dict[int, dict[int, Json]] = {}
        self._nonces: dict[tuple[int, str], tuple[float, int, int]] = {}

    def post(self, channel: Channel, author: User, body: Json) -> tuple[Json, bool]:
        """Store what `author` sends and return it with True, or what an enforced nonce brings back with False.

        Nonces count for one author in all channels, as the documentation says. Refuses as Discord does.
        """
        nonce = body.get("nonce")
        if nonce is not None and len(str(nonce)) > NONCE_LENGTH:
            raise invalid_form("nonce", f"Must be {NONCE_LENGTH} or fewer in length.")
        key = (author.id, str(nonce))
        if nonce is not None and body.get("enforce_nonce") and (known := self._remembered(key)):
            return known | {"nonce": nonce}, False
        message = self.compose(channel, author, body)
        self.keep(message)
        if nonce is not None:
            self._nonces[key] = (self._clock(), channel.id, int(message["id"]))
            return message | {"nonce": nonce}, True
        return message, True

    def _remembered(self, key: tuple[int, str]) -> Json | None:
        when, channel, message = self._nonces.get(key, (0.0, 0, 0))
        if self._clock() - when >= NONCE_SECONDS:
            return None
        return self.get(channel, message)

    def compose(self, channel: Channel, author: User, body: Json) -> Json:
        """Return a message object made from what a client sends, without storing it."""
        content = body.get("content") or ""
        if len(content) > CONTENT_LENGTH:
            raise invalid_form("content", f"Must be {CONTENT_LENGTH} or fewer in length.")
        if not (content or body.get("embeds") or body.get("components") or body.get("attachments")):
            raise EMPTY_MESSAGE
        reference = body.get("message_reference")
        return {
            "id": str(self._ids.new()),
            "channel_id": str(channel.id),
            "type": 19 if reference else 0,
            "author": author.payload(),
            "content": content,
            "timestamp": self._clock.timestamp(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [self._attachment(file) for file in body.get("attachments") or []],
            "embeds": body.get("embeds") or [],
            "components": body.get("components") or [],
            "pinned": False,
            "flags": body.get("flags") or 0,
            **({"message_reference": reference} if reference else {}),
        }

    def _attachment(self, file: Json) -> Json:
        """Return what is kept of a file: its name, not its content."""
        address = f"https://cdn.invalid/{file['filename']}"
        return {
            "id": str(self._ids.new()),
            "filename": file["filename"],
            "size": 1,
            "url": address,
            "proxy_url": address,
        }

    def now(self) -> str:
        """Return the time as the server tells it."""
        return self._clock.timestamp()

    def begin_thread(self, channel: Channel, author: User, body: Json) -> Json:
        """Store the first message of a thread, which has the thread's id, and return it."""
        message = self.compose(channel, author, body) | {"id": str(channel.id)}
        self.keep(message)
        return message

    def crosspost(self, message: Json) -> Json:
        """Publish a message of an announcement channel and return it, or refuse as Discord does."""
        if message["flags"] & CROSSPOSTED:
            raise ALREADY_CROSSPOSTED
        message["flags"] |= CROSSPOSTED
        return message

    def keep(self, message: Json) -> None:
        """Store a composed message."""
        self._by_channel.setdefault(int(message["channel_id"]), {})[int(message["id"])] = message

    def edit(self, message: Json, body: Json) -> Json:
        """Change what `body` names and return the message."""
        message.update({key: body[key] or [] for key in ("embeds", "components", "attachments") if key in body})
        message["content"] = body.get("content", message["content"]) or ""
        message["flags"] = body.get("flags", message["flags"]) or 0
        message["edited_timestamp"] = self._clock.timestamp()
        return message

    def get(self, channel: int, message: int) -> Json:
        """Return one message, or refuse as Discord does."""
        try:
            return self._by_channel[channel][message]
        except KeyError:
            raise UNKNOWN_MESSAGE from None

    def delete(self, channel: int, message: int) -> None:
        """Forget one message; its nonce stays known."""
        self.get(channel, message)
        del self._by_channel[channel][message]

    def history(self, channel: int, *, before: int | None, after: int | None, limit: int) -> list[Json]:
        """Return at most `limit` messages, the newest first; with `after` those that follow it most closely."""
        found = [
            message
            for number, message in sorted(self._by_channel.get(channel, {}).items())
            if (before is None or number < before) and (after is None or number > after)
        ]
        chosen = found[:limit] if after is not None else found[-limit:]
        return chosen[::-1]

    def sent_by(self, author: User, channel: Channel | None = None) -> list[Json]:
        """Return what an author wrote, oldest first, in one channel or everywhere."""
        channels = [channel.id] if channel else list(self._by_channel)
        return [
            message
            for number in channels
            for message in self._by_channel.get(number, {}).values()
            if message["author"]["id"] == str(author.id)
        ]


def mentioned(content: str, guild: Guild | None, bot: User) -> list[User]:
    """Return the users whose mention stands in a text."""
    known = {bot.id: bot} | ({member.user.id: member.user for member in guild.members.values()} if guild else {})
    return [known[number] for number in map(int, re.findall(r"<@!?(\d+)>", content)) if number in known]


def text_of(message: Json) -> str:
    """Return all words of a message that a reader sees, a line for each piece of content, embeds and components."""
    return "\n".join(_words(message.get("content"), message.get("embeds"), message.get("components")))


def _words(*parts: object) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            if part:
                yield part
        elif isinstance(part, list):
            yield from _words(*part)
        elif isinstance(part, dict):
            seen = ("title", "description", "name", "value", "text", "content", "label", "placeholder")
            yield from _words(*(part.get(key) for key in seen if isinstance(part.get(key), str)))
            yield from _words(*(part.get(key) for key in ("fields", "footer", "components", "accessory", "options")))
