"""Reading documents beside the event loop: in a thread, or in a process of their own that ends when it takes too much.

A thread reads JSON only, and little of it: 20 MiB stop the loop for 60 ms. All else can be made to be slow, and nothing
stops a thread: feedparser takes half a minute for a certain 64 KB, and a table of 4 MiB can stop the loop for 12 s.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.errors import FetchError, UsageError
from bot.jobs.imported import Imported, Recognition
from bot.sources import feeds, personio, schema_org, tables
from bot.sources.document import Document
from bot.sources.registry import Found, find_records, jobs_of, read_jobs

if sys.platform != "win32":
    import resource

MIB = 1 << 20
LARGE = 4 * MIB
"""Characters above which any document has a process."""
_MARKUP = (feeds.RSS, feeds.ATOM, feeds.WE_WORK_REMOTELY, personio.FORMAT, schema_org.FORMAT)
_SLOW = frozenset(form.name for form in (*_MARKUP, tables.CSV, tables.MARKDOWN))
_CHILD = "from bot.sources.reading import answer; answer()"
_OUT_OF_MEMORY = 3
"""The code with which the process ends then: it may not have enough left to say it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may take: seconds of a processor, bytes of memory, and bytes of records that it hands back."""

    seconds: int
    memory: int
    records: int


def limits_of(characters: int) -> Limits:
    """Return what reading a document of this length may take.

    An ordinary feed of 8 MiB takes 7 s and 130 MiB on a slow machine, one of 64 MiB 40 s and 1.6 GiB.
    """
    return Limits(3 + 5 * characters // (2 * MIB), 512 * MIB + 32 * characters, 16 * MIB + 4 * characters)


async def read_document(
    text: str,
    now: datetime,
    *,
    form: str | None = None,
    source: str | None = None,
    company: str | None = None,
    most: int | None = None,
    recognition: Recognition,
    limits: Limits | None = None,
) -> Imported:
    """Return the jobs of a document, as `read_jobs` does.

    `limits` are those of a process, by default what suits the length. Raises FetchError when it ended before the
    document was read.
    """
    found = None
    is_json = form not in _SLOW and Document(text, now, recognition).start.startswith(("{", "["))
    if len(text) > LARGE or not is_json:
        found = await _found_beside(text, now, form, limits or limits_of(len(text)))
    read = partial(read_jobs, text, now, form=form, most=most) if found is None else partial(jobs_of, found, now)
    return await asyncio.to_thread(read, source=source, company=company, recognition=recognition)


async def _found_beside(text: str, now: datetime, form: str | None, limits: Limits) -> Found | None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _CHILD),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,  # Ctrl+C is for the bot, which ends it
    )
    try:
        said, _ = await process.communicate(pickle.dumps((limits, text, now, form)))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise FetchError(_end(process.returncode, limits))
    found: Found | UsageError | FetchError | None = await asyncio.to_thread(pickle.loads, said)
    if isinstance(found, Exception):
        raise found
    return found


def _end(code: int, limits: Limits) -> str:
    if sys.platform != "win32" and code == -signal.SIGXCPU:
        return f"reading it took more than {limits.seconds} seconds; no document of its size should"
    if code == _OUT_OF_MEMORY:
        return f"reading it took more than {limits.memory // MIB} MiB of memory; no document of its size should"
    return f"the process that read it ended before it was done, with code {code}"


def answer() -> None:
    """Be the process that reads a document: take it from standard input, give its records to standard output."""
    limits, text, now, form = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the bot itself
    _keep_to(limits)
    sys.stdout.buffer.write(_answer(text, now, form, limits))


def _answer(text: str, now: datetime, form: str | None, limits: Limits) -> bytes:
    try:
        found = pickle.dumps(find_records(text, now, form))
    except UsageError as error:
        return pickle.dumps(error)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    if len(found) > limits.records:
        return pickle.dumps(FetchError(f"it unfolds to records of more than {limits.records // MIB} MiB"))
    return found


def _keep_to(limits: Limits) -> None:
    """Let the system end this process when it takes more; Windows has no such limits."""
    if sys.platform != "win32":
        kinds = {resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: limits.seconds, resource.RLIMIT_AS: limits.memory}
        for kind, most in kinds.items():
            with suppress(ValueError, OSError):  # a lower limit stands already, or the system keeps none of this kind
                resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
