"""The users, servers and channels that exist, who may do what in them, and how Discord describes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

from tests.loopback.clock import Snowflakes
from tests.loopback.replies import UNKNOWN_CHANNEL, UNKNOWN_GUILD, Json


class Permission(IntFlag):
    """The rights that matter to a bot that writes and is asked."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_MESSAGES_IN_THREADS = 1 << 38


P = Permission
ALL_PERMISSIONS = (1 << 53) - 1
EVERYONES_PERMISSIONS = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.USE_APPLICATION_COMMANDS
    | P.SEND_MESSAGES_IN_THREADS
)


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: int
    name: str
    bot: bool = False

    def payload(self) -> Json:
        """Return the user object."""
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "global_name": None if self.bot else self.name.title(),
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows or denies a role (the server's own id: everyone) or a member."""

    target: int
    allow: int = 0
    deny: int = 0
    member: bool = False

    def payload(self) -> Json:
        """Return the overwrite object."""
        return {"id": str(self.target), "type": int(self.member), "allow": str(self.allow), "deny": str(self.deny)}


class Kind(IntEnum):
    """What a channel of a server is."""

    TEXT = 0
    ANNOUNCEMENT = 5
    THREAD = 11
    FORUM = 15


@dataclass(slots=True)
class Channel:
    """A channel of a server, or the private channel with `recipient`."""

    id: int
    name: str
    guild: int | None = None
    recipient: User | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    kind: Kind = Kind.TEXT

    def payload(self) -> Json:
        """Return the channel object."""
        if self.recipient:
            return {"id": str(self.id), "type": 1, "last_message_id": None, "recipients": [self.recipient.payload()]}
        return {
            "id": str(self.id),
            "type": int(self.kind),
            "guild_id": str(self.guild),
            "name": self.name,
            "position": 0,
            "topic": None,
            "nsfw": False,
            "parent_id": None,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "permission_overwrites": [overwrite.payload() for overwrite in self.overwrites],
        }


@dataclass(slots=True)
class Thread:
    """A post of a forum, begun by `owner`; it has the id of its first message."""

    channel: Channel
    forum: Channel
    owner: User
    changed: str
    archived: bool = False

    def payload(self) -> Json:
        """Return the channel object."""
        return self.channel.payload() | {
            "parent_id": str(self.forum.id),
            "owner_id": str(self.owner.id),
            "message_count": 0,
            "member_count": 1,
            "flags": 0,
            "applied_tags": [],
            "thread_metadata": {
                "archived": self.archived,
                "archive_timestamp": self.changed,
                "auto_archive_duration": 4320,
                "locked": False,
            },
        }


@dataclass(slots=True)
class Member:
    """A user of a server with the ids of his roles."""

    user: User
    roles: list[int]

    def payload(self) -> Json:
        """Return the member object, without the user."""
        return {
            "roles": [str(role) for role in self.roles],
            "joined_at": "2025-01-01T00:00:00+00:00",
            "premium_since": None,
            "nick": None,
            "avatar": None,
            "flags": 0,
            "deaf": False,
            "mute": False,
            "pending": False,
            "communication_disabled_until": None,
        }


@dataclass(slots=True)
class Guild:
    """A server; `roles` maps ids to permissions, and the server's own id is everyone's role."""

    id: int
    name: str
    owner: User
    roles: dict[int, int]
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)

    def permissions(self, user: User, channel: Channel) -> int:
        """Return what a member may do in a channel, by Discord's rules."""
        if user.id == self.owner.id:
            return ALL_PERMISSIONS
        roles = [self.id, *self.members[user.id].roles]
        held = 0
        for role in roles:
            held |= self.roles[role]
        if held & P.ADMINISTRATOR:
            return ALL_PERMISSIONS
        everyone = [o for o in channel.overwrites if o.target == self.id]
        of_roles = [o for o in channel.overwrites if not o.member and o.target != self.id and o.target in roles]
        of_member = [o for o in channel.overwrites if o.member and o.target == user.id]
        for layer in (everyone, of_roles, of_member):
            for overwrite in layer:
                held &= ~overwrite.deny
            for overwrite in layer:
                held |= overwrite.allow
        return held

    def payload(self, me: User) -> Json:
        """Return the object that GUILD_CREATE carries, with `me` as the only member in it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "owner_id": str(self.owner.id),
            "unavailable": False,
            "large": False,
            "joined_at": "2025-01-01T00:00:00+00:00",
            "preferred_locale": "en-US",
            "member_count": len(self.members),
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "features": [],
            "emojis": [],
            "stickers": [],
            "threads": [],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "roles": [self._role(role, permissions) for role, permissions in self.roles.items()],
            "members": [{**self.members[me.id].payload(), "user": me.payload()}],
            "channels": [channel.payload() for channel in self.channels.values()],
        }

    def _role(self, role: int, permissions: int) -> Json:
        return {
            "id": str(role),
            "name": "@everyone" if role == self.id else f"role {role}",
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0 if role == self.id else 1,
            "permissions": str(int(permissions)),
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


class World:
    """Everything that exists around one bot."""

    def __init__(self, ids: Snowflakes) -> None:
        self._ids = ids
        self.bot = User(ids.new(), "career advisor", bot=True)
        self.guilds: dict[int, Guild] = {}
        self.private: dict[int, Channel] = {}

    def add_user(self, name: str) -> User:
        """Create an account."""
        return User(self._ids.new(), name)

    def add_guild(self, name: str = "a server") -> Guild:
        """Create a server that the bot is in."""
        guild = Guild(self._ids.new(), name, self.add_user("owner"), roles={})
        guild.roles[guild.id] = EVERYONES_PERMISSIONS
        for user in (guild.owner, self.bot):
            guild.members[user.id] = Member(user, [])
        self.guilds[guild.id] = guild
        return guild

    def add_member(self, guild: Guild, name: str, permissions: int = 0) -> User:
        """Create an account that is in a server, with a role that carries `permissions`."""
        user, role = self.add_user(name), self._ids.new()
        guild.roles[role] = permissions
        guild.members[user.id] = Member(user, [role])
        return user

    def add_channel(self, guild: Guild, name: str, *overwrites: Overwrite, kind: Kind = Kind.TEXT) -> Channel:
        """Create a channel."""
        channel = Channel(self._ids.new(), name, guild.id, overwrites=list(overwrites), kind=kind)
        guild.channels[channel.id] = channel
        return channel

    def add_thread(self, forum: Channel, owner: User, name: str, now: str) -> Thread:
        """Begin a thread in a forum."""
        guild = self.guild(forum.guild or 0)
        channel = Channel(self._ids.new(), name, guild.id, overwrites=forum.overwrites, kind=Kind.THREAD)
        guild.threads[channel.id] = Thread(channel, forum, owner, now)
        return guild.threads[channel.id]

    def thread(self, thread: int) -> Thread | None:
        """Return a thread."""
        return next((guild.threads[thread] for guild in self.guilds.values() if thread in guild.threads), None)

    def threads(self, forum: Channel) -> list[Thread]:
        """Return the threads of a forum, the oldest first."""
        return [thread for thread in self.guild(forum.guild or 0).threads.values() if thread.forum is forum]

    def private_channel(self, user: User) -> Channel:
        """Return the bot's private channel with a user."""
        for channel in self.private.values():
            if channel.recipient == user:
                return channel
        channel = Channel(self._ids.new(), "", recipient=user)
        self.private[channel.id] = channel
        return channel

    def guild(self, guild: int) -> Guild:
        """Return a server, or refuse as Discord does."""
        if guild not in self.guilds:
            raise UNKNOWN_GUILD
        return self.guilds[guild]

    def channel(self, channel: int) -> Channel:
        """Return a channel, or refuse as Discord does."""
        for guild in self.guilds.values():
            if channel in guild.channels:
                return guild.channels[channel]
            if channel in guild.threads:
                return guild.threads[channel].channel
        if channel not in self.private:
            raise UNKNOWN_CHANNEL
        return self.private[channel]

    def bots_permissions(self, channel: Channel) -> int:
        """Return what the bot may do in a channel."""
        return ALL_PERMISSIONS if channel.guild is None else self.guilds[channel.guild].permissions(self.bot, channel)
