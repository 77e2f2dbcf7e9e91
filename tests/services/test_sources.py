"""Sources as people set them up, in a real SQLite file."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs.job import Job
from bot.jobs.polling import Featuring, Origin, Source, SourceState
from bot.services.sources import PAUSED_BY_HAND, Change, SourceService

FERN = Source("fern", "https://boards.example.com/fern")
OAK = replace(FERN, name="oak")


@pytest.fixture
def service(store, clock):
    return SourceService(store.sources, clock, ("greenhouse", "lever"))


async def test_a_source_that_is_added_is_due_at_once(service, store, clock):
    assert await service.add(replace(FERN, form="lever")) is None
    assert await store.sources.due(clock()) == (replace(FERN, form="lever", due=clock()),)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": "Fern"}, 'name: "Fern" is not'),
        ({"name": ""}, 'name: "" is not'),
        ({"name": "x" * 41}, "at most 40 small letters"),
        ({"name": "-fern"}, 'name: "-fern" is not'),
        ({"address": "boards.example.com"}, 'address: "boards.example.com" is not'),
        ({"address": "https://" + "x" * 500}, "of at most 500 characters"),
        ({"every": timedelta(minutes=14)}, "every: a source is asked every 15m at the most"),
        ({"every": timedelta(days=31)}, "every 30d at least"),
        ({"daily": 0}, "daily: at least one request a day"),
        ({"featured": Featuring.MATCHING}, "matching: it says which jobs"),
        ({"matching": "data"}, "matching: it says which jobs"),
        ({"form": "fax"}, 'there is no format "fax"; known are auto, greenhouse, lever'),
        ({"form": "auto"}, 'there is no format "auto"; known are auto'),
    ],
)
async def test_each_fault_is_told_and_nothing_is_added(service, changes, fault):
    assert fault in await service.add(replace(FERN, **changes))
    assert await service.names() == ()


async def test_a_name_is_given_once(service):
    await service.add(FERN)
    fault = await service.add(replace(FERN, address="https://boards.example.com/other"))
    assert fault == 'there is a source "fern" already; remove it first, or take another name'
    assert [source.address for source, _ in await service.listed()] == [FERN.address]


async def test_formats_begin_with_what_has_the_bot_look(service):
    assert service.formats() == ("auto", "greenhouse", "lever")


async def test_sources_are_listed_by_name_with_their_open_jobs(service, store, clock):
    await service.add(OAK)
    await service.add(FERN)
    job = Job(id="1", title="Data Engineer", company="Oak", source="oak", first_seen=clock())
    await store.jobs.upsert([job], clock())
    await store.sources.note_jobs("oak", ["1"], clock(), whole=True)
    assert [(source.name, jobs) for source, jobs in await service.listed()] == [("fern", 0), ("oak", 1)]
    assert await service.names() == ("fern", "oak")


async def test_a_paused_source_is_not_asked_until_it_is_resumed(service, store, clock):
    await service.add(FERN)
    assert await service.pause("fern") is Change.DONE
    assert await store.sources.due(clock()) == ()
    paused = await store.sources.get("fern")
    assert (paused.state, paused.reason) == (SourceState.PAUSED, PAUSED_BY_HAND)
    clock.advance(days=1)
    assert await service.resume("fern") is Change.DONE
    assert await store.sources.due(clock()) == (replace(FERN, due=clock()),)


async def test_what_is_so_already_stays(service):
    await service.add(FERN)
    assert await service.resume("fern") is Change.ALREADY
    await service.pause("fern")
    assert await service.pause("fern") is Change.ALREADY


async def test_a_reason_of_failures_is_not_overwritten_by_a_second_pause(service, store):
    failing = replace(FERN, state=SourceState.PAUSED, reason="6 failures in a row")
    await service.add(failing)
    assert await service.pause("fern") is Change.ALREADY
    assert (await store.sources.get("fern")).reason == "6 failures in a row"


async def test_a_removed_source_is_gone(service):
    await service.add(FERN)
    assert await service.remove("fern") is Change.DONE
    assert await service.names() == ()


async def test_a_source_of_the_file_cannot_be_removed_but_paused(service, store, clock):
    await store.sources.follow_file([replace(FERN, origin=Origin.FILE)], clock())
    assert await service.remove("fern") is Change.IN_FILE
    assert await service.names() == ("fern",)
    assert await service.pause("fern") is Change.DONE


@pytest.mark.parametrize("wish", ["pause", "resume", "remove"])
async def test_an_unknown_source_is_unknown(service, wish):
    await service.add(FERN)
    assert await getattr(service, wish)("elm") is Change.UNKNOWN
