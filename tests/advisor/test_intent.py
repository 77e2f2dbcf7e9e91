"""Features of texts, and the head that is trained on phrasings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor import intent
from bot.advisor.intent import (
    DIMENSIONS,
    FREQUENT,
    MAX_TOKENS,
    WORD_BITS,
    Features,
    IntentHead,
    Vectoriser,
    count_features,
    labels_of,
    train,
)

EXAMPLES = tuple(
    (label, tuple(text.split()))
    for label, text in (
        ("pay", "what does a {role} earn"),
        ("pay", "{role} salary"),
        ("pay", "how well paid is a {role}"),
        ("tools", "which tools does a {role} use"),
        ("tools", "{role} software and gear"),
        ("tools", "what is in the toolbox of a {role}"),
        ("hello", "good morning"),
        ("hello", "hi there"),
        ("hello", "hello"),
    )
)


def head(examples: tuple[tuple[str, tuple[str, ...]], ...] = EXAMPLES) -> IntentHead:
    return IntentHead(labels_of(label for label, _ in examples), train(examples))


HEAD = head()


def dense(vectors: list[Features]) -> np.ndarray:
    matrix = np.zeros((len(vectors), DIMENSIONS), dtype=np.float64)
    for row, vector in enumerate(vectors):
        matrix[row, vector.columns] = vector.values
    return matrix


def vectors_of(examples: tuple[tuple[str, tuple[str, ...]], ...]) -> list[Features]:
    counted = [count_features(tokens) for _, tokens in examples]
    vectoriser = Vectoriser.fitted(counted)
    return [vectoriser.vector(counts) for counts in counted]


def test_words_and_characters_have_columns_of_their_own() -> None:
    columns = count_features(["pay"])
    assert sum(column < (1 << WORD_BITS) for column in columns) == 3  # pay, ^ pay, pay $
    assert sum(column >= (1 << WORD_BITS) for column in columns) == 10  # 4 of two letters, 3 of three, 2 of four, 1


def test_slot_is_one_feature_and_not_spelt() -> None:
    assert sum(column >= (1 << WORD_BITS) for column in count_features(["{role}"])) == 1


def test_repeated_words_count_less_than_twice() -> None:
    once, twice = count_features(["pay"]), count_features(["pay", "pay"])
    column = next(iter(once))
    assert once[column] == 1
    assert twice[column] == pytest.approx(1 + np.log(2))


def test_inflected_words_share_their_word_feature() -> None:
    first, second = count_features(["learns"]), count_features(["learning"])
    assert {c for c in first if c < (1 << WORD_BITS)} == {c for c in second if c < (1 << WORD_BITS)}


def test_tokens_beyond_the_limit_are_no_features() -> None:
    assert count_features(["pay"] * MAX_TOKENS) == count_features(["pay"] * MAX_TOKENS + ["tools"])


def test_text_without_a_word_has_only_its_ends() -> None:
    assert len(count_features([])) == 1


@given(st.lists(st.text(max_size=30), max_size=10))
def test_vector_has_distinct_columns_and_length_one_at_most(tokens: list[str]) -> None:
    vector = Vectoriser.fitted([count_features(tokens)]).vector(count_features(tokens))
    assert len(set(vector.columns.tolist())) == len(vector.columns)
    assert all(0 <= column < DIMENSIONS for column in vector.columns)
    assert float(np.linalg.norm(vector.values)) <= 1 + 1e-5


def test_words_and_characters_weigh_the_same() -> None:
    vector = vectors_of(EXAMPLES)[0]
    words = vector.values[vector.columns < (1 << WORD_BITS)]
    assert float(np.sum(words**2)) == pytest.approx(0.5, abs=1e-5)


def test_rare_features_weigh_more_than_common_ones() -> None:
    idf = Vectoriser.fitted([count_features(tokens) for _, tokens in EXAMPLES]).idf
    common, rare = (next(iter(count_features([word]))) for word in ("{role}", "toolbox"))
    assert idf[rare] > idf[common]


def test_equal_examples_give_equal_heads() -> None:
    first, second = train(EXAMPLES), train(EXAMPLES)
    for name in ("idf", "weights", "label_of", "rows", "columns", "values"):
        assert (getattr(first, name) == getattr(second, name)).all()


def test_labels_stand_once_in_the_order_of_their_first_example() -> None:
    assert labels_of(label for label, _ in EXAMPLES) == ("pay", "tools", "hello")
    assert HEAD.labels == ("pay", "tools", "hello")


@pytest.mark.parametrize(("label", "tokens"), EXAMPLES)
def test_label_of_an_equal_phrasing_comes_first_and_is_as_near_as_can_be(label: str, tokens: tuple[str, ...]) -> None:
    assert HEAD.score(tokens)[0][0] == label
    assert max(HEAD._similarities(HEAD._vectoriser.vector(count_features(tokens)))) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "label"),
    [("earnings of a {role}", "pay"), ("tool a {role} uses", "tools"), ("hello good morning", "hello")],
)
def test_phrasing_that_was_never_seen_gets_the_label_it_resembles(text: str, label: str) -> None:
    assert HEAD.score(text.split())[0][0] == label


def test_unknown_text_is_near_nothing() -> None:
    scores = HEAD.score(["qzx", "vvk", "jjp"])
    assert all(abs(score) < 0.2 for _, score in scores)


def test_every_label_is_scored_best_first() -> None:
    ranked = HEAD.score(["salary"])
    assert {label for label, _ in ranked} == {"pay", "tools", "hello"}
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)


def test_score_is_half_the_nearest_phrasing_and_half_the_linear_head() -> None:
    tokens = ["what", "does", "a", "{role}", "use"]
    vector = HEAD._vectoriser.vector(count_features(tokens))
    similarities = dense(vectors_of(EXAMPLES)) @ dense([vector])[0]
    linear = dense([vector])[0] @ HEAD.trained.weights.astype(np.float64)
    nearest = {label: max(similarities[HEAD.trained.label_of == at]) for at, label in enumerate(HEAD.labels)}
    for label, score in HEAD.score(tokens):
        expected = intent.NEAREST_SHARE * nearest[label] + (1 - intent.NEAREST_SHARE) * linear[HEAD.labels.index(label)]
        assert score == pytest.approx(expected, abs=1e-4)


def test_sparse_kernel_equals_the_dense_product() -> None:
    endings = [f"{left}{right}" for left in "abcdefghij" for right in "klmnopqrst"][: FREQUENT + 20]
    many = tuple(("pay", ("salary", "of", "{role}", ending)) for ending in endings)
    vectors = vectors_of((*many, *EXAMPLES))
    matrix = dense(vectors)
    assert np.allclose(intent._kernel(vectors), matrix @ matrix.T, atol=1e-5)


def test_kernel_of_phrasings_that_share_little_equals_the_dense_product_too() -> None:
    vectors = vectors_of(EXAMPLES)
    matrix = dense(vectors)
    assert np.allclose(intent._kernel(vectors), matrix @ matrix.T, atol=1e-5)


@given(st.lists(st.text(max_size=40), max_size=20))
def test_no_words_are_nearer_to_a_phrasing_than_itself(tokens: list[str]) -> None:
    similarities = HEAD._similarities(HEAD._vectoriser.vector(count_features(tokens)))
    assert all(-1e-6 <= similarity <= 1 + 1e-3 for similarity in similarities)
    assert len(HEAD.score(tokens)) == 3
