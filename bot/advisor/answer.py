"""An Answer: blocks of a kind with values. It knows no headings, no Discord and no terminal."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advisor.knowledge import Figure, Section, Source
from bot.advisor.reading import Intent, Reading
from bot.jobs.job import Job
from bot.language.facets import Filters


@dataclass(frozen=True, slots=True)
class Prose:
    """Text from the knowledge base: Markdown paragraphs and `- ` bullets."""

    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Sourced numbers, to be shown with place, period and sample."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class NoFigure:
    """There is no figure for what was asked; `role` and `filters` say what that was."""

    role: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role's line within a list: a comparison, a fit, a choice."""

    role: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Summaries:
    """What each of several roles is, or says in one section: one line each."""

    lines: tuple[RoleLine, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What all compared roles have in common in a section; `tags` may be empty."""

    section: Section
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Only:
    """What only one of the compared roles has in a section."""

    section: Section
    role: str
    title: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """Who should choose which role: one line each."""

    lines: tuple[RoleLine, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What somebody moving between roles brings along and still has to learn."""

    brings: tuple[str, ...]
    learns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Roles that suit what the asker said about themselves, best first, with the reason."""

    lines: tuple[RoleLine, ...]


@dataclass(frozen=True, slots=True)
class Openings:
    """Open jobs, newest first, and how many there are in all; without `available` they could not be looked up."""

    jobs: tuple[Job, ...]
    total: int
    available: bool = True


@dataclass(frozen=True, slots=True)
class NotDescribed:
    """A role that is known by name but has no profile yet."""

    role: str
    title: str


Block = Prose | Figures | NoFigure | Summaries | Shared | Only | Choose | Gap | Suggestions | Openings | NotDescribed


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says about one reading.

    `titles` are names of what it is about (roles, a topic, a term), which a frontend joins into a heading with the
    section. `openings` are the newest open jobs of the role that it is about. `next_steps` are readings that a person
    may want next: a frontend makes buttons or a numbered list of them.
    """

    reading: Reading
    titles: tuple[str, ...]
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...] = ()
    next_steps: tuple[Reading, ...] = ()
    openings: tuple[Job, ...] = ()

    @property
    def intent(self) -> Intent:
        """The intent that is answered; a question that is asked back has none and is OUT_OF_SCOPE here."""
        return self.reading.intent or Intent.OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Facts:
    """What an answer may state that the knowledge base does not hold: open jobs that fit the reading."""

    jobs: tuple[Job, ...] = ()
    total: int = 0
    available: bool = True
