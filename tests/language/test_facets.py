"""Years and pay as they are written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.facets import NO_FILTERS, YEARLY_PAY, Employment, Filters, Level, find_pay, find_year

PERIODS = {"a month": "month", "/mo": "month", "/hr": "hour", "an hour": "hour", "a day": "day", "a week": "week"}


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("pay in 2024", 2024),
        ("2024-2025", 2024),
        ("is it 2019 or 2024?", 2019),
        ("in 2024.", 2024),
        ("1980", 1980),
        ("2049", 2049),
    ],
)
def test_first_year_of_a_text_is_found(text: str, year: int) -> None:
    span = find_year(text)
    assert span
    assert (span.value, text[span.start : span.end]) == (year, str(year))


@pytest.mark.parametrize(
    "text", ["1979", "2050", "12024", "$2024", "€2024", "2024k", "2024 k", "2024.5", "2,024", "20 24", "web3", ""]
)
def test_amounts_and_far_years_are_no_years(text: str) -> None:
    assert find_year(text) is None


@pytest.mark.parametrize(
    ("text", "yearly", "said"),
    [
        ("at least 100k", 100_000, "100k"),
        ("100k/year", 100_000, "100k"),
        ("€60k", 60_000, "€60k"),
        ("60k€", 60_000, "60k€"),
        ("60 grand", 60_000, "60 grand"),
        ("$ 60 000", 60_000, "$ 60 000"),
        ("$1,234,567", 1_234_567, "$1,234,567"),
        ("€1.234.567", 1_234_567, "€1.234.567"),
        ("£4,5k", 4_500, "£4,5k"),
        ("₹12 lpa", 1_200_000, "₹12 lpa"),
        ("10.5 lakh", 1_050_000, "10.5 lakh"),
        ("45 lakhs", 4_500_000, "45 lakhs"),
        ("3m", 3_000_000, "3m"),
        ("¥5m", 5_000_000, "¥5m"),
        ("€4.5k a month", 54_000, "€4.5k a month"),
        ("4k€/mo", 48_000, "4k€/mo"),
        ("$45/hr", 93_600, "$45/hr"),
        ("$20  an hour", 41_600, "$20  an hour"),
        ("£400 a day", 104_000, "£400 a day"),
        ("£1k a week", 52_000, "£1k a week"),
        ("in 2024 more than 90k", 90_000, "90k"),
        ("$5 a coffee, 80k a year", 80_000, "80k"),
    ],
)
def test_pay_is_found_as_a_yearly_amount(text: str, yearly: int, said: str) -> None:
    span = find_pay(text, PERIODS)
    assert span
    assert (span.value, text[span.start : span.end].strip()) == (yearly, said)


@pytest.mark.parametrize(
    "text",
    ["1,234,567", "100000", "45", "100kg", "mp3", "k100", "$50", "$0", "$999", "$10,000,000", "1 234 567 k", ""],
)
def test_bare_numbers_and_amounts_that_no_year_pays_are_no_pay(text: str) -> None:
    assert find_pay(text, PERIODS) is None


def test_figures_in_words_are_not_understood_yet() -> None:
    assert find_pay("six figures") is None


def test_amount_is_yearly_where_no_period_is_known() -> None:
    span = find_pay("€4.5k a month")
    assert span
    assert span.value == 4_500


def test_longest_period_wins() -> None:
    span = find_pay("$50 per hour", {"per": "year", "per hour": "hour"})
    assert span
    assert (span.value, span.end) == (104_000, len("$50 per hour"))


MONEY_TEXT = st.text(alphabet="0123456789,. $€£kmlakhgrnd/year٣\u202f", max_size=40)


@given(st.one_of(st.text(max_size=200), MONEY_TEXT))
def test_any_text_is_read_and_what_is_found_lies_in_it(text: str) -> None:
    for span in (find_year(text), find_pay(text, PERIODS)):
        if span:
            assert 0 <= span.start < span.end <= len(text)
            assert re.search(r"\d", text[span.start : span.end])


@given(MONEY_TEXT)
def test_pay_is_always_an_amount_that_a_year_can_pay(text: str) -> None:
    span = find_pay(text, PERIODS)
    assert span is None or span.value in YEARLY_PAY


@given(st.integers(min_value=1_000, max_value=9_999_999))
def test_thousands_may_be_grouped_or_not(amount: int) -> None:
    for written in (f"${amount}", f"${amount:,}", f"{amount:,}€".replace(",", ".")):
        span = find_pay(written)
        assert span
        assert span.value == amount


def test_filters_are_true_once_they_say_something() -> None:
    assert not NO_FILTERS
    assert Filters(remote=False)
    assert Filters(salary_min=0)
    assert Filters(level=Level.MID, employment=Employment.CONTRACT)


def test_an_endless_amount_is_no_pay_and_no_error() -> None:
    assert find_pay("$" + "9" * 400) is None
