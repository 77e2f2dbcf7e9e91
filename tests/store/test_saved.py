"""Jobs that people keep: each its own, once, in the order in which they were saved."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.jobs.job import Job, JobState
from bot.jobs.saving import Saved
from bot.store.opening import open_store

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)
ALICE, BOB = 2**63 - 1, 7
TITLES = ("Data Engineer", "Chief Actuary", "Research Scientist")


@pytest.fixture
async def jobs(store):
    """Three stored jobs that are no copies of each other."""
    new = [Job(f"job{at}", title, f"Company {at}", "board", NOW) for at, title in enumerate(TITLES)]
    await store.jobs.upsert(new, NOW)
    return new


async def save(store, person, *names, most=100):
    """Save jobs, each a minute after the one before, and return what came of each."""
    return [
        await store.saved.save(person, name, NOW + timedelta(minutes=minute), most=most)
        for minute, name in enumerate(names)
    ]


async def names_of(store, person):
    return [job.id for job in await store.saved.of(person)]


async def rows(store):
    async with store.database.reading() as connection:
        return (await connection.execute(text("SELECT count(*) FROM saved"))).scalar_one()


@pytest.mark.usefixtures("jobs")
async def test_what_was_saved_last_comes_first(store):
    assert await save(store, ALICE, "job1", "job0", "job2") == [Saved.NEW] * 3
    assert await names_of(store, ALICE) == ["job2", "job0", "job1"]


@pytest.mark.usefixtures("jobs")
async def test_saving_twice_keeps_a_job_once_and_where_it_was(store):
    assert await save(store, ALICE, "job0", "job1", "job0") == [Saved.NEW, Saved.NEW, Saved.KNOWN]
    assert await names_of(store, ALICE) == ["job1", "job0"]


@pytest.mark.usefixtures("jobs")
async def test_everybody_keeps_their_own(store):
    await save(store, ALICE, "job0")
    await save(store, BOB, "job0", "job1")
    await store.saved.remove(BOB, "job0")
    assert await names_of(store, ALICE) == ["job0"]
    assert await names_of(store, BOB) == ["job1"]


@pytest.mark.usefixtures("jobs")
async def test_presses_at_once_keep_a_job_once(store, url):
    async with open_store(url) as other:
        came = await asyncio.gather(*(each.saved.save(ALICE, "job0", NOW, most=1) for each in (store, other) * 4))
    assert sorted(came) == sorted([Saved.NEW, *[Saved.KNOWN] * 7])
    assert await rows(store) == 1


@pytest.mark.usefixtures("jobs")
async def test_presses_at_once_do_not_exceed_the_most(store, url):
    async with open_store(url) as other:
        came = await asyncio.gather(
            store.saved.save(ALICE, "job0", NOW, most=1), other.saved.save(ALICE, "job1", NOW, most=1)
        )
    assert sorted(came) == sorted([Saved.NEW, Saved.FULL])


@pytest.mark.usefixtures("jobs")
async def test_one_too_many_is_refused_and_what_was_saved_before_stays(store):
    assert await save(store, ALICE, "job0", "job1", "job2", "job1", most=2) == [
        Saved.NEW,
        Saved.NEW,
        Saved.FULL,
        Saved.KNOWN,
    ]
    assert await names_of(store, ALICE) == ["job1", "job0"]


@pytest.mark.parametrize("name", ["", "none", "job0;", "' OR 1=1 --", "x" * 100_000])
@pytest.mark.usefixtures("jobs")
async def test_a_job_that_is_not_there_is_not_saved(store, name):
    assert await save(store, ALICE, name) == [Saved.GONE]
    assert await rows(store) == 0


async def test_another_advert_of_a_job_stands_for_that_job(store, jobs):
    copy = replace(jobs[0], id="copy", url="https://jobs.example/copy")
    assert (await store.jobs.upsert([copy], NOW)).merged
    assert await save(store, ALICE, "copy", "job0") == [Saved.NEW, Saved.KNOWN]
    assert await names_of(store, ALICE) == ["job0"]


@pytest.mark.usefixtures("jobs")
async def test_a_job_that_was_closed_since_is_kept_as_closed(store):
    await save(store, ALICE, "job0")
    await store.jobs.close("job0", NOW)
    assert [job.state for job in await store.saved.of(ALICE)] == [JobState.CLOSED]


@pytest.mark.usefixtures("jobs")
async def test_nothing_is_left_of_what_is_removed(store):
    await save(store, ALICE, "job0", "job1", "job2")
    await save(store, BOB, "job0")
    await store.saved.remove(ALICE, "job1")
    assert await names_of(store, ALICE) == ["job2", "job0"]
    await store.saved.remove_all(ALICE)
    assert await names_of(store, ALICE) == []
    assert await rows(store) == 1


@pytest.mark.usefixtures("jobs")
async def test_removing_what_was_not_saved_changes_nothing(store):
    await save(store, ALICE, "job0")
    await store.saved.remove(ALICE, "job1")
    await store.saved.remove_all(BOB)
    assert await names_of(store, ALICE) == ["job0"]
