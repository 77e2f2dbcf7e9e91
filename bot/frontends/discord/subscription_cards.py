"""A subscription as a few short lines: what it is for, and how it goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.frontends.discord.layouts import relative_time
from bot.frontends.discord.terms import in_short, limits, times_of, which_jobs
from bot.frontends.escape import escape
from bot.frontends.labels import SEPARATOR, Names
from bot.frontends.phrases import say
from bot.jobs import timetable
from bot.jobs.announcing import ChannelStatus, Subscription, SubscriptionState, Venue
from bot.jobs.timetable import Timetable

MAX_DETAIL = 120
MAX_PROBLEMS = 2


def subscription_card(subscription: Subscription, names: Names) -> str:
    """Return what a subscription is for, and whether it is on."""
    lines = [
        SEPARATOR.join((name_of(subscription), _state(subscription))),
        which_jobs(subscription.terms.query, names),
        times_of(subscription.terms.timetable),
    ]
    if limited := limits(subscription.terms):
        lines.append(f"-# {limited}")
    if subscription.reason:
        lines.append(f"-# {reason_of(subscription)}")
    return "\n".join(lines)


def status_card(entry: ChannelStatus, names: Names, now: datetime) -> str:
    """Return what was sent for a subscription, what waits, what comes next and when, and what went wrong."""
    subscription = entry.subscription
    counts = say("announce.status.counts", sent=entry.sent, waiting=entry.waiting)
    lines = [
        SEPARATOR.join((name_of(subscription), _state(subscription), counts)),
        f"-# {in_short(subscription.terms, names)}",
    ]
    lines += [f"-# {line}" for line in (SEPARATOR.join(_posts(entry, now)),) if line]
    if entry.unknown:
        lines.append(f"-# {say('announce.status.unknown', count=entry.unknown)}")
    if entry.failed:
        lines.append(f"-# {say('announce.status.failed', count=entry.failed)}")
    if subscription.reason:
        lines.append(f"-# {reason_of(subscription)}")
    lines += [
        "-# "
        + say(
            "announce.status.problem",
            job=escape(problem.job, 80),
            state=escape(problem.state.value, 20),
            reason=escape(problem.reason, MAX_DETAIL),
        )
        for problem in entry.problems[:MAX_PROBLEMS]
    ]
    return "\n".join(lines)


def _posts(entry: ChannelStatus, now: datetime) -> Iterator[str]:
    """Yield when the last post came and when the next one does."""
    if entry.last_sent:
        yield say("announce.status.last", when=relative_time(entry.last_sent))
    times = entry.subscription.terms.timetable
    if entry.subscription.state is not SubscriptionState.ON:
        return
    if entry.next_due:
        yield say("announce.status.next", when=relative_time(max(entry.next_due, now)))
    elif times.cron:
        yield say("announce.status.next_list", when=relative_time(timetable.due(times, now)))


def next_posts(planned: int, times: Timetable, now: datetime) -> str:
    """Return when so many waiting jobs come."""
    due = timetable.due(times, now)
    if planned == 0:
        return say("announce.planned.none")
    if due <= now:
        return say("announce.planned.one") if planned == 1 else say("announce.planned.many", count=planned)
    when = relative_time(due)
    if planned == 1:
        return say("announce.planned.one_later", when=when)
    return say("announce.planned.many_later", count=planned, when=when)


def name_of(subscription: Subscription) -> str:
    """Return a subscription's number and channel, or an alert's number."""
    if subscription.venue is Venue.PERSON:
        return say("alerts.name", number=subscription.id)
    return say("announce.name", number=subscription.id, channel=f"<#{subscription.channel}>")


def _state(subscription: Subscription) -> str:
    state = say(f"announce.state.{subscription.state.value}")
    return state if subscription.state is SubscriptionState.ON else f"**{state}**"


def reason_of(subscription: Subscription) -> str:
    """Return why the bot paused a subscription by itself."""
    reason = say(f"announce.reason.{subscription.reason.value}") if subscription.reason else ""
    detail = f" ({escape(subscription.detail, MAX_DETAIL)})" if subscription.detail else ""
    return say("announce.status.reason", reason=f"{reason}{detail}")
