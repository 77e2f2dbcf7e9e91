"""How a question becomes a Reading: score what it may mean, keep what is possible, decide how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.advisor.conversation import carry_over, continued_jobs, is_elliptical, swapped
from bot.advisor.intent import IntentHead, TrainedHead, labels_of, train
from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.advisor.recognition import Recognised, Recogniser
from bot.advisor.retrieval import RoleDescriptions
from bot.language.facets import NO_FILTERS, Filters
from bot.language.text import clauses, clean, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.advisor.knowledge import Knowledge

    Examples = list[tuple[str, tuple[str, ...]]]

NO_SECTION = "none"
MAX_ROLES = 4
MAX_SENTENCES = 16
SHORTEST_SENTENCE = 3
"""Words that a sentence needs to be read by itself; shorter ones are items of a list, or polite."""
ASIDE = 0.8
"""What a sentence counts that is neither a question nor the last one: people end with what they want to know."""
NAMED = 0.12
"""What a role named for sure adds to the readings about roles, and takes from small talk and "out of scope"."""
TERM_NAMED = 0.08
"""The same for a term; less, since terms also stand in questions about something else."""
PAY_ASKED = 0.15
"""What an amount of pay adds to a search for jobs: people name one to narrow, seldom to ask."""
SECTION_SCORE = 0.3
"""The score that a section needs for a comparison to be about that section only."""
SECTION_SHARE = 0.8
"""The share of the score of "no section" that a section needs for a comparison to be about that section only."""
ALSO = 0.85
"""How sure a second question in a message must be to be answered too."""
LONGEST_DOUBLE = 45
"""Words of a message up to which a second question is looked for; longer ones tell a story around one."""
OFFERED = 4
FOREIGN = 0.04
"""By how much "out of scope" may trail the best reading of an unclear question for it to be declined."""
UNLIKELY = 0.03
"""Below this confidence a reading is not offered either."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which confidence a reading is answered, and from which it is offered."""

    answer: float = 0.58
    offer: float = 0.36


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible reading with its raw score."""

    reading: Reading
    score: float


class Interpreter:
    """Turns questions into Readings by means of one knowledge base."""

    def __init__(self, knowledge: Knowledge, *, trained: Mapping[str, TrainedHead] | None = None) -> None:
        """Train the heads from the phrasings; `trained` from an equal knowledge base skips that."""
        self._knowledge = knowledge
        self.recogniser = Recogniser(knowledge)
        self.thresholds = Thresholds()
        self._descriptions = RoleDescriptions(knowledge)
        trained = trained or {
            name: train(examples)
            for name, examples in (("intents", self._intent_examples()), ("sections", self._section_examples()))
            if examples
        }
        self.trained = trained
        self._intents = IntentHead(_labels(self._intent_labels()), trained["intents"])
        self._sections = (
            IntentHead(_labels(self._section_labels()), trained["sections"]) if "sections" in trained else None
        )

    def _intent_labels(self) -> Iterator[tuple[str, str]]:
        """Yield (label, phrasing) of everything that can be asked."""
        for intent in self._knowledge.intents:
            yield from ((_label(intent.intent, intent.section, intent.kind), text) for text in intent.phrasings)
        for topic in self._knowledge.topics.values():
            yield from ((f"{Intent.TOPIC}.{topic.id}", text) for text in (*topic.phrasings, topic.title))

    def _section_labels(self) -> Iterator[tuple[str, str]]:
        """Yield (section, phrasing) of what is asked about one section, or about whole roles."""
        for intent in self._knowledge.intents:
            if intent.section or intent.intent == Intent.COMPARE:
                yield from ((intent.section or NO_SECTION, text) for text in intent.phrasings)

    def _intent_examples(self) -> Examples:
        return [
            (label, self._for_label(label, self.recogniser.template(text))) for label, text in self._intent_labels()
        ]

    def _section_examples(self) -> Examples:
        return [(label, self.recogniser.template(text).slotted) for label, text in self._section_labels()]

    @staticmethod
    def _for_label(label: str, recognised: Recognised) -> tuple[str, ...]:
        """Return the words that count for a label: a topic may be about one very term, other intents about any."""
        return recognised.literal if label.startswith(Intent.TOPIC) else recognised.slotted

    def interpret(self, question: str, context: Sequence[Reading] = ()) -> Reading:
        """Return what `question` asks, after earlier readings of the same asker (the last one counts)."""
        text = clean(question)
        whole = self._recognise(text)
        swap = swapped(whole, context[-1] if context else None, self.recogniser.linking)
        if swap:
            return swap
        reading = self._decide(self._candidates(self._parts(text, whole), whole, context))
        if reading.outcome is not Outcome.ANSWER:
            return reading
        return replace(reading, also=self._also(text, whole, reading, context))

    def _also(self, text: str, whole: Recognised, main: Reading, context: Sequence[Reading]) -> tuple[Reading, ...]:
        """Return the other question of a message that asks two, when it is sure."""
        pieces = clauses(text, self.recogniser.joining, SHORTEST_SENTENCE)
        if len(pieces) < 2 or len(whole.tokens) > LONGEST_DOUBLE:
            return ()
        for piece in pieces:
            part = self.recogniser.recognise(piece, without=whole.dropped)
            reading = self._decide(self._candidates([(part, 1.0)], whole, context))
            if reading.confidence >= ALSO and _adds_to(main, reading):
                return (replace(reading, choices=()),)
        return ()

    def _recognise(self, text: str) -> Recognised:
        """Recognise names; roles named only by a doubtful short form must be part of a question about roles."""
        recognised = self.recogniser.recognise(text)
        if not recognised.doubtful:
            return recognised
        best = self._intents.score(recognised.slotted).ranked[0][0]
        if _intent_of(best) in _ABOUT_ROLES:
            return recognised
        return self.recogniser.recognise(text, without=recognised.doubtful)

    def _candidates(
        self, parts: Iterable[tuple[Recognised, float]], whole: Recognised, context: Sequence[Reading]
    ) -> list[Candidate]:
        best: dict[tuple[object, ...], Candidate] = {}
        for part, weight in parts:
            for label, score in self._scored(part).items():
                if part is not whole and _intent_of(label) in _WHOLE_ONLY:
                    continue
                reading = self._ground(label, part, whole, context)
                if reading is None:
                    continue
                candidate = Candidate(reading, weight * (score + _evidence(reading, part, whole, context)))
                key = (reading.intent, reading.roles, reading.section, reading.topic, reading.term)
                if key not in best or best[key].score < candidate.score:
                    best[key] = candidate
        return sorted(best.values(), key=lambda candidate: -candidate.score)

    def _parts(self, text: str, whole: Recognised) -> Iterator[tuple[Recognised, float]]:
        """Yield the whole text and each of its sentences, with what they count."""
        yield whole, 1.0
        parts = sentences(text)[-MAX_SENTENCES:]
        if len(parts) > 1:
            for number, sentence in enumerate(parts, start=1):
                asks = "?" in sentence or number == len(parts)
                part = self.recogniser.recognise(sentence, without=whole.dropped)
                if len(part.slotted) >= SHORTEST_SENTENCE:
                    yield part, 1.0 if asks else ASIDE

    def _scored(self, part: Recognised) -> dict[str, float]:
        """Return the score of each label; topics are scored on the words as they are, the others on slots."""
        slotted = dict(self._intents.score(part.slotted).ranked)
        if part.slotted == part.literal:
            return slotted
        literal = self._intents.score(part.literal).ranked
        return slotted | {label: score for label, score in literal if label.startswith(Intent.TOPIC)}

    def _ground(self, label: str, part: Recognised, whole: Recognised, context: Sequence[Reading]) -> Reading | None:
        """Return the reading that a label means here, or None when what it needs was not named."""
        intent, detail = _intent_of(label), label.partition(".")[2]
        roles = (part.roles or whole.roles)[:MAX_ROLES]
        match intent:
            case Intent.ROLE if len(roles) > 1:
                moves = detail in _MOVING and len(roles) == 2 and self.recogniser.says_direction(roles, part)
                return self._transition(roles, part, context) if moves else self._comparison(roles, part, whole)
            case Intent.ROLE:
                return self._about_role(Section(detail), roles, part, whole, context)
            case Intent.COMPARE:
                if len(roles) < 2:
                    roles = tuple(dict.fromkeys((*carry_over(context)[:MAX_ROLES], *roles)))
                return self._comparison(roles if len(roles) >= len(part.candidates) else part.candidates, part, whole)
            case Intent.TRANSITION:
                return self._transition(roles, part, context)
            case Intent.JOBS:
                jobs = Reading(intent, roles=roles or whole.implied[:1], filters=whole.filters)
                return continued_jobs(jobs, context, whole)
            case Intent.TOPIC:
                return Reading(intent, topic=detail)
            case Intent.TERM:
                terms = part.terms or whole.terms
                return Reading(intent, term=terms[0]) if terms else None
            case Intent.FIT:
                return Reading(intent, roles=roles)
            case Intent.HELP | Intent.SMALLTALK:
                return Reading(intent, kind=detail or None)
            case Intent.OUT_OF_SCOPE:
                return Reading(intent, outcome=Outcome.DECLINE)

    def _about_role(
        self, section: Section, roles: tuple[str, ...], part: Recognised, whole: Recognised, context: Sequence[Reading]
    ) -> Reading | None:
        roles = roles or part.implied[:1] or whole.implied[:1]
        roles = (
            roles
            or carry_over(context)
            or self._descriptions.meant(part.tokens)
            or self._descriptions.meant(whole.tokens)
        )
        if not roles:
            return None
        intent = Intent.ROLE if len(roles) == 1 else Intent.COMPARE
        return Reading(intent, roles=roles, section=section, filters=_narrowed(section, whole.filters))

    def _comparison(self, roles: tuple[str, ...], part: Recognised, whole: Recognised) -> Reading | None:
        if len(roles) < 2:
            return None
        section = self._section_of(part)
        return Reading(Intent.COMPARE, roles=roles, section=section, filters=_narrowed(section, whole.filters))

    def _section_of(self, part: Recognised) -> Section | None:
        """Return the section that a comparison is about; None when it is about the roles as a whole."""
        if self._sections is None:
            return None
        scores = dict(self._sections.score(part.slotted).ranked)
        whole = scores.pop(NO_SECTION, 0.0)
        best = max(scores, key=scores.__getitem__)
        return Section(best) if scores[best] > max(SECTION_SCORE, SECTION_SHARE * whole) else None

    def _transition(self, roles: tuple[str, ...], part: Recognised, context: Sequence[Reading]) -> Reading | None:
        if len(roles) == 1 and is_elliptical(part) and (earlier := carry_over(context)[:1]) not in {(), roles}:
            return Reading(Intent.TRANSITION, roles=self.recogniser.from_to_earlier(roles[0], earlier[0], part))
        return Reading(Intent.TRANSITION, roles=self.recogniser.from_to(roles[:2], part)) if roles else None

    def _decide(self, candidates: list[Candidate]) -> Reading:
        if not candidates:
            return Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE, confidence=0.5)
        rated = [replace(c.reading, confidence=_confidence(c, candidates)) for c in candidates[: OFFERED + 2]]
        best = rated[0]
        offered = tuple(r for r in rated if r.intent not in _WHOLE_ONLY and r.confidence >= UNLIKELY)[:OFFERED]
        others = tuple(reading for reading in offered if reading is not best)
        if best.intent is Intent.OUT_OF_SCOPE:
            return replace(best, choices=others[:2])
        if best.confidence >= self.thresholds.answer:
            return replace(best, choices=others[:3])
        if best.confidence >= self.thresholds.offer and len(offered) > 1 and not _is_foreign(candidates):
            return Reading(None, outcome=Outcome.CHOICES, confidence=best.confidence, choices=offered)
        return Reading(
            Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE, confidence=1 - best.confidence, choices=offered[:2]
        )


_ABOUT_ROLES = frozenset({Intent.ROLE, Intent.COMPARE, Intent.TRANSITION, Intent.JOBS})
_WHOLE_ONLY = frozenset({Intent.OUT_OF_SCOPE, Intent.SMALLTALK})
_MOVING = frozenset({Section.GETTING_STARTED, Section.CAREER_PATH})
_FILTERED = frozenset({Section.SALARY, Section.OUTLOOK})


def _labels(labelled: Iterator[tuple[str, str]]) -> tuple[str, ...]:
    return labels_of([(label, ()) for label, _ in labelled])


def _label(intent: str, section: Section | None, kind: str | None) -> str:
    if intent == Intent.ROLE:
        return f"{intent}.{section or Section.OVERVIEW}"
    return f"{intent}.{kind}" if kind else intent


def _intent_of(label: str) -> Intent:
    return Intent(label.partition(".")[0])


def _narrowed(section: Section | None, filters: Filters) -> Filters:
    """Return the filters that a section takes: pay and outlook have figures by country, level and year."""
    if section not in _FILTERED:
        return NO_FILTERS
    return replace(filters, salary_min=None, employment=None)


def _evidence(reading: Reading, part: Recognised, whole: Recognised, context: Sequence[Reading]) -> float:
    """Return what a name in the text says for a reading that uses it, and against one that ignores it."""
    if reading.intent in _WHOLE_ONLY:
        return -NAMED if set(whole.roles) - whole.doubtful or whole.terms else 0.0
    if reading.intent is Intent.TERM:
        return TERM_NAMED if part.terms and not part.roles else 0.0
    if reading.intent is Intent.JOBS and whole.filters.salary_min:
        return NAMED + PAY_ASKED
    if reading.intent in _ABOUT_ROLES and reading.roles:
        carried = reading.roles == carry_over(context)
        return NAMED if carried or set(reading.roles) & set(part.roles) else 0.0
    return 0.0


def _adds_to(main: Reading, other: Reading) -> bool:
    """Return whether a reading of a part of a message asks for something that the main one does not answer."""
    if other.outcome is not Outcome.ANSWER or other.intent in {*_WHOLE_ONLY, Intent.HELP, Intent.FIT}:
        return False
    if main.intent in {*_WHOLE_ONLY, Intent.HELP, Intent.FIT} or main.intent is other.intent is Intent.JOBS:
        return False
    if main.intent in {Intent.COMPARE, Intent.TRANSITION} and other.intent is not Intent.JOBS:
        return False
    asked = (other.intent, other.roles, other.section, other.topic, other.term)
    return asked != (main.intent, main.roles, main.section, main.topic, main.term)


def _is_foreign(candidates: Sequence[Candidate]) -> bool:
    """Return whether a question that is unclear looks almost as much like one that is out of scope."""
    outside = max((c.score for c in candidates if c.reading.intent is Intent.OUT_OF_SCOPE), default=0.0)
    return outside >= candidates[0].score - FOREIGN


def _confidence(candidate: Candidate, candidates: list[Candidate]) -> float:
    """Return how likely a candidate is right (0-1), from its score and its distance to the best other one."""
    rival = max((other.score for other in candidates if other is not candidate), default=0.0)
    return 1 / (1 + math.exp(-(SCORE_SLOPE * candidate.score + MARGIN_SLOPE * (candidate.score - rival) + OFFSET)))


SCORE_SLOPE, MARGIN_SLOPE, OFFSET = 4.5, 9.6, -1.7
"""Logistic regression of "right" on both, over the in-scope candidates of tests/golden/dev.jsonl."""
