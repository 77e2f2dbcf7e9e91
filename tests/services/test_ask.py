"""Asking: follow-ups are remembered for a while, and open jobs come from the store."""

import json
from dataclasses import replace

import pytest

from bot.advisor.advisor import Advisor
from bot.advisor.answer import Openings
from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.app import load_advisor, recognition_by
from bot.config import default_knowledge
from bot.errors import StoreUnavailableError
from bot.frontends.markdown import reply_text
from bot.frontends.phrases import say
from bot.services.ask import (
    OPENINGS_SHOWN,
    REMEMBERED_ASKERS,
    REMEMBERED_READINGS,
    REMEMBERED_SECONDS,
    Asker,
    AskService,
    NoOpenings,
)
from bot.services.collect import CollectService
from bot.services.openings import StoredOpenings
from bot.sources.reading import read_document

ALICE, BOB = Asker(user=1, channel=10), Asker(user=2, channel=10)
DE, DA = "data-engineer", "data-analyst"
FOLLOW_UP = "and the pay?"


class Seconds:
    """A monotonic clock that only moves when it is told to."""

    def __init__(self):
        self.now = 5_000.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def advisor():
    return load_advisor(default_knowledge())


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def service(advisor, seconds):
    return AskService(advisor, NoOpenings(), seconds)


async def about_data_engineers(service, asker=ALICE):
    reply = await service.ask("what does a data engineer do", asker)
    assert reply.reading.roles == (DE,)


async def followed_up(service, asker=ALICE):
    """Return the roles that a follow-up is taken to be about."""
    return (await service.ask(FOLLOW_UP, asker)).reading.roles


async def test_an_answer_is_composed_for_what_was_read(service):
    reply = await service.ask("what skils does a data enginer need", ALICE)
    assert reply.reading.section is Section.SKILLS
    assert [answer.titles for answer in reply.answers] == [("Data Engineer",)]


async def test_a_follow_up_is_about_what_was_asked_before(service):
    await about_data_engineers(service)
    reply = await service.ask(FOLLOW_UP, ALICE)
    assert (reply.reading.roles, reply.reading.section) == ((DE,), Section.SALARY)


async def test_a_follow_up_of_a_follow_up_is_about_the_same(service):
    await about_data_engineers(service)
    await service.ask(FOLLOW_UP, ALICE)
    reply = await service.ask("and the skills?", ALICE)
    assert (reply.reading.roles, reply.reading.section) == ((DE,), Section.SKILLS)


async def test_a_question_may_follow_what_somebody_else_asked(service):
    await about_data_engineers(service)
    reply = await service.ask(FOLLOW_UP, BOB, service.remembered(ALICE))
    assert (reply.reading.roles, reply.reading.section) == ((DE,), Section.SALARY)


async def test_the_latest_readings_are_remembered_in_order(service):
    for _ in range(REMEMBERED_READINGS):
        await about_data_engineers(service)
    await service.ask("what does a data analyst do", ALICE)
    remembered = service.remembered(ALICE)
    assert len(remembered) == REMEMBERED_READINGS
    assert [reading.roles for reading in remembered[-2:]] == [(DE,), ("data-analyst",)]


async def test_without_an_earlier_question_there_is_nothing_to_follow(service):
    assert await followed_up(service) == ()


async def test_it_is_remembered_for_fifteen_minutes(service, seconds):
    assert REMEMBERED_SECONDS == 15 * 60
    await about_data_engineers(service)
    seconds.now += REMEMBERED_SECONDS
    assert await followed_up(service) == (DE,)


async def test_it_is_forgotten_after_that(service, seconds):
    await about_data_engineers(service)
    seconds.now += REMEMBERED_SECONDS + 1
    assert await followed_up(service) == ()


async def test_each_follow_up_begins_the_fifteen_minutes_anew(service, seconds):
    await about_data_engineers(service)
    for _ in range(3):
        seconds.now += REMEMBERED_SECONDS - 1
        assert await followed_up(service) == (DE,)


async def test_the_roles_that_were_suggested_can_be_asked_about_by_their_place(service):
    reply = await service.ask("I hate coding but love talking to people, which role fits me", ALICE)
    suggested = reply.answers[0].blocks[0].lines
    for said, place in (("tell me about the first one", 0), ("tell me about the second one", 1)):
        reply = await service.ask(said, ALICE, service.remembered(ALICE)[:1])
        assert reply.reading.roles == (suggested[place].role,)


async def test_another_person_is_not_taken_to_follow(service):
    await about_data_engineers(service)
    assert await followed_up(service, BOB) == ()


async def test_the_same_person_elsewhere_is_not_taken_to_follow(service):
    await about_data_engineers(service)
    assert await followed_up(service, Asker(user=ALICE.user, channel=11)) == ()


async def test_two_people_in_one_channel_each_follow_their_own(service):
    await about_data_engineers(service, ALICE)
    await service.ask("what does a data analyst do", BOB)
    assert await followed_up(service, ALICE) == (DE,)
    assert await followed_up(service, BOB) == (DA,)


@pytest.mark.parametrize("between", ["thanks", "hello", "what is the capital of France"])
async def test_small_talk_and_what_is_declined_do_not_disturb(service, between):
    await about_data_engineers(service)
    reply = await service.ask(between, ALICE)
    assert reply.reading.intent in {Intent.SMALLTALK, Intent.OUT_OF_SCOPE}
    assert await followed_up(service) == (DE,)


async def test_what_a_button_showed_can_be_followed_up(service):
    await service.answer(Reading(Intent.ROLE, roles=(DA,), section=Section.SKILLS), ALICE)
    assert await followed_up(service) == (DA,)


async def test_choices_that_are_shown_do_not_disturb(service):
    await about_data_engineers(service)
    choices = (Reading(Intent.TERM, term="mlops"), Reading(Intent.FIT))
    await service.answer(Reading(None, Outcome.CHOICES, choices=choices), ALICE)
    assert await followed_up(service) == (DE,)


async def test_only_so_many_askers_are_remembered(service):
    await about_data_engineers(service)
    reading = Reading(Intent.ROLE, roles=(DA,), section=Section.SKILLS)
    for user in range(REMEMBERED_ASKERS):
        await service.answer(reading, Asker(user=100 + user, channel=10))
    assert await followed_up(service) == ()
    assert await followed_up(service, Asker(user=101, channel=10)) == (DA,)


async def test_questions_with_their_context_are_not_remembered(service):
    reply = await service.ask_after(FOLLOW_UP, ["what does a data engineer do"])
    assert reply.reading.roles == (DE,)
    assert (await service.ask_after(FOLLOW_UP, ())).reading.roles == ()


async def test_a_declined_question_has_no_answers(service):
    reply = await service.ask("what is the capital of France", ALICE)
    assert (reply.reading.outcome, reply.answers) == (Outcome.DECLINE, ())


async def test_every_part_of_a_reading_is_answered(service):
    also = (Reading(Intent.TERM, term="mlops"), Reading(Intent.HELP))
    reply = await service.answer(Reading(Intent.ROLE, roles=(DE,), section=Section.SKILLS, also=also), ALICE)
    assert [answer.intent for answer in reply.answers] == [Intent.ROLE, Intent.TERM, Intent.HELP]
    assert all(answer.reading.also == () for answer in reply.answers)


async def test_every_described_role_has_a_code_that_leads_back(service):
    roles = service.advisor.knowledge.roles
    codes = {role: service.code_of(role) for role in roles}
    assert all(codes.values())
    assert {service.role_coded(code): code for code in codes.values()} == codes


async def test_a_role_without_a_profile_has_a_title_but_no_code(service):
    known = service.advisor.knowledge
    others = {role: profile for role, profile in known.roles.items() if role != "actuary"}
    service.take(Advisor(replace(known, roles=others), trained=service.advisor.interpreter.trained))
    assert service.code_of("actuary") is None
    assert service.title_of("actuary") == "Actuary"


def test_the_licences_that_ask_for_a_sentence_get_it(service):
    assert any("O*NET" in sentence for sentence in service.attributions())


def test_a_code_of_nobody_leads_nowhere(service):
    assert service.role_coded("?") is None


@pytest.mark.parametrize("look", ["topic_title", "term_title"])
def test_a_name_that_is_gone_is_a_key_error(service, look):
    with pytest.raises(KeyError):
        getattr(service, look)("no-such-thing")


def records(count, title="Data Engineer", **more):
    return [{"title": f"{title} {number}", "company": "Fern", "place": "Lyon"} | more for number in range(count)]


@pytest.fixture
async def hiring(advisor, seconds, store, clock):
    """Return a service on a real store with seven open jobs for data engineers and one for data analysts."""
    collect = CollectService(store.jobs, read_document, clock, recognition_by(lambda: advisor.interpreter.recogniser))
    jobs = [*records(7, countries=["FR"]), *records(1, "Data Analyst", countries=["DE"])]
    report = await collect.import_text(json.dumps(jobs))
    assert len(report.new) == 8
    return AskService(advisor, StoredOpenings(store.jobs), seconds)


def openings(reply):
    (answer,) = reply.answers
    return next(block for block in answer.blocks if isinstance(block, Openings))


async def test_an_answer_about_jobs_holds_the_newest_and_their_number(hiring):
    found = openings(await hiring.ask("open jobs for data engineers", ALICE))
    assert (len(found.jobs), found.total) == (OPENINGS_SHOWN[Intent.JOBS], 7)
    assert {job.role for job in found.jobs} == {DE}


async def test_without_a_role_jobs_of_every_role_are_found(hiring):
    assert openings(await hiring.answer(Reading(Intent.JOBS), ALICE)).total == 8


async def test_filters_of_a_question_are_filters_of_the_jobs(hiring):
    assert openings(await hiring.ask("data engineer jobs in Germany", ALICE)).total == 0
    assert openings(await hiring.ask("data engineer jobs in France", BOB)).total == 7


async def test_jobs_as_a_second_question_are_looked_up_too(hiring):
    also = (Reading(Intent.JOBS, roles=(DA,)),)
    reply = await hiring.answer(Reading(Intent.TERM, term="mlops", also=also), ALICE)
    (found,) = (block for block in reply.answers[1].blocks if isinstance(block, Openings))
    assert [job.role for job in found.jobs] == [DA]


async def test_what_is_not_about_jobs_does_not_touch_the_store(advisor, seconds):
    service = AskService(advisor, StoredOpenings(BrokenJobs()), seconds)
    assert (await service.ask("what is mlops", ALICE)).answers


async def test_an_answer_about_a_role_holds_its_three_newest_open_jobs_and_none_where_there_are_none(hiring):
    (answer,) = (await hiring.ask("what does a data engineer do", ALICE)).answers
    assert [job.role for job in answer.openings] == [DE] * 3
    (answer,) = (await hiring.ask("data engineer salary in Germany over $100k", ALICE)).answers
    assert answer.openings == ()


async def test_an_answer_about_a_role_is_given_while_jobs_cannot_be_looked_up(advisor, seconds):
    service = AskService(advisor, StoredOpenings(BrokenJobs()), seconds)
    (answer,) = (await service.ask("what does a data engineer do", ALICE)).answers
    assert (answer.reading.intent, answer.openings) == (Intent.ROLE, ())


class BrokenJobs:
    """A store of jobs that cannot be read now."""

    async def search(self, *_, **__):
        raise StoreUnavailableError("disk full")


async def test_a_store_that_fails_is_no_failure_of_the_answer(advisor, caplog):
    facts = await StoredOpenings(BrokenJobs()).open_jobs(Reading(Intent.JOBS), 5)
    assert (facts.available, facts.jobs, facts.total) == (False, (), 0)
    assert "disk full" in caplog.text


@pytest.mark.parametrize("look_up", [StoredOpenings(BrokenJobs()), NoOpenings()])
async def test_jobs_that_cannot_be_looked_up_are_not_called_none(advisor, seconds, look_up):
    service = AskService(advisor, look_up, seconds)
    text = reply_text(await service.ask("open jobs for data engineers", ALICE), service)
    assert say("openings.none") not in text
