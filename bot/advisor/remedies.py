"""Saying how to mend a knowledge file."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from bot.language.text import cut

_NEAR = 70.0
_LISTED_AT_MOST = 12


def quoted(text: str) -> str:
    """Return `text` in double quotes, short and fit for a terminal whatever a file holds."""
    shown = "".join(char if char.isprintable() else "�" for char in cut(text, 60))
    return f'"{shown}"'


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return, as a remedy, the choice that `word` is most likely a slip of; nothing when none is near."""
    near = process.extractOne(word, sorted(choices), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return f"did you mean {quoted(near[0])}?" if near else ""


def one_of(word: str, choices: Iterable[str]) -> str:
    """Return, as a remedy, the choice that is near to `word`, or else all of them where they are few."""
    known = sorted(choices)
    few = f"use one of: {', '.join(known)}" if 0 < len(known) <= _LISTED_AT_MOST else ""
    return did_you_mean(word, known) or few
