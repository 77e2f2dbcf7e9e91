"""Messages about jobs: within Discord's limits, with what is known, where to apply, and what leads on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.frontends.discord.custom_ids import Action
from bot.frontends.discord.job_cards import MAX_ADVERTS, JobCards
from bot.frontends.phrases import say
from bot.jobs.by_hand import BY_HAND
from bot.jobs.job import JobState
from bot.jobs.query import MOST_COUNTED, JobQuery
from bot.language.facets import Filters, Level
from bot.services.find import ON_A_PAGE, Found
from tests.discord.requests_schema import components_of, text_of
from tests.fakes_discord import NOW, FakeAsking, a_job
from tests.frontends.test_rendering import pressed, sent

CARDS = JobCards(FakeAsking())
FIVE = tuple(a_job(number) for number in range(1, ON_A_PAGE + 1))


def test_a_job_shows_what_is_known_and_where_to_apply():
    body = sent(CARDS.announcement(a_job(), "nonce-1"))
    text = text_of(body)
    for part in (
        "## Senior Data Engineer",
        "**Northwind Analytics**",
        "Berlin, Germany",
        "$60k–\N{WORD JOINER}$120k",
        "<t:",
        ":R>",
    ):
        assert part in text
    links = [component for component in components_of(body) if "url" in component]
    assert [(link["label"], link["url"]) for link in links] == [
        ("Apply at jobs.example.com", "https://jobs.example.com/apply/1")
    ]
    assert list(pressed(body)) == [say("job.pay"), say("job.compare"), say("job.more")]


@pytest.mark.parametrize("changes", [{"role": None}, {"role": "actuary"}, {}])
def test_every_job_carries_its_marker(changes):
    body = sent(CARDS.announcement(a_job(**changes), "f" * 25))
    assert [press.marker for press in pressed(body).values() if press.marker] == ["f" * 25]


def test_a_job_without_an_address_has_no_apply_button():
    body = sent(CARDS.announcement(a_job(url=None, pay=None, posted=None, level=None, employment=(), place=None)))
    assert not any("url" in component for component in components_of(body))
    assert "Pay not stated" in text_of(body)
    assert "found <t:" in text_of(body)


@given(st.text(min_size=1, max_size=300))
@settings(max_examples=60)
def test_whatever_a_feed_writes_keeps_to_the_limits_and_does_nothing(text):
    body = sent(CARDS.announcement(a_job(title=f"x{text}", company=f"x{text}", place=f"x{text}", source=f"x{text}")))
    shown = text_of(body).replace("<t:", "")
    assert "@everyone" not in shown.replace("\\@", "")
    assert "<@" not in shown.replace("\\<", "")


def test_the_details_of_a_job_tell_all_that_is_known():
    job = a_job(
        text="You build pipelines. " * 60,
        tags=("kafka", "sql"),
        elsewhere=("Oslo", "Lyon"),
        reposts=2,
        reopened=1,
        expires=NOW + timedelta(days=9),
        credit="Remotive",
    )
    text = text_of(sent(CARDS.details(job, ())))
    for part in (
        "Berlin, Germany and 2 more",
        "Also in Oslo; Lyon",
        "You build pipelines.",
        "Tags: kafka, sql",
        say("job.reopened", count=1),
        say("job.reposted", count=2),
        "ends <t:",
        "from Remotive",
    ):
        assert part in text


def test_a_job_that_is_over_says_so_first_and_is_not_applied_for():
    for state in (JobState.CLOSED, JobState.EXPIRED):
        body = sent(CARDS.details(a_job(state=state), ()))
        assert text_of(body).lstrip().startswith(f"**{say(f'job.state.{state.value}')}**")
        assert not any("url" in component for component in components_of(body))


def test_the_other_adverts_of_a_job_are_linked_but_for_those_too_many():
    copies = [a_job(number, url=f"https://board{number}.example.com/{number}") for number in range(2, 9)]
    text = text_of(sent(CARDS.details(a_job(), [a_job(url=None), a_job(url="javascript:alert(1)"), *copies])))
    assert "[board2.example.com](https://board2.example.com/2)" in text
    assert text.count("](https://board") == MAX_ADVERTS
    assert say("source.more", count=len(copies) - MAX_ADVERTS) in text
    assert "javascript" not in text


def test_a_job_that_was_added_by_hand_names_no_source():
    assert say("job.by_hand") in text_of(sent(CARDS.details(a_job(source=BY_HAND), ())))


def test_a_job_in_several_places_names_the_first_of_them():
    for place, elsewhere, shown in (
        ("Oslo", ("Lyon",), " · Oslo and 1 more"),
        (None, ("Lyon",), " · Lyon"),
        (None, (), ""),
    ):
        text = text_of(sent(CARDS.announcement(a_job(place=place, elsewhere=elsewhere))))
        assert f"**Northwind Analytics**{shown}\n" in text


def test_found_jobs_tell_how_the_search_was_understood():
    filters = Filters("DE", Level.SENIOR, remote=True, salary_min=90_000)
    query = JobQuery(
        roles=("data-engineer",), filters=filters, company="Fern", since=NOW, words=("kafka", "*x*"), paid=True
    )
    text = text_of(sent(CARDS.found(Found(query, 1, FIVE, 5), "1", 7))).strip()
    sought = text.splitlines()[1]
    for part in ("Data Engineer", "Germany", "senior", "remote", "90,000", "at Fern", "since <t:", "pay stated"):
        assert part in sought
    assert "“kafka \\*x\\*”" in sought


@pytest.mark.parametrize(
    ("page", "total", "turned"),
    [
        (1, 5, {}),
        (1, 6, {"found.next": "key.2"}),
        (2, 10, {"found.previous": "key.1"}),
        (2, 11, {"found.previous": "key.1", "found.next": "key.3"}),
    ],
)
def test_pages_lead_to_those_that_there_are(page, total, turned):
    body = sent(CARDS.found(Found(JobQuery(), page, FIVE, total), "key", 7))
    means = {say(phrase): marker for phrase, marker in turned.items()}
    assert {label: press.marker for label, press in pressed(body).items()} == means
    assert all(press.action is Action.PAGE and press.asker == 7 for press in pressed(body).values())


def test_found_jobs_are_counted_as_far_as_they_are():
    def counted(page, total):
        return text_of(sent(CARDS.found(Found(JobQuery(), page, FIVE, total), "key", 7))).splitlines()[-1]

    assert counted(1, 5).endswith("5 jobs")
    assert counted(2, 43).endswith("6 to 10 of 43")
    assert counted(1, MOST_COUNTED).endswith(f"1 to 5 of {MOST_COUNTED}+")


def test_one_of_the_found_jobs_is_chosen_by_its_title_and_company():
    body = sent(CARDS.found(Found(JobQuery(), 1, FIVE, 5), "key", 7))
    select = next(component for component in components_of(body) if component["type"] == 3)
    assert [option["value"] for option in select["options"]] == [job.id for job in FIVE]
    assert select["options"][0]["description"] == "Northwind Analytics · Berlin, Germany"


def test_nothing_found_suggests_to_look_for_less():
    empty = Found(JobQuery(words=("kafka",)), 1, (), 0)
    assert text_of(sent(CARDS.found(empty, "key", 7))).endswith(say("found.fewer"))
    assert say("found.fewer") not in text_of(sent(CARDS.found(replace(empty, query=JobQuery()), "key", 7)))


@given(st.text(min_size=1, max_size=1_000))
@settings(max_examples=60)
def test_whatever_a_feed_writes_fits_into_details_and_pages(text):
    job = a_job(title=f"x{text}", company=f"x{text}", text=text, tags=(text,) * 9, elsewhere=(text,) * 9, credit=text)
    for layout in (
        CARDS.details(job, [job] * 9),
        CARDS.found(Found(JobQuery(words=(text,)), 1, (job,) * 5, 5), "k", 7),
    ):
        shown = text_of(sent(layout)).replace("<t:", "")
        assert "@everyone" not in shown.replace("\\@", "")
        assert "<@" not in shown.replace("\\<", "")
