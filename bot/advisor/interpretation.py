"""How a question becomes a Reading: read its parts, rate what they may mean, decide how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.advisor.conversation import swapped
from bot.advisor.grounding import ABOUT_ALL, Candidate, Message, Part, asked, best_of
from bot.advisor.reading import ABOUT_ROLES, OTHER_LANGUAGE, Intent, Outcome, Reading
from bot.advisor.recognition import Recognised, Recogniser
from bot.advisor.retrieval import RoleDescriptions
from bot.advisor.scoring import Heads, Nearest
from bot.language.text import clauses, clean, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.advisor.intent import TrainedHead
    from bot.advisor.knowledge import Knowledge

MAX_SENTENCES = 6
"""Sentences of a message that are read by themselves, the last ones: what is asked comes late. Each costs 1 ms."""
SHORTEST_SENTENCE = 3
"""Words that a sentence needs to be read by itself; shorter ones are items of a list, or polite."""
ASIDE = 0.8
"""What a sentence counts that is neither a question nor the last one: people end with what they want to know."""
ANSWERED = 0.55
"""The confidence from which a reading is answered."""
OFFERED = 0.36
"""The confidence from which an unsure reading is offered as a choice."""
MAX_CHOICES = 4
UNLIKELY = 0.03
"""Below this confidence a reading is not offered beside others either."""
NEAR = 0.2
"""The confidence from which a reading is named as the closest thing when a question is declined."""
FOREIGN = 0.08
"""By how much "out of scope" may trail the best reading of an unclear question for it to be declined."""
ALSO = 0.85
"""How sure a second question in a message must be to be answered too."""
LONGEST_DOUBLE = 45
"""Words of a message up to which a second question is looked for; longer ones tell a story around one."""
SCORE_SLOPE, MARGIN_SLOPE, OFFSET = 5.0, 10.8, -2.1
"""Logistic regression of "right" on both, over the best in-scope candidates of 668 questions of tests/golden. When
fitted, the expected calibration error was 0.03 on these; fitted on either file alone, 0.05 and 0.08 on the other."""

NEAREST_SHOWN = 3

_NEVER_TWO = frozenset({*ABOUT_ALL, Intent.HELP, Intent.FIT})


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a question is judged by: typos are repaired in `words`, and slots such as {role} stand for names."""

    words: tuple[str, ...]
    nearest: tuple[Nearest, ...]


class Interpreter:
    """Turns questions into Readings by means of one knowledge base."""

    def __init__(self, knowledge: Knowledge, *, trained: Mapping[str, TrainedHead] | None = None) -> None:
        """Train the heads from the phrasings; `trained` from an equal knowledge base skips that."""
        self.recogniser = Recogniser(knowledge)
        self.descriptions = RoleDescriptions(knowledge)
        self._heads = Heads(knowledge, self.recogniser, trained)

    @property
    def trained(self) -> Mapping[str, TrainedHead]:
        """The trained heads, to be kept for the next start."""
        return self._heads.trained

    def interpret(self, question: str, context: Sequence[Reading] = ()) -> Reading:
        """Return what `question` asks, after earlier readings of the same asker, the latest last."""
        text = clean(question)
        message = Message(self._recognise(text), context)
        swap = swapped(message.words, context[-1] if context else None, self.recogniser.leaning)
        if swap:
            return swap
        reading = decide(best_of(self._parts(text, message)))
        if reading.outcome is Outcome.DECLINE and self.recogniser.is_other_language(message.words):
            return replace(reading, kind=OTHER_LANGUAGE, choices=())
        if reading.outcome is not Outcome.ANSWER:
            return reading
        return replace(reading, also=self._also(text, message, reading))

    def reasons(self, question: str) -> Reasons:
        """Return what a question is judged by: its words as they are read, and the phrasings most like it."""
        words = self._recognise(clean(question))
        return Reasons(words.slotted, self._heads.nearest(words, NEAREST_SHOWN))

    def _recognise(self, text: str) -> Recognised:
        """Recognise names; roles named only by a doubtful short form must be part of a question about roles."""
        recognised = self.recogniser.recognise(text)
        if not recognised.doubtful or self._heads.best_intent(recognised) in ABOUT_ROLES:
            return recognised
        return self.recogniser.recognise(text, without=recognised.doubtful)

    def _parts(self, text: str, message: Message) -> Iterator[Part]:
        """Yield the whole text and its last sentences, with what they count."""
        yield self._part(message.words, message)
        parts = sentences(text)
        if len(parts) > 1:
            for sentence in parts[-MAX_SENTENCES:]:
                words = self.recogniser.recognise(sentence, without=message.words.dropped)
                if len(words.slotted) >= SHORTEST_SENTENCE:
                    asks = "?" in sentence or sentence is parts[-1]
                    yield self._part(words, message, 1.0 if asks else ASIDE)

    def _part(self, words: Recognised, message: Message, weight: float = 1.0) -> Part:
        return Part(
            words,
            message,
            weight=weight,
            heads=self._heads,
            recogniser=self.recogniser,
            descriptions=self.descriptions,
        )

    def _also(self, text: str, message: Message, main: Reading) -> tuple[Reading, ...]:
        """Return the other question of a message that asks two, when it is sure."""
        pieces = clauses(text, self.recogniser.joining, SHORTEST_SENTENCE)
        if main.intent in _NEVER_TWO or not 2 <= len(pieces) <= MAX_SENTENCES:
            return ()
        if len(message.words.tokens) > LONGEST_DOUBLE:
            return ()
        for piece in pieces:
            words = self.recogniser.recognise(piece, without=message.words.dropped)
            reading = decide(best_of([self._part(words, message)]))
            if reading.confidence >= ALSO and _adds_to(main, reading):
                return (replace(reading, choices=()),)
        return ()


def decide(candidates: Sequence[Candidate]) -> Reading:
    """Return the best candidate as an answer, the likely ones as choices, or that the question is out of scope."""
    if not candidates:
        return Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE, confidence=0.5)
    rated = [replace(c.reading, confidence=_confidence(c, candidates)) for c in candidates[: MAX_CHOICES + 2]]
    best = rated[0]
    likely = tuple(r for r in rated if r.intent not in ABOUT_ALL and r.confidence >= UNLIKELY)[:MAX_CHOICES]
    others = tuple(reading for reading in likely if reading is not best)
    near = tuple(reading for reading in likely if reading.confidence >= NEAR)[:2]
    if best.intent is Intent.OUT_OF_SCOPE:
        return replace(best, choices=near)
    if best.confidence >= ANSWERED:
        return replace(best, choices=others[:3])
    if best.confidence >= OFFERED and len(likely) > 1 and not _is_foreign(candidates):
        return Reading(None, outcome=Outcome.CHOICES, confidence=best.confidence, choices=likely)
    sure = 1 - best.confidence
    return Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE, confidence=sure, choices=near)


def _adds_to(main: Reading, other: Reading) -> bool:
    """Return whether a reading of a part of a message asks for something that the main one does not answer."""
    if other.outcome is not Outcome.ANSWER or other.intent in _NEVER_TWO:
        return False
    if main.intent in {Intent.COMPARE, Intent.TRANSITION} and other.intent is not Intent.JOBS:
        return False
    return asked(other) != asked(main) and not main.intent is other.intent is Intent.JOBS


def _is_foreign(candidates: Sequence[Candidate]) -> bool:
    """Return whether a question that is unclear looks almost as much like one that is out of scope."""
    outside = max((c.score for c in candidates if c.reading.intent is Intent.OUT_OF_SCOPE), default=0.0)
    return outside >= candidates[0].score - FOREIGN


def _confidence(candidate: Candidate, candidates: Sequence[Candidate]) -> float:
    """Return how likely a candidate is right (0-1), from its score and its distance to the best other one."""
    rival = max((other.score for other in candidates if other is not candidate), default=0.0)
    return 1 / (1 + math.exp(-(SCORE_SLOPE * candidate.score + MARGIN_SLOPE * (candidate.score - rival) + OFFSET)))
