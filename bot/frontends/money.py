"""Amounts of money as people read them: $150k, ₹1.2m, €45 an hour."""

from __future__ import annotations

from bot.frontends.phrases import currency_sign, say
from bot.jobs.job import Pay


def amount(value: float, currency: str) -> str:
    """Return an amount with its currency, rounded to what matters: "$150k"."""
    return f"{currency_sign(currency)}{short(value)}"


def short(value: float) -> str:
    """Return a number in thousands or millions where that is shorter."""
    if value >= 999_500:
        return f"{_trimmed(value / 1_000_000, 2 if value < 10_000_000 else 1)}m"
    if value >= 1_000:
        return f"{_trimmed(value / 1_000, 1 if value < 10_000 else 0)}k"
    return _trimmed(value, 0 if value >= 100 else 2)


def pay_range(pay: Pay) -> str:
    """Return advertised pay with its period: "$60k–$120k a year"."""
    low, high = amount(pay.low, pay.currency), amount(pay.high, pay.currency)
    span = low if low == high else f"{low}–{high}"
    return f"{span} {say(f'period.{pay.period.value}')}"


def _trimmed(value: float, places: int) -> str:
    written = f"{value:.{places}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
