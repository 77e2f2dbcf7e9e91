from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.duplicates import advert_of, alike_among, company_key, find_twin, likeness, title_key
from bot.jobs.job import Job
from bot.language.facets import Employment, Level

NOW = datetime(2024, 2, 2, 9, tzinfo=UTC)


def a_job(title, **more):
    return Job(id="new", title=title, company="Fern", source="lever", first_seen=NOW, **more)


def twin_of(job, other):
    return find_twin(advert_of(job), [advert_of(other)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fern & Co.", "FERN and Co"),
        ("Fern GmbH", "Fern, Inc."),
        ("The Moss Company", "Moss Company"),
        ("Book Ing.com B.V.", "Booking.com"),
    ],
)
def test_spellings_of_one_company_have_one_key(one, other):
    assert company_key(one) == company_key(other) is not None


@pytest.mark.parametrize(("one", "other"), [("Fern", "Ferns"), ("Data Works", "Data Work AI"), ("C3", "C4")])
def test_companies_of_other_names_have_other_keys(one, other):
    assert company_key(one) != company_key(other)


@pytest.mark.parametrize("company", ["Confidential", "Our client", "Stealth Startup", "N/A"])
def test_a_name_that_names_nobody_has_no_key(company):
    assert company_key(company) is None


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Data Engineer", "Data Engineer (m/w/d)"),
        ("Senior Data Engineer", "Sr. Data Engineer - Remote"),
        ("Data Engineer, Ads", "Ads Data Engineer"),
        ("Data Scientists", "Data Scientist"),
        ("Data Engineer R12345", "Data Engineer"),
        ("Urgent: Data Engineer position", "Data Engineer"),
        ("Machine Learning Engineer", "Machine Learnig Engineer"),
    ],
)
def test_one_job_in_two_spellings_is_a_twin(title, other):
    assert twin_of(a_job(title), a_job(other))


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Data Engineer, Ads", "Data Engineer, Search"),
        ("Data Engineer II", "Data Engineer III"),
        ("Data Engineer", "Data Engineer, Platform"),
        ("C++ Developer", "C# Developer"),
        ("Data Science Intern 2025", "Data Science Intern 2026"),
        ("Data Engineer", "Data Analyst"),
        ("Software Engineer, iOS", "Software Engineer, AWS"),
        ("!!!", "???"),
    ],
)
def test_another_job_of_the_same_company_is_no_twin(title, other):
    assert twin_of(a_job(title), a_job(other)) is None


def test_the_place_in_a_title_does_not_make_another_job():
    oslo, bergen = (a_job(f"Data Engineer - {place}", place=f"{place}, Norway") for place in ("Oslo", "Bergen"))
    assert twin_of(oslo, bergen).evidence == (
        "the same company, 100 % alike in the title, another place (Oslo, Norway), the same source"
    )


def test_a_place_that_is_all_of_a_title_stays_in_it():
    assert title_key("Reading", "Reading") == "reading"


@pytest.mark.parametrize(
    ("said", "otherwise"),
    [
        ({"level": Level.SENIOR}, {"level": Level.ENTRY}),
        ({"role": "data-engineer"}, {"role": "data-analyst"}),
        ({"employment": (Employment.INTERNSHIP,)}, {"employment": (Employment.FULL_TIME,)}),
    ],
)
def test_jobs_that_contradict_each_other_are_no_twins_and_what_is_unsaid_contradicts_nothing(said, otherwise):
    assert twin_of(a_job("Data Person", **said), a_job("Data Person", **otherwise)) is None
    assert twin_of(a_job("Data Person", **said), a_job("Data Person"))
    assert twin_of(a_job("Data Person", **said), a_job("Data Person", **said))


KEYS = st.lists(st.sampled_from(["data", "datas", "engineer", "enginer", "senior", "cloud", "2024"]), max_size=4)


@given(KEYS, st.lists(KEYS, max_size=8))
def test_the_keys_that_are_alike_among_many_are_those_that_are_alike_one_by_one(one, others):
    key, *keys = (" ".join(sorted(set(words))) for words in (one, *others))
    lines = [f"{number} {each}" for number, each in enumerate(keys)]
    assert alike_among(key, lines) == [number for number, each in enumerate(keys) if likeness(key, each)]
