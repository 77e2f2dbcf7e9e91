"""Texts as vectors: hashed words, word pairs and character groups, weighed by how much they tell."""

from __future__ import annotations

import itertools
import zlib
from array import array
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bot.language.text import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

WORD_BITS = 14
CHARACTER_BITS = 14
WORD_DIMENSIONS = 1 << WORD_BITS
"""Columns below are of words and word pairs, those from here on of groups of letters."""
DIMENSIONS = WORD_DIMENSIONS + (1 << CHARACTER_BITS)
MAX_TOKENS = 120
"""Tokens of one text that become features; longer texts are scored sentence by sentence."""
WEIGHED_TOGETHER = 4_096
"""Texts whose vectors are weighed in one step."""
LONGEST_SPELT = 20
"""Letters of a word that become features."""


@dataclass(frozen=True, slots=True)
class Features:
    """A sparse vector: distinct columns below DIMENSIONS and their values."""

    columns: NDArray[np.int64]
    values: NDArray[np.float32]


def count_features(tokens: Sequence[str]) -> Counter[int]:
    """Return how often each feature of `tokens` occurs, by column; slots such as {role} are one feature."""
    tokens = tokens[:MAX_TOKENS]
    counts: Counter[int] = Counter()
    for token in tokens:
        counts.update(_columns_of(token))
    stems = ["^", *(stem(token) for token in tokens), "$"]
    counts.update(_word_column(f"{left} {right}") for left, right in itertools.pairwise(stems))
    return counts


def _dampened(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make counts sublinear, in place: a word that is said twice does not count twice."""
    np.log(counts, out=counts)
    counts += 1
    return counts


@lru_cache(maxsize=8_192)
def _columns_of(token: str) -> tuple[int, ...]:
    """Return the columns of a word's stem and of its groups of letters; words recur, so they are remembered."""
    groups = (zlib.crc32(group.encode()) & ((1 << CHARACTER_BITS) - 1) for group in _character_features(token))
    return (_word_column(stem(token)), *(WORD_DIMENSIONS + group for group in groups))


def _word_column(feature: str) -> int:
    return zlib.crc32(feature.encode()) & (WORD_DIMENSIONS - 1)


def _character_features(token: str) -> Iterable[str]:
    if token.startswith("{"):
        yield token
        return
    padded = f" {token[:LONGEST_SPELT]} "
    for size in (2, 3, 4, 5):
        yield from (padded[at : at + size] for at in range(len(padded) - size + 1))


class Vectoriser:
    """TF-IDF over hashed features, with each block of features brought to the same length."""

    def __init__(self, idf: NDArray[np.float32]) -> None:
        self.idf = idf

    @classmethod
    def fitted(cls, counted: Rows) -> Vectoriser:
        """Return one whose inverse document frequencies come from counted texts."""
        frequency = np.bincount(counted.columns, minlength=DIMENSIONS).astype(np.float32)
        return cls(np.log((1 + len(counted)) / (1 + frequency)).astype(np.float32) + np.float32(1))

    def weigh(self, counted: Rows) -> Rows:
        """Make unit-length vectors of counted texts, in place: a hundred thousand texts have 15 million entries."""
        for first in range(0, len(counted), WEIGHED_TOGETHER):
            starts = counted.starts[first : first + WEIGHED_TOGETHER + 1]
            columns, values = (part[starts[0] : starts[-1]] for part in (counted.columns, counted.values))
            values *= self.idf[columns]
            owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
            for block in (columns < WORD_DIMENSIONS, columns >= WORD_DIMENSIONS):
                squares = np.bincount(owner[block], weights=values[block] ** 2, minlength=len(starts) - 1)
                scale = np.sqrt(0.5 / np.maximum(squares, np.finfo(np.float32).tiny)).astype(np.float32)
                values[block] *= scale[owner[block]]
        return counted

    def vector(self, tokens: Sequence[str]) -> Features:
        """Return the unit-length vector of a text."""
        counts = count_features(tokens)
        columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
        values = _dampened(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))) * self.idf[columns]
        for block in (columns < WORD_DIMENSIONS, columns >= WORD_DIMENSIONS):
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
    def counted(cls, texts: Iterable[Sequence[str]]) -> Rows:
        """Return the dampened counts of the features of each text."""
        starts, columns, counts = array("q", [0]), array("i"), array("f")
        for tokens in texts:
            found = count_features(tokens)
            columns.extend(found)
            counts.extend(found.values())
            starts.append(len(columns))
        values = _dampened(np.frombuffer(counts, dtype=np.float32))
        return cls(np.frombuffer(starts, dtype=np.int64), np.frombuffer(columns, dtype=np.int32), values)

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
