"""Documents read beside the event loop, real processes among them."""

import asyncio
import json
import shutil
import sys
from datetime import UTC, datetime

import pytest

from bot.errors import FetchError, UsageError
from bot.sources.reading import LARGE, MIB, Limits, limits_of, read_document
from bot.sources.registry import read_jobs
from tests.sources.documents import DOCUMENTS

if sys.platform != "win32":
    import resource

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
NO_JSON = ("atom", "csv", "markdown", "personio", "rss", "schema-org", "we-work-remotely")
SLOW = f"<rss><channel><item><author>{'a' * 65_536}</author></item></channel></rss>"
"""64 KB that feedparser reads in half a minute."""
HANDS_NOTHING_BACK = Limits(seconds=20, memory=512 * MIB, records=0)
"""No process can read a document within these, so that what is read was read here."""


def a_board(count, filler):
    jobs = [
        {
            "id": number,
            "internal_job_id": number,
            "title": "Data Engineer",
            "company_name": f"Fern {number}",
            "absolute_url": f"https://boards.example.com/{number}",
            "location": {"name": "Oslo"},
            "content": "x" * filler,
        }
        for number in range(count)
    ]
    return json.dumps({"jobs": jobs})


async def test_a_large_document_is_read_in_a_process_to_the_same_jobs_while_the_loop_goes_on(recognition):
    text = a_board(50, LARGE // 50)
    assert len(text) > LARGE
    turns = 0
    reading = asyncio.ensure_future(read_document(text, NOW, recognition=recognition))
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 1_000
    assert reading.result() == read_jobs(text, NOW, recognition=recognition)
    assert len(reading.result().jobs) == 50


async def test_a_large_document_of_ones_own_records_is_read_too(recognition):
    record = {"title": "Data Engineer", "company": "Fern", "text": "x" * 5_000}
    text = json.dumps([record | {"company": f"Fern {number}"} for number in range(1_000)])
    assert len(text) > LARGE
    assert len((await read_document(text, NOW, recognition=recognition)).jobs) == 1_000


@pytest.mark.parametrize("size", [1, LARGE])
async def test_an_unknown_format_is_told_however_large_the_document_is(recognition, size):
    with pytest.raises(UsageError, match="there is no format"):
        await read_document("x" * (size + 1), NOW, form="none", recognition=recognition)


async def test_whose_board_it_is_can_be_said(recognition):
    (job,) = (await read_document(a_board(1, 1), NOW, company="Moss", recognition=recognition)).jobs
    assert job.company == "Moss"


@pytest.mark.parametrize("name", [*NO_JSON, "listing"])
async def test_what_is_no_json_is_read_in_a_process_to_the_same_jobs(recognition, name):
    imported = await read_document(DOCUMENTS[name], NOW, recognition=recognition)
    assert imported == read_jobs(DOCUMENTS[name], NOW, recognition=recognition)
    assert imported.jobs
    with pytest.raises(FetchError, match="it unfolds to records of more than 0 MiB"):
        await read_document(DOCUMENTS[name], NOW, recognition=recognition, limits=HANDS_NOTHING_BACK)


@pytest.mark.parametrize("name", sorted(DOCUMENTS.keys() - {*NO_JSON, "listing"}))
async def test_json_that_is_small_is_read_without_a_process(recognition, name):
    imported = await read_document(DOCUMENTS[name], NOW, recognition=recognition, limits=HANDS_NOTHING_BACK)
    assert imported == read_jobs(DOCUMENTS[name], NOW, recognition=recognition)
    assert imported.jobs


@pytest.mark.parametrize("name", NO_JSON)
async def test_what_is_not_called_json_is_read_in_a_process_whatever_it_begins_with(recognition, name):
    with pytest.raises(FetchError, match="it unfolds"):
        await read_document("[]", NOW, form=name, recognition=recognition, limits=HANDS_NOTHING_BACK)


async def test_markup_in_no_format_of_its_own_is_read_like_any_text(recognition):
    assert (await read_document("<p>hello</p>", NOW, recognition=recognition)).jobs == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
async def test_a_document_made_to_be_slow_is_refused_when_its_time_is_over(recognition):
    with pytest.raises(FetchError, match="reading it took more than 1 seconds"):
        await read_document(SLOW, NOW, recognition=recognition, limits=Limits(1, 512 * MIB, MIB))


@pytest.mark.skipif(sys.platform != "linux", reason="others need not keep this limit")
async def test_a_document_that_takes_too_much_memory_is_refused(recognition):
    text = f"<workzag-jobs>{' ' * 16 * MIB}</workzag-jobs>"
    with pytest.raises(FetchError, match="reading it took more than 64 MiB of memory"):
        await read_document(text, NOW, recognition=recognition, limits=Limits(20, 64 * MIB, MIB))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such program")
async def test_a_process_that_ends_early_is_told(recognition, monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(FetchError, match="the process that read it ended before it was done, with code 1"):
        await read_document(f"<{'a' * MIB}", NOW, recognition=recognition)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not count the time of processes")
async def test_a_process_ends_with_the_reading_that_is_given_up(recognition):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await read_document(SLOW, NOW, recognition=recognition, limits=Limits(60, 512 * MIB, MIB))
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > before  # only of processes that ended


def test_a_longer_document_may_take_more():
    assert limits_of(0) == Limits(3, 512 * MIB, 16 * MIB)
    assert limits_of(8 * MIB) == Limits(23, 768 * MIB, 48 * MIB)
