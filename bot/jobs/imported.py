"""What reading a file of jobs gives, whatever its format, and how a job is made from what such a file says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.jobs.job import Job
from bot.language.titles import Title

NO_ROLE = "its title names no role that is known"

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


MOST_RECORDS = 50_000
"""Records of a document that are read, unless it is somebody's own file; the largest list that was seen has 20,000."""


def cut_off(most: int) -> str:
    """Return why the record after so many is refused, and with it all that follow."""
    return f"only the first {most:,} records of a document are read"


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
class Page:
    """Where a document stands among the pages that together are all that its source has open.

    `first` says that nothing stands before it, `last` that nothing comes after; neither where that is not known.
    `following` are the parameters of a query that asks for the next page, empty where there is none to ask for.
    """

    first: bool = False
    following: tuple[tuple[str, str], ...] = ()
    last: bool = False


ALL, SOME = Page(first=True, last=True), Page()
"""Of a source that has no pages: a document that is all that it has open, and one that is not."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The jobs of a file, what was refused of it, what is worth a note, what is irrelevant, and which page it is."""

    jobs: tuple[Job, ...] = ()
    refused: tuple[Refusal, ...] = ()
    notes: tuple[Note, ...] = ()
    irrelevant: tuple[Irrelevant, ...] = ()
    page: Page = SOME


def relevant(imported: Imported, recognition: Recognition) -> Imported:
    """Return what was imported without the jobs that are in no role of the knowledge base, unless that knows none.

    A featured one was chosen by somebody: it stays, with a note.
    """
    if not recognition.knows_roles():
        return imported
    outside = [job for job in imported.jobs if job.role is None]
    chosen = tuple(Note(job, f"{NO_ROLE}; it is taken in because it is featured") for job in outside if job.featured)
    left_out = tuple(
        Irrelevant(f"job {job.position + 1}", job.title, job.company, NO_ROLE) for job in outside if not job.featured
    )
    return replace(
        imported,
        jobs=tuple(job for job in imported.jobs if job.role or job.featured),
        notes=tuple(note for note in imported.notes if note.job.role or note.job.featured) + chosen,
        irrelevant=imported.irrelevant + left_out,
    )
