"""Texts as vectors: what becomes a feature, and what it weighs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.features import (
    DIMENSIONS,
    MAX_TOKENS,
    WORD_DIMENSIONS,
    Rows,
    Vectoriser,
    count_features,
)

SAID = ("what does a {role} earn", "{role} salary", "which toolbox", "{role} pay")
TEXTS = tuple(tuple(text.split()) for text in SAID)


def vectoriser(texts: tuple[tuple[str, ...], ...] = TEXTS) -> Vectoriser:
    return Vectoriser.fitted(Rows.counted(texts))


def test_words_and_characters_have_columns_of_their_own() -> None:
    columns = count_features(["pay"])
    assert sum(column < WORD_DIMENSIONS for column in columns) == 3  # pay, ^ pay, pay $
    assert sum(column >= WORD_DIMENSIONS for column in columns) == 10  # 4 of two letters, 3 of three, 2 of four, 1


def test_slot_is_one_feature_and_not_spelt() -> None:
    assert sum(column >= WORD_DIMENSIONS for column in count_features(["{role}"])) == 1


def test_repeated_words_count_less_than_twice() -> None:
    columns, counts = Rows.counted([["pay"], ["pay", "pay"]]).dense(np.arange(2))
    once, twice = counts[:, list(columns).index(next(iter(count_features(["pay"]))))]
    assert once == 1
    assert twice == pytest.approx(1 + np.log(2))


def test_inflected_words_share_their_word_feature() -> None:
    first, second = count_features(["learns"]), count_features(["learning"])
    assert {c for c in first if c < WORD_DIMENSIONS} == {c for c in second if c < WORD_DIMENSIONS}


def test_tokens_beyond_the_limit_are_no_features() -> None:
    assert count_features(["pay"] * MAX_TOKENS) == count_features(["pay"] * MAX_TOKENS + ["tools"])


def test_text_without_a_word_has_only_its_ends() -> None:
    assert len(count_features([])) == 1


@given(st.lists(st.text(max_size=30), max_size=10))
def test_vector_has_distinct_columns_and_length_one_at_most(tokens: list[str]) -> None:
    vector = vectoriser((tuple(tokens),)).vector(tokens)
    assert len(set(vector.columns.tolist())) == len(vector.columns)
    assert all(0 <= column < DIMENSIONS for column in vector.columns)
    assert float(np.linalg.norm(vector.values)) <= 1 + 1e-5


def test_words_and_characters_weigh_the_same() -> None:
    vector = vectoriser().vector(TEXTS[0])
    words = vector.values[vector.columns < WORD_DIMENSIONS]
    assert float(np.sum(words**2)) == pytest.approx(0.5, abs=1e-5)


def test_rare_features_weigh_more_than_common_ones() -> None:
    idf = vectoriser().idf
    common, rare = (next(iter(count_features([word]))) for word in ("{role}", "toolbox"))
    assert idf[rare] > idf[common]


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), min_size=1, max_size=6))
def test_texts_weighed_together_are_the_vectors_of_each(texts: list[list[str]]) -> None:
    counted = Rows.counted(texts)
    fitted = Vectoriser.fitted(counted)
    rows = fitted.weigh(counted)
    used, matrix = rows.dense(np.arange(len(texts)))
    for tokens, row in zip(texts, matrix, strict=True):
        alone = np.zeros(DIMENSIONS, dtype=np.float32)
        vector = fitted.vector(tokens)
        alone[vector.columns] = vector.values
        assert np.allclose(row, alone[used], atol=1e-5)
        assert np.count_nonzero(alone) == np.count_nonzero(row)
