from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from bot.jobs.job import LIFETIME, Job, JobState, Pay, PayPeriod
from bot.language.facets import Employment, Level

NOW = datetime(2024, 2, 2, 9, tzinfo=UTC)
FULL = Job(
    id="full",
    title="Data Engineer",
    company="Fern",
    source="board",
    first_seen=NOW,
    role="data-engineer",
    place="Oslo",
    countries=("NO", "SE"),
    remote=False,
    employment=(Employment.FULL_TIME, Employment.CONTRACT),
    level=Level.SENIOR,
    pay=Pay(60_000, 80_000, "EUR", PayPeriod.YEAR),
    url="https://jobs.example/1",
    posted=NOW - timedelta(days=1),
    featured=True,
    state=JobState.OPEN,
    position=3,
    source_id="77",
)
BARE = Job(id="bare", title="Analyst", company="Moss", source="listing", first_seen=NOW)


async def test_jobs_come_back_as_they_were_stored(store):
    stored = await store.jobs.upsert([FULL, BARE], NOW)
    assert stored.new == (FULL, BARE)
    assert await store.jobs.get("full") == FULL
    assert await store.jobs.get("bare") == BARE
    assert await store.jobs.get("none") is None


async def test_storing_the_same_twice_changes_nothing(store):
    await store.jobs.upsert([FULL, BARE], NOW)
    later = [replace(job, first_seen=NOW + timedelta(hours=1), position=9) for job in (FULL, BARE)]
    stored = await store.jobs.upsert(later, NOW)
    assert (stored.new, stored.changed, stored.unchanged) == ((), (), (FULL, BARE))


async def test_a_change_is_stored_and_told(store):
    await store.jobs.upsert([FULL], NOW)
    stored = await store.jobs.upsert([replace(FULL, pay=None, place="Bergen")], NOW)
    assert [job.place for job in stored.changed] == ["Bergen"]
    assert (await store.jobs.get("full")).pay is None


async def test_featured_and_closed_stay_whatever_is_imported_later(store):
    await store.jobs.upsert([FULL, replace(BARE, state=JobState.CLOSED)], NOW)
    stored = await store.jobs.upsert([replace(FULL, featured=False), BARE], NOW)
    assert len(stored.unchanged) == 2
    assert (await store.jobs.get("full")).featured
    assert (await store.jobs.get("bare")).state is JobState.CLOSED


async def test_a_known_date_of_posting_is_not_forgotten(store):
    await store.jobs.upsert([FULL], NOW)
    assert (await store.jobs.upsert([replace(FULL, posted=None)], NOW)).unchanged == (FULL,)


async def test_one_bad_job_leaves_nothing_of_the_others(store):
    with pytest.raises(StatementError, match="without a zone"):
        await store.jobs.upsert([BARE, replace(FULL, posted=NOW.replace(tzinfo=None))], NOW)
    assert await store.jobs.every() == ()


async def test_jobs_are_listed_newest_first(store):
    old = replace(BARE, id="old", title="Old Analyst", posted=NOW - timedelta(days=9))
    second = replace(BARE, id="second", title="Second Analyst", position=1)
    await store.jobs.upsert([old, second, FULL, BARE], NOW)
    assert [job.id for job in await store.jobs.every()] == ["bare", "second", "full", "old"]


async def test_closed_jobs_are_listed_only_among_all(store):
    await store.jobs.upsert([FULL, replace(BARE, state=JobState.CLOSED)], NOW)
    assert [job.id for job in await store.jobs.open()] == ["full"]
    assert len(await store.jobs.every()) == 2


async def test_jobs_are_found_by_the_start_of_their_id(store):
    await store.jobs.upsert([FULL, BARE, replace(BARE, id="fur")], NOW)
    assert {job.id for job in await store.jobs.starting_with("fu")} == {"full", "fur"}
    assert await store.jobs.starting_with("%") == ()


async def test_featuring_says_whether_it_changed_anything(store):
    await store.jobs.upsert([BARE, replace(BARE, id="closed", state=JobState.CLOSED)], NOW)
    assert [await store.jobs.feature(job) for job in ("bare", "bare", "closed", "none")] == [True, False, False, False]


async def test_closing_says_when_there_is_no_such_open_job(store):
    await store.jobs.upsert([BARE], NOW)
    assert [await store.jobs.close(job, NOW) for job in ("bare", "bare", "none")] == [0, None, None]


async def test_a_job_expires_when_its_source_says_so(store):
    await store.jobs.upsert([FULL, replace(BARE, expires=NOW + timedelta(days=2))], NOW)
    assert [await store.jobs.expire(NOW + timedelta(days=days)) for days in (1, 2, 3)] == [0, 1, 0]
    assert (await store.jobs.get("bare")).state is JobState.EXPIRED
    assert [job.id for job in await store.jobs.open()] == ["full"]


async def test_a_job_without_an_end_expires_when_it_was_not_met_for_long(store):
    await store.jobs.upsert([FULL, BARE], NOW)
    await store.jobs.upsert([FULL], NOW + timedelta(days=30))
    assert await store.jobs.expire(NOW + LIFETIME) == 1
    assert (await store.jobs.get("full")).state is JobState.OPEN
    assert await store.jobs.expire(NOW + timedelta(days=30) + LIFETIME) == 1


async def test_an_expired_job_opens_again_when_it_is_met_and_one_closed_by_hand_does_not(store):
    await store.jobs.upsert([FULL, BARE], NOW)
    await store.jobs.close("bare", NOW)
    late = NOW + LIFETIME
    await store.jobs.expire(late)
    stored = await store.jobs.upsert([FULL, BARE], late)
    assert [(job.id, job.state) for job in stored.changed] == [("full", JobState.OPEN)]
    assert (await store.jobs.get("bare")).state is JobState.CLOSED
    assert await store.jobs.expire(late + timedelta(days=1)) == 0


async def test_thousands_of_jobs_are_stored_at_once(store):
    many = [replace(BARE, id=f"j{number}", company=f"Moss {number}") for number in range(2_000)]
    assert len((await store.jobs.upsert(many, NOW)).new) == 2_000
    assert len((await store.jobs.upsert(many, NOW)).unchanged) == 2_000


@pytest.mark.parametrize(
    "change",
    ["title = ''", "state = 'gone'", "remote = 2", "featured = 'yes'", "pay_low = 90000", "pay_currency = NULL"],
)
async def test_the_schema_guards_the_truth(store, change):
    await store.jobs.upsert([FULL], NOW)
    with pytest.raises(Exception, match=r"constraint failed|cannot store TEXT"):
        async with store.database.transaction() as connection:
            await connection.execute(text(f"UPDATE jobs SET {change}"))
