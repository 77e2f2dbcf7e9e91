"""How a subscription's posts look: the newest open job that it is for, as it would be announced."""

from __future__ import annotations

from datetime import datetime

import discord

from bot.frontends.discord.announce_targets import Place
from bot.frontends.discord.forum_posts import fitting_tags, thread_name
from bot.frontends.discord.job_cards import JobCards
from bot.frontends.discord.layouts import Frame, Layout, frame, stacked
from bot.frontends.discord.responding import NO_MENTIONS
from bot.frontends.discord.subscription_cards import next_posts, subscription_card
from bot.frontends.labels import Names
from bot.frontends.phrases import say
from bot.frontends.ports import Finding
from bot.jobs.announcing import Subscription
from bot.jobs.query import MOST_COUNTED
from bot.services.find import Found

_COLOUR = 0x5865F2


class Samples:
    """Shows samples of posts, to an admin or in the channel itself."""

    def __init__(self, finding: Finding, cards: JobCards, names: Names) -> None:
        self._finding = finding
        self._cards = cards
        self._names = names

    async def added(self, subscription: Subscription, planned: int, now: datetime) -> Layout:
        """Return what a new subscription does next, and how its posts look."""
        return await self._saved(subscription, next_posts(planned, subscription.terms.timetable, now))

    async def changed(self, subscription: Subscription) -> Layout:
        """Return what a changed subscription does from now on, and how its posts look."""
        return await self._saved(subscription, say("setup.changed"))

    async def preview(self, subscription: Subscription) -> Layout:
        """Return how many jobs a subscription is for now, and how its posts look."""
        found = await self._finding.page(subscription.terms.query, 1)
        texts = [f"{subscription_card(subscription, self._names)}\n{fitting(found)}"]
        return stacked(frame(_COLOUR, texts), *self._posts(found, subscription))

    async def post(self, subscription: Subscription, channel: Place, nonce: str) -> bool:
        """Put a sample into the channel, in a forum as a thread, and return whether there was a job for it.

        It pings nobody, and is neither recorded nor published.

        Raises discord.HTTPException when Discord refuses it.
        """
        found = await self._finding.page(subscription.terms.query, 1)
        if not found.jobs:
            return False
        view = stacked(self._cards.post(found.jobs[0], note=say("announce.test_note")))
        if isinstance(channel, discord.ForumChannel):
            tags = fitting_tags(channel, found.jobs[:1], self._names)
            name = thread_name(found.jobs[:1])
            await channel.create_thread(name=name, view=view, applied_tags=tags, allowed_mentions=NO_MENTIONS)
        else:
            await channel.send(view=view, nonce=nonce, allowed_mentions=NO_MENTIONS)
        return True

    async def _saved(self, subscription: Subscription, follows: str) -> Layout:
        found = await self._finding.page(subscription.terms.query, 1)
        texts = [
            f"## {say('setup.saved')}\n{subscription_card(subscription, self._names)}",
            f"{follows}\n{_sample_follows(found)}",
        ]
        return stacked(frame(_COLOUR, texts), *self._posts(found, subscription))

    def _posts(self, found: Found, subscription: Subscription) -> list[Frame]:
        return [self._cards.post(job, mention=subscription.terms.mention) for job in found.jobs[:1]]


def fitting(found: Found) -> str:
    """Return how many open jobs fit."""
    if found.total == 0:
        return say("announce.fitting.none")
    if found.total == 1:
        return say("announce.fitting.one")
    return say("announce.fitting.many", count=f"{MOST_COUNTED}+" if found.total >= MOST_COUNTED else found.total)


def _sample_follows(found: Found) -> str:
    return say("announce.sample") if found.jobs else say("announce.no_sample")
