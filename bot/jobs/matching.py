"""Which of many subscriptions want a job: those that ask for another role, country or level are not even looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product

from bot.jobs.job import Job
from bot.jobs.query import JobQuery, Sought
from bot.language.facets import Level

_Asked = tuple[str | None, str | None, Level | None]


class Matcher:
    """Queries by what they ask for, each with the ids of those who ask it; most people ask the same."""

    def __init__(self, wanted: Iterable[tuple[int, JobQuery]]) -> None:
        askers: defaultdict[JobQuery, list[int]] = defaultdict(list)
        for asker, query in wanted:
            askers[query].append(asker)
        self._askers = tuple(askers.items())
        self._asked: defaultdict[_Asked, list[int]] = defaultdict(list)
        for at, query in enumerate(askers):
            for role in query.roles or (None,):
                self._asked[role, query.filters.country, query.filters.level].append(at)

    def who_wants(self, job: Job) -> list[int]:
        """Return the ids of those whose query a job fits, in ascending order."""
        sought = Sought(job)
        looked_at = {at for asked in _told(job) for at in self._asked.get(asked, ())}
        return sorted(
            asker
            for query, askers in map(self._askers.__getitem__, looked_at)
            if sought.fits(query)
            for asker in askers
        )


def _told(job: Job) -> Iterator[_Asked]:
    """Yield what a query may ask for that a job fits: what the job tells, or nothing."""
    roles = {job.role, None}
    return product(roles, {*job.countries, None}, {job.level, None})
