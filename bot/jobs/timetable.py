"""When a subscription's jobs are due: at once or at the times of a timetable, not in quiet hours, in its own zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError

SHORTEST = timedelta(minutes=30)
"""How far apart the times of a timetable are at least."""
_LOOKED_AT = 100  # times of a timetable
_LONGEST_TEXT = 100
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)  # of a leap year, and a Monday


@dataclass(frozen=True, slots=True)
class Timetable:
    """When jobs are due: `cron` (five fields; None: each at once), but not in the `quiet` hours, from and to.

    Both are local times of `zone`, an IANA name; quiet hours that begin later than they end last over midnight.
    """

    cron: str | None = None
    zone: str = "UTC"
    quiet: tuple[time, time] | None = None


AT_ONCE = Timetable()


def every_hours(hours: int) -> str:
    """Return the cron text for every so many hours from midnight on, 1 to 23."""
    return f"0 */{hours} * * *" if hours > 1 else "0 * * * *"


def daily(at: time) -> str:
    """Return the cron text for every day at a time."""
    return f"{at.minute} {at.hour} * * *"


def on_weekdays(at: time) -> str:
    """Return the cron text for Monday to Friday at a time."""
    return f"{at.minute} {at.hour} * * 1-5"


def weekly(weekday: int, at: time) -> str:
    """Return the cron text for every week on a day, 0 for Sunday to 6, at a time."""
    return f"{at.minute} {at.hour} * * {weekday}"


def fault_of(timetable: Timetable) -> str | None:
    """Return what is wrong with a timetable; None when nothing is."""
    if not is_zone(timetable.zone):
        return f'"{timetable.zone[:40]}" is not a time zone such as Europe/Berlin or America/New_York'
    if timetable.quiet and timetable.quiet[0] == timetable.quiet[1]:
        return "quiet hours that begin when they end would never end"
    return _fault_of_cron(timetable.cron) if timetable.cron is not None else None


def zones_like(typed: str, limit: int) -> tuple[str, ...]:
    """Return at most `limit` zones whose names have what is typed, those first whose city begins with it."""
    wanted = "_".join(typed.split()).casefold()
    found = [name for name in _known_zones() if "/" in name and wanted in name.casefold()]
    begins = {name: name.rpartition("/")[2].casefold().startswith(wanted) for name in found}
    return tuple(sorted(found, key=lambda name: (name.startswith("Etc/"), not begins[name], name))[:limit])


@cache
def _known_zones() -> set[str]:
    return available_timezones()


def is_zone(name: str) -> bool:
    """Return whether there is a time zone of a name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def due(timetable: Timetable, now: datetime) -> datetime:
    """Return when what there is `now` is due, in UTC: now, or the next time of the timetable, or when quiet ends."""
    zone = ZoneInfo(timetable.zone)
    moment = now if timetable.cron is None else next(CronSim(timetable.cron, now.astimezone(zone)))
    return _after_quiet(timetable, moment.astimezone(zone)).astimezone(UTC)


def day_end(timetable: Timetable, now: datetime) -> datetime:
    """Return when the local day is over and it is not quiet, in UTC."""
    midnight = datetime.combine(local_day(timetable, now) + timedelta(days=1), time(), ZoneInfo(timetable.zone))
    return _after_quiet(timetable, midnight).astimezone(UTC)


def local_day(timetable: Timetable, now: datetime) -> date:
    """Return which day it is where the timetable is read."""
    return now.astimezone(ZoneInfo(timetable.zone)).date()


def is_quiet(timetable: Timetable, now: datetime) -> bool:
    """Return whether a moment lies in the quiet hours."""
    return timetable.quiet is not None and _lies_in(timetable.quiet, now.astimezone(ZoneInfo(timetable.zone)).time())


def _fault_of_cron(text: str) -> str | None:
    try:
        times = list(islice(_times(text), _LOOKED_AT))
    except CronSimError as error:
        return f'"{text[:40]}" is not a cron text of five fields, such as 0 9 * * 1-5: {error}'
    if any(later - earlier < SHORTEST for earlier, later in pairwise(times)):
        return f'"{text[:40]}" names times less than {SHORTEST // timedelta(minutes=1)} minutes apart'
    return None


def _times(text: str) -> Iterator[datetime]:
    """Yield the times of a cron text. Raises CronSimError when it is none."""
    if len(text) > _LONGEST_TEXT or len(text.split()) != 5:
        raise CronSimError("it has not five fields")
    return CronSim(text, _FIRST)


def _after_quiet(timetable: Timetable, moment: datetime) -> datetime:
    """Return a local moment, or the end of the quiet hours that it lies in."""
    if timetable.quiet is None or not _lies_in(timetable.quiet, moment.time()):
        return moment
    _, end = timetable.quiet
    day = moment.date() if moment.time() < end else moment.date() + timedelta(days=1)
    ends = datetime.combine(day, end, tzinfo=moment.tzinfo)
    # a time that comes twice, when clocks are put back, may have come once already
    return ends if ends.astimezone(UTC) > moment.astimezone(UTC) else ends.replace(fold=1)


def _lies_in(quiet: tuple[time, time], moment: time) -> bool:
    begin, end = quiet
    return begin <= moment < end if begin < end else moment >= begin or moment < end
