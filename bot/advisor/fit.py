"""Which roles suit somebody who says what they like and what they do not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.advisor.answer import RoleLine, Suggestions
from bot.advisor.reading import Intent
from bot.language.text import normalise, stem, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.advisor.knowledge import Knowledge

SUGGESTED = 3
USUAL_SHARE = 0.06
"""A word in more than this share of the ways to ask what suits somebody, and in two at least, tells nothing."""
REACH = 3
"""How many words after one of dislike name what is disliked."""


class Fit:
    """Finds roles by what somebody says about themselves, with the words of one knowledge base."""

    def __init__(self, knowledge: Knowledge, fitting: Callable[[Sequence[str]], Mapping[str, float]]) -> None:
        """Take the knowledge, and what tells how well words describe each role."""
        self._profiles = knowledge.roles
        self._fitting = fitting
        asked = [p for intent in knowledge.intents if intent.intent == Intent.FIT for p in intent.phrasings]
        counts = Counter(word for phrasing in asked for word in {stem(w.text) for w in words(normalise(phrasing))})
        self._usual = {word for word, count in counts.items() if count > max(1, USUAL_SHARE * len(asked))}
        self._dislike = frozenset(knowledge.lexicon.facets.get("taste", {}).get("dislike", ()))
        self._like = frozenset(knowledge.lexicon.facets.get("taste", {}).get("like", ()))

    def suggest(self, tokens: Sequence[str], among: Sequence[str] = ()) -> Suggestions:
        """Return the roles that what is liked describes best and what is not liked worst, each with why.

        `among` narrows them to the roles that somebody asks about. Somebody who says nothing that tells roles apart is
        shown the first ones.
        """
        liked, disliked = self._parted(tokens)
        fitting, against = self._fitting(liked), self._fitting(disliked)
        roles = [role for role in among if role in self._profiles] or list(self._profiles)
        roles.sort(key=lambda role: against.get(role, 0) - fitting.get(role, 0))
        lines = (RoleLine(role, self._profiles[role].title, self._profiles[role].choose_if) for role in roles)
        return Suggestions(tuple(lines)[: max(SUGGESTED, len(among))])

    def _parted(self, tokens: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the telling words that are liked, and those that are not."""
        liked: list[str] = []
        disliked: list[str] = []
        left = 0
        for token in tokens:
            if token in self._dislike:
                left = REACH
            elif token in self._like:
                left = 0
            else:
                if stem(token) not in self._usual:
                    (disliked if left else liked).append(token)
                left = max(0, left - 1)
        return liked, disliked
