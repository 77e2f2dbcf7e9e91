"""Documents read beside the event loop, real processes among them."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from bot.errors import UsageError
from bot.sources.reading import LARGE, read_document
from bot.sources.registry import read_jobs

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


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
