"""What is asked: a linear head over the features of texts, trained from phrasings when knowledge loads.

Multinomial logistic regression with an L2 penalty, solved in its dual by block coordinate ascent; every step takes
Böhning's bound on the curvature (Böhning 1992, "Multinomial logistic regression algorithm"), so that it needs no step
size and equal examples give equal weights. Its time and memory grow with the number of phrasings, not with their square.
Beside the head stands the nearest phrasing of each label, which tells how far a text is from all that is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.advisor.features import DIMENSIONS, Features, Rows, Vectoriser, count_features

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

SCALE = 12.0
"""Length of the vectors that the regression sees; a score is a logit."""
PENALTY = 0.3
"""L2 penalty. Of CLINC150 with 20 phrasings 86.8 to 86.2 % right over 0.1, 0.3 and 1, of Banking77 82.3 to 82.9."""
BLOCK = 512
"""Phrasings that one step takes together."""
INNER_STEPS = 3
MAX_SWEEPS, MIN_SWEEPS = 24, 2
SWEPT = 30_000
"""Phrasings that all sweeps together visit, fewer sweeps over more phrasings. CLINC150 with 20 phrasings an intent: 84.9,
86.3, 86.8 and 87.5 % right after 1, 2, 4 and 8 sweeps; with 60 phrasings 91.1, 91.2, 91.6 and 91.9 %."""
MAX_NEIGHBOURS = 20_000
"""Phrasings among which the nearest is looked for; of more, each label keeps every second, third ..."""
MEANING_SHARE = 0.7
"""The share of a vector's squared length that an encoder's block gets."""


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """Everything that training yields; arrays only, so that it can be kept without pickle.

    `weights` is (features + meaning dimensions) x labels. The neighbours' vectors stand one after the other in `columns`
    and `values`, sorted by column; `rows` tells whose each is, `neighbours` which phrasing each of them is, `label_of`
    its label, `meanings` its encoded vector (neighbours x dimensions; no columns without an encoder).
    """

    idf: NDArray[np.float32]
    weights: NDArray[np.float16]
    neighbours: NDArray[np.int64]
    label_of: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    meanings: NDArray[np.float16]


def train(examples: Sequence[tuple[str, tuple[str, ...]]], meanings: NDArray[np.float32] | None = None) -> TrainedHead:
    """Return the head that equal (label, tokens) examples always give.

    `meanings` are the examples' encoded texts, rows of unit length; None leaves that block out.
    """
    counted = [count_features(tokens) for _, tokens in examples]
    vectoriser = Vectoriser.fitted(counted)
    rows = Rows.of([vectoriser.vector(counts) for counts in counted])
    place = {label: number for number, label in enumerate(labels_of(label for label, _ in examples))}
    label_of = np.array([place[label] for label, _ in examples], dtype=np.int64)
    if meanings is None:
        meanings = np.zeros((len(examples), 0), dtype=np.float32)
    neighbours = _thinned(label_of)
    entries, owner = rows.entries(neighbours)
    order = np.argsort(rows.columns[entries], kind="stable")
    return TrainedHead(
        idf=vectoriser.idf,
        weights=_regression(rows, meanings, label_of, len(place)),
        neighbours=neighbours,
        label_of=label_of[neighbours],
        rows=owner[order],
        columns=rows.columns[entries][order],
        values=rows.values[entries][order],
        meanings=meanings[neighbours].astype(np.float16),
    )


def labels_of(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels of examples, each once, in the order that a trained head numbers them by."""
    return tuple(dict.fromkeys(labels))


@dataclass(frozen=True, slots=True)
class Scores:
    """What a head says of a text: the logit of each label, and how alike its nearest phrasing is (0-1)."""

    logits: NDArray[np.float32]
    likeness: NDArray[np.float32]


class IntentHead:
    """Scores a text against labels."""

    def __init__(self, labels: tuple[str, ...], trained: TrainedHead) -> None:
        """Take a trained head and its labels."""
        self.labels = labels
        self.trained = trained
        self._vectoriser = Vectoriser(trained.idf)
        self._starts = np.searchsorted(trained.columns, np.arange(DIMENSIONS + 1))
        self._meaning_weights = trained.weights[DIMENSIONS:].astype(np.float32)
        self._meanings = trained.meanings.astype(np.float32)

    def score(self, tokens: Sequence[str], meaning: NDArray[np.float32] | None = None) -> Scores:
        """Return the score of every label for a text, and its encoded vector where the head was trained with such."""
        vector = self._vectoriser.vector(count_features(tokens))
        logits = vector.values @ self.trained.weights[vector.columns].astype(np.float32)
        if self._meanings.shape[1] and meaning is not None:
            logits = np.sqrt(1 - MEANING_SHARE) * logits + np.sqrt(MEANING_SHARE) * (meaning @ self._meaning_weights)
        likeness = np.zeros(len(self.labels), dtype=np.float32)
        np.maximum.at(likeness, self.trained.label_of, self._similarities(vector, meaning))
        return Scores(np.float32(SCALE) * logits, likeness)

    def nearest(
        self, tokens: Sequence[str], count: int, meaning: NDArray[np.float32] | None = None
    ) -> tuple[tuple[int, float], ...]:
        """Return the numbers of the phrasings most like a text, as they were trained, with how alike (0-1)."""
        similar = self._similarities(self._vectoriser.vector(count_features(tokens)), meaning)
        found = np.argsort(-similar, kind="stable")[:count]
        return tuple((int(self.trained.neighbours[at]), float(similar[at])) for at in found)

    def _similarities(self, vector: Features, meaning: NDArray[np.float32] | None) -> NDArray[np.float32]:
        starts = self._starts[vector.columns]
        lengths = self._starts[vector.columns + 1] - starts
        places = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        weights = np.repeat(vector.values, lengths) * self.trained.values[places]
        count = len(self.trained.label_of)
        similar = np.bincount(self.trained.rows[places], weights=weights, minlength=count).astype(np.float32)
        if self._meanings.shape[1] and meaning is not None:
            similar = (1 - MEANING_SHARE) * similar + MEANING_SHARE * (self._meanings @ meaning)
        return similar


def _thinned(label_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the phrasings that stay as neighbours: all, or of each label one in so many."""
    step = -(-len(label_of) // MAX_NEIGHBOURS)
    order = np.argsort(label_of, kind="stable")
    return np.sort(order[::step])


def _regression(
    rows: Rows, meanings: NDArray[np.float32], label_of: NDArray[np.int64], labels: int
) -> NDArray[np.float16]:
    """Return the weights of the regression, (features + meaning dimensions) x labels.

    A phrasing's dual variables a = (wanted - predicted) / penalty; the weights are the phrasings' vectors times these.
    """
    has_meaning = bool(meanings.shape[1])
    lexical_share = np.float32(np.sqrt(1 - MEANING_SHARE)) if has_meaning else np.float32(1)
    meant = np.float32(np.sqrt(MEANING_SHARE)) * meanings
    dual = np.zeros((len(rows), labels), dtype=np.float32)
    weights = np.zeros((DIMENSIONS + meanings.shape[1], labels), dtype=np.float32)
    count = -(-len(rows) // BLOCK)
    # Phrasings of a label stand together: each block takes some of every label.
    blocks = [np.argsort(label_of, kind="stable")[start::count] for start in range(count)]
    for _ in range(max(MIN_SWEEPS, min(MAX_SWEEPS, SWEPT // len(rows)))):
        for block in blocks:
            columns, lexical = rows.dense(block)
            lexical *= lexical_share
            scores = lexical @ weights[columns] + meant[block] @ weights[DIMENSIONS:]
            kernel = lexical @ lexical.T + meant[block] @ meant[block].T
            step = _block_step(kernel, scores, dual[block], label_of[block])
            dual[block] += step
            weights[columns] += lexical.T @ step
            weights[DIMENSIONS:] += meant[block].T @ step
    return weights.astype(np.float16)


def _block_step(
    kernel: NDArray[np.float32], scores: NDArray[np.float32], dual: NDArray[np.float32], label_of: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return what the dual variables of a block change by, all others held."""
    kernel, scores = SCALE * kernel, SCALE * scores
    inverse = np.linalg.inv(kernel / 2 + PENALTY * np.eye(len(kernel), dtype=np.float32))
    wanted = np.zeros_like(scores)
    wanted[np.arange(len(label_of)), label_of] = 1
    current = dual
    for _ in range(INNER_STEPS):
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        following = inverse @ (kernel @ current / 2 + wanted - likely)
        scores += kernel @ (following - current)
        current = following
    return (current - dual).astype(np.float32)
