"""Several adverts of one job: merged when they come in, and the job open while one of them is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.jobs.announcing import DeliveryState
from bot.jobs.job import LIFETIME, Job, JobState

NOW = datetime(2024, 2, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
OSLO = Job(
    id="oslo",
    title="Data Engineer",
    company="Fern GmbH",
    source="lever",
    first_seen=NOW,
    role="data-engineer",
    place="Oslo",
    url="https://jobs.example/oslo",
    posted=NOW - 3 * DAY,
)
BERGEN = replace(OSLO, id="bergen", place="Bergen", url="https://jobs.example/bergen")
ELSEWHERE = replace(OSLO, id="elsewhere", company="Fern", source="remotive", url="https://board.example/oslo")


async def shown(store):
    return [job.id for job in await store.jobs.open()]


async def test_five_adverts_in_one_import_are_one_job_with_its_places(store):
    more = [replace(OSLO, id=f"a{at}", place=place) for at, place in enumerate(("Bergen", "Moss", "Oslo", "Bergen"))]
    stored = await store.jobs.upsert([OSLO, *more], NOW)
    assert (len(stored.new), len(stored.merged)) == (1, 4)
    assert await shown(store) == ["oslo"]
    job = await store.jobs.get("oslo")
    assert (job.copies, job.elsewhere) == (4, ("Bergen", "Moss"))


async def test_an_advert_in_another_source_is_merged_with_the_evidence(store):
    await store.jobs.upsert([OSLO], NOW)
    (merged,) = (await store.jobs.upsert([ELSEWHERE], NOW + DAY)).merged
    assert merged.copy_of == "oslo"
    assert (await store.jobs.get("elsewhere")).evidence == (
        "the same company, 100 % alike in the title, the same place, another source (remotive)"
    )


async def test_a_misspelt_title_is_merged_with_one_of_the_companys_newest_jobs(store):
    await store.jobs.upsert([OSLO], NOW)
    assert (await store.jobs.upsert([replace(BERGEN, title="Data Enginere")], NOW)).merged


async def test_jobs_of_a_company_that_is_not_named_are_never_merged(store):
    nameless = [replace(OSLO, company="Confidential"), replace(BERGEN, company="Confidential")]
    assert len((await store.jobs.upsert(nameless, NOW)).new) == 2


async def test_importing_copies_again_changes_nothing(store):
    await store.jobs.upsert([OSLO, BERGEN, ELSEWHERE], NOW)
    again = await store.jobs.upsert([BERGEN, ELSEWHERE, OSLO], NOW + DAY)
    assert (len(again.unchanged), again.new, again.merged, again.changed) == (3, (), (), ())


async def test_a_featured_copy_features_the_job_and_a_copy_is_never_planned(store):
    await store.subscriptions.switch_on(1, 10, NOW, backlog=3)
    await store.jobs.upsert([OSLO, replace(BERGEN, featured=True)], NOW)
    fence = await store.deliveries.acquire("me", NOW, NOW + DAY)
    assert await store.deliveries.plan(fence, NOW) == 1
    assert (await store.deliveries.claim(fence, NOW, NOW + DAY)).jobs[0].id == "oslo"


async def test_switching_on_plans_a_job_once_however_many_copies_are_featured(store):
    await store.jobs.upsert([replace(OSLO, featured=True), replace(BERGEN, featured=True)], NOW)
    assert (await store.subscriptions.switch_on(1, 10, NOW, backlog=3))[1] == 1


async def test_featuring_or_closing_a_copy_means_the_job(store):
    await store.jobs.upsert([OSLO, BERGEN], NOW)
    assert await store.jobs.feature("bergen")
    assert (await store.jobs.get("oslo")).featured
    assert await store.jobs.close("bergen", NOW) == 0
    assert await shown(store) == []


async def test_a_job_lives_on_while_a_copy_is_met_and_shows_the_copys_link(store):
    await store.jobs.upsert([replace(OSLO, expires=NOW + DAY), BERGEN], NOW)
    await store.jobs.expire(NOW + 2 * DAY)
    job = await store.jobs.get("oslo")
    assert (job.state, job.url) == (JobState.OPEN, BERGEN.url)


async def test_a_job_is_over_with_its_last_copy(store):
    await store.jobs.upsert([replace(OSLO, expires=NOW + DAY), replace(BERGEN, expires=NOW + 3 * DAY)], NOW)
    assert await store.jobs.expire(NOW + 2 * DAY) == 1
    assert await store.jobs.expire(NOW + 2 * DAY) == 0
    assert await store.jobs.expire(NOW + 4 * DAY) == 1
    assert (await store.jobs.get("oslo")).state is JobState.EXPIRED
    assert await shown(store) == []


async def test_what_waits_is_withdrawn_when_the_last_copy_is_over(store):
    await store.jobs.upsert([replace(OSLO, featured=True, expires=NOW + DAY)], NOW)
    await store.subscriptions.switch_on(1, 10, NOW, backlog=3)
    await store.jobs.expire(NOW + 2 * DAY)
    async with store.database.reading() as connection:
        states = (await connection.execute(text("SELECT state FROM deliveries"))).scalars().all()
    assert states == [DeliveryState.SKIPPED.value]


async def test_a_job_that_expired_and_is_met_again_is_reopened(store):
    await store.jobs.upsert([OSLO], NOW)
    await store.jobs.expire(NOW + LIFETIME)
    await store.jobs.upsert([OSLO], NOW + LIFETIME + DAY)
    job = await store.jobs.get("oslo")
    assert (job.state, job.reopened, job.reposts) == (JobState.OPEN, 1, 0)


async def test_a_job_that_is_advertised_anew_under_another_address_is_the_old_one_reposted(store):
    await store.jobs.upsert([OSLO], NOW)
    await store.jobs.expire(NOW + LIFETIME)
    anew = replace(OSLO, id="anew", url="https://jobs.example/anew", posted=NOW + LIFETIME)
    assert (await store.jobs.upsert([anew], NOW + LIFETIME + DAY)).merged
    job = await store.jobs.get("oslo")
    assert (job.state, job.reopened, job.reposts, job.url, job.posted) == (
        JobState.OPEN, 1, 1, anew.url, OSLO.posted
    )  # fmt: skip


async def test_a_job_advertised_again_after_half_a_year_is_a_new_one(store):
    await store.jobs.upsert([OSLO], NOW)
    await store.jobs.expire(NOW + LIFETIME)
    assert (await store.jobs.upsert([replace(OSLO, id="anew")], NOW + 181 * DAY)).new


async def test_a_job_that_somebody_closed_stays_closed_under_another_address(store):
    await store.jobs.upsert([OSLO], NOW)
    await store.jobs.close("oslo", NOW)
    await store.jobs.upsert([ELSEWHERE], NOW + DAY)
    await store.jobs.expire(NOW + LIFETIME + 2 * DAY)
    await store.jobs.upsert([ELSEWHERE, OSLO], NOW + LIFETIME + 3 * DAY)
    assert (await store.jobs.get("oslo")).state is JobState.CLOSED
    assert await shown(store) == []


@pytest.mark.parametrize(("later", "reposts"), [(timedelta(hours=20), 0), (5 * DAY, 1)])
async def test_a_later_date_on_a_known_job_counts_as_a_repost_once_and_it_grows_no_newer(store, later, reposts):
    await store.jobs.upsert([OSLO], NOW)
    stamped = replace(OSLO, posted=OSLO.posted + later)
    for _ in range(3):
        await store.jobs.upsert([stamped], NOW + 6 * DAY)
    job = await store.jobs.get("oslo")
    assert (job.reposts, job.posted) == (reposts, OSLO.posted)


async def test_each_later_date_counts(store):
    for days in (0, 3, 6, 6, 3):
        await store.jobs.upsert([replace(OSLO, posted=OSLO.posted + days * DAY)], NOW + 9 * DAY)
    assert (await store.jobs.get("oslo")).reposts == 2
