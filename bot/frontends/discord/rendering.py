"""Replies as Components V2: one container, the title first, sources small, next steps as buttons."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import discord

from bot.advisor.answer import Answer, NotDescribed
from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.frontends.discord.custom_ids import Action, Press, can_encode, encode
from bot.frontends.discord.layouts import MAX_TEXT, Layout, button, framed, relative_time, unbroken
from bot.frontends.discord.views import Pressable
from bot.frontends.escape import cut, cut_at_sentence, escape
from bot.frontends.labels import SEPARATOR, label, section_name, step_label
from bot.frontends.markdown import (
    MAX_ATTRIBUTION,
    body,
    decline_reason,
    heading,
    openings_text,
    source_line,
    source_marks,
)
from bot.frontends.phrases import say
from bot.frontends.ports import Directory
from bot.services.ask import Reply

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
        return framed(_ASKING_BACK, [f"## {say('choices.title')}\n{say('choices.lead')}"], rows=[buttons])

    def instead(self, readings: Sequence[Reading], asker: int) -> Layout:
        """Return what may have been meant instead of what was answered."""
        buttons = self._buttons(Action.SHOW, self._labelled(readings), asker, discord.ButtonStyle.primary)
        lead = say("choices.instead") if buttons else say("choices.none")
        return framed(_ASKING_BACK, [f"## {say('choices.instead_title')}\n{lead}"], rows=[buttons])

    def help(self) -> Layout:
        """Return what the bot can do and how."""
        text = f"## {say('help.title')}\n{say('help.text')}"
        small = (say("help.hint"), *(escape(line, MAX_ATTRIBUTION) for line in self._directory.attributions()))
        return framed(_COLOURS[Intent.HELP], [text], small="\n".join(f"-# {line}" for line in small))

    def page(self, text: str) -> Layout:
        """Return a text in a container of its own."""
        return framed(_COLOURS[Intent.HELP], [cut_at_sentence(text, MAX_TEXT)])

    def cards(self, title: str, cards: Sequence[str]) -> Layout:
        """Return cards under a title with lines between them; of more than Discord has room for, the first ones."""
        room = MAX_TEXT - len(title) - MAX_MORE
        lengths = list(accumulate(len(card) + 1 for card in cards[:MAX_CARDS]))
        shown = bisect_right(lengths, room)
        left = len(cards) - shown
        texts = [f"{title}\n{card}" if position == 0 else card for position, card in enumerate(cards[:shown])]
        return framed(_COLOURS[Intent.JOBS], texts, small=say("cards.more", count=left) if left else "")

    def _decline(self, reading: Reading, asker: int) -> Layout:
        nearby = reading.choices[: MAX_STEPS - 1]
        buttons = self._buttons(
            Action.SHOW, self._labelled((*nearby, Reading(Intent.HELP))), asker, discord.ButtonStyle.secondary
        )
        text = f"## {say('decline.title')}\n{decline_reason(reading)}"
        return framed(_DECLINING, [f"{text}\n\n{say('decline.nearby')}" if nearby else text], rows=[buttons])

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
        return framed(_COLOURS[first.intent], [*texts, *filter(None, [openings])], small=small, rows=rows)

    def _whole_button(self, reading: Reading, asker: int) -> Pressable | None:
        parts = (replace(reading, also=(), choices=()), *reading.also)
        custom_id = encode(Press(Action.WHOLE, asker, parts), self._directory)
        return button(say("label.whole"), custom_id) if custom_id else None

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
            button(say(key), custom_id, emoji=emoji)
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
        return [button(text, custom_id, style) for custom_id, text in list(buttons.items())[:MAX_STEPS]]


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
    text = unbroken(re.sub(r"\n\n(?=- )", "\n", body(answer, relative_time, marks)))
    return f"## {title}\n{text}" if title else text
