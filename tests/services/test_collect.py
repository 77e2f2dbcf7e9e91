import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.advisor.reading import Intent, Reading
from bot.errors import StoreUnavailableError, UsageError
from bot.jobs.imported import Recognition
from bot.jobs.records import write_record
from bot.language.facets import Filters
from bot.language.titles import Title
from bot.services.collect import CollectService
from bot.services.openings import StoredOpenings
from bot.sources.reading import read_document

LISTING = (Path(__file__).parents[1] / "data" / "listing.txt").read_text(encoding="utf-8")


@pytest.fixture
def service(store, clock):
    return CollectService(
        store.jobs,
        read_document,
        clock,
        Recognition(lambda title: Title("data-analyst") if "Analyst" in title else Title()),
    )


async def test_an_article_is_imported_with_its_notes(service, store):
    report = await service.import_text(LISTING)
    assert (len(report.new), report.changed, report.unchanged, report.refused) == (4, (), (), ())
    assert [note.note for note in report.notes] == ["pay USD 9999999K - 9999999K is implausible: kept as unknown"]
    assert all(job.featured for job in await store.jobs.open())


async def test_importing_twice_changes_nothing(service, store, clock):
    await service.import_text(LISTING)
    before = await store.jobs.every()
    clock.advance(hours=1)
    report = await service.import_text(LISTING)
    assert (len(report.new), len(report.changed), len(report.unchanged)) == (0, 0, 4)
    assert await store.jobs.every() == before


async def test_what_is_listed_as_json_is_read_back_unchanged_and_into_an_empty_store_the_same(
    service, store, new_store, clock
):
    await service.import_text(LISTING)
    listed = json.dumps([write_record(job) for job in await store.jobs.every()])
    clock.advance(hours=1)
    assert len((await service.import_text(listed)).unchanged) == 4
    async with new_store("other") as other:
        report = await CollectService(other.jobs, read_document, clock).import_text(listed)
        assert len(report.new) == 4
        assert await other.jobs.every() == await store.jobs.every()


async def test_roles_are_recognised(service, store):
    await service.import_text(LISTING)
    assert [job.role for job in await store.jobs.open()] == [None, None, "data-analyst", None]


async def test_good_records_go_in_beside_bad_ones(service, store):
    report = await service.import_text('[{"title": "A", "company": "B"}, {"title": 1}]')
    assert (len(report.new), [refusal.place for refusal in report.refused]) == (1, ["record 2, line 1"])
    assert len(await store.jobs.every()) == 1


async def test_a_job_that_stands_there_twice_is_stored_once_with_a_note(service):
    record = {"title": "A", "company": "B"}
    report = await service.import_text(json.dumps([record, record | {"level": "mid"}]))
    assert len(report.new) == 1
    assert [note.note for note in report.notes] == ["the same job stands there twice: the first is kept"]


async def test_a_source_may_be_named(service):
    report = await service.import_text(LISTING, source="fern board")
    assert {job.source for job in report.new} == {"fern board"}


async def test_a_form_may_be_named(service):
    assert (await service.import_text(LISTING, "json")).refused


async def test_a_form_that_nobody_knows_is_told_beside_those_that_are_known(service):
    with pytest.raises(UsageError, match='no format "xls"; known are greenhouse'):
        await service.import_text(LISTING, "xls")


async def test_open_jobs_are_facts_for_an_answer(service, store):
    await service.import_text(LISTING)
    openings = StoredOpenings(store.jobs)
    reading = Reading(Intent.JOBS, roles=("data-analyst",))
    facts = await openings.open_jobs(reading, 3)
    assert ([job.company for job in facts.jobs], facts.total, facts.available) == (["Crème & Cie"], 1, True)
    assert (await openings.open_jobs(replace(reading, filters=Filters(remote=True)), 3)).total == 0


async def test_openings_are_not_available_while_the_store_cannot_be_read():
    class Closed:
        async def search(self, *_, **__):
            raise StoreUnavailableError("locked")

    assert not (await StoredOpenings(Closed()).open_jobs(Reading(Intent.JOBS), 3)).available


async def test_jobs_that_are_over_expire(service, store, clock, caplog):
    caplog.set_level("INFO")
    await service.import_text(LISTING)
    clock.advance(days=46)
    await service.expire()
    assert await store.jobs.open() == ()
    assert "Jobs that have expired: 4" in caplog.text
