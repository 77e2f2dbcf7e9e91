"""What a button or select means, in at most 100 characters that the message itself carries: it works after a restart.

    1arpde...   version 1, action "a", then intent "r", section "p", role "de"
    1<action><asker>;<reading>~<reading>...;<marker>
    reading = <intent><section><role codes>,<topic, term or kind>,<filters>

It never holds what somebody wrote. discord.py does not check its length, and Discord refuses a longer one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.frontends.ports import Codes
from bot.language.facets import Employment, Filters, Level

MAX_LENGTH = 100
VERSION = "1"


class Action(StrEnum):
    """What a press does; the value is its letter in a custom_id and never changes."""

    SHOW = "a"
    WHOLE = "w"
    SECTION = "s"
    COMPARE = "c"
    HELPFUL = "h"
    NOT_ASKED = "n"
    CORRECT = "f"
    PAGE = "p"
    JOB = "j"
    SETUP = "u"
    SAVE = "k"
    SAVED = "l"
    UNSAVE = "r"
    ALERT = "t"
    STOP = "x"


@dataclass(frozen=True, slots=True)
class Press:
    """What is pressed: an action on one or more readings, and whose answer it stands under (0: nobody's).

    `marker` tells two messages apart whose buttons mean the same, or names the form that is opened again, the search
    and the page of it that is shown, the setup and the part of it that is changed, the alert that is stopped, the
    job that is saved, or the page of saved jobs.
    """

    action: Action
    asker: int = 0
    readings: tuple[Reading, ...] = ()
    marker: str = ""


_INTENTS: Mapping[Intent, str] = MappingProxyType(
    {
        Intent.ROLE: "r",
        Intent.COMPARE: "c",
        Intent.TRANSITION: "t",
        Intent.FIT: "f",
        Intent.JOBS: "j",
        Intent.TOPIC: "o",
        Intent.TERM: "m",
        Intent.HELP: "h",
        Intent.SMALLTALK: "s",
    }
)
_SECTIONS: Mapping[Section | None, str] = MappingProxyType(
    {
        None: "-",
        Section.OVERVIEW: "o",
        Section.RESPONSIBILITIES: "r",
        Section.SKILLS: "s",
        Section.EDUCATION: "e",
        Section.TOOLS: "t",
        Section.INDUSTRIES: "i",
        Section.SALARY: "p",
        Section.OUTLOOK: "l",
        Section.GETTING_STARTED: "g",
        Section.CERTIFICATIONS: "c",
        Section.INTERVIEW: "v",
        Section.CAREER_PATH: "h",
    }
)
_INTENT_OF = {letter: intent for intent, letter in _INTENTS.items()}
_SECTION_OF = {letter: section for section, letter in _SECTIONS.items()}
_LEVELS = {"e": Level.ENTRY, "m": Level.MID, "s": Level.SENIOR, "x": Level.EXECUTIVE}
_EMPLOYMENTS = {
    "f": Employment.FULL_TIME,
    "p": Employment.PART_TIME,
    "c": Employment.CONTRACT,
    "i": Employment.INTERNSHIP,
}
_DROPPED_FIRST = ("year", "salary_min", "employment", "remote", "level", "country")
_ID = re.compile(r"[a-z0-9_-]{1,60}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,4}")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def encode(press: Press, codes: Codes) -> str | None:
    """Return the custom_id of a press; None when one of its readings has no short form.

    What would make it too long is dropped: the last of several readings first, then filters.
    """
    readings = press.readings
    while True:
        written = [_write(reading, codes) for reading in readings]
        if any(text is None for text in written):
            return None
        parts = [f"{VERSION}{press.action}{_base36(press.asker)}", "~".join(filter(None, written))]
        custom_id = ";".join([*parts, press.marker] if press.marker else parts)
        if len(custom_id) <= MAX_LENGTH:
            return custom_id
        shorter = readings[:-1] if len(readings) > 1 else _with_fewer_filters(readings)
        if shorter is None:
            return None
        readings = shorter


def decode(custom_id: str, codes: Codes) -> Press | None:
    """Return what a custom_id means; None when it is garbled, from another version, or names what is gone."""
    head, _, rest = custom_id.partition(";")
    listed, _, marker = rest.partition(";")
    if len(head) < 3 or head[0] != VERSION or head[1] not in set(Action):
        return None
    try:
        asker = int(head[2:], 36)
        readings = tuple(_read(text, codes) for text in listed.split("~") if text)
    except (ValueError, KeyError):
        return None
    return Press(Action(head[1]), asker, readings, marker)


def can_encode(reading: Reading, codes: Codes) -> bool:
    """Return whether a reading has a short form at all."""
    return _write(reading, codes) is not None


def _write(reading: Reading, codes: Codes) -> str | None:
    if reading.intent is None or reading.intent not in _INTENTS:
        return None
    roles = tuple(codes.code_of(role) for role in reading.roles)
    if not all(code and _CODE.fullmatch(code) for code in roles):
        return None
    name = reading.topic or reading.term or reading.kind or ""
    if name and not _ID.fullmatch(name):
        return None
    head = _INTENTS[reading.intent] + _SECTIONS[reading.section] + ".".join(filter(None, roles))
    return ",".join((head, name, _write_filters(reading.filters))).rstrip(",")


def _read(text: str, codes: Codes) -> Reading:
    """Return the reading that `text` stands for. Raises KeyError or ValueError when it stands for none."""
    head, name, filters = [*text.split(","), "", ""][:3]
    intent, section = _INTENT_OF[head[0]], _SECTION_OF[head[1:2]]
    roles = tuple(codes.role_coded(code) for code in head[2:].split(".") if code)
    if not all(roles) or (name and not _ID.fullmatch(name)):
        raise KeyError(text)
    return Reading(
        intent,
        Outcome.ANSWER,
        roles=tuple(role for role in roles if role),
        section=section,
        topic=name if name and intent is Intent.TOPIC else None,
        term=name if name and intent is Intent.TERM else None,
        kind=name if name and intent in {Intent.HELP, Intent.SMALLTALK} else None,
        filters=_read_filters(filters),
    )


def _write_filters(filters: Filters) -> str:
    parts = (
        f"c{filters.country}" if filters.country else "",
        f"l{_letter(_LEVELS, filters.level)}" if filters.level else "",
        f"r{int(filters.remote)}" if filters.remote is not None else "",
        f"e{_letter(_EMPLOYMENTS, filters.employment)}" if filters.employment else "",
        f"p{_base36(filters.salary_min)}" if filters.salary_min is not None else "",
        f"y{filters.year}" if filters.year is not None else "",
    )
    return ".".join(filter(None, parts))


def _read_filters(text: str) -> Filters:
    filters = Filters()
    for part in filter(None, text.split(".")):
        mark, value = part[0], part[1:]
        match mark:
            case "c" if re.fullmatch(r"[A-Z]{2}", value):
                filters = replace(filters, country=value)
            case "l":
                filters = replace(filters, level=_LEVELS[value])
            case "r" if value in {"0", "1"}:
                filters = replace(filters, remote=value == "1")
            case "e":
                filters = replace(filters, employment=_EMPLOYMENTS[value])
            case "p":
                filters = replace(filters, salary_min=int(value, 36))
            case "y":
                filters = replace(filters, year=int(value))
            case _:
                raise ValueError(part)
    return filters


def _with_fewer_filters(readings: tuple[Reading, ...]) -> tuple[Reading, ...] | None:
    """Return the only reading without its least telling filter; None when it has none left."""
    for reading in readings:
        for field in _DROPPED_FIRST:
            if getattr(reading.filters, field) is not None:
                return (replace(reading, filters=replace(reading.filters, **{field: None})),)
    return None


def _letter(letters: Mapping[str, object], value: object) -> str:
    return next(letter for letter, meant in letters.items() if meant == value)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
