"""Whoever owns the application in Discord's developer portal: who it is, and how to reach them."""

from __future__ import annotations

import logging

import aiohttp
import discord

from bot.frontends.discord.responding import NO_MENTIONS
from bot.frontends.escape import cut, escape
from bot.frontends.phrases import say
from bot.jobs.polling import Source

MAX_MESSAGE = 2_000
MAX_FAULTS_SHOWN = 10
MAX_REASON = 300
log = logging.getLogger(__name__)


def owners_of(client: discord.Client) -> frozenset[int]:
    """Return the ids of the application's owner, or of its team's members."""
    application = client.application
    if application is None:
        return frozenset()
    team = application.team
    return frozenset(member.id for member in team.members) if team else frozenset({application.owner.id})


async def tell_owner(client: discord.Client, text: str) -> None:
    """Write to the application's owner, or its team's; that it did not work is only logged."""
    application = client.application
    owner = (application.team.owner if application.team else application.owner) if application else None
    if owner is None:
        return
    try:
        channel = await client.create_dm(discord.Object(owner.id))
        await channel.send(cut(text, MAX_MESSAGE), allowed_mentions=NO_MENTIONS)
    except (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError) as error:
        log.warning("The owner could not be told: %s", error)


def paused_source_text(source: Source) -> str:
    """Return which source is paused, and why, for the owner to read."""
    reason = escape(source.reason or "", MAX_REASON)
    return say("sources.paused_by_failures", name=source.name, reason=reason)


def stuck_text(seconds: float, *, exits: bool) -> str:
    """Return that announcing stands still, for the owner to read."""
    minutes = round(seconds / 60)
    return say("announce.stuck_and_exits", minutes=minutes) if exits else say("announce.stuck", minutes=minutes)


def faults_text(faults: tuple[str, ...]) -> str:
    """Return what is wrong with the knowledge on disk, for the owner to read."""
    shown = "\n".join(faults[:MAX_FAULTS_SHOWN]).replace("`", "'")
    more = say("reload.more", count=len(faults) - MAX_FAULTS_SHOWN) if len(faults) > MAX_FAULTS_SHOWN else ""
    text = say("reload.faults", more=more)
    return f"{text}\n```\n{cut(shown, MAX_MESSAGE - len(text) - 10)}\n```"
