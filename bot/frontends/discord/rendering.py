"""Replies and jobs as Components V2: one container, the title first, sources small, next steps as buttons."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from typing import Any

import discord

from bot.advisor.answer import Answer, NotDescribed
from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.frontends.discord.custom_ids import Action, Press, can_encode, encode
from bot.frontends.discord.views import Pressable
from bot.frontends.escape import cut, cut_at_sentence, escape, host_of, plain, safe_url
from bot.frontends.labels import SEPARATOR, label, section_name, step_label
from bot.frontends.markdown import (
    MAX_ATTRIBUTION,
    body,
    decline_reason,
    heading,
    openings_text,
    place_of,
    source_line,
    source_marks,
)
from bot.frontends.money import pay_range
from bot.frontends.phrases import say
from bot.frontends.ports import Directory
from bot.jobs.by_hand import BY_HAND
from bot.jobs.job import Job
from bot.services.ask import Reply

MAX_TEXT = 4000
"""Characters in all of a message's texts together (Components V2)."""
MAX_SOURCE_LINE = 700
MAX_CARDS = 19
"""A container, its texts and the lines between them are 40 components at most."""
MAX_MORE = 40
MAX_ANSWERS = 3
MAX_STEPS = 4
MAX_RUNNERS_UP = 3
PHONE_LINES = 15
PHONE_WIDTH = 36
"""Characters in a line of text on a phone, about."""
LABEL_LENGTH = 38
"""A button's label may have 80 characters; longer ones than this fill a row of a phone by themselves."""

_COLOURS = {
    Intent.ROLE: 0x5865F2,
    Intent.COMPARE: 0x9B59B6,
    Intent.TRANSITION: 0x1ABC9C,
    Intent.FIT: 0xEB459E,
    Intent.JOBS: 0x2ECC71,
    Intent.TOPIC: 0xF1C40F,
    Intent.TERM: 0x3498DB,
    Intent.HELP: 0x5865F2,
    Intent.SMALLTALK: 0x95A5A6,
    Intent.OUT_OF_SCOPE: 0x95A5A6,
}
_CUT = frozenset({Intent.ROLE, Intent.TOPIC, Intent.TERM, Intent.TRANSITION})
"""What may be cut to a phone's height: it begins with what matters most. A comparison ends in it."""
_ASKING_BACK = 0xE67E22
_DECLINING = 0x95A5A6
_JOB = 0x2ECC71

Layout = discord.ui.LayoutView


def relative_time(moment: datetime) -> str:
    """Return a point in time that Discord shows as "3 days ago" in the reader's language."""
    return discord.utils.format_dt(moment, "R")


class Renderer:
    """Makes messages; `directory` names roles, topics and terms."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def reply(self, reply: Reply, asker: int, *, asked: bool = False) -> Layout:
        """Return the message for a reply to `asker`; `asked` adds feedback, for what was read from free text."""
        if reply.reading.outcome is Outcome.CHOICES:
            return self.choices(reply.reading.choices, asker)
        if reply.reading.outcome is Outcome.DECLINE or not reply.answers:
            return self._decline(reply.reading, asker)
        return self._answers(reply, asker, asked=asked, lines=PHONE_LINES // min(len(reply.answers), MAX_ANSWERS))

    def whole_reply(self, reply: Reply, asker: int) -> Layout:
        """Return the message for a reply with nothing left out that Discord has room for."""
        if not reply.answers:
            return self.reply(reply, asker)
        return self._answers(reply, asker, asked=False, lines=MAX_TEXT)

    def choices(self, readings: Sequence[Reading], asker: int) -> Layout:
        """Return the question back: two to four readings as buttons."""
        buttons = self._buttons(Action.SHOW, self._labelled(readings), asker, discord.ButtonStyle.primary)
        return _page(_ASKING_BACK, [f"## {say('choices.title')}\n{say('choices.lead')}"], rows=[buttons])

    def instead(self, readings: Sequence[Reading], asker: int) -> Layout:
        """Return what may have been meant instead of what was answered."""
        buttons = self._buttons(Action.SHOW, self._labelled(readings), asker, discord.ButtonStyle.primary)
        lead = say("choices.instead") if buttons else say("choices.none")
        return _page(_ASKING_BACK, [f"## {say('choices.instead_title')}\n{lead}"], rows=[buttons])

    def help(self) -> Layout:
        """Return what the bot can do and how."""
        text = f"## {say('help.title')}\n{say('help.text')}"
        small = (say("help.hint"), *(escape(line, MAX_ATTRIBUTION) for line in self._directory.attributions()))
        return _page(_COLOURS[Intent.HELP], [text], small="\n".join(f"-# {line}" for line in small))

    def page(self, text: str) -> Layout:
        """Return a text in a container of its own."""
        return _page(_COLOURS[Intent.HELP], [cut_at_sentence(text, MAX_TEXT)])

    def cards(self, title: str, cards: Sequence[str]) -> Layout:
        """Return cards under a title with lines between them; of more than Discord has room for, the first ones."""
        room = MAX_TEXT - len(title) - MAX_MORE
        lengths = list(accumulate(len(card) + 1 for card in cards[:MAX_CARDS]))
        shown = bisect_right(lengths, room)
        left = len(cards) - shown
        texts = [f"{title}\n{card}" if position == 0 else card for position, card in enumerate(cards[:shown])]
        return _page(_COLOURS[Intent.JOBS], texts, small=say("cards.more", count=left) if left else "")

    def job(self, job: Job, marker: str = "") -> Layout:
        """Return the message that announces a job; `marker` is found again in the message's components."""
        rows = [self._job_buttons(job, marker)]
        facts = [
            f"**{escape(job.company, 80)}**" + (f"{SEPARATOR}{place}" if (place := place_of(job, 80)) else ""),
            f"**{_unbroken(pay_range(job.pay))}**" if job.pay else say("job.pay_unknown"),
        ]
        terms = _terms(job)
        lines = [f"## {escape(job.title, 160)}", facts[0], *([terms] if terms else []), facts[1]]
        since = (
            say("job.posted", when=relative_time(job.posted))
            if job.posted
            else say("job.found", when=relative_time(job.first_seen))
        )
        again = [say("job.reposted", count=job.reposts)] if job.reposts else []
        small = SEPARATOR.join((say("job.featured"), since, *again, _source_of(job)))
        return _page(_JOB, ["\n".join(lines)], small=f"-# {small}", rows=rows)

    def _decline(self, reading: Reading, asker: int) -> Layout:
        nearby = reading.choices[: MAX_STEPS - 1]
        buttons = self._buttons(
            Action.SHOW, self._labelled((*nearby, Reading(Intent.HELP))), asker, discord.ButtonStyle.secondary
        )
        text = f"## {say('decline.title')}\n{decline_reason(reading)}"
        return _page(_DECLINING, [f"{text}\n\n{say('decline.nearby')}" if nearby else text], rows=[buttons])

    def _answers(self, reply: Reply, asker: int, *, asked: bool, lines: int) -> Layout:
        """Return the message for answers, each of at most about `lines` lines on a phone."""
        answers = reply.answers[:MAX_ANSWERS]
        small = cut_line(source_line(answers), MAX_SOURCE_LINE)
        first = answers[0]
        openings = openings_text(first, relative_time)
        room = (MAX_TEXT - len(small) - len(openings)) // len(answers)
        marks = source_marks(answers)
        whole = [cut_at_sentence(_answer_text(answer, marks), room) for answer in answers]
        texts = [
            cut_at_lines(text, lines) if answer.intent in _CUT else text
            for answer, text in zip(answers, whole, strict=True)
        ]
        more = [self._whole_button(reply.reading, asker)] if texts != whole else []
        rows: list[list[Pressable]] = [
            *self._sections(first, asker),
            [*filter(None, more), *self._steps(answers, asker)][:MAX_STEPS],
        ]
        if asked and first.intent not in {Intent.SMALLTALK, Intent.HELP}:
            rows.append(self._feedback(reply.reading, asker))
        return _page(_COLOURS[first.intent], [*texts, *filter(None, [openings])], small=small, rows=rows)

    def _whole_button(self, reading: Reading, asker: int) -> Pressable | None:
        parts = (replace(reading, also=(), choices=()), *reading.also)
        custom_id = encode(Press(Action.WHOLE, asker, parts), self._directory)
        return _button(say("label.whole"), custom_id) if custom_id else None

    def _sections(self, answer: Answer, asker: int) -> list[list[Pressable]]:
        """Return the select of the sections of what an answer is about, as a row of its own."""
        reading = answer.reading
        if answer.intent not in {Intent.ROLE, Intent.COMPARE} or not reading.roles:
            return []
        whole = replace(reading, section=None, also=(), choices=())
        custom_id = encode(Press(Action.SECTION, asker, (whole,)), self._directory)
        if custom_id is None or any(isinstance(block, NotDescribed) for block in answer.blocks):
            return []
        shown = reading.section or (Section.OVERVIEW if answer.intent is Intent.ROLE else None)
        options = [
            discord.SelectOption(label=section_name(section), value=section.value)
            for section in Section
            if section is not shown and not (answer.intent is Intent.COMPARE and section is Section.OVERVIEW)
        ]
        key = "select.sections" if answer.intent is Intent.ROLE else "select.compared"
        select: discord.ui.Select[Any] = discord.ui.Select(custom_id=custom_id, placeholder=say(key), options=options)
        return [[Pressable(select)]]

    def _steps(self, answers: Sequence[Answer], asker: int) -> list[Pressable]:
        shown = {replace(answer.reading, also=(), choices=(), confidence=1.0) for answer in answers}
        steps = [
            (step, step_label(step, answer.reading, self._directory))
            for answer in answers
            for step in answer.next_steps
            if step not in shown
        ]
        return self._buttons(Action.SHOW, steps, asker, discord.ButtonStyle.secondary)

    def _feedback(self, reading: Reading, asker: int) -> list[Pressable]:
        runners_up = tuple(r for r in reading.choices if can_encode(r, self._directory))[:MAX_RUNNERS_UP]
        about = (replace(reading, also=(), choices=()),) if can_encode(reading, self._directory) else ()
        buttons = (
            ("feedback.helpful", Press(Action.HELPFUL, asker, about), "\N{THUMBS UP SIGN}"),
            ("feedback.not_asked", Press(Action.NOT_ASKED, asker, runners_up), None),
        )
        return [
            _button(say(key), custom_id, emoji=emoji)
            for key, press, emoji in buttons
            if (custom_id := encode(press, self._directory))
        ]

    def _labelled(self, readings: Iterable[Reading]) -> list[tuple[Reading, str]]:
        return [(reading, label(reading, self._directory)) for reading in readings]

    def _buttons(
        self, action: Action, readings: Iterable[tuple[Reading, str]], asker: int, style: discord.ButtonStyle
    ) -> list[Pressable]:
        """Return at most four buttons; readings that mean or say the same share one, those without a code have none."""
        buttons: dict[str, str] = {}
        for reading, text in readings:
            custom_id = encode(Press(action, asker, (replace(reading, also=(), choices=()),)), self._directory)
            if custom_id and text not in buttons.values():
                buttons.setdefault(custom_id, text)
        return [_button(text, custom_id, style) for custom_id, text in list(buttons.items())[:MAX_STEPS]]

    def _job_buttons(self, job: Job, marker: str) -> list[discord.ui.Item[Any]]:
        row: list[discord.ui.Item[Any]] = []
        url, host = (safe_url(job.url), host_of(job.url)) if job.url else (None, None)
        if url and host:
            row.append(discord.ui.Button(label=cut(say("job.apply", host=host), 80), url=url))
        if job.role:
            pay = Reading(Intent.ROLE, roles=(job.role,), section=Section.SALARY)
            about = Reading(Intent.ROLE, roles=(job.role,), section=Section.OVERVIEW)
            pressed = ((Action.SHOW, pay, "job.pay"), (Action.COMPARE, about, "job.compare"))
            for action, reading, key in pressed:
                custom_id = encode(Press(action, 0, (reading,)), self._directory)
                if custom_id:
                    row.append(_button(say(key), custom_id))
        for more in (Reading(Intent.JOBS, roles=(job.role,) if job.role else ()), Reading(Intent.JOBS)):
            custom_id = encode(Press(Action.SHOW, 0, (more,), marker), self._directory)
            if custom_id:
                return [*row, _button(say("job.more"), custom_id)]
        return row


def cut_at_lines(text: str, limit: int) -> str:
    """Return a text without its last lines where it would fill more than about `limit` lines of a phone."""
    kept: list[str] = []
    used = 0
    for line in text.split("\n"):
        used += max(1, -(-len(line.replace("**", "")) // PHONE_WIDTH)) if line else 0
        if used > limit and len(kept) > 1:
            return "\n".join(kept).rstrip()
        kept.append(line)
    return text


def cut_line(line: str, limit: int) -> str:
    """Return a line of facts that are set apart, with the last ones left out where it is too long."""
    parts = line.split(SEPARATOR)
    while len(SEPARATOR.join(parts)) > limit and len(parts) > 1:
        parts.pop()
    return cut(SEPARATOR.join(parts), limit)


def _answer_text(answer: Answer, marks: Mapping[str, str]) -> str:
    title = heading(answer)
    text = _unbroken(re.sub(r"\n\n(?=- )", "\n", body(answer, relative_time, marks)))
    return f"## {title}\n{text}" if title else text


def _source_of(job: Job) -> str:
    if job.source == BY_HAND:
        return say("job.by_hand")
    return say("job.source", source=escape(job.credit or job.source, 60))


def _terms(job: Job) -> str:
    words = [say(f"level.{job.level.value}")] if job.level else []
    words += [say(f"employment.{employment.value}") for employment in job.employment]
    if job.remote or job.hybrid:
        words.append(say("filter.remote" if job.remote else "job.hybrid"))
    return SEPARATOR.join(words).capitalize()


def _unbroken(text: str) -> str:
    """Return a text whose ranges stay on one line: a line may else end after the dash of 2023–2025."""
    return re.sub(r"(?<=\w)–(?=[\w$£€])", "–\N{WORD JOINER}", text)


def _button(
    text: str,
    custom_id: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
) -> Pressable:
    return Pressable(discord.ui.Button(label=plain(text, LABEL_LENGTH), custom_id=custom_id, style=style, emoji=emoji))


def _page(
    colour: int,
    texts: Sequence[str],
    *,
    small: str = "",
    rows: Sequence[Sequence[discord.ui.Item[Any]]] = (),
) -> Layout:
    """Return one container: the texts with lines between them, a small line, and the rows that are not empty."""
    container: discord.ui.Container[Layout] = discord.ui.Container(accent_colour=colour)
    for position, text in enumerate(texts):
        if position:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(text or "\N{ZERO WIDTH SPACE}"))
    if small:
        container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(small))
    for row in rows:
        if row:
            container.add_item(discord.ui.ActionRow(*row))
    layout = Layout(timeout=None)
    layout.add_item(container)
    return layout
