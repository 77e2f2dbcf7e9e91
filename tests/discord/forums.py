"""Forums in the simulated Discord, as Discord has them: a thread has the id of its first message, and flags."""

from __future__ import annotations

from functools import partial
from typing import Any

import discord

REQUIRE_TAG = 1 << 4


def create_forum(place: Any, *tags: str, moderated: tuple[str, ...] = (), require_tag: bool = False) -> Any:
    """Return a new forum with tags, some of them for moderators alone."""
    _share_ids(place.env.backend)
    forum = place.guild.create_forum_channel("openings")
    backend = place.env.backend
    stored = backend.channels[forum.id]
    stored.available_tags = [
        {
            "id": str(backend.snowflake()),
            "name": tag,
            "moderated": tag in moderated,
            "emoji_id": None,
            "emoji_name": None,
        }
        for tag in (*tags, *moderated)
    ]
    backend.announce_channel_update(forum.id)
    cached = place.env.bot.get_channel(forum.id)
    assert isinstance(cached, discord.ForumChannel)
    cached._flags = REQUIRE_TAG if require_tag else 0
    return forum


def threads_of(place: Any, forum: Any) -> list[Any]:
    """Return the threads of a forum as they are stored, the oldest first."""
    found = [each for each in place.env.backend.channels.values() if each.parent_id == forum.id]
    return sorted(found, key=lambda thread: thread.id)


def tags_of(place: Any, thread: Any) -> list[str]:
    """Return the names of a thread's tags."""
    tags = place.env.backend.channels[thread.parent_id].available_tags
    names = {int(tag["id"]): tag["name"] for tag in tags}
    return [names[tag] for tag in thread.applied_tags]


def archive(place: Any, thread: Any) -> None:
    """Archive a thread, as Discord does when nothing was written in it for some time."""
    thread.thread_metadata.archived = True
    thread.thread_metadata.archive_timestamp = place.env.now().isoformat()


def may_edit_threads(place: Any) -> None:
    """Let the bot change its own threads, as Discord does; the simulated one asks for a right to."""
    role = place.guild.create_role("keepers", permissions=discord.Permissions(manage_channels=True))
    place.env.backend.add_member_role(place.guild.id, place.env.bot.user.id, role.id)


def deny(place: Any, forum: Any, right: str) -> None:
    """Take a right from the bot in a forum."""
    denied = {place.guild.me: discord.PermissionOverwrite(**{right: False})}
    alike = place.guild.create_text_channel("alike", overwrites=denied)
    channels = place.env.backend.channels
    channels[forum.id].overwrites = list(channels[alike.id].overwrites)
    place.env.backend.announce_channel_update(forum.id)


def _share_ids(backend: Any) -> None:
    """Let threads have the ids of their first messages, which those of simcord have not."""
    if isinstance(backend.create_forum_post, partial):
        return
    create_thread = backend.create_thread

    def create_forum_post(create: Any, forum: int, name: str, starter: Any, **more: Any) -> Any:
        backend.create_thread = partial(create_thread, message_id=starter.id)
        try:
            return create(forum, name, starter, **more)
        finally:
            backend.create_thread = create_thread

    backend.create_forum_post = partial(create_forum_post, backend.create_forum_post)
