"""Jobs out of a listing as text: blocks of a title, "@ Company | Place", and a line of employment, level and pay.

The blocks may stand anywhere in an article; a block under "Featured Job" is featured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.jobs.identity import job_id
from bot.jobs.imported import Imported, Note, Recognition, Refusal, cut_off
from bot.jobs.job import Job
from bot.jobs.pay import PayReading, read_pay
from bot.jobs.texts import LONGEST_TEXT, clean_line
from bot.language.facets import Employment, Level

SOURCE = "listing"

_LOOKED_AT = 5 * LONGEST_TEXT  # characters of a line

_HEADING = re.compile(r"\W*featured jobs?\b\W*", re.IGNORECASE)
_EMPLOYMENT = tuple(
    (employment, re.compile(pattern, re.IGNORECASE))
    for employment, pattern in (
        (Employment.FULL_TIME, r"\bfull[ -]?time\b"),
        (Employment.PART_TIME, r"\bpart[ -]?time\b"),
        (Employment.CONTRACT, r"\b(?:contract(?:or)?|freelancer?|temporary)\b"),
        (Employment.INTERNSHIP, r"\b(?:internship|intern)\b"),
    )
)
_LEVELS = tuple(
    (level, re.compile(pattern, re.IGNORECASE))
    for level, pattern in (
        (Level.EXECUTIVE, r"\b(?:executive|director)\b"),
        (Level.SENIOR, r"\b(?:senior|expert)\b"),
        (Level.MID, r"\b(?:mid|intermediate)\b"),
        (Level.ENTRY, r"\b(?:entry|junior|graduate)\b"),
    )
)
_REMOTE = re.compile(r"\bremote\b", re.IGNORECASE)


def read_listing(
    text: str, now: datetime, *, source: str = SOURCE, most: int | None = None, recognition: Recognition | None = None
) -> Imported:
    """Read the jobs of a listing, `most` at the most, in its order; a block that is no job is refused with its line."""
    lines = [
        _Line(number, cleaned)
        for number, line in enumerate(text.split("\n"), 1)
        if (cleaned := clean_line(line[:_LOOKED_AT]))
    ]
    jobs: list[Job] = []
    refused: list[Refusal] = []
    notes: list[Note] = []
    for number, block in enumerate(_blocks(lines)):
        if number == most:
            refused.append(Refusal(f"line {block.number}", cut_off(number)))
            break
        if reason := block.fault():
            refused.append(Refusal(f"line {block.number}", reason))
            continue
        job, pay = block.job(now, source, recognition or Recognition(), position=len(jobs))
        jobs.append(job)
        notes += [Note(job, pay.note)] if pay.note else []
    return Imported(tuple(jobs), tuple(refused), tuple(notes))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str

    @property
    def is_heading(self) -> bool:
        return _HEADING.fullmatch(self.text) is not None

    @property
    def is_company(self) -> bool:
        return self.text.startswith("@ ")


@dataclass(frozen=True, slots=True)
class _Block:
    number: int
    featured: bool
    title: str
    company: str = ""
    place: str | None = None
    details: str = ""

    def fault(self) -> str | None:
        if not self.company:
            return 'no line "@ Company | Place" follows the title'
        if not any(character.isalnum() for character in self.title):
            return "no title stands before the company"
        longest = max((self.title, self.company, self.place or ""), key=len)
        return f"longer than {LONGEST_TEXT} characters: {longest[:40]}…" if len(longest) > LONGEST_TEXT else None

    def job(self, now: datetime, source: str, recognition: Recognition, *, position: int) -> tuple[Job, PayReading]:
        pay = read_pay(self.details)
        named = recognition.title_of(self.title)
        job = Job(
            id=job_id(title=self.title, company=self.company, source=source, place=self.place),
            title=self.title,
            company=self.company,
            source=source,
            first_seen=now,
            role=named.role,
            place=self.place,
            countries=recognition.countries_of(self.place) if self.place else (),
            remote=True if self.place and _REMOTE.search(self.place) else None,
            employment=read_employment(self.details),
            level=read_level(self.details) or named.level,
            pay=pay.pay,
            featured=self.featured,
            position=position,
        )
        return job, pay


def read_employment(text: str) -> tuple[Employment, ...]:
    """Return every kind of employment that `text` names."""
    return tuple(employment for employment, pattern in _EMPLOYMENT if pattern.search(text))


def read_level(text: str) -> Level | None:
    """Return the highest level that `text` names."""
    return next((level for level, pattern in _LEVELS if pattern.search(text)), None)


def _blocks(lines: list[_Line]) -> Iterator[_Block]:
    """Yield a block for each company line and for each heading that none follows."""
    for at, line in enumerate(lines):
        if line.is_heading and not any(_follows(lines, at, step) for step in (1, 2)):
            title = lines[at + 1].text if at + 1 < len(lines) and not lines[at + 1].is_heading else ""
            yield _Block(line.number, featured=True, title=title)
        if line.is_company:
            yield _block(lines, at)


def _follows(lines: list[_Line], at: int, step: int) -> bool:
    between = lines[at + 1 : at + step]
    return at + step < len(lines) and lines[at + step].is_company and not any(each.is_heading for each in between)


def _block(lines: list[_Line], at: int) -> _Block:
    before, heading = (lines[at - 1] if at else None), (lines[at - 2] if at > 1 else None)
    titled = before is not None and not before.is_heading and not before.is_company
    company, _, place = lines[at].text[2:].partition(" | ")
    return _Block(
        lines[at].number,
        featured=(heading is not None and heading.is_heading) if titled else before is not None and before.is_heading,
        title=before.text if before is not None and titled else "",
        company=company.strip(" |"),
        place=place.strip(" |") or None,
        details=_details(lines[at + 1]) if at + 1 < len(lines) else "",
    )


def _details(line: _Line) -> str:
    """Return the line after the company when it tells of employment, level or pay; prose and headings do not."""
    if line.is_heading or line.is_company or len(line.text) > LONGEST_TEXT:
        return ""
    tells = read_employment(line.text) or read_level(line.text) or read_pay(line.text).pay
    return line.text if tells else ""
