"""From a question to a Reading, on a knowledge base about kitchens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.advisor import Advisor
from bot.advisor.knowledge import Knowledge, Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.language.facets import Employment, Filters, Level


@pytest.mark.parametrize(
    ("question", "role", "section"),
    [
        ("what is a chef?", "chef", Section.OVERVIEW),
        ("Chef pay", "chef", Section.SALARY),
        ("wats the salery of a waitr", "waiter", Section.SALARY),
        ("skills pastry cooks", "pastry-cook", Section.SKILLS),
        ("which tools of a pastrycook", "pastry-cook", Section.TOOLS),
        ("the waiter's gear", "waiter", Section.TOOLS),
        ("sommelier salary", "sommelier", Section.SALARY),
    ],
)
def test_role_and_section_are_read_despite_typos_and_joins(
    advisor: Advisor, question: str, role: str, section: Section
) -> None:
    reading = advisor.read(question)
    assert (reading.intent, reading.roles, reading.section) == (Intent.ROLE, (role,), section)
    assert reading.outcome is Outcome.ANSWER


def test_two_roles_are_compared(advisor: Advisor) -> None:
    reading = advisor.read("difference between chef and waiter")
    assert (reading.intent, reading.roles, reading.section) == (Intent.COMPARE, ("chef", "waiter"), None)


def test_two_roles_are_compared_in_a_section(advisor: Advisor) -> None:
    reading = advisor.read("chef or waiter salary")
    assert (reading.intent, reading.roles, reading.section) == (Intent.COMPARE, ("chef", "waiter"), Section.SALARY)


@pytest.mark.parametrize(
    ("question", "roles"),
    [
        ("switch from waiter to chef", ("waiter", "chef")),
        ("how do i become a chef", ("chef",)),
        ("i want to become a chef, i am a waiter", ("waiter", "chef")),
    ],
)
def test_transition_knows_where_from_and_where_to(advisor: Advisor, question: str, roles: tuple[str, ...]) -> None:
    reading = advisor.read(question)
    assert (reading.intent, reading.roles) == (Intent.TRANSITION, roles)


def test_jobs_take_role_and_filters(advisor: Advisor) -> None:
    reading = advisor.read("any openings for a senior chef in berlin, part time, remote, 4k€ a month")
    assert (reading.intent, reading.roles) == (Intent.JOBS, ("chef",))
    assert reading.filters == Filters(
        country="DE", level=Level.SENIOR, remote=True, employment=Employment.PART_TIME, salary_min=48_000
    )


@pytest.mark.parametrize(
    ("question", "intent", "what"),
    [
        ("what is roux", Intent.TERM, "roux"),
        ("are night shifts normal", Intent.TOPIC, "night-work"),
        ("is culinary school worth it", Intent.TOPIC, "school"),
    ],
)
def test_terms_and_topics_are_found(advisor: Advisor, question: str, intent: Intent, what: str) -> None:
    reading = advisor.read(question)
    assert (reading.intent, reading.term or reading.topic) == (intent, what)


def test_small_talk_and_help_have_kinds(advisor: Advisor) -> None:
    assert advisor.read("thank you very much!").kind == "thanks"
    assert advisor.read("what can you do").intent is Intent.HELP


@pytest.mark.parametrize("question", ["who won the match last night", "", "🙂", "qwzx plmk", "salary of an astronaut"])
def test_other_matters_are_declined(advisor: Advisor, question: str) -> None:
    assert advisor.read(question).outcome is Outcome.DECLINE


def test_short_form_counts_only_in_a_question_about_roles(advisor: Advisor) -> None:
    assert advisor.read("pc salary").roles == ("pastry-cook",)
    assert advisor.read("fix my pc code").roles == ()


def test_role_that_is_described_and_not_named_is_found(advisor: Advisor) -> None:
    reading = advisor.read("what is the pay of the one who carries plates to tables")
    assert (reading.roles, reading.section) == (("waiter",), Section.SALARY)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("and the pay", Reading(Intent.ROLE, roles=("chef",), section=Section.SALARY)),
        ("vs waiter", Reading(Intent.COMPARE, roles=("chef", "waiter"))),
    ],
)
def test_follow_up_leans_on_the_question_before(advisor: Advisor, question: str, expected: Reading) -> None:
    reading = advisor.read(question, [advisor.read("what is a chef")])
    assert (reading.intent, reading.roles, reading.section) == (expected.intent, expected.roles, expected.section)


def test_bare_place_changes_only_the_place(advisor: Advisor) -> None:
    reading = advisor.read("and in france?", [advisor.read("senior chef salary in berlin")])
    assert (reading.roles, reading.section) == (("chef",), Section.SALARY)
    assert reading.filters == Filters(country="FR", level=Level.SENIOR)


def test_bare_role_swaps_the_role(advisor: Advisor) -> None:
    reading = advisor.read("what about a waiter?", [advisor.read("chef salary")])
    assert (reading.intent, reading.roles, reading.section) == (Intent.ROLE, ("waiter",), Section.SALARY)


def test_question_inside_a_long_story_is_found(advisor: Advisor) -> None:
    story = "My aunt owns a bakery. We talked about it all night long. What is the salary of a chef? Thanks"
    reading = advisor.read(story)
    assert (reading.intent, reading.roles, reading.section) == (Intent.ROLE, ("chef",), Section.SALARY)


def test_same_knowledge_gives_the_same_head(knowledge: Knowledge) -> None:
    first, second = Advisor(knowledge), Advisor(knowledge)
    for name, head in first.interpreter.trained.items():
        assert (head.weights == second.interpreter.trained[name].weights).all()
    kept = Advisor(knowledge, trained=first.interpreter.trained)
    assert kept.read("chef pay") == first.read("chef pay")


@given(st.text(max_size=400))
def test_any_text_is_read(advisor: Advisor, text: str) -> None:
    reading = advisor.read(text)
    assert 0 <= reading.confidence <= 1
    assert (reading.intent is None) == (reading.outcome is Outcome.CHOICES)
