"""Which adverts are of one job: of the same company and title, wherever it is and whoever advertises it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cleanco import basename  # type: ignore[import-untyped]
from rapidfuzz import fuzz

from bot.jobs.identity import plain_words
from bot.jobs.job import Job

COMPARED = 50
"""How many of a company's jobs, the newest, a new one is compared with word by word; spelt alike, with any."""
_NOBODY = frozenset(("confidential", "confidential company", "undisclosed", "anonymous", "stealth", "stealth startup",
                     "stealth mode", "company", "client", "our client", "name", "n a", "na", "unknown"))  # fmt: skip
_GENDERS = re.compile(r"\(?\b(?:[mwfhdxi]\s?[/|,*]\s?){1,3}[mwfhdxi]\b\)?|\ball genders\b", re.IGNORECASE)
_SPELLED_OUT = {"sr": "senior", "jr": "junior", "snr": "senior", "eng": "engineer", "mgr": "manager"}
_SAYS_NOTHING = frozenset(
    ("a", "an", "and", "at", "based", "for", "from", "hiring", "home", "hybrid", "immediate", "in", "job", "new", "of",
     "office", "on", "onsite", "opening", "opportunity", "or", "position", "remote", "role", "site", "start", "team",
     "the", "urgent", "with", "work", "gn"))  # fmt: skip
_NUMBER = re.compile(r"[a-z]{0,3}\d{4,}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALIKE, _LONG_ENOUGH = 85, 5  # percent, letters
_DIFFERS, _WORDS_DIFFER = 4, 2  # characters in the lengths of two titles that are alike, and words
_KEPT = 10_000  # keys; one takes 40 to 130 µs


@dataclass(frozen=True, slots=True)
class Advert:
    """What of a job, the id `job`, is compared; `key` is its title's, `level` and `employment` are values of theirs."""

    job: str
    key: str
    role: str | None
    level: str | None
    employment: tuple[str, ...]
    place: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Twin:
    """Another advert of the job `of`, an id, and what shows that it is."""

    of: str
    evidence: str


@lru_cache(maxsize=_KEPT)
def company_key(company: str) -> str | None:
    """Return what is the same in all spellings of a company: no legal form, no blanks; None when it names nobody."""
    words = plain_words(basename(company)) or plain_words(company)
    if words in _NOBODY:
        return None
    return "".join(word for word in words.split() if word not in {"and", "the"}) or None


@lru_cache(maxsize=_KEPT)
def title_key(title: str, place: str | None) -> str:
    """Return the words of a title that tell a job from others, sorted: not its place, workplace or number."""
    words = plain_words(_GENDERS.sub(" ", title)).split()
    elsewhere = set(plain_words(place or "").split())
    kept = {_SPELLED_OUT.get(word, word) for word in words if _tells(word)}
    return " ".join(sorted(kept - elsewhere or kept))


def advert_of(job: Job) -> Advert:
    """Return what of a job is compared."""
    key = title_key(job.title, job.place)
    return Advert(job.id, key, job.role, job.level, job.employment, job.place, job.source)


def find_twin(advert: Advert, others: Iterable[Advert]) -> Twin | None:
    """Return the first of `others`, all of the same company, that is of the same job."""
    for other in others:
        alike = likeness(advert.key, other.key)
        if alike and _compatible(advert, other):
            return Twin(other.job, _evidence(advert, other, alike))
    return None


def likeness(one: str, other: str) -> int:
    """Return how alike two keys of titles are in percent, 0 unless every word of each has its like in the other."""
    if one == other:
        return 100 if one else 0
    if abs(len(one) - len(other)) > _DIFFERS:
        return 0
    ours, theirs = _words_of(one), _words_of(other)
    left, right = ours - theirs, theirs - ours
    if len(left) > _WORDS_DIFFER or len(left) != len(right):
        return 0
    pairs = zip(sorted(left), sorted(right), strict=True)
    return round(fuzz.ratio(one, other)) if all(_are_alike(*pair) for pair in pairs) else 0


def alike_among(key: str, lines: Iterable[str]) -> list[int]:
    """Return the numbers of the keys that are like one; each line is a number, a blank and a key.

    Nearly all are not, and are passed over by the words that they share.
    """
    ours = _words_of(key)
    fewest = len(ours) - _WORDS_DIFFER
    found = []
    for line in lines:
        words = line.split()
        if len(words) == len(ours) + 1 and len(ours.intersection(words)) >= fewest:
            number, _, theirs = line.partition(" ")
            found += [int(number)] if likeness(key, theirs) else []
    return found


def _tells(word: str) -> bool:
    return word not in _SAYS_NOTHING and not (_NUMBER.fullmatch(word) and not _YEAR.fullmatch(word))


@lru_cache(maxsize=_KEPT)
def _words_of(key: str) -> frozenset[str]:
    return frozenset(key.split())


def _are_alike(word: str, other: str) -> bool:
    if min(len(word), len(other)) < _LONG_ENOUGH or _YEAR.search(word + other):
        return False
    return fuzz.ratio(word, other) >= _ALIKE


def _compatible(one: Advert, other: Advert) -> bool:
    """Return whether what both say of role, level and employment is the same."""
    if one.role and other.role and one.role != other.role:
        return False
    if one.level and other.level and one.level != other.level:
        return False
    return not (one.employment and other.employment and not set(one.employment) & set(other.employment))


def _evidence(one: Advert, other: Advert, alike: int) -> str:
    same_place = plain_words(one.place or "") == plain_words(other.place or "")
    place = "the same place" if same_place else f"another place ({one.place or 'none'})"
    source = "the same source" if one.source == other.source else f"another source ({one.source})"
    return f"the same company, {alike} % alike in the title, {place}, {source}"
