"""Jobs in forum channels: each message begins a thread, and is found again in it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import discord
from discord.http import Route

from bot.frontends.discord.forum_posts import fitting_tags, thread_name
from bot.frontends.discord.job_cards import JobCards
from bot.frontends.discord.markers import markers_of
from bot.frontends.labels import Names
from bot.frontends.phrases import say
from bot.jobs.announcing import Delivery
from bot.services.ports import CannotReadError, ChannelGoneError, TemporaryError

MAX_THREADS = 100
"""Threads whose first messages are read to find one; a forum with more of them since is too busy to be searched."""
_UNKNOWN_TAG, _INVALID_FORM = 10087, 50035


class Forums:
    """Begins threads in forums, and finds them."""

    def __init__(self, client: discord.Client, cards: JobCards, names: Names) -> None:
        self._client = client
        self._cards = cards
        self._names = names

    async def post(self, delivery: Delivery, mentions: discord.AllowedMentions) -> int:
        """Begin the thread of a delivery, and return its id, which is that of its first message too.

        A tag that was deleted meanwhile is done without.
        """
        forum = await self.forum(delivery.channel)
        tags = fitting_tags(forum, delivery.jobs, self._names)
        try:
            return await self._begin(forum, delivery, mentions, tags)
        except discord.HTTPException as error:
            if not tags or not _is_about_tags(error):
                raise
        return await self._begin(forum, delivery, mentions, ())

    async def find(self, forum: discord.ForumChannel, delivery: Delivery, after: datetime) -> int | None:
        """Return the bot's own thread, begun since `after`, whose first message has the nonce as its marker."""
        name = thread_name(delivery.jobs)
        threads = await self._threads(forum, after)
        if len(threads) > MAX_THREADS:
            raise CannotReadError(f"more than {MAX_THREADS} threads since {after:%Y-%m-%d %H:%M}")
        for thread in sorted(threads, key=lambda thread: thread.name != name):
            if delivery.nonce in await _markers(thread):
                return thread.id
        return None

    @asynccontextmanager
    async def unarchived(self, thread: int) -> AsyncIterator[None]:
        """Keep an archived thread open meanwhile, for nothing in one can be edited."""
        await self._client.http.edit_channel(thread, archived=False)
        try:
            yield
        finally:
            await self._client.http.edit_channel(thread, archived=True)

    async def forum(self, channel: int) -> discord.ForumChannel:
        """Return the forum with an id. Raises ChannelGoneError when it is none."""
        found = self._client.get_channel(channel) or await self._client.fetch_channel(channel)
        if not isinstance(found, discord.ForumChannel):
            raise ChannelGoneError(say("announce.wrong_kind"))
        return found

    async def _begin(
        self,
        forum: discord.ForumChannel,
        delivery: Delivery,
        mentions: discord.AllowedMentions,
        tags: Sequence[discord.ForumTag],
    ) -> int:
        body = {
            "name": thread_name(delivery.jobs),
            "auto_archive_duration": forum.default_auto_archive_duration,
            "applied_tags": [str(tag.id) for tag in tags],
            "message": {
                "components": self._cards.delivery(delivery).to_components(),  # type: ignore[no-untyped-call]
                "flags": discord.MessageFlags(components_v2=True).value,
                "allowed_mentions": mentions.to_dict(),
            },
        }
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum.id)
        begun = await self._client.http.request(route, form=_Once(body), params={"use_nested_fields": 1})
        return int(begun["id"])

    async def _threads(self, forum: discord.ForumChannel, after: datetime) -> list[discord.Thread]:
        """Return the bot's own threads since `after`: active ones, then archived ones, lest one is archived between."""
        found = await forum.guild.active_threads()
        async for thread in forum.archived_threads(limit=None):
            if thread.archive_timestamp < after:  # the latest come first, and none is archived before it is begun
                break
            found.append(thread)
        me = self._client.user.id if self._client.user else None
        return [
            thread
            for thread in found
            if (thread.parent_id, thread.owner_id) == (forum.id, me)
            and discord.utils.snowflake_time(thread.id) >= after
        ]


class _Once:
    """The form of a request that must not be made twice: discord.py repeats one that failed with a 5xx.

    That may have begun a thread all the same, and Discord takes no nonce for threads.
    """

    def __init__(self, body: dict[str, Any]) -> None:
        self._body: dict[str, Any] | None = body

    def __iter__(self) -> Iterator[dict[str, Any]]:
        body, self._body = self._body, None
        if body is None:
            raise TemporaryError("Discord failed, and the thread may be there", outcome_known=False)
        # without a content type of its own the form would not be sent as multipart/form-data
        yield {"name": "payload_json", "value": json.dumps(body), "content_type": "application/json"}


def _is_about_tags(error: discord.HTTPException) -> bool:
    return error.code == _UNKNOWN_TAG or (error.code == _INVALID_FORM and "applied_tags" in error.text)


async def _markers(thread: discord.Thread) -> set[str]:
    """Return the markers of a thread's first message; none when somebody has deleted it."""
    try:
        return markers_of(await thread.fetch_message(thread.id))
    except discord.NotFound:
        return set()
