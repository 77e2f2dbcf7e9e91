"""Puts jobs into channels, and finds out whether one is there already."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import NoReturn

import aiohttp
import discord

from bot.frontends.discord.forums import Forums
from bot.frontends.discord.job_cards import JobCards
from bot.frontends.discord.markers import markers_of
from bot.frontends.discord.permissions import lacking_in
from bot.frontends.discord.responding import NO_MENTIONS
from bot.frontends.phrases import say
from bot.frontends.ports import Directory
from bot.jobs.announcing import Delivery, Post, Unpublished, Venue
from bot.services.ports import (
    AlreadyPublishedError,
    CannotReadError,
    ChannelGoneError,
    ForbiddenError,
    PublishError,
    RejectedError,
    TemporaryError,
    UnauthorisedError,
)

UNKNOWN_MESSAGE = 10008
MAX_READ = 2_000
"""Messages that are read to find one; a channel with more of them since is too busy to be searched."""
FIRST_INNER_RETRY_SECONDS = 0.9
"""discord.py tries again by itself a second after a 5xx: what fails sooner than that was the first try."""
READY_SECONDS = 20
ALREADY_CROSSPOSTED = 40033
NO_TAG_ALLOWED, TAG_NEEDED = 40066, 40067
THREAD_IS_ARCHIVED = 50083
TOO_MANY_THREADS = 160006
THREADS_ARE_ARCHIVED = timedelta(minutes=30)
"""After so long a server that has as many active threads as it may have is asked again."""


class DiscordPublisher:
    """A Publisher that sends through a client."""

    def __init__(self, client: discord.Client, directory: Directory) -> None:
        self._client = client
        self._cards = JobCards(directory)
        self._forums = Forums(client, self._cards, directory)

    async def publish(self, delivery: Delivery) -> int:
        """Send a delivery with its nonce enforced and as its marker, and return the message's id."""
        if delivery.venue is Venue.FORUM:
            return await self._post(delivery)
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            # A nonce that is given is enforced by discord.py.
            message = await (await self._place(delivery)).send(
                view=self._cards.delivery(delivery),
                nonce=delivery.nonce,
                allowed_mentions=_mentions(delivery.mention),
            )
        except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
            self._raise(error, delivery.channel, first_try=loop.time() - began < FIRST_INNER_RETRY_SECONDS)
        return message.id

    async def _post(self, delivery: Delivery) -> int:
        """Begin a thread in a forum, in one try."""
        try:
            return await self._forums.post(delivery, _mentions(delivery.mention))
        except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
            self._raise(error, delivery.channel, first_try=True)

    async def crosspost(self, message: Unpublished) -> None:
        """Publish a message of an announcement channel; one that is published already stays as it is."""
        try:
            place = self._client.get_partial_messageable(message.channel)
            await place.get_partial_message(message.message).publish()
        except discord.HTTPException as error:
            if error.code != ALREADY_CROSSPOSTED:
                self._raise(error, message.channel, first_try=False)
        except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
            self._raise(error, message.channel, first_try=False)

    async def edit(self, post: Post) -> None:
        """Have a message show its jobs as they are now; nobody is pinged again."""
        try:
            await self._edit(post)
        except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
            self._raise(error, post.channel, first_try=False)

    async def _edit(self, post: Post) -> None:
        message = (await self._place(post)).get_partial_message(post.message)
        view = self._cards.delivery(post)
        try:
            await message.edit(view=view, allowed_mentions=NO_MENTIONS)
        except discord.HTTPException as error:
            if error.code != THREAD_IS_ARCHIVED:
                raise
            async with self._forums.unarchived(post.message):
                await message.edit(view=view, allowed_mentions=NO_MENTIONS)

    async def find(self, delivery: Delivery, after: datetime) -> int | None:
        """Look for the bot's own message with the nonce among everything sent in the channel since `after`."""
        try:
            await asyncio.wait_for(self._client.wait_until_ready(), READY_SECONDS)
            if delivery.venue is Venue.FORUM:
                forum = await self._forums.forum(delivery.channel)
                _check_readable(forum)
                return await self._forums.find(forum, delivery, after)
            place = await self._readable(delivery)
            return await self._find(place, delivery.nonce, after)
        except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
            self._raise(error, delivery.channel, first_try=False)

    async def _place(self, delivery: Delivery | Post) -> discord.PartialMessageable | discord.DMChannel:
        """Return where a message goes or is; a person's direct messages are opened first."""
        if delivery.venue is Venue.PERSON:
            return await self._client.create_dm(discord.Object(delivery.channel))
        if isinstance(delivery, Post) and delivery.venue is Venue.FORUM:  # in the thread that has the message's id
            return self._client.get_partial_messageable(delivery.message)
        return self._client.get_partial_messageable(delivery.channel)

    async def _readable(self, delivery: Delivery) -> discord.TextChannel | discord.DMChannel:
        """Return where a message was sent, with its history. Raises CannotReadError when that cannot be read."""
        if delivery.venue is Venue.PERSON:
            return await self._client.create_dm(discord.Object(delivery.channel))
        channel = delivery.channel
        place = self._client.get_channel(channel) or await self._client.fetch_channel(channel)
        if not isinstance(place, discord.TextChannel):
            raise ChannelGoneError(say("announce.wrong_kind"))
        _check_readable(place)
        return place

    async def _find(self, place: discord.TextChannel | discord.DMChannel, nonce: str, after: datetime) -> int | None:
        read = 0
        async for message in place.history(limit=MAX_READ):
            if message.created_at < after:
                return None
            read += 1
            if self._client.user and message.author.id == self._client.user.id and nonce in markers_of(message):
                return message.id
        if read >= MAX_READ:
            raise CannotReadError(f"more than {MAX_READ} messages since {after:%Y-%m-%d %H:%M}")
        return None

    def _raise(self, error: BaseException, channel: int, *, first_try: bool) -> NoReturn:
        if isinstance(error, PublishError):
            raise error
        raise self._meaning(error, channel, first_try=first_try) from error

    def _meaning(self, error: BaseException, channel: int, *, first_try: bool) -> PublishError:
        """Return what an error of discord.py or the network means for the message."""
        match error:
            case discord.RateLimited():
                return TemporaryError(
                    str(error), outcome_known=first_try, retry_after=timedelta(seconds=error.retry_after)
                )
            case discord.HTTPException():
                return self._refusal(error, channel, first_try=first_try)
            case discord.LoginFailure():
                return UnauthorisedError(str(error))
            case aiohttp.ClientConnectorError():
                return TemporaryError(str(error), outcome_known=first_try)
            case _:
                return TemporaryError(f"{type(error).__name__}: {error}", outcome_known=False)

    def _refusal(self, error: discord.HTTPException, channel: int, *, first_try: bool) -> PublishError:
        said = f"{error.status} {error.code}: {error.text}"
        match error.status:
            case 401:
                return UnauthorisedError(said)
            case 403:
                return ForbiddenError(self._lacking(channel) or said)
            case 404 if error.code == UNKNOWN_MESSAGE:
                return AlreadyPublishedError(said)
            case 404:
                return ChannelGoneError(said)
            case 429:
                return TemporaryError(said, outcome_known=first_try)
            case status if status >= 500 or status == 408:
                return TemporaryError(said, outcome_known=False)
            case _ if error.code == UNKNOWN_MESSAGE:
                return AlreadyPublishedError(said)
            case _ if error.code in {NO_TAG_ALLOWED, TAG_NEEDED}:
                return ForbiddenError(say("announce.needs_tag"))
            case _ if error.code == TOO_MANY_THREADS:
                return TemporaryError(said, outcome_known=True, retry_after=THREADS_ARE_ARCHIVED)
            case _:
                return RejectedError(said)

    def _lacking(self, channel: int) -> str:
        """Return in words what the bot lacks in a channel, where that is known."""
        place = self._client.get_channel(channel)
        if not isinstance(place, discord.TextChannel | discord.ForumChannel):
            return ""
        return ", ".join(lacking_in(place))


def _check_readable(place: discord.TextChannel | discord.ForumChannel) -> None:
    """Raise CannotReadError when what was sent in a channel cannot be read."""
    if place.guild.unavailable:
        raise TemporaryError("the server is unavailable", outcome_known=False)
    permissions = place.permissions_for(place.guild.me)
    if not (permissions.view_channel and permissions.read_message_history):
        # Without them Discord answers with an empty history, which would look like "not there".
        raise CannotReadError(say("announce.lacks", channel=place.mention, permissions=", ".join(lacking_in(place))))


def _mentions(role: int | None) -> discord.AllowedMentions:
    """Return what a message may ping: the role that somebody chose for it, and nobody else whatever it says."""
    if role is None:
        return NO_MENTIONS
    return discord.AllowedMentions(everyone=False, users=False, replied_user=False, roles=[discord.Object(role)])
