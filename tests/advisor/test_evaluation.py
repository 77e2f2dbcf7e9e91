"""How labelled questions are judged and counted."""

from dataclasses import replace
from typing import Any

import pytest

from bot.advisor.evaluation import Judged, Labelled, Tally, as_fields, as_filters, is_described, judge
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
    assert tally.confusions == (("role.salary", "role.tools", 2), ("role.salary", "compare", 1))
