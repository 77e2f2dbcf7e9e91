"""Names in words, and typos of known words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.lexicon import (
    MAX_NAME_WORDS,
    REPAIRS_A_TEXT,
    Mention,
    Name,
    NameIndex,
    TypoRepair,
    key_of,
)

CHEF = Name("role", "chef")
COOK = Name("role", "cook")
OVEN = Name("term", "oven")
DOUBTFUL = Name("role", "pastry-cook", ambiguous=True)


def index(*names: tuple[str, Name]) -> NameIndex:
    built = NameIndex()
    for name, target in names:
        built.add(name, target)
    return built


KITCHEN = index(
    ("head chef", CHEF),
    ("chef", COOK),
    ("chef de cuisine in charge of a kitchen", CHEF),
    ("oven", OVEN),
    ("pc", DOUBTFUL),
    ("dish washer", Name("role", "washer")),
)


def found(text: str, names: NameIndex = KITCHEN) -> list[tuple[str, int, int]]:
    return [(mention.id, mention.start, mention.end) for mention in names.find(tuple(text.split()))]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Head Chefs", ("head", "chef")),
        ("dish-washer", ("dish", "washer")),
        ("Chef's", ("chef",)),
        ("C++ / C#", ("c++", "c#")),
        ("crème", ("creme",)),
        ("...", ()),
    ],
)
def test_key_is_lower_case_singular_and_without_hyphens(name: str, key: tuple[str, ...]) -> None:
    assert key_of(name) == key


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("head chef", [("chef", 0, 2)]),
        ("a head chef and a chef", [("chef", 1, 3), ("cook", 5, 6)]),
        ("head of the chef", [("cook", 3, 4)]),
        ("head chefs", [("chef", 0, 2)]),
        ("chef's oven", [("cook", 0, 1), ("oven", 1, 2)]),
        ("headchef", [("chef", 0, 1)]),
        ("dishwashers", [("washer", 0, 1)]),
        ("he ad ch ef", [("chef", 0, 4)]),
        ("nobody here", []),
        ("", []),
    ],
)
def test_longest_name_is_found_whole_joined_or_parted(text: str, mentions: list[tuple[str, int, int]]) -> None:
    assert found(text) == mentions


def test_name_of_as_many_words_as_are_looked_at_is_found_and_a_longer_one_is_not() -> None:
    longest = " ".join("abcdefgh"[:MAX_NAME_WORDS])
    assert found(longest, index((longest, CHEF))) == [("chef", 0, MAX_NAME_WORDS)]
    assert found(longest + " h", index((longest + " h", CHEF))) == []


def test_short_names_are_not_found_in_parted_letters() -> None:
    assert found("p c") == []
    assert found("ov en") == []


def test_doubtful_name_is_marked_and_a_sure_one_is_not() -> None:
    assert KITCHEN.find(("pc", "oven")) == (
        Mention("role", "pastry-cook", 0, 1, ambiguous=True),
        Mention("term", "oven", 1, 2),
    )


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ([("pc", DOUBTFUL), ("pc", OVEN)], OVEN),
        ([("pc", OVEN), ("pc", DOUBTFUL)], OVEN),
        ([("pc", CHEF), ("pc", OVEN)], CHEF),
        ([("pc", DOUBTFUL), ("pc", Name("role", "x", ambiguous=True))], DOUBTFUL),
    ],
)
def test_sure_name_wins_over_a_doubtful_one_and_the_first_over_the_second(
    names: list[tuple[str, Name]], kept: Name
) -> None:
    assert index(*names).lookup("pc") == kept


@pytest.mark.parametrize(
    ("name", "target"),
    [("Head-Chefs", CHEF), ("headchef", CHEF), ("head chef please", None), ("chef", COOK), ("", None), ("?!", None)],
)
def test_lookup_takes_the_whole_of_a_name(name: str, target: Name | None) -> None:
    assert KITCHEN.lookup(name) == target


def test_name_without_a_word_in_it_is_not_kept() -> None:
    assert list(index(("…", CHEF)).names()) == []


def test_names_are_told_with_what_they_stand_for() -> None:
    assert list(index(("Head Chefs", CHEF), ("oven", OVEN)).names()) == [("head chef", CHEF), ("oven", OVEN)]


def test_vocabulary_holds_the_words_of_names_and_longer_names_joined() -> None:
    assert index(("head chef", CHEF), ("pc", DOUBTFUL)).vocabulary() == {"head", "chef", "headchef", "pc"}


@given(st.lists(st.sampled_from(["head", "chef", "chefs", "oven", "pc", "de", "x", "dishwasher", ""]), max_size=12))
def test_mentions_stand_in_order_within_the_words_and_apart(tokens: list[str]) -> None:
    at = 0
    for mention in KITCHEN.find(tuple(tokens)):
        assert at <= mention.start < mention.end <= len(tokens)
        at = mention.end


VOCABULARY = frozenset({"kitchen", "pastry", "waiter", "sauces", "oven", "communicates"})
COMMON = frozenset({"water", "party"})


def mended(*tokens: str) -> tuple[str, ...]:
    return TypoRepair(VOCABULARY, COMMON).repair(tokens)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kitchne", "kitchen"),
        ("kithcen", "kitchen"),
        ("ktchen", "kitchen"),
        ("pastrry", "pastry"),
        ("waitr", "waiter"),
        ("comunicates", "communicates"),
    ],
)
def test_typo_of_a_known_word_is_mended(typed: str, meant: str) -> None:
    assert mended(typed) == (meant,)


@pytest.mark.parametrize(
    "word",
    [
        "water",  # common, though one letter away from waiter
        "party",
        "parties",  # plural of a common word
        "kitchens",
        "ovne",  # too short
        "k1tchen",  # not of letters only
        "c++",
        "{role}",
        "astronaut",  # near nothing
        "kitchen" * 5,  # too long
    ],
)
def test_words_that_are_known_common_short_or_unlike_all_stay(word: str) -> None:
    assert mended(word) == (word,)


def test_mended_words_keep_their_places() -> None:
    assert mended("the", "kitchne", "of", "a", "waitr") == ("the", "kitchen", "of", "a", "waiter")


def test_only_so_many_unknown_words_of_a_text_are_mended() -> None:
    unknown = [f"strange{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(REPAIRS_A_TEXT)]
    assert mended(*unknown[1:], "kitchne")[-1] == "kitchen"
    assert mended(*unknown, "kitchne")[-1] == "kitchne"


def test_known_words_do_not_count_as_mended() -> None:
    assert mended(*["kitchen"] * (2 * REPAIRS_A_TEXT), "kitchne")[-1] == "kitchen"


def test_memory_never_holds_more_words_than_it_may_and_forgets_the_oldest() -> None:
    repair = TypoRepair(VOCABULARY, COMMON, remembered=2)
    for word in ("kitchne", "waitr", "kitchne", "pastrry"):
        repair.repair((word,))
    assert list(repair._memory) == ["kitchne", "pastrry"]
    assert repair.repair(("waitr",)) == ("waiter",)


def test_remembered_word_is_mended_as_at_first() -> None:
    repair = TypoRepair(VOCABULARY, COMMON)
    assert (
        repair.repair(("kitchne", "astronaut")) == repair.repair(("kitchne", "astronaut")) == ("kitchen", "astronaut")
    )


def test_vocabulary_without_a_word_mends_nothing() -> None:
    assert TypoRepair(frozenset(), frozenset()).repair(("kitchne",)) == ("kitchne",)


@given(st.lists(st.text(alphabet="kitchenwarp", min_size=1, max_size=9), max_size=REPAIRS_A_TEXT))
def test_mending_twice_changes_nothing(tokens: list[str]) -> None:
    once = mended(*tokens)
    assert len(once) == len(tokens)
    assert mended(*once) == once


def test_what_was_asked_before_changes_no_repair() -> None:
    repair = TypoRepair(frozenset({"kitchen"}), frozenset())
    text = (*(f"qwz{letter}vx" for letter in "abcdefghijklmnopqrstuvwx"), "kitchne")
    assert repair.repair(text) == repair.repair(text)
