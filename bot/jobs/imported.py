"""What reading a file of jobs gives, whatever its format, and how a job is made from what such a file says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.jobs.job import Job
from bot.language.mojibake import repair
from bot.language.titles import Title

LONGEST_TEXT = 200

TitleOf = Callable[[str], Title]
CountriesOf = Callable[[str], tuple[str, ...]]


def no_title(_title: str) -> Title:
    """Read nothing out of a title."""
    return Title()


def no_countries(_place: str) -> tuple[str, ...]:
    """Name no country."""
    return ()


@dataclass(frozen=True, slots=True)
class Recognition:
    """What titles say and where places are, by default nothing and nowhere; and whether any role is known at all."""

    title_of: TitleOf = no_title
    countries_of: CountriesOf = no_countries
    knows_roles: Callable[[], bool] = bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that is no job: where it stands, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a job that somebody should know; the job itself is good."""

    job: Job
    note: str


@dataclass(frozen=True, slots=True)
class Irrelevant:
    """A job that is not taken in because it is not what the knowledge base is about: where it stands, and why."""

    place: str
    title: str
    company: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The jobs of a file, what was refused of it, what is worth a note, and what is irrelevant."""

    jobs: tuple[Job, ...] = ()
    refused: tuple[Refusal, ...] = ()
    notes: tuple[Note, ...] = ()
    irrelevant: tuple[Irrelevant, ...] = ()


def clean_line(text: str) -> str:
    """Return `text` repaired and on one line, without characters that nobody sees."""
    kept = (character for character in repair(text) if unicodedata.category(character) not in {"Cf", "Co", "Cs", "Cn"})
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", "".join(kept)).split())
