"""Jobs as messages: one that is announced, one with all that is known of it, and a page of those that were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import discord

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Reading
from bot.frontends.discord.custom_ids import Action, Press, encode
from bot.frontends.discord.job_lists import counted, fitting_lines, job_select, turning
from bot.frontends.discord.layouts import Frame, Layout, button, frame, framed, relative_time, stacked, unbroken
from bot.frontends.discord.terms import MAX_NAME, sought
from bot.frontends.discord.views import Pressable
from bot.frontends.escape import cut, cut_at_sentence, escape, host_of, safe_url
from bot.frontends.labels import SEPARATOR
from bot.frontends.markdown import place_of
from bot.frontends.money import pay_range
from bot.frontends.phrases import say
from bot.frontends.ports import Directory
from bot.jobs.announcing import Delivery, Post, Venue
from bot.jobs.by_hand import BY_HAND
from bot.jobs.job import Job, JobState
from bot.services.find import Found

MAX_TITLE = 160
MAX_EXCERPT = 600
"""Characters of a job's own text: the rest stands where it is applied for."""
MAX_TAGS = 8
MAX_ADVERTS = 4
MAX_LISTED = 10
"""Jobs in a list, if their lines have room for all."""
_GREEN, _GREY = 0x2ECC71, 0x95A5A6


class JobCards:
    """Makes messages about jobs; `directory` names roles."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def delivery(self, delivery: Delivery | Post) -> Layout:
        """Return the message of a delivery; its nonce is found again in the message's components."""
        if len(delivery.jobs) == 1:
            layout = self.announcement(delivery.jobs[0], delivery.nonce, delivery.mention)
        else:
            layout = self._list(delivery.jobs, delivery.nonce, delivery.mention)
        if delivery.venue is Venue.PERSON:
            stop = encode(Press(Action.STOP, 0, marker=str(delivery.subscription)), self._directory) or ""
            layout.add_item(frame(_GREY, [f"-# {say('alerts.yours')}"], rows=[[button(say("alerts.stop"), stop)]]))
        return layout

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
        lines = fitting_lines(jobs[::-1][:MAX_LISTED])
        shown = jobs[::-1][: len(lines)]
        more = [say("digest.more", count=len(jobs) - len(shown))] if len(jobs) > len(shown) else []
        small = SEPARATOR.join((*_pinged(mention), *more, say("job.featured_many")))
        latest = encode(Press(Action.SHOW, 0, (Reading(Intent.JOBS),), marker), self._directory)
        rows = [
            [job_select(shown, 0, self._directory)],
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
            text = f"{title}\n{say('openings.none')}\n{say('found.fewer')}" if said else title
            return framed(_GREY, [text], rows=[self._alert(key, asker)])
        lines = fitting_lines(found.jobs)

        def custom_id_of(page: int) -> str | None:
            return encode(Press(Action.PAGE, asker, marker=f"{key}.{page}"), self._directory)

        rows = [
            [job_select(found.jobs, asker, self._directory)],
            [*turning(found.page, found.total, custom_id_of), *self._alert(key, asker)],
        ]
        small = f"-# {counted(found.first, len(found.jobs), found.total)}"
        return framed(_GREEN, ["\n".join((title, *lines))], small=small, rows=rows)

    def _alert(self, search: str, asker: int) -> list[Pressable]:
        custom_id = encode(Press(Action.ALERT, asker, marker=search), self._directory)
        return [button(say("alerts.of_search"), custom_id)] if custom_id else []

    def _buttons(self, job: Job, marker: str) -> list[discord.ui.Item[Any]]:
        row = self._buttons_of_open(job) if job.state is JobState.OPEN else []
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

    def _buttons_of_open(self, job: Job) -> list[discord.ui.Item[Any]]:
        row: list[discord.ui.Item[Any]] = [
            discord.ui.Button(label=cut(say("job.apply", host=host), 80), url=url) for host, url in _link_of(job)
        ]
        if save := encode(Press(Action.SAVE, marker=job.id), self._directory):
            row.append(button(say("job.save"), save))
        return row


def _pinged(role: int | None) -> list[str]:
    return [f"<@&{role}>"] if role else []


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
