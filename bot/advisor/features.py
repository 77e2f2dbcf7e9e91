"""Texts as vectors: hashed words, word pairs and character groups, weighed by how much they tell."""

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
MAX_TOKENS = 120
"""Tokens of one text that become features; longer texts are scored sentence by sentence."""
LONGEST_SPELT = 20
"""Letters of a word that become features."""


@dataclass(frozen=True, slots=True)
class Features:
    """A sparse vector: distinct columns below DIMENSIONS and their values."""

    columns: NDArray[np.int64]
    values: NDArray[np.float32]


def count_features(tokens: Sequence[str]) -> dict[int, float]:
    """Return column -> sublinear count of the features of `tokens`, hashed; slots such as {role} are one feature."""
    tokens = tokens[:MAX_TOKENS]
    counts: Counter[int] = Counter()
    for feature in _word_features(tokens):
        counts[zlib.crc32(feature.encode()) & ((1 << WORD_BITS) - 1)] += 1
    for feature in _character_features(tokens):
        counts[(1 << WORD_BITS) + (zlib.crc32(feature.encode()) & ((1 << CHARACTER_BITS) - 1))] += 1
    return {column: 1.0 + math.log(count) for column, count in counts.items()}


def _word_features(tokens: Sequence[str]) -> Iterable[str]:
    stems = ["^", *(stem(token) for token in tokens), "$"]
    yield from stems[1:-1]
    yield from (f"{left} {right}" for left, right in itertools.pairwise(stems))


def _character_features(tokens: Sequence[str]) -> Iterable[str]:
    for token in tokens:
        if token.startswith("{"):
            yield token
            continue
        padded = f" {token[:LONGEST_SPELT]} "
        for size in (2, 3, 4, 5):
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))


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
class Rows:
    """Many sparse vectors one after the other: row r holds columns[starts[r]:starts[r + 1]], and so its values."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: Sequence[Features]) -> Rows:
        """Return the rows that `vectors` make."""
        starts = np.zeros(len(vectors) + 1, dtype=np.int64)
        np.cumsum([len(vector.columns) for vector in vectors], out=starts[1:])
        columns = np.concatenate([vector.columns.astype(np.int32) for vector in vectors])
        return cls(starts, columns, np.concatenate([vector.values for vector in vectors]))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def entries(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the entries of `rows` stand, and for each the place of its row among `rows`."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        owner = np.repeat(np.arange(len(rows)), lengths)
        first = np.cumsum(lengths) - lengths
        return np.arange(lengths.sum()) - np.repeat(first - self.starts[rows], lengths), owner

    def dense(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the columns that occur in `rows`, and these rows as a dense matrix of rows x these columns."""
        entries, owner = self.entries(rows)
        used, place = np.unique(self.columns[entries], return_inverse=True)
        matrix = np.zeros((len(rows), len(used)), dtype=np.float32)
        matrix[owner, place] = self.values[entries]
        return used, matrix
