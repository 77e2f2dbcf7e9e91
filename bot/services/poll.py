"""Ask sources for jobs, each in its own time; a failing one is asked later and later, and harms no other."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from yarl import URL

from bot.errors import FetchError, StoreError, UsageError
from bot.jobs.imported import MOST_RECORDS
from bot.jobs.job import Job
from bot.jobs.planning import BACKLOG
from bot.jobs.polling import Featuring, Source, SourceState, asked, failed, is_spent, succeeded, tomorrow
from bot.jobs.query import JobQuery, fits
from bot.services.collect import CollectService, ImportReport
from bot.services.ports import Answer, Clock, Fetching, SourceStore

_log = logging.getLogger(__name__)

MOST_PAGES = 20
"""Pages of a source that are read at a time; the longest list that was seen would have 5,000."""

ReadQuery = Callable[[str], JobQuery]
Tell = Callable[[Source], Awaitable[None]]
_Choose = Callable[[Job], bool]
_Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Polled:
    """What became of asking one source: `report` of all its pages where it had changed, `gone` jobs that are over now.

    `fault` says what went wrong, or that nothing may be asked today; None when all is well.
    """

    source: Source
    report: ImportReport | None = None
    gone: int = 0
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    answer: Answer
    report: ImportReport | None = None


@dataclass(frozen=True, slots=True)
class _Fault:
    reason: str
    retry_after: timedelta | None = None


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
        """Ask one source now, for all its pages, and write down how it is doing. Raises what the store raises."""
        now = self._clock()
        if self._is_spent(source):
            await self._sources.note(replace(source, due=tomorrow(now)))
            return Polled(source, fault="it allows no more requests today")
        choose = self._chooser(source)
        source = await self._counted(source)
        page = await self._ask(source, choose)
        if isinstance(page, _Fault):
            return await self._failed(source, page)
        if page.report is None:  # a 304 need not repeat what it was asked with
            await self._sources.note_unchanged(source.name, now)
            return Polled(await self._succeeded(source, now, kept=source))
        source, report, fault = await self._read_on(source, page.report, choose)
        if fault is None and not (report.stored or report.irrelevant):
            return await self._empty(source, report, now)
        gone = await self._sources.note_jobs(source.name, [job.id for job in report.stored], now, whole=report.whole)
        if fault:
            return await self._failed(replace(source, etag=None, modified=None), fault, report)
        cut = report.page.following and self._is_spent(source)  # another day may read on: it has to be asked anew
        return Polled(await self._succeeded(source, now, kept=None if cut else page.answer), report, gone)

    def _is_spent(self, source: Source) -> bool:
        return is_spent(source, self._clock(), self._allowed(source))

    async def _counted(self, source: Source) -> Source:
        """Count a request before it is made: a process that dies on the answer counts too."""
        source = asked(source, self._clock())
        await self._sources.note(source)
        return source

    async def _ask(self, source: Source, choose: _Choose | None, following: _Query = ()) -> _Page | _Fault:
        """Take in the first page, if it has changed, or the one that `following` asks for."""
        try:
            answer = await self._fetch(source, following)
            if answer.text is None:
                return _Page(answer)
            report = await self._collect.import_text(
                answer.text,
                source.form,
                source=source.name,
                company=source.company,
                most=MOST_RECORDS,
                featured=choose,
            )
            return _Page(answer, report)
        except StoreError:
            raise
        except (FetchError, UsageError) as error:
            return _Fault(str(error), getattr(error, "retry_after", None))
        except Exception as error:  # noqa: BLE001  # whatever it is, the other sources have to be asked
            _log.exception("source %s failed in an unexpected way", source.name)
            return _Fault(f"unexpected {type(error).__name__}: {error}")

    async def _fetch(self, source: Source, following: _Query) -> Answer:
        if following:
            return await self._fetching.fetch(str(URL(source.address).update_query(following)))
        return await self._fetching.fetch(source.address, etag=source.etag, modified=source.modified)

    async def _read_on(
        self, source: Source, report: ImportReport, choose: _Choose | None
    ) -> tuple[Source, ImportReport, _Fault | None]:
        """Take in what follows the first page: at most MOST_PAGES, none twice, as many as the source allows today."""
        asked_for: set[_Query] = {()}
        for number in range(2, MOST_PAGES + 1):
            following = report.page.following
            if following in asked_for or self._is_spent(source):
                break
            asked_for.add(following)
            source = await self._counted(source)
            page = await self._ask(source, choose, following)
            if isinstance(page, _Fault):
                return source, report, replace(page, reason=f"page {number}: {page.reason}")
            if page.report is None:
                return source, report, _Fault(f"page {number}: it says that it has not changed, which nobody asked")
            report = report.followed_by(page.report)
        return source, report, None

    def _chooser(self, source: Source) -> _Choose | None:
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

    async def _empty(self, source: Source, report: ImportReport, now: datetime) -> Polled:
        """Close nothing: boards that fail often say that they are empty. One that never held a job is no board."""
        reason = _without_jobs(report)
        if source.succeeded is None:
            return await self._failed(source, _Fault(reason))
        return Polled(await self._succeeded(source, now, kept=None, reason=reason), report, fault=reason)

    async def _succeeded(
        self, source: Source, now: datetime, *, kept: Source | Answer | None, reason: str | None = None
    ) -> Source:
        etag, modified = (kept.etag, kept.modified) if kept else (None, None)
        done = replace(succeeded(source, now, chance=self._chance(), etag=etag, modified=modified), reason=reason)
        await self._sources.note(done)
        return done

    async def _failed(self, source: Source, fault: _Fault, report: ImportReport | None = None) -> Polled:
        after = failed(source, self._clock(), fault.reason, chance=self._chance(), retry_after=fault.retry_after)
        await self._sources.note(after)
        _log.warning("source %s: %s", source.name, after.reason)
        if after.state is SourceState.PAUSED:
            await self._tell(after)
        return Polled(after, report, fault=after.reason)


def _without_jobs(report: ImportReport) -> str:
    refused = f": {report.refused[0].reason}" if report.refused else ""
    return f"its document holds no jobs{refused}"
