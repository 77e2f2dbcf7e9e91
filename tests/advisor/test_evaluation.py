"""How labelled questions are judged and counted."""

from dataclasses import replace
from typing import Any

import pytest

from bot.advisor.evaluation import (
    Ending,
    Half,
    Judged,
    Labelled,
    Operating,
    Share,
    Tally,
    as_fields,
    as_filters,
    changed,
    ending,
    every_second,
    grouped,
    in_use,
    is_described,
    judge,
    operating_points,
)
from bot.advisor.knowledge import Knowledge, Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.language.facets import NO_FILTERS, Employment, Filters, Level

PAY: dict[str, Any] = {"intent": "role", "roles": ["chef"], "section": "salary"}
PAY_READ = Reading(Intent.ROLE, roles=("chef",), section=Section.SALARY)
OUTSIDE: dict[str, Any] = {"intent": "out_of_scope"}
DECLINED = Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE)
ASKED_BACK = Reading(None, outcome=Outcome.CHOICES, choices=(PAY_READ, PAY_READ))


def labelled(expect: dict[str, Any], *accept: dict[str, Any]) -> Labelled:
    return Labelled("1", "a question", "plain", expect, accept)


def judged(knowledge: Knowledge, expect: dict[str, Any], reading: Reading, *accept: dict[str, Any]) -> Judged:
    return judge(labelled(expect, *accept), reading, knowledge)


def pair(intent: str, *roles: str) -> dict[str, Any]:
    return {"intent": intent, "roles": list(roles)}


@pytest.mark.parametrize(
    ("expect", "reading"),
    [
        (PAY, PAY_READ),
        (pair("compare", "chef", "waiter"), Reading(Intent.COMPARE, roles=("waiter", "chef"))),
        (pair("jobs", "chef", "waiter"), Reading(Intent.JOBS, roles=("waiter", "chef"))),
        (pair("transition", "waiter", "chef"), Reading(Intent.TRANSITION, roles=("waiter", "chef"))),
        ({"intent": "topic", "topic": "school"}, Reading(Intent.TOPIC, topic="school")),
        ({"intent": "term", "term": "roux", "roles": None}, Reading(Intent.TERM, term="roux")),
        ({"intent": "smalltalk"}, Reading(Intent.SMALLTALK, kind="thanks")),
        (OUTSIDE, DECLINED),
    ],
)
def test_reading_that_equals_its_label_is_right(knowledge: Knowledge, expect: dict[str, Any], reading: Reading) -> None:
    found = judged(knowledge, expect, reading)
    assert found.right
    assert not found.confidently_wrong


@pytest.mark.parametrize(
    ("expect", "reading"),
    [
        (PAY, Reading(Intent.ROLE, roles=("chef",), section=Section.TOOLS)),
        (PAY, Reading(Intent.ROLE, roles=("waiter",), section=Section.SALARY)),
        (PAY, Reading(Intent.COMPARE, roles=("chef",), section=Section.SALARY)),
        (pair("transition", "waiter", "chef"), Reading(Intent.TRANSITION, roles=("chef", "waiter"))),
        (pair("compare", "chef", "waiter"), Reading(Intent.COMPARE, roles=("chef", "waiter"), section=Section.TOOLS)),
        (pair("jobs"), Reading(Intent.JOBS, roles=("chef",))),
        ({"intent": "topic", "topic": "school"}, Reading(Intent.TOPIC, topic="night-work")),
        ({"intent": "term", "term": "roux"}, Reading(Intent.TERM, term="sous-vide")),
    ],
)
def test_answer_that_differs_from_its_label_is_confidently_wrong(
    knowledge: Knowledge, expect: dict[str, Any], reading: Reading
) -> None:
    found = judged(knowledge, expect, reading)
    assert not found.right
    assert found.confidently_wrong


@pytest.mark.parametrize("reading", [DECLINED, ASKED_BACK])
def test_question_that_is_not_answered_is_neither_right_nor_confidently_wrong(
    knowledge: Knowledge, reading: Reading
) -> None:
    found = judged(knowledge, PAY, reading)
    assert not found.right
    assert not found.confidently_wrong


def test_accepted_label_is_as_good_as_the_expected_one(knowledge: Knowledge) -> None:
    reading = Reading(Intent.ROLE, roles=("chef",), section=Section.OVERVIEW)
    assert not judged(knowledge, PAY, reading).right
    assert judged(knowledge, PAY, reading, {"intent": "topic"}, PAY | {"section": "overview"}).right


def test_answer_to_a_question_out_of_scope_is_wrong_and_counted_apart(knowledge: Knowledge) -> None:
    found = judged(knowledge, OUTSIDE, PAY_READ)
    assert not found.right
    assert not found.confidently_wrong


def test_answer_that_out_of_scope_accepts_is_right(knowledge: Knowledge) -> None:
    assert judged(knowledge, OUTSIDE, PAY_READ, PAY).right


@pytest.mark.parametrize(
    ("label", "reading", "right"),
    [
        ({"country": "DE"}, Filters(country="DE"), True),
        ({}, NO_FILTERS, True),
        (None, NO_FILTERS, True),
        ({"country": "DE"}, NO_FILTERS, False),
        ({}, Filters(year=2024), False),
        ({"remote": False}, Filters(remote=False), True),
        ({"remote": False}, NO_FILTERS, False),
    ],
)
def test_filters_are_judged_by_themselves(
    knowledge: Knowledge, label: dict[str, Any] | None, reading: Filters, *, right: bool
) -> None:
    found = judged(
        knowledge, PAY | {"filters": label}, Reading(Intent.ROLE, PAY_READ.outcome, ("chef",), filters=reading)
    )
    assert found.filters_right is right


@pytest.mark.parametrize(
    "label",
    [
        PAY,
        pair("compare", "chef", "waiter"),
        {"intent": "topic", "topic": "school"},
        {"intent": "term", "term": "roux"},
        {"intent": "help", "roles": None, "topic": None},
    ],
)
def test_label_whose_roles_topics_and_terms_have_entries_is_described(
    knowledge: Knowledge, label: dict[str, Any]
) -> None:
    assert is_described(label, knowledge)


@pytest.mark.parametrize(
    "label",
    [pair("compare", "chef", "sommelier"), {"intent": "topic", "topic": "tips"}, {"intent": "term", "term": "tip"}],
)
def test_label_with_a_part_that_has_no_entry_is_not_described(knowledge: Knowledge, label: dict[str, Any]) -> None:
    assert not is_described(label, knowledge)


def test_only_filters_that_apply_are_written() -> None:
    every = Filters("DE", Level.SENIOR, remote=False, employment=Employment.CONTRACT, salary_min=0, year=2024)
    assert as_filters(Reading(Intent.JOBS, filters=every)) == {
        "country": "DE",
        "level": "senior",
        "remote": False,
        "employment": "contract",
        "salary_min": 0,
        "year": 2024,
    }
    assert as_filters(Reading(Intent.JOBS)) == {}


def test_reading_is_written_with_every_field() -> None:
    reading = Reading(Intent.ROLE, roles=("chef",), section=Section.SALARY, confidence=0.123456)
    assert as_fields(reading) == {
        "intent": "role",
        "roles": ["chef"],
        "section": "salary",
        "topic": None,
        "term": None,
        "filters": {},
        "confidence": 0.1235,
    }


def test_shares_are_counted_over_what_they_are_about(knowledge: Knowledge) -> None:
    unknown = pair("role", "sommelier") | {"section": "salary"}
    wrong = Reading(Intent.ROLE, roles=("chef",), section=Section.TOOLS)
    unfiltered = PAY | {"filters": {"country": "DE"}}
    tally = Tally(
        (
            judged(knowledge, PAY, PAY_READ),
            judged(knowledge, unfiltered, PAY_READ),
            judged(knowledge, PAY, wrong),
            judged(knowledge, PAY, ASKED_BACK),
            judged(knowledge, unknown, wrong),
            judged(knowledge, OUTSIDE, DECLINED),
            judged(knowledge, OUTSIDE, DECLINED),
            judged(knowledge, OUTSIDE, ASKED_BACK),
            judged(knowledge, OUTSIDE, PAY_READ),
        )
    )
    assert (len(tally.counted), tally.missing) == (4, 1)
    assert tally.right == 2 / 4
    assert tally.confidently_wrong == 2 / 5
    assert tally.filters == 1 / 2
    assert tally.out_of_scope == {Outcome.DECLINE: 2 / 4, Outcome.CHOICES: 1 / 4, Outcome.ANSWER: 1 / 4}


def test_nothing_judged_counts_as_nothing() -> None:
    tally = Tally(())
    assert (tally.right, tally.confidently_wrong, tally.filters, tally.missing) == (0, 0, 0, 0)
    assert set(tally.out_of_scope.values()) == {0}
    assert (tally.calibration_error, tally.confusions) == (0, ())


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([(1.0, True), (1.0, True)], 0.0),
        ([(1.0, False)], 1.0),
        ([(0.5, True), (0.5, False)], 0.0),
        ([(0.5, True), (0.5, True)], 0.5),
        ([(0.95, True), (0.95, False), (0.05, False), (0.05, False)], 0.25),
    ],
)
def test_calibration_error_is_how_far_confidence_lies_from_the_share_that_is_right(
    knowledge: Knowledge, answers: list[tuple[float, bool]], error: float
) -> None:
    wrong = replace(PAY_READ, section=Section.TOOLS)
    readings = (replace(PAY_READ if right else wrong, confidence=confidence) for confidence, right in answers)
    tally = Tally((*(judged(knowledge, PAY, reading) for reading in readings), judged(knowledge, OUTSIDE, DECLINED)))
    assert tally.calibration_error == pytest.approx(error)


def test_what_is_answered_instead_is_counted_most_often_first(knowledge: Knowledge) -> None:
    wrong = replace(PAY_READ, section=Section.TOOLS)
    compared = Reading(Intent.COMPARE, roles=("chef", "waiter"))
    readings = (PAY_READ, compared, wrong, wrong, ASKED_BACK)
    tally = Tally(tuple(judged(knowledge, PAY, reading) for reading in readings))
    pairs = [(each.expected, each.got, len(each.judged)) for each in tally.confusions]
    assert pairs == [("role.salary", "role.tools", 2), ("role.salary", "compare", 1)]


TOOLS_READ = replace(PAY_READ, section=Section.TOOLS)


def sure(confidence: float, reading: Reading = PAY_READ) -> Reading:
    return replace(reading, confidence=confidence)


def unsure(confidence: float, first: Reading) -> Reading:
    choices = (sure(confidence, first), sure(confidence / 2, TOOLS_READ))
    return Reading(None, outcome=Outcome.CHOICES, confidence=confidence, choices=choices)


def test_share_of_nothing_is_nothing() -> None:
    assert (Share(1, 4).rate, Share(0, 0).rate) == (0.25, 0.0)


def test_declining_is_judged_by_how_many_declined_are_out_of_scope_and_how_many_out_of_scope_are_declined(
    knowledge: Knowledge,
) -> None:
    unknown = pair("role", "sommelier")
    tally = Tally(
        (
            judged(knowledge, OUTSIDE, DECLINED),
            judged(knowledge, OUTSIDE, DECLINED),
            judged(knowledge, OUTSIDE, ASKED_BACK),
            judged(knowledge, OUTSIDE, PAY_READ),
            judged(knowledge, PAY, DECLINED),
            judged(knowledge, unknown, DECLINED),
            judged(knowledge, PAY, PAY_READ),
        )
    )
    assert tally.decline_precision == Share(2, 4)
    assert tally.decline_recall == Share(2, 4)
    assert Tally(()).decline_precision == Share(0, 0)


def test_answers_fall_into_ten_bins_and_a_confidence_of_one_into_the_last(knowledge: Knowledge) -> None:
    readings = (sure(1.0), sure(0.9, TOOLS_READ), sure(0.6), sure(0.64, TOOLS_READ), sure(0.62), ASKED_BACK)
    bins = Tally(tuple(judged(knowledge, PAY, reading) for reading in readings)).calibration
    assert [each.count for each in bins] == [0, 0, 0, 0, 0, 0, 3, 0, 0, 2]
    assert (bins[9].low, bins[9].high) == (0.9, 1.0)
    assert (bins[9].confidence, bins[9].right) == pytest.approx((0.95, 1 / 2))
    assert (bins[6].confidence, bins[6].right) == pytest.approx((0.62, 2 / 3))
    assert (bins[0].confidence, bins[0].right) == (0, 0)


def test_question_without_an_entry_says_nothing_about_calibration(knowledge: Knowledge) -> None:
    tally = Tally((judged(knowledge, pair("role", "sommelier"), PAY_READ), judged(knowledge, PAY, PAY_READ)))
    assert len(tally.answers) == 1


def test_odd_half_begins_with_the_first_question_and_the_even_half_with_the_second() -> None:
    assert every_second("abcde", Half.ODD) == "ace"
    assert every_second("abcde", Half.EVEN) == "bd"
    assert every_second("", Half.EVEN) == ""


@pytest.mark.parametrize(
    ("expect", "reading", "end"),
    [
        (PAY, PAY_READ, Ending.RIGHT),
        (PAY, TOOLS_READ, Ending.WRONG),
        (PAY, ASKED_BACK, Ending.ASKED_BACK),
        (PAY, DECLINED, Ending.DECLINED),
        (OUTSIDE, DECLINED, Ending.RIGHT),
        (OUTSIDE, PAY_READ, Ending.WRONG),
        (OUTSIDE, ASKED_BACK, Ending.ASKED_BACK),
    ],
)
def test_each_question_has_one_ending(
    knowledge: Knowledge, expect: dict[str, Any], reading: Reading, end: Ending
) -> None:
    assert ending(judged(knowledge, expect, reading)) is end


def test_endings_of_a_group_add_up_to_its_questions(knowledge: Knowledge) -> None:
    every = (
        judged(knowledge, PAY, PAY_READ),
        judged(knowledge, PAY, TOOLS_READ),
        judged(knowledge, PAY, TOOLS_READ),
        judged(knowledge, OUTSIDE, DECLINED),
    )
    outside, role = grouped(every, lambda each: str(each.labelled.expect["intent"]))
    assert (outside.name, outside.count, role.name, role.count) == ("out_of_scope", 1, "role", 3)
    assert role.endings == {Ending.RIGHT: 1, Ending.ASKED_BACK: 0, Ending.WRONG: 2, Ending.DECLINED: 0}
    assert outside.endings[Ending.RIGHT] == 1


def test_examples_of_a_confusion_stand_with_the_surest_first(knowledge: Knowledge) -> None:
    readings = (sure(0.6, TOOLS_READ), sure(0.9, TOOLS_READ), sure(0.7, TOOLS_READ), PAY_READ)
    (confusion,) = Tally(tuple(judged(knowledge, PAY, reading) for reading in readings)).confusions
    assert (confusion.expected, confusion.got) == ("role.salary", "role.tools")
    assert [each.reading.confidence for each in confusion.judged] == [0.9, 0.7, 0.6]


def test_lower_threshold_answers_more_and_gets_more_of_it_wrong(knowledge: Knowledge) -> None:
    """Six in-scope questions, one of them declined, and one out of scope."""
    every = (
        judged(knowledge, PAY, sure(0.9)),
        judged(knowledge, PAY, sure(0.8)),
        judged(knowledge, PAY, sure(0.8, TOOLS_READ)),
        judged(knowledge, OUTSIDE, sure(0.7)),
        judged(knowledge, PAY, unsure(0.5, PAY_READ)),
        judged(knowledge, PAY, unsure(0.4, TOOLS_READ)),
        judged(knowledge, PAY, DECLINED),
    )
    assert operating_points(every) == (
        Operating(0.9, Share(1, 6), Share(0, 1), Share(0, 1)),
        Operating(0.8, Share(3, 6), Share(1, 3), Share(1, 3)),
        Operating(0.7, Share(3, 6), Share(1, 3), Share(2, 4)),
        Operating(0.5, Share(4, 6), Share(1, 4), Share(2, 5)),
        Operating(0.4, Share(5, 6), Share(2, 5), Share(3, 6)),
    )
    assert in_use(every, 0.55) == Operating(0.55, Share(3, 6), Share(1, 3), Share(2, 4))
    assert operating_points(()) == ()


def test_first_choice_that_is_accepted_counts_as_right(knowledge: Knowledge) -> None:
    (point,) = operating_points([judged(knowledge, PAY, unsure(0.5, TOOLS_READ), PAY | {"section": "tools"})])
    assert point.wrong == Share(0, 1)


def test_changes_are_told_only_of_questions_known_from_before(knowledge: Knowledge) -> None:
    def named(name: str, reading: Reading) -> Judged:
        return judge(Labelled(name, "a question", "plain", PAY), reading, knowledge)

    every = [named("a", PAY_READ), named("b", TOOLS_READ), named("c", PAY_READ), named("new", PAY_READ)]
    found = changed(every, {"a": False, "b": True, "c": True, "gone": True})
    assert found.known == 3
    assert [each.labelled.id for each in found.better] == ["a"]
    assert [each.labelled.id for each in found.worse] == ["b"]
