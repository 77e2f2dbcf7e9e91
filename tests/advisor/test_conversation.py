"""What an earlier question adds to a later one."""

from dataclasses import replace

import pytest

from bot.advisor.advisor import Advisor
from bot.advisor.conversation import (
    SHORT,
    carry_over,
    choice_of,
    continued,
    continued_jobs,
    is_elliptical,
    is_remembered,
    merged,
    spoken_of,
    swapped,
)
from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.advisor.recognition import Recognised
from bot.language.facets import NO_FILTERS, Employment, Filters, Level

LINKING = frozenset({"and", "what", "about", "in"})
PAY = Reading(Intent.ROLE, roles=("chef",), section=Section.SALARY, filters=Filters(level=Level.SENIOR))
JOBS = Reading(Intent.JOBS, roles=("chef",), filters=Filters(country="FR", remote=True))


def said(*slotted: str, roles: tuple[str, ...] = (), filters: Filters = NO_FILTERS, **more: object) -> Recognised:
    """Return what somebody said, as it was recognised."""
    return Recognised(tokens=slotted, slotted=slotted, roles=roles, filters=filters, **more)  # type: ignore[arg-type]


def test_question_of_few_words_is_elliptical_and_slots_do_not_count() -> None:
    assert is_elliptical(said(*["word"] * SHORT, "{role}", "{place}"))
    assert not is_elliptical(said(*["word"] * (SHORT + 1)))


def test_roles_are_carried_from_the_latest_question_that_named_some() -> None:
    later = Reading(Intent.SMALLTALK)
    assert carry_over([JOBS, Reading(Intent.ROLE, roles=("waiter",)), later]) == ("waiter",)
    assert carry_over([later]) == ()
    assert carry_over([]) == ()


@pytest.mark.parametrize(
    ("earlier", "later", "both"),
    [
        (Filters(country="FR"), Filters(level=Level.MID), Filters(country="FR", level=Level.MID)),
        (Filters(country="FR"), Filters(country="DE"), Filters(country="DE")),
        (Filters(remote=True), Filters(remote=False), Filters(remote=False)),
        (
            Filters(employment=Employment.CONTRACT, year=2020),
            NO_FILTERS,
            Filters(employment=Employment.CONTRACT, year=2020),
        ),
        (NO_FILTERS, NO_FILTERS, NO_FILTERS),
    ],
)
def test_later_filters_win_over_earlier_ones(earlier: Filters, later: Filters, both: Filters) -> None:
    assert merged(earlier, later) == both


def test_bare_role_takes_the_place_of_the_earlier_one() -> None:
    read = swapped(said("what", "about", "{role}", roles=("waiter",)), PAY, LINKING)
    assert read == Reading(Intent.ROLE, roles=("waiter",), section=Section.SALARY, filters=PAY.filters)


def test_first_of_two_bare_roles_is_taken() -> None:
    read = swapped(said("{role}", "and", "{role}", roles=("waiter", "pastry-cook")), JOBS, LINKING)
    assert read
    assert (read.intent, read.roles) == (Intent.JOBS, ("waiter",))


def test_bare_filters_are_added_to_the_earlier_ones() -> None:
    read = swapped(said("and", "in", "{place}", filters=Filters(country="DE")), PAY, LINKING)
    assert read == Reading(
        Intent.ROLE, roles=("chef",), section=Section.SALARY, filters=Filters(country="DE", level=Level.SENIOR)
    )


@pytest.mark.parametrize("section", [Section.SALARY, Section.OUTLOOK])
def test_sections_with_figures_take_filters(section: Section) -> None:
    read = swapped(said("{place}", filters=Filters(country="DE")), Reading(Intent.ROLE, section=section), LINKING)
    assert read == Reading(Intent.ROLE, section=section, filters=Filters(country="DE"))


def test_kinds_of_employment_narrow_jobs_and_not_figures() -> None:
    asked = said("{employment}", filters=Filters(employment=Employment.PART_TIME))
    assert swapped(asked, PAY, LINKING) is None
    read = swapped(asked, JOBS, LINKING)
    assert read
    assert read.filters == Filters(country="FR", remote=True, employment=Employment.PART_TIME)


def test_swapped_reading_leaves_choices_and_second_questions_behind() -> None:
    earlier = Reading(Intent.JOBS, roles=("chef",), also=(PAY,), choices=(PAY,))
    read = swapped(said("{role}", roles=("waiter",)), earlier, LINKING)
    assert read == Reading(Intent.JOBS, roles=("waiter",))


@pytest.mark.parametrize(
    ("words", "earlier"),
    [
        (said("{role}", roles=("waiter",)), None),
        (said("what", "tools", "{role}", roles=("waiter",)), PAY),
        (said("{term}", terms=("roux",)), PAY),
        (said("and"), PAY),
        (said("{role}", roles=("waiter",)), Reading(Intent.COMPARE, roles=("chef", "pastry-cook"))),
        (said("{role}", "{place}", roles=("waiter",), filters=Filters(country="DE")), PAY),
        (said("{place}", filters=Filters(country="DE")), Reading(Intent.ROLE, section=Section.SKILLS)),
        (said("{place}", filters=Filters(country="DE")), Reading(Intent.TOPIC, topic="school")),
    ],
    ids=["no context", "more words", "a term", "nothing", "a comparison", "role and place", "skills", "a topic"],
)
def test_nothing_is_swapped(words: Recognised, earlier: Reading | None) -> None:
    assert swapped(words, earlier, LINKING) is None


def test_search_for_jobs_continues_the_one_before() -> None:
    read = continued_jobs(Reading(Intent.JOBS, filters=Filters(remote=False)), [JOBS], said("only", "here"))
    assert read == Reading(Intent.JOBS, roles=("chef",), filters=Filters(country="FR", remote=False))


def test_search_for_jobs_keeps_a_role_of_its_own() -> None:
    read = continued_jobs(Reading(Intent.JOBS, roles=("waiter",)), [JOBS], said("{role}", "jobs"))
    assert read.roles == ("waiter",)


@pytest.mark.parametrize(
    ("earlier", "roles"),
    [
        (PAY, ("chef",)),
        (Reading(Intent.TRANSITION, roles=("waiter", "chef")), ("chef",)),
        (Reading(Intent.COMPARE, roles=("waiter", "chef")), ()),
        (Reading(Intent.TOPIC, topic="school"), ()),
    ],
)
def test_search_for_jobs_takes_the_role_that_was_talked_about_and_no_filters(
    earlier: Reading, roles: tuple[str, ...]
) -> None:
    assert continued_jobs(Reading(Intent.JOBS), [earlier], said("any", "jobs")) == Reading(Intent.JOBS, roles=roles)


@pytest.mark.parametrize(
    ("words", "context"),
    [
        (said("jobs"), []),
        (said("jobs", *["word"] * SHORT), [JOBS]),
        (said("zebra", "jobs", foreign=True), [JOBS]),
    ],
    ids=["no context", "long", "foreign"],
)
def test_search_for_jobs_stands_alone(words: Recognised, context: list[Reading]) -> None:
    assert continued_jobs(Reading(Intent.JOBS), context, words) == Reading(Intent.JOBS)


def test_conversation_about_jobs_is_narrowed_step_by_step(advisor: Advisor) -> None:
    first = advisor.read("any openings for a chef")
    second = advisor.read("in berlin", [first])
    third = advisor.read("and senior", [first, second])
    assert (third.intent, third.roles) == (Intent.JOBS, ("chef",))
    assert third.filters == Filters(country="DE", level=Level.SENIOR)


def test_move_starts_from_the_role_that_was_talked_about(advisor: Advisor) -> None:
    read = advisor.read("how do i become a chef", [advisor.read("what is a waiter")])
    assert (read.intent, read.roles) == (Intent.TRANSITION, ("waiter", "chef"))


def test_foreign_word_keeps_the_earlier_role_out(advisor: Advisor) -> None:
    read = advisor.read("and the zebra pay", [advisor.read("what is a waiter")])
    assert "waiter" not in read.roles


ABOUT = Reading(Intent.ROLE, roles=("chef",), section=Section.OVERVIEW)
SECTIONS = [section for section in Section if section is not Section.OVERVIEW]


def nothing(reading: Reading) -> tuple[Reading, ...]:
    return ()


def test_more_about_a_role_is_the_first_section_not_shown_yet() -> None:
    first = continued([ABOUT], nothing)
    assert first is not None
    assert (first.roles, first.section) == (("chef",), SECTIONS[0])
    second = continued([ABOUT, first], nothing)
    assert second is not None
    assert second.section is SECTIONS[1]


def test_more_of_a_comparison_is_one_by_a_section() -> None:
    more = continued([Reading(Intent.COMPARE, roles=("chef", "waiter"))], nothing)
    assert more is not None
    assert (more.intent, more.roles, more.section) == (Intent.COMPARE, ("chef", "waiter"), SECTIONS[0])


def test_when_all_sections_were_shown_there_is_no_more() -> None:
    assert continued([replace(ABOUT, section=section) for section in Section], nothing) is None


def test_more_of_a_topic_is_what_it_is_related_to_and_was_not_shown() -> None:
    topic, shown, *others = (Reading(Intent.TOPIC, topic=name) for name in "abcd")
    more = continued([shown, topic], lambda _: (shown, *others))
    assert more is not None
    assert more.outcome is Outcome.CHOICES
    assert [choice.topic for choice in more.choices] == ["c", "d"]


def test_the_only_choice_is_an_answer_and_none_is_nothing() -> None:
    assert choice_of([PAY]) == replace(PAY, confidence=1.0)
    assert choice_of([]) is None


def test_roles_that_were_spoken_of_come_once_in_order() -> None:
    both = Reading(Intent.COMPARE, roles=("waiter", "chef"))
    assert spoken_of([ABOUT, Reading(Intent.TOPIC, topic="school"), both]) == ("chef", "waiter")


@pytest.mark.parametrize(
    ("reading", "remembered"),
    [
        (ABOUT, True),
        (Reading(Intent.SMALLTALK), False),
        (Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE), False),
        (Reading(None, outcome=Outcome.CHOICES, choices=(ABOUT, PAY)), False),
    ],
)
def test_a_later_question_leans_on_answers_only(reading: Reading, *, remembered: bool) -> None:
    assert is_remembered(reading) is remembered


COMPARED = Reading(Intent.COMPARE, roles=("chef", "waiter"))


@pytest.mark.parametrize(
    ("question", "roles"),
    [
        ("what is the first one", ("chef",)),
        ("what does the second one earn", ("waiter",)),
        ("what does the latter earn?", ("waiter",)),
        ("how do i become the former", ("chef",)),
    ],
)
def test_first_and_second_are_the_roles_that_were_spoken_of(
    advisor: Advisor, question: str, roles: tuple[str, ...]
) -> None:
    reading = advisor.read(question, [COMPARED])
    assert (reading.outcome, reading.roles[-1:]) == (Outcome.ANSWER, roles)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("what is the first step", "what is the first step"),
        ("the second", "Waiter"),
        ("more about the first", "more about Head Chef"),
        ("what about the third one", "what about the third one"),
        ("the second one or the first one", "Waiter or Head Chef"),
    ],
)
def test_only_words_that_count_roles_are_taken_for_them(advisor: Advisor, question: str, named: str) -> None:
    assert advisor.interpreter.recogniser.with_roles_named(question, ("chef", "waiter")) == named


def test_a_comparison_without_names_is_of_the_last_two_roles(advisor: Advisor) -> None:
    earlier = [advisor.read("what is a chef"), advisor.read("what is a waiter")]
    reading = advisor.read("difference between the two?", earlier)
    assert (reading.intent, set(reading.roles)) == (Intent.COMPARE, {"chef", "waiter"})
