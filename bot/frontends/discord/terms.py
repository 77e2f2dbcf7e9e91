"""What is looked for, and the terms of a subscription, in words: which jobs, when, how many, and who is pinged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import time

from bot.frontends.discord.layouts import relative_time
from bot.frontends.escape import escape
from bot.frontends.labels import SEPARATOR, Names, filter_words
from bot.frontends.phrases import say
from bot.jobs.announcing import Terms
from bot.jobs.query import JobQuery
from bot.jobs.timetable import Timetable

MAX_NAME = 80
MAX_WORDS = 100
_MAX_CRON = 100
_HOURLY = "0 * * * *"
_EVERY = re.compile(r"0 \*/(2|3|4|6|8|12) \* \* \*")
"""Of other numbers of hours the last before midnight are fewer, so that "every" would not be true."""
_AT = re.compile(r"(\d|[1-5]\d) (\d|1\d|2[0-3]) \* \* (\*|[0-6]|1-5)")

Write = Callable[[str, int], str]
"""How a text of others is written: `escape` for messages, `plain` where no Markdown is shown."""


def sought(query: JobQuery, names: Names, write: Write = escape) -> Iterator[str]:
    """Yield what is looked for, part by part; nothing where anything will do."""
    yield from (write(names.title_of(role), MAX_NAME) for role in query.roles)
    yield from filter_words(query.filters)
    if query.company:
        yield say("found.company", company=write(query.company, MAX_NAME))
    if query.since:
        yield say("found.since", when=relative_time(query.since))
    if query.paid:
        yield say("found.paid")
    if query.words:
        yield say("found.words", words=write(" ".join(query.words), MAX_WORDS))


def which_jobs(query: JobQuery, names: Names, write: Write = escape) -> str:
    """Return which jobs a subscription is for."""
    return SEPARATOR.join(sought(query, names, write)) or say("terms.all")


def when(cron: str | None, write: Write = escape) -> str:
    """Return when jobs come: in words where the cron text is a common one, else that text itself."""
    if cron is None:
        return say("terms.at_once")
    if cron == _HOURLY:
        return say("terms.hourly")
    if every := _EVERY.fullmatch(cron):
        return say("terms.every_hours", hours=every[1])
    if at := _AT.fullmatch(cron):
        moment, day = clock_time(time(int(at[2]), int(at[1]))), at[3]
        if day == "*":
            return say("terms.daily", time=moment)
        if day == "1-5":
            return say("terms.weekdays", time=moment)
        return say("terms.weekly", day=say(f"weekday.{day}"), time=moment)
    return say("terms.cron", cron=write(cron, _MAX_CRON))


def hours(quiet: tuple[time, time] | None) -> str:
    """Return quiet hours, from and to."""
    return "–".join(map(clock_time, quiet)) if quiet else say("terms.none")


def clock_time(moment: time) -> str:
    """Return a time of day: "09:00"."""
    return f"{moment:%H:%M}"


def in_short(terms: Terms, names: Names, write: Write = escape) -> str:
    """Return which jobs come, and when."""
    return SEPARATOR.join((which_jobs(terms.query, names, write), when(terms.timetable.cron, write)))


def times_of(timetable: Timetable) -> str:
    """Return when jobs come and when not, with the time zone where there is a time of day in it."""
    facts = [when(timetable.cron)]
    if timetable.quiet:
        facts.append(say("terms.quiet", hours=hours(timetable.quiet)))
    if timetable.cron or timetable.quiet:
        facts.append(escape(timetable.zone, MAX_NAME))
    return SEPARATOR.join(facts)


def limits(terms: Terms) -> str:
    """Return how many posts a day there are at most, and who is pinged; empty when neither is set."""
    facts = [say("terms.cap", count=terms.cap)] if terms.cap else []
    if terms.mention:
        facts.append(say("terms.pings", role=f"<@&{terms.mention}>"))
    return SEPARATOR.join(facts)
