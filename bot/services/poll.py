"""Ask sources for jobs, each in its own time; a failing one is asked later and later, and harms no other."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import FetchError, StoreError, UsageError
from bot.jobs.job import Job
from bot.jobs.planning import BACKLOG
from bot.jobs.polling import Featuring, Source, SourceState, asked, failed, is_spent, succeeded, tomorrow
from bot.jobs.query import JobQuery, fits
from bot.services.collect import CollectService, ImportReport
from bot.services.ports import Clock, Fetching, SourceStore

_log = logging.getLogger(__name__)

ReadQuery = Callable[[str], JobQuery]
Tell = Callable[[Source], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Polled:
    """What became of asking one source: `report` where its document had changed, `gone` jobs that are over now.

    `fault` says what went wrong, or that nothing may be asked today; None when all is well.
    """

    source: Source
    report: ImportReport | None = None
    gone: int = 0
    fault: str | None = None


async def tell_nobody(_source: Source) -> None:
    """Leave it at what the store says about a source."""


class PollService:
    """Asks sources; `tell` is called once for each that is paused because it fails."""

    def __init__(
        self,
        sources: SourceStore,
        fetching: Fetching,
        collect: CollectService,
        clock: Clock,
        *,
        read_query: ReadQuery,
        allowed: Callable[[Source], int | None],
        tell: Tell = tell_nobody,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take, beside what it works with, what understands words, and how many requests a day boards allow."""
        self._sources = sources
        self._fetching = fetching
        self._collect = collect
        self._clock = clock
        self._read_query = read_query
        self._allowed = allowed
        self._tell = tell
        self._chance = chance

    async def run(self) -> tuple[Polled, ...]:
        """Ask all sources that are due. Raises what the store raises."""
        return tuple([await self.poll(source) for source in await self._sources.due(self._clock())])

    async def poll(self, source: Source) -> Polled:
        """Ask one source now, and write down how it is doing. Raises what the store raises."""
        now = self._clock()
        if is_spent(source, now, self._allowed(source)):
            await self._sources.note(replace(source, due=tomorrow(now)))
            return Polled(source, fault="it allows no more requests today")
        source = asked(source, now)
        await self._sources.note(source)  # before it is asked: a process that dies on the answer counts too
        try:
            answer = await self._fetching.fetch(source.address, etag=source.etag, modified=source.modified)
            report = await self._take_in(source, answer.text) if answer.text is not None else None
        except StoreError:
            raise
        except (FetchError, UsageError) as error:
            return await self._failed(source, str(error), getattr(error, "retry_after", None))
        except Exception as error:  # noqa: BLE001  # whatever it is, the other sources have to be asked
            _log.exception("source %s failed in an unexpected way", source.name)
            return await self._failed(source, f"unexpected {type(error).__name__}: {error}", None)
        if report is not None and not (report.stored or report.irrelevant):
            return await self._empty(source, report, now)
        gone = await self._note_jobs(source, report, now)
        kept = source if report is None else answer  # a 304 need not repeat what it was asked with
        done = succeeded(source, now, chance=self._chance(), etag=kept.etag, modified=kept.modified)
        await self._sources.note(done)
        return Polled(done, report, gone)

    async def _take_in(self, source: Source, text: str) -> ImportReport:
        return await self._collect.import_text(
            text, source.form, source=source.name, company=source.company, featured=self._chooser(source)
        )

    def _chooser(self, source: Source) -> Callable[[Job], bool] | None:
        """Return what tells which new jobs are featured: of a board that is new itself, the first few."""
        if source.featured is Featuring.BY_HAND:
            return None
        query = self._read_query(source.matching or "")
        left = None if source.succeeded else BACKLOG

        def choose(job: Job) -> bool:
            nonlocal left
            if not fits(job, query) or left == 0:
                return False
            left = left if left is None else left - 1
            return True

        return choose

    async def _note_jobs(self, source: Source, report: ImportReport | None, now: datetime) -> int:
        if report is None:
            await self._sources.note_unchanged(source.name, now)
            return 0
        met = [job.id for job in report.stored]
        return await self._sources.note_jobs(source.name, met, now, whole=report.whole)

    async def _empty(self, source: Source, report: ImportReport, now: datetime) -> Polled:
        """Close nothing: boards that fail often say that they are empty. One that never held a job is no board."""
        if source.succeeded is None:
            return await self._failed(source, _without_jobs(report), None)
        done = succeeded(source, now, chance=self._chance(), etag=None, modified=None)
        done = replace(done, reason=_without_jobs(report))
        await self._sources.note(done)
        return Polled(done, report, fault=done.reason)

    async def _failed(self, source: Source, reason: str, retry_after: timedelta | None) -> Polled:
        after = failed(source, self._clock(), reason, chance=self._chance(), retry_after=retry_after)
        await self._sources.note(after)
        _log.warning("source %s: %s", source.name, after.reason)
        if after.state is SourceState.PAUSED:
            await self._tell(after)
        return Polled(after, fault=after.reason)


def _without_jobs(report: ImportReport) -> str:
    refused = f": {report.refused[0].reason}" if report.refused else ""
    return f"its document holds no jobs{refused}"
