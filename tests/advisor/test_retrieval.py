"""How well roles and topics fit what is said, by the words that they share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.advisor import Advisor
from bot.advisor.knowledge import Knowledge, Lexicon, RoleName, Topic
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
def test_described_role_comes_first(descriptions: RoleDescriptions, said: str, role: str) -> None:
    assert descriptions.match(said.split())[0].role == role


@pytest.mark.parametrize("said", ["", "unheard words only"])
def test_no_role_matches_where_nothing_is_described(descriptions: RoleDescriptions, said: str) -> None:
    assert descriptions.match(said.split()) == ()


def test_role_known_by_name_only_can_be_described() -> None:
    roles = described(sommelier="pours wine from old bottles", waiter="carries plates")
    assert roles.match(["wine", "bottles"])[0].role == "sommelier"


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


def texts(**topics: str) -> TopicTexts:
    """Return the texts of topics that are asked about by their id."""
    known = {topic: Topic(topic, topic.title(), (f"ask {topic}",), answer) for topic, answer in topics.items()}
    return TopicTexts(Knowledge({}, known, {}, (), (), Lexicon(), {}, ()))


def covered(topics: TopicTexts, *said: str) -> dict[str, float]:
    return dict(zip(topics.topics, topics.covered(said).tolist(), strict=True))


def test_a_topic_is_covered_by_what_its_answer_says() -> None:
    found = covered(
        texts(eggs="Boil for six minutes.", rice="Rinse it first.", soup="Let it simmer."), "minutes", "boiled"
    )
    assert max(found, key=found.__getitem__) == "eggs"
    assert found["eggs"] > 0 > found["rice"] == found["soup"]


def test_words_that_no_topic_holds_lessen_what_is_covered() -> None:
    topics = texts(eggs="Boil for six minutes.", rice="Rinse it first.")
    assert 0 < covered(topics, "minutes", "quark")["eggs"] < covered(topics, "minutes")["eggs"]


def test_words_that_every_topic_holds_prefer_none() -> None:
    assert set(covered(texts(eggs="Boil it.", rice="Boil it."), "boil").values()) == {0}


@pytest.mark.parametrize("said", [[], ["quark"]])
def test_nothing_that_was_said_is_covered_where_nothing_is_held(said: list[str]) -> None:
    assert set(covered(texts(eggs="Boil it."), *said).values()) <= {0}
    assert covered(texts(), *said) == {}
