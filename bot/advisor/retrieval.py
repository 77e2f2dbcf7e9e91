"""How well roles and topics fit what somebody says, by the words that texts share."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.advisor.knowledge import Section
from bot.language.text import normalise, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.advisor.knowledge import Knowledge

PROFILE_SECTIONS = (Section.OVERVIEW, Section.RESPONSIBILITIES)
COMMON_SHARE = 0.5
"""A word in more than this share of the descriptions tells nothing about any of them."""
SHORTEST_BEGINNING = 4
LAST_LETTER = chr(0x10FFFF)
"""Sorts after every letter that can follow."""
DESCRIPTION_WEIGHT = 3.0
"""How much more a described phrase or a summary says about a role than the running text of its profile."""


@dataclass(frozen=True, slots=True)
class RoleMatch:
    """A role and how well a description fits it: the share (0-1) of the description's weight that it covers."""

    role: str
    score: float


class RoleDescriptions:
    """What each role's profile says about it, ready to be compared with what somebody says."""

    def __init__(self, knowledge: Knowledge) -> None:
        documents = {role: Counter[str]() for role in knowledge.roles}
        for name in knowledge.lexicon.roles:
            documents.setdefault(name.id, Counter()).update(_weighted(name.described, DESCRIPTION_WEIGHT))
        for role, profile in knowledge.roles.items():
            documents[role].update(
                _weighted((profile.summary, profile.choose_if, profile.work_style), DESCRIPTION_WEIGHT)
            )
            documents[role].update(_weighted((profile.sections[s].text for s in PROFILE_SECTIONS), 1.0))
            documents[role].update(_weighted((" ".join(p.tags) for p in profile.sections.values()), 1.0))
        frequency = Counter(word for document in documents.values() for word in document)
        self._idf = {
            word: math.log((1 + len(documents)) / count)
            for word, count in frequency.items()
            if count <= max(2, COMMON_SHARE * len(documents))
        }
        self._common = frequency.keys() - self._idf.keys()
        self._telling = sorted(self._idf)
        self._documents = documents

    def match(self, tokens: Sequence[str]) -> tuple[RoleMatch, ...]:
        """Return the roles whose description shares words with `tokens`, best first."""
        asked = {word for meant in self._known(tokens).values() for word in meant}
        if not asked:
            return ()
        total = sum(self._idf[word] for word in asked)
        scored = (
            RoleMatch(role, sum(self._idf[word] * _saturated(document[word]) for word in asked) / total)
            for role, document in self._documents.items()
        )
        return tuple(sorted((match for match in scored if match.score > 0), key=lambda m: (-m.score, m.role)))

    def _known(self, tokens: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return what each telling word among `tokens` stands for: itself, and what it begins ("maths")."""
        said = {stem(token) for token in tokens} - self._common
        known = {word: self._begun_by(word) for word in said}
        return {word: meant for word, meant in known.items() if meant}

    def _begun_by(self, said: str) -> Sequence[str]:
        """Return the telling words that `said` begins; a short one stands for itself alone."""
        start = bisect_left(self._telling, said)
        beyond = LAST_LETTER if len(said) >= SHORTEST_BEGINNING else ""
        return self._telling[start : bisect_right(self._telling, said + beyond)]


class TopicTexts:
    """The words of each topic: how it is asked about, and what its answer says."""

    def __init__(self, knowledge: Knowledge) -> None:
        texts = {t.id: (t.title, *t.phrasings, t.answer) for t in knowledge.topics.values()}
        documents = [Counter(_stems(" ".join(said))) for said in texts.values()]
        self.topics = tuple(texts)
        average = sum(document.total() for document in documents) / max(1, len(documents))
        dampened = [1.2 * (0.25 + 0.75 * document.total() / average) for document in documents]
        held: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, document in enumerate(documents):
            for word, count in document.items():
                held[word].append((at, count / (count + dampened[at])))
        self._idf = {word: math.log((1 + len(texts)) / (len(topics) + 0.5)) for word, topics in held.items()}
        self._held = {word: np.array(topics).T for word, topics in held.items()}
        self._unheard = math.log(1 + len(texts))

    def covered(self, tokens: Sequence[str]) -> NDArray[np.float64]:
        """Return how much more of what was said the text of each of `topics` covers than topics do on average.

        BM25 (k1 = 1.2, b = 0.75) as a share of the weight of all words, also of those that no topic holds.
        """
        asked = {stem(token) for token in tokens}
        shares = np.zeros(len(self.topics))
        total = sum(self._idf.get(word, self._unheard) for word in asked)
        if not total or not self.topics:
            return shares
        for word in sorted(asked & self._held.keys()):
            at, saturated = self._held[word]
            shares[at.astype(np.int64)] += self._idf[word] * saturated
        shares /= total
        return np.asarray(shares - shares.mean())


def _stems(text: str) -> list[str]:
    return [stem(word.text) for word in words(normalise(text))]


def _weighted(texts: Iterable[str], weight: float) -> dict[str, float]:
    counts = Counter(word for text in texts for word in _stems(text))
    return {word: weight * count for word, count in counts.items()}


def _saturated(count: float) -> float:
    """Return how much of a word's weight its occurrences earn: the tenth adds little to the third (BM25's k1 = 1.2)."""
    return count / (count + 1.2)
