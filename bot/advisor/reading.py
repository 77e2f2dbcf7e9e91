"""What a question was understood to ask."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.advisor.knowledge import Section
from bot.language.facets import NO_FILTERS, Filters


class Intent(StrEnum):
    """What kind of answer a question wants."""

    ROLE = "role"
    COMPARE = "compare"
    TRANSITION = "transition"
    FIT = "fit"
    JOBS = "jobs"
    TOPIC = "topic"
    TERM = "term"
    HELP = "help"
    SMALLTALK = "smalltalk"
    OUT_OF_SCOPE = "out_of_scope"


OTHER_LANGUAGE = "other_language"
"""The kind of a question that is declined because of the language it is asked in."""
ABOUT_ROLES = frozenset({Intent.ROLE, Intent.COMPARE, Intent.TRANSITION, Intent.JOBS})
ABOUT_ALL = frozenset({Intent.OUT_OF_SCOPE, Intent.SMALLTALK})
"""Intents that a whole message has, never one sentence of it."""


class Outcome(StrEnum):
    """How a question ends: answered, asked back, or declined."""

    ANSWER = "answer"
    CHOICES = "choices"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a question, with how sure it is (0 to 1).

    An answer may carry `also`: further readings of the same message that are just as sure. When the outcome is
    CHOICES the intent is None and `choices` holds two to four readings to pick from; with any other outcome `choices`
    holds the runners-up, best first. `kind` names which small talk or help is meant, or why a question is
    declined.
    """

    intent: Intent | None
    outcome: Outcome = Outcome.ANSWER
    roles: tuple[str, ...] = ()
    section: Section | None = None
    topic: str | None = None
    term: str | None = None
    kind: str | None = None
    filters: Filters = NO_FILTERS
    confidence: float = 1.0
    also: tuple[Reading, ...] = ()
    choices: tuple[Reading, ...] = ()


def asked(reading: Reading) -> tuple[object, ...]:
    """Return what makes two readings ask for the same, whatever kind, filters and confidence they have."""
    return (reading.intent, reading.roles, reading.section, reading.topic, reading.term)
