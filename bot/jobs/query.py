"""What somebody looks for among jobs, and whether a job is that."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

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

    `roles` are role ids, of which any will do; `company` is a name or its beginning; `since` is when a job appeared at
    the earliest; `words` all have to stand in a job, or to begin words of it. A job of unknown pay fits
    `filters.salary_min` unless `paid` asks for jobs that tell their pay.
    """

    roles: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    company: str | None = None
    since: datetime | None = None
    words: tuple[str, ...] = ()
    paid: bool = False


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
    )


def fits(job: Job, query: JobQuery) -> bool:
    """Return whether a job is what is looked for, as a search in the store would find it."""
    return (
        (not query.roles or job.role in query.roles)
        and _fits_filters(job, query.filters)
        and (not query.company or (company_key(job.company) or "").startswith(company_key(query.company) or ""))
        and (query.since is None or (job.posted or job.first_seen) >= query.since)
        and (not query.paid or job.pay is not None)
        and _has_words(job, query.words)
    )


def _fits_filters(job: Job, filters: Filters) -> bool:
    """Return whether what a job says fits; what it does not say fits only where it is not remote, or its pay."""
    return (
        (filters.country is None or filters.country in job.countries)
        and (filters.level is None or filters.level is job.level)
        and (filters.remote is None or filters.remote is bool(job.remote))
        and (filters.employment is None or filters.employment in job.employment)
        and (filters.salary_min is None or job.pay is None or yearly(job.pay)[1] >= filters.salary_min)
    )


def _has_words(job: Job, words: tuple[str, ...]) -> bool:
    texts = (job.title, job.company, job.place or "", *job.elsewhere, *job.tags, job.text or "")
    said = plain_words(" ".join(texts)).split()
    return all(any(each.startswith(word) for each in said) for word in words)
