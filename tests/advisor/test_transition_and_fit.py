"""What somebody brings along to another role, and which roles suit somebody."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.advisor import Advisor
from bot.advisor.answer import Facts, Gap, Prose
from bot.advisor.fit import SUGGESTED, Fit
from bot.advisor.interpretation import Interpreter
from bot.advisor.knowledge import Comparison, IntentPhrasings, Knowledge, Passage, Section
from bot.advisor.transition import MAX_TAGS, between, move

DISLIKE = frozenset({"hate", "not"})


def test_move_names_what_is_brought_along_and_what_is_left_to_learn(knowledge: Knowledge) -> None:
    gap, start = move(knowledge.roles["chef"], knowledge.roles["pastry-cook"], None)
    assert gap == Gap(brings=("knives", "oven"), learns=("dough", "patience", "mixer"))
    assert start == Prose(knowledge.roles["pastry-cook"].sections[Section.GETTING_STARTED].text)


def test_move_back_brings_the_same_and_learns_something_else(knowledge: Knowledge) -> None:
    gap, _ = move(knowledge.roles["pastry-cook"], knowledge.roles["chef"], None)
    assert gap == Gap(brings=("knives", "oven"), learns=("sauces", "leadership", "stove"))


def test_move_from_nowhere_is_how_to_start(knowledge: Knowledge) -> None:
    target = knowledge.roles["chef"]
    assert move(None, target, knowledge.comparisons[0]) == (Prose(target.sections[Section.GETTING_STARTED].text),)


def test_editor_says_how_people_move(knowledge: Knowledge) -> None:
    blocks = move(knowledge.roles["chef"], knowledge.roles["pastry-cook"], knowledge.comparisons[0])
    assert blocks[1] == Prose("Cooks move by running a station first.")


def test_case_of_a_tag_does_not_matter_and_the_target_spells_it(knowledge: Knowledge) -> None:
    chef = knowledge.roles["chef"]
    loud = replace(chef, sections={**chef.sections, Section.SKILLS: Passage("x", tags=("KNIVES",))})
    gap, _ = move(loud, knowledge.roles["pastry-cook"], None)
    assert isinstance(gap, Gap)
    assert gap.brings == ("knives", "oven")


def test_long_lists_are_cut(knowledge: Knowledge) -> None:
    chef = knowledge.roles["chef"]
    skilled = replace(chef, sections={**chef.sections, Section.SKILLS: Passage("x", tags=tuple("abcdefghijkl"))})
    gap, _ = move(knowledge.roles["waiter"], skilled, None)
    assert isinstance(gap, Gap)
    assert gap.learns == tuple("abcdefghijkl"[:MAX_TAGS])


def test_whoever_stays_in_a_role_has_nothing_to_learn(knowledge: Knowledge) -> None:
    gap, _ = move(knowledge.roles["chef"], knowledge.roles["chef"], None)
    assert isinstance(gap, Gap)
    assert gap.learns == ()


@pytest.mark.parametrize(
    ("roles", "found"),
    [
        (("chef", "pastry-cook"), True),
        (("pastry-cook", "chef"), True),
        (("chef", "waiter"), False),
        (("chef",), False),
        (("chef", "chef"), False),
        (("chef", "pastry-cook", "waiter"), False),
        ((), False),
    ],
)
def test_curated_comparison_is_of_exactly_two_roles_in_any_order(
    knowledge: Knowledge, roles: tuple[str, ...], *, found: bool
) -> None:
    curated: Comparison | None = knowledge.comparisons[0] if found else None
    assert between(knowledge.comparisons, roles) == curated


def fit_of(knowledge: Knowledge, *asked: str) -> Fit:
    """Return the kitchen's fit with words of dislike, where people ask in `asked` ways."""
    facets = {**knowledge.lexicon.facets, "taste": {"dislike": tuple(DISLIKE), "like": ("love",)}}
    intents = (IntentPhrasings("fit", asked),) if asked else knowledge.intents
    known = replace(knowledge, intents=intents, lexicon=replace(knowledge.lexicon, facets=facets))
    return Fit(known, Interpreter(known).fitting)


def suggested(fit: Fit, said: str, *among: str) -> list[str]:
    return [line.role for line in fit.suggest(said.split(), among).lines]


@pytest.mark.parametrize(
    ("said", "best"),
    [
        ("i like baking sweet desserts", "pastry-cook"),
        ("i enjoy meeting guests at their table", "waiter"),
        ("i want to lead and write menus", "chef"),
    ],
)
def test_role_that_shares_most_with_what_is_liked_comes_first(knowledge: Knowledge, said: str, best: str) -> None:
    assert suggested(fit_of(knowledge), said)[0] == best


def test_role_is_told_with_the_reason_to_choose_it(knowledge: Knowledge) -> None:
    first = fit_of(knowledge).suggest(["desserts"]).lines[0]
    assert (first.title, first.text) == ("Pastry Cook", "you like sugar work")


def test_what_is_disliked_speaks_against_a_role(knowledge: Knowledge) -> None:
    fit = fit_of(knowledge)
    assert suggested(fit, "i hate desserts")[-1] == "pastry-cook"
    assert suggested(fit, "oven but not desserts")[0] == "chef"


def test_dislike_reaches_only_a_few_words(knowledge: Knowledge) -> None:
    assert suggested(fit_of(knowledge), "hate noise but i really like menus")[0] == "chef"


def test_what_is_liked_after_what_is_not_speaks_for_a_role(knowledge: Knowledge) -> None:
    assert suggested(fit_of(knowledge), "hate love guests")[0] == "waiter"
    assert suggested(fit_of(knowledge), "love hate guests")[0] != "waiter"


def test_words_that_everybody_asks_with_tell_nothing(knowledge: Knowledge) -> None:
    fit = fit_of(knowledge, "which guests suits me", "do guests fit me", "my job")
    assert suggested(fit, "guests") == ["chef", "pastry-cook", "waiter"]


def test_word_of_a_single_way_of_asking_still_tells(knowledge: Knowledge) -> None:
    fit = fit_of(knowledge, "i like serving guests", "which job suits me")
    assert suggested(fit, "guests")[0] == "waiter"


@pytest.mark.parametrize("said", ["", "qzx vvk", "hate"])
def test_who_says_nothing_telling_is_shown_the_first_roles(knowledge: Knowledge, said: str) -> None:
    assert suggested(fit_of(knowledge), said) == ["chef", "pastry-cook", "waiter"]


def test_only_roles_that_are_asked_about_are_suggested(knowledge: Knowledge) -> None:
    fit = fit_of(knowledge)
    assert suggested(fit, "i like desserts", "chef", "waiter") == ["chef", "waiter"]
    assert suggested(fit, "guests", "chef", "waiter") == ["waiter", "chef"]


def test_roles_without_a_profile_are_never_suggested(knowledge: Knowledge) -> None:
    assert set(suggested(fit_of(knowledge), "wine", "sommelier")) == {"chef", "pastry-cook", "waiter"}
    assert suggested(fit_of(knowledge), "wine", "sommelier", "waiter") == ["waiter"]


def test_knowledge_without_roles_suggests_none(knowledge: Knowledge) -> None:
    bare = replace(knowledge, roles={})
    assert suggested(Fit(bare, Interpreter(bare).fitting), "anything") == []


@pytest.fixture(scope="module")
def kitchen(knowledge: Knowledge) -> Fit:
    return fit_of(knowledge)


@given(st.lists(st.sampled_from(["desserts", "hate", "guests", "menus", "not", "x", "oven"]), max_size=12))
def test_as_many_roles_are_suggested_as_there_are_up_to_a_few(kitchen: Fit, tokens: list[str]) -> None:
    lines = kitchen.suggest(tokens).lines
    assert len(lines) == SUGGESTED == len({line.role for line in lines})


def test_advisor_mends_typos_before_it_suggests(advisor: Advisor) -> None:
    reading = advisor.read("which job suits me if i like deserts")
    assert advisor.answer(reading, Facts(), question="i like desertss").next_steps[0].roles == ("pastry-cook",)
