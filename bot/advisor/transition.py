"""What somebody moving between roles brings along, and what is left to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.advisor.answer import Block, Gap, Prose
from bot.advisor.knowledge import Comparison, RoleProfile, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TAGS = 8
LEARNT = (Section.SKILLS, Section.TOOLS)


def move(origin: RoleProfile | None, target: RoleProfile, comparison: Comparison | None) -> tuple[Block, ...]:
    """Return the blocks that answer how to get to `target`, from `origin` where that is known."""
    blocks: list[Block] = []
    if origin:
        known, wanted = _tags(origin), _tags(target)
        brings = tuple(name for key, name in wanted.items() if key in known)
        learns = tuple(name for key, name in wanted.items() if key not in known)
        blocks.append(Gap(brings[:MAX_TAGS], learns[:MAX_TAGS]))
        if comparison:
            blocks.append(Prose(comparison.moving))
    blocks.append(Prose(target.sections[Section.GETTING_STARTED].text))
    return tuple(blocks)


def between(comparisons: Sequence[Comparison], roles: Sequence[str]) -> Comparison | None:
    """Return the curated comparison of exactly these two roles, in either order."""
    return next((c for c in comparisons if len(roles) == 2 and set(c.roles) == set(roles)), None)


def _tags(profile: RoleProfile) -> dict[str, str]:
    return {tag.casefold(): tag for section in LEARNT for tag in profile.sections[section].tags}
