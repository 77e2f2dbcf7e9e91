"""How well the shipped knowledge understands the labelled questions: floors that only rise."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.advisor.advisor import Advisor
from bot.advisor.evaluation import Judged, Labelled, Tally, judge
from bot.advisor.reading import OTHER_LANGUAGE, Intent, Outcome, Reading
from bot.cli.evaluate import read_labelled
from bot.language.facets import Filters
from bot.language.text import normalise

GOLDEN = Path(__file__).parents[1] / "golden"
QUESTIONS = GOLDEN / "dev.jsonl"
HARDER = GOLDEN / "own.jsonl"
"""More questions told round about, more that only sound as if they were about careers."""
SHORTEST_WAYS = frozenset({"hi"})
"""Labelled questions that are also phrasings: there is hardly another way to write them."""


def ways_of_asking(advisor: Advisor) -> Iterator[str]:
    """Yield what the shipped heads are trained on."""
    for intent in advisor.knowledge.intents:
        yield from intent.phrasings
    for topic in advisor.knowledge.topics.values():
        yield from (*topic.phrasings, topic.title)


def judged(advisor: Advisor, labelled: Labelled) -> Judged:
    """Return what a question is worth after the questions before it."""
    earlier: list[Reading] = []
    for question in labelled.context:
        earlier.append(advisor.read(question, earlier))
    return judge(labelled, advisor.read(labelled.question, earlier), advisor.knowledge)


@pytest.fixture(scope="module")
def every(shipped: Advisor) -> tuple[Judged, ...]:
    return tuple(judged(shipped, labelled) for labelled in read_labelled(QUESTIONS))


@pytest.fixture(scope="module", params=["every question", "unseen questions"])
def tally(request: pytest.FixtureRequest, every: tuple[Judged, ...]) -> Tally:
    """Return the counts over all labelled questions, and over those that no phrasing equals."""
    if request.param == "every question":
        return Tally(every)
    return Tally(tuple(each for each in every if normalise(each.labelled.question) not in SHORTEST_WAYS))


def test_enough_questions_have_entries(tally: Tally) -> None:
    assert len(tally.counted) >= 230


def test_four_in_five_questions_are_answered_right(tally: Tally) -> None:
    assert tally.right >= 0.84


def test_few_questions_get_a_wrong_answer(tally: Tally) -> None:
    assert tally.confidently_wrong <= 0.04


def test_most_questions_out_of_scope_are_declined(tally: Tally) -> None:
    assert tally.out_of_scope[Outcome.DECLINE] >= 0.88


def test_filters_of_right_answers_are_right(tally: Tally) -> None:
    assert tally.filters >= 0.95


@pytest.fixture(scope="module")
def harder(shipped: Advisor) -> Tally:
    return Tally(tuple(judged(shipped, labelled) for labelled in read_labelled(HARDER)))


def test_harder_questions_are_answered_right_too(harder: Tally) -> None:
    assert len(harder.counted) >= 240
    assert harder.right >= 0.81
    assert harder.filters >= 0.95


def test_harder_questions_seldom_get_a_wrong_answer(harder: Tally) -> None:
    assert harder.confidently_wrong <= 0.05


def test_what_only_sounds_in_scope_is_mostly_declined(harder: Tally) -> None:
    assert harder.out_of_scope[Outcome.DECLINE] >= 0.88
    assert harder.out_of_scope[Outcome.ANSWER] <= 0.08


@pytest.mark.parametrize("file", [QUESTIONS, HARDER], ids=lambda file: file.stem)
def test_labelled_questions_are_not_learnt_by_heart(shipped: Advisor, file: Path) -> None:
    labelled = {normalise(question.question) for question in read_labelled(file)}
    learnt = {normalise(phrasing) for phrasing in ways_of_asking(shipped)}
    assert labelled & learnt <= SHORTEST_WAYS


def test_every_labelled_question_gets_an_outcome_that_it_can_have(tally: Tally) -> None:
    for each in tally.judged:
        reading = each.reading
        assert 0 <= reading.confidence <= 1
        assert (reading.intent is None) == (reading.outcome is Outcome.CHOICES)
        assert reading.outcome is not Outcome.CHOICES or 2 <= len(reading.choices) <= 4


@pytest.mark.parametrize(
    "question",
    ["what does a data engineer do", "MLE vs DS pay", "how do I become a data analyst", "do I need a phd"],
)
def test_reading_a_question_twice_gives_the_same(shipped: Advisor, question: str) -> None:
    assert shipped.read(question) == shipped.read(question)


@pytest.mark.parametrize(
    "question",
    ["a marketing analyst and a product analyst look alike to me. do they differ?", "what are DE and AE, in short"],
)
def test_a_comparison_of_whole_roles_is_about_no_section(shipped: Advisor, question: str) -> None:
    reading = shipped.read(question)
    assert (reading.intent, reading.section) == (Intent.COMPARE, None)


@pytest.mark.parametrize("question", ["hm. and for software engineers?", "oh nice, and software engineers?"])
def test_a_follow_up_may_begin_with_an_aside(shipped: Advisor, question: str) -> None:
    before = shipped.read("job outlook for business analysts")
    after = shipped.read(question, [before])
    assert (after.roles, after.section) == (("software-engineer",), before.section)


@pytest.mark.parametrize("question", ["and remote?", "what about remote", "in remote"])
def test_a_question_about_pay_is_narrowed_to_remote_work(shipped: Advisor, question: str) -> None:
    before = shipped.read("what does a data engineer earn")
    assert shipped.read(question, [before]) == replace(before, filters=Filters(remote=True), choices=())


@pytest.mark.parametrize(
    "question", ["I'm a BI developer, how would I get into that?", "currently a BI developer, how do I start?"]
)
def test_the_role_that_somebody_has_leads_to_the_one_spoken_of_before(shipped: Advisor, question: str) -> None:
    reading = shipped.read(question, [shipped.read("what is an analytics engineer")])
    assert reading.intent is Intent.TRANSITION
    assert reading.roles == ("business-intelligence-developer", "analytics-engineer")


def test_the_role_that_somebody_wants_is_asked_about_itself(shipped: Advisor) -> None:
    reading = shipped.read("how do I get started as a BI developer?", [shipped.read("what is an analytics engineer")])
    assert (reading.intent, reading.roles) == (Intent.ROLE, ("business-intelligence-developer",))


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuánto gana un científico de datos en España?",
        "quanto ganha um engenheiro de dados no brasil",
        "wie viel verdient ein Data Analyst in Berlin",
        "hoeveel verdient een data engineer",
        "c'est quoi un data engineer",
        "как стать аналитиком данных",
        "hur mycket tjänar en dataingenjör per månad",
        "データサイエンティストとは何ですか",
    ],
)
def test_a_question_in_another_language_is_declined_as_such(shipped: Advisor, question: str) -> None:
    reading = shipped.read(question)
    assert (reading.outcome, reading.kind, reading.choices) == (Outcome.DECLINE, OTHER_LANGUAGE, ())


def test_no_labelled_question_is_taken_for_another_language(every: tuple[Judged, ...], harder: Tally) -> None:
    assert [each.labelled.question for each in (*every, *harder.judged) if each.reading.kind == OTHER_LANGUAGE] == []
