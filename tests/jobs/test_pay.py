import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.job import Pay, PayPeriod
from bot.jobs.pay import check_pay, read_pay, yearly

HOUR, DAY, WEEK, MONTH, YEAR = PayPeriod


@pytest.mark.parametrize(
    ("text", "low", "high", "currency", "period"),
    [
        ("USD 60K - 120K", 60_000, 120_000, "USD", YEAR),
        ("Full Time Senior-level / Expert USD 60 - 120K", 60_000, 120_000, "USD", YEAR),
        ("$160k–$180k ($210k for senior band)", 160_000, 180_000, "USD", YEAR),
        ("€4.5k a month", 4_500, 4_500, "EUR", MONTH),
        ("£500/day", 500, 500, "GBP", DAY),
        ("£500 day rate", 500, 500, "GBP", DAY),
        ("$2,000 weekly", 2_000, 2_000, "USD", WEEK),
        ("$62/hr", 62, 62, "USD", HOUR),
        ("$62.50/hr - $70/hr", 62, 70, "USD", HOUR),
        ("CA$102.8K – CA$137K", 102_800, 137_000, "CAD", YEAR),
        ("$31,2k- $52k", 31_200, 52_000, "USD", YEAR),
        ("USD 100,000 – 120,000 per year", 100_000, 120_000, "USD", YEAR),
        ("80.000 € - 90.000 € brutto", 80_000, 90_000, "EUR", YEAR),
        ("EUR 60.000,50", 60_000, 60_000, "EUR", YEAR),
        ("60 000 EUR a year", 60_000, 60_000, "EUR", YEAR),
        ("PLN 20 000 - 25 000 / month", 20_000, 25_000, "PLN", MONTH),
        ("CHF 110'000 - 130'000", 110_000, 130_000, "CHF", YEAR),
        ("₹12,00,000 per annum", 1_200_000, 1_200_000, "INR", YEAR),
        ("JPY 8M to 12M", 8_000_000, 12_000_000, "JPY", YEAR),
        ("USD 120K - 60K", 60_000, 120_000, "USD", YEAR),
        ("between $100k and $120k", 100_000, 120_000, "USD", YEAR),
        ("£45k pa", 45_000, 45_000, "GBP", YEAR),
    ],
)
def test_pay_is_read_as_it_is_written(text, low, high, currency, period):
    assert read_pay(text).pay == Pay(low, high, currency, period)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("USD 1111111K - 1111111K", "pay USD 1111111K - 1111111K is implausible: kept as unknown"),
        ("$1 a year", "pay $1 is implausible: kept as unknown"),
        ("$10k - $900k", "pay $10k - $900k is implausible: kept as unknown"),
        ("Up to $120k", "pay $120k has one end only: kept as unknown"),
        ("$120k+", "pay $120k has one end only: kept as unknown"),
        ("$100k - €120k", "pay $100k - €120k names two currencies: kept as unknown"),
        ("100k-120k", "pay 100k-120k names no currency: kept as unknown"),
        ("$4000", "pay $4000 names no period: kept as unknown"),
        ("$1.2.3.4 a year", "pay $1.2.3.4 is not a number: kept as unknown"),
    ],
)
def test_what_cannot_be_known_is_unknown_and_noted(text, note):
    reading = read_pay(text)
    assert reading.pay is None
    assert reading.note == note


@pytest.mark.parametrize("text", ["", "Pay per task", "Full Time Contract", "competitive"])
def test_a_text_without_money_says_nothing(text):
    assert read_pay(text) == read_pay("")
    assert read_pay(text).note is None


def test_a_year_of_work_is_2080_hours_260_days_52_weeks_or_12_months():
    assert [yearly(Pay(10, 20, "USD", period)) for period in PayPeriod] == [
        (20_800, 41_600),
        (2_600, 5_200),
        (520, 1_040),
        (120, 240),
        (10, 20),
    ]


def test_pay_in_an_unlisted_currency_may_be_large():
    assert check_pay(Pay(900_000_000, 900_000_000, "LBP", YEAR)).pay


def test_a_structured_pay_that_nobody_gets_is_named_in_its_note():
    assert check_pay(Pay(0, 0, "USD", YEAR)).note == "pay USD 0 - 0 a year is implausible: kept as unknown"


@given(st.one_of(st.text(), st.text(st.sampled_from("$€USDKkM 0123456789.,'-–/abhr\u00a0"), max_size=120)))
def test_reading_pay_never_raises_and_low_is_at_most_high(text):
    pay = read_pay(text).pay
    assert pay is None or 0 < pay.low <= pay.high


@given(st.integers(1, 400), st.integers(0, 400))
def test_a_written_range_is_read_back(low, more):
    low, high = 10 * low, 10 * low + more
    assert read_pay(f"USD {low}K - {high}K").pay in {Pay(low * 1000, high * 1000, "USD", YEAR), None}
