import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.imported import Recognition
from bot.jobs.job import Job, JobState, Pay, PayPeriod
from bot.jobs.records import read_records, write_record
from bot.language.facets import Employment, Level
from bot.language.titles import Title

NOW = datetime(2024, 2, 2, 9, tzinfo=UTC)
FULL = {
    "title": "Data Engineer",
    "company": "Fern",
    "place": "Oslo, NO",
    "countries": ["no"],
    "remote": False,
    "employment": ["full-time", "freelance"],
    "level": "senior",
    "role": "data-engineer",
    "pay": {"low": 60_000, "high": 80_000, "currency": "EUR", "period": "year"},
    "url": "https://jobs.example/1",
    "source": "board",
    "source_id": "77",
    "posted": "2024-02-01T10:00:00+02:00",
    "first_seen": "2024-02-01",
    "featured": True,
    "state": "closed",
    "position": 4,
}


def read(*records, **options):
    return read_records(json.dumps(records), NOW, **options)


def test_every_field_is_read():
    job = read(FULL).jobs[0]
    assert job == Job(
        id=job.id,
        title="Data Engineer",
        company="Fern",
        source="board",
        first_seen=datetime(2024, 2, 1, tzinfo=UTC),
        role="data-engineer",
        place="Oslo, NO",
        countries=("NO",),
        remote=False,
        employment=(Employment.FULL_TIME, Employment.CONTRACT),
        level=Level.SENIOR,
        pay=Pay(60_000, 80_000, "EUR", PayPeriod.YEAR),
        url="https://jobs.example/1",
        posted=datetime(2024, 2, 1, 8, tzinfo=UTC),
        featured=True,
        state=JobState.CLOSED,
        position=4,
        source_id="77",
    )


def test_title_and_company_are_enough():
    imported = read({"title": "A", "company": "B"}, {"title": "C", "company": "D", "pay": None})
    assert [(job.position, job.first_seen, job.featured) for job in imported.jobs] == [(0, NOW, False), (1, NOW, False)]
    assert not imported.refused


def test_what_is_written_is_read_back():
    job = read(FULL).jobs[0]
    assert read(write_record(job)).jobs == (job,)


def test_pay_may_be_text_and_impossible_pay_is_a_note():
    imported = read(
        {"title": "A", "company": "B", "pay": "USD 9999999K"}, {"title": "C", "company": "D", "pay": "$90k"}
    )
    assert [job.pay for job in imported.jobs] == [None, Pay(90_000, 90_000, "USD", PayPeriod.YEAR)]
    assert [note.note for note in imported.notes] == ["pay USD 9999999K is implausible: kept as unknown"]


def test_a_time_to_come_is_unknown():
    imported = read({"title": "A", "company": "B", "posted": (NOW + timedelta(days=9)).isoformat()})
    assert imported.jobs[0].posted is None
    assert "not a time that has passed" in imported.notes[0].note


def test_roles_and_countries_are_recognised_where_the_record_names_none():
    recognition = Recognition(lambda title: Title(role=f"role of {title}"), lambda place: (place,))
    job = read({"title": "A", "company": "B", "place": "SE"}, recognition=recognition).jobs[0]
    assert (job.role, job.countries) == ("role of A", ("SE",))


def test_text_is_cleaned():
    job = read({"title": " A\u202e โ€“\n B ", "company": "C\u200b"}).jobs[0]
    assert (job.title, job.company) == ("A – B", "C")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": None}, "title is missing"),
        ({"title": "…"}, "title is missing"),
        ({"title": 7}, "title is not text"),
        ({"title": "x" * 201}, "title is longer than 200 characters"),
        ({"company": ""}, "company is missing"),
        ({"remote": "yes"}, "remote is neither true nor false"),
        ({"featured": 1}, "featured is neither true nor false"),
        ({"employment": "full-time"}, "employment is not a list"),
        (
            {"employment": ["sometimes"]},
            'employment: "sometimes" is none of full-time, part-time, contract, internship',
        ),
        ({"employment": [None]}, "employment: null is none of full-time, part-time, contract, internship"),
        ({"level": []}, "level: [] is none of entry, mid, senior, executive"),
        ({"countries": ["Norway"]}, 'countries: "Norway" is not an ISO 3166 code of two letters'),
        ({"url": 1}, "url is not text"),
        ({"url": "javascript:x"}, "url is not an http(s) address that can be shown"),
        ({"posted": 5}, "posted is not text"),
        ({"posted": "soon"}, "posted is not a date or time such as 2024-01-05T09:00:00Z"),
        ({"position": True}, "position is not a whole number from 0"),
        ({"state": "gone"}, 'state: "gone" is none of open, closed, expired'),
        ({"pay": 5}, "pay is neither text nor an object"),
        ({"pay": {"low": "1"}}, "pay.low is not a whole number from 0"),
        ({"pay": FULL["pay"] | {"low": 90_000}}, "pay.low is more than pay.high"),
        ({"pay": FULL["pay"] | {"currency": "euro"}}, "pay.currency is not an ISO 4217 code such as USD"),
        (
            {"pay": FULL["pay"] | {"period": "fortnight"}},
            'pay.period: "fortnight" is none of hour, day, week, month, year',
        ),
    ],
)
def test_a_field_of_another_kind_refuses_its_record_and_no_other(change, reason):
    imported = read(FULL | change, {"title": "A", "company": "B"})
    assert [(refusal.place, refusal.reason) for refusal in imported.refused] == [("record 1, line 1", reason)]
    assert len(imported.jobs) == 1


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", "line 1", "a JSON array of jobs is expected"),
        ("{}", "line 1", "a JSON array of jobs is expected"),
        ("[1]", "record 1, line 1", "a job is an object"),
        ("[NaN]", "record 1, line 1", "not valid JSON (NaN is no JSON); nothing after it was read"),
        ("[" * 100_000, "record 1, line 1", "not valid JSON (nested too deep); nothing after it was read"),
        ("[] x", "line 1", "not valid JSON (the array does not end here)"),
    ],
)
def test_what_is_no_array_of_jobs_is_refused(text, place, reason):
    assert [(refusal.place, refusal.reason) for refusal in read_records(text, NOW).refused] == [(place, reason)]


def test_the_records_before_a_broken_one_go_in():
    imported = read_records('[{"title": "A", "company": "B"},\n\n{"title": "C" "company": "D"}]', NOW)
    assert [job.title for job in imported.jobs] == ["A"]
    assert imported.refused[0].place == "record 2, line 3"
    assert "line 3 column 15" in imported.refused[0].reason


def test_an_array_that_ends_too_early_gives_what_it_holds():
    imported = read_records('\ufeff[{"title": "A", "company": "B"} \n', NOW)
    assert len(imported.jobs) == 1
    assert imported.refused[0].place == "line 2"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(FULL)), inner, max_size=5),
    max_leaves=12,
)


@given(json_values)
def test_any_json_can_be_read(value):
    read_records(json.dumps(value), NOW)
    read_records(json.dumps([value]), NOW)


@given(st.text())
def test_any_text_can_be_read(text):
    read_records(text, NOW)
    read_records(f"[{text}", NOW)
