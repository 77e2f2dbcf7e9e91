"""What somebody looks for among jobs, and whether a job is that."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property

from bot.jobs.duplicates import company_key
from bot.jobs.identity import plain_words
from bot.jobs.job import Job
from bot.jobs.pay import yearly
from bot.language.facets import NO_FILTERS, Filters

MOST_COUNTED = 500
"""How far the jobs that fit are counted: nobody reads on to the end of more, and it takes a third of a search."""


@dataclass(frozen=True, slots=True)
class JobQuery:
    """What is looked for; an empty part asks for nothing.

    `roles` are role ids and `sources` names of sources, of which any will do; `company` is a name or its beginning;
    `since` is when a job appeared at the earliest; `words` all have to stand in a job, or to begin words of it. A job
    of unknown pay fits `filters.salary_min` unless `paid` asks for jobs that tell their pay.
    """

    roles: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    company: str | None = None
    since: datetime | None = None
    words: tuple[str, ...] = ()
    paid: bool = False
    sources: tuple[str, ...] = ()


ANYTHING = JobQuery()


def narrowed(query: JobQuery, by: JobQuery) -> JobQuery:
    """Return a query with what `by` asks for in place of its own, and its own words too."""
    chosen = {name: value for name, value in asdict(by.filters).items() if value is not None}
    return replace(
        by,
        roles=by.roles or query.roles,
        filters=replace(query.filters, **chosen),
        company=by.company or query.company,
        since=by.since or query.since,
        words=query.words + by.words,
        paid=by.paid or query.paid,
        sources=by.sources or query.sources,
    )


def parts_of(query: JobQuery) -> Iterator[tuple[str, JobQuery]]:
    """Yield each thing that a query asks for, by its name, as a query that asks for nothing else."""
    for name in ("roles", "company", "since", "words", "paid", "sources"):
        if value := getattr(query, name):
            yield name, replace(ANYTHING, **{name: value})
    for name, value in asdict(query.filters).items():
        if value is not None:
            yield name, JobQuery(filters=replace(NO_FILTERS, **{name: value}))


def fits(job: Job, query: JobQuery) -> bool:
    """Return whether a job is what is looked for, as a search in the store would find it."""
    return Sought(job).fits(query)


class Sought:
    """A job taken apart, to be asked about many queries."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._company = company_key(job.company) or ""
        self._appeared = job.posted or job.first_seen
        self._pay = yearly(job.pay)[1] if job.pay else None

    def fits(self, query: JobQuery) -> bool:
        """Return whether the job is what a query looks for."""
        return (
            (not query.roles or self.job.role in query.roles)
            and self._fits_filters(query.filters)
            and (not query.company or self._company.startswith(company_key(query.company) or ""))
            and (not query.sources or self.job.source in query.sources)
            and (query.since is None or self._appeared >= query.since)
            and (not query.paid or self._pay is not None)
            and all(map(self._says, query.words))
        )

    def _fits_filters(self, filters: Filters) -> bool:
        """Return whether what a job says fits; what it does not say fits only where it is not remote, or its pay."""
        job = self.job
        return (
            (filters.country is None or filters.country in job.countries)
            and (filters.level is None or filters.level is job.level)
            and (filters.remote is None or filters.remote is bool(job.remote))
            and (filters.employment is None or filters.employment in job.employment)
            and (filters.salary_min is None or self._pay is None or self._pay >= filters.salary_min)
        )

    def _says(self, word: str) -> bool:
        """Return whether a word of the job begins so."""
        at = bisect_left(self._words, word)
        return at < len(self._words) and self._words[at].startswith(word)

    @cached_property
    def _words(self) -> list[str]:
        job = self.job
        texts = (job.title, job.company, job.place or "", *job.elsewhere, *job.tags, job.text or "")
        return sorted(set(plain_words(" ".join(texts)).split()))
