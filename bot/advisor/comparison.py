"""What roles share and what only one of them has, computed from the tags of their profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.advisor.answer import Block, Choose, Figures, NoFigure, Only, Prose, RoleLine, Shared, Summaries
from bot.advisor.knowledge import Comparison, Figure, RoleProfile, Section
from bot.advisor.salaries import growth_figures, pay_figures
from bot.language.text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.language.facets import Filters

MAX_TAGS = 7
LEAD_LENGTH = 220
COMPARED = (Section.RESPONSIBILITIES, Section.SKILLS, Section.TOOLS)
"""The sections that tell roles apart when none is asked for."""


def compare(
    profiles: Sequence[RoleProfile],
    section: Section | None,
    filters: Filters,
    figures: Sequence[Figure],
    comparison: Comparison | None,
) -> tuple[Block, ...]:
    """Return the blocks that set two to four roles side by side, ending in who should choose which."""
    blocks: list[Block] = []
    if section is None:
        blocks.append(Summaries(tuple(RoleLine(p.id, p.title, p.summary) for p in profiles)))
        if comparison:
            blocks.append(Prose(comparison.different))
        for compared in COMPARED:
            blocks += differences(profiles, compared)
    elif section in {Section.SALARY, Section.OUTLOOK}:
        blocks += _figures(profiles, section, filters, figures)
        blocks.append(_leads(profiles, section))
    else:
        found = differences(profiles, section)
        blocks += found or [_leads(profiles, section)]
    return (*blocks, Choose(_choices(profiles, comparison)))


def differences(profiles: Sequence[RoleProfile], section: Section) -> list[Block]:
    """Return what all profiles share in a section and what each has alone; nothing when a section has no tags."""
    tags = {profile.id: _by_key(profile.sections[section].tags) for profile in profiles}
    if not all(tags.values()):
        return []
    shared = set.intersection(*(set(own) for own in tags.values()))
    first = tags[profiles[0].id]
    blocks: list[Block] = [Shared(section, tuple(name for key, name in first.items() if key in shared)[:MAX_TAGS])]
    for profile in profiles:
        others = {key for other, own in tags.items() if other != profile.id for key in own}
        only = tuple(name for key, name in tags[profile.id].items() if key not in others)
        blocks.append(Only(section, profile.id, profile.title, only[:MAX_TAGS]))
    return blocks


def lead(text: str) -> str:
    """Return the first sentences of a passage: what stands before its bullets, cut to a line or two."""
    paragraph = text.strip().split("\n\n", maxsplit=1)[0].split("\n- ", maxsplit=1)[0]
    return cut(" ".join(paragraph.removeprefix("- ").split()), LEAD_LENGTH)


def _figures(
    profiles: Sequence[RoleProfile], section: Section, filters: Filters, figures: Sequence[Figure]
) -> list[Block]:
    """Return the current figures of each role, after the roles that have none: what is unknown is said."""
    blocks: list[Block] = []
    found: list[Figure] = []
    for profile in profiles:
        if section is Section.SALARY:
            fitting = pay_figures(figures, profile.id, filters)
        else:
            fitting = growth_figures(figures, profile.id)
        current = [figure for figure in fitting if not figure.dated]
        found += current
        if not current:
            blocks.append(NoFigure(profile.id, filters))
    return [*blocks, Figures(tuple(found))] if found else blocks


def _leads(profiles: Sequence[RoleProfile], section: Section) -> Summaries:
    return Summaries(tuple(RoleLine(p.id, p.title, lead(p.sections[section].text)) for p in profiles))


def _choices(profiles: Sequence[RoleProfile], comparison: Comparison | None) -> tuple[RoleLine, ...]:
    own = comparison.choose if comparison else {}
    return tuple(RoleLine(p.id, p.title, own.get(p.id, p.choose_if)) for p in profiles)


def _by_key(tags: Sequence[str]) -> dict[str, str]:
    return {tag.casefold(): tag for tag in tags}
