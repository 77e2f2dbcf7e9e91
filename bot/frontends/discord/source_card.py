"""A source of jobs as a few short lines: how it is doing, when it is asked, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.frontends.discord.layouts import relative_time
from bot.frontends.escape import escape
from bot.frontends.labels import SEPARATOR
from bot.frontends.phrases import say
from bot.jobs.polling import Source, SourceState, words_of

MAX_REASON = 200
MAX_WORDS = 60

Listed = tuple[Source, int]


def troubled_first(found: Iterable[Listed]) -> list[Listed]:
    """Return sources with those first that somebody has to look after."""
    return sorted(found, key=lambda listed: listed[0].reason is None)


def source_card(source: Source, jobs: int, now: datetime) -> str:
    """Return the lines of a source that has so many open jobs."""
    lines = [
        SEPARATOR.join((f"**{escape(source.name, 40)}**", say(f"sources.state.{source.state.value}"), _jobs(jobs))),
        SEPARATOR.join((say("sources.every", every=words_of(source.every)), featuring(source))),
        f"-# {SEPARATOR.join((_answered(source), *_next(source, now)))}",
    ]
    if source.reason:
        reason = escape(source.reason, MAX_REASON)
        key = "sources.why" if source.state is SourceState.PAUSED else "sources.wrong"
        lines.append(f"-# {say(key, reason=reason)}")
    return "\n".join(lines)


def featuring(source: Source) -> str:
    """Return which of its jobs a source features, in words."""
    return say(f"sources.featured.{source.featured.value}", words=escape(source.matching or "", MAX_WORDS))


def _jobs(count: int) -> str:
    if count == 0:
        return say("sources.jobs.none")
    return say("sources.jobs.one") if count == 1 else say("sources.jobs.many", count=f"{count:,}")


def _answered(source: Source) -> str:
    if source.succeeded is None:
        return say("sources.never")
    return say("sources.answered", when=relative_time(source.succeeded))


def _next(source: Source, now: datetime) -> list[str]:
    if source.state is SourceState.PAUSED:
        return []
    if source.due is None or source.due <= now:
        return [say("sources.next_now")]
    return [say("sources.next", when=relative_time(source.due))]
