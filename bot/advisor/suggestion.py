"""Which role somebody means while typing its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.language.text import cut, normalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SUGGESTED = 25
"""Discord shows at most 25 choices."""
TYPED = 100
NEAR = 60.0


def suggest_roles(
    typed: str, names: Mapping[str, Sequence[str]], titles: Mapping[str, str], preferred: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return (id, title) of the roles that `typed` begins or nearly spells, best first.

    `names` maps each role to how it may be called. Among equals come first those whose title begins so, then
    `preferred` ones, then by title.
    """
    typed = normalise(cut(typed, TYPED))
    rank = {role: number for number, role in enumerate(preferred)}
    scored = [(_score(typed, names[role]), role) for role in names]
    near = [(score, role) for score, role in scored if score >= NEAR]
    begun = {role for role in names if normalise(titles[role]).startswith(typed)}
    near.sort(key=lambda item: (-item[0], item[1] not in begun, rank.get(item[1], len(rank)), titles[item[1]]))
    return tuple((role, titles[role]) for _, role in near[:SUGGESTED])


def _score(typed: str, names: Sequence[str]) -> float:
    return max((_likeness(typed, name) for name in names), default=0.0)


def _likeness(typed: str, name: str) -> float:
    """Return 0-100: a name that begins so before one with a word that begins so before one that looks alike."""
    if typed == name:
        return 100.0
    if name.startswith(typed):
        return 98.0
    if any(word.startswith(typed) for word in name.split()):
        return 95.0
    return 0.9 * fuzz.ratio(typed, name[: len(typed) + 2]) if len(typed) > 1 else 0.0
