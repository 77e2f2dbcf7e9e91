"""Alerts as a person sees them: one that was added, all there are, and when each comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from bot.frontends.discord.layouts import Layout, relative_time
from bot.frontends.discord.rendering import Renderer
from bot.frontends.discord.subscription_cards import subscription_card
from bot.frontends.escape import escape
from bot.frontends.labels import Names
from bot.frontends.phrases import say
from bot.frontends.ports import Alerting
from bot.jobs import timetable
from bot.jobs.announcing import Subscription, SubscriptionState
from bot.jobs.query import MOST_COUNTED
from bot.jobs.timetable import AT_ONCE, Timetable, daily
from bot.services.find import Found

MAX_FAULT = 300
MORNING = 9
"""The hour of an alert where nobody says another."""
EVERY_MORNING = daily(time(MORNING))


class AlertCards:
    """Adds alerts, and shows each person their own."""

    def __init__(self, alerting: Alerting, renderer: Renderer, names: Names) -> None:
        self._alerting = alerting
        self._renderer = renderer
        self._names = names

    async def added(self, person: int, found: Found, cron: str, zone: str | None, now: datetime) -> Layout:
        """Add an alert for what was looked for, and return when it comes first, or what is wrong with it.

        Without a `zone` that of the person's last alert is taken.
        """
        known = await self._alerting.of(person)
        times = Timetable(cron, zone or next((each.terms.timetable.zone for each in reversed(known)), AT_ONCE.zone))
        added = await self._alerting.add(person, replace(found.query, since=None), times)
        if isinstance(added, str):
            return self._renderer.page(say("setup.fault", fault=escape(added, MAX_FAULT)))
        alert, _ = added
        card = f"{subscription_card(alert, self._names)}\n\n{_fitting(found)}\n{next_message(alert, now)}"
        return self._renderer.page(f"## {say('alerts.added')}\n{card}\n-# {say('alerts.promise')}")

    async def listed(self, person: int, now: datetime) -> Layout:
        """Return a person's alerts."""
        found = await self._alerting.of(person)
        title = f"## {say('alerts.title')}"
        if not found:
            return self._renderer.page(f"{title}\n{say('alerts.none')}")
        return self._renderer.cards(title, [self._card(each, now) for each in found])

    def _card(self, alert: Subscription, now: datetime) -> str:
        card = subscription_card(alert, self._names)
        return f"{card}\n-# {next_message(alert, now)}" if alert.state is SubscriptionState.ON else card


def next_message(alert: Subscription, now: datetime) -> str:
    """Return when an alert comes next."""
    return say("alerts.next", when=relative_time(timetable.due(alert.terms.timetable, now)))


def _fitting(found: Found) -> str:
    if found.total == 0:
        return say("alerts.fitting.none")
    if found.total == 1:
        return say("alerts.fitting.one")
    return say("alerts.fitting.many", count=f"{MOST_COUNTED}+" if found.total >= MOST_COUNTED else found.total)
