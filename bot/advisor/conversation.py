"""What an earlier question adds to a later one: "and the salary?", "vs data engineer?", "in Germany?"."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent
from bot.language.facets import NO_FILTERS, Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.advisor.reading import Reading
    from bot.advisor.recognition import Recognised

SHORT = 10
"""Words left, slots not counted, up to which a question leans on the one before it."""


def is_elliptical(recognised: Recognised) -> bool:
    """Return whether a question is too short to stand alone."""
    return len(_plain(recognised)) <= SHORT


def carry_over(context: Sequence[Reading]) -> tuple[str, ...]:
    """Return the roles that a question without any takes from the latest one before it that named some."""
    return next((reading.roles for reading in reversed(context) if reading.roles), ())


def swapped(recognised: Recognised, previous: Reading | None, leaning: frozenset[str]) -> Reading | None:
    """Return the previous reading with what a bare follow-up names in its place: a country, a level, another role.

    None when the question says more than that in words that are not `leaning`, or there is nothing to swap it in.
    """
    if previous is None or recognised.terms or not leaning.issuperset(_plain(recognised)):
        return None
    if recognised.roles and not recognised.filters:
        if previous.intent in {Intent.ROLE, Intent.JOBS}:
            return replace(_bare(previous), roles=recognised.roles[:1])
        return None
    narrowing = _taken(previous, recognised.filters)
    if narrowing and not recognised.roles:
        return replace(_bare(previous), filters=merged(previous.filters, narrowing))
    return None


def continued_jobs(jobs: Reading, context: Sequence[Reading], recognised: Recognised) -> Reading:
    """Return a search for jobs with what was asked before, where it leans on that: "only remote please"."""
    if not context or not is_elliptical(recognised) or recognised.foreign:
        return jobs
    previous = context[-1]
    earlier = previous.filters if previous.intent is Intent.JOBS else NO_FILTERS
    carried = previous.roles[-1:] if previous.intent is Intent.TRANSITION else previous.roles
    if previous.intent is Intent.COMPARE:
        carried = ()
    return replace(jobs, roles=jobs.roles or carried, filters=merged(earlier, jobs.filters))


def merged(earlier: Filters, later: Filters) -> Filters:
    """Return the later filters, and the earlier ones where the later say nothing."""
    changes = {f.name: value for f in fields(Filters) if (value := getattr(later, f.name)) is not None}
    return replace(earlier, **changes)


def _plain(recognised: Recognised) -> tuple[str, ...]:
    return tuple(token for token in recognised.slotted if not token.startswith("{"))


def _taken(reading: Reading, filters: Filters) -> Filters:
    """Return the filters that what was asked before can take: figures are not told apart by kind of employment."""
    if reading.intent is Intent.JOBS:
        return filters
    if reading.section in {Section.SALARY, Section.OUTLOOK}:
        return replace(filters, employment=None, salary_min=None)
    return NO_FILTERS


def _bare(reading: Reading) -> Reading:
    return replace(reading, also=(), choices=(), filters=reading.filters or NO_FILTERS)
