"""/jobs latest, search and show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advisor.reading import Intent, Reading
from bot.frontends.discord.job_pages import MAX_KEPT
from bot.frontends.phrases import say
from bot.jobs.job import JobState
from bot.jobs.query import JobQuery
from bot.language.facets import Employment, Level
from tests.discord.shown import components, last
from tests.fakes_discord import NOW, a_job


@pytest.fixture
def kept(world):
    """Twelve open jobs, the last one the newest."""
    world.jobs.kept = {f"job-{number}": a_job(number, title=f"Data Engineer {number}") for number in range(1, 13)}
    return world.jobs.kept


def stored(place):
    """Return the newest message as it is stored."""
    messages = place.env.backend.messages[place.channel.id]
    return messages[max(messages)]


def numbers(place):
    """Return the numbers of the jobs that are shown last, in their order."""
    lines = [line for line in last(place).splitlines() if line.startswith("- **")]
    return [int(line.split("**")[1].rpartition(" ")[2]) for line in lines]


async def test_the_latest_jobs_are_listed(place):
    await place.alice.slash(place.channel, "jobs latest")
    assert place.world.asking.readings[-1][0] == Reading(Intent.JOBS)
    assert "Senior Data Engineer" in last(place)
    assert "<t:" in last(place)


OPTIONS = {
    "words": "kafka",
    "role": "de",
    "level": "senior",
    "country": "Germany",
    "remote": True,
    "employment": "contract",
    "pay": 90_000,
    "company": "northw",
    "days": 7,
    "paid": True,
}
FITTING = {"remote": True, "tags": ("kafka",)}
UNFIT = (
    {"tags": ()},
    {"role": "data-scientist"},
    {"level": Level.MID},
    {"countries": ("NO",)},
    {"remote": False},
    {"employment": (Employment.FULL_TIME,)},
    {"pay": None},
    {"company": "Fern"},
    {"posted": NOW.replace(year=2020)},
)


@pytest.mark.parametrize("change", UNFIT, ids=lambda change: next(iter(change)))
async def test_jobs_are_searched_by_every_option(place, change):
    place.world.jobs.kept = {
        "fit": a_job(1, title="Job 1", **FITTING),
        "unfit": a_job(2, title="Job 2", **FITTING | change),
    }
    await place.alice.slash(place.channel, "jobs search", **OPTIONS)
    assert numbers(place) == [1]


async def test_a_role_among_the_words_narrows(place, kept):
    kept["job-3"] = replace(kept["job-3"], role="data-scientist")
    await place.alice.slash(place.channel, "jobs search", words="data scientist")
    assert numbers(place) == [3]
    assert "Data Scientist" in last(place).splitlines()[1]


async def test_an_option_counts_before_the_words(place, kept):
    kept["job-3"] = replace(kept["job-3"], role="data-scientist")
    await place.alice.slash(place.channel, "jobs search", words="data engineer", role="ds")
    assert numbers(place) == [3]


async def test_all_jobs_are_searched_without_any_option(place, kept):
    await place.alice.slash(place.channel, "jobs search")
    assert numbers(place) == [12, 11, 10, 9, 8]
    assert last(place).endswith(f"1 to 5 of {len(kept)}")


async def test_a_search_for_an_unknown_role_is_told(place):
    await place.alice.slash(place.channel, "jobs search", role="wizard")
    assert last(place) == say("unknown_role", text="wizard")


@pytest.mark.usefixtures("kept")
async def test_pages_are_turned_in_place_by_who_searched(place):
    await place.alice.slash(place.channel, "jobs search")
    message = place.channel.last_message
    await place.alice.click(message, label=say("found.next"))
    await place.alice.click(message, label=say("found.next"))
    assert numbers(place) == [2, 1]
    await place.alice.click(message, label=say("found.previous"))
    assert numbers(place) == [7, 6, 5, 4, 3]
    assert place.channel.last_message.id == message.id


@pytest.mark.usefixtures("kept")
async def test_somebody_else_turns_pages_in_private(place):
    await place.alice.slash(place.channel, "jobs search")
    message = place.channel.last_message
    result = await place.bob.click(message, label=say("found.next"))
    assert result.response.ephemeral
    assert numbers(place) == [7, 6, 5, 4, 3]


@pytest.mark.usefixtures("kept")
async def test_a_search_that_is_kept_no_more_is_told(place):
    await place.alice.slash(place.channel, "jobs search", words="engineer")
    message = place.channel.last_message
    pages = place.env.bot._desk.pages
    for number in range(MAX_KEPT):
        pages.first(await place.env.bot._desk.finding.search("", JobQuery()), f"other-{number}", 1)
    result = await place.alice.click(message, label=say("found.next"))
    assert result.ephemeral
    assert last(place) == say("found.forgotten")


@pytest.mark.usefixtures("kept")
async def test_one_of_the_found_jobs_is_shown_in_private(place):
    await place.alice.slash(place.channel, "jobs search")
    message = place.channel.last_message
    select = next(component for component in components(stored(place)) if component["type"] == 3)
    result = await place.alice.select(message, ["job-11"], custom_id=select["custom_id"])
    assert result.response.ephemeral
    assert last(place).startswith("## Data Engineer 11")
    assert len(numbers(place)) == 0


async def test_a_found_job_that_is_gone_by_then_is_told(place, kept):
    await place.alice.slash(place.channel, "jobs search")
    message = place.channel.last_message
    select = next(component for component in components(stored(place)) if component["type"] == 3)
    kept.clear()
    await place.alice.select(message, ["job-11"], custom_id=select["custom_id"])
    assert last(place) == say("stale")


async def test_a_job_is_shown_with_its_other_adverts(place, kept):
    kept["copy"] = a_job(99, id="copy", copy_of="job-7", url="https://board.example.com/7", state=JobState.CLOSED)
    await place.alice.slash(place.channel, "jobs show", job="job-7")
    assert last(place).startswith("## Data Engineer 7")
    assert "[board.example.com](https://board.example.com/7)" in last(place)


async def test_a_closed_job_is_shown_as_closed(place, kept):
    kept["job-7"] = replace(kept["job-7"], state=JobState.CLOSED)
    await place.alice.slash(place.channel, "jobs show", job="job-7")
    assert last(place).startswith(f"**{say('job.state.closed')}**")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("typed", "key"), [("nothing", "curate.unknown"), ("job-1", None), ("job", "curate.ambiguous")]
)
async def test_a_job_is_named_by_its_id_or_the_beginning_of_one(place, typed, key):
    await place.alice.slash(place.channel, "jobs show", job=typed)
    assert last(place).startswith(say(key, text=typed) if key else "## Data Engineer 1\n")


@pytest.mark.usefixtures("kept")
async def test_jobs_are_suggested_to_everybody(place):
    choices = await place.alice.autocomplete(place.channel, "jobs show", "job", "engineer 11")
    assert [(choice["name"], choice["value"]) for choice in choices] == [
        ("Data Engineer 11 · Northwind Analytics", "job-11")
    ]


async def test_a_search_in_an_unknown_country_is_told(place):
    await place.alice.slash(place.channel, "jobs search", country="Atlantis")
    assert last(place) == say("command.jobs.bad_country", text="Atlantis")


@pytest.mark.parametrize(("typed", "first"), [("ger", "DE"), ("NO", "NO"), ("kingdom", None), ("", "AR")])
async def test_countries_are_suggested(place, typed, first):
    choices = await place.alice.autocomplete(place.channel, "jobs search", "country", typed)
    assert len(choices) <= 25
    assert (choices[0]["value"] if choices else None) == first
