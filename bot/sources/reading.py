"""Reading documents beside the event loop: small ones in a thread, large ones in a process of their own.

A thread that parses JSON holds the interpreter: 20 MiB stop the loop for 60 ms.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import partial

from bot.errors import FetchError
from bot.jobs.imported import Imported, Recognition
from bot.sources.registry import Found, find_records, jobs_of, read_jobs

LARGE = 4 * 1024 * 1024
"""Characters above which a document gets a process."""


async def read_document(
    text: str,
    now: datetime,
    *,
    form: str | None = None,
    source: str | None = None,
    company: str | None = None,
    recognition: Recognition,
) -> Imported:
    """Return the jobs of a document, as `read_jobs` does.

    Raises FetchError when the process of a large one ended before it was read.
    """
    found = await _found_beside(text, now, form) if len(text) > LARGE else None
    read = partial(read_jobs, text, now, form=form) if found is None else partial(jobs_of, found, now)
    return await asyncio.to_thread(read, source=source, company=company, recognition=recognition)


async def _found_beside(text: str, now: datetime, form: str | None) -> Found | None:
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawning) as pool:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, find_records, text, now, form)
        except BrokenProcessPool:
            raise FetchError("the process that read the document ended before it was done") from None
