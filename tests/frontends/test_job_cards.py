"""Messages about jobs: within Discord's limits, with what is known, where to apply, and what leads on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.frontends.discord.custom_ids import Action, Press
from bot.frontends.discord.job_cards import MAX_ADVERTS, MAX_LISTED, JobCards
from bot.frontends.discord.layouts import MAX_TEXT
from bot.frontends.phrases import say
from bot.jobs.by_hand import BY_HAND
from bot.jobs.job import JobState
from bot.jobs.query import MOST_COUNTED, JobQuery
from bot.language.facets import Filters, Level
from bot.services.find import ON_A_PAGE, Found
from tests.discord.requests_schema import components_of, text_of
from tests.fakes_discord import NOW, FakeAsking, a_delivery, a_job
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
    assert list(pressed(body)) == [say("job.save"), say("job.pay"), say("job.compare"), say("job.more")]


def markers(body, kind=2):
    """Return the markers of components, but for those that name a job to save."""
    return [press.marker for press in pressed(body, kind).values() if press.marker and press.action is not Action.SAVE]


def test_save_names_its_job_in_posts_and_details():
    for layout in (CARDS.announcement(a_job(7)), CARDS.details(a_job(7, role=None, url=None), ())):
        assert pressed(sent(layout))[say("job.save")] == Press(Action.SAVE, marker="job-7")


@pytest.mark.parametrize("changes", [{"role": None}, {"role": "actuary"}, {}])
def test_every_job_carries_its_marker(changes):
    body = sent(CARDS.announcement(a_job(**changes), "f" * 25))
    assert markers(body) == ["f" * 25]


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


LONGEST_URL = f"https://jobs.example.com/{'a' * 480}"
LONGEST = {
    "title": "*" * 200,
    "company": "_" * 200,
    "place": "#" * 200,
    "elsewhere": ("Oslo",) * 99,
    "credit": "~" * 200,
    "url": LONGEST_URL,
}


def lines_of(body):
    return [line for line in text_of(body).splitlines() if line.startswith("- ")]


def test_several_jobs_are_a_list_with_the_newest_first():
    jobs = [a_job(number, title=f"Title {number}") for number in (1, 2, 3)]
    body = sent(CARDS.delivery(a_delivery(1, *jobs)))
    assert say("digest.title", count=3) in text_of(body)
    assert [line.partition("**")[2].partition("**")[0] for line in lines_of(body)] == ["Title 3", "Title 2", "Title 1"]
    (select,) = (component for component in components_of(body) if component["type"] == 3)
    assert [option["value"] for option in select["options"]] == ["job-3", "job-2", "job-1"]


def test_a_delivery_of_one_job_looks_like_any_announcement():
    delivery = a_delivery(1, a_job(), nonce="n")
    assert sent(CARDS.delivery(delivery)) == sent(CARDS.announcement(a_job(), "n"))


def test_a_long_list_tells_how_many_more_there_are():
    jobs = [a_job(number) for number in range(MAX_LISTED + 3)]
    body = sent(CARDS.delivery(a_delivery(1, *jobs)))
    assert len(lines_of(body)) == MAX_LISTED
    assert say("digest.more", count=3) in text_of(body)
    assert say("digest.title", count=MAX_LISTED + 3) in text_of(body)
    assert say("digest.more", count=0) not in text_of(sent(CARDS.delivery(a_delivery(1, *jobs[:MAX_LISTED]))))


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_delivery_carries_its_marker_exactly_once(count):
    jobs = [a_job(number) for number in range(count)]
    body = sent(CARDS.delivery(a_delivery(1, *jobs, nonce="f" * 25)))
    assert markers(body) + markers(body, 3) == ["f" * 25]


def test_ten_jobs_as_long_as_they_may_be_fit_into_a_message():
    """Within the limits of Discord, which `sent` checks: what has no room is counted, in text and select alike."""
    body = sent(CARDS.delivery(a_delivery(1, *(a_job(number, **LONGEST) for number in range(10)), mention=2**63)))
    shown = len(lines_of(body))
    (select,) = (component for component in components_of(body) if component["type"] == 3)
    assert 0 < shown < 10
    assert len(select["options"]) == shown
    assert say("digest.more", count=10 - shown) in text_of(body)


@given(st.lists(st.text(min_size=1, max_size=300), min_size=2, max_size=12))
@settings(max_examples=60)
def test_whatever_a_feed_writes_fits_into_a_list(texts):
    jobs = [a_job(number, title=f"x{text}", company=f"x{text}", place=text) for number, text in enumerate(texts)]
    shown = text_of(sent(CARDS.delivery(a_delivery(1, *jobs)))).replace("<t:", "")
    assert "@everyone" not in shown.replace("\\@", "")
    assert "<@" not in shown.replace("\\<", "")


@pytest.mark.parametrize("count", [1, 2])
def test_a_chosen_role_is_mentioned_in_a_post(count):
    jobs = [a_job(number) for number in range(count)]
    assert text_of(sent(CARDS.delivery(a_delivery(1, *jobs, mention=77)))).count("<@&77>") == 1
    assert "<@&" not in text_of(sent(CARDS.delivery(a_delivery(1, *jobs))))


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


def test_a_job_that_is_over_says_so_first_and_is_neither_applied_for_nor_saved():
    for state in (JobState.CLOSED, JobState.EXPIRED):
        body = sent(CARDS.details(a_job(state=state), ()))
        assert (
            text_of(body).lstrip().startswith(f"**{say(f'job.state.{state.value}')}**\n## ~~Senior Data Engineer~~\n")
        )
        assert not any("url" in component for component in components_of(body))
        assert say("job.save") not in pressed(body)


def test_a_post_of_a_job_that_is_over_is_struck_through_and_keeps_its_marker():
    for state in (JobState.CLOSED, JobState.EXPIRED):
        body = sent(CARDS.announcement(a_job(state=state), "f" * 24))
        assert f"**{say(f'job.state.{state.value}')}**\n## ~~Senior Data Engineer~~\n" in text_of(body)
        assert not any("url" in component for component in components_of(body))
        assert [press.marker for press in pressed(body).values() if press.marker] == ["f" * 24]


def test_a_job_that_is_over_is_struck_through_in_its_list():
    text = text_of(
        sent(CARDS.delivery(a_delivery(1, a_job(1, title="One"), a_job(2, title="Two", state=JobState.CLOSED))))
    )
    assert f"- ~~Two~~ · Northwind Analytics · {say('job.state.closed')}" in text
    assert "- **One** · " in text


def test_a_page_of_found_jobs_fits_however_long_these_are():
    long = a_job(
        title="W" * 200, company="W" * 200, place="W" * 200, credit="W" * 200, url=f"https://x.example.com/{'w' * 480}"
    )
    assert len(text_of(sent(CARDS.found(Found(JobQuery(), 1, (long,) * 5, 5), "key", 7)))) <= MAX_TEXT


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
    turning = {label: press for label, press in pressed(body).items() if press.action is Action.PAGE}
    assert {label: press.marker for label, press in turning.items()} == means
    assert all(press.asker == 7 for press in turning.values())


@pytest.mark.parametrize("jobs", [FIVE, ()])
def test_a_search_can_become_an_alert_whether_it_found_jobs_or_not(jobs):
    body = sent(CARDS.found(Found(JobQuery(), 1, jobs, len(jobs)), "key", 7))
    press = pressed(body)[say("alerts.of_search")]
    assert (press.action, press.marker) == (Action.ALERT, "key")


def test_found_jobs_are_counted_as_far_as_they_are():
    def counted(page, total, jobs=FIVE):
        return text_of(sent(CARDS.found(Found(JobQuery(), page, jobs, total), "key", 7))).splitlines()[-1]

    assert counted(1, 5).endswith("5 jobs")
    assert counted(2, 43).endswith("6 to 10 of 43")
    assert counted(1, MOST_COUNTED).endswith(f"1 to 5 of {MOST_COUNTED}+")
    assert counted(2, 6, FIVE[:1]) == "-# 6 of 6"


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
