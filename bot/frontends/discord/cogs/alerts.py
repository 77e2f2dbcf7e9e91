"""/alerts add, list, pause, resume and remove: featured jobs as a direct message, at one's own hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from types import MappingProxyType
from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.alert_cards import MORNING, next_message
from bot.frontends.discord.cogs.roles import MAX_CHOICES
from bot.frontends.discord.desk import Desk
from bot.frontends.discord.layouts import Layout
from bot.frontends.discord.naming_subscriptions import SubscriptionText, alert_choices, number_in
from bot.frontends.discord.responding import respond, tell
from bot.frontends.discord.subscription_cards import name_of
from bot.frontends.escape import escape
from bot.frontends.phrases import say
from bot.jobs import timetable
from bot.jobs.announcing import Subscription, SubscriptionState
from bot.jobs.query import JobQuery
from bot.jobs.timetable import daily, on_weekdays, weekly

Words = app_commands.Range[str, 1, 200]
Hour = app_commands.Range[int, 0, 23]
ZoneText = app_commands.Range[str, 1, 60]
_MONDAY = 1
_EVERY: Mapping[str, Callable[[time], str]] = MappingProxyType(
    {"daily": daily, "weekdays": on_weekdays, "weekly": lambda at: weekly(_MONDAY, at)}
)


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add the group /alerts."""
    alerts = app_commands.Group(name=say("command.alerts.name"), description=say("command.alerts.description"))
    _add_adding(alerts, desk)
    _add_showing(alerts, desk)
    _add_switching(alerts, desk)
    tree.add_command(alerts)


def _add_adding(alerts: app_commands.Group, desk: Desk) -> None:
    async def suggest_zone(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=name, value=name) for name in timetable.zones_like(typed, MAX_CHOICES)]

    @alerts.command(name="add", description=say("command.alerts.add"))
    @app_commands.describe(
        jobs=say("command.alerts.jobs"),
        every=say("command.alerts.every"),
        hour=say("command.alerts.hour"),
        zone=say("command.alerts.zone"),
    )
    @app_commands.choices(every=[app_commands.Choice(name=say(f"alerts.every.{name}"), value=name) for name in _EVERY])
    @app_commands.autocomplete(zone=suggest_zone)
    async def add(
        interaction: discord.Interaction[Any],
        jobs: Words | None = None,
        every: str = "daily",
        hour: Hour = MORNING,
        zone: ZoneText | None = None,
    ) -> None:
        if zone and not timetable.is_zone(zone):
            await tell(interaction, say("alerts.bad_zone", text=escape(zone, 60)))
            return
        cron = _EVERY[every](time(hour))
        await respond(interaction, _added(interaction, desk, jobs or "", cron, zone), ephemeral=True)


def _add_showing(alerts: app_commands.Group, desk: Desk) -> None:
    @alerts.command(name="list", description=say("command.alerts.list"))
    async def list_(interaction: discord.Interaction[Any]) -> None:
        await respond(interaction, desk.alerts.listed(interaction.user.id, interaction.created_at), ephemeral=True)


def _add_switching(alerts: app_commands.Group, desk: Desk) -> None:
    async def suggest(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return alert_choices(await desk.alerting.of(interaction.user.id), desk.asking, typed)

    @alerts.command(name="pause", description=say("command.alerts.pause"))
    @app_commands.describe(alert=say("command.alerts.alert"))
    @app_commands.autocomplete(alert=suggest)
    async def pause(interaction: discord.Interaction[Any], alert: SubscriptionText) -> None:
        found = await _named(interaction, desk, alert)
        if found is not None:
            already = found.state is SubscriptionState.OFF
            await desk.alerting.pause(interaction.user.id, found.id)
            await tell(interaction, say("announce.already_off" if already else "alerts.paused", name=name_of(found)))

    @alerts.command(name="resume", description=say("command.alerts.resume"))
    @app_commands.describe(alert=say("command.alerts.alert"))
    @app_commands.autocomplete(alert=suggest)
    async def resume(interaction: discord.Interaction[Any], alert: SubscriptionText) -> None:
        found = await _named(interaction, desk, alert)
        if found is not None:
            already = found.state is SubscriptionState.ON
            await desk.alerting.resume(interaction.user.id, found.id)
            follows = next_message(found, interaction.created_at)
            said = "announce.already_on" if already else "alerts.resumed"
            await tell(interaction, f"{say(said, name=name_of(found))} {follows}")

    @alerts.command(name="remove", description=say("command.alerts.remove"))
    @app_commands.describe(alert=say("command.alerts.alert"))
    @app_commands.autocomplete(alert=suggest)
    async def remove(interaction: discord.Interaction[Any], alert: SubscriptionText) -> None:
        found = await _named(interaction, desk, alert)
        if found is not None:
            await desk.alerting.remove(interaction.user.id, found.id)
            await tell(interaction, say("alerts.removed", name=name_of(found)))


async def _added(interaction: discord.Interaction[Any], desk: Desk, words: str, cron: str, zone: str | None) -> Layout:
    found = await desk.finding.search(words, JobQuery())
    return await desk.alerts.added(interaction.user.id, found, cron, zone, interaction.created_at)


async def _named(interaction: discord.Interaction[Any], desk: Desk, text: str) -> Subscription | None:
    """Return the alert of the person whose number a text is; None, which is told, when there is none; defer first."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    number = number_in(text)
    found = await desk.alerting.of(interaction.user.id)
    alert = next((each for each in found if each.id == number), None)
    if alert is None:
        await tell(interaction, say("alerts.unknown", text=escape(text, 60)))
    return alert
