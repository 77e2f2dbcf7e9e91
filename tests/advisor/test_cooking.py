"""A folder that holds topics only is served: the engine knows no field."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.advisor import Advisor
from bot.advisor.answer import Facts, Prose
from bot.advisor.reading import Intent, Outcome, Reading


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("how long do I boil an egg", "boil-eggs"),
        ("how many minutes do eggs need?", "boil-eggs"),
        ("my rice is always sticky, why?", "cook-rice"),
        ("how much water for rice", "cook-rice"),
        ("how do I sharpen a kitchen knive", "sharpen-knives"),
        ("my knife is so blunt", "sharpen-knives"),
        ("can the sourdough starter stay in the fridge", "sourdough-starter"),
        ("how often shall I feed my starter", "sourdough-starter"),
        ("my gravy is watery", "thicken-sauce"),
        ("how to thicken my suace", "thicken-sauce"),
    ],
)
def test_question_gets_its_topic(cook: Advisor, question: str, topic: str) -> None:
    reading = cook.read(question)
    assert (reading.outcome, reading.intent, reading.topic) == (Outcome.ANSWER, Intent.TOPIC, topic)
    answer = cook.answer(reading, Facts())
    assert answer.titles == (cook.knowledge.topics[topic].title,)
    assert answer.blocks == (Prose(cook.knowledge.topics[topic].answer),)


@pytest.mark.parametrize(
    "question",
    [
        "who won the match last night",
        "data scientist salary",
        "what is a data engineer",
        "compare a with b",
        "is it going to rain tomorrow",
        "hello",
        "thanks",
        "chef jobs in france",
        "",
        "🙂",
    ],
)
def test_other_questions_are_declined(cook: Advisor, question: str) -> None:
    reading = cook.read(question)
    assert (reading.outcome, reading.intent, reading.topic) == (Outcome.DECLINE, Intent.OUT_OF_SCOPE, None)


@given(st.one_of(st.text(max_size=120), st.sampled_from(["compare", "jobs in france", "how do i become one", "rice"])))
def test_nothing_but_topics_is_ever_read(cook: Advisor, question: str) -> None:
    reading = cook.read(question)
    for each in (reading, *reading.choices, *reading.also):
        assert each.intent in {Intent.TOPIC, Intent.OUT_OF_SCOPE, None}
        assert each.roles == ()


def test_follow_up_on_a_topic_is_read_without_roles(cook: Advisor) -> None:
    earlier = cook.read("how do I cook rice")
    assert cook.read("and how is brown rice cooked?", [earlier]).topic == "cook-rice"


def test_related_topic_is_the_next_step(cook: Advisor) -> None:
    answer = cook.answer(Reading(Intent.TOPIC, topic="cook-rice"), Facts())
    assert answer.next_steps == (Reading(Intent.TOPIC, topic="boil-eggs"),)


def test_nobody_is_named_and_nothing_is_suggested(cook: Advisor) -> None:
    assert cook.suggest_roles("egg") == ()
    assert cook.role_named("egg") is None


def test_knowledge_without_help_or_roles_answers_these_with_nothing(cook: Advisor) -> None:
    assert cook.answer(Reading(Intent.HELP), Facts()).blocks == (Prose(""),)
    fit = cook.answer(Reading(Intent.FIT), Facts(), question="i like eggs")
    assert fit.next_steps == ()


def test_comparison_needs_sections_to_have_been_learnt_only_where_there_are_roles(cook: Advisor) -> None:
    assert set(cook.interpreter.trained) == {"intents"}
    again = Advisor(cook.knowledge, trained=cook.interpreter.trained)
    assert replace(again.read("my rice burns"), choices=()) == replace(cook.read("my rice burns"), choices=())
