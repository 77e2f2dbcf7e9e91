"""Ways of matching a question to one of many entries: the advisor, and what it is compared with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import yaml
from rapidfuzz import fuzz, process

from bot.advisor.advisor import Advisor
from bot.advisor.loading import load_knowledge
from bot.advisor.reading import Outcome
from bot.config import default_knowledge
from bot.folder import read_folder
from tests.benchmarks.sets import Labelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.advisor.meaning import Encoder

TOP = 3
_WORD = re.compile(r"\w+")


class Matcher(Protocol):
    """Knows labelled phrasings; higher is surer, on a scale of its own."""

    def sureness(self, question: str) -> float:
        """Return how sure it is of its best label: the one call that an answer needs, and that is timed."""
        ...

    def ranked(self, question: str) -> Sequence[str]:
        """Return the best labels, TOP at most, the best first."""
        ...


Method = Callable[[Sequence[Labelled]], Matcher]
"""Makes a matcher from phrasings; raises ImportError where its package is not installed."""


class AdvisorMatcher:
    """The advisor, over a knowledge folder in which each label is a topic."""

    def __init__(self, phrasings: Sequence[Labelled], encoder: Encoder | None = None) -> None:
        labels = tuple(dict.fromkeys(each.label for each in phrasings))
        self._label_of = {_topic(number): label for number, label in enumerate(labels)}
        self._advisor = Advisor(load_knowledge(knowledge_of(phrasings)), encoder=encoder)

    def sureness(self, question: str) -> float:
        reading = self._advisor.read(question)
        return 1 - reading.confidence if reading.outcome is Outcome.DECLINE else reading.confidence

    def ranked(self, question: str) -> Sequence[str]:
        topics = (reading.topic for reading in self._advisor.interpreter.ranked(question)[:TOP])
        return [self._label_of[topic] for topic in topics if topic]


def knowledge_of(phrasings: Sequence[Labelled]) -> Mapping[str, bytes]:
    """Return the files of a knowledge folder with a topic a label, and the common words that ship.

    Answers say nothing: whoever is compared sees the phrasings only.
    """
    texts: dict[str, list[str]] = {}
    for each in phrasings:
        texts.setdefault(each.label, []).append(each.text)
    files = {"lexicon.yaml": _yaml({"common_words": common_words()})}
    for number, said in enumerate(texts.values()):
        topic = _topic(number)
        files[f"topics/{topic}.yaml"] = _yaml({"id": topic, "phrasings": said, "answer": "."})
    return files


@cache
def common_words() -> str:
    """Return the English words that the shipped knowledge does not take for typos."""
    return " ".join(sorted(load_knowledge(read_folder(default_knowledge())).lexicon.common_words))


def _topic(number: int) -> str:
    return f"topic-{number}"


def _yaml(content: Mapping[str, object]) -> bytes:
    return yaml.safe_dump(content, allow_unicode=True, width=1_000_000).encode()


class FuzzyMatcher:
    """The nearest phrasing by a scorer of rapidfuzz."""

    def __init__(self, phrasings: Sequence[Labelled], scorer: Callable[..., float]) -> None:
        self._texts = [each.text.lower() for each in phrasings]
        self._labels = [each.label for each in phrasings]
        self._scorer = scorer

    def sureness(self, question: str) -> float:
        best = process.extractOne(question.lower(), self._texts, scorer=self._scorer)
        return best[1] if best else 0.0

    def ranked(self, question: str) -> Sequence[str]:
        found = process.extract(question.lower(), self._texts, scorer=self._scorer, limit=None)
        return _first_labels(self._labels[number] for _, _, number in found)


class ScoringMatcher:
    """Whatever gives a question a score for each phrasing or label."""

    def __init__(self, labels: Sequence[str], score: Callable[[str], NDArray[np.float32]]) -> None:
        self._labels = labels
        self._score = score

    def sureness(self, question: str) -> float:
        return float(self._score(question).max())

    def ranked(self, question: str) -> Sequence[str]:
        order = np.argsort(-self._score(question), kind="stable")
        return _first_labels(self._labels[number] for number in order)


def _first_labels(labels: Iterable[str]) -> list[str]:
    """Return the first TOP different labels."""
    found: list[str] = []
    for label in labels:
        if label not in found:
            found.append(label)
        if len(found) == TOP:
            break
    return found


def bm25(phrasings: Sequence[Labelled]) -> Matcher:
    """Return the nearest phrasing by BM25."""
    import bm25s  # noqa: PLC0415  # only here, and it may be missing

    index: Any = bm25s.BM25()
    index.index([_words(each.text) for each in phrasings], show_progress=False)

    def score(question: str) -> NDArray[np.float32]:
        words = _words(question)  # of none bm25s raises IndexError
        return index.get_scores(words) if words else np.zeros(len(phrasings), dtype=np.float32)

    return ScoringMatcher([each.label for each in phrasings], score)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def regression(phrasings: Sequence[Labelled]) -> Matcher:
    """Return logistic regression on TF-IDF of words, word pairs and groups of three to five letters."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  # 1 s to import, and may be missing
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415

    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
        ),
        LogisticRegression(C=10, max_iter=1_000),
    )
    model.fit([each.text for each in phrasings], [each.label for each in phrasings])
    return ScoringMatcher(list(model.classes_), lambda question: model.predict_proba([question])[0])


def nearest_meaning(phrasings: Sequence[Labelled], encoder: Encoder) -> Matcher:
    """Return the phrasing whose encoded text is nearest."""
    rows = encoder([each.text for each in phrasings])
    return ScoringMatcher([each.label for each in phrasings], lambda question: rows @ encoder([question])[0])


def methods(encoder: Encoder | None) -> dict[str, Method]:
    """Return every method by its name; two more with an encoder."""
    found: dict[str, Method] = {
        "rapidfuzz WRatio": lambda phrasings: FuzzyMatcher(phrasings, fuzz.WRatio),
        "rapidfuzz token_set_ratio": lambda phrasings: FuzzyMatcher(phrasings, fuzz.token_set_ratio),
        "bm25s": bm25,
        "TF-IDF, logistic regression": regression,
        "the advisor": AdvisorMatcher,
    }
    if encoder:
        found["encoder, nearest"] = lambda phrasings: nearest_meaning(phrasings, encoder)
        found["the advisor with the encoder"] = lambda phrasings: AdvisorMatcher(phrasings, encoder)
    return found
