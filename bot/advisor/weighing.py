"""How likely each possible reading is: a conditional logit over what speaks for it and against it.

Every possible reading of a message, and that none of them is meant, has a score: the sum of its evidence times weights.
The probabilities are the softmax of the scores (McFadden 1974, "Conditional logit analysis of qualitative choice
behavior"), so that what is sure and what is not comes from the same sum that tells which reading is best.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.advisor.reading import Reading, asked
from bot.advisor.weights import TOPICS_WEIGHTS, TOPICS_WEIGHTS_WITH_ENCODER, WEIGHTS, WEIGHTS_WITH_ENCODER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Evidence = dict[str, float]
"""What speaks for a reading, by name; what is not named is 0."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible reading with its evidence; no reading stands for something that is not known."""

    reading: Reading | None
    evidence: Evidence


def weights_for(*, only_topics: bool, encoder: bool) -> Mapping[str, float]:
    """Return the weights of evidence for knowledge of topics alone or of more, with or without an encoder."""
    if only_topics:
        return TOPICS_WEIGHTS_WITH_ENCODER if encoder else TOPICS_WEIGHTS
    return WEIGHTS_WITH_ENCODER if encoder else WEIGHTS


def weigh(evidence: Evidence, weights: Mapping[str, float]) -> float:
    """Return the score of a reading."""
    return sum(weights.get(name, 0.0) * value for name, value in evidence.items())


def rate(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> list[Reading]:
    """Return the readings of candidates, each once with its probability as its confidence, the likeliest first."""
    readings: dict[tuple[object, ...], Reading] = {}
    rated: defaultdict[tuple[object, ...], float] = defaultdict(float)
    for candidate, probability in zip(candidates, _probabilities(candidates, weights), strict=True):
        if candidate.reading:
            key = asked(candidate.reading)
            readings.setdefault(key, candidate.reading)
            rated[key] += probability
    likeliest = sorted(rated, key=lambda key: -rated[key])
    return [replace(readings[key], confidence=rated[key]) for key in likeliest]


def _probabilities(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> list[float]:
    scores = [weigh(candidate.evidence, weights) for candidate in candidates]
    best = max(scores, default=0.0)
    powers = [math.exp(score - best) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
