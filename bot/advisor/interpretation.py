"""How a question becomes a Reading: read its parts, rate what they may mean, decide how sure that is."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bot.advisor.conversation import choice_of, continued, is_remembered, spoken_of, swapped
from bot.advisor.grounding import Message, Part
from bot.advisor.knowledge import Section
from bot.advisor.reading import ABOUT_ALL, ABOUT_ROLES, OTHER_LANGUAGE, Intent, Outcome, Reading, asked
from bot.advisor.recognition import Recognised, Recogniser
from bot.advisor.scoring import NEARNESS, Heads, Heard, Nearest, intent_of
from bot.advisor.weighing import Candidate, Evidence, rate, weights_for
from bot.language.text import clauses, clean, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.advisor.intent import TrainedHead
    from bot.advisor.knowledge import Knowledge
    from bot.advisor.meaning import Encoder

MAX_SENTENCES = 2
"""Sentences of a message that are read by themselves: the last of those that ask, or that end it. More than two bring
nothing (84.3 % of the labelled questions are right with two, three or six)."""
MAX_CLAUSES = 6
"""Clauses of a message among which a second question is looked for."""
SHORTEST_SENTENCE = 3
"""Words that a sentence needs to be read by itself; shorter ones are items of a list, or polite."""
HEARD_WITHIN = 9.0
"""By how much a label may be heard less than the best one to be looked at."""
LOOKED_AT = 8
"""Labels that are looked at in any case: whoever was misunderstood is offered others."""
ANSWERED = 0.6
"""The probability from which a reading is answered."""
OFFERED = 0.4
"""The probability that one of the choices is right from which they are offered."""
LONGEST_BARE = 3
"""Words of a question that may ask about a section of no role in particular."""
MAX_CHOICES = 4
UNLIKELY = 0.03
"""Below this probability a reading is not offered beside others."""
NEAR = 0.2
"""The probability from which a reading is named as the closest thing when a question is declined."""
ALSO = 0.75
"""How sure a second question in a message must be to be answered too."""
LONGEST_DOUBLE = 45
"""Words of a message up to which a second question is looked for; longer ones tell a story around one."""

NEAREST_SHOWN = 3

_NEVER_TWO = frozenset({*ABOUT_ALL, Intent.HELP, Intent.FIT})


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a question is judged by: typos are repaired in `words`, and slots such as {role} stand for names."""

    words: tuple[str, ...]
    nearest: tuple[Nearest, ...]


class Interpreter:
    """Turns questions into Readings by means of one knowledge base."""

    def __init__(
        self,
        knowledge: Knowledge,
        *,
        encoder: Encoder | None = None,
        trained: Mapping[str, TrainedHead] | None = None,
    ) -> None:
        """Train the heads from the phrasings; `trained` from an equal knowledge base and encoder skips that."""
        self.recogniser = Recogniser(knowledge)
        self._heads = Heads(knowledge, self.recogniser, encoder=encoder, trained=trained)
        self._topics, self._terms = knowledge.topics, knowledge.terms
        self._connected = _most_related(knowledge)
        self._weights = weights_for(only_topics=self._heads.knows_only_topics, encoder=self._heads.has_encoder)

    @property
    def trained(self) -> Mapping[str, TrainedHead]:
        """The trained heads, to be kept for the next start."""
        return self._heads.trained

    @property
    def has_encoder(self) -> bool:
        """Whether an encoder takes part."""
        return self._heads.has_encoder

    def interpret(self, question: str, context: Sequence[Reading] = ()) -> Reading:
        """Return what `question` asks, after earlier readings of the same asker, the latest last."""
        text, message = self._message(question, context)
        reading = self._led_on(message)
        if reading:
            return reading
        if self.recogniser.is_other_language(text, message.words):
            return Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE, kind=OTHER_LANGUAGE)
        reading = decide(self._rated(self._parts(text, message)))
        if reading.outcome is Outcome.DECLINE and len(message.words.tokens) <= LONGEST_BARE:
            return self._of_which_role(message.words) or reading
        return reading if reading.outcome is Outcome.DECLINE else self._both(reading, self._pieces(text, message))

    def _of_which_role(self, words: Recognised) -> Reading | None:
        """Return the choice of well connected roles for a section that is asked about alone ("salary?")."""
        label = self._heads.best_label(words)
        if words.foreign or not words.tokens or intent_of(label) is not Intent.ROLE or len(self._connected) < 2:
            return None
        section = Section(label.partition(".")[2])
        choices = tuple(Reading(Intent.ROLE, roles=(role,), section=section) for role in self._connected)
        return choice_of(choices)

    def ranked(self, question: str, context: Sequence[Reading] = ()) -> list[Reading]:
        """Return what `question` may ask, the likeliest first, however sure that is."""
        return self._rated(self._parts(*self._message(question, context)))

    def candidates(self, question: str, context: Sequence[Reading] = ()) -> list[Candidate]:
        """Return what `question` may ask and what speaks for it; nothing for a bare follow-up, which is not weighed."""
        text, message = self._message(question, context)
        return [] if self._led_on(message) else self._candidates(self._parts(text, message))

    def fitting(self, tokens: Sequence[str]) -> Mapping[str, float]:
        """Return how well what is said describes each role, as logits; nothing where it is like no description."""
        return self._heads.fitting(tokens)

    def reasons(self, question: str) -> Reasons:
        """Return what a question is judged by: its words as they are read, and the phrasings most like it."""
        words = self._recognise(clean(question))
        return Reasons(words.slotted, self._heads.nearest(words, NEAREST_SHOWN))

    def _message(self, question: str, context: Sequence[Reading]) -> tuple[str, Message]:
        """Return a question as text and recognised; "the first one" in it is the role that was spoken of first."""
        text = clean(question)
        words = self._recognise(text)
        context = [reading for reading in context if is_remembered(reading)]
        latest = context[-1].roles if context else ()
        roles = latest if len(latest) > 1 else spoken_of(context)
        if len(roles) > 1 and not words.roles:
            named = self.recogniser.with_roles_named(text, roles)
            if named != text:
                text, words = named, self._recognise(named)
        return text, Message(words, context)

    def _led_on(self, message: Message) -> Reading | None:
        """Return what a bare follow-up asks: more of the same, or the same of something else."""
        if not message.context:
            return None
        if self.recogniser.asks_for_more(message.words):
            return continued(message.context, self._related)
        return swapped(message.words, message.context[-1], self.recogniser.leaning)

    def _related(self, reading: Reading) -> tuple[Reading, ...]:
        """Return readings of what a topic or term is related to."""
        topic, term = self._topics.get(reading.topic or ""), self._terms.get(reading.term or "")
        topics = (Reading(Intent.TOPIC, topic=other) for other in (topic.related_topics if topic else ()))
        terms = (Reading(Intent.TERM, term=other) for other in (term.related_terms if term else ()))
        return (*topics, *terms)[:MAX_CHOICES]

    def _recognise(self, text: str) -> Recognised:
        """Recognise names; roles named only by a doubtful short form must be part of a question about roles."""
        recognised = self.recogniser.recognise(text)
        if not recognised.doubtful or intent_of(self._heads.best_label(recognised)) in ABOUT_ROLES:
            return recognised
        return self.recogniser.recognise(text, without=recognised.doubtful)

    def _parts(self, text: str, message: Message) -> list[Part]:
        """Return the whole text, and the sentences that ask something."""
        parts = [self._part(message.words, message)]
        said = sentences(text)
        asking = [sentence for sentence in said if "?" in sentence or sentence is said[-1]]
        for sentence in asking[-MAX_SENTENCES:] if len(said) > 1 else ():
            words = self.recogniser.recognise(sentence, without=message.words.dropped)
            if len(words.slotted) >= SHORTEST_SENTENCE:
                parts.append(self._part(words, message))
        return parts

    def _part(self, words: Recognised, message: Message) -> Part:
        return Part(words, message, heads=self._heads, recogniser=self.recogniser)

    def _candidates(self, parts: Sequence[Part]) -> list[Candidate]:
        """Return the readings of all labels that are heard well enough, and that nothing known is meant."""
        heard = self._heads.hear([part.words for part in parts])
        weights = np.array([self._weights.get(name, 0.0) for name in heard.names])
        intents = np.array([self._weights.get(intent_of(label), 0.0) for label in heard.labels])
        scores = heard.evidence @ weights + intents
        found = []
        enough = min(scores.max() - HEARD_WITHIN, np.sort(scores)[-LOOKED_AT:][0])
        for at in np.flatnonzero(scores >= enough):
            part = parts[heard.part[at]]
            evidence = dict(zip(heard.names, heard.evidence[at].tolist(), strict=True))
            found += [Candidate(r, evidence | part.evidence(r)) for r in part.readings(heard.labels[at])]
        return [*found, Candidate(None, self._evidence_of_unknown(heard, parts[0].words))]

    def _evidence_of_unknown(self, heard: Heard, whole: Recognised) -> Evidence:
        """Return what speaks for something that is not known."""
        near = {name: heard.evidence[:, heard.names.index(name)].max() for name in NEARNESS if name in heard.names}
        evidence = {f"unknown: {name}": float(value) for name, value in near.items()}
        length = math.log1p(len(whole.tokens))
        return {"unknown": 1.0, "unknown: foreign": float(whole.foreign), "unknown: length": length} | evidence

    def _rated(self, parts: Sequence[Part]) -> list[Reading]:
        return rate(self._candidates(parts), self._weights)

    def _pieces(self, text: str, message: Message) -> Sequence[Reading]:
        """Return what each clause of a short message asks by itself, where that is sure."""
        pieces = clauses(text, self.recogniser.joining, SHORTEST_SENTENCE)
        if not 2 <= len(pieces) <= MAX_CLAUSES or len(message.words.tokens) > LONGEST_DOUBLE:
            return ()
        recognised = (self.recogniser.recognise(piece, without=message.words.dropped) for piece in pieces)
        readings = (decide(self._rated([self._part(words, message)])) for words in recognised)
        return [replace(r, choices=()) for r in readings if r.confidence >= ALSO and _may_be_one_of_two(r)]

    def _both(self, whole: Reading, pieces: Sequence[Reading]) -> Reading:
        """Return what a whole message asks, and the second of two questions in it; both when neither outweighs."""
        if whole.outcome is Outcome.ANSWER:
            second = next((piece for piece in pieces if _adds_to(whole, piece)), None)
            return replace(whole, also=(second,)) if second else whole
        if whole.outcome is Outcome.CHOICES and len(pieces) > 1 and _adds_to(pieces[0], pieces[1]):
            return replace(pieces[0], also=(pieces[1],))
        return whole


def _most_related(knowledge: Knowledge) -> tuple[str, ...]:
    """Return the roles that most others are related to."""
    named = Counter(related.id for role in knowledge.roles.values() for related in role.related)
    likely = sorted(knowledge.roles, key=lambda role: -named[role])
    return tuple(likely[:MAX_CHOICES])


def decide(rated: Sequence[Reading]) -> Reading:
    """Return the likeliest reading as an answer, the likely ones as choices, or that the question is out of scope."""
    if not rated:
        return Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE)
    best = rated[0]
    known = tuple(reading for reading in rated if reading.intent not in ABOUT_ALL)[:MAX_CHOICES]
    offers = tuple(reading for reading in known if reading.confidence >= UNLIKELY)
    near = tuple(reading for reading in offers if reading.confidence >= NEAR)[:2]
    if best.intent is Intent.OUT_OF_SCOPE:
        return replace(best, choices=near)
    if best.confidence >= ANSWERED:
        return replace(best, choices=tuple(reading for reading in known if reading is not best)[: MAX_CHOICES - 1])
    offered = sum(reading.confidence for reading in offers)
    sure = 1 - sum(reading.confidence for reading in rated if reading.intent is not Intent.OUT_OF_SCOPE)
    if offered >= OFFERED and len(offers) > 1:
        return Reading(None, outcome=Outcome.CHOICES, confidence=best.confidence, choices=offers)
    return Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE, confidence=max(0.0, sure), choices=near)


def _may_be_one_of_two(reading: Reading) -> bool:
    return reading.outcome is Outcome.ANSWER and reading.intent not in _NEVER_TWO


def _adds_to(main: Reading, other: Reading) -> bool:
    """Return whether a reading of a part of a message asks for something that the main one does not answer."""
    if not _may_be_one_of_two(main):
        return False
    if main.intent in {Intent.COMPARE, Intent.TRANSITION} and other.intent is not Intent.JOBS:
        return False
    return asked(other) != asked(main) and not main.intent is other.intent is Intent.JOBS
