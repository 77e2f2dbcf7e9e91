"""Advertised pay, from rows that come in pairs."""

import re
from dataclasses import replace

import pytest

from bot.advisor.adverts import (
    SCATTERED,
    Advert,
    advertised_pay,
    distinct_adverts,
    parse_row,
    write_figures,
)
from bot.advisor.knowledge import AdvertTitle, Figure
from bot.advisor.salaries import SMALLEST_SAMPLE
from bot.language.facets import Level

CHEF = AdvertTitle("chef", "Head Chef")
VALUES = {
    "work_year": "2025",
    "experience_level": "SE",
    "employment_type": "FT",
    "job_title": "Head Chef",
    "salary": "60000",
    "salary_currency": "USD",
    "salary_in_usd": "60000",
    "employee_residence": "US",
    "remote_ratio": "0",
    "company_location": "US",
    "company_size": "M",
}


def values(**changed: str) -> dict[str, str]:
    return VALUES | changed


def paid(amount: float, **changed: str) -> dict[str, str]:
    return values(salary=str(amount), salary_in_usd=str(amount), **changed)


def adverts(*rows: dict[str, str]) -> list[Advert]:
    return list(distinct_adverts(map(parse_row, rows)))


def ranges(*rows: dict[str, str]) -> list[tuple[float, float]]:
    return [(advert.low, advert.high) for advert in adverts(*rows)]


def singles(count: int, start: int = 50_000, step: int = 1_000, **changed: str) -> list[Advert]:
    """Return so many adverts that name one amount each: rising rows are no pairs."""
    return adverts(*(paid(start + step * number, **changed) for number in range(count)))


def figures(found: list[Advert], *titles: AdvertTitle) -> tuple[Figure, ...]:
    return advertised_pay(found, titles or (CHEF,), "adverts")


def overall(found: list[Advert]) -> list[Figure]:
    return [figure for figure in figures(found) if figure.level is None and figure.remote is None]


def test_two_rows_that_differ_in_a_falling_amount_are_one_advert() -> None:
    assert ranges(paid(90_000), paid(60_000)) == [(60_000, 90_000)]


def test_two_rows_of_the_same_amount_are_one_advert() -> None:
    assert ranges(paid(60_000), paid(60_000)) == [(60_000, 60_000)]


def test_a_rising_amount_begins_another_advert() -> None:
    assert ranges(paid(60_000), paid(90_000), paid(80_000)) == [(60_000, 60_000), (80_000, 90_000)]


@pytest.mark.parametrize(
    "other",
    [
        {"work_year": "2024"},
        {"experience_level": "MI"},
        {"job_title": "Cook"},
        {"remote_ratio": "100"},
        {"employee_residence": "CA"},
        {"company_location": "CA", "salary_currency": "CAD"},
    ],
)
def test_rows_about_different_things_are_no_pair(other: dict[str, str]) -> None:
    assert len(adverts(paid(90_000), paid(60_000, **other))) == 2


def test_the_size_of_the_company_tells_no_adverts_apart() -> None:
    assert ranges(paid(90_000, company_size="S"), paid(60_000, company_size="M")) == [(60_000, 90_000)]


def test_an_advert_that_is_repeated_counts_once() -> None:
    pair = (paid(90_000), paid(60_000))
    assert ranges(*pair, *pair, paid(91_000), paid(60_000), *pair) == [(60_000, 90_000), (60_000, 91_000)]


@pytest.mark.parametrize("employment", ["PT", "CT", "FL"])
def test_only_full_time_adverts_count(employment: str) -> None:
    assert adverts(paid(60_000, employment_type=employment)) == []


def test_amounts_at_home_are_the_converted_ones_and_elsewhere_those_that_were_named() -> None:
    assert ranges(values(salary="50000", salary_currency="EUR", salary_in_usd="55000")) == [(55_000, 55_000)]
    (abroad,) = adverts(values(salary="50000", salary_currency="EUR", salary_in_usd="55000", company_location="NL"))
    assert (abroad.high, abroad.row.currency) == (50_000, "EUR")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"salary": "a lot"}, 'salary_in_usd is "a lot", not a number'),
        ({"salary": "-5"}, 'salary_in_usd is "-5"'),
        ({"salary": "٣"}, "not a number"),
        ({"salary": "1.2.3"}, "not a number"),
        ({"work_year": "soon"}, 'work_year is "soon"'),
        ({"work_year": "2025.5"}, "work_year"),
        ({"experience_level": "XX"}, 'experience_level is "XX", not one of EN, EX, MI, SE'),
        ({"employment_type": ""}, 'employment_type is ""'),
        ({"remote_ratio": "30"}, "not one of 0, 100, 50"),
        ({"job_title": " "}, "job_title is empty"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_with_the_column(changed: dict[str, str], said: str) -> None:
    if "salary" in changed:
        changed = changed | {"salary_in_usd": changed["salary"]}
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_row(values(**changed))


def test_a_figure_shows_percentiles_of_the_middle_of_each_range_and_how_many_there_were() -> None:
    rows = [row for low in range(10, 21) for row in (paid(low * 1_000 + 20_000), paid(low * 1_000))]
    (figure,) = overall(adverts(*rows))
    assert (figure.low, figure.middle, figure.high, figure.sample) == (21_000, 25_000, 29_000, 11)
    assert (figure.place, figure.unit, figure.period, figure.source) == ("US", "USD/year", "2023-2025", "adverts")
    assert (figure.exact, figure.occupation) == (True, None)


def test_levels_and_remote_have_figures_of_their_own() -> None:
    found = singles(10) + singles(10, experience_level="EN", remote_ratio="100") + singles(10, remote_ratio="50")
    shown = {(figure.level, figure.remote): figure.sample for figure in figures(found)}
    assert shown == {
        (None, None): 30,
        (Level.ENTRY, None): 10,
        (Level.SENIOR, None): 20,
        (None, True): 10,
        (None, False): 10,
    }


def test_a_cell_of_too_few_adverts_is_left_out() -> None:
    assert figures(singles(SMALLEST_SAMPLE - 1)) == ()
    assert overall(singles(SMALLEST_SAMPLE))


def test_a_cell_that_spreads_too_far_is_left_out() -> None:
    assert overall(singles(11, start=10_000, step=4_000))
    together = singles(9, start=10_000, step=1) + singles(9, start=10_001 * (SCATTERED + 1), step=1)
    assert not overall(together)


def test_only_the_newest_years_count() -> None:
    found = singles(10, work_year="2022") + singles(10, work_year="2023") + singles(10, work_year="2025")
    assert [(figure.period, figure.sample) for figure in overall(found)] == [("2023-2025", 20)]


def test_a_country_counts_in_its_commonest_currency_and_never_in_dollars_but_at_home() -> None:
    abroad = {"company_location": "GB", "employee_residence": "GB"}
    found = (
        singles(30, salary_currency="USD", **abroad)
        + singles(12, salary_currency="GBP", **abroad)
        + singles(11, salary_currency="EUR", **abroad)
        + singles(10)
    )
    assert [(f.place, f.unit, f.sample) for f in overall(found)] == [("US", "USD/year", 10), ("GB", "GBP/year", 12)]


def test_a_country_with_nothing_but_dollars_has_no_figure() -> None:
    assert figures(singles(30, company_location="NZ", employee_residence="NZ")) == ()


def test_a_title_that_only_comes_near_is_named() -> None:
    (figure, *_) = figures(singles(10), replace(CHEF, role="cook", exact=False))
    assert (figure.role, figure.exact, figure.occupation) == ("cook", False, "Head Chef")


def test_titles_that_nobody_named_are_passed_over() -> None:
    assert figures(singles(10, job_title="Cook")) == ()


def test_nothing_comes_of_nothing() -> None:
    assert figures([]) == ()


def test_figures_are_written_one_a_line_home_first_and_the_whole_before_its_parts() -> None:
    abroad = {"company_location": "AT", "employee_residence": "AT", "salary_currency": "EUR"}
    found = singles(10, **abroad) + singles(10, remote_ratio="100")
    assert write_figures(figures(found), ["made of adverts"]).splitlines() == [
        "# made of adverts",
        "figures:",
        *(
            f"  - {{role: chef, kind: advertised_pay, source: adverts, {line}"
            "low: 50900, middle: 54500, high: 58100, sample: 10}"
            for line in (
                "unit: USD/year, place: US, period: 2023-2025, ",
                "unit: USD/year, place: US, period: 2023-2025, level: senior, ",
                "unit: USD/year, place: US, period: 2023-2025, remote: true, ",
                "unit: EUR/year, place: AT, period: 2023-2025, ",
                "unit: EUR/year, place: AT, period: 2023-2025, level: senior, ",
                "unit: EUR/year, place: AT, period: 2023-2025, remote: false, ",
            )
        ),
    ]
