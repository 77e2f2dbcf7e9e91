"""Advertised pay, counted from a public file in which most adverts stand as two rows: the top and the foot of a range.

The format is that of ai-jobs.net: one row a line, the columns named in the first. What its rows are, and why they are
joined and dropped, was measured on the snapshot of 2025-08-03: 97 to 99.8 % of its rows since 2023 are such pairs, half
of them repeat another advert, and rows in USD outside the US look like local pay that nobody converted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from bot.advisor.knowledge import Figure, FigureKind
from bot.advisor.salaries import HOME, SMALLEST_SAMPLE
from bot.language.facets import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.advisor.knowledge import AdvertTitle

COLUMNS = (
    "work_year",
    "experience_level",
    "employment_type",
    "job_title",
    "salary",
    "salary_currency",
    "salary_in_usd",
    "employee_residence",
    "remote_ratio",
    "company_location",
)
YEARS = 3
"""Years that count: the newest in the file and those before it."""
HOME_CURRENCY = "USD"
SCATTERED = 5
"""A cell whose 90th percentile is more than so many times its 10th mixes jobs that have only the title in common."""
LEVELS = MappingProxyType({"EN": Level.ENTRY, "MI": Level.MID, "SE": Level.SENIOR, "EX": Level.EXECUTIVE})
REMOTE = MappingProxyType({"0": False, "50": None, "100": True})
FULL_TIME = "FT"
OTHER_EMPLOYMENT = frozenset({"PT", "CT", "FL"})
PERCENTILES = (10, 50, 90)
"""What a figure shows as low, middle and high."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file; `amount` is in `currency` a year: at HOME in USD, as the file converts it."""

    year: int
    level: Level
    full_time: bool
    title: str
    amount: float
    currency: str
    residence: str
    remote: bool | None
    country: str

    def begins_range(self, foot: Row) -> bool:
        """Return whether this row and the next are the top and the foot of one advert's range."""
        return self.about == foot.about and self.amount >= foot.amount

    @property
    def about(self) -> tuple[object, ...]:
        """Everything but the amount."""
        return (
            self.year,
            self.level,
            self.full_time,
            self.title,
            self.currency,
            self.residence,
            self.remote,
            self.country,
        )


@dataclass(frozen=True, slots=True)
class Advert:
    """One distinct advert: what its rows say, and the range that it names."""

    row: Row
    low: float
    high: float

    @property
    def middle(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2


def parse_row(values: Mapping[str, str]) -> Row:
    """Return the row that `values` by column hold. Raises ValueError with what is wrong."""
    level, employment, remote = values["experience_level"], values["employment_type"], values["remote_ratio"]
    for column, value, known in (
        ("experience_level", level, LEVELS),
        ("employment_type", employment, {FULL_TIME, *OTHER_EMPLOYMENT}),
        ("remote_ratio", remote, REMOTE),
    ):
        if value not in known:
            raise ValueError(f'{column} is "{value[:20]}", not one of {", ".join(sorted(known))}')
    if not values["job_title"].strip():
        raise ValueError("job_title is empty")
    country = values["company_location"]
    return Row(
        year=_year(values["work_year"]),
        level=LEVELS[level],
        full_time=employment == FULL_TIME,
        title=values["job_title"].strip(),
        amount=_number("salary_in_usd" if country == HOME else "salary", values),
        currency=HOME_CURRENCY if country == HOME else values["salary_currency"],
        residence=values["employee_residence"],
        remote=REMOTE[remote],
        country=country,
    )


def _year(text: str) -> int:
    if not re.fullmatch(r"[12]\d{3}", text, re.ASCII):
        raise ValueError(f'work_year is "{text[:20]}", not a year')
    return int(text)


def _number(column: str, values: Mapping[str, str]) -> float:
    text = values[column]
    if not text.isascii() or not text.replace(".", "", 1).isdigit():
        raise ValueError(f'{column} is "{text[:20]}", not a number')
    return float(text)


def distinct_adverts(rows: Iterable[Row]) -> Iterator[Advert]:
    """Yield the full-time adverts behind `rows`, in their order: pairs joined, repeats left out."""
    seen: set[tuple[object, ...]] = set()
    for advert in _joined(rows):
        key = (advert.row.about, advert.low, advert.high)
        if advert.row.full_time and key not in seen:
            seen.add(key)
            yield advert


def _joined(rows: Iterable[Row]) -> Iterator[Advert]:
    top: Row | None = None
    for row in rows:
        if top and top.begins_range(row):
            yield Advert(top, row.amount, top.amount)
            top = None
            continue
        if top:
            yield Advert(top, top.amount, top.amount)
        top = row
    if top:
        yield Advert(top, top.amount, top.amount)


def advertised_pay(adverts: Iterable[Advert], titles: Sequence[AdvertTitle], source: str) -> tuple[Figure, ...]:
    """Return the figures of the roles that `titles` name: over all, by level, and by remote or on site, a country each.

    They are percentiles of the middle of each range, in the country's own currency. A country's own currency is the
    commonest there but for USD, which outside the US is not to be trusted. Cells of fewer than SMALLEST_SAMPLE adverts,
    and SCATTERED ones, are left out.
    """
    adverts = tuple(adverts)
    newest = max((advert.row.year for advert in adverts), default=0)
    recent = [advert for advert in adverts if advert.row.year > newest - YEARS]
    period = f"{newest - YEARS + 1}-{newest}"
    currencies = _own_currencies(recent)
    named = {title.title: title for title in titles}
    cells: dict[tuple[AdvertTitle, str, Level | None, bool | None], list[float]] = defaultdict(list)
    for advert in recent:
        row, title = advert.row, named.get(advert.row.title)
        if title and row.currency == currencies.get(row.country):
            cells[title, row.country, None, None].append(advert.middle)
            cells[title, row.country, row.level, None].append(advert.middle)
            if row.remote is not None:
                cells[title, row.country, None, row.remote].append(advert.middle)
    figures = []
    for (title, country, level, remote), middles in cells.items():
        low, middle, high = (float(amount) for amount in np.percentile(middles, PERCENTILES))
        if len(middles) < SMALLEST_SAMPLE or high > SCATTERED * low:
            continue
        figure = Figure(
            role=title.role,
            kind=FigureKind.ADVERTISED_PAY,
            source=source,
            unit=f"{currencies[country]}/year",
            place=country,
            period=period,
            low=round(low),
            middle=round(middle),
            high=round(high),
            sample=len(middles),
            level=level,
            remote=remote,
            occupation=None if title.exact else title.title,
            exact=title.exact,
        )
        figures.append(figure)
    return tuple(sorted(figures, key=_reading_order))


def _own_currencies(adverts: Iterable[Advert]) -> dict[str, str]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for advert in adverts:
        if advert.row.currency != HOME_CURRENCY:
            counts[advert.row.country][advert.row.currency] += 1
    own = {country: min(found, key=lambda c: (-found[c], c)) for country, found in counts.items()}
    return own | {HOME: HOME_CURRENCY}


def _reading_order(figure: Figure) -> tuple[object, ...]:
    levels = [None, *Level]
    remote = (None, True, False).index(figure.remote)
    return (
        figure.role,
        figure.place != HOME,
        figure.place,
        remote,
        levels.index(figure.level),
        figure.occupation or "",
    )


def write_figures(figures: Iterable[Figure], comments: Iterable[str]) -> str:
    """Return advertised pay as the YAML of salaries.yaml, one figure a line, under `comments`."""
    lines = [f"# {comment}" for comment in comments]
    return "\n".join([*lines, "figures:", *(f"  - {{{_fields(figure)}}}" for figure in figures), ""])


def _fields(figure: Figure) -> str:
    fields: dict[str, object] = {
        "role": figure.role,
        "kind": figure.kind.value,
        "source": figure.source,
        "unit": figure.unit,
        "place": figure.place,
        "period": figure.period,
    }
    if figure.remote is not None:
        fields["remote"] = str(figure.remote).lower()
    if figure.level:
        fields["level"] = figure.level.value
    fields |= {"low": figure.low, "middle": figure.middle, "high": figure.high, "sample": figure.sample}
    if not figure.exact:
        fields |= {"occupation": figure.occupation, "exact": "false"}
    return ", ".join(f"{name}: {value}" for name, value in fields.items())
