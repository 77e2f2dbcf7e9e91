"""Advertised pay, read from the ways it is written: "USD 60K - 120K", "$160k–$180k", "€4.5k a month"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.jobs.job import Pay, PayPeriod

_CUT = 300
_SYMBOLS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "MX$": "MXN", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "฿": "THB",
    "₪": "ILS", "₺": "TRY", "₴": "UAH", "₱": "PHP", "₫": "VND", "zł": "PLN",
}  # fmt: skip
# how many units are about one US dollar; only to tell impossible pay from possible, so a rough figure will do
_UNITS_PER_DOLLAR = {
    "USD": 1, "EUR": 1, "GBP": 1, "CHF": 1, "CAD": 1, "AUD": 1, "NZD": 2, "SGD": 1, "HKD": 8, "AED": 4, "SAR": 4,
    "ILS": 4, "PLN": 4, "BRL": 5, "RON": 5, "CNY": 7, "DKK": 7, "SEK": 10, "NOK": 10, "ZAR": 18, "MXN": 18, "CZK": 23,
    "THB": 34, "TRY": 35, "UAH": 41, "TWD": 32, "PHP": 57, "INR": 85, "RUB": 90, "JPY": 150, "HUF": 370, "KRW": 1_380,
    "IDR": 16_000, "VND": 25_000,
}  # fmt: skip
_YEARLY_DOLLARS = (500, 5_000_000)
_YEARLY_UNMARKED = 10_000
_WIDEST = 20
_PER_YEAR = {PayPeriod.HOUR: 2_080, PayPeriod.DAY: 260, PayPeriod.WEEK: 52, PayPeriod.MONTH: 12, PayPeriod.YEAR: 1}

_CODE = rf"\b(?:{'|'.join(_UNITS_PER_DOLLAR)})(?![A-Za-z])"
_CURRENCY = "|".join([*sorted(map(re.escape, _SYMBOLS), key=len, reverse=True), _CODE])


def _amount(which: int) -> str:
    return (
        rf"(?P<before{which}>{_CURRENCY})?\s?(?P<number{which}>\d{{1,3}}(?: \d{{3}})+(?!\d)|\d[\d.,'’]{{0,24}})"
        rf"\s?(?P<scale{which}>[kKmM](?!\w))?\s?(?P<after{which}>{_CURRENCY})?"
    )


_RANGE = re.compile(rf"{_amount(1)}(?:(?:\s?/\s?[a-z]{{1,6}})?\s?(?:[-–—‒−~]|to\b|bis\b|and\b)\s?{_amount(2)})?")
_PERIODS = tuple(
    (period, re.compile(pattern, re.IGNORECASE))
    for period, pattern in (
        (PayPeriod.HOUR, r"\bhourly\b|(?:/\s?|\bper |\ban? |\beach )(?:hour|hr|h)\b"),
        (PayPeriod.DAY, r"\bdaily\b|(?:/\s?|\bper |\ba )(?:day|d)\b|\bday rate\b"),
        (PayPeriod.WEEK, r"\bweekly\b|(?:/\s?|\bper |\ba )(?:week|wk|w)\b"),
        (PayPeriod.MONTH, r"\bmonthly\b|(?:/\s?|\bper |\ba )(?:month|mo|mth|m)\b|\bpcm\b"),
        (PayPeriod.YEAR, r"\b(?:yearly|annual|annually|annum)\b|(?:/\s?|\bper |\ba )(?:year|yr|y|a)\b|\bp\.?\s?a\b"),
    )
)
_OPEN_ENDED = re.compile(r"(?:\bup to|\bfrom|\bstarting at|\bmin\.?|\bmax\.?|\bat least|\bover)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PayReading:
    """What a pay text says: pay, or None and a note that tells why; both None when it says nothing of pay."""

    pay: Pay | None = None
    note: str | None = None


def read_pay(text: str) -> PayReading:
    """Read the first amount or range of money in `text`; never raises."""
    text = " ".join(text[:_CUT].split())
    match = next((found for found in _RANGE.finditer(text) if _currencies(found)), None)
    if match is None:
        return _unknown(text, "names no currency") if re.search(r"\d", text) else PayReading()
    written = match[0].strip(" .,")
    currencies = _currencies(match)
    if len(currencies) > 1:
        return _unknown(written, "names two currencies")
    if not match["number2"] and _open_ended(text, match):
        return _unknown(written, "has one end only")
    low, high = _amounts(match)
    if low is None or high is None:
        return _unknown(written, "is not a number")
    period = _period(text) or (PayPeriod.YEAR if min(low, high) >= _unmarked(currencies[0]) else None)
    if period is None:
        return _unknown(written, "names no period")
    return check_pay(Pay(round(min(low, high)), round(max(low, high)), currencies[0], period), written)


def check_pay(pay: Pay, written: str | None = None) -> PayReading:
    """Return `pay`, or a note about it when nobody is paid such an amount."""
    low, high = yearly(pay)
    units = _UNITS_PER_DOLLAR.get(pay.currency, 1)
    ceiling = _YEARLY_DOLLARS[1] * (units if pay.currency in _UNITS_PER_DOLLAR else max(_UNITS_PER_DOLLAR.values()))
    if low < _YEARLY_DOLLARS[0] * units or high > ceiling or pay.high > pay.low * _WIDEST:
        return _unknown(written or pay_text(pay), "is implausible")
    return PayReading(pay)


def pay_text(pay: Pay) -> str:
    """Return pay as it is written, so that it reads back: "USD 60000 - 120000 a year"."""
    return f"{pay.currency} {pay.low} - {pay.high} a {pay.period}"


def yearly(pay: Pay) -> tuple[int, int]:
    """Return what `pay` comes to in a year of full-time work: 2,080 hours, 260 days, 52 weeks or 12 months."""
    times = _PER_YEAR[pay.period]
    return pay.low * times, pay.high * times


def _unknown(written: str, why: str) -> PayReading:
    return PayReading(note=f"pay {written[:60]} {why}: kept as unknown")


def _currencies(match: re.Match[str]) -> tuple[str, ...]:
    written = (match["before1"], match["after1"], match["before2"], match["after2"])
    return tuple(dict.fromkeys(_SYMBOLS.get(currency, currency) for currency in written if currency))


def _open_ended(text: str, match: re.Match[str]) -> bool:
    return bool(_OPEN_ENDED.search(text[: match.start()])) or text[match.end() :].lstrip().startswith("+")


def _amounts(match: re.Match[str]) -> tuple[float | None, float | None]:
    low = _number(match["number1"], match["scale1"])
    if not match["number2"]:
        return low, low
    high = _number(match["number2"], match["scale2"])
    if low is not None and high is not None and match["scale2"] and not match["scale1"] and low < 1_000:
        low = _number(match["number1"], match["scale2"])  # "60 - 120K"
    return low, high


def _number(written: str, scale: str | None) -> float | None:
    """Read "60", "4.5", "31,2", "100,000", "80.000", "1.250,50"; None when its separators make no sense."""
    digits = re.sub(r"['’\s]", "", written).strip(".,")
    separators = re.sub(r"\d", "", digits)
    if len(set(separators)) == 2:
        mark = digits[max(digits.rfind("."), digits.rfind(","))]
        digits = digits.replace("," if mark == "." else ".", "").replace(mark, ".")
    elif separators:
        groups = digits.split(separators[0])
        grouped = len(groups[-1]) == 3 and all(len(group) in {2, 3} for group in groups[1:])  # 1,20,000 in India
        thousands = grouped and not (scale and len(groups) == 2)
        digits = "".join(groups) if thousands else digits.replace(separators[0], ".")
    if not re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", digits):
        return None
    return float(digits) * {"k": 1_000, "m": 1_000_000}.get((scale or "").lower(), 1)


def _period(text: str) -> PayPeriod | None:
    return next((period for period, pattern in _PERIODS if pattern.search(text)), None)


def _unmarked(currency: str) -> int:
    """Return from which amount pay without a period is meant for a year, as is the custom."""
    return _YEARLY_UNMARKED * _UNITS_PER_DOLLAR.get(currency, 1)
