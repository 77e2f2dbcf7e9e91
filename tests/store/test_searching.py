"""Jobs searched by what they tell, by words, and by both; the store finds what the pure rule says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import text

from bot.jobs.job import Job, JobState, Pay, PayPeriod
from bot.jobs.query import MOST_COUNTED, JobQuery, fits
from bot.language.facets import Employment, Filters, Level
from bot.store.searching import RANKED

NOW = datetime(2024, 2, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
FULL = Job(
    id="full",
    title="Senior Data Engineer",
    company="Fern GmbH",
    source="board",
    first_seen=NOW,
    role="data-engineer",
    place="Málaga",
    countries=("ES", "SE"),
    remote=False,
    employment=(Employment.FULL_TIME, Employment.CONTRACT),
    level=Level.SENIOR,
    pay=Pay(60_000, 80_000, "EUR", PayPeriod.YEAR),
    posted=NOW - DAY,
    text="You will build pipelines with Airflow and node.js.",
    tags=("dbt", "C++"),
)
BARE = Job(id="bare", title="Analyst", company="Moss", source="listing", first_seen=NOW)
REMOTE = Job(
    id="remote",
    title="Airflow Specialist",
    company="Fernandez",
    source="board",
    first_seen=NOW - 9 * DAY,
    role="data-engineer",
    remote=True,
    pay=Pay(20, 30, "USD", PayPeriod.HOUR),
)
CLOSED = replace(FULL, id="closed", title="Closed Data Engineer", state=JobState.CLOSED)
JOBS = (FULL, BARE, REMOTE, CLOSED)


async def found(store, query):
    jobs, total = await store.jobs.search(query)
    assert len(jobs) == total
    return [job.id for job in jobs]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (JobQuery(), ["bare", "full", "remote"]),
        (JobQuery(filters=Filters(country="SE")), ["full"]),
        (JobQuery(filters=Filters(country="DE")), []),
        (JobQuery(filters=Filters(country="%")), []),
        (JobQuery(filters=Filters(level=Level.SENIOR)), ["full"]),
        (JobQuery(filters=Filters(remote=True)), ["remote"]),
        (JobQuery(filters=Filters(remote=False)), ["bare", "full"]),
        (JobQuery(filters=Filters(employment=Employment.CONTRACT)), ["full"]),
        (JobQuery(filters=Filters(employment=Employment.PART_TIME)), []),
        (JobQuery(roles=("data-engineer", "actuary")), ["full", "remote"]),
        (JobQuery(company="fern"), ["full", "remote"]),
        (JobQuery(company="Fern, Inc."), ["full", "remote"]),
        (JobQuery(company="mos"), ["bare"]),
        (JobQuery(company="ern"), []),
        (JobQuery(since=NOW - 2 * DAY), ["bare", "full"]),
        (JobQuery(words=("airflow",)), ["remote", "full"]),
        (JobQuery(words=("airfl",)), ["remote", "full"]),
        (JobQuery(words=("airflow", "pipelines")), ["full"]),
        (JobQuery(words=("airflow", "rust")), []),
        (JobQuery(words=("malaga",)), ["full"]),
        (JobQuery(words=("node.js",)), ["full"]),
        (JobQuery(words=("c++",)), ["full"]),
        (JobQuery(words=("c#",)), []),
        (JobQuery(words=("a",)), []),
        (JobQuery(words=("airflow",), filters=Filters(remote=True)), ["remote"]),
        (JobQuery(words=('"', "NEAR(", "*", "airflow")), []),
        (JobQuery(words=("---",)), ["bare", "full", "remote"]),
    ],
)
async def test_open_jobs_are_found_newest_first_and_by_words_those_with_them_in_the_title_first(store, query, ids):
    await store.jobs.upsert(JOBS, NOW)
    assert await found(store, query) == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (JobQuery(filters=Filters(salary_min=80_000)), ["full", "bare"]),
        (JobQuery(filters=Filters(salary_min=80_001)), ["bare"]),
        (JobQuery(filters=Filters(salary_min=60_000)), ["full", "remote", "bare"]),
        (JobQuery(filters=Filters(salary_min=60_000), paid=True), ["full", "remote"]),
        (JobQuery(paid=True), ["full", "remote"]),
    ],
)
async def test_unknown_pay_is_kept_behind_known_pay_unless_told_pay_is_asked_for(store, query, ids):
    await store.jobs.upsert(JOBS, NOW)
    assert await found(store, query) == ids


async def test_the_store_finds_what_the_rule_for_one_job_says(store):
    await store.jobs.upsert(JOBS, NOW)
    parts = {
        "roles": ((), ("data-engineer",)),
        "company": (None, "fern"),
        "since": (None, NOW - 2 * DAY),
        "words": ((), ("airflow",), ("data", "eng"), ("c++",)),
        "paid": (False, True),
        "sources": ((), ("board", "other")),
        "filters": (
            Filters(),
            Filters(country="SE"),
            Filters(remote=True),
            Filters(salary_min=70_000),
            Filters(level=Level.SENIOR, employment=Employment.CONTRACT),
        ),
    }
    for values in product(*parts.values()):
        query = JobQuery(**dict(zip(parts, values, strict=True)))
        expected = {job.id for job in JOBS if job.state is JobState.OPEN and fits(job, query)}
        assert set(await found(store, query)) == expected, query


async def test_pages_follow_each_other_and_the_total_is_of_all(store):
    await store.jobs.upsert([replace(FULL, id=f"j{at}", title=f"Data Engineer {at}") for at in range(7)], NOW)
    for query in (JobQuery(roles=("data-engineer",)), JobQuery(words=("engineer",))):
        pages = [await store.jobs.search(query, limit=3, offset=offset) for offset in (0, 3, 6, 9)]
        assert [[job.id for job in jobs] for jobs, _ in pages] == [
            ["j0", "j1", "j2"], ["j3", "j4", "j5"], ["j6"], [],
        ]  # fmt: skip
        assert {total for _, total in pages} - {0} == {7}


async def test_of_very_many_matches_the_newest_are_counted_and_ranked(store):
    many = [replace(BARE, id=f"j{at}", company=f"Moss {at}", text="airflow") for at in range(RANKED + 50)]
    await store.jobs.upsert(many, NOW)
    jobs, total = await store.jobs.search(JobQuery(words=("airflow",)), limit=5)
    assert (len(jobs), total) == (5, MOST_COUNTED)


async def test_a_copys_place_finds_the_job(store):
    await store.jobs.upsert([FULL, replace(FULL, id="copy", place="Reykjavik")], NOW)
    assert await found(store, JobQuery(words=("reykjavik",))) == ["full"]


async def test_words_find_what_a_job_says_now_and_the_index_is_sound(store):
    await store.jobs.upsert(JOBS, NOW)
    await store.jobs.upsert([replace(FULL, title="Senior Beekeeper", text=None)], NOW)
    assert await found(store, JobQuery(words=("beekeeper",))) == ["full"]
    assert await found(store, JobQuery(words=("pipelines",))) == []
    async with store.database.reading() as connection:
        await connection.execute(text("INSERT INTO job_words (job_words, rank) VALUES ('integrity-check', 1)"))


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("senior data engineer", JobQuery(roles=("data-engineer",), filters=Filters(level=Level.SENIOR))),
        ("data enginer jobs in germany", JobQuery(roles=("data-engineer",), filters=Filters(country="DE"))),
        ("remote airflow", JobQuery(words=("airflow",), filters=Filters(remote=True))),
        ("Stripe pytorch", JobQuery(words=("stripe", "pytorch"))),
        ("data scientist over $150k", JobQuery(roles=("data-scientist",), filters=Filters(salary_min=150_000))),
        ("the jobs, please", JobQuery()),
        ("", JobQuery()),
    ],
)
def test_roles_levels_places_and_pay_in_words_become_filters_and_the_rest_stays_words(recogniser, typed, query):
    assert recogniser.job_query(typed) == query
