"""The knowledge base as the program sees it: frozen records, valid once they exist."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.language.facets import Level

if TYPE_CHECKING:
    from collections.abc import Mapping


class Section(StrEnum):
    """The twelve sections of a role's profile, in reading order."""

    OVERVIEW = "overview"
    RESPONSIBILITIES = "responsibilities"
    SKILLS = "skills"
    EDUCATION = "education"
    TOOLS = "tools"
    INDUSTRIES = "industries"
    SALARY = "salary"
    OUTLOOK = "outlook"
    GETTING_STARTED = "getting_started"
    CERTIFICATIONS = "certifications"
    INTERVIEW = "interview"
    CAREER_PATH = "career_path"


class FigureKind(StrEnum):
    """What a figure measures. Advertised pay is never what people earn."""

    ADVERTISED_PAY = "advertised_pay"
    EMPLOYEE_PAY = "employee_pay"
    REPORTED_PAY = "reported_pay"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from; `attribution` is the sentence that its licence asks to be shown."""

    id: str
    title: str
    publisher: str
    licence: str
    url: str | None = None
    read: date | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One sourced number about a role: a range with its middle, or a growth rate.

    `unit` is a currency code per year ("USD/year") or "percent". `period` is as the source names it ("2023-2025").
    `sample` is the number of adverts, people or jobs behind it where the source tells. `occupation` names what the
    source really counted, when that is not the role itself; `exact` is False when it only stands in for the role.
    """

    role: str
    kind: FigureKind
    source: str
    unit: str
    place: str
    period: str
    middle: float
    low: float | None = None
    high: float | None = None
    sample: int | None = None
    level: Level | None = None
    remote: bool | None = None
    occupation: str | None = None
    exact: bool = True
    dated: bool = False


@dataclass(frozen=True, slots=True)
class AdvertTitle:
    """A job title in a file of advertised pay, and the role that it is; not `exact` when it only comes near."""

    role: str
    title: str
    exact: bool = True


@dataclass(frozen=True, slots=True)
class AdvertTitles:
    """The titles by which adverts of one source are told apart."""

    source: str
    titles: tuple[AdvertTitle, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A section of a profile: text as Markdown paragraphs and `- ` bullets, and tags that can be compared."""

    text: str
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """A neighbour, and why it is one."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RoleProfile:
    """Everything the knowledge base says about one role. `code` is permanent and at most four characters long."""

    id: str
    code: str
    title: str
    summary: str
    choose_if: str
    sections: Mapping[Section, Passage]
    related: tuple[Related, ...] = ()
    interests: str = ""
    work_style: str = ""
    reviewed: date | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A general question with one answer."""

    id: str
    title: str
    phrasings: tuple[str, ...]
    answer: str
    sources: tuple[str, ...] = ()
    related_roles: tuple[str, ...] = ()
    related_topics: tuple[str, ...] = ()
    reviewed: date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A technology or concept, explained in two or three lines."""

    id: str
    title: str
    aliases: tuple[str, ...]
    answer: str
    sources: tuple[str, ...] = ()
    related_roles: tuple[str, ...] = ()
    related_terms: tuple[str, ...] = ()
    reviewed: date | None = None
    described: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an editor says about two roles side by side; what can be computed is not repeated here."""

    roles: tuple[str, str]
    shared: str
    different: str
    choose: Mapping[str, str]
    confusion: str
    moving: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleName:
    """How a role is called: its id, title, aliases, short forms that also mean other things, names in adverts."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    advertised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and words that carry meaning by themselves, as the knowledge base lists them."""

    roles: tuple[RoleName, ...] = ()
    places: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    facets: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))
    common_words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class IntentPhrasings:
    """Ways of asking that mean one intent (and section), with slots such as {role}; some are answered at once."""

    intent: str
    phrasings: tuple[str, ...]
    section: Section | None = None
    kind: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A whole knowledge base; every id that one entry names in another exists."""

    roles: Mapping[str, RoleProfile]
    topics: Mapping[str, Topic]
    terms: Mapping[str, Term]
    comparisons: tuple[Comparison, ...]
    intents: tuple[IntentPhrasings, ...]
    lexicon: Lexicon
    sources: Mapping[str, Source]
    figures: tuple[Figure, ...]
    advert_titles: AdvertTitles | None = None
