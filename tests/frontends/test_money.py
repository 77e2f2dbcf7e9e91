"""Amounts as people read them."""

from __future__ import annotations

import pytest

from bot.frontends.money import amount, pay_range
from bot.jobs.job import Pay, PayPeriod


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (150_000, "USD", "$150k"),
        (78_570, "USD", "$79k"),
        (9_500, "EUR", "€9.5k"),
        (1_200_000, "INR", "₹1.2m"),
        (999_600, "USD", "$1m"),
        (12_345_678, "JPY", "¥12.3m"),
        (45, "GBP", "£45"),
        (52.5, "GBP", "£52.5"),
        (95_000, "CHF", "CHF\u00a095k"),
    ],
)
def test_an_amount_is_rounded_to_what_matters(value, currency, shown):
    assert amount(value, currency) == shown


def test_a_range_names_its_period():
    assert pay_range(Pay(60_000, 120_000, "USD", PayPeriod.YEAR)) == "$60k–$120k a year"


def test_equal_ends_are_named_once():
    assert pay_range(Pay(45, 45, "EUR", PayPeriod.HOUR)) == "€45 an hour"
