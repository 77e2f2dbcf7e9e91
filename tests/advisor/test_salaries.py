"""Which figures answer a question about pay or outlook."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.knowledge import Figure, FigureKind, Knowledge
from bot.advisor.salaries import HOME, SMALLEST_SAMPLE, covers, growth_figures, pay_figures
from bot.language.facets import NO_FILTERS, Filters, Level

ADVERTS = Figure(
    role="chef",
    kind=FigureKind.ADVERTISED_PAY,
    source="guild",
    unit="USD/year",
    place=HOME,
    period="2023-2025",
    middle=60_000,
    sample=40,
)


def middles(figures: tuple[Figure, ...]) -> list[float]:
    return [figure.middle for figure in figures]


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        (NO_FILTERS, [60_000, 58_000, 40_000]),
        (Filters(country="US"), [60_000, 58_000, 40_000]),
        (Filters(country="FR"), [45_000]),
        (Filters(level=Level.SENIOR), [90_000]),
        (Filters(year=2024), [60_000]),
        (Filters(year=2025), [60_000, 58_000]),
        (Filters(year=2019), [40_000]),
        (Filters(salary_min=50_000), [60_000, 58_000, 40_000]),
    ],
)
def test_figures_that_fit_are_shown_adverts_first_and_dated_ones_last(
    knowledge: Knowledge, filters: Filters, shown: list[float]
) -> None:
    assert middles(pay_figures(knowledge.figures, "chef", filters)) == shown


@pytest.mark.parametrize(
    "filters",
    [
        Filters(country="BR"),
        Filters(country="FR", level=Level.SENIOR),
        Filters(level=Level.ENTRY),
        Filters(remote=True),
        Filters(remote=False),
        Filters(year=2018),
        Filters(country="FR", year=2019),
    ],
)
def test_gap_is_filled_with_nothing(knowledge: Knowledge, filters: Filters) -> None:
    assert pay_figures(knowledge.figures, "chef", filters) == ()


def test_role_without_figures_has_none(knowledge: Knowledge) -> None:
    assert pay_figures(knowledge.figures, "waiter", NO_FILTERS) == ()
    assert growth_figures(knowledge.figures, "waiter") == ()


def test_figure_from_too_few_adverts_is_never_shown(knowledge: Knowledge) -> None:
    assert pay_figures(knowledge.figures, "chef", Filters(country="DE")) == ()
    enough, few = (replace(ADVERTS, sample=sample) for sample in (SMALLEST_SAMPLE, SMALLEST_SAMPLE - 1))
    assert pay_figures([enough], "chef", NO_FILTERS) == (enough,)
    assert pay_figures([few], "chef", NO_FILTERS) == ()


def test_figure_of_a_source_that_states_no_sample_is_shown() -> None:
    unstated = replace(ADVERTS, sample=None)
    assert pay_figures([unstated], "chef", NO_FILTERS) == (unstated,)


def test_remote_and_office_pay_are_told_apart() -> None:
    remote, office = replace(ADVERTS, remote=True, middle=1), replace(ADVERTS, remote=False, middle=2)
    figures = [ADVERTS, remote, office]
    assert pay_figures(figures, "chef", Filters(remote=True)) == (remote,)
    assert pay_figures(figures, "chef", Filters(remote=False)) == (office,)
    assert pay_figures(figures, "chef", NO_FILTERS) == (ADVERTS,)


def test_figure_for_a_level_is_not_shown_for_that_level_and_remote() -> None:
    senior = replace(ADVERTS, level=Level.SENIOR)
    both = replace(senior, remote=True)
    asked = Filters(level=Level.SENIOR, remote=True)
    assert pay_figures([senior], "chef", asked) == ()
    assert pay_figures([senior, both], "chef", asked) == (both,)


@pytest.mark.parametrize(
    ("older", "newer"),
    [("2019-2021", "2023-2025"), ("October 2024", "May 2025"), ("2019-2025", "2023-2025"), ("undated", "2001")],
)
def test_newest_figure_of_a_kind_and_source_is_shown(older: str, newer: str) -> None:
    first, second = replace(ADVERTS, period=older), replace(ADVERTS, period=newer)
    assert pay_figures([first, second], "chef", NO_FILTERS) == (second,)
    assert pay_figures([second, first], "chef", NO_FILTERS) == (second,)


def test_each_source_is_shown_in_the_order_of_its_name() -> None:
    other = replace(ADVERTS, source="agency")
    assert pay_figures([ADVERTS, other], "chef", NO_FILTERS) == (other, ADVERTS)


@pytest.mark.parametrize(
    ("period", "year", "within"),
    [
        ("2023-2025", 2023, True),
        ("2023-2025", 2024, True),
        ("2023-2025", 2025, True),
        ("2023-2025", 2022, False),
        ("2023-2025", 2026, False),
        ("May 2025", 2025, True),
        ("May 2025", 2024, False),
        ("last summer", 2024, False),
    ],
)
def test_period_covers_the_years_it_names_and_those_between(period: str, year: int, *, within: bool) -> None:
    assert covers(replace(ADVERTS, period=period), year) is within


def test_current_projection_comes_before_the_dated_one(knowledge: Knowledge) -> None:
    assert middles(growth_figures(knowledge.figures, "chef")) == [15, 6]


def test_pay_and_growth_are_never_mixed(knowledge: Knowledge) -> None:
    pay = pay_figures(knowledge.figures, "chef", NO_FILTERS)
    growth = growth_figures(knowledge.figures, "chef")
    assert {figure.kind for figure in growth} == {FigureKind.GROWTH}
    assert not set(pay) & set(growth)


FILTERS = st.builds(
    Filters,
    country=st.sampled_from([None, "US", "FR", "DE", "BR"]),
    level=st.sampled_from([None, *Level]),
    remote=st.sampled_from([None, True, False]),
    year=st.one_of(st.none(), st.integers(min_value=2015, max_value=2030)),
)


@given(FILTERS, st.sampled_from(["chef", "pastry-cook", "waiter", "nobody"]))
def test_every_figure_that_is_shown_is_about_what_was_asked(knowledge: Knowledge, filters: Filters, role: str) -> None:
    shown = pay_figures(knowledge.figures, role, filters)
    assert [figure.dated for figure in shown] == sorted(figure.dated for figure in shown)
    for figure in shown:
        assert (figure.role, figure.place) == (role, filters.country or HOME)
        assert (figure.level, figure.remote) == (filters.level, filters.remote)
        assert filters.year is None or covers(figure, filters.year)
        assert figure.sample is None or figure.sample >= SMALLEST_SAMPLE
