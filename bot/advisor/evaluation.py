"""How well questions are understood: labelled questions in, counts out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.advisor.reading import Intent, Outcome, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.advisor.knowledge import Knowledge

_UNORDERED = frozenset({Intent.COMPARE, Intent.JOBS})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with the reading it should get, and others that are as good."""

    id: str
    question: str
    style: str
    expect: Mapping[str, Any]
    accept: tuple[Mapping[str, Any], ...] = ()
    context: tuple[str, ...] = ()

    @property
    def in_scope(self) -> bool:
        """Whether the bot should answer it."""
        return str(self.expect["intent"]) != Intent.OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Judged:
    """One question, what was read, and what that was worth."""

    labelled: Labelled
    reading: Reading
    described: bool
    right: bool
    filters_right: bool

    @property
    def confidently_wrong(self) -> bool:
        """Whether an in-scope question got an answer that is not right."""
        return self.labelled.in_scope and self.reading.outcome is Outcome.ANSWER and not self.right


BINS = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over judged questions, and the rates that matter."""

    judged: tuple[Judged, ...]

    @property
    def counted(self) -> tuple[Judged, ...]:
        """In-scope questions whose roles, topics and terms have entries."""
        return tuple(j for j in self.judged if j.labelled.in_scope and j.described)

    @property
    def missing(self) -> int:
        """In-scope questions about entries that do not exist yet."""
        return sum(j.labelled.in_scope and not j.described for j in self.judged)

    @property
    def right(self) -> float:
        """Share of the counted questions that are answered right."""
        return _share(j.right for j in self.counted)

    @property
    def confidently_wrong(self) -> float:
        """Share of all in-scope questions that get a wrong answer."""
        return _share(j.confidently_wrong for j in self.judged if j.labelled.in_scope)

    @property
    def out_of_scope(self) -> Mapping[str, float]:
        """Shares of the out-of-scope questions that are declined, asked back and answered."""
        outside = [j.reading.outcome for j in self.judged if not j.labelled.in_scope]
        return {outcome: _share(found is outcome for found in outside) for outcome in Outcome}

    @property
    def calibration_error(self) -> float:
        """Expected calibration error of the answers: how far confidence lies from the share that is right (0-1).

        The mean over ten equal bins of confidence, weighted by how many answers fall in each.
        """
        answers = [j for j in self.judged if j.reading.outcome is Outcome.ANSWER and j.described]
        bins: defaultdict[int, list[Judged]] = defaultdict(list)
        for judged in answers:
            bins[min(BINS - 1, int(judged.reading.confidence * BINS))].append(judged)
        gaps = (abs(sum(j.reading.confidence - j.right for j in members)) for members in bins.values())
        return sum(gaps) / len(answers) if answers else 0.0

    @property
    def confusions(self) -> tuple[tuple[str, str, int], ...]:
        """What was expected, what was answered instead, and how often; most often first."""
        wrong = [j for j in self.judged if j.described and not j.right and j.reading.outcome is Outcome.ANSWER]
        pairs = Counter((_brief_label(j.labelled.expect), _brief_label(as_fields(j.reading))) for j in wrong)
        ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
        return tuple((expected, got, count) for (expected, got), count in ordered)

    @property
    def filters(self) -> float:
        """Share of the right answers whose filters are right too."""
        return _share(j.filters_right for j in self.counted if j.right)


def _brief_label(label: Mapping[str, Any]) -> str:
    """Return a label without its roles and filters: what kind of answer it wants."""
    return ".".join(str(part) for part in (label["intent"], *map(label.get, ("section", "topic", "term"))) if part)


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def judge(labelled: Labelled, reading: Reading, knowledge: Knowledge) -> Judged:
    """Compare one reading with its label."""
    labels = (labelled.expect, *labelled.accept)
    right = reading.outcome is Outcome.ANSWER and any(_same(reading, label) for label in labels)
    if not labelled.in_scope:
        right = right or reading.outcome is Outcome.DECLINE
    return Judged(
        labelled,
        reading,
        described=is_described(labelled.expect, knowledge),
        right=right,
        filters_right=as_filters(reading) == dict(labelled.expect.get("filters") or {}),
    )


def is_described(label: Mapping[str, Any], knowledge: Knowledge) -> bool:
    """Return whether every role, topic and term of a label has an entry."""
    return (
        all(role in knowledge.roles for role in label.get("roles") or ())
        and (label.get("topic") is None or label["topic"] in knowledge.topics)
        and (label.get("term") is None or label["term"] in knowledge.terms)
    )


def as_filters(reading: Reading) -> dict[str, Any]:
    """Return a reading's filters as labels and the command line write them: only those that apply."""
    filters = reading.filters
    values = {
        "country": filters.country,
        "level": filters.level and filters.level.value,
        "remote": filters.remote,
        "employment": filters.employment and filters.employment.value,
        "salary_min": filters.salary_min,
        "year": filters.year,
    }
    return {name: value for name, value in values.items() if value is not None}


def as_fields(reading: Reading) -> dict[str, Any]:
    """Return a reading as other programs read it; what does not apply is None or empty."""
    return {
        "intent": reading.intent,
        "roles": list(reading.roles),
        "section": reading.section,
        "topic": reading.topic,
        "term": reading.term,
        "filters": as_filters(reading),
        "confidence": round(reading.confidence, 4),
    }


def _same(reading: Reading, label: Mapping[str, Any]) -> bool:
    roles: Sequence[str] = label.get("roles") or ()
    alike = set(roles) == set(reading.roles) if reading.intent in _UNORDERED else tuple(roles) == reading.roles
    return (
        alike
        and reading.intent == label["intent"]
        and reading.section == label.get("section")
        and reading.topic == label.get("topic")
        and reading.term == label.get("term")
    )
