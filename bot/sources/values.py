"""Values as sources write them: texts, numbers, times and addresses out of JSON and XML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from bot.jobs.job import Pay, PayPeriod

_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # 2000 and 2100, as seconds since 1970
_AGES = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "mo": timedelta(days=30)}
_PERIODS = (
    ("hour", PayPeriod.HOUR),
    ("day", PayPeriod.DAY),
    ("dail", PayPeriod.DAY),
    ("week", PayPeriod.WEEK),
    ("month", PayPeriod.MONTH),
    ("year", PayPeriod.YEAR),
    ("annual", PayPeriod.YEAR),
    ("annum", PayPeriod.YEAR),
)


def at(item: Any, *path: str) -> Any:
    """Return what stands at a path of keys; None where the way there ends."""
    for key in path:
        item = item.get(key) if isinstance(item, Mapping) else None
    return item


def text(item: Any, *path: str) -> str:
    """Return a text or number as text; "" for anything else."""
    value = at(item, *path)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def key(item: Any, *path: str) -> str | None:
    """Return a source's own id as text; None when it has none."""
    return text(item, *path) or None


def flag(item: Any, *path: str) -> bool:
    """Return whether a value is true."""
    return at(item, *path) is True


def items(item: Any, *path: str) -> Sequence[Any]:
    """Return a list; anything else is an empty one."""
    value = at(item, *path)
    return value if isinstance(value, list) else ()


def texts(item: Any, *path: str) -> tuple[str, ...]:
    """Return the texts of a list, or of a text that stands for a list of one."""
    value = at(item, *path)
    found = (str(each).strip() for each in (value if isinstance(value, list) else [value]) if isinstance(each, str))
    return tuple(filter(None, found))


def parts(item: Any, *path: str) -> tuple[str, ...]:
    """Return what a text lists between commas, or the texts of a list."""
    value = at(item, *path)
    return texts(value.split(",") if isinstance(value, str) else value)


def joined(*found: str) -> str:
    """Return texts as one, each on lines of its own, without those that are empty."""
    return "\n".join(filter(None, found))


def moment(item: Any, *path: str) -> datetime | None:
    """Return a time: ISO 8601 with or without a zone, RFC 822, or seconds or milliseconds since 1970; None if none."""
    value = at(item, *path)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _since_1970(value)
    if not isinstance(value, str) or not value.strip():
        return None
    said = value.strip()
    if said.isdecimal() and 8 < len(said) < 16:
        return _since_1970(int(said))
    return _iso(said.removesuffix(" UTC")) or _rfc822(said)


def _since_1970(number: float) -> datetime | None:
    if not _EARLIEST <= number <= _LATEST * 1_000:
        return None
    seconds = number / 1_000 if number > _LATEST else number
    return datetime.fromtimestamp(seconds, UTC) if seconds >= _EARLIEST else None


def _iso(said: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(said)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rfc822(said: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(said)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def aged(said: str, now: datetime) -> datetime | None:
    """Return when something of an age such as "9d", "3w", "2mo", or of a day such as "Aug 22", appeared."""
    said = said.strip().lower()
    unit = said.lstrip("0123456789").strip()
    number = said[: len(said) - len(said.lstrip("0123456789"))]
    if number and len(number) <= 4 and unit in _AGES:
        return now - int(number) * _AGES[unit]
    for year in (now.year, now.year - 1):
        try:
            day = datetime.strptime(f"{said} {year}", "%b %d %Y").replace(tzinfo=UTC)
        except ValueError:
            return None
        if day <= now:
            return day
    return None


def period(said: str) -> PayPeriod | None:
    """Return the period that a word such as "per-year-salary", "1 YEAR", "HOUR" or "annual" names."""
    return next((period for part, period in _PERIODS if part in said.lower()), None)


def pay(low: Any, high: Any, currency: Any, per: PayPeriod | None) -> Pay | None:
    """Return amounts as pay; None when they are not told: 0 is how some sources say that."""
    amounts = [amount for amount in (_amount(low), _amount(high)) if amount]
    code = currency.strip().upper() if isinstance(currency, str) else ""
    if not amounts or per is None or len(code) != 3 or not (code.isascii() and code.isalpha()):
        return None
    return Pay(min(amounts), max(amounts), code, per)


def _amount(value: Any) -> int:
    if isinstance(value, str):
        value = value.replace(",", "").strip()
        value = float(value) if value.replace(".", "", 1).isdecimal() and len(value) < 16 else 0
    sound = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**12
    return round(value) if sound else 0


def country(said: str) -> tuple[str, ...]:
    """Return a code of two letters as a country; none for anything else."""
    code = said.strip().upper()
    return (code,) if len(code) == 2 and code.isascii() and code.isalpha() else ()


def company_in(url: str, host: str) -> str:
    """Return the company that a board's address names: its first part after the host, in words; "" when it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    named = parts.path.strip("/").split("/")[0] if (parts.hostname or "").endswith(host) else ""
    return named.replace("-", " ").replace("_", " ").strip().title()
