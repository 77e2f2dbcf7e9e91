"""How people name a subscription: by choosing one that is suggested, or by its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.announce_targets import sees
from bot.frontends.discord.cogs.roles import MAX_CHOICE_LENGTH, MAX_CHOICES
from bot.frontends.discord.responding import tell
from bot.frontends.discord.terms import in_short
from bot.frontends.escape import escape, plain
from bot.frontends.labels import SEPARATOR, Names
from bot.frontends.phrases import say
from bot.frontends.ports import Announcing
from bot.jobs.announcing import Subscription

SubscriptionText = app_commands.Range[str, 1, 100]
_LONGEST_ID = 18
"""Digits of the largest number that a database keeps, less one."""


async def named(interaction: discord.Interaction[Any], announcing: Announcing, text: str) -> Subscription | None:
    """Return the subscription of the server whose number a text is; None, which is told, when there is none."""
    number = number_in(text)
    found = await announcing.subscriptions(interaction.guild_id or 0)
    if subscription := next((each for each in found if each.id == number), None):
        return subscription
    await tell(interaction, say("announce.unknown", text=escape(text, 60)))
    return None


def number_in(text: str) -> int | None:
    """Return the number that somebody wrote, with or without "#"; None when it is none."""
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_ID else None


def alert_choices(alerts: Iterable[Subscription], names: Names, typed: str) -> list[app_commands.Choice[str]]:
    """Return the alerts of a person whose number or terms have what is typed, at most 25; a value is a number."""
    return _choices(
        {each.id: SEPARATOR.join((f"#{each.id}", in_short(each.terms, names, plain))) for each in alerts}, typed
    )


def choices(
    interaction: discord.Interaction[Any], subscriptions: Iterable[Subscription], names: Names, typed: str
) -> list[app_commands.Choice[str]]:
    """Return the subscriptions whose number, channel or terms have what is typed, at most 25; a value is a number."""
    return _choices({each.id: _label(interaction, each, names) for each in subscriptions}, typed)


def _choices(labels: Mapping[int, str], typed: str) -> list[app_commands.Choice[str]]:
    wanted = typed.strip().casefold()
    found = [(number, label) for number, label in labels.items() if wanted in label.casefold()]
    return [
        app_commands.Choice(name=plain(label, MAX_CHOICE_LENGTH), value=str(number))
        for number, label in found[:MAX_CHOICES]
    ]


def _label(interaction: discord.Interaction[Any], subscription: Subscription, names: Names) -> str:
    channel = interaction.guild.get_channel(subscription.channel) if interaction.guild else None
    shown = channel is not None and sees(interaction, channel)
    name = f"#{channel.name}" if channel is not None and shown else say("announce.some_channel")
    return SEPARATOR.join((f"#{subscription.id}", name, in_short(subscription.terms, names, plain)))
