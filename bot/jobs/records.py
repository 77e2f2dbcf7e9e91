"""Jobs as JSON: the array that `career-bot jobs list --json` prints, and JSON Lines, read back and written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

from bot.jobs.identity import job_id, safe_url
from bot.jobs.imported import Imported, Note, Recognition, Refusal, cut_off
from bot.jobs.job import Job, JobState, Pay, PayPeriod
from bot.jobs.pay import PayReading, check_pay, read_pay
from bot.jobs.texts import LONGEST_TEXT, clean_line, plain_text, tidy_tags
from bot.language.facets import Employment, Level

SOURCE = "json"

_NEWLINE = "\n"
_LARGEST = 10**15
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
_Choice = TypeVar("_Choice", bound=Enum)


def read_records(
    text: str, now: datetime, *, source: str = SOURCE, most: int | None = None, recognition: Recognition | None = None
) -> Imported:
    """Read the jobs of a JSON array, `most` records at the most.

    Missing fields are unknown, a field of another type refuses its record.
    """
    return _read(_first(most, _items(text.removeprefix("\ufeff"))), now, source, recognition)


def read_lines(
    text: str, now: datetime, *, source: str = SOURCE, most: int | None = None, recognition: Recognition | None = None
) -> Imported:
    """Read the jobs of JSON Lines, one object a line, as `read_records` does; a bad line loses no other."""
    return _read(_first(most, _lines(text.removeprefix("\ufeff"))), now, source, recognition)


def _first(most: int | None, items: Iterator[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    """Yield the first of all, and what refuses the others."""
    for number, (place, item) in enumerate(items):
        if number == most:
            yield place, _Broken(cut_off(number))
            return
        yield place, item


def _read(items: Iterator[tuple[str, object]], now: datetime, source: str, recognition: Recognition | None) -> Imported:
    jobs: list[Job] = []
    refused: list[Refusal] = []
    notes: list[Note] = []
    for place, item in items:
        if isinstance(item, _Broken):
            refused.append(Refusal(place, item.reason))
            continue
        try:
            record = _Record(item)
            job = record.job(now, source, recognition or Recognition(), position=len(jobs))
        except _FaultError as fault:
            refused.append(Refusal(place, str(fault)))
            continue
        jobs.append(job)
        notes += [Note(job, note) for note in record.notes]
    return Imported(tuple(jobs), tuple(refused), tuple(notes))


def write_record(job: Job) -> dict[str, Any]:
    """Return a job as plain values, for JSON."""
    pay = job.pay and {"low": job.pay.low, "high": job.pay.high, "currency": job.pay.currency, "period": job.pay.period}
    return {
        "id": job.id,
        "title": job.title,
        "company": job.company,
        "place": job.place,
        "countries": list(job.countries),
        "remote": job.remote,
        "employment": [employment.value for employment in job.employment],
        "level": job.level,
        "role": job.role,
        "pay": pay,
        "url": job.url,
        "source": job.source,
        "source_id": job.source_id,
        "posted": job.posted.isoformat() if job.posted else None,
        "first_seen": job.first_seen.isoformat(),
        "featured": job.featured,
        "state": job.state.value,
        "position": job.position,
        "expires": job.expires.isoformat() if job.expires else None,
        "hybrid": job.hybrid,
        "text": job.text,
        "tags": list(job.tags),
        "credit": job.credit,
        "elsewhere": list(job.elsewhere),
        "copies": job.copies,
        "reposts": job.reposts,
        "reopened": job.reopened,
    }


@dataclass(frozen=True, slots=True)
class _Broken:
    reason: str


class _FaultError(Exception):
    """One record cannot be a job; the message says why."""


def _items(text: str) -> Iterator[tuple[str, object]]:
    """Yield each element of the array with its place; what comes before a syntax error is yielded all the same."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        yield "line 1", _Broken("a JSON array of jobs is expected")
        return
    number, line, counted, at = 0, 1, 0, _skip(text, at + 1)
    while text[at : at + 1] != "]" or number:
        number, line, counted = number + 1, line + text.count(_NEWLINE, counted, at), at
        place = f"record {number}, line {line}"
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield place, _Broken(f"not valid JSON ({_why(error)}); nothing after it was read")
            return
        yield place, item
        at = _skip(text, at)
        if text[at : at + 1] != ",":
            break
        at = _skip(text, at + 1)
    if text[at : at + 1] != "]" or _skip(text, at + 1) != len(text):
        yield f"line {text.count(_NEWLINE, 0, at) + 1}", _Broken("not valid JSON (the array does not end here)")


def _lines(text: str) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(text.split(_NEWLINE), 1):
        if not line.strip():
            continue
        try:
            yield f"line {number}", json.loads(line, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            yield f"line {number}", _Broken(f"not valid JSON ({_why(error)})")


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}: line {error.lineno} column {error.colno}"
    return "nested too deep" if isinstance(error, RecursionError) else str(error)


class _Record:
    """One element of the array; each method reads one kind of field and raises when it is of another."""

    def __init__(self, item: object) -> None:
        if not isinstance(item, Mapping):
            raise _FaultError("a job is an object")
        self._fields: Mapping[str, object] = item
        self.notes: list[str] = []

    def job(self, now: datetime, source: str, recognition: Recognition, *, position: int) -> Job:
        title, company, place = self._needed("title"), self._needed("company"), self._text("place")
        source, key = self._text("source") or source, self._text("source_id")
        url, first_seen = self._url(), self._time("first_seen", now) or now
        return Job(
            id=job_id(title=title, company=company, source=source, place=place, url=url, key=key),
            title=title,
            company=company,
            source=source,
            first_seen=first_seen,
            role=self._text("role") or recognition.title_of(title).role,
            place=place,
            countries=self._countries() or (recognition.countries_of(place) if place else ()),
            remote=self._flag("remote"),
            employment=self._employment(),
            level=self._choice("level", Level),
            pay=self._pay(),
            url=url,
            posted=self._time("posted", now),
            featured=self._flag("featured") or False,
            state=self._choice("state", JobState) or JobState.OPEN,
            position=self._position(position),
            source_id=key,
            expires=self._time("expires", None),
            hybrid=self._hybrid(),
            text=plain_text(self._string("text") or ""),
            tags=tidy_tags(str(tag) for tag in self._texts("tags")),
            credit=self._text("credit"),
        )

    def _needed(self, name: str) -> str:
        text = self._text(name)
        if not text or not any(character.isalnum() for character in text):
            raise _FaultError(f"{name} is missing")
        return text

    def _string(self, name: str) -> str | None:
        value = self._fields.get(name)
        if value is not None and not isinstance(value, str):
            raise _FaultError(f"{name} is not text")
        return value

    def _text(self, name: str) -> str | None:
        text = clean_line(self._string(name) or "")
        if len(text) > LONGEST_TEXT:
            raise _FaultError(f"{name} is longer than {LONGEST_TEXT} characters")
        return text or None

    def _flag(self, name: str) -> bool | None:
        value = self._fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise _FaultError(f"{name} is neither true nor false")
        return value

    def _hybrid(self) -> bool:
        hybrid = self._flag("hybrid") or False
        if hybrid and self._flag("remote"):
            raise _FaultError("hybrid and remote are both true")
        return hybrid

    def _position(self, default: int) -> int:
        value = self._fields.get("position")
        return default if value is None else _whole("position", value)

    def _choice(self, name: str, choices: type[_Choice]) -> _Choice | None:
        value = self._fields.get(name)
        return None if value is None else _one_of(name, value, choices)

    def _texts(self, name: str) -> list[object]:
        value = self._fields.get(name)
        if value is not None and not isinstance(value, list):
            raise _FaultError(f"{name} is not a list")
        return value or []

    def _employment(self) -> tuple[Employment, ...]:
        return tuple(dict.fromkeys(_employment(value) for value in self._texts("employment")))

    def _countries(self) -> tuple[str, ...]:
        countries = self._texts("countries")
        for country in countries:
            if not isinstance(country, str) or len(country) != 2 or not (country.isascii() and country.isalpha()):
                raise _FaultError(f"countries: {_shown(country)} is not an ISO 3166 code of two letters")
        return tuple(dict.fromkeys(str(country).upper() for country in countries))

    def _url(self) -> str | None:
        value = self._fields.get("url")
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise _FaultError("url is not text")
        url = safe_url(value)
        if url is None:
            raise _FaultError("url is not an http(s) address that can be shown")
        return url

    def _time(self, name: str, now: datetime | None) -> datetime | None:
        """Return a time, one that has passed where `now` is given."""
        value = self._fields.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise _FaultError(f"{name} is not text")
        try:
            read = datetime.fromisoformat(value.strip())
            time = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise _FaultError(f"{name} is not a date or time such as 2024-01-05T09:00:00Z") from None
        if time >= _EARLIEST and (now is None or time <= now + _AHEAD):
            return time.replace(microsecond=time.microsecond // 1_000 * 1_000)
        self.notes.append(f"{name} {value.strip()[:40]} is not a time that has passed: kept as unknown")
        return None

    def _pay(self) -> Pay | None:
        value = self._fields.get("pay")
        if value is None:
            return None
        reading = read_pay(value) if isinstance(value, str) else _pay(value)
        self.notes += [reading.note] if reading.note else []
        return reading.pay


def _employment(value: object) -> Employment:
    plain = value.strip().lower().replace("_", "-").replace(" ", "-") if isinstance(value, str) else value
    return Employment.CONTRACT if plain == "freelance" else _one_of("employment", plain, Employment)


def _one_of(name: str, value: object, choices: type[_Choice]) -> _Choice:
    found = next((choice for choice in choices if isinstance(value, str) and choice.value == value), None)
    if found is None:
        known = ", ".join(str(choice.value) for choice in choices)
        raise _FaultError(f"{name}: {_shown(value)} is none of {known}")
    return found


def _shown(value: object) -> str:
    try:
        return json.dumps(value)[:40]
    except RecursionError:
        return "what is nested too deep"


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise _FaultError(f"{name} is not a whole number from 0")
    return value


def _pay(value: object) -> PayReading:
    if not isinstance(value, Mapping):
        raise _FaultError("pay is neither text nor an object")
    low, high = _whole("pay.low", value.get("low")), _whole("pay.high", value.get("high"))
    currency, period = value.get("currency"), _one_of("pay.period", value.get("period"), PayPeriod)
    if not isinstance(currency, str) or len(currency) != 3 or not (currency.isascii() and currency.isupper()):
        raise _FaultError("pay.currency is not an ISO 4217 code such as USD")
    if low > high:
        raise _FaultError("pay.low is more than pay.high")
    return check_pay(Pay(low, high, currency, period))
