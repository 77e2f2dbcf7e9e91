"""Reading text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.language.text import MAX_CHARACTERS, clean, cut, normalise, sentences, singular, stem, words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("What\u200b is a d\u200bata engineer?", "what is a data engineer?"),
        ("ｄａｔａ ｅｎｇｉｎｅｅｒ", "data engineer"),
        ("dаtа scientist", "data scientist"),  # Cyrillic a
        ("d̷a̷t̷a̷ engineer", "data engineer"),
        ("my résumé", "my resume"),
        ("what’s “MLOps”", 'what\'s "mlops"'),
        ("<@123456> hi <:wave:99> <#42>", "hi"),
        ("@CareerBot mlops pay", "mlops pay"),
        ("see https://example.org/x?y=1 please", "see please"),
        ("```python\nprint(1)\n``` why?", "why?"),
        ("> quoted words\nand mine", "and mine"),
        ("`MLOps`?", "mlops ?"),
        ("\u202eevil\u202c", "evil"),
    ],
)
def test_decorated_text_is_read_as_a_person_would(typed: str, read: str) -> None:
    assert normalise(typed) == read


def test_country_in_capitals_is_not_the_pronoun() -> None:
    assert normalise("pay in the US") == "pay in the usa"
    assert normalise("tell us more") == "tell us more"


def test_text_beyond_the_limit_is_not_read() -> None:
    assert len(clean("word " * 10_000)) <= MAX_CHARACTERS


def test_words_keep_language_names_and_currency_signs() -> None:
    assert [word.text for word in words("c++ or c# for €60k, ci/cd don't")] == [
        "c++", "or", "c#", "for", "€", "60k", "ci", "cd", "don't",
    ]  # fmt: skip


def test_words_know_their_place() -> None:
    text = "ab  cde"
    assert [text[word.start : word.end] for word in words(text)] == ["ab", "cde"]


def test_sentences_end_at_marks_lines_and_dashes() -> None:
    assert sentences("One. Two? three\nfour -- five; six") == ("One.", "Two?", "three", "four", "five", "six")


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("engineers", "engineer"),
        ("scientist's", "scientist"),
        ("scientists'", "scientist"),
        ("companies", "company"),
        ("batches", "batch"),
        ("statistics", "statistic"),
        ("business", "business"),
        ("analysis", "analysis"),
        ("devops", "devops"),
        ("is", "is"),
    ],
)
def test_plural_and_possessive_meet_the_singular(word: str, one: str) -> None:
    assert singular(word) == one


@pytest.mark.parametrize(
    "family",
    [("learn", "learns", "learned", "learning"), ("plan", "plans", "planned", "planning"), ("earn", "earning")],
)
def test_inflected_forms_share_a_stem(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


def test_cut_ends_at_a_blank_with_an_ellipsis() -> None:
    assert cut("a plain sentence about pay", 20) == "a plain sentence…"
    assert cut("short", 20) == "short"
    assert cut("x" * 30, 10) == "x" * 9 + "…"


@example("@\ud7fc0")
@given(st.text(max_size=500))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(max_size=300), st.integers(min_value=1, max_value=300))
def test_cut_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit


@pytest.mark.parametrize("arrow", ["->", "-->", "=>", "→", "➡️", " ->"])
def test_an_arrow_is_read_as_a_word(arrow: str) -> None:
    assert normalise(f"analyst{arrow}engineer") == "analyst to engineer"


@given(st.text("abcus 09.,?!'()$%+&-", max_size=40))
def test_a_simple_text_is_normalised_as_any_other(text):
    assert normalise(text) == " ".join(clean(text).casefold().split())
