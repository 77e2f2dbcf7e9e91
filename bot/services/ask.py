"""Answer one question: read it, fetch the facts it names, compose the answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advisor.answer import Answer
from bot.advisor.reading import Reading


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where: follow-ups are remembered for this pair."""

    user: int
    channel: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What was understood, and an answer for it and for each of its `also`; none for choices and declines."""

    reading: Reading
    answers: tuple[Answer, ...] = ()
