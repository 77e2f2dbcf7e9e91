"""How a question becomes a Reading: score what it may mean, keep what is possible, decide how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.advisor.conversation import carry_over, is_elliptical, swapped
from bot.advisor.intent import IntentHead, TrainedHead
from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.advisor.recognition import Recognised, Recogniser
from bot.advisor.retrieval import RoleDescriptions
from bot.language.facets import NO_FILTERS
from bot.language.text import clean, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.advisor.knowledge import Knowledge

NO_SECTION = "none"
MAX_ROLES = 4
MAX_SENTENCES = 16
ASIDE = 0.85
"""What a sentence counts that is neither a question nor the last one: people end with what they want to know."""
DESCRIBED_ENOUGH = 0.34
"""The share of a description that a role's profile must cover to be meant by it."""
NAMED = 0.10
"""What a role or term named for sure takes from "out of scope" and from small talk."""
ALSO = 0.72
"""How sure a second question in the same message must be to be answered too."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which confidence a reading is answered, and from which it is offered."""

    answer: float = 0.5
    offer: float = 0.18


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible reading with its raw score."""

    reading: Reading
    score: float


class Interpreter:
    """Turns questions into Readings by means of one knowledge base."""

    def __init__(
        self,
        knowledge: Knowledge,
        *,
        trained: Mapping[str, TrainedHead] | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        """Train the heads from the phrasings; `trained` from an equal knowledge base skips that."""
        self._knowledge = knowledge
        self.recogniser = Recogniser(knowledge)
        self.thresholds = thresholds or Thresholds()
        self._descriptions = RoleDescriptions(knowledge)
        trained = trained or {}
        self._intents = IntentHead(self._intent_examples(), trained.get("intents"))
        sections = self._section_examples()
        self._sections = IntentHead(sections, trained.get("sections")) if sections else None

    @property
    def trained(self) -> dict[str, TrainedHead]:
        """The trained heads, to be kept for the next start."""
        heads = {"intents": self._intents, "sections": self._sections}
        return {name: head.trained for name, head in heads.items() if head}

    def _intent_examples(self) -> list[tuple[str, tuple[str, ...]]]:
        examples = [
            (_label(intent.intent, intent.section, intent.kind), self.recogniser.template(phrasing))
            for intent in self._knowledge.intents
            for phrasing in intent.phrasings
        ]
        for topic in self._knowledge.topics.values():
            label = f"{Intent.TOPIC}.{topic.id}"
            examples += [(label, self.recogniser.template(text)) for text in (*topic.phrasings, topic.title)]
        return examples

    def _section_examples(self) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (intent.section or NO_SECTION, self.recogniser.template(phrasing))
            for intent in self._knowledge.intents
            if intent.section or intent.intent == Intent.COMPARE
            for phrasing in intent.phrasings
        ]

    def interpret(self, question: str, context: Sequence[Reading] = ()) -> Reading:
        """Return what `question` asks, after earlier readings of the same asker (the last one counts)."""
        text = clean(question)
        recognised = self._recognise(text)
        previous = context[-1] if context else None
        return swapped(recognised, previous) or self._decide(self._candidates(text, recognised, previous))

    def _recognise(self, text: str) -> Recognised:
        """Recognise names; roles named only by a doubtful short form must be part of a question about roles."""
        recognised = self.recogniser.recognise(text)
        if not recognised.doubtful:
            return recognised
        best = self._intents.score(recognised.slotted).ranked[0][0]
        if Intent(best.partition(".")[0]) in _ABOUT_ROLES:
            return recognised
        return self.recogniser.recognise(text, without=recognised.doubtful)

    def _candidates(self, text: str, whole: Recognised, previous: Reading | None) -> list[Candidate]:
        best: dict[tuple[object, ...], Candidate] = {}
        for label, score, part in self._scored(text, whole):
            reading = self._ground(label, part, whole, previous)
            if reading is None:
                continue
            candidate = Candidate(reading, score - NAMED * _is_beside_the_point(reading, whole))
            key = (reading.intent, reading.roles, reading.section, reading.topic, reading.term)
            if key not in best or best[key].score < candidate.score:
                best[key] = candidate
        return sorted(best.values(), key=lambda candidate: -candidate.score)

    def _scored(self, text: str, whole: Recognised) -> list[tuple[str, float, Recognised]]:
        """Return (label, score, the part it was read from) for the whole text and for each of its sentences."""
        scored = [(label, score, whole) for label, score in self._intents.score(whole.slotted).ranked]
        parts = sentences(text)[-MAX_SENTENCES:]
        if len(parts) > 1:
            for number, sentence in enumerate(parts, start=1):
                part = self.recogniser.recognise(sentence)
                weight = 1.0 if "?" in sentence or number == len(parts) else ASIDE
                scored += [(label, weight * score, part) for label, score in self._intents.score(part.slotted).ranked]
        return scored

    def _ground(self, label: str, part: Recognised, whole: Recognised, previous: Reading | None) -> Reading | None:
        """Return the reading that a label means here, or None when what it needs was not named."""
        name, _, detail = label.partition(".")
        intent = Intent(name)
        roles = (part.roles or whole.roles)[:MAX_ROLES]
        match intent:
            case Intent.ROLE:
                return self._about_roles(Section(detail), roles, part, whole, previous)
            case Intent.COMPARE:
                return self._comparison(roles, part, whole, previous)
            case Intent.TRANSITION:
                return self._transition(roles, part, previous)
            case Intent.JOBS:
                return Reading(intent, roles=roles or whole.implied[:1], filters=whole.filters)
            case Intent.TOPIC:
                return Reading(intent, topic=detail)
            case Intent.TERM:
                terms = part.terms or whole.terms
                return Reading(intent, term=terms[0]) if terms else None
            case Intent.FIT:
                return Reading(intent)
            case Intent.HELP | Intent.SMALLTALK:
                return Reading(intent, kind=detail or None)
            case Intent.OUT_OF_SCOPE:
                return Reading(intent, outcome=Outcome.DECLINE)

    def _about_roles(
        self, section: Section, roles: tuple[str, ...], part: Recognised, whole: Recognised, previous: Reading | None
    ) -> Reading | None:
        filters = whole.filters if section in _FILTERED else NO_FILTERS
        if not roles:
            roles = part.implied[:1] or whole.implied[:1] or carry_over(previous) or self._described(part, whole)
        if not roles:
            return None
        intent = Intent.ROLE if len(roles) == 1 else Intent.COMPARE
        return Reading(intent, roles=roles, section=section, filters=replace(filters, salary_min=None))

    def _comparison(
        self, roles: tuple[str, ...], part: Recognised, whole: Recognised, previous: Reading | None
    ) -> Reading | None:
        if len(roles) == 1 and previous:
            roles = tuple(dict.fromkeys((*previous.roles[:1], *roles)))
        if not roles:
            roles = carry_over(previous)
        if len(roles) < 2:
            return None
        section = self._section_of(part)
        filters = whole.filters if section in _FILTERED else NO_FILTERS
        return Reading(Intent.COMPARE, roles=roles, section=section, filters=replace(filters, salary_min=None))

    def _section_of(self, part: Recognised) -> Section | None:
        if self._sections is None:
            return None
        best = self._sections.score(part.slotted).ranked[0][0]
        return None if best == NO_SECTION else Section(best)

    def _transition(self, roles: tuple[str, ...], part: Recognised, previous: Reading | None) -> Reading | None:
        if len(roles) == 1 and previous and is_elliptical(part):
            roles = tuple(dict.fromkeys((*previous.roles[:1], *roles)))
        return Reading(Intent.TRANSITION, roles=self.recogniser.from_to(roles[:2], part)) if roles else None

    def _described(self, part: Recognised, whole: Recognised) -> tuple[str, ...]:
        for described in (part, whole):
            matches = self._descriptions.match(described.tokens)
            if matches and matches[0].score >= DESCRIBED_ENOUGH:
                return (matches[0].role,)
        return ()

    def _decide(self, candidates: list[Candidate]) -> Reading:
        if not candidates:
            return Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE, confidence=0.5)
        sure = [
            replace(candidate.reading, confidence=_confidence(candidate, candidates)) for candidate in candidates[:6]
        ]
        best = sure[0]
        others = tuple(reading for reading in sure[1:] if reading.intent not in _NOT_OFFERED)
        if best.intent is Intent.OUT_OF_SCOPE:
            return replace(best, choices=others[:2])
        if best.confidence >= self.thresholds.answer:
            return replace(best, choices=others[:3])
        offered = tuple(r for r in sure if r.intent not in _NOT_OFFERED and r.confidence >= 0.02)[:4]
        if best.confidence >= self.thresholds.offer and len(offered) > 1:
            return Reading(None, outcome=Outcome.CHOICES, confidence=best.confidence, choices=offered)
        return Reading(
            Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE, confidence=1 - best.confidence, choices=offered[:2]
        )


_ABOUT_ROLES = frozenset({Intent.ROLE, Intent.COMPARE, Intent.TRANSITION, Intent.JOBS})
_FILTERED = frozenset({Section.SALARY, Section.OUTLOOK})
_NOT_OFFERED = frozenset({Intent.OUT_OF_SCOPE, Intent.SMALLTALK})


def _label(intent: str, section: Section | None, kind: str | None) -> str:
    if intent == Intent.ROLE:
        return f"{intent}.{section or Section.OVERVIEW}"
    return f"{intent}.{kind}" if kind else intent


def _is_beside_the_point(reading: Reading, whole: Recognised) -> bool:
    named = bool(whole.terms) or bool(set(whole.roles) - whole.doubtful)
    return named and reading.intent in _NOT_OFFERED


def _confidence(candidate: Candidate, candidates: list[Candidate]) -> float:
    """Return how likely a candidate is right (0-1), from its score and its distance to the best other one."""
    rival = max((other.score for other in candidates if other is not candidate), default=0.0)
    return 1 / (1 + math.exp(-(9 * candidate.score + 9 * (candidate.score - rival) - 4.2)))
