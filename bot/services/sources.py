"""The sources that the bot polls, as people set them up: the rules stand here once, for every frontend."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.jobs.polling import Origin, Source, fault_of
from bot.services.ports import Clock, SourceStore

AUTO = "auto"
"""What people write for a format that the content of each document tells."""
PAUSED_BY_HAND = "paused by hand"


class Change(StrEnum):
    """What became of a wish to change a source."""

    DONE = "done"
    ALREADY = "already"
    UNKNOWN = "unknown"
    IN_FILE = "in-file"


class SourceService:
    """Adds, lists, pauses, resumes and removes sources."""

    def __init__(self, store: SourceStore, clock: Clock, formats: Sequence[str]) -> None:
        """Take, beside what it works with, the names of all formats of jobs."""
        self._store = store
        self._clock = clock
        self._formats = tuple(formats)

    def formats(self) -> tuple[str, ...]:
        """Return what a source's format may be called."""
        return (AUTO, *self._formats)

    async def add(self, source: Source) -> str | None:
        """Have a source polled from the next look on; return what is wrong with it, in which case nothing changes."""
        if source.form is not None and source.form not in self._formats:
            return f'there is no format "{source.form}"; known are {", ".join(self.formats())}'
        if fault := fault_of(source):
            return fault
        if not await self._store.add(source, self._clock()):
            return f'there is a source "{source.name}" already; remove it first, or take another name'
        return None

    async def listed(self) -> tuple[tuple[Source, int], ...]:
        """Return all sources by name, each with how many open jobs it has."""
        jobs = await self._store.open_jobs()
        return tuple((source, jobs.get(source.name, 0)) for source in await self._store.every())

    async def names(self) -> tuple[str, ...]:
        """Return the names of all sources."""
        return tuple(source.name for source in await self._store.every())

    async def pause(self, name: str) -> Change:
        """Ask a source no more until it is resumed; its jobs stay."""
        if await self._store.pause(name, PAUSED_BY_HAND):
            return Change.DONE
        return await self._unchanged(name)

    async def resume(self, name: str) -> Change:
        """Ask a paused source again, from the next look on."""
        if await self._store.resume(name, self._clock()):
            return Change.DONE
        return await self._unchanged(name)

    async def remove(self, name: str) -> Change:
        """Forget a source; its jobs stay until they expire. One of the file of sources cannot be removed."""
        found = await self._store.get(name)
        if found is not None and found.origin is Origin.FILE:
            return Change.IN_FILE
        return Change.DONE if await self._store.remove(name) else Change.UNKNOWN

    async def _unchanged(self, name: str) -> Change:
        return Change.ALREADY if await self._store.get(name) else Change.UNKNOWN
