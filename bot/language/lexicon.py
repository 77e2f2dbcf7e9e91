"""Names and aliases to ids, typo-tolerant: roles, terms, places and the words of facets."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.text import normalise, singular, tokens_of

MAX_NAME_WORDS = 7
REPAIRABLE_LENGTH = range(5, 25)
SHORT_LENGTH = range(3, 5)
"""Words so short have a neighbour one letter away for nearly any meaning ("ciao" is no typo of "caio"); they are only
repaired to words that are said often, those of three letters only where two have changed places."""
OFTEN = 12
"""Times that a word is said to be said often."""
REPAIRS_A_TEXT = 24
"""Unknown words that are compared with the vocabulary in one text: 24 cost about 8 ms; hostile text has thousands."""
SIMILAR_ENOUGH = 0.72
"""OSA similarity at which an unknown word counts as a typo of a known one (0.72 allows one edit in four letters)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a list of words: words[start:end] name the thing `id` of a `kind`."""

    kind: str
    id: str
    start: int
    end: int
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """What a key stands for."""

    kind: str
    id: str
    ambiguous: bool = False


def key_of(name: str) -> tuple[str, ...]:
    """Return the words that a name is looked up by: lower case, singular, hyphens as blanks."""
    return tuple(map(singular, tokens_of(normalise(name))))


class NameIndex:
    """Finds names in words. Longer names win over shorter ones, unambiguous ones over ambiguous ones."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], Name] = {}
        self._joined: dict[str, Name] = {}
        self._beginnings: set[str] = set()
        """What the first word of a name may be, however its words are split: most words of a text begin none."""

    def add(self, name: str, target: Name) -> None:
        """Let `name` stand for `target`; the first of two targets keeps a name unless it is ambiguous there."""
        key = key_of(name)
        if not key:
            return
        known = self._names.get(key)
        if known is None or (known.ambiguous and not target.ambiguous):
            self._names[key] = target
            self._beginnings.add(key[0])
            joined = "".join(key)
            if len(joined) >= 6:
                self._joined[joined] = target
                self._beginnings.update(joined[:end] for end in range(1, len(joined) + 1))

    def lookup(self, name: str) -> Name | None:
        """Return what the whole of `name` stands for."""
        key = key_of(name)
        return self._names.get(key) or self._joined.get("".join(key))

    def find(self, tokens: tuple[str, ...]) -> tuple[Mention, ...]:
        """Return the names in `tokens`, left to right, none overlapping another."""
        singles = tuple(map(singular, tokens))
        found: list[Mention] = []
        start = 0
        while start < len(singles):
            mention = self._longest(singles, start)
            if mention:
                found.append(mention)
            start = mention.end if mention else start + 1
        return tuple(found)

    def _longest(self, singles: tuple[str, ...], start: int) -> Mention | None:
        if singles[start] not in self._beginnings:
            return None
        for end in range(min(len(singles), start + MAX_NAME_WORDS), start, -1):
            window = singles[start:end]
            name = self._names.get(window) or self._joined.get("".join(window))
            if name:
                return Mention(name.kind, name.id, start, end, ambiguous=name.ambiguous)
        return None

    def names(self) -> Iterable[tuple[str, Name]]:
        """Return every name with what it stands for."""
        return ((" ".join(key), name) for key, name in self._names.items())

    def vocabulary(self) -> frozenset[str]:
        """Return every word that occurs in a name, and names written as one word."""
        return frozenset(word for key in self._names for word in key) | frozenset(self._joined)


class TypoRepair:
    """Replaces unknown words by the nearest word of a vocabulary, where one is near; common words are left alone."""

    def __init__(
        self,
        vocabulary: frozenset[str],
        common: frozenset[str],
        *,
        said: Mapping[str, int] | None = None,
        remembered: int = 4_096,
    ) -> None:
        """Take words to repair to, words to leave alone, and how often words are said, which decides between two."""
        self._known = vocabulary | common
        self._said = said or {}
        self._choices: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(vocabulary):
            self._choices[len(word)].append(word)
        self._often = [word for word in sorted(vocabulary) if self._said.get(word, 0) >= OFTEN]
        self._memory: OrderedDict[str, str] = OrderedDict()
        self._remembered = remembered

    def repair(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """Return `tokens` with likely typos mended; the first unknown words only, so that the cost is bounded."""
        left = REPAIRS_A_TEXT
        mended = []
        for token in tokens:
            if self.knows(token) or not left:
                mended.append(token)
                continue
            left -= 1
            mended.append(self._remembered_nearest(token))
        return tuple(mended)

    def knows(self, token: str) -> bool:
        """Return whether a word needs no repair: known, common, too short or long, or not of letters only."""
        return (
            not (len(token) in REPAIRABLE_LENGTH or len(token) in SHORT_LENGTH)
            or not token.isalpha()
            or token in self._known
            or singular(token) in self._known
        )

    def _remembered_nearest(self, token: str) -> str:
        if token in self._memory:
            self._memory.move_to_end(token)
            return self._memory[token]
        self._memory[token] = self._nearest(token)
        if len(self._memory) > self._remembered:
            self._memory.popitem(last=False)
        return self._memory[token]

    def _nearest(self, token: str) -> str:
        near = self._near_short(token) if len(token) in SHORT_LENGTH else self._near_long(token)
        return min(near, key=lambda found: (found[1], -self._said.get(found[0], 0), found[0]), default=(token, 0))[0]

    def _near_long(self, token: str) -> Iterator[tuple[str, int]]:
        """Yield the words that are alike enough, with how many edits away they are."""
        size = len(token)
        reach = int(size * (1 - SIMILAR_ENOUGH) / SIMILAR_ENOUGH)
        for length in range(max(size - reach, REPAIRABLE_LENGTH.start), size + reach + 1):
            edits = int((1 - SIMILAR_ENOUGH) * max(size, length))
            found = process.extract(token, self._choices.get(length, ()), scorer=OSA.distance, score_cutoff=edits)
            yield from ((word, int(distance)) for word, distance, _ in found)

    def _near_short(self, token: str) -> Iterator[tuple[str, int]]:
        """Yield the often said words that differ by two letters that changed places, or in one after the first."""
        for word, distance, _ in process.extract(token, self._often, scorer=OSA.distance, score_cutoff=1, limit=None):
            swapped = sorted(word) == sorted(token)
            if swapped or (len(token) > SHORT_LENGTH.start and len(word) >= len(token) and word[0] == token[0]):
                yield word, int(distance)
