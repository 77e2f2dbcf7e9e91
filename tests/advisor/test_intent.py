"""The head that is trained on phrasings: its logits, and what its nearest phrasings say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor import intent
from bot.advisor.features import DIMENSIONS, Rows, Vectoriser
from bot.advisor.intent import ABSTAINING, MAX_NEIGHBOURS, VOTERS, IntentHead, Scores, labels_of, train

EXAMPLES = tuple(
    (label, tuple(text.split()))
    for label, text in (
        ("pay", "what does a {role} earn"),
        ("tools", "which tools does a {role} use"),
        ("pay", "{role} salary"),
        ("pay", "how well paid is a {role}"),
        ("tools", "{role} software and gear"),
        ("hello", "good morning"),
        ("tools", "what is in the toolbox of a {role}"),
        ("hello", "hi there"),
        ("hello", "hello"),
    )
)


def head(examples: tuple[tuple[str, tuple[str, ...]], ...] = EXAMPLES) -> IntentHead:
    return IntentHead(labels_of(label for label, _ in examples), train(examples))


HEAD = head()


def best(scores: Scores) -> str:
    return HEAD.labels[int(scores.logits.argmax())]


def test_equal_examples_give_equal_heads() -> None:
    first, second = train(EXAMPLES), train(EXAMPLES)
    for name in ("idf", "weights", "label_of", "rows", "columns", "values"):
        assert (getattr(first, name) == getattr(second, name)).all()


def test_labels_stand_once_in_the_order_of_their_first_example() -> None:
    assert labels_of(label for label, _ in EXAMPLES) == ("pay", "tools", "hello")
    assert HEAD.labels == ("pay", "tools", "hello")


@pytest.mark.parametrize(("label", "tokens"), EXAMPLES)
def test_label_of_an_equal_phrasing_is_likeliest_and_as_near_as_can_be(label: str, tokens: tuple[str, ...]) -> None:
    scores = HEAD.score(tokens)
    assert best(scores) == label
    assert scores.near.likeness[HEAD.labels.index(label)] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "label"),
    [("earnings of a {role}", "pay"), ("tool a {role} uses", "tools"), ("hello good morning", "hello")],
)
def test_phrasing_that_was_never_seen_gets_the_label_it_resembles(text: str, label: str) -> None:
    assert best(HEAD.score(text.split())) == label


def test_unknown_text_is_near_nothing_and_nobody_votes() -> None:
    scores = HEAD.score(["qzx", "vvk", "jjp"])
    assert scores.near.likeness.tolist() == [0, 0, 0]
    assert scores.near.votes.tolist() == [0, 0, 0]


def test_regression_is_where_its_gradient_vanishes() -> None:
    """At the optimum a phrasing's dual variables are (wanted - predicted) / penalty, and weights are made of them."""
    counted = Rows.counted(tokens for _, tokens in EXAMPLES)
    rows = Vectoriser.fitted(counted).weigh(counted)
    _, vectors = rows.dense(np.arange(len(EXAMPLES)))
    label_of = np.array([HEAD.labels.index(label) for label, _ in EXAMPLES])
    nothing = np.zeros((len(EXAMPLES), 0), dtype=np.float32)
    used, _ = rows.dense(np.arange(len(EXAMPLES)))
    weights = intent._regression(rows, nothing, label_of, 3)[used].astype(np.float64)
    scores = intent.SCALE * vectors @ weights
    predicted = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    wanted = np.eye(3)[label_of]
    drawn = vectors.T @ (wanted - predicted)
    assert np.abs(intent.PENALTY * weights - drawn).max() < 0.05 * np.abs(drawn).max()


def test_votes_are_shares_of_the_nearest_phrasings() -> None:
    many = tuple(("pay", ("salary", "{role}", f"word{number}")) for number in range(3 * VOTERS))
    crowded = head((*many, *EXAMPLES))
    near = crowded.score(("salary", "{role}")).near
    assert crowded.labels[int(near.votes.argmax())] == "pay"
    most = VOTERS * float(near.likeness.max())
    assert most / (most + ABSTAINING) >= near.votes.sum() > 0.8


def test_phrasing_less_than_half_as_near_as_the_nearest_has_no_vote() -> None:
    votes = HEAD.score(("hello",)).near.votes
    assert votes[HEAD.labels.index("hello")] == pytest.approx(1 / (1 + ABSTAINING), abs=1e-3)
    assert votes.sum() == votes.max()


def test_nearest_are_the_phrasings_as_they_were_trained() -> None:
    found = HEAD.nearest(("{role}", "salary"), 2)
    assert EXAMPLES[found[0][0]][1] == ("{role}", "salary")
    assert found[0][1] == pytest.approx(1.0, abs=1e-3)
    assert found[0][1] > found[1][1]


def test_of_many_phrasings_each_label_keeps_its_share_as_neighbours() -> None:
    label_of = np.array([0, 1, 2] * MAX_NEIGHBOURS)
    kept = intent._thinned(label_of)
    assert len(kept) == MAX_NEIGHBOURS
    counts = np.bincount(label_of[kept])
    assert counts.max() - counts.min() <= 1


def test_encoded_phrasings_tell_apart_what_words_do_not() -> None:
    said = (("pay", ("aaa",)), ("tools", ("bbb",)))
    meanings = np.eye(2, 4, dtype=np.float32)
    both = IntentHead(("pay", "tools"), train(said, meanings))
    without = both.score(("zzz",))
    assert without.joint is None
    assert without.near_in_meaning is None
    assert without.together.tolist() == without.logits.tolist()
    for meaning, label in zip(meanings, ("pay", "tools"), strict=True):
        scores = both.score(("zzz",), meaning)
        assert scores.joint is not None
        assert scores.near_in_meaning is not None
        assert both.labels[int(scores.joint.argmax())] == label
        assert both.labels[int(scores.together.argmax())] == label
        assert scores.near_in_meaning.likeness[both.labels.index(label)] == pytest.approx(1.0, abs=1e-3)


def test_only_the_likeliest_labels_are_compared_in_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intent, "COMPARED_IN_MEANING", 1)
    both = IntentHead(("pay", "tools"), train((("pay", ("aaa",)), ("tools", ("bbb",))), np.eye(2, 4, dtype=np.float32)))
    near = both.score(("zzz",), np.array([0.8, 0.6, 0, 0], dtype=np.float32)).near_in_meaning
    assert near is not None
    assert near.likeness.tolist() == pytest.approx([0.8, 0], abs=1e-3)


def test_head_without_encoded_phrasings_leaves_meaning_aside() -> None:
    assert HEAD.trained.joint.size == 0
    assert HEAD.score(("salary",), np.ones(4, dtype=np.float32)).joint is None


@given(st.lists(st.text(max_size=40), max_size=20))
def test_no_words_are_nearer_to_a_phrasing_than_itself(tokens: list[str]) -> None:
    scores = HEAD.score(tokens)
    assert all(0 <= likeness <= 1 + 1e-3 for likeness in scores.near.likeness)
    assert len(scores.logits) == 3
    assert np.isfinite(scores.logits).all()


def test_vectors_have_the_dimensions_of_the_weights() -> None:
    assert HEAD.trained.weights.shape == (DIMENSIONS, 3)
