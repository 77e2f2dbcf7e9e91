"""Where work is done, as places say it: "Remote - United States", "Berlin (hybrid)"."""

from __future__ import annotations

import re

from bot.jobs.posting import Workplace

_WORDS = (
    (Workplace.HYBRID, re.compile(r"\bhybrid\b", re.IGNORECASE)),
    (Workplace.REMOTE, re.compile(r"\b(?:fully )?remote\b|\bwork from home\b|\banywhere\b", re.IGNORECASE)),
    (Workplace.ON_SITE, re.compile(r"\b(?:on[ -]?site|in[ -]office|in[ -]person)\b", re.IGNORECASE)),
)


def workplace_in(said: str) -> Workplace | None:
    """Return the kind of workplace that words name; a place that is hybrid and remote is hybrid."""
    return next((workplace for workplace, pattern in _WORDS if pattern.search(said)), None)


def is_workplace(said: str) -> bool:
    """Return whether words name a kind of workplace and nothing else: "REMOTE", "On-site"."""
    rest = said
    for _, pattern in _WORDS:
        rest = pattern.sub("", rest)
    return rest != said and not any(character.isalnum() for character in rest)


def workplace_of(*, remote: bool, hybrid: bool = False, on_site: bool = False) -> Workplace | None:
    """Return the kind of workplace that a source's flags say; hybrid jobs are often flagged as remote too."""
    if hybrid:
        return Workplace.HYBRID
    if remote:
        return Workplace.REMOTE
    return Workplace.ON_SITE if on_site else None
