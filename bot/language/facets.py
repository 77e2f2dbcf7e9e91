"""Facets: level, country, remote, employment, pay and year, as they are said in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType


class Level(StrEnum):
    """How senior a position is."""

    ENTRY = "entry"
    MID = "mid"
    SENIOR = "senior"
    EXECUTIVE = "executive"


class Employment(StrEnum):
    """How somebody is employed; freelance counts as contract."""

    FULL_TIME = "full-time"
    PART_TIME = "part-time"
    CONTRACT = "contract"
    INTERNSHIP = "internship"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question narrows its answer to; None means it does not say.

    `country` is ISO 3166 alpha-2 in upper case; `salary_min` is a yearly amount in whole units of currency.
    """

    country: str | None = None
    level: Level | None = None
    remote: bool | None = None
    employment: Employment | None = None
    salary_min: int | None = None
    year: int | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) is not None for field in fields(self))


NO_FILTERS = Filters()


_AMOUNT = re.compile(
    r"(?P<before>[$€£₹¥])?\s?(?<!\d)(?P<number>\d{1,3}(?:[,.\u202f ]\d{3}){1,4}|\d{1,9}(?:[.,]\d{1,2})?)(?!\d)\s?"
    r"(?P<scale>k|m|lakhs?|lpa|grand)?"
    r"(?P<after>[$€£₹¥])?(?![\w])"
)
_SCALES = {"k": 1_000, "grand": 1_000, "m": 1_000_000, "lakh": 100_000, "lakhs": 100_000, "lpa": 100_000}
_YEAR = re.compile(r"(?<![\d.,$€£])(?:19[89]\d|20[0-4]\d)(?![\d.,]*\d|\s?k\b)")
_YEARLY = {"hour": 2_080, "day": 260, "week": 52, "month": 12, "year": 1}
YEARLY_PAY = range(1_000, 10_000_000)
"""Amounts that can be a year's pay in some currency; others are taken for something else."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start:end of a text, and what they mean."""

    start: int
    end: int
    value: int


def find_year(text: str) -> Span | None:
    """Return the first year (1980-2049) that a text names."""
    match = _YEAR.search(text)
    return Span(match.start(), match.end(), int(match.group())) if match else None


def find_pay(text: str, periods: Mapping[str, str] = MappingProxyType({})) -> Span | None:
    """Return the first amount of pay in a lower-case text, as whole units a year.

    An amount needs a currency sign or a scale ("100k", "€4.5k a month"); a bare number is not pay. `periods` maps
    words that may follow the amount ("a month") to hour, day, week, month or year.
    """
    for match in _AMOUNT.finditer(text):
        if not (match["before"] or match["after"] or match["scale"]):
            continue
        amount = _number(match["number"]) * _SCALES.get(match["scale"] or "", 1)
        end, factor = _period_after(text, match.end(), periods)
        yearly = round(amount * factor)
        if yearly in YEARLY_PAY:
            return Span(match.start(), end, yearly)
    return None


def _number(written: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[,.\u202f ]\d{3})+", written):
        return float(re.sub(r"\D", "", written))
    return float(written.replace(",", "."))


def _period_after(text: str, end: int, periods: Mapping[str, str]) -> tuple[int, int]:
    rest = text[end : end + 16].lstrip()
    blanks = len(text[end : end + 16]) - len(rest)
    for words, period in sorted(periods.items(), key=lambda item: -len(item[0])):
        if rest.startswith(words):
            return end + blanks + len(words), _YEARLY[period]
    return end, 1
