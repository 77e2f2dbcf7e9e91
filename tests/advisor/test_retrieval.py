"""Roles that are described and not named."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.advisor import Advisor
from bot.advisor.knowledge import IntentPhrasings, Knowledge, Lexicon, RoleName, Section, Topic
from bot.advisor.reading import Intent
from bot.advisor.retrieval import RoleDescriptions, TopicTexts


@pytest.fixture(scope="module")
def descriptions(advisor: Advisor) -> RoleDescriptions:
    return advisor.interpreter.descriptions


def described(**roles: str) -> RoleDescriptions:
    """Return descriptions of roles that have no profile."""
    names = tuple(RoleName(role, role.title(), described=(text,)) for role, text in roles.items())
    return RoleDescriptions(Knowledge({}, {}, {}, (), (), Lexicon(roles=names), {}, ()))


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("somebody who bakes sweet desserts", "pastry-cook"),
        ("serving guests at a table", "waiter"),
        ("carries the plates", "waiter"),
        ("writes menus and leads with knives", "chef"),
    ],
)
def test_described_role_is_meant(descriptions: RoleDescriptions, said: str, role: str) -> None:
    assert descriptions.meant(said.split()) == (role,)
    assert descriptions.match(said.split())[0].role == role


@pytest.mark.parametrize(
    "said",
    [
        "",
        "unheard words only",
        "memory",  # one telling word is not enough
        "orders one thing",  # words of every profile tell nothing
        "knives oven",  # two roles as likely
    ],
)
def test_no_role_is_meant_where_little_or_nothing_is_described(descriptions: RoleDescriptions, said: str) -> None:
    assert descriptions.meant(said.split()) == ()


def test_role_that_covers_too_little_of_what_was_said_is_not_meant() -> None:
    roles = {f"r{number}": f"first{number} second{number} third{number} fourth{number}" for number in range(4)}
    scattered = described(**roles).meant(["first0", "second1", "third2", "fourth3"])
    assert scattered == ()


def test_words_with_which_any_role_is_asked_about_describe_none() -> None:
    names = (RoleName("waiter", "Waiter", described=("market pay",)), RoleName("chef", "Chef", described=("cooks",)))
    phrasings = tuple(f"{word} market pay of a {{role}}" for word in ("the", "what", "which", "any", "is"))
    asked = IntentPhrasings(Intent.ROLE, phrasings, section=Section.SALARY)
    roles = RoleDescriptions(Knowledge({}, {}, {}, (), (asked,), Lexicon(roles=names), {}, ()))
    assert roles.match(["market", "pay"])[0].role == "waiter"
    assert roles.meant(["market", "pay"]) == ()
    fewer = replace(asked, phrasings=phrasings[1:])
    roles = RoleDescriptions(Knowledge({}, {}, {}, (), (fewer,), Lexicon(roles=names), {}, ()))
    assert roles.meant(["market", "pay"]) == ("waiter",)


def test_role_known_by_name_only_can_be_described() -> None:
    roles = described(sommelier="pours wine from old bottles", waiter="carries plates")
    assert roles.meant(["wine", "bottles"]) == ("sommelier",)


def test_words_in_most_descriptions_tell_nothing() -> None:
    roles = described(a="kitchen apple", b="kitchen pear", c="kitchen plum", d="kitchen fig")
    assert roles.match(["kitchen"]) == ()
    assert [match.role for match in roles.match(["pear", "kitchen"])] == ["b"]


def test_beginning_of_a_word_stands_for_it() -> None:
    roles = described(teacher="mathematics", cook="soups")
    assert [match.role for match in roles.match(["maths"])] == ["teacher"]
    assert roles.match(["mat"]) == ()


def test_roles_come_best_first_and_by_id_among_equals() -> None:
    roles = described(b="apple pear", a="apple pear", c="apple apple apple")
    assert [match.role for match in roles.match(["pear"])] == ["a", "b"]
    assert described(x="plum", y="plum plum plum", z="fig").match(["plum"])[0].role == "y"


@given(st.lists(st.sampled_from(["bakes", "knives", "guests", "kitchen", "sweet", "x", "", "serv"]), max_size=9))
def test_share_that_a_role_covers_lies_between_nothing_and_all(
    descriptions: RoleDescriptions, tokens: list[str]
) -> None:
    matches = descriptions.match(tokens)
    assert all(0 < match.score <= 1 for match in matches)
    assert len(descriptions.meant(tokens)) <= 1


def texts(**topics: str) -> TopicTexts:
    """Return the texts of topics that are asked about by their id."""
    known = {topic: Topic(topic, topic.title(), (f"ask {topic}",), answer) for topic, answer in topics.items()}
    return TopicTexts(Knowledge({}, known, {}, (), (), Lexicon(), {}, ()))


def test_a_topic_is_covered_by_what_its_answer_says() -> None:
    found = texts(eggs="Boil for six minutes.", rice="Rinse it first.", soup="Let it simmer.").covered(
        ["minutes", "boiled"]
    )
    assert max(found, key=found.__getitem__) == "eggs"
    assert found["eggs"] > 0 > found["rice"] == found["soup"]


def test_words_that_no_topic_holds_lessen_what_is_covered() -> None:
    topics = texts(eggs="Boil for six minutes.", rice="Rinse it first.")
    assert 0 < topics.covered(["minutes", "quark"])["eggs"] < topics.covered(["minutes"])["eggs"]


def test_words_that_every_topic_holds_prefer_none() -> None:
    assert set(texts(eggs="Boil it.", rice="Boil it.").covered(["boil"]).values()) == {0}


@pytest.mark.parametrize("said", [[], ["quark"]])
def test_nothing_that_was_said_is_covered_where_nothing_is_held(said: list[str]) -> None:
    assert set(texts(eggs="Boil it.").covered(said).values()) <= {0}
    assert texts().covered(said) == {}
