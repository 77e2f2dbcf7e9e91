"""Facets: level, country, remote, employment, pay and year, as they are said in words."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum


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
