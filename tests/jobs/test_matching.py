"""Who wants a job: the same as asking each subscription, however many ask."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.job import Job, Pay, PayPeriod
from bot.jobs.matching import Matcher
from bot.jobs.query import JobQuery, fits
from bot.language.facets import Employment, Filters, Level

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROLES, COUNTRIES, WORDS = ("data-engineer", "data-scientist"), ("DE", "SE"), ("kafka", "sql", "fern")

filters = st.builds(
    Filters,
    country=st.sampled_from((None, *COUNTRIES)),
    level=st.sampled_from((None, Level.SENIOR, Level.ENTRY)),
    remote=st.sampled_from((None, True, False)),
    employment=st.sampled_from((None, Employment.FULL_TIME)),
    salary_min=st.sampled_from((None, 70_000)),
)
queries = st.builds(
    JobQuery,
    roles=st.lists(st.sampled_from(ROLES), unique=True).map(tuple),
    filters=filters,
    company=st.sampled_from((None, "fern")),
    words=st.lists(st.sampled_from(WORDS), unique=True, max_size=2).map(tuple),
    paid=st.booleans(),
    sources=st.sampled_from(((), ("board",), ("other",))),
)
jobs = st.builds(
    Job,
    id=st.just("job"),
    title=st.sampled_from(("Data Engineer", "Kafka Engineer")),
    company=st.sampled_from(("Fern GmbH", "Moss")),
    source=st.sampled_from(("board", "other")),
    first_seen=st.just(NOW),
    role=st.sampled_from((None, *ROLES)),
    countries=st.lists(st.sampled_from(COUNTRIES), unique=True).map(tuple),
    remote=st.sampled_from((None, True, False)),
    employment=st.sampled_from(((), (Employment.FULL_TIME,), (Employment.CONTRACT,))),
    level=st.sampled_from((None, Level.SENIOR, Level.MID)),
    pay=st.sampled_from((None, Pay(60_000, 80_000, "EUR", PayPeriod.YEAR), Pay(1_000, 2_000, "EUR", PayPeriod.MONTH))),
    tags=st.sampled_from(((), ("SQL",))),
)


@given(st.lists(queries, max_size=30), jobs)
def test_a_matcher_finds_who_each_query_alone_would_find(asked, job):
    expected = [asker for asker, query in enumerate(asked) if fits(job, query)]
    assert Matcher(enumerate(asked)).who_wants(job) == expected


def test_nobody_wants_what_nobody_asks_for():
    job = Job(id="job", title="Data Engineer", company="Fern", source="board", first_seen=NOW)
    assert Matcher([]).who_wants(job) == []
    assert Matcher([(7, JobQuery())]).who_wants(job) == [7]
