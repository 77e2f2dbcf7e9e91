"""Which figures answer a question about pay or outlook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.advisor.knowledge import Figure, FigureKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.language.facets import Filters

HOME = "US"
"""The country that most figures are about; shown when a question names none, and beside a gap."""
SMALLEST_SAMPLE = 10
"""A figure from fewer adverts says more about these adverts than about the role."""
_PAY = (FigureKind.ADVERTISED_PAY, FigureKind.EMPLOYEE_PAY, FigureKind.REPORTED_PAY)
_YEAR = re.compile(r"\d{4}")


def pay_figures(figures: Sequence[Figure], role: str, filters: Filters) -> tuple[Figure, ...]:
    """Return the pay figures of a role that fit `filters`, at most one a kind and source; dated ones come last.

    Nothing is returned for a country, level or year without a figure: the caller says so and may show HOME's.
    """
    place = filters.country or HOME
    fitting = [
        figure
        for figure in figures
        if figure.role == role
        and figure.kind in _PAY
        and figure.place == place
        and (figure.sample is None or figure.sample >= SMALLEST_SAMPLE)
        and (filters.year is None or covers(figure, filters.year))
    ]
    if any((filters.level, filters.remote is not None)):
        # A source that does not tell levels apart cannot answer a question about one.
        fitting = [f for f in fitting if f.level == filters.level and f.remote == filters.remote]
    else:
        fitting = [f for f in fitting if f.level is None and f.remote is None]
    return tuple(sorted(_one_a_kind(fitting), key=_reading_order))


def growth_figures(figures: Sequence[Figure], role: str) -> tuple[Figure, ...]:
    """Return the projections of a role's employment, current ones first."""
    return tuple(sorted((f for f in figures if f.role == role and f.kind is FigureKind.GROWTH), key=_reading_order))


def covers(figure: Figure, year: int) -> bool:
    """Return whether the period of a figure, as its source writes it, holds a year."""
    last, first = _years(figure)
    return first <= year <= last


def _one_a_kind(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    newest: dict[tuple[FigureKind, str], Figure] = {}
    for figure in figures:
        key = (figure.kind, figure.source)
        if key not in newest or _years(figure) > _years(newest[key]):
            newest[key] = figure
    return tuple(newest.values())


def _years(figure: Figure) -> tuple[int, int]:
    """Return the last and the first year of a figure's period; 0 for a period that names none."""
    years = [int(found) for found in _YEAR.findall(figure.period)]
    return max(years, default=0), min(years, default=0)


def _reading_order(figure: Figure) -> tuple[bool, int, str]:
    order = (*_PAY, FigureKind.GROWTH)
    return figure.dated, order.index(figure.kind), figure.source
