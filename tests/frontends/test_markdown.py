"""Answers as Markdown: honest figures, short lines, nothing foreign that acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.answer import (
    Answer,
    Choose,
    Figures,
    Gap,
    NoFigure,
    NotDescribed,
    Only,
    Openings,
    Prose,
    RoleLine,
    Shared,
    Suggestions,
    Summaries,
)
from bot.advisor.knowledge import Figure, FigureKind, Section
from bot.advisor.reading import OTHER_LANGUAGE, Intent, Outcome, Reading
from bot.frontends.labels import label, step_label
from bot.frontends.markdown import body, heading, job_line, reply_text, source_line, source_marks
from bot.frontends.phrases import say
from bot.language.facets import Employment, Filters, Level
from bot.services.ask import Reply
from tests.fakes_discord import ADVERTS, ONET, STATISTICS, FakeAsking, a_job, figures

NAMES = FakeAsking()
PAY = Reading(Intent.ROLE, roles=("data-engineer",), section=Section.SALARY)
COMPARE = Reading(Intent.COMPARE, roles=("data-engineer", "data-scientist"))


def pay_answer(*found: Figure, reading: Reading = PAY, sources=(ADVERTS, STATISTICS)) -> Answer:
    return Answer(reading, tuple(map(NAMES.title_of, reading.roles)), (Figures(found),), sources)


def test_a_figure_carries_its_kind_place_period_sample_and_source():
    answer = pay_answer(figures("data-engineer")[0])
    assert body(answer) == "- **Advertised pay**, US: **$150k** a year ($100k–$218k) · 4,312 adverts · 2023–2025¹"
    assert "¹[Advertised pay in AI, ML and data jobs](https://aijobs.net/salaries) (Nov 2026)" in source_line((answer,))


def test_employees_pay_is_not_called_advertised_and_names_the_occupation_it_stands_in_for():
    shown = body(pay_answer(figures("data-engineer")[1]))
    assert shown.startswith("- **Employees' pay**, US")
    assert "262k Database Architects (the nearest counted)" in shown
    assert "dvertised" not in shown


def test_a_dated_figure_is_marked_with_its_year_and_comes_last():
    lines = body(pay_answer(*reversed(figures("data-engineer")))).splitlines()
    assert lines[-1].startswith("- **Older**, 2019, self-reported pay, US: $111k")
    assert "**$111k**" not in lines[-1]


def test_an_unknown_sample_is_said_to_be_unknown():
    figure = replace(figures("data-engineer")[0], sample=None)
    assert "sample not stated" in body(pay_answer(figure))


def test_growth_is_a_percentage_without_a_sample():
    figure = Figure(
        "data-engineer", FigureKind.GROWTH, "ai-jobs", "percent", "US", "2024-2034", 4, occupation="Architects"
    )
    assert body(pay_answer(figure)) == "- **Growth in jobs**, US: **+4\u00a0%** · Architects · 2024–2034¹"


def test_level_and_remote_narrow_what_a_figure_is_about():
    figure = replace(figures("data-engineer")[0], level=Level.SENIOR, remote=True)
    assert "US, senior, remote:" in body(pay_answer(figure))


def test_a_source_that_is_not_listed_is_named_beside_the_figure():
    assert "source: ai-jobs" in body(pay_answer(figures("data-engineer")[0], sources=()))


def test_one_source_needs_no_number():
    answer = pay_answer(figures("data-engineer")[0], sources=(ADVERTS,))
    assert "¹" not in body(answer) + source_line((answer,))


def test_answers_that_share_a_source_line_share_its_numbers():
    answers = (pay_answer(figures("data-engineer")[1], sources=(ONET, STATISTICS)), Answer(PAY, (), (), (ADVERTS,)))
    assert source_marks(answers) == {"onet-29-3": "¹", "bls-oews-2025": "²", "ai-jobs": "³"}
    assert body(answers[0], marks=source_marks(answers)).endswith("May 2025²")
    assert "³[Advertised pay" in source_line(answers)


def test_compared_figures_name_their_role():
    found = tuple(figures(role)[0] for role in COMPARE.roles)
    shown = body(pay_answer(*found, reading=replace(COMPARE, section=Section.SALARY)))
    assert shown.startswith("**Advertised pay**, US:\n- Data Engineer: **$150k**")
    assert "\n- Data Scientist: **$150k**" in shown


def test_what_is_not_known_is_said_and_what_there_is_is_offered():
    reading = replace(PAY, filters=Filters(country="NO", level=Level.SENIOR))
    answer = Answer(reading, ("Data Engineer",), (NoFigure("data-engineer", reading.filters), Figures(figures("x"))))
    assert body(answer).startswith("I have no pay figure for **Data Engineer, Norway, senior**, so I won't guess. Here")


def test_without_any_figure_nothing_is_offered():
    reading = replace(PAY, section=Section.OUTLOOK)
    shown = body(Answer(reading, ("Data Engineer",), (NoFigure("data-engineer", Filters()),)))
    assert shown == "I have no growth figure for **Data Engineer**, so I won't guess."


def test_a_comparison_of_one_section_lists_shared_and_only_and_who_should_choose():
    blocks = (
        Shared(Section.SKILLS, ("Python", "C++")),
        Only(Section.SKILLS, "data-engineer", "Data Engineer", ("Spark",)),
        Only(Section.SKILLS, "data-scientist", "Data Scientist", ()),
        Choose((RoleLine("data-engineer", "Data Engineer", "you build"), RoleLine("x", "Data Scientist", "you ask."))),
    )
    answer = Answer(replace(COMPARE, section=Section.SKILLS), ("Data Engineer", "Data Scientist"), blocks)
    assert heading(answer) == "Data Engineer vs Data Scientist · Skills"
    assert body(answer).splitlines()[:2] == ["- **Both**: Python, C++", "- **Only Data Engineer**: Spark"]
    assert body(answer).splitlines()[-2:] == [
        "- **Choose Data Engineer** if you build.",
        "- **Choose Data Scientist** if you ask.",
    ]


def test_several_sections_are_told_as_one_and_shared_tags_are_in_no_only_line():
    blocks = (
        Shared(Section.SKILLS, ("SQL",)),
        Only(Section.SKILLS, "data-engineer", "Data Engineer", ("Spark",)),
        Shared(Section.TOOLS, ("Git",)),
        Only(Section.TOOLS, "data-engineer", "Data Engineer", ("sql", "Kafka")),
    )
    shown = body(Answer(COMPARE, ("Data Engineer", "Data Scientist"), blocks))
    assert shown.splitlines() == ["- **Both**: SQL, Git", "- **Only Data Engineer**: Spark, Kafka"]


def test_nothing_shared_is_said():
    answer = Answer(COMPARE, ("A", "B", "C"), (Shared(Section.SKILLS, ()),))
    assert body(answer) == "- **All**: nothing that we list"


def test_an_editors_difference_stands_in_for_the_summaries():
    summaries = Summaries((RoleLine("data-engineer", "Data Engineer", "Builds."),))
    with_prose = Answer(COMPARE, ("A", "B"), (summaries, Prose("They differ.")))
    assert body(with_prose) == "They differ."
    assert body(Answer(COMPARE, ("A", "B"), (summaries, Figures(())))) == ""
    assert body(Answer(COMPARE, ("A", "B"), (summaries,))) == "- **Data Engineer**: Builds."


def test_many_tags_are_counted():
    answer = Answer(COMPARE, ("A", "B"), (Shared(Section.SKILLS, tuple("abcdefghijkl")),))
    assert body(answer).endswith("h, i, +3 more")


def test_moving_shows_what_is_brought_and_learnt():
    reading = Reading(Intent.TRANSITION, roles=("data-scientist", "data-engineer"))
    answer = Answer(reading, ("Data Scientist", "Data Engineer"), (Gap(("SQL",), ("Spark",)),))
    assert heading(answer) == "From Data Scientist to Data Engineer"
    assert body(answer) == "- **You bring**: SQL\n- **Still to learn**: Spark"


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        (Answer(Reading(Intent.TRANSITION, roles=("x",)), ("Data Engineer",), ()), "Becoming: Data Engineer"),
        (Answer(Reading(Intent.FIT), (), (Suggestions(()),)), "Roles that may suit you"),
        (Answer(Reading(Intent.HELP), (), ()), "What I can do"),
        (Answer(Reading(Intent.SMALLTALK), (), ()), ""),
        (Answer(Reading(None), (), ()), ""),
        (Answer(Reading(Intent.TERM, term="x"), ("C++ & *args",), ()), "C++ & \\*args"),
        (
            Answer(
                Reading(
                    Intent.JOBS,
                    roles=("x",),
                    filters=Filters("DE", Level.SENIOR, False, Employment.CONTRACT, 50_000, 2026),
                ),
                ("Data Engineer",),
                (),
            ),
            "Open jobs · Data Engineer · Germany · senior · on site · contract · from 50,000 · 2026",
        ),
    ],
)
def test_headings(answer, title):
    assert heading(answer) == title


def test_a_role_without_a_profile_is_known_by_name():
    answer = Answer(Reading(Intent.ROLE, roles=("actuary",)), ("Actuary",), (NotDescribed("actuary", "Actuary"),))
    assert body(answer) == "I know **Actuary** by name, but have no profile of it yet."


def test_openings_tell_how_many_there_are_in_all():
    answer = Answer(Reading(Intent.JOBS), (), (Openings((a_job(),), 7),))
    assert body(answer).splitlines() == [
        "The newest 1 of 7:",
        f"- {job_line(a_job())}",
    ]


def test_a_job_is_told_on_one_line():
    assert job_line(a_job()) == (
        "**Senior Data Engineer** · Northwind Analytics · Berlin, Germany · $60k–$120k a year · 22 Nov 2026 · "
        "[apply at jobs.example.com](https://jobs.example.com/apply/1)"
    )


def test_no_openings_is_said():
    assert body(Answer(Reading(Intent.JOBS), (), (Openings((), 0),))) == say("openings.none")


def test_a_job_without_address_date_pay_or_place_has_none_of_them():
    job = a_job(url=None, posted=None, pay=None, place=None)
    assert job_line(job, lambda moment: moment.isoformat()) == (
        "**Senior Data Engineer** · Northwind Analytics · 2026-11-24T12:00:00+00:00"
    )


@given(st.text(min_size=1, max_size=200))
def test_what_a_feed_writes_does_nothing(text):
    job = a_job(title=f"x{text}", company=f"x{text}", place=f"x{text}", url=None)
    line = job_line(job)
    assert "\n" not in line
    for mark in ("@everyone", "<@", "](", "||", "`"):
        assert mark not in line.replace(f"\\{mark[0]}", "")


def test_more_sources_than_fit_are_counted():
    sources = tuple(replace(ONET, id=f"s{number}") for number in range(6))
    assert source_line((Answer(PAY, (), (), sources),)).endswith("+2 more")


def test_without_sources_there_is_no_source_line():
    assert source_line((Answer(PAY, (), ()),)) == ""


def test_a_source_is_listed_once_for_several_answers():
    line = source_line((Answer(PAY, (), (), (ONET,)), Answer(PAY, (), (), (ONET,))))
    assert line == "-# Source: O\\*NET 29.3 (Nov 2026)"


async def test_a_whole_reply_has_title_text_and_sources():
    asker = None
    text = reply_text(await NAMES.ask("what skills", asker), NAMES)
    assert text.startswith("## Data Engineer · Skills\nYou need")
    assert text.endswith("-# Source: O\\*NET 29.3 (Nov 2026)")


async def test_two_answers_stand_below_each_other():
    text = reply_text(await NAMES.ask("both", None), NAMES)
    assert "## Data Engineer · Skills" in text
    assert "## Data Engineer · Pay" in text


def test_choices_are_numbered():
    reading = Reading(None, Outcome.CHOICES, choices=(PAY, COMPARE))
    text = reply_text(Reply(reading), NAMES)
    assert "1. Data Engineer · Pay\n2. Data Engineer vs Data Scientist" in text


def test_a_decline_offers_what_is_close():
    reading = Reading(Intent.OUT_OF_SCOPE, Outcome.DECLINE, choices=(PAY,))
    assert reply_text(Reply(reading), NAMES).endswith(f"{say('decline.nearby')}\n- Data Engineer · Pay")
    assert reply_text(Reply(replace(reading, choices=())), NAMES).endswith(say("decline.text"))


def test_a_decline_because_of_the_language_says_so_in_one_line():
    reading = Reading(Intent.OUT_OF_SCOPE, Outcome.DECLINE, kind=OTHER_LANGUAGE)
    assert reply_text(Reply(reading), NAMES) == f"## {say('decline.title')}\n{say('decline.other_language')}"


@pytest.mark.parametrize(
    ("reading", "name"),
    [
        (Reading(Intent.ROLE, roles=("data-engineer",)), "Data Engineer"),
        (Reading(Intent.JOBS, roles=("data-engineer",)), "Open jobs · Data Engineer"),
        (Reading(Intent.TRANSITION, roles=("data-engineer",)), "Becoming: Data Engineer"),
        (Reading(Intent.TERM, term="mlops"), "What is MLOps?"),
        (Reading(Intent.TOPIC, topic="need-phd"), "Do you need a PhD?"),
        (Reading(Intent.FIT), say("label.fit")),
        (Reading(Intent.HELP), say("label.help")),
        (Reading(Intent.SMALLTALK), say("label.smalltalk")),
        (Reading(Intent.OUT_OF_SCOPE), say("label.out_of_scope")),
    ],
)
def test_readings_have_names(reading, name):
    assert label(reading, NAMES) == name


@pytest.mark.parametrize(
    ("step", "shown", "name"),
    [
        (COMPARE, PAY, "vs Data Scientist"),
        (replace(PAY, section=Section.TOOLS), PAY, "Tools"),
        (Reading(Intent.JOBS, roles=("data-engineer",)), PAY, "Open jobs"),
        (Reading(Intent.TRANSITION, roles=("data-engineer",)), PAY, "How to become one"),
        (Reading(Intent.TRANSITION, roles=("data-scientist", "data-engineer")), COMPARE, "How to switch"),
        (Reading(Intent.ROLE, roles=("data-engineer",), section=Section.OVERVIEW), COMPARE, "Data Engineer"),
        (replace(COMPARE, section=Section.SALARY), COMPARE, "Pay"),
        (Reading(Intent.ROLE, roles=("data-scientist",), section=Section.TOOLS), PAY, "Data Scientist · Tools"),
        (Reading(Intent.TOPIC, topic="need-phd"), PAY, "Do you need a PhD?"),
    ],
)
def test_next_steps_have_short_names(step, shown, name):
    assert step_label(step, shown, NAMES) == name


def test_dates_are_written_out():
    job = a_job(posted=datetime(2026, 1, 2, tzinfo=UTC))
    assert "2 Jan 2026" in job_line(job)
