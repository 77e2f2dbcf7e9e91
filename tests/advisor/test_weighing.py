"""How likely readings are by what speaks for them, and that the weights fit the evidence."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.advisor import Advisor
from bot.advisor.reading import Intent, Reading
from bot.advisor.weighing import Candidate, rate, weigh, weights_for
from bot.cli.evaluate import read_labelled
from tests.advisor.test_golden import HARDER, QUESTIONS

RICE, EGGS = Reading(Intent.TOPIC, topic="rice"), Reading(Intent.TOPIC, topic="eggs")
WEIGHTS = {"near": 2.0, "far": -1.0}


def test_score_is_the_sum_of_evidence_times_weights() -> None:
    assert weigh({"near": 1.5, "far": 2.0, "of no weight": 7.0}, WEIGHTS) == pytest.approx(1.0)


def test_confidence_is_the_softmax_of_the_scores() -> None:
    rated = rate([Candidate(RICE, {"near": 1.0}), Candidate(EGGS, {"far": 1.0}), Candidate(None, {})], WEIGHTS)
    powers = [math.exp(2), math.exp(-1), math.exp(0)]
    assert [reading.topic for reading in rated] == ["rice", "eggs"]
    assert [reading.confidence for reading in rated] == pytest.approx([power / sum(powers) for power in powers[:2]])


def test_what_may_mean_something_unknown_lessens_all_confidence() -> None:
    (sure,) = rate([Candidate(RICE, {"near": 1.0}), Candidate(None, {"far": 9.0})], WEIGHTS)
    (unsure,) = rate([Candidate(RICE, {"near": 1.0}), Candidate(None, {"near": 1.0})], WEIGHTS)
    assert sure.confidence > 0.99
    assert unsure.confidence == pytest.approx(0.5)


def test_readings_that_ask_the_same_are_one_whose_probabilities_add_up() -> None:
    twice = [Candidate(RICE, {"near": 1.0}), Candidate(RICE, {"near": 1.0}), Candidate(EGGS, {"near": 1.0})]
    assert [(r.topic, pytest.approx(r.confidence)) for r in rate(twice, WEIGHTS)] == [("rice", 2 / 3), ("eggs", 1 / 3)]


def test_nothing_to_weigh_gives_no_reading() -> None:
    assert rate([], WEIGHTS) == []
    assert rate([Candidate(None, {})], WEIGHTS) == []


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_confidences_lie_between_nothing_and_all_however_strong_the_evidence(values: list[float]) -> None:
    candidates = [Candidate(Reading(Intent.TOPIC, topic=str(at)), {"near": v}) for at, v in enumerate(values)]
    rated = rate(candidates, WEIGHTS)
    assert sum(reading.confidence for reading in rated) == pytest.approx(1)
    assert all(0 <= reading.confidence <= 1 for reading in rated)


def test_all_evidence_of_a_real_question_has_a_weight_and_no_weight_is_left_over(shipped: Advisor) -> None:
    """`python -m tests.weights --write` fits them anew when evidence was added or renamed."""
    weights, met = weights_for(only_topics=False, encoder=False), set()
    for labelled in (*read_labelled(QUESTIONS), *read_labelled(HARDER)):
        earlier: list[Reading] = []
        for question in labelled.context:
            earlier.append(shipped.read(question, earlier))
        for candidate in shipped.interpreter.candidates(labelled.question, earlier):
            met.update(candidate.evidence)
    assert met == set(weights)
    assert met < set(weights_for(only_topics=False, encoder=True))


def test_all_evidence_has_a_weight_where_only_topics_are_known(cook: Advisor) -> None:
    candidates = cook.interpreter.candidates("how much water does my rice need?")
    met = {name for candidate in candidates for name in candidate.evidence}
    assert met <= set(weights_for(only_topics=True, encoder=False))
    assert met < set(weights_for(only_topics=True, encoder=True))
