"""Fits the weights of evidence to the labelled questions: python -m tests.weights [--encoder FOLDER] [--write].

A conditional logit with an L2 penalty, by Newton's method. Tells how well weights do on questions that they were not
fitted to (each of ten parts is judged by weights from the other nine); `--write` keeps those fitted to all questions.
Thresholds and phrasings were chosen with these questions in view, so that new questions will fare somewhat worse.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.advisor import weights as kept
from bot.advisor.advisor import Advisor
from bot.advisor.evaluation import Labelled, Tally, judge
from bot.advisor.interpretation import decide
from bot.advisor.knowledge import Knowledge, Lexicon
from bot.advisor.reading import Intent, Reading
from bot.advisor.weighing import Candidate, rate
from bot.app import load_encoder, make_advisor
from bot.cli.evaluate import read_labelled
from bot.config import EncoderFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.advisor.meaning import Encoder

ROOT = Path(__file__).parent.parent
GOLDEN = ("dev", "own")
PENALTY = 1.0
EXPECTED = {"logit": 0.9}
"""What weights are drawn to where the questions say nothing else; 0 for all others."""
VIEWS = ((12, 5), (12, 20), (40, 5), (40, 40), (66, 20), (66, 60))
"""Topics, and phrasings of each, of the knowledge bases on which the weights for topics alone are fitted."""
ASKED_OF_A_VIEW = 150
TABLES = ("WEIGHTS", "WEIGHTS_WITH_ENCODER", "TOPICS_WEIGHTS", "TOPICS_WEIGHTS_WITH_ENCODER")
STEPS = 30
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled question with what it may ask, and which of that is right: nothing known, where no reading is."""

    file: str
    labelled: Labelled
    candidates: tuple[Candidate, ...]
    right: NDArray[np.bool_]


def example(file: str, labelled: Labelled, advisor: Advisor) -> Example | None:
    """Return an example; None for a bare follow-up, which is read without weights."""
    earlier: list[Reading] = []
    for question in labelled.context:
        earlier.append(advisor.read(question, earlier))
    candidates = advisor.interpreter.candidates(labelled.question, earlier)
    if not candidates:
        return None
    right = np.array([bool(c.reading) and labelled.meets(c.reading) for c in candidates])
    if not right.any():
        right[[not c.reading for c in candidates]] = True
    return Example(file, labelled, tuple(candidates), right)


def topics_only(knowledge: Knowledge, encoder: Encoder | None) -> Iterator[Example]:
    """Yield examples of knowledge bases that hold some topics with a few phrasings each, and were taught nothing else.

    They are asked what they were not taught of their topics, and of other topics or what is out of scope.
    """
    draw = np.random.default_rng(0)
    outside = [text for i in knowledge.intents if i.intent == Intent.OUT_OF_SCOPE for text in i.phrasings]
    for topics, phrasings in VIEWS:
        drawn = set(draw.choice(sorted(knowledge.topics), topics, replace=False).tolist())
        said = {topic.id: draw.permutation(topic.phrasings).tolist() for topic in knowledge.topics.values()}
        known = {
            topic: replace(knowledge.topics[topic], phrasings=tuple(said[topic][:phrasings])) for topic in sorted(drawn)
        }
        words = Lexicon(common_words=knowledge.lexicon.common_words)
        advisor = Advisor(Knowledge({}, known, {}, (), (), words, {}, ()), encoder=encoder)
        inside = [(topic, text) for topic in known for text in said[topic][phrasings:]]
        others = [text for topic in said.keys() - drawn for text in said[topic]]
        asked = [inside[at] for at in draw.choice(len(inside), ASKED_OF_A_VIEW, replace=False)]
        asked += [("", text) for text in draw.choice(sorted(others or outside), ASKED_OF_A_VIEW // 2, replace=False)]
        asked += [("", text) for text in draw.choice(outside, ASKED_OF_A_VIEW // 2, replace=False)]
        for topic, text in asked:
            expected = {"intent": Intent.TOPIC, "topic": topic} if topic else {"intent": Intent.OUT_OF_SCOPE}
            if found := example("topics", Labelled("", str(text), "plain", expected), advisor):
                yield found


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weights that make what is right likeliest."""
    names = sorted({name for e in examples for c in e.candidates for name in c.evidence})
    place = {name: at for at, name in enumerate(names)}
    tables = []
    for each in examples:
        table = np.zeros((len(each.candidates), len(names)))
        for row, candidate in zip(table, each.candidates, strict=True):
            for name, value in candidate.evidence.items():
                row[place[name]] = value
        tables.append(table)
    drawn_to = np.array([EXPECTED.get(name, 0.0) for name in names])
    weights = drawn_to.copy()
    for _ in range(STEPS):
        slope = 2 * PENALTY * (weights - drawn_to)
        curvature = 2 * PENALTY * np.eye(len(names))
        for table, each in zip(tables, examples, strict=True):
            likely = _softmax(table @ weights)
            wanted = np.where(each.right, likely, 0)
            slope += table.T @ (likely - wanted / wanted.sum())
            mean = likely @ table
            curvature += (table * likely[:, None]).T @ table - np.outer(mean, mean)
        step = np.linalg.solve(curvature, slope)
        weights -= step
        if np.abs(step).max() < 1e-4:
            break
    return dict(zip(names, weights.tolist(), strict=True))


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def tally(examples: Sequence[Example], weights: Mapping[str, float], advisor: Advisor) -> Tally:
    """Return how well weights do."""
    readings = ((each, decide(rate(each.candidates, weights))) for each in examples)
    return Tally(tuple(judge(each.labelled, reading, advisor.knowledge) for each, reading in readings))


def _tell(what: str, counts: Tally, first: float) -> None:
    outside = counts.out_of_scope
    print(
        f"{what:<12} first guess {first:6.1%}  right {counts.right:6.1%}  wrong {counts.confidently_wrong:5.1%}  "
        f"out of scope declined {outside['decline']:6.1%} answered {outside['answer']:5.1%}  "
        f"calibration error {counts.calibration_error:5.1%}"
    )


def _first_guesses(examples: Sequence[Example], weights: Mapping[str, float]) -> float:
    inside = [each for each in examples if each.labelled.in_scope]
    return float(np.mean([any(map(each.labelled.meets, rate(each.candidates, weights)[:1])) for each in inside]))


def main() -> None:
    """Tell how well fitted weights do, and keep them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    encoder = load_encoder(EncoderFolder(chosen.encoder, required=True)) if chosen.encoder else None
    advisor = make_advisor(ROOT / "knowledge", encoder)
    files = {name: read_labelled(ROOT / "tests" / "golden" / f"{name}.jsonl") for name in GOLDEN}
    examples = [e for name, asked in files.items() for labelled in asked if (e := example(name, labelled, advisor))]
    _tell_and_keep("WEIGHTS", examples, advisor, write_them=chosen.write)
    views = list(topics_only(advisor.knowledge, encoder))
    _tell_and_keep("TOPICS_WEIGHTS", views, advisor, write_them=chosen.write)


def _tell_and_keep(table: str, examples: Sequence[Example], advisor: Advisor, *, write_them: bool) -> None:
    folds = [fit([e for at, e in enumerate(examples) if at % FOLDS != fold]) for fold in range(FOLDS)]
    files = list(dict.fromkeys(e.file for e in examples))
    for name in files:
        held_out = [(e, folds[at % FOLDS]) for at, e in enumerate(examples) if e.file == name]
        judged = tuple(j for e, weights in held_out for j in tally([e], weights, advisor).judged)
        guesses = [_first_guesses([e], weights) for e, weights in held_out if e.labelled.in_scope]
        _tell(f"{name}, held out", Tally(judged), float(np.mean(guesses)))
    weights = fit(examples)
    for name in files:
        fitted = [e for e in examples if e.file == name]
        _tell(f"{name}, fitted", tally(fitted, weights, advisor), _first_guesses(fitted, weights))
    if write_them:
        write({f"{table}_WITH_ENCODER" if advisor.interpreter.has_encoder else table: weights})


def write(fitted: Mapping[str, Mapping[str, float]]) -> None:
    """Write weights into their module; those not fitted stay."""
    tables = {name: getattr(kept, name) for name in TABLES} | fitted
    lines = ['"""The weights of evidence, as `python -m tests.weights --write` fits them."""', ""]
    for name, weights in tables.items():
        lines += [f"{name} = {{", *(f'    "{key}": {value:.3f},' for key, value in sorted(weights.items())), "}"]
    vars(kept).update(tables)
    Path(str(kept.__file__)).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
