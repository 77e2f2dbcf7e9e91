"""Personal alerts: featured jobs that somebody asked for, as one direct message at their own hour."""

from __future__ import annotations

from bot.jobs import timetable
from bot.jobs.announcing import NO_GUILD, Subscription, Terms, Venue
from bot.jobs.planning import BACKLOG
from bot.jobs.query import JobQuery
from bot.jobs.timetable import Timetable
from bot.services.ports import AlertStore, Clock

MOST_ALERTS = 5
"""Of a person: each is a message of its own."""


class AlertService:
    """Keeps who wants which jobs as direct messages; nobody has an alert who did not ask for it."""

    def __init__(self, alerts: AlertStore, clock: Clock) -> None:
        self._alerts = alerts
        self._clock = clock

    async def add(self, person: int, query: JobQuery, times: Timetable) -> tuple[Subscription, int] | str:
        """Add an alert, and return it with how many waiting jobs it begins with; or what is wrong with it."""
        if times.cron is None:
            return "an alert comes at a time of day"
        if fault := timetable.fault_of(times):
            return fault
        if len(await self.of(person)) >= MOST_ALERTS:
            return f"you have {MOST_ALERTS} alerts already; /alerts remove makes room"
        terms = Terms(query, times)
        return await self._alerts.add(NO_GUILD, person, terms, self._clock(), backlog=BACKLOG, venue=Venue.PERSON)

    async def of(self, person: int) -> tuple[Subscription, ...]:
        """Return the alerts of a person, the oldest first."""
        return await self._alerts.of_person(person)

    async def pause(self, person: int, alert: int) -> Subscription | None:
        """Send nothing for an alert until it is resumed; None when the person has no such alert."""
        if not await self._has(person, alert):
            return None
        return await self._alerts.pause(NO_GUILD, alert, self._clock())

    async def resume(self, person: int, alert: int) -> tuple[Subscription, int] | None:
        """Send for an alert again, and return how many waiting jobs it gets; None when there is no such alert."""
        if not await self._has(person, alert):
            return None
        return await self._alerts.resume(NO_GUILD, alert, self._clock(), backlog=BACKLOG)

    async def remove(self, person: int, alert: int) -> bool:
        """Delete an alert and all that is known of it; False when the person has no such alert."""
        return await self._alerts.forget(person, alert)

    async def untold(self, person: int) -> tuple[Subscription, ...]:
        """Return the alerts that the bot had to pause, and of which the person was not told yet."""
        return await self._alerts.untold(person)

    async def told(self, person: int) -> None:
        """Note that the person knows which alerts are paused."""
        await self._alerts.note_told(person, self._clock())

    async def _has(self, person: int, alert: int) -> bool:
        return any(each.id == alert for each in await self.of(person))
