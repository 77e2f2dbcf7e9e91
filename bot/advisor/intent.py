"""What is asked: a linear head over hashed words and character n-grams, trained from phrasings when knowledge loads.

Word uni- and bigrams and character 2-5-grams within words, sublinear TF-IDF, each block of unit length, kernel ridge
regression folded into one matrix; beside it the nearest phrasing of each label.
"""

from __future__ import annotations

import itertools
import math
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.language.text import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

WORD_BITS = 14
CHARACTER_BITS = 14
DIMENSIONS = (1 << WORD_BITS) + (1 << CHARACTER_BITS)
RIDGE = 0.6
"""Regularisation of the kernel system. Best readings of the golden questions that were right: 74.8 to 76.5 % over 0.3,
0.6 and 1.2, without a trend."""
FREQUENT = 60
"""Phrasings that share a feature, from which on a dense product is the quicker way to pair them."""
DENSE_COLUMNS = 1_024
MAX_TOKENS = 120
"""Tokens of one text that become features; longer texts are scored sentence by sentence."""


@dataclass(frozen=True, slots=True)
class Features:
    """A sparse vector: distinct columns below DIMENSIONS and their values."""

    columns: NDArray[np.int64]
    values: NDArray[np.float32]


def _word_features(tokens: Sequence[str]) -> Iterable[str]:
    stems = ["^", *(stem(token) for token in tokens), "$"]
    yield from stems[1:-1]
    yield from (f"{left} {right}" for left, right in itertools.pairwise(stems))


def _character_features(tokens: Sequence[str]) -> Iterable[str]:
    for token in tokens:
        if token.startswith("{"):
            yield token
            continue
        padded = f" {token[:20]} "
        for size in (2, 3, 4, 5):
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))


def count_features(tokens: Sequence[str]) -> dict[int, float]:
    """Return column -> sublinear count of the features of `tokens`, hashed; slots such as {role} are one feature."""
    tokens = tokens[:MAX_TOKENS]
    counts: Counter[int] = Counter()
    for feature in _word_features(tokens):
        counts[zlib.crc32(feature.encode()) & ((1 << WORD_BITS) - 1)] += 1
    for feature in _character_features(tokens):
        counts[(1 << WORD_BITS) + (zlib.crc32(feature.encode()) & ((1 << CHARACTER_BITS) - 1))] += 1
    return {column: 1.0 + math.log(count) for column, count in counts.items()}


class Vectoriser:
    """TF-IDF over hashed features, with each block of features brought to the same length."""

    def __init__(self, idf: NDArray[np.float32]) -> None:
        self.idf = idf

    @classmethod
    def fitted(cls, counted: Sequence[dict[int, float]]) -> Vectoriser:
        """Return one whose inverse document frequencies come from `counted`."""
        frequency = np.zeros(DIMENSIONS, dtype=np.float32)
        for counts in counted:
            frequency[list(counts)] += 1
        return cls(np.log((1 + len(counted)) / (1 + frequency)).astype(np.float32) + np.float32(1))

    def vector(self, counts: dict[int, float]) -> Features:
        """Return the unit-length vector of counted features."""
        columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
        values = np.fromiter(counts.values(), dtype=np.float32, count=len(counts)) * self.idf[columns]
        for block in (columns < (1 << WORD_BITS), columns >= (1 << WORD_BITS)):
            length = float(np.linalg.norm(values[block]))
            if length:
                values[block] *= np.float32(np.sqrt(0.5) / length)
        return Features(columns, values)


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """Everything that training yields; arrays only, so that it can be kept without pickle.

    `weights` is features x labels. The phrasings' vectors stand one after the other in `columns` and `values`, sorted
    by column; `rows` tells whose each is.
    """

    idf: NDArray[np.float32]
    weights: NDArray[np.float16]
    label_of: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float32]


def train(examples: Sequence[tuple[str, tuple[str, ...]]]) -> TrainedHead:
    """Return the head that equal (label, tokens) examples always give."""
    counted = [count_features(tokens) for _, tokens in examples]
    vectoriser = Vectoriser.fitted(counted)
    vectors = [vectoriser.vector(counts) for counts in counted]
    place = {label: number for number, label in enumerate(labels_of(label for label, _ in examples))}
    label_of = np.array([place[label] for label, _ in examples], dtype=np.int64)
    rows = np.repeat(np.arange(len(vectors)), [len(vector.columns) for vector in vectors])
    columns = np.concatenate([vector.columns for vector in vectors])
    order = np.argsort(columns, kind="stable")
    values = np.concatenate([vector.values for vector in vectors])
    weights = _ridge(vectors, label_of, len(place))
    return TrainedHead(vectoriser.idf, weights, label_of, rows[order], columns[order], values[order])


def labels_of(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels of examples, each once, in the order that a trained head numbers them by."""
    return tuple(dict.fromkeys(labels))


class IntentHead:
    """Scores a text against labels."""

    def __init__(self, labels: tuple[str, ...], trained: TrainedHead) -> None:
        """Take a trained head and its labels."""
        self.labels = labels
        self.trained = trained
        self._vectoriser = Vectoriser(trained.idf)
        self._starts = np.searchsorted(trained.columns, np.arange(DIMENSIONS + 1))

    def score(self, tokens: Sequence[str]) -> tuple[tuple[str, float], ...]:
        """Return every label with its score for a text, best first."""
        vector = self._vectoriser.vector(count_features(tokens))
        linear = vector.values @ self.trained.weights[vector.columns].astype(np.float32)
        similar = np.zeros(len(self.labels), dtype=np.float32)
        np.maximum.at(similar, self.trained.label_of, self._similarities(vector))
        total = NEAREST_SHARE * similar + (1 - NEAREST_SHARE) * linear
        return tuple((self.labels[at], float(total[at])) for at in np.argsort(-total, kind="stable"))

    def nearest(self, tokens: Sequence[str], count: int) -> tuple[tuple[int, float], ...]:
        """Return the numbers of the phrasings most like a text, as they were trained, with how alike (0-1)."""
        similar = self._similarities(self._vectoriser.vector(count_features(tokens)))
        return tuple((int(at), float(similar[at])) for at in np.argsort(-similar, kind="stable")[:count])

    def _similarities(self, vector: Features) -> NDArray[np.float32]:
        starts = self._starts[vector.columns]
        lengths = self._starts[vector.columns + 1] - starts
        # The places of all postings one after the other: each column's run, counted up from its start.
        places = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        products = np.repeat(vector.values, lengths) * self.trained.values[places]
        phrasings = len(self.trained.label_of)
        return np.bincount(self.trained.rows[places], products, phrasings).astype(np.float32)


NEAREST_SHARE = 0.5
"""The share of the nearest phrasing of a label in its score; the rest is the linear head's."""


def _postings(vectors: Sequence[Features]) -> Iterable[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Yield the rows that have a feature and its values in them, for each feature that occurs."""
    rows = np.repeat(np.arange(len(vectors)), [len(vector.columns) for vector in vectors])
    columns = np.concatenate([vector.columns for vector in vectors])
    values = np.concatenate([vector.values for vector in vectors])
    order = np.argsort(columns, kind="stable")
    cuts = np.flatnonzero(np.diff(columns[order])) + 1
    yield from zip(np.split(rows[order], cuts), np.split(values[order], cuts), strict=True)


def _ridge(vectors: Sequence[Features], label_of: NDArray[np.int64], labels: int) -> NDArray[np.float16]:
    """Solve kernel ridge regression on one-hot labels and fold it into a matrix of features x labels."""
    kernel = _kernel(vectors)
    kernel[np.diag_indices_from(kernel)] += RIDGE
    wanted = np.zeros((len(vectors), labels), dtype=np.float32)
    wanted[np.arange(len(vectors)), label_of] = 1
    dual = np.linalg.solve(kernel, wanted)
    weights = np.zeros((DIMENSIONS, labels), dtype=np.float32)
    for vector, row in zip(vectors, dual, strict=True):
        weights[vector.columns] += np.outer(vector.values, row)
    return weights.astype(np.float16)


def _kernel(vectors: Sequence[Features]) -> NDArray[np.float32]:
    """Return the inner products of all pairs: rare columns pair by pair, frequent ones as dense matrices.

    6,900 phrasings take 1.8 s on a core or two.
    """
    kernel = np.zeros((len(vectors), len(vectors)), dtype=np.float32)
    frequent = []
    for rows, values in _postings(vectors):
        if len(rows) > FREQUENT:
            frequent.append((rows, values))
        else:
            kernel[np.ix_(rows, rows)] += np.outer(values, values)
    for start in range(0, len(frequent), DENSE_COLUMNS):
        block = np.zeros((len(vectors), DENSE_COLUMNS), dtype=np.float32)
        for column, (rows, values) in enumerate(frequent[start : start + DENSE_COLUMNS]):
            block[rows, column] = values
        kernel += block @ block.T
    return kernel
