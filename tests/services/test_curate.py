"""Jobs as people add, change and close them, in a real SQLite file."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs.by_hand import BY_HAND, Draft, Field, draft_of, read_draft
from bot.jobs.imported import Recognition
from bot.jobs.job import Job, JobState, Pay, PayPeriod
from bot.jobs.pay import pay_text, read_pay
from bot.jobs.texts import LONGEST_TEXT
from bot.language.facets import Employment, Level
from bot.services.curate import MOST_SUGGESTED, Curated, CurateService, Outcome
from tests.fakes import FakeClock

LINK = "https://jobs.example.com/1"
DRAFT = Draft("Senior Data Engineer", "Fern & Co", LINK, "Oslo, Norway, hybrid", "€60k - 80k a year")
OUTSIDE = Draft("Head Gardener", "Fern & Co")


@pytest.fixture
def service(store, clock, recognition):
    return CurateService(store.jobs, clock, recognition)


async def added(service, draft=DRAFT, *, featured=True):
    found = await service.add(draft, featured=featured)
    assert found.outcome is Outcome.DONE
    return found.job


async def test_a_job_is_understood_as_any_posting_is(service, store, clock):
    job = await added(service)
    kept = await store.jobs.get(job.id)
    assert kept == job == Job(
        id=job.id,
        title="Senior Data Engineer",
        company="Fern & Co",
        source=BY_HAND,
        first_seen=clock(),
        role="data-engineer",
        place="Oslo, Norway, hybrid",
        countries=("NO",),
        remote=False,
        hybrid=True,
        level=Level.SENIOR,
        pay=Pay(60_000, 80_000, "EUR", PayPeriod.YEAR),
        url=LINK,
        featured=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "remote", "hybrid"),
    [
        ("Remote, EU", True, False),
        ("Oslo (hybrid)", False, True),
        ("Oslo, on site", False, False),
        ("Oslo", None, False),
    ],
)
async def test_words_in_the_place_tell_the_workplace(service, place, remote, hybrid):
    job = await added(service, replace(DRAFT, place=place))
    assert (job.place, job.remote, job.hybrid) == (place, remote, hybrid)


async def test_title_and_company_are_enough(service, store):
    job = await added(service, Draft("Data Engineer", "Fern"), featured=False)
    assert (job.url, job.place, job.pay, job.featured) == (None, None, None, False)
    assert await store.jobs.get(job.id) == job


async def test_a_job_outside_known_roles_is_taken_in_and_marked(service, store):
    found = await service.add(OUTSIDE, featured=True)
    assert (found.outcome, found.outside) == (Outcome.DONE, True)
    kept = await store.jobs.get(found.job.id)
    assert (kept.role, kept.featured) == (None, True)


async def test_where_no_roles_are_known_no_job_is_outside_them(store, clock):
    found = await CurateService(store.jobs, clock, Recognition()).add(OUTSIDE, featured=True)
    assert not found.outside


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": ""}, (Field.TITLE,)),
        ({"title": " \u200b!?"}, (Field.TITLE,)),
        ({"title": "x" * (LONGEST_TEXT + 1)}, (Field.TITLE,)),
        ({"title": "x" * 4_000, "place": "x" * 4_000}, (Field.TITLE, Field.PLACE)),
        ({"company": "&nbsp;"}, (Field.COMPANY,)),
        ({"link": "jobs.example.com/1"}, (Field.LINK,)),
        ({"link": "javascript:alert(1)"}, (Field.LINK,)),
        ({"link": "https://me:secret@example.com/"}, (Field.LINK,)),
        ({"link": "https://example.com/" + "x" * 512}, (Field.LINK,)),
        ({"pay": "a lot"}, (Field.PAY,)),
        ({"pay": "60k"}, (Field.PAY,)),
        ({"pay": "€60"}, (Field.PAY,)),
        ({"pay": "up to $90k"}, (Field.PAY,)),
        ({"pay": "USD 1111111K a year"}, (Field.PAY,)),
        ({"title": "-", "company": "", "link": "x", "pay": "x"}, (Field.TITLE, Field.COMPANY, Field.LINK, Field.PAY)),
    ],
)
async def test_all_faults_are_told_at_once_and_nothing_is_stored(service, store, changes, fields):
    found = await service.add(replace(DRAFT, **changes), featured=True)
    assert found == Curated(Outcome.FAULTY, fields=fields)
    assert await store.jobs.every() == ()


async def test_the_same_job_twice_is_known_and_stays_as_it_is(service, store):
    job = await added(service)
    found = await service.add(replace(DRAFT, title="Something Else"), featured=True)
    assert found == Curated(Outcome.KNOWN, job)
    assert await store.jobs.every() == (job,)


async def test_a_known_job_is_featured_where_that_is_wished(service, store):
    job = await added(service, featured=False)
    assert (await service.add(DRAFT, featured=False)).job == job
    assert (await service.add(DRAFT, featured=True)).job == replace(job, featured=True)
    assert (await store.jobs.get(job.id)).featured


async def test_another_advert_of_a_known_job_is_merged(service, store):
    job = await added(service)
    found = await service.add(replace(DRAFT, link="https://jobs.example.com/2"), featured=True)
    assert found.outcome is Outcome.MERGED
    assert [(each.id, each.copies) for each in await store.jobs.open()] == [(job.id, 1)]


async def test_a_job_that_was_closed_by_hand_stays_closed(service, store):
    job = await added(service)
    await service.close(job.id)
    found = await service.add(DRAFT, featured=True)
    assert (found.outcome, found.job.id) == (Outcome.CLOSED, job.id)
    assert await store.jobs.open() == ()


async def test_an_expired_job_is_opened_again(service, store, clock):
    job = await added(service)
    clock.advance(days=50)
    await store.jobs.expire(clock())
    assert await store.jobs.open() == ()
    await added(service)
    assert [each.id for each in await store.jobs.open()] == [job.id]


async def change(service, job, **changes):
    before = draft_of(job)
    return await service.edit(job.id, before, replace(before, **changes))


async def test_an_edited_job_is_stored_with_what_the_store_knows_of_it(service, store):
    job = await added(service)
    await added(service, Draft("Data Analyst", "Oak"))
    await service.add(replace(DRAFT, link="https://jobs.example.com/2", place="Bergen"), featured=True)
    found = await change(service, job, title="Machine Learning Engineer", pay="$45 an hour")
    assert found.outcome is Outcome.DONE
    kept = await store.jobs.get(job.id)
    assert (kept.title, kept.role, kept.level) == ("Machine Learning Engineer", "machine-learning-engineer", None)
    assert kept.pay == Pay(45, 45, "USD", PayPeriod.HOUR)
    assert (kept.edited, kept.featured, kept.copies, kept.elsewhere) == (True, True, 1, ("Bergen",))
    assert (kept.source, kept.first_seen, kept.url) == (job.source, job.first_seen, job.url)


async def test_the_id_stays_when_the_link_changes(service, store):
    job = await added(service)
    found = await change(service, job, link="https://elsewhere.example.com/")
    assert found.job.id == job.id
    assert (await store.jobs.get(job.id)).url == "https://elsewhere.example.com/"


async def test_an_edited_title_is_found_by_its_words(service):
    job = await added(service)
    await change(service, job, title="Zoologist")
    assert [each.id for each in await service.suggest("zoolo")] == [job.id]
    assert await service.suggest("senior data") == ()


async def test_an_edit_survives_a_later_import_of_the_same_job(service, store, clock):
    job = await added(service)
    await change(service, job, title="Data Engineer (Platform)", place="", pay="")
    clock.advance(days=1)
    stored = await store.jobs.upsert([replace(job, title="Senior Data Engineer!", text="new")], clock())
    assert [each.title for each in (*stored.changed, *stored.unchanged)] == ["Data Engineer (Platform)"]
    kept = await store.jobs.get(job.id)
    assert (kept.title, kept.place, kept.countries, kept.remote, kept.pay) == (
        "Data Engineer (Platform)",
        None,
        (),
        None,
        None,
    )


async def test_what_is_not_changed_stays_as_the_source_said_it(service, store, clock):
    said = Job(
        id="1",
        title="Data Engneer",
        company="Fern",
        source="a board",
        first_seen=clock(),
        countries=("NO", "SE"),
        hybrid=True,
        remote=False,
        employment=(Employment.CONTRACT,),
        level=Level.MID,
        pay=Pay(1_000_000, 1_200_000, "XPF", PayPeriod.YEAR),
        place="Nordics",
        text="Pipelines.",
        tags=("SQL",),
    )
    await store.jobs.upsert([said], clock())
    found = await change(service, said, title="Data Engineer")
    assert found.outcome is Outcome.DONE
    assert await store.jobs.get("1") == replace(said, title="Data Engineer", edited=True, role=found.job.role)


async def test_a_job_that_becomes_remote_is_no_longer_hybrid(service, store, clock):
    said = Job(id="1", title="Data Engineer", company="Fern", source="a board", first_seen=clock(), hybrid=True)
    await store.jobs.upsert([said], clock())
    found = await change(service, said, place="Remote")
    assert (found.job.remote, found.job.hybrid) == (True, False)


async def test_a_changed_field_with_a_fault_is_told_and_nothing_changes(service, store):
    job = await added(service)
    assert await change(service, job, title="", pay="much") == Curated(Outcome.FAULTY, fields=(Field.TITLE, Field.PAY))
    assert await store.jobs.get(job.id) == job


async def test_nothing_changed_is_nothing_stored(service, store):
    job = await added(service)
    assert await change(service, job) == Curated(Outcome.SAME, job)
    assert await change(service, job, title=" Senior  Data Engineer ") == Curated(Outcome.SAME, job)
    assert not (await store.jobs.get(job.id)).edited


async def test_an_edit_that_leaves_all_known_roles_is_marked(service):
    assert (await change(service, await added(service), title="Head Gardener")).outside


async def test_two_people_who_change_different_fields_both_have_their_way(service, store):
    job = await added(service)
    await change(service, job, title="Lead Data Engineer")
    assert (await change(service, job, place="Bergen")).outcome is Outcome.DONE
    kept = await store.jobs.get(job.id)
    assert (kept.title, kept.place) == ("Lead Data Engineer", "Bergen")


async def test_who_changes_the_same_field_later_is_told_of_the_first(service, store):
    job = await added(service)
    first = (await change(service, job, title="Lead Data Engineer", place="Bergen")).job
    found = await change(service, job, title="Principal Data Engineer", company="Oak")
    assert (found.outcome, found.fields, found.job) == (Outcome.CONFLICT, (Field.TITLE,), replace(first, edited=True))
    assert (await store.jobs.get(job.id)).company == job.company


async def test_two_people_who_change_the_same_to_the_same_agree(service):
    job = await added(service)
    await change(service, job, title="Lead Data Engineer")
    assert (await change(service, job, title="Lead Data Engineer")).outcome is Outcome.SAME


async def test_a_job_that_is_closed_meanwhile_is_not_changed(service, store):
    job = await added(service)
    await service.close(job.id)
    assert (await change(service, job, title="Other")).outcome is Outcome.CLOSED
    assert (await store.jobs.get(job.id)).title == job.title


async def test_the_store_changes_no_job_that_is_closed_unknown_or_a_copy(service, store):
    job = await added(service)
    await service.add(replace(DRAFT, link="https://jobs.example.com/2"), featured=True)
    (copy,) = [each for each in await store.jobs.starting_with("") if each.copy_of]
    assert not await store.jobs.edit(copy)
    assert not await store.jobs.edit(replace(job, id="unknown"))
    await service.close(job.id)
    assert not await store.jobs.edit(job)


async def test_the_store_keeps_state_and_featured_whatever_an_edit_says(service, store):
    job = await added(service)
    assert await store.jobs.edit(replace(job, state=JobState.CLOSED, featured=False, title="Other", copies=9))
    assert await store.jobs.get(job.id) == replace(job, title="Other", edited=True)


async def test_closing_withdraws_from_the_channels_where_it_waits(service, store, clock):
    job = await added(service)
    await store.subscriptions.switch_on(1, 10, clock(), backlog=3)
    await store.subscriptions.switch_on(1, 11, clock(), backlog=3)
    found = await service.close(job.id)
    assert (found.outcome, found.withdrawn) == (Outcome.DONE, 2)
    assert (await store.jobs.get(job.id)).state is JobState.CLOSED


async def test_closing_twice_says_so(service):
    job = await added(service)
    assert (await service.close(job.id)).outcome is Outcome.DONE
    assert (await service.close(job.id)).outcome is Outcome.CLOSED


async def test_a_closed_job_stays_closed_when_its_source_has_it_still(service, store, clock):
    job = await added(service)
    await service.close(job.id)
    await store.jobs.upsert([job], clock())
    assert (await service.find(job.id)).outcome is Outcome.CLOSED


async def a_few(store, clock, *ids, **more):
    jobs = [Job(id=each, title=f"Title {each}", company=each, source="s", first_seen=clock(), **more) for each in ids]
    await store.jobs.upsert(jobs, clock())


@pytest.mark.parametrize(
    ("text", "outcome", "job"),
    [
        ("abc1", Outcome.DONE, "abc1"),
        (" ABC1 ", Outcome.DONE, "abc1"),
        ("abc", Outcome.AMBIGUOUS, None),
        ("x", Outcome.DONE, "xyz"),
        ("%", Outcome.UNKNOWN, None),
        ("", Outcome.UNKNOWN, None),
        ("title", Outcome.UNKNOWN, None),
    ],
)
async def test_a_job_is_found_by_the_beginning_of_its_id(service, store, clock, text, outcome, job):
    await a_few(store, clock, "abc1", "abc2", "xyz")
    found = await service.find(text)
    assert (found.outcome, found.job and found.job.id) == (outcome, job)


async def test_of_jobs_that_begin_alike_the_open_one_is_meant(service, store, clock):
    await a_few(store, clock, "abc1", "abc2")
    await service.close("abc1")
    assert (await service.find("abc")).job.id == "abc2"


async def test_a_copy_stands_for_its_job(service, store):
    job = await added(service)
    await service.add(replace(DRAFT, link="https://jobs.example.com/2"), featured=True)
    (copy,) = [each for each in await store.jobs.starting_with("") if each.copy_of]
    assert (await service.find(copy.id)).job.id == job.id


async def test_at_most_25_jobs_are_suggested_the_newest_first(service, store):
    clock = FakeClock()
    for number in range(30):
        await a_few(store, clock, f"j{number:02}")
        clock.advance(hours=1)
    assert [job.id for job in await service.suggest("")] == [f"j{29 - n:02}" for n in range(MOST_SUGGESTED)]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("data", ["Data Scientist", "Data Engineer"]),
        ("da", ["Data Scientist", "Data Engineer"]),
        ("OAK", ["Data Scientist"]),
        ("oak sci", ["Data Scientist"]),
        ("fern eng", ["Data Engineer"]),
        ("Oslo", []),
        ("@everyone", []),
    ],
)
async def test_jobs_are_suggested_by_title_and_company(service, clock, typed, titles):
    await added(service, Draft("Data Engineer", "Fern", place="Oslo"))
    clock.advance(days=1)
    await added(service, Draft("Data Scientist", "Oak", place="Oslo"))
    assert [job.title for job in await service.suggest(typed)] == titles


async def test_closed_jobs_are_not_suggested(service):
    await service.close((await added(service)).id)
    assert await service.suggest("") == ()


@pytest.mark.parametrize("period", PayPeriod)
def test_pay_reads_back_as_it_is_written_into_the_form(period):
    pay = Pay(500, 700, "EUR", period) if period is not PayPeriod.YEAR else Pay(50_000, 70_000, "EUR", period)
    pay = Pay(50, 70, "EUR", period) if period is PayPeriod.HOUR else pay
    assert read_pay(pay_text(pay)).pay == pay


def test_a_job_reads_back_from_its_form(recognition, clock):
    job = read_draft(DRAFT, clock(), recognition)
    assert read_draft(draft_of(job), clock() + timedelta(0), recognition) == job
