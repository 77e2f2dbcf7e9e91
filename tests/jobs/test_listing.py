from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.imported import Recognition
from bot.jobs.job import Pay, PayPeriod
from bot.jobs.listing import read_listing
from bot.language.facets import Employment, Level
from bot.language.titles import Title

NOW = datetime(2024, 2, 2, 9, tzinfo=UTC)
ARTICLE = (Path(__file__).parents[1] / "data" / "listing.txt").read_text(encoding="utf-8")
BLOCK = "Featured Job\nTitle\n\n@ Company | Place\n\nFull Time USD 60K - 80K\n"


def test_the_jobs_are_found_among_the_prose_in_their_order():
    imported = read_listing(ARTICLE, NOW)
    assert [(job.title, job.company, job.place) for job in imported.jobs] == [
        ("Platform Engineer", "Fern & Co", "Remote: Europe, Asia"),
        ("Deep Learning – Imaging Specialist", "Harbour Clinic", "Rotterdam, NL"),
        ("Junior Data Analyst (Café Chain)", "Crème & Cie", "Lyon, FR"),
        ("Head of Insight", "Tern Labs", "New York"),
    ]
    assert [job.position for job in imported.jobs] == [0, 1, 2, 3]
    assert all(job.featured and job.first_seen == NOW and job.url is None for job in imported.jobs)
    assert imported.refused == ()


def test_several_kinds_of_employment_stand_side_by_side_and_freelance_is_contract():
    jobs = read_listing(ARTICLE, NOW).jobs
    assert jobs[0].employment == (Employment.FULL_TIME, Employment.CONTRACT)
    assert jobs[2].employment == (Employment.PART_TIME, Employment.INTERNSHIP)


def test_levels_and_pay_are_read_from_the_line_below():
    jobs = read_listing(ARTICLE, NOW).jobs
    assert [job.level for job in jobs] == [Level.SENIOR, Level.MID, Level.ENTRY, Level.EXECUTIVE]
    assert jobs[0].pay == Pay(70_000, 95_000, "EUR", PayPeriod.YEAR)


def test_impossible_pay_is_unknown_and_the_job_is_kept_with_a_note():
    imported = read_listing(ARTICLE, NOW)
    assert imported.jobs[1].pay is None
    assert [(note.job.title, note.note) for note in imported.notes] == [
        (
            "Deep Learning – Imaging Specialist",
            "pay USD 9999999K - 9999999K is implausible: kept as unknown",
        )
    ]


def test_only_a_place_that_says_remote_is_remote():
    assert [job.remote for job in read_listing(ARTICLE, NOW).jobs] == [True, None, None, None]


def test_titles_and_places_are_recognised_by_what_is_handed_in():
    recognition = Recognition(lambda title: Title(role=title.upper()), lambda place: (place[-2:],))
    job = read_listing(BLOCK, NOW, recognition=recognition).jobs[0]
    assert (job.role, job.countries) == ("TITLE", ("ce",))


def test_a_block_without_the_heading_is_not_featured():
    assert not read_listing(BLOCK.removeprefix("Featured Job\n"), NOW).jobs[0].featured


def test_a_block_without_details_knows_nothing_of_them_and_leaves_the_next_alone():
    first, second = read_listing("Featured Job\nA\n@ B | C\n" + BLOCK, NOW).jobs
    assert (first.employment, first.level, first.pay) == ((), None, None)
    assert second.pay


def test_a_company_without_a_place_is_kept():
    assert read_listing("Featured Job\nA\n@ B\nFull Time", NOW).jobs[0].place is None


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("Featured Job\nTitle\nFull Time\n" + BLOCK, "line 1", 'no line "@ Company | Place" follows the title'),
        ("Featured Job", "line 1", 'no line "@ Company | Place" follows the title'),
        ("Featured Job\n@ Company | Place\n" + BLOCK, "line 2", "no title stands before the company"),
        (f"Featured Job\n{'x' * 201}\n@ B | C\n" + BLOCK, "line 3", f"longer than 200 characters: {'x' * 40}…"),
    ],
)
def test_a_block_that_is_no_job_is_refused_with_its_line_and_the_others_are_read(text, place, reason):
    imported = read_listing(text, NOW)
    assert [(refusal.place, refusal.reason) for refusal in imported.refused] == [(place, reason)]
    assert len(imported.jobs) == (text != "Featured Job")


def test_reading_twice_gives_the_same_ids():
    ids = [job.id for job in read_listing(ARTICLE, NOW).jobs]
    assert ids == [job.id for job in read_listing(ARTICLE.replace("\n\n", "\n"), NOW).jobs]
    assert len(set(ids)) == 4


@given(st.text(st.sampled_from("ab @|\n–฿$1K"), max_size=80), st.text(max_size=60))
def test_any_text_can_be_read(shaped, wild):
    read_listing(f"Featured Job\n{shaped}\n{wild}", NOW)
