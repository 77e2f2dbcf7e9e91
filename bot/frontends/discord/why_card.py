"""Why a job was, or was not, announced: a few lines for each subscription, from what is stored."""

from __future__ import annotations

from collections.abc import Sequence

from bot.frontends.discord.layouts import relative_time
from bot.frontends.discord.subscription_cards import name_of, reason_of
from bot.frontends.discord.terms import in_short
from bot.frontends.escape import escape
from bot.frontends.labels import SEPARATOR, Names
from bot.frontends.phrases import say
from bot.jobs.announcing import DeliveryState, SubscriptionState, Venue
from bot.jobs.explaining import Explanation, Fate
from bot.jobs.job import Job, JobState

MAX_TITLE, MAX_NAME, MAX_REASON = 100, 80, 160


def job_facts(job: Job) -> str:
    """Return the title of an explanation, and what keeps a job out of every channel."""
    lines = [
        f"## {say('why.title')}",
        SEPARATOR.join((f"**{escape(job.title, MAX_TITLE)}**", escape(job.company, MAX_NAME))),
    ]
    if job.state is not JobState.OPEN:
        lines.append(say(f"job.state.{job.state.value}"))
    if not job.featured:
        lines.append(say("why.not_featured"))
    return "\n".join(lines)


def why_card(explained: Explanation, job: Job, names: Names) -> str:
    """Return what a subscription makes of a job, stage by stage."""
    subscription = explained.subscription
    lines = [name_of(subscription), f"-# {in_short(subscription.terms, names)}"]
    if explained.unfit:
        parts = SEPARATOR.join(say(f"why.part.{name}") for name in explained.unfit)
        lines.append(say("why.unfit", parts=parts))
    if explained.fate:
        lines += _fate(explained.fate, explained)
    elif subscription.state is not SubscriptionState.ON:
        lines.append(reason_of(subscription) if subscription.reason else say("why.off"))
    elif job.featured and job.state is JobState.OPEN and not explained.unfit:
        lines.append(say("why.soon"))
    return "\n".join(lines)


def _fate(fate: Fate, explained: Explanation) -> Sequence[str]:
    subscription = explained.subscription
    lines = [] if fate.subscription == subscription.id else [say("why.by_other", number=fate.subscription)]
    kind = say(f"why.kind.{fate.kind.value}")
    match fate.state:
        case DeliveryState.SENT:
            place = "" if subscription.venue is Venue.FORUM else f"/{subscription.channel}"
            link = f"https://discord.com/channels/{subscription.guild}{place}/{fate.message}"
            told = say("why.sent", kind=kind, when=relative_time(fate.settled or fate.due))
            lines.append(f"{told}{SEPARATOR}[{say('why.message')}]({link})" if fate.message else told)
        case DeliveryState.PENDING | DeliveryState.SENDING:
            lines.append(say("why.waits", kind=kind, when=relative_time(fate.due)))
        case DeliveryState.RETRY:
            lines.append(say("why.retry", count=fate.attempt, when=relative_time(fate.due)))
        case DeliveryState.SKIPPED:
            lines.append(say("why.skipped") if fate.reason is None else say("why.withdrawn"))
        case DeliveryState.PAUSED:
            lines.append(reason_of(subscription) if subscription.reason else say("why.off"))
        case DeliveryState.FAILED:
            lines.append(say("why.failed"))
        case DeliveryState.UNKNOWN:
            lines.append(say("why.lost"))
    if fate.reason and fate.state is not DeliveryState.PAUSED:
        lines.append(f"-# {escape(fate.reason, MAX_REASON)}")
    return lines
