"""The formats of figures and of the sources that they come from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from bot.advisor.formats.fields import Amount, Count, Country, Day, Format, Id, Line, Title, Unit, Url, YesNo, fault
from bot.advisor.knowledge import AdvertTitle, AdvertTitles, Figure, FigureKind, Source
from bot.advisor.remedies import quoted
from bot.language.facets import Level


class _Figure(Format):
    """One number about a role, with where it comes from."""

    role: Annotated[Id, Field(description="The role's id.", examples=["data-engineer"])]
    kind: Annotated[FigureKind, Field(description="What the number measures.")]
    source: Annotated[Id, Field(description="An id from sources.yaml.", examples=["ai-jobs"])]
    unit: Annotated[Unit, Field(description='A currency per year, or "percent" for growth.', examples=["USD/year"])]
    place: Annotated[Country, Field(description="The country, two upper-case letters.", examples=["US"])]
    period: Annotated[Line, Field(description="As the source names it.", examples=["2023-2025"])]
    low: Annotated[Amount | None, Field(description="A tenth or a quarter earn less, as the source has it.")] = None
    middle: Annotated[Amount, Field(description="The median, or the mean where the source has no other.")]
    high: Annotated[Amount | None, Field(description="A tenth or a quarter earn more, as the source has it.")] = None
    sample: Annotated[Count | None, Field(description="How many adverts, people or jobs are behind it.")] = None
    level: Annotated[Level | None, Field(description="The level, where the number is for one.")] = None
    remote: Annotated[YesNo | None, Field(description="true or false, where the number is for one of them.")] = None
    occupation: Annotated[Line | None, Field(description="What the source counted, if not the role itself.")] = None
    exact: Annotated[YesNo, Field(description="false: the source counts another occupation.")] = True
    dated: Annotated[YesNo, Field(description="true: kept for the record beside a current one.")] = False

    @field_validator("unit")
    @classmethod
    def _unit_of_kind(cls, unit: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind")
        if kind and (kind is FigureKind.GROWTH) != (unit == "percent"):
            raise fault(f"{quoted(unit)} is no unit of {kind}", "growth is in percent, pay in a currency per year")
        return unit

    @field_validator("middle", "high")
    @classmethod
    def _rising(cls, amount: float | None, info: ValidationInfo) -> float | None:
        below = [name for name in ("low", "middle") if name != info.field_name and info.data.get(name) is not None]
        if amount is not None and below and amount < info.data[below[-1]]:
            raise fault(f"{info.field_name} is below {below[-1]}", "order them: low, middle, high")
        return amount

    def record(self) -> Figure:
        """Return the record of this figure."""
        return Figure(**dict(self))


class FiguresFile(Format):
    """salaries.yaml and figures.yaml: numbers about roles."""

    figures: Annotated[tuple[_Figure, ...], Field(description="The numbers, each with its source.")]

    def records(self) -> tuple[Figure, ...]:
        """Return the record of each figure."""
        return tuple(figure.record() for figure in self.figures)


class _AdvertTitle(Format):
    """A job title as adverts write it."""

    role: Annotated[Id, Field(description="The id of the role that it is.", examples=["data-engineer"])]
    title: Annotated[Line, Field(description="As the source writes it.", examples=["Data Engineer"])]
    exact: Annotated[YesNo, Field(description="false: it only comes near the role.")] = True


class AdvertTitlesFile(Format):
    """salary_titles.yaml: which adverts tell the pay of which role."""

    source: Annotated[Id, Field(description="An id from sources.yaml.", examples=["ai-jobs"])]
    titles: Annotated[tuple[_AdvertTitle, ...], Field(description="The titles, each of one role.")]

    def record(self) -> AdvertTitles:
        """Return the record of this file."""
        return AdvertTitles(self.source, tuple(AdvertTitle(**dict(title)) for title in self.titles))


class _Source(Format):
    """Where facts come from."""

    id: Annotated[Id, Field(description="What entries name it by.", examples=["onet-29-3"])]
    title: Title
    publisher: Annotated[Line, Field(description="Who publishes it.")]
    licence: Annotated[Line, Field(description="Under which licence.", examples=["CC0-1.0"])]
    url: Annotated[Url | None, Field(description="Where to read it.")] = None
    read: Annotated[Day | None, Field(description="The day it was read.", examples=["2026-11-24"])] = None
    attribution: Annotated[Line | None, Field(description="What its licence asks to be shown; /help shows it.")] = None

    def record(self) -> Source:
        """Return the record of this source."""
        return Source(**dict(self))


class SourcesFile(Format):
    """sources.yaml: where facts and numbers come from."""

    sources: Annotated[tuple[_Source, ...], Field(description="The sources, each with its licence.")]

    def records(self) -> tuple[Source, ...]:
        """Return the record of each source."""
        return tuple(source.record() for source in self.sources)
