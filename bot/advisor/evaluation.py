"""How well questions are understood: labelled questions in, counts out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from bot.advisor.reading import Intent, Outcome, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.advisor.knowledge import Knowledge

T = TypeVar("T")
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

    def meets(self, reading: Reading) -> bool:
        """Return whether a reading is the expected one, or as good."""
        return any(_same(reading, label) for label in (self.expect, *self.accept))


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


class Ending(StrEnum):
    """What became of a question; each has exactly one, so that they add up."""

    RIGHT = "right"
    ASKED_BACK = "asked back"
    WRONG = "wrong"
    DECLINED = "declined"


class Half(StrEnum):
    """Which questions of a file are scored: one half to tune on, the other to judge by."""

    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def rate(self) -> float:
        """The share, 0 to 1; 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies from `low` to `high` (0 to 1): how many, how sure and how many right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one intent or style, by what became of them."""

    name: str
    endings: Mapping[Ending, int]

    @property
    def count(self) -> int:
        """How many questions there are."""
        return sum(self.endings.values())


@dataclass(frozen=True, slots=True)
class Confusion:
    """Answers of one kind where another was expected, the surest first."""

    expected: str
    got: str
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Operating:
    """What answering from a confidence on would do: in-scope questions answered, and answers that are wrong.

    `wrong` is counted over answers to in-scope questions, `wrong_of_all` over those to every question.
    """

    threshold: float
    answered: Share
    wrong: Share
    wrong_of_all: Share


@dataclass(frozen=True, slots=True)
class Changes:
    """What became right and what no longer is, of the questions known from before."""

    known: int
    better: tuple[Judged, ...]
    worse: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """What half, 95 and 99 of a hundred readings took at most, in milliseconds."""

    p50: float
    p95: float
    p99: float


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
        gaps = sum(each.count * abs(each.confidence - each.right) for each in self.calibration)
        return gaps / len(self.answers) if self.answers else 0.0

    @property
    def answers(self) -> tuple[Judged, ...]:
        """Questions that were answered and whose label has an entry; calibration is about these."""
        return tuple(j for j in self.judged if j.reading.outcome is Outcome.ANSWER and j.described)

    @property
    def calibration(self) -> tuple[Bin, ...]:
        """The answers in ten equal bins of confidence, the least sure first; an empty bin is all 0."""
        bins: defaultdict[int, list[Judged]] = defaultdict(list)
        for judged in self.answers:
            bins[min(BINS - 1, int(judged.reading.confidence * BINS))].append(judged)
        return tuple(_bin(number, bins[number]) for number in range(BINS))

    @property
    def decline_precision(self) -> Share:
        """How many of the declined questions are out of scope."""
        declined = [j for j in self.judged if j.reading.outcome is Outcome.DECLINE]
        return _count(not j.labelled.in_scope for j in declined)

    @property
    def decline_recall(self) -> Share:
        """How many of the out-of-scope questions are declined."""
        outside = [j for j in self.judged if not j.labelled.in_scope]
        return _count(j.reading.outcome is Outcome.DECLINE for j in outside)

    @property
    def confusions(self) -> tuple[Confusion, ...]:
        """The answers that were not expected, by what was expected and what was answered; most often first."""
        pairs: defaultdict[tuple[str, str], list[Judged]] = defaultdict(list)
        for judged in self.answers:
            if not judged.right:
                pairs[_brief_label(judged.labelled.expect), _brief_label(as_fields(judged.reading))].append(judged)
        ordered = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))
        return tuple(Confusion(expected, got, _surest_first(found)) for (expected, got), found in ordered)

    @property
    def filters(self) -> float:
        """Share of the right answers whose filters are right too."""
        return _share(j.filters_right for j in self.counted if j.right)


def every_second(questions: Sequence[T], half: Half) -> Sequence[T]:
    """Return the first, third, ... question (odd) or the second, fourth, ... (even)."""
    return questions[0::2] if half is Half.ODD else questions[1::2]


def ending(judged: Judged) -> Ending:
    """Return what became of a question; declining one that is out of scope is right."""
    if judged.right:
        return Ending.RIGHT
    endings = {Outcome.ANSWER: Ending.WRONG, Outcome.CHOICES: Ending.ASKED_BACK, Outcome.DECLINE: Ending.DECLINED}
    return endings[judged.reading.outcome]


def grouped(judged: Iterable[Judged], name_of: Callable[[Judged], str]) -> tuple[Group, ...]:
    """Return the groups of questions by name, in its order."""
    groups: defaultdict[str, list[Ending]] = defaultdict(list)
    for each in judged:
        groups[name_of(each)].append(ending(each))
    return tuple(Group(name, {e: groups[name].count(e) for e in Ending}) for name in sorted(groups))


def changed(judged: Iterable[Judged], before: Mapping[str, bool]) -> Changes:
    """Compare with which questions were right `before`, by their id."""
    known = [j for j in judged if j.labelled.id in before]
    better = tuple(j for j in known if j.right and not before[j.labelled.id])
    worse = tuple(j for j in known if not j.right and before[j.labelled.id])
    return Changes(len(known), better, worse)


def operating_points(judged: Sequence[Judged]) -> tuple[Operating, ...]:
    """Return what each confidence that occurs would do as the threshold of an answer, the highest first.

    A question that was asked back counts from the confidence of the first choice on, as if that were the answer; a
    question that was declined is never answered.
    """
    in_scope = sum(j.labelled.in_scope for j in judged)
    offers = sorted(filter(None, map(_offer, judged)), key=lambda offer: -offer.confidence)
    points: dict[float, Operating] = {}
    inside = wrong = wrong_inside = 0
    for answered, offer in enumerate(offers, start=1):
        wrong += not offer.right
        inside += offer.in_scope
        wrong_inside += offer.in_scope and not offer.right
        points[offer.confidence] = Operating(
            offer.confidence, Share(inside, in_scope), Share(wrong_inside, inside), Share(wrong, answered)
        )
    return tuple(points.values())


def in_use(judged: Sequence[Judged], threshold: float) -> Operating:
    """Return what was really answered, as the point of `threshold`."""
    answers = [j for j in judged if j.reading.outcome is Outcome.ANSWER]
    inside = [j for j in answers if j.labelled.in_scope]
    return Operating(
        threshold,
        Share(len(inside), sum(j.labelled.in_scope for j in judged)),
        _count(not j.right for j in inside),
        _count(not j.right for j in answers),
    )


@dataclass(frozen=True, slots=True)
class _Offer:
    confidence: float
    right: bool
    in_scope: bool


def _offer(judged: Judged) -> _Offer | None:
    """Return what a low threshold would answer; None for a question that is declined."""
    reading, labelled = judged.reading, judged.labelled
    if reading.outcome is Outcome.ANSWER:
        return _Offer(reading.confidence, judged.right, labelled.in_scope)
    if reading.outcome is Outcome.CHOICES and reading.choices:
        first = reading.choices[0]
        return _Offer(first.confidence, labelled.meets(first), labelled.in_scope)
    return None


def _bin(number: int, members: Sequence[Judged]) -> Bin:
    count = len(members)
    confidence = sum(j.reading.confidence for j in members) / count if count else 0.0
    return Bin(number / BINS, (number + 1) / BINS, count, confidence, _share(j.right for j in members))


def _surest_first(judged: Iterable[Judged]) -> tuple[Judged, ...]:
    return tuple(sorted(judged, key=lambda each: -each.reading.confidence))


def _brief_label(label: Mapping[str, Any]) -> str:
    """Return a label without its roles and filters: what kind of answer it wants."""
    return ".".join(str(part) for part in (label["intent"], *map(label.get, ("section", "topic", "term"))) if part)


def _share(values: Iterable[bool]) -> float:
    return _count(values).rate


def _count(values: Iterable[bool]) -> Share:
    listed = list(values)
    return Share(sum(listed), len(listed))


def judge(labelled: Labelled, reading: Reading, knowledge: Knowledge) -> Judged:
    """Compare one reading with its label."""
    right = reading.outcome is Outcome.ANSWER and labelled.meets(reading)
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
