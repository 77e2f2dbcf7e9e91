"""How well topics fit what is said, by the words that they share."""

import pytest

from bot.advisor.knowledge import Knowledge, Lexicon, Topic
from bot.advisor.retrieval import TopicTexts


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
