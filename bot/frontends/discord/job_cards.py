"""Jobs as messages: one that is announced, one with all that is known of it, and a page of those that were found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import discord

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Reading
from bot.frontends.discord.custom_ids import Action, Press, encode
from bot.frontends.discord.layouts import (
    MAX_TEXT,
    Frame,
    Layout,
    button,
    frame,
    framed,
    relative_time,
    stacked,
    unbroken,
)
from bot.frontends.discord.terms import MAX_NAME, sought
from bot.frontends.discord.views import Pressable
from bot.frontends.escape import cut, cut_at_sentence, escape, host_of, plain, safe_url
from bot.frontends.labels import SEPARATOR
from bot.frontends.markdown import job_line, place_of
from bot.frontends.money import pay_range
from bot.frontends.phrases import say
from bot.frontends.ports import Directory
from bot.jobs.announcing import Delivery, Post
from bot.jobs.by_hand import BY_HAND
from bot.jobs.job import Job, JobState
from bot.jobs.query import MOST_COUNTED
from bot.services.find import ON_A_PAGE, Found

MAX_TITLE = 160
MAX_EXCERPT = 600
"""Characters of a job's own text: the rest stands where it is applied for."""
MAX_TAGS = 8
MAX_ADVERTS = 4
MAX_LISTED = 10
"""Jobs in a list, if their lines have room for all."""
_LISTED_TEXT = MAX_TEXT - 300
"""Characters of the lines of a list; the title and the small line below take the rest."""
_OPTION = 100
"""Characters in an option of a select, and in the line below it."""
_GREEN, _GREY = 0x2ECC71, 0x95A5A6


class JobCards:
    """Makes messages about jobs; `directory` names roles."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def delivery(self, delivery: Delivery | Post) -> Layout:
        """Return the message of a delivery; its nonce is found again in the message's components."""
        if len(delivery.jobs) == 1:
            return self.announcement(delivery.jobs[0], delivery.nonce, delivery.mention)
        return self._list(delivery.jobs, delivery.nonce, delivery.mention)

    def announcement(self, job: Job, marker: str = "", mention: int | None = None) -> Layout:
        """Return the message that announces a job; `marker` is found again in the message's components."""
        return stacked(self.post(job, marker, mention))

    def post(self, job: Job, marker: str = "", mention: int | None = None, note: str = "") -> Frame:
        """Return what announces a job; `note` stands before the rest in small."""
        small = SEPARATOR.join((*_pinged(mention), say("job.featured"), *_history(job), _source_of(job)))
        lines = [f"-# {line}" for line in (note, small) if line]
        colour = _GREEN if job.state is JobState.OPEN else _GREY
        return frame(colour, [_head(job)], small="\n".join(lines), rows=[self._buttons(job, marker)])

    def _list(self, jobs: Sequence[Job], marker: str, mention: int | None) -> Layout:
        """Return a list of jobs, the newest first and at most MAX_LISTED of them, and how many more there are."""
        lines = _fitting([_line(job) for job in jobs[::-1][:MAX_LISTED]])
        shown = jobs[::-1][: len(lines)]
        more = [say("digest.more", count=len(jobs) - len(shown))] if len(jobs) > len(shown) else []
        small = SEPARATOR.join((*_pinged(mention), *more, say("job.featured_many")))
        latest = encode(Press(Action.SHOW, 0, (Reading(Intent.JOBS),), marker), self._directory)
        rows = [
            [self._select(shown, 0)],
            [button(say("job.more"), latest)] if latest else [],
        ]
        return framed(
            _GREEN, ["\n".join((f"## {say('digest.title', count=len(jobs))}", *lines))], small=f"-# {small}", rows=rows
        )

    def details(self, job: Job, copies: Sequence[Job]) -> Layout:
        """Return all that is known of a job, and where else it is advertised."""
        over = job.state is not JobState.OPEN
        texts = [_head(job)]
        if job.text:
            texts.append(cut_at_sentence(escape(job.text, MAX_EXCERPT), MAX_EXCERPT))
        if facts := list(_more_facts(job, copies)):
            texts.append("\n".join(facts))
        small = [*_history(job), *([say("job.expires", when=relative_time(job.expires))] if job.expires else [])]
        return framed(
            _GREY if over else _GREEN,
            texts,
            small=f"-# {SEPARATOR.join((*small, _source_of(job)))}",
            rows=[self._buttons(job, "")],
        )

    def found(self, found: Found, key: str, asker: int) -> Layout:
        """Return a page of found jobs, buttons that turn it, and a select that shows one; `key` names the search."""
        said = SEPARATOR.join(sought(found.query, self._directory))
        title = f"## {say('heading.jobs')}" + (f"\n-# {said}" if said else "")
        if not found.jobs:
            return framed(_GREY, [f"{title}\n{say('openings.none')}\n{say('found.fewer')}" if said else title])
        lines = _fitting([_line(job) for job in found.jobs])
        rows = [[self._select(found.jobs, asker)], self._turning(found, key, asker)]
        return framed(_GREEN, ["\n".join((title, *lines))], small=f"-# {_counted(found)}", rows=rows)

    def _select(self, jobs: Sequence[Job], asker: int) -> Pressable:
        options = [
            discord.SelectOption(
                label=plain(job.title, _OPTION),
                value=job.id,
                description=plain(SEPARATOR.join(filter(None, (job.company, job.place))), _OPTION),
            )
            for job in jobs
        ]
        custom_id = encode(Press(Action.JOB, asker), self._directory) or ""
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=custom_id, placeholder=say("found.show"), options=options
        )
        return Pressable(select)

    def _turning(self, found: Found, key: str, asker: int) -> list[Pressable]:
        pages = {
            "found.previous": found.page - 1,
            "found.next": found.page + 1 if found.total > found.first + ON_A_PAGE - 1 else 0,
        }
        return [
            button(say(phrase), custom_id)
            for phrase, page in pages.items()
            if page and (custom_id := encode(Press(Action.PAGE, asker, marker=f"{key}.{page}"), self._directory))
        ]

    def _buttons(self, job: Job, marker: str) -> list[discord.ui.Item[Any]]:
        row: list[discord.ui.Item[Any]] = []
        url, host = (safe_url(job.url), host_of(job.url)) if job.url else (None, None)
        if url and host and job.state is JobState.OPEN:
            row.append(discord.ui.Button(label=cut(say("job.apply", host=host), 80), url=url))
        if job.role:
            pay = Reading(Intent.ROLE, roles=(job.role,), section=Section.SALARY)
            about = Reading(Intent.ROLE, roles=(job.role,), section=Section.OVERVIEW)
            pressed = ((Action.SHOW, pay, "job.pay"), (Action.COMPARE, about, "job.compare"))
            for action, reading, key in pressed:
                custom_id = encode(Press(action, 0, (reading,)), self._directory)
                if custom_id:
                    row.append(button(say(key), custom_id))
        for more in (Reading(Intent.JOBS, roles=(job.role,) if job.role else ()), Reading(Intent.JOBS)):
            custom_id = encode(Press(Action.SHOW, 0, (more,), marker), self._directory)
            if custom_id:
                return [*row, button(say("job.more"), custom_id)]
        return row


def _pinged(role: int | None) -> list[str]:
    return [f"<@&{role}>"] if role else []


def _line(job: Job) -> str:
    if job.state is JobState.OPEN:
        return f"- {job_line(job, relative_time)}"
    title = f"~~{escape(job.title, MAX_NAME)}~~"
    return f"- {SEPARATOR.join((title, escape(job.company, MAX_NAME), say(f'job.state.{job.state.value}')))}"


def _fitting(lines: Sequence[str]) -> Sequence[str]:
    """Return the first lines, as many as a list has room for."""
    lengths = list(accumulate(len(line) + 1 for line in lines))
    return lines[: bisect_right(lengths, _LISTED_TEXT)]


def _counted(found: Found) -> str:
    if found.total <= len(found.jobs):
        return say("found.one") if found.total == 1 else say("found.all", total=found.total)
    total = f"{MOST_COUNTED}+" if found.total >= MOST_COUNTED else found.total
    return say("found.page", first=found.first, last=found.first + len(found.jobs) - 1, total=total)


def _head(job: Job) -> str:
    place = place_of(job, MAX_NAME)
    title = escape(job.title, MAX_TITLE)
    over = job.state is not JobState.OPEN
    lines = (
        f"**{say(f'job.state.{job.state.value}')}**" if over else "",
        f"## ~~{title}~~" if over else f"## {title}",
        f"**{escape(job.company, MAX_NAME)}**" + (f"{SEPARATOR}{place}" if place else ""),
        _terms(job),
        f"**{unbroken(pay_range(job.pay))}**" if job.pay else say("job.pay_unknown"),
    )
    return "\n".join(filter(None, lines))


def _terms(job: Job) -> str:
    words = [say(f"level.{job.level.value}")] if job.level else []
    words += [say(f"employment.{employment.value}") for employment in job.employment]
    if job.remote or job.hybrid:
        words.append(say("filter.remote" if job.remote else "job.hybrid"))
    return SEPARATOR.join(words).capitalize()


def _history(job: Job) -> list[str]:
    """Return since when a job is known, and what may show that nobody is hired for it."""
    since = (
        say("job.posted", when=relative_time(job.posted))
        if job.posted
        else say("job.found", when=relative_time(job.first_seen))
    )
    again = [say("job.reposted", count=job.reposts)] if job.reposts else []
    return [since, *again]


def _more_facts(job: Job, copies: Sequence[Job]) -> Iterator[str]:
    if job.elsewhere:
        yield say("job.also_in", places=escape("; ".join(job.elsewhere), 300))
    if job.tags:
        yield say("job.tags", tags=escape(", ".join(job.tags[:MAX_TAGS]), 200))
    if job.reopened:
        yield say("job.reopened", count=job.reopened)
    links = [f"[{escape(host, 60)}]({url})" for copy in copies for host, url in _link_of(copy)]
    if links:
        more = [say("source.more", count=len(links) - MAX_ADVERTS)] if len(links) > MAX_ADVERTS else []
        yield say("job.adverts", links=SEPARATOR.join((*links[:MAX_ADVERTS], *more)))


def _link_of(job: Job) -> Iterator[tuple[str, str]]:
    url, host = (safe_url(job.url), host_of(job.url)) if job.url else (None, None)
    if url and host:
        yield host, url


def _source_of(job: Job) -> str:
    if job.source == BY_HAND:
        return say("job.by_hand")
    return say("job.source", source=escape(job.credit or job.source, 60))
