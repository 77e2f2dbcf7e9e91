"""How well topics fit what somebody says, by the words that texts share."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from bot.language.text import normalise, stem, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.advisor.knowledge import Knowledge


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
        self._held = {word: tuple(map(np.array, zip(*topics, strict=True))) for word, topics in held.items()}
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
            shares[at] += self._idf[word] * saturated
        shares /= total
        return np.asarray(shares - shares.mean())


def _stems(text: str) -> list[str]:
    return [stem(word.text) for word in words(normalise(text))]
