"""The terms of a subscription in words."""

from __future__ import annotations

from datetime import time

import pytest

from bot.frontends.discord.terms import in_short, limits, times_of, when, which_jobs
from bot.frontends.escape import plain
from bot.frontends.phrases import say
from bot.jobs.announcing import ALL_AT_ONCE, Terms
from bot.jobs.query import ANYTHING, JobQuery
from bot.jobs.timetable import Timetable, daily, every_hours, on_weekdays, weekly
from bot.language.facets import Filters, Level
from tests.fakes_discord import NOW, FakeAsking

NAMES = FakeAsking()


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        (None, "each at once"),
        (every_hours(1), "every hour"),
        (every_hours(6), "every 6 hours"),
        (daily(time(9)), "daily at 09:00"),
        (daily(time(17, 30)), "daily at 17:30"),
        (on_weekdays(time(9)), "Monday to Friday at 09:00"),
        (weekly(1, time(9)), "Mondays at 09:00"),
        (weekly(0, time(0, 5)), "Sundays at 00:05"),
    ],
)
def test_common_times_are_said_in_words(cron, words):
    assert when(cron) == words


@pytest.mark.parametrize(
    "cron", [every_hours(5), "0 9 * * 1-4", "*/30 * * * *", "0 9 1 * *", "60 9 * * *", "0 24 * * *", "0 9 * * 7"]
)
def test_other_times_are_said_as_their_cron_text(cron):
    assert when(cron, plain) == f"cron {cron}"


def test_a_cron_text_is_shown_as_text():
    assert when("@daily") == "cron \\@daily"


def test_a_query_for_anything_is_all_featured_jobs():
    assert which_jobs(ANYTHING, NAMES) == say("terms.all")


def test_a_query_is_told_by_roles_filters_and_words():
    query = JobQuery(
        roles=("data-engineer", "actuary"),
        filters=Filters("DE", Level.SENIOR, remote=True),
        company="Fern*",
        since=NOW,
        words=("kafka",),
        paid=True,
    )
    said = which_jobs(query, NAMES)
    for part in (
        "Data Engineer · Actuary",
        "Germany",
        "senior",
        "remote",
        "at Fern\\*",
        "since <t:",
        "pay stated",
        "“kafka”",
    ):
        assert part in said


def test_where_no_markdown_is_shown_nothing_is_escaped():
    assert in_short(Terms(JobQuery(words=("c++", "*x*"))), NAMES, plain) == "“c++ *x*” · each at once"


@pytest.mark.parametrize(
    ("timetable", "words"),
    [
        (Timetable(), "each at once"),
        (Timetable(zone="Europe/Berlin"), "each at once"),
        (Timetable(daily(time(9)), "America/New_York"), "daily at 09:00 · America/New\\_York"),
        (Timetable(quiet=(time(22), time(7))), "each at once · quiet 22:00–07:00 · UTC"),
    ],
)
def test_the_time_zone_is_told_where_it_matters(timetable, words):
    assert times_of(timetable) == words


def test_limits_are_told_where_there_are_some():
    assert limits(ALL_AT_ONCE) == ""
    assert limits(Terms(cap=3)) == "at most 3 posts a day"
    assert limits(Terms(cap=3, mention=7)) == "at most 3 posts a day · pings <@&7>"
