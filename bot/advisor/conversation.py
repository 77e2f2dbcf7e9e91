"""What an earlier question adds to a later one: "and the salary?", "vs data engineer?", "in Germany?"."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.language.facets import NO_FILTERS, Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.advisor.recognition import Recognised

SHORT = 10
"""Words left, slots not counted, up to which a question leans on the one before it."""


def is_elliptical(recognised: Recognised) -> bool:
    """Return whether a question is too short to stand alone."""
    return len(_plain(recognised)) <= SHORT


def carry_over(context: Sequence[Reading]) -> tuple[str, ...]:
    """Return the roles that a question without any takes from the latest one before it that named some."""
    return next((reading.roles for reading in reversed(context) if reading.roles), ())


def is_remembered(reading: Reading) -> bool:
    """Return whether a later question may lean on a reading: it was answered, and not with small talk."""
    return reading.outcome is Outcome.ANSWER and reading.intent is not Intent.SMALLTALK


def spoken_of(context: Sequence[Reading]) -> tuple[str, ...]:
    """Return the roles of earlier readings, each once, in the order in which they came up."""
    return tuple(dict.fromkeys(role for reading in context for role in reading.roles))


def continued(context: Sequence[Reading], related: Callable[[Reading], Sequence[Reading]]) -> Reading | None:
    """Return more of what was shown: the next section about roles, or a choice of what is `related` to a topic or term.

    None when there is no more.
    """
    last = context[-1]
    if last.intent not in {Intent.ROLE, Intent.COMPARE}:
        return choice_of([reading for reading in related(last) if reading not in context])
    shown = {reading.section for reading in context if (reading.intent, reading.roles) == (last.intent, last.roles)}
    following = (section for section in Section if section is not Section.OVERVIEW and section not in shown)
    section = next(following, None)
    return replace(_bare(last), section=section, confidence=1.0) if section else None


def choice_of(readings: Sequence[Reading]) -> Reading | None:
    """Return readings as choices that are as likely as each other; the only one as an answer, None for none."""
    share = 1 / max(1, len(readings))
    choices = tuple(replace(reading, confidence=share) for reading in readings)
    if len(choices) < 2:
        return choices[0] if choices else None
    return Reading(None, outcome=Outcome.CHOICES, confidence=share, choices=choices)


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
