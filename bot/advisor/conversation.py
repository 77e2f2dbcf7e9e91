"""What an earlier question adds to a later one: "and the salary?", "vs data engineer?", "in Germany?"."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent
from bot.language.facets import NO_FILTERS, Filters

if TYPE_CHECKING:
    from bot.advisor.reading import Reading
    from bot.advisor.recognition import Recognised

SHORT = 5
"""Words left, slots not counted, up to which a question leans on the one before it."""
BARE = 3
"""Words left beside a place, level or role, up to which a question only swaps that in the one before it."""


def is_elliptical(recognised: Recognised) -> bool:
    """Return whether a question is too short to stand alone."""
    return _plain_words(recognised) <= SHORT


def carry_over(previous: Reading | None) -> tuple[str, ...]:
    """Return the roles that a question without any takes from the one before it."""
    return previous.roles if previous else ()


def swapped(recognised: Recognised, previous: Reading | None) -> Reading | None:
    """Return the previous reading with what a bare follow-up names in its place: a country, a level, another role.

    None when the question says more than that, or there is nothing to swap it in.
    """
    if previous is None or _plain_words(recognised) > BARE or recognised.terms:
        return None
    if recognised.roles and not recognised.filters:
        if previous.intent in {Intent.ROLE, Intent.JOBS}:
            return replace(_bare(previous), roles=recognised.roles[:1])
        return None
    if recognised.filters and not recognised.roles and _takes_filters(previous):
        return replace(_bare(previous), filters=merged(previous.filters, recognised.filters))
    return None


def merged(earlier: Filters, later: Filters) -> Filters:
    """Return the later filters, and the earlier ones where the later say nothing."""
    changes = {f.name: value for f in fields(Filters) if (value := getattr(later, f.name)) is not None}
    return replace(earlier, **changes)


def _plain_words(recognised: Recognised) -> int:
    return sum(not token.startswith("{") for token in recognised.slotted)


def _takes_filters(reading: Reading) -> bool:
    return reading.intent is Intent.JOBS or reading.section in {Section.SALARY, Section.OUTLOOK}


def _bare(reading: Reading) -> Reading:
    return replace(reading, also=(), choices=(), filters=reading.filters or NO_FILTERS)
