"""Which role somebody means while typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.advisor import Advisor
from bot.advisor.suggestion import SUGGESTED, TYPED, suggest_roles

NAMES = {
    "chef": ("head chef", "chef de cuisine"),
    "cook": ("pastry cook", "patissier"),
    "waiter": ("waiter", "server"),
    "host": ("host", "head of reception"),
    "nameless": (),
}
TITLES = {
    "chef": "Head Chef",
    "cook": "Pastry Cook",
    "waiter": "Waiter",
    "host": "Host",
    "nameless": "Nameless",
}


def suggested(typed: str, *preferred: str) -> list[str]:
    return [role for role, _ in suggest_roles(typed, NAMES, TITLES, preferred)]


@pytest.mark.parametrize(
    ("typed", "roles"),
    [
        ("pas", ["cook"]),
        ("PAS", ["cook"]),
        ("  Pas ", ["cook"]),
        ("chef", ["chef"]),
        ("h", ["chef", "host"]),
        ("de", ["chef"]),
        ("cuis", ["chef"]),
        ("serv", ["waiter"]),
        ("watier", ["waiter"]),
        ("patisier", ["cook"]),
        ("xyzzy", []),
        ("z", []),
    ],
)
def test_begun_or_nearly_spelt_names_are_suggested(typed: str, roles: list[str]) -> None:
    assert suggested(typed) == roles


def test_title_is_told_with_the_role() -> None:
    assert suggest_roles("patis", NAMES, TITLES, ()) == (("cook", "Pastry Cook"),)


def test_whole_name_before_beginning_before_word_before_likeness() -> None:
    names = {"alike": ("chep",), "word": ("head chef",), "beginning": ("chef de cuisine",), "whole": ("chef",)}
    titles = {role: role for role in names}
    found = [role for role, _ in suggest_roles("chef", names, titles, ("alike", "word", "beginning", "whole"))]
    assert found == ["whole", "beginning", "word", "alike"]


def test_among_equals_preferred_roles_come_first_and_then_by_title() -> None:
    assert suggested("h") == ["chef", "host"]
    assert suggested("h", "host") == ["host", "chef"]


def test_among_equals_a_title_that_begins_so_comes_before_another_name_that_does() -> None:
    names = {"cook": ("pastry cook", "mise en place cook"), "maitre": ("maitre d'hotel",)}
    found = suggest_roles("m", names, {"cook": "Pastry Cook", "maitre": "Maitre d'hotel"}, ("cook", "maitre"))
    assert [role for role, _ in found] == ["maitre", "cook"]


def test_empty_text_suggests_the_roles_that_have_names() -> None:
    assert suggested("", "waiter", "chef") == ["waiter", "chef", "host", "cook"]


def test_no_more_roles_are_suggested_than_discord_shows() -> None:
    names = {f"role{number}": (f"chef {number:03}",) for number in range(2 * SUGGESTED)}
    titles = {role: name for role, (name,) in names.items()}
    found = suggest_roles("chef", names, titles, ())
    assert [title for _, title in found] == [f"chef {number:03}" for number in range(SUGGESTED)]


def test_long_text_is_cut() -> None:
    assert suggested("waiter" + "r" * 10 * TYPED) == []


@given(st.text(max_size=150))
def test_any_text_suggests_known_roles_once(typed: str) -> None:
    found = suggested(typed)
    assert set(found) <= set(NAMES)
    assert len(found) == len(set(found)) <= SUGGESTED


@given(st.sampled_from(sorted(NAMES.keys() - {"nameless"})), st.integers(min_value=0, max_value=20))
def test_every_beginning_of_a_name_suggests_its_role(role: str, length: int) -> None:
    for name in NAMES[role]:
        assert role in suggested(name[:length])


@pytest.mark.parametrize(
    ("typed", "roles"),
    [
        ("past", ["pastry-cook"]),
        ("pc", ["pastry-cook"]),
        ("wine", ["sommelier"]),
        ("", ["chef", "pastry-cook", "waiter", "sommelier"]),
    ],
)
def test_advisor_suggests_by_title_alias_and_short_form_roles_with_a_profile_first(
    advisor: Advisor, typed: str, roles: list[str]
) -> None:
    assert [role for role, _ in advisor.suggest_roles(typed)] == roles


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("pastry-cook", "pastry-cook"),
        ("Head Chef", "chef"),
        ("kitchen chefs", "chef"),
        ("pc", "pastry-cook"),
        ("the waitress over there", "waiter"),
        ("waitr", "waiter"),
        ("patis", "pastry-cook"),
        ("sommelier", "sommelier"),
        ("che", None),  # two roles begin so
        ("roux", None),  # a term
        ("zzz", None),
        ("", None),
    ],
)
def test_whole_text_names_a_role_or_none(advisor: Advisor, text: str, role: str | None) -> None:
    assert advisor.role_named(text) == role


def test_role_is_called_by_its_title_and_an_unknown_one_by_its_id(advisor: Advisor) -> None:
    assert advisor.title_of("sommelier") == "Sommelier"
    assert advisor.title_of("astronaut") == "astronaut"
