"""How well a text fits each thing that can be asked: the trained heads and what they are trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bot.advisor.intent import IntentHead, TrainedHead, labels_of, train
from bot.advisor.knowledge import Section
from bot.advisor.meaning import Meanings
from bot.advisor.reading import Intent
from bot.advisor.retrieval import TopicTexts
from bot.language.text import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.advisor.knowledge import Knowledge
    from bot.advisor.meaning import Encoder
    from bot.advisor.recognition import Recognised, Recogniser

NO_SECTION = "none"
NOTHING = ""
"""The label of texts that describe neither a role nor a term."""
NOTHING_STEP = 4
NOTHING_DISCOUNT = 3.0
"""What is taken from the logit of "nothing described": questions hold other words beside a description."""
DESCRIBED = 0.1
"""The probability from which a role or term counts as described. Of 212 questions of tests/golden that name nothing, 27
describe something: 16 are found so and none mistaken, beside 2 false alarms; with an encoder 20, 1 and 18."""
PROFILE_SECTIONS = (Section.OVERVIEW, Section.RESPONSIBILITIES)
TEXT_WEIGHT = 2.0
"""What the share of a question that a topic's text covers adds to the topic's logit."""
OUTSIDE_WEIGHT = 0.0
LIKENESS_WEIGHT = 5.0
"""What the likeness of the nearest phrasing adds to a label's logit."""
SECTION_LEAD = 0.7
"""By how much the logit of a section must exceed that of "no section" for a comparison to be about it only."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well a label fits: a logit, and how alike the nearest phrasing is (0-1)."""

    logit: float
    likeness: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """A phrasing of the knowledge base, what it asks, and how alike it is to a question (0-1)."""

    label: str
    phrasing: str
    likeness: float


class Heads:
    """Scores texts against intents, and against the sections of a role's profile.

    A label is an intent, with a section, a topic or a kind after a dot: "role.salary", "topic.need-phd", "compare".
    """

    def __init__(
        self,
        knowledge: Knowledge,
        recogniser: Recogniser,
        *,
        encoder: Encoder | None = None,
        trained: Mapping[str, TrainedHead] | None = None,
    ) -> None:
        """Train on the phrasings of `knowledge`; `trained` on an equal knowledge base and encoder skips that."""
        self.meanings = Meanings(encoder)
        asked = {
            "intents": list(_intent_phrasings(knowledge)),
            "sections": list(_section_phrasings(knowledge)),
            "described": list(_descriptions(knowledge)),
        }
        self.trained = trained or {
            name: self._train([(label, _words_for(label, recogniser.template(text))) for label, text in phrasings])
            for name, phrasings in asked.items()
            if phrasings
        }
        heads = {
            name: IntentHead(labels_of(label for label, _ in asked[name]), head) for name, head in self.trained.items()
        }
        self._asked = asked["intents"]
        self._texts = TopicTexts(knowledge)
        self._intents = heads["intents"]
        self._sections = heads.get("sections")
        self._described = heads.get("described")

    def _train(self, examples: list[tuple[str, tuple[str, ...]]]) -> TrainedHead:
        return train(examples, self.meanings.of_all([tokens for _, tokens in examples]))

    def prepare(self, texts: Iterable[Recognised]) -> None:
        """Encode together the texts that are to be scored."""
        self.meanings.prepare(tokens for words in texts for tokens in (words.slotted, words.literal))

    def score(self, words: Recognised) -> dict[str, Score]:
        """Return the score of each label; topics are scored on the words as they are, the others on slots."""
        scores = self._scores(words.slotted)
        outside = {label: score for label, score in scores.items() if intent_of(label) is Intent.OUT_OF_SCOPE}
        if outside:
            scores = {label: score for label, score in scores.items() if label not in outside}
            scores[Intent.OUT_OF_SCOPE] = Score(
                float(np.logaddexp.reduce([score.logit for score in outside.values()])) + OUTSIDE_WEIGHT,
                max(score.likeness for score in outside.values()),
            )
        if words.slotted != words.literal:
            literal = self._scores(words.literal)
            scores |= {label: score for label, score in literal.items() if intent_of(label) is Intent.TOPIC}
        for topic, share in self._texts.covered(words.literal).items():
            label = f"{Intent.TOPIC}.{topic}"
            scores[label] = replace(scores[label], logit=scores[label].logit + TEXT_WEIGHT * share)
        return scores

    def _scores(self, tokens: tuple[str, ...]) -> dict[str, Score]:
        found = self._intents.score(tokens, self.meanings.of(tokens))
        logits = (found.logits + LIKENESS_WEIGHT * found.likeness).tolist()
        return dict(zip(self._intents.labels, map(Score, logits, found.likeness.tolist()), strict=True))

    def described(self, words: Recognised) -> Mapping[str, float]:
        """Return how likely each role and term is what a text describes without its name: label -> probability."""
        if self._described is None or not words.literal:
            return {}
        labels = self._described.labels
        logits = self._described.score(words.literal, self.meanings.of(words.literal)).logits
        logits[labels.index(NOTHING)] -= NOTHING_DISCOUNT
        likely = np.exp(logits - logits.max())
        likely /= likely.sum()
        return {label: float(p) for label, p in zip(labels, likely, strict=True) if label and p >= DESCRIBED}

    def nearest(self, words: Recognised, count: int) -> tuple[Nearest, ...]:
        """Return the phrasings most like a text."""
        found = self._intents.nearest(words.slotted, count, self.meanings.of(words.slotted))
        return tuple(Nearest(*self._asked[number], likeness) for number, likeness in found)

    def best_intent(self, words: Recognised) -> Intent:
        """Return the intent that a text fits best, whatever it names."""
        return intent_of(
            self._intents.labels[
                int(self._intents.score(words.slotted, self.meanings.of(words.slotted)).logits.argmax())
            ]
        )

    def section(self, words: Recognised) -> Section | None:
        """Return the section that a comparison is about; None when it is about the roles as a whole."""
        if self._sections is None:
            return None
        found = self._sections.score(words.slotted, self.meanings.of(words.slotted))
        logits = (found.logits + LIKENESS_WEIGHT * found.likeness).tolist()
        scores = dict(zip(self._sections.labels, logits, strict=True))
        whole = scores.pop(NO_SECTION, -math.inf)
        best = max(scores, key=scores.__getitem__, default=None)
        if best in {None, Section.OVERVIEW} or scores[best] - whole <= SECTION_LEAD:
            return None
        return Section(best)


def intent_of(label: str) -> Intent:
    """Return the intent of a label."""
    return Intent(label.partition(".")[0])


def _intent_phrasings(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield (label, phrasing) of everything that can be asked."""
    for intent in knowledge.intents:
        section = intent.section or Section.OVERVIEW
        detail = section if intent.intent == Intent.ROLE else intent.kind
        label = f"{intent.intent}.{detail}" if detail else intent.intent
        yield from ((label, text) for text in intent.phrasings)
    for topic in knowledge.topics.values():
        yield from ((f"{Intent.TOPIC}.{topic.id}", text) for text in (*topic.phrasings, topic.title))


def _descriptions(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield (label, text) of what describes a role or a term, and with no label of what asks without describing."""
    for name in knowledge.lexicon.roles:
        yield from ((f"{Intent.ROLE}.{name.id}", text) for text in name.described)
    for role in knowledge.roles.values():
        told = (role.summary, role.choose_if, role.work_style, *(role.sections[s].text for s in PROFILE_SECTIONS))
        yield from ((f"{Intent.ROLE}.{role.id}", part) for text in told if text for part in sentences(text))
    for term in knowledge.terms.values():
        yield from ((f"{Intent.TERM}.{term.id}", text) for text in (*term.described, *sentences(term.answer)))
    plain = [
        text
        for intent in knowledge.intents
        for text in intent.phrasings
        if intent.intent != Intent.OUT_OF_SCOPE and "{" not in text
    ]
    plain += [text for topic in knowledge.topics.values() for text in topic.phrasings]
    yield from ((NOTHING, text) for text in plain[::NOTHING_STEP])


def _section_phrasings(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield (section, phrasing) of what is asked about one section, or about whole roles."""
    for intent in knowledge.intents:
        if intent.section or intent.intent == Intent.COMPARE:
            yield from ((intent.section or NO_SECTION, text) for text in intent.phrasings)


def _words_for(label: str, recognised: Recognised) -> tuple[str, ...]:
    """Return the words that count for a label: a topic may be about one very term, other intents about any."""
    return recognised.literal if label.startswith(f"{Intent.TOPIC}.") else recognised.slotted
