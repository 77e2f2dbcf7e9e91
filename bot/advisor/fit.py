"""Which roles suit somebody who says what they like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.advisor.answer import RoleLine, Suggestions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.advisor.knowledge import RoleProfile
    from bot.advisor.retrieval import RoleDescriptions

SUGGESTED = 3


def suggest(tokens: Sequence[str], descriptions: RoleDescriptions, profiles: Mapping[str, RoleProfile]) -> Suggestions:
    """Return the roles whose profiles share most with what was said, each with who it suits.

    Somebody who says nothing that tells roles apart is shown the first ones of the knowledge base.
    """
    matched = [match.role for match in descriptions.match(tokens) if match.role in profiles]
    chosen = list(dict.fromkeys((*matched, *profiles)))[:SUGGESTED]
    return Suggestions(tuple(RoleLine(role, profiles[role].title, profiles[role].choose_if) for role in chosen))
