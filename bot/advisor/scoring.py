"""How well a text fits each thing that can be asked: the trained heads and what they are trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.advisor.intent import IntentHead, TrainedHead, labels_of, train
from bot.advisor.knowledge import Section
from bot.advisor.meaning import Meanings
from bot.advisor.reading import ABOUT_ALL, Intent
from bot.advisor.retrieval import TopicTexts
from bot.language.text import sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.advisor.intent import Nearness, Scores
    from bot.advisor.knowledge import Knowledge
    from bot.advisor.meaning import Encoder
    from bot.advisor.recognition import Recognised, Recogniser

NO_SECTION = "none"
NOTHING = ""
"""The label of texts that describe neither a role nor a term."""
NOTHING_STEP = 4
DESCRIBED = 0.1
"""The share, of what is described if anything is, from which a role or term may be meant."""
LIKE_ANY = 0.01
"""How alike the nearest description must be for words to describe anything."""
MORE_THAN_CHANCE = 2.0
"""How many times likelier than by chance something described must be, where only a few things are known."""
PROFILE_SECTIONS = (Section.OVERVIEW, Section.RESPONSIBILITIES)
UNLIKELY = -12.0
"""The log-probability below which there are no differences."""
FIRST = 3
"""How many labels are among the first ones of a text."""
_BY_WORDS = ("logit", "intent", "likeness", "votes", "first", "covered")
"""What is heard of a label in a part of a message: its log-probability and that of its intent, how alike its nearest
phrasing is, its share in the votes of the nearest phrasings, whether it is among the first labels, and the share of the
words that a topic's text covers."""
_BY_MEANING = ("joint logit", "meaning", "meaning votes")
"""What an encoder adds: the log-probability by words and meaning, and the nearness in meaning."""
NEARNESS = ("likeness", "meaning")
_LOGARITHMS = ("logit", "intent", "joint logit")
_OF_WHOLE = ("logit", "intent", "votes")
"""What is told of the whole message beside the best of all parts."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the heads say of a message: labels x names of evidence, and the part in which each label fits best."""

    labels: tuple[str, ...]
    names: tuple[str, ...]
    evidence: NDArray[np.float64]
    part: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SectionScore:
    """How well a section fits what is asked about roles: its log-probability, and how alike its nearest phrasing is."""

    logit: float
    likeness: float


@dataclass(frozen=True, slots=True)
class Described:
    """The log-probability that a text describes anything, and the share of each role and term if it does."""

    logit: float
    shares: Mapping[str, float]


NOTHING_DESCRIBED = Described(UNLIKELY, {})


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
        template = cache(recogniser.template)  # what is asked of a section is trained on twice
        self.trained = trained or {
            name: self._train(name, [(label, template(said)) for label, said in texts])
            for name, texts in asked.items()
            if texts
        }
        heads = {
            name: IntentHead(labels_of(label for label, _ in asked[name]), head) for name, head in self.trained.items()
        }
        self._asked = asked["intents"]
        self._texts = TopicTexts(knowledge)
        self._intents = heads["intents"]
        self._sections = heads.get("sections")
        self._described = heads.get("described")
        self._arrange()

    def _arrange(self) -> None:
        """Work out which labels are what; all kinds of "out of scope" are one label, the last."""
        every = self._intents.labels
        outside = [intent_of(label) is Intent.OUT_OF_SCOPE for label in every]
        self._outside = np.flatnonzero(outside)
        self._inside = np.flatnonzero(np.logical_not(outside))
        self.labels = (*(every[at] for at in self._inside), *([Intent.OUT_OF_SCOPE] if any(outside) else []))
        intents = list(map(intent_of, self.labels))
        self._intent_of = np.array([list(Intent).index(intent) for intent in intents], dtype=np.int64)
        self._is_topic = np.array([intent is Intent.TOPIC for intent in intents])
        self._about_all = np.array([intent in ABOUT_ALL for intent in intents])
        place = {label: at for at, label in enumerate(self.labels)}
        self._topics = np.array([place[f"{Intent.TOPIC}.{topic}"] for topic in self._texts.topics], dtype=np.int64)

    @property
    def knows_only_topics(self) -> bool:
        """Whether nothing but topics can be asked for, and nothing was taught of what is out of scope."""
        return bool(self._is_topic.all())

    @property
    def has_encoder(self) -> bool:
        """Whether an encoder takes part."""
        return self.meanings.has_encoder

    def _train(self, head: str, examples: Sequence[tuple[str, Recognised]]) -> TrainedHead:
        said = [(label, _words_for(head, label, recognised)) for label, recognised in examples]
        return train(said, self.meanings.of_all([recognised.slotted for _, recognised in examples]))

    def _meaning(self, words: Recognised) -> NDArray[np.float32] | None:
        """Return the encoded vector of a text, the same for all that it is scored against: encoding is what costs."""
        return self.meanings.of(words.slotted)

    def hear(self, parts: Sequence[Recognised]) -> Heard:
        """Return what is heard of a message in its parts, the first of which is the whole."""
        names = (*_BY_WORDS, *(_BY_MEANING if self.has_encoder else ()))
        at = {name: number for number, name in enumerate(names)}
        logarithms = [at[name] for name in _LOGARITHMS if name in at]
        self.meanings.prepare(words.slotted for words in parts)
        rows = np.array([self._hear(words) for words in parts])
        parted = rows[1:, :, self._about_all]
        parted[:] = 0
        parted[:, logarithms] = UNLIKELY
        rows[1:, :, self._about_all] = parted
        whole = {f"{name} of whole": rows[0, at[name]] for name in _OF_WHOLE}
        evidence = np.stack([*rows.max(axis=0), *whole.values()], axis=1)
        return Heard(self.labels, (*names, *whole), evidence, rows[:, at["logit"]].argmax(axis=0))

    def _hear(self, words: Recognised) -> NDArray[np.float64]:
        """Return names x labels; topics are scored on the words as they are, the others on slots."""
        meaning = self._meaning(words)
        slotted = self._intents.score(words.slotted, meaning)
        rows = self._rows(slotted)
        if words.slotted != words.literal:
            rows = np.where(self._is_topic, self._rows(self._intents.score(words.literal, meaning)), rows)
        rows[_BY_WORDS.index("covered"), self._topics] = self._texts.covered(words.literal)
        near = slotted.near_in_meaning
        return np.concatenate([rows, self._nearness(near)]) if near else rows

    def _rows(self, scores: Scores) -> NDArray[np.float64]:
        logits = self._logarithms(scores.logits)
        likely = np.bincount(self._intent_of, weights=np.exp(logits), minlength=len(Intent))
        intents = np.log(np.maximum(likely, math.exp(UNLIKELY)))[self._intent_of]
        first = np.zeros(len(logits))
        first[np.argsort(-logits, kind="stable")[:FIRST]] = 1
        rows = [np.maximum(logits, UNLIKELY), intents, *self._nearness(scores.near), first, np.zeros(len(logits))]
        if scores.joint is not None:
            rows.append(np.maximum(self._logarithms(scores.joint), UNLIKELY))
        return np.stack(rows)

    def _logarithms(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the logarithm of each label's probability."""
        return self._merged(logits - np.logaddexp.reduce(logits), np.logaddexp.reduce)

    def _nearness(self, near: Nearness) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self._merged(near.likeness, np.max), self._merged(near.votes, np.sum)

    def _merged(self, values: NDArray[Any], together: Callable[[NDArray[Any]], Any]) -> NDArray[np.float64]:
        """Return the values of labels, those of all kinds of "out of scope" taken together."""
        outside = [together(values[self._outside])] if len(self._outside) else []
        return np.append(values[self._inside], outside).astype(np.float64)

    def described(self, words: Recognised) -> Described:
        """Return what a text may describe without its name."""
        if self._described is None or not words.literal:
            return NOTHING_DESCRIBED
        labels = self._described.labels
        logits = self._described.score(words.literal, self._meaning(words)).together.astype(np.float64)
        logits -= np.logaddexp.reduce(logits)
        known = np.array([bool(label) for label in labels])
        anything = float(np.logaddexp.reduce(logits[known]))
        shares = np.exp(logits - anything)
        enough = max(DESCRIBED, MORE_THAN_CHANCE / len(labels))
        found = {labels[at]: float(shares[at]) for at in np.flatnonzero(known & (shares >= enough))}
        return Described(max(anything, UNLIKELY), found)

    def fitting(self, tokens: Sequence[str]) -> Mapping[str, float]:
        """Return the logit of each role that a text may describe; nothing where it is like no description."""
        if self._described is None or not tokens:
            return {}
        found = self._described.score(tokens, self.meanings.of(tokens))
        if found.near.likeness.max() < LIKE_ANY and found.joint is None:
            return {}
        scored = zip(self._described.labels, found.together.tolist(), strict=True)
        return {label.partition(".")[2]: logit for label, logit in scored if label and intent_of(label) is Intent.ROLE}

    def nearest(self, words: Recognised, count: int) -> tuple[Nearest, ...]:
        """Return the phrasings most like a text."""
        found = self._intents.nearest(words.slotted, count)
        return tuple(Nearest(*self._asked[number], likeness) for number, likeness in found)

    def best_label(self, words: Recognised) -> str:
        """Return the label in scope that a text fits best, whatever it names."""
        return self.labels[int(self._intents.score(words.slotted).logits[self._inside].argmax())]

    def sections(self, words: Recognised) -> Mapping[Section | None, SectionScore]:
        """Return how well each section, and None for whole roles, fits a question about several roles."""
        if self._sections is None:
            return {}
        found = self._sections.score(_without_roles(words), self._meaning(words))
        logits = found.together - np.logaddexp.reduce(found.together)
        scores: dict[Section | None, SectionScore] = {}
        heard = zip(self._sections.labels, logits.tolist(), found.near.likeness.tolist(), strict=True)
        for label, logit, likeness in heard:
            section = None if label in {NO_SECTION, Section.OVERVIEW} else Section(label)
            known = scores.get(section, SectionScore(-math.inf, 0.0))
            either = float(np.logaddexp(known.logit, max(logit, UNLIKELY)))
            scores[section] = SectionScore(either, max(known.likeness, likeness))
        return scores


@cache
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
    if not (knowledge.roles or knowledge.terms or knowledge.lexicon.roles):
        return
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


def _words_for(head: str, label: str, recognised: Recognised) -> tuple[str, ...]:
    """Return the words that count for a label.

    A topic may be about one very term and a description name one, other intents are about any.
    """
    if head == "sections":
        return _without_roles(recognised)
    return recognised.literal if head == "described" or label.startswith(f"{Intent.TOPIC}.") else recognised.slotted


def _without_roles(recognised: Recognised) -> tuple[str, ...]:
    """Return the words that may tell which section is meant: how roles are set against each other tells nothing."""
    return tuple(word for word in recognised.slotted if word != "{role}")
