"""What roles share and what only one has, on a knowledge base about kitchens."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.answer import Block, Choose, Figures, NoFigure, Only, Prose, RoleLine, Shared, Summaries
from bot.advisor.comparison import COMPARED, LEAD_LENGTH, MAX_TAGS, compare, differences, lead
from bot.advisor.knowledge import Figure, Knowledge, Passage, RoleProfile, Section
from bot.language.facets import NO_FILTERS, Filters

WITH_FIGURES = (Section.SALARY, Section.OUTLOOK)


def compared(
    knowledge: Knowledge, *roles: str, section: Section | None = None, filters: Filters = NO_FILTERS
) -> tuple[Block, ...]:
    """Return the blocks of a comparison without an editor's words."""
    return compare([knowledge.roles[role] for role in roles], section, filters, knowledge.figures, None)


def tagged(profile: RoleProfile, section: Section, *tags: str) -> RoleProfile:
    """Return a profile with other tags in a section."""
    return replace(profile, sections={**profile.sections, section: Passage("Text.", tags=tags)})


def side_by_side(blocks: tuple[Block, ...]) -> dict[tuple[Section, str | None], set[str]]:
    """Return section and role (None for all) -> tags."""
    return {
        (block.section, block.role if isinstance(block, Only) else None): set(block.tags)
        for block in blocks
        if isinstance(block, Shared | Only)
    }


@pytest.mark.parametrize(
    ("section", "both", "chef", "cook"),
    [
        (Section.SKILLS, {"knives"}, {"sauces", "leadership"}, {"dough", "patience"}),
        (Section.TOOLS, {"oven"}, {"stove"}, {"mixer"}),
        (Section.RESPONSIBILITIES, {"orders"}, {"menus"}, {"desserts"}),
    ],
)
def test_section_says_what_both_have_and_what_only_one_has(
    knowledge: Knowledge, section: Section, both: set[str], chef: set[str], cook: set[str]
) -> None:
    blocks = compared(knowledge, "chef", "pastry-cook", section=section)
    assert side_by_side(blocks) == {
        (section, None): both,
        (section, "chef"): chef,
        (section, "pastry-cook"): cook,
    }


def test_three_roles_share_what_all_have_and_only_is_what_no_other_has(knowledge: Knowledge) -> None:
    blocks = compared(knowledge, "chef", "pastry-cook", "waiter", section=Section.SKILLS)
    assert side_by_side(blocks) == {
        (Section.SKILLS, None): set(),
        (Section.SKILLS, "chef"): {"sauces", "leadership"},
        (Section.SKILLS, "pastry-cook"): {"dough"},
        (Section.SKILLS, "waiter"): {"memory"},
    }


def test_four_roles_are_compared(knowledge: Knowledge) -> None:
    profiles = [*knowledge.roles.values(), replace(knowledge.roles["chef"], id="sous-chef", title="Sous Chef")]
    blocks = compare(profiles, Section.TOOLS, NO_FILTERS, (), None)
    assert side_by_side(blocks)[Section.TOOLS, "chef"] == set()
    assert side_by_side(blocks)[Section.TOOLS, "waiter"] == {"tray"}
    assert len([block for block in blocks if isinstance(block, Only)]) == 4


def test_tags_are_the_same_whatever_their_case(knowledge: Knowledge) -> None:
    chef = tagged(knowledge.roles["chef"], Section.TOOLS, "Oven", "Stove")
    cook = tagged(knowledge.roles["pastry-cook"], Section.TOOLS, "oven")
    assert differences([chef, cook], Section.TOOLS) == [
        Shared(Section.TOOLS, ("Oven",)),
        Only(Section.TOOLS, "chef", "Head Chef", ("Stove",)),
        Only(Section.TOOLS, "pastry-cook", "Pastry Cook", ()),
    ]


def test_section_without_tags_in_one_role_is_told_by_its_first_sentences(knowledge: Knowledge) -> None:
    chef = knowledge.roles["chef"]
    cook = tagged(knowledge.roles["pastry-cook"], Section.TOOLS)
    assert differences([chef, cook], Section.TOOLS) == []
    blocks = compare([chef, cook], Section.TOOLS, NO_FILTERS, (), None)
    assert blocks[0] == Summaries(
        (RoleLine("chef", "Head Chef", "Head Chef and tools."), RoleLine("pastry-cook", "Pastry Cook", "Text."))
    )


def test_long_lists_are_cut(knowledge: Knowledge) -> None:
    many = [f"tool {number}" for number in range(MAX_TAGS + 3)]
    chef = tagged(knowledge.roles["chef"], Section.TOOLS, *many, "alone", *(f"own {n}" for n in range(MAX_TAGS)))
    cook = tagged(knowledge.roles["pastry-cook"], Section.TOOLS, *many)
    shared, only, _ = differences([chef, cook], Section.TOOLS)
    assert isinstance(shared, Shared)
    assert isinstance(only, Only)
    assert shared.tags == tuple(many[:MAX_TAGS])
    assert only.tags == ("alone", *(f"own {n}" for n in range(MAX_TAGS - 1)))


def test_whole_roles_are_told_by_their_summaries_and_the_sections_that_tell_them_apart(knowledge: Knowledge) -> None:
    blocks = compared(knowledge, "chef", "waiter")
    assert blocks[0] == Summaries(
        (
            RoleLine("chef", "Head Chef", "Runs a kitchen and writes the menu."),
            RoleLine("waiter", "Waiter", "Serves guests at their table."),
        )
    )
    assert list(dict.fromkeys(section for section, _ in side_by_side(blocks))) == list(COMPARED)


def test_editor_says_what_differs_and_whom_each_role_suits(knowledge: Knowledge) -> None:
    profiles = [knowledge.roles["chef"], knowledge.roles["pastry-cook"]]
    blocks = compare(profiles, None, NO_FILTERS, (), knowledge.comparisons[0])
    assert blocks[1] == Prose("One leads the kitchen, the other the oven.")
    assert blocks[-1] == Choose(
        (
            RoleLine("chef", "Head Chef", "you want the last word"),
            RoleLine("pastry-cook", "Pastry Cook", "you want sweets"),
        )
    )


@pytest.mark.parametrize("section", [None, *Section])
@pytest.mark.parametrize("roles", [("chef", "waiter"), ("chef", "pastry-cook", "waiter")])
def test_every_comparison_ends_in_who_should_choose_which(
    knowledge: Knowledge, section: Section | None, roles: tuple[str, ...]
) -> None:
    blocks = compared(knowledge, *roles, section=section)
    chosen = blocks[-1]
    assert isinstance(chosen, Choose)
    assert [(line.role, line.text) for line in chosen.lines] == [(r, knowledge.roles[r].choose_if) for r in roles]


def test_pay_is_compared_by_current_figures(knowledge: Knowledge) -> None:
    figures, leads, _ = compared(knowledge, "chef", "pastry-cook", section=Section.SALARY)
    assert isinstance(figures, Figures)
    assert [(figure.role, figure.middle) for figure in figures.figures] == [
        ("chef", 60_000),
        ("chef", 58_000),
        ("pastry-cook", 48_000),
    ]
    assert isinstance(leads, Summaries)
    assert [line.text for line in leads.lines] == ["Head Chef and salary.", "Pastry Cook and salary."]


def test_outlook_is_compared_by_current_projections(knowledge: Knowledge) -> None:
    gap, figures, *_ = compared(knowledge, "chef", "waiter", section=Section.OUTLOOK)
    assert gap == NoFigure("waiter", NO_FILTERS)
    assert isinstance(figures, Figures)
    assert [(figure.role, figure.middle) for figure in figures.figures] == [("chef", 15)]


def test_role_without_a_figure_where_it_is_asked_for_is_named(knowledge: Knowledge) -> None:
    france = Filters(country="FR")
    gap, figures, *_ = compared(knowledge, "chef", "pastry-cook", section=Section.SALARY, filters=france)
    assert gap == NoFigure("pastry-cook", france)
    assert isinstance(figures, Figures)
    assert [figure.middle for figure in figures.figures] == [45_000]


def test_place_without_any_figure_is_said_for_every_role(knowledge: Knowledge) -> None:
    brazil = Filters(country="BR")
    blocks = compared(knowledge, "chef", "waiter", section=Section.SALARY, filters=brazil)
    assert blocks[:2] == (NoFigure("chef", brazil), NoFigure("waiter", brazil))
    assert not any(isinstance(block, Figures) for block in blocks)


def test_dated_figures_are_not_set_beside_current_ones(knowledge: Knowledge) -> None:
    old: tuple[Figure, ...] = tuple(replace(figure, dated=True) for figure in knowledge.figures)
    blocks = compare([knowledge.roles["chef"]], Section.SALARY, NO_FILTERS, old, None)
    assert blocks[0] == NoFigure("chef", NO_FILTERS)


@given(st.lists(st.sampled_from(["chef", "pastry-cook", "waiter"]), min_size=2, max_size=3, unique=True), st.data())
def test_comparison_the_other_way_round_says_the_same(
    knowledge: Knowledge, roles: list[str], data: st.DataObject
) -> None:
    section = data.draw(st.sampled_from([None, *Section]))
    forth = compared(knowledge, *roles, section=section)
    back = compared(knowledge, *reversed(roles), section=section)
    assert side_by_side(forth) == side_by_side(back)
    assert _values(forth) == _values(back)


def _values(blocks: tuple[Block, ...]) -> set[object]:
    lines = {line for block in blocks if isinstance(block, Summaries | Choose) for line in block.lines}
    figures = {figure for block in blocks if isinstance(block, Figures) for figure in block.figures}
    return lines | figures | {block for block in blocks if isinstance(block, NoFigure)}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One line.\n\n- a bullet", "One line."),
        ("Two\nlines.\n- a bullet", "Two lines."),
        ("- a bullet\n- another", "a bullet"),
        ("  spaced  \n\nmore", "spaced"),
        ("", ""),
    ],
)
def test_lead_is_what_stands_before_the_bullets(text: str, first: str) -> None:
    assert lead(text) == first


@given(st.text(max_size=600))
def test_lead_is_never_longer_than_two_lines(text: str) -> None:
    assert len(lead(text)) <= LEAD_LENGTH
    assert "\n" not in lead(text)
