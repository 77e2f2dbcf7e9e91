"""Values as sources write them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs.job import Pay, PayPeriod
from bot.sources.values import aged, company_in, country, items, joined, key, moment, parts, pay, period, text, texts

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
NOON = datetime(2026, 8, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-08-11T12:00:00Z",
        "2026-08-11T08:00:00-04:00",
        "2026-08-11T12:00:00",
        "2026-08-11 12:00:00 UTC",
        "Tue, 11 Aug 2026 12:00:00 +0000",
        "Tue, 11 Aug 2026 14:00:00 +0200",
        1_786_449_600,
        1_786_449_600_000,
        "1786449600",
    ],
)
def test_a_time_is_read_however_it_is_written(written):
    assert moment({"at": written}, "at") == NOON


@pytest.mark.parametrize(
    "written",
    [None, "", "soon", True, 5, -1, 5e9, 10**400, [], {}, "2026-13-40", float("nan"), "²" * 9, "9" * 5_000],
)
def test_what_is_no_time_is_unknown(written):
    assert moment({"at": written}, "at") is None


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("9d", NOW - timedelta(days=9)),
        ("5h", NOW - timedelta(hours=5)),
        ("2mo", NOW - timedelta(days=60)),
        ("Aug 22", datetime(2026, 8, 22, tzinfo=UTC)),
        ("Dec 24", datetime(2025, 12, 24, tzinfo=UTC)),
        ("", None),
        ("d", None),
        ("99999d", None),
        ("Feb 30", None),
        ("long ago", None),
    ],
)
def test_an_age_or_a_day_tells_when_something_appeared(said, when):
    assert aged(said, NOW) == when


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("per-year-salary", PayPeriod.YEAR),
        ("per-hour-wage", PayPeriod.HOUR),
        ("1 YEAR", PayPeriod.YEAR),
        ("MONTH", PayPeriod.MONTH),
        ("annual", PayPeriod.YEAR),
        ("daily", PayPeriod.DAY),
        ("none", None),
    ],
)
def test_a_period_is_read_out_of_a_word(said, read):
    assert period(said) == read


def test_pay_of_nothing_is_unknown_and_ends_are_put_in_order():
    assert pay(0, 0, "USD", PayPeriod.YEAR) is None
    assert pay(None, 50_000, "EUR", PayPeriod.YEAR) == Pay(50_000, 50_000, "EUR", PayPeriod.YEAR)
    assert pay("90,000", "80000.0", "eur", PayPeriod.YEAR) == Pay(80_000, 90_000, "EUR", PayPeriod.YEAR)
    assert pay(1, 2, "euros", PayPeriod.YEAR) is None
    assert pay(1, 2, "EUR", None) is None


def test_only_texts_and_numbers_are_texts():
    record = {"a": {"b": " x "}, "n": 4, "yes": True, "list": ["p", 3, " "], "none": None}
    assert (text(record, "a", "b"), text(record, "n"), text(record, "yes"), text(record, "a")) == ("x", "4", "", "")
    assert (texts(record, "list"), texts(record, "none"), items(record, "a")) == (("p",), (), ())
    assert (key(record, "n"), key(record, "none")) == ("4", None)


def test_a_country_is_a_code_of_two_letters():
    assert (country(" us "), country("USA"), country("1!"), country("")) == (("US",), (), (), ())


def test_a_company_is_named_by_the_address_of_its_board():
    assert company_in("https://jobs.lever.co/rowan-tree/1", "lever.co") == "Rowan Tree"
    assert company_in("https://elsewhere.example.com/rowan-tree/1", "lever.co") == ""
    assert company_in("https://jobs.lever.co", "lever.co") == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("SQL, data analysis,, R ", ("SQL", "data analysis", "R")),
        (["Sales, General", 5, " R "], ("Sales, General", "R")),
        (None, ()),
        (7, ()),
        ({"a": "b"}, ()),
    ],
)
def test_what_stands_between_commas_or_in_a_list_is_read_part_by_part(written, read):
    assert parts({"tags": written}, "tags") == read


def test_texts_are_joined_line_by_line_without_the_empty_ones():
    assert joined("One", "", "two") == "One\ntwo"
    assert joined() == ""
