"""What is asked: a linear head over the features of texts, trained from phrasings when knowledge loads.

Multinomial logistic regression with an L2 penalty, solved in its dual by block coordinate ascent; every step takes
Böhning's bound on the curvature (Böhning 1992, "Multinomial logistic regression algorithm"), so that it needs no step
size and equal examples give equal weights. Time and memory grow with the number of phrasings, not with their square.
Beside the head stand the phrasings nearest to a text, which tell how far it is from all that is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.advisor.features import DIMENSIONS, WORD_DIMENSIONS, Features, Rows, Vectoriser

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

SCALE = 12.0
"""Length of the vectors that the regression sees; a score is a logit."""
PENALTY = 0.3
"""L2 penalty. Of CLINC150 with 20 phrasings 86.8 to 86.2 % right over 0.1, 0.3 and 1, of Banking77 82.3 to 82.9."""
BLOCK = 128
"""Phrasings that one step takes together."""
INNER_STEPS = 3
MAX_SWEEPS, MIN_SWEEPS = 8, 2
SWEPT = 80_000
"""Phrasings that all sweeps together visit, fewer sweeps over more phrasings. CLINC150 with 20 phrasings a label: 84.9,
86.3, 86.8 and 87.5 % right after 1, 2, 4 and 8 sweeps; with 60 phrasings 91.1, 91.2, 91.6 and 91.9 %."""
MAX_NEIGHBOURS = 32_000
"""Phrasings among which the nearest is looked for; of more, each label keeps every second, third ..."""
VOTERS = 12
"""The nearest phrasings that vote, each with how alike it is; none that is not half as alike as the nearest."""
ABSTAINING = 0.5
"""Votes for no label at all: a text that is near nothing gives no label a majority."""
COMPARED_IN_MEANING = 32
"""The likeliest labels, whose phrasings are compared in meaning: all vectors are 36 MB, too many for each text."""
MEANING_SHARE = 0.7
"""The share of a vector's squared length that an encoder's block gets."""


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """Everything that training yields; arrays only, so that it can be kept without pickle.

    `weights` is features x labels, `joint` (features + meaning dimensions) x labels, of no rows without an encoder.
    Neighbours are compared by their words and word pairs, whose vectors stand one after the other in `columns` and
    `values`, sorted by column; `rows` tells whose each is, `neighbours` which phrasing each of them is, by label,
    `label_of` its label, `meanings` its encoded vector (neighbours x dimensions; no columns without an encoder).
    """

    idf: NDArray[np.float32]
    weights: NDArray[np.float16]
    joint: NDArray[np.float16]
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
    counted = Rows.counted(tokens for _, tokens in examples)
    vectoriser = Vectoriser.fitted(counted)
    rows = vectoriser.weigh(counted)
    del counted
    place = {label: number for number, label in enumerate(labels_of(label for label, _ in examples))}
    label_of = np.array([place[label] for label, _ in examples], dtype=np.int64)
    without = np.zeros((len(examples), 0), dtype=np.float32)
    meant = without if meanings is None else meanings
    neighbours = _thinned(label_of)
    entries, owner = rows.entries(neighbours)
    spoken = rows.columns[entries] < WORD_DIMENSIONS
    entries, owner = entries[spoken], owner[spoken]
    order = np.argsort(rows.columns[entries], kind="stable")
    return TrainedHead(
        idf=vectoriser.idf,
        weights=_regression(rows, without, label_of, len(place)),
        joint=np.zeros((0, 0), np.float16) if meanings is None else _regression(rows, meanings, label_of, len(place)),
        neighbours=neighbours,
        label_of=label_of[neighbours],
        rows=owner[order],
        columns=rows.columns[entries][order],
        values=rows.values[entries][order],
        meanings=meant[neighbours].astype(np.float16),
    )


def labels_of(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels of examples, each once, in the order that a trained head numbers them by."""
    return tuple(dict.fromkeys(labels))


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near the phrasings of each label are to a text, one value a label.

    `likeness` is that of the nearest phrasing (0-1), `votes` the share of the label in the votes of the nearest of all.
    """

    likeness: NDArray[np.float32]
    votes: NDArray[np.float32]


@dataclass(frozen=True)
class Scores:
    """What a head says of a text, each part worked out when it is first asked for.

    `meaning` is the text's encoded vector; what is said by it is None without.
    """

    head: IntentHead
    vector: Features
    meaning: NDArray[np.float32] | None

    @cached_property
    def logits(self) -> NDArray[np.float32]:
        """The logit of each label by the words."""
        return self.head.logits(self.vector)

    @cached_property
    def near(self) -> Nearness:
        """How near the phrasings of each label are in words."""
        return self.head.near(self.vector)

    @cached_property
    def joint(self) -> NDArray[np.float32] | None:
        """The logit of each label by words and meaning together."""
        return None if self.meaning is None else self.head.joint_logits(self.vector, self.meaning)

    @cached_property
    def near_in_meaning(self) -> Nearness | None:
        """How near the phrasings of the likeliest labels are in meaning; those of others count as far."""
        if self.meaning is None or self.joint is None:
            return None
        return self.head.near_in_meaning(self.meaning, np.argsort(-self.joint, kind="stable")[:COMPARED_IN_MEANING])

    @property
    def together(self) -> NDArray[np.float32]:
        """The logits by words, and where there is an encoder their mean with those by words and meaning."""
        return self.logits if self.joint is None else (self.logits + self.joint) / np.float32(2)


class IntentHead:
    """Scores a text against labels."""

    def __init__(self, labels: tuple[str, ...], trained: TrainedHead) -> None:
        """Take a trained head and its labels."""
        self.labels = labels
        self.trained = trained
        self._vectoriser = Vectoriser(trained.idf)
        self._starts = np.searchsorted(trained.columns, np.arange(WORD_DIMENSIONS + 1))
        self._present, self._firsts = np.unique(trained.label_of, return_index=True)
        self._bounds = np.searchsorted(trained.label_of, np.arange(len(labels) + 1)).tolist()
        self._meaning_weights = trained.joint[DIMENSIONS:].astype(np.float32)
        self._meanings = trained.meanings.astype(np.float32)

    def score(self, tokens: Sequence[str], meaning: NDArray[np.float32] | None = None) -> Scores:
        """Return what is said of a text; its encoded vector counts where the head was trained with such."""
        return Scores(self, self._vectoriser.vector(tokens), meaning if self._meanings.shape[1] else None)

    def logits(self, vector: Features) -> NDArray[np.float32]:
        """Return the logit of each label by words."""
        found = vector.values @ self.trained.weights[vector.columns].astype(np.float32)
        return np.asarray(np.float32(SCALE) * found)

    def joint_logits(self, vector: Features, meaning: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logit of each label by words and meaning together."""
        lexical = vector.values @ self.trained.joint[vector.columns].astype(np.float32)
        found = np.sqrt(1 - MEANING_SHARE) * lexical + np.sqrt(MEANING_SHARE) * (meaning @ self._meaning_weights)
        return np.asarray(np.float32(SCALE) * found, dtype=np.float32)

    def near(self, vector: Features) -> Nearness:
        """Return how near the phrasings of each label are in words."""
        return self._nearness(self._shared(vector))

    def near_in_meaning(self, meaning: NDArray[np.float32], among: NDArray[np.int64]) -> Nearness:
        """Return how near the phrasings of the labels numbered `among` are in meaning; others count as far."""
        alike = np.zeros(len(self._meanings), dtype=np.float32)
        for label in among.tolist():
            own = slice(self._bounds[label], self._bounds[label + 1])
            alike[own] = self._meanings[own] @ meaning
        return self._nearness(alike)

    def nearest(self, tokens: Sequence[str], count: int) -> tuple[tuple[int, float], ...]:
        """Return the numbers of the phrasings most like a text, as they were trained, with how alike (0-1)."""
        alike = self._shared(self._vectoriser.vector(tokens))
        found = np.argsort(-alike, kind="stable")[:count]
        return tuple((int(self.trained.neighbours[at]), float(alike[at])) for at in found)

    def _nearness(self, alike: NDArray[np.float32]) -> Nearness:
        likeness = np.zeros(len(self.labels), dtype=np.float32)
        likeness[self._present] = np.maximum(np.maximum.reduceat(alike, self._firsts), 0)
        near = np.flatnonzero(alike >= max(likeness.max() / 2, np.finfo(np.float32).tiny))
        if len(near) > VOTERS:
            near = near[np.argpartition(-alike[near], VOTERS)[:VOTERS]]
        votes = np.bincount(self.trained.label_of[near], weights=alike[near], minlength=len(self.labels))
        return Nearness(likeness, (votes / (votes.sum() + ABSTAINING)).astype(np.float32))

    def _shared(self, vector: Features) -> NDArray[np.float32]:
        """Return how alike the words and word pairs of a text and of each neighbour are (0-1)."""
        spoken = vector.columns < WORD_DIMENSIONS
        columns, values = vector.columns[spoken], vector.values[spoken]
        starts = self._starts[columns]
        lengths = self._starts[columns + 1] - starts
        places = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        # Either half of a vector has the length sqrt(1/2), so that twice the product is the cosine.
        weights = np.repeat(2 * values, lengths) * self.trained.values[places]
        count = len(self.trained.label_of)
        return np.bincount(self.trained.rows[places], weights=weights, minlength=count).astype(np.float32)


def _thinned(label_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of the phrasings that stay as neighbours, by label: all, or one in so many."""
    step = -(-len(label_of) // MAX_NEIGHBOURS)
    return np.argsort(label_of, kind="stable")[::step]


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
    order = np.argsort(label_of, kind="stable")
    blocks = [order[start::count] for start in range(count)]
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
