"""Fitting the weights of evidence."""

import numpy as np
import pytest

from bot.advisor import weights as kept
from bot.advisor.evaluation import Labelled
from bot.advisor.reading import Intent, Reading
from bot.advisor.weighing import Candidate
from tests.weights import EXPECTED, PENALTY, TABLES, Example, fit, write

RICE, EGGS = Reading(Intent.TOPIC, topic="rice"), Reading(Intent.TOPIC, topic="eggs")
ASKED = Labelled("q", "how to cook rice", "plain", {"intent": "topic", "topic": "rice"})


def example(*, right: bool, **evidence: float) -> Example:
    candidates = (Candidate(RICE, dict(evidence)), Candidate(EGGS, {}), Candidate(None, {"unknown": 1.0}))
    return Example("dev", ASKED, candidates, np.array([right, not right, False]))


def test_evidence_that_speaks_for_what_is_right_gets_a_positive_weight() -> None:
    weights = fit([example(right=True, telling=1.0) for _ in range(20)])
    assert weights["telling"] > 0.5
    assert weights["unknown"] < -0.5


def test_evidence_that_misleads_gets_a_negative_weight() -> None:
    assert fit([example(right=False, misleading=1.0) for _ in range(20)])["misleading"] < -0.5


def test_evidence_that_tells_nothing_stays_where_it_is_expected() -> None:
    even = [example(right=True, logit=0.0), example(right=False, logit=0.0)]
    assert fit(even)["logit"] == pytest.approx(EXPECTED["logit"])


def test_weights_are_where_the_penalised_likelihood_is_steepest_no_more() -> None:
    examples = [example(right=True, a=1.0, b=0.5), example(right=False, a=0.2, b=2.0), example(right=True, a=-1.0)]
    weights = fit(examples)

    def loss(values: dict[str, float]) -> float:
        total = PENALTY * sum((value - EXPECTED.get(name, 0.0)) ** 2 for name, value in values.items())
        for each in examples:
            scores = np.array([sum(values[n] * v for n, v in c.evidence.items()) for c in each.candidates])
            likely = np.exp(scores) / np.exp(scores).sum()
            total -= float(np.log(likely[each.right].sum()))
        return total

    for name in weights:
        for step in (-0.05, 0.05):
            assert loss({**weights, name: weights[name] + step}) > loss(weights)


def test_written_weights_are_read_back_and_the_others_stay(tmp_path, monkeypatch) -> None:
    module = tmp_path / "kept.py"
    module.write_text("")
    for name in TABLES:
        monkeypatch.setattr(kept, name, getattr(kept, name))  # writing changes them here too
    monkeypatch.setattr(kept, "__file__", str(module))
    write({"WEIGHTS": {"b": 1.23456, "a": -2.0}})
    written: dict[str, dict[str, float]] = {}
    exec(module.read_text(), written)
    assert written["WEIGHTS"] == {"a": -2.0, "b": 1.235}
    assert written["WEIGHTS_WITH_ENCODER"]
