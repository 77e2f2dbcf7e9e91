"""How well a text fits each thing that can be asked: the trained heads and what they are trained on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.advisor.intent import IntentHead, TrainedHead, labels_of, train
from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent
from bot.advisor.retrieval import TopicTexts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.advisor.knowledge import Knowledge
    from bot.advisor.recognition import Recognised, Recogniser

NO_SECTION = "none"
TEXT_SHARE = 0.15
"""What the share of a question that a topic's text covers adds to the topic's score. Right of tests/golden/own.jsonl:
68 % with 0, 70 with 0.1, 72 with 0.15 and 0.2; of dev.jsonl 77 % with each."""
SECTION_SCORE = 0.3
"""The score that a section needs for a comparison to be about that section only."""
SECTION_SHARE = 0.8
"""The share of the score of "no section" that a section needs for a comparison to be about that section only."""


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
        self, knowledge: Knowledge, recogniser: Recogniser, trained: Mapping[str, TrainedHead] | None = None
    ) -> None:
        """Train on the phrasings of `knowledge`; `trained` on an equal knowledge base skips that."""
        asked = {"intents": list(_intent_phrasings(knowledge)), "sections": list(_section_phrasings(knowledge))}
        self.trained = trained or {
            name: train([(label, _words_for(label, recogniser.template(text))) for label, text in phrasings])
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

    def score(self, words: Recognised) -> dict[str, float]:
        """Return the score of each label; topics are scored on the words as they are, the others on slots."""
        scores = dict(self._intents.score(words.slotted))
        if words.slotted != words.literal:
            literal = self._intents.score(words.literal)
            scores |= {label: score for label, score in literal if intent_of(label) is Intent.TOPIC}
        for topic, share in self._texts.covered(words.literal).items():
            scores[f"{Intent.TOPIC}.{topic}"] += TEXT_SHARE * share
        return scores

    def nearest(self, words: Recognised, count: int) -> tuple[Nearest, ...]:
        """Return the phrasings most like a text."""
        found = self._intents.nearest(words.slotted, count)
        return tuple(Nearest(*self._asked[number], likeness) for number, likeness in found)

    def best_intent(self, words: Recognised) -> Intent:
        """Return the intent that a text fits best, whatever it names."""
        return intent_of(self._intents.score(words.slotted)[0][0])

    def section(self, words: Recognised) -> Section | None:
        """Return the section that a comparison is about; None when it is about the roles as a whole."""
        if self._sections is None:
            return None
        scores = dict(self._sections.score(words.slotted))
        whole = scores.pop(NO_SECTION, 0.0)
        best = max(scores, key=scores.__getitem__, default=None)
        if best in {None, Section.OVERVIEW} or scores[best] <= max(SECTION_SCORE, SECTION_SHARE * whole):
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


def _section_phrasings(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield (section, phrasing) of what is asked about one section, or about whole roles."""
    for intent in knowledge.intents:
        if intent.section or intent.intent == Intent.COMPARE:
            yield from ((intent.section or NO_SECTION, text) for text in intent.phrasings)


def _words_for(label: str, recognised: Recognised) -> tuple[str, ...]:
    """Return the words that count for a label: a topic may be about one very term, other intents about any."""
    return recognised.literal if label.startswith(f"{Intent.TOPIC}.") else recognised.slotted
