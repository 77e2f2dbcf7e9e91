"""Reading text: cleaning hostile or decorated messages, words, sentences, stems."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

MAX_CHARACTERS = 3_000
"""What a question may hold; the rest is not read. The longest golden question has 501."""

MAX_PASSES = 4
# Latin look-alikes that NFKC leaves alone: Cyrillic and Greek letters used to slip past word lists.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝкмтвнАВЕКМНОРСТХІЈЅαοιυνρτκχβεη",
    "aeopcyxijsdhqwkmtbhABEKMHOPCTXIJSaoiuvptkxben",
)
_PLAIN = str.maketrans({"’": "'", "‘": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})
_DROPPED = frozenset({"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"})

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_DISCORD_MARKUP = re.compile(r"<(?:[@#][!&]?\d+|a?:\w+:\d+|/[^<>:]{1,64}:\d+|t:-?\d+(?::\w)?)>")
_NAMED_MENTION = re.compile(r"(?<!\S)@[\w.]+")
_ARROW = re.compile(r"[-=]+>|[→⇒➔➜➡]")
_COUNTRY_IN_CAPITALS = re.compile(r"\b(?:US|U\.S\.A?\.?)(?!\w)")

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*[+#]*|[$€£₹¥]")
_SIMPLE = re.compile(r"[a-z0-9 ,.?!'()$%+&-]*")
"""Characters in which no markup, link or mention can be written, and that are as they should be."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+|\s+-{1,2}\s+|;\s+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, lower case, with its place in the text it was read from."""

    text: str
    start: int
    end: int


def clean(text: str) -> str:
    """Return what a person would read aloud of a message: no markup, links, code or invisible characters.

    Case stays; accents go, so that "résumé" and "resume" are one word.
    """
    text = text[: 2 * MAX_CHARACTERS]
    if not text.isascii():
        text = "".join(
            char
            for char in unicodedata.normalize("NFKD", text.translate(_PLAIN))
            if char in "\n\t" or unicodedata.category(char) not in _DROPPED
        )
        text = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    text = _ARROW.sub(" to ", text)  # people write "analyst -> engineer"
    # After the invisible characters have gone: these hide markup, which would be read as words.
    for pattern in (_FENCE, _QUOTED_LINE, _LINK, _DISCORD_MARKUP, _NAMED_MENTION):
        text = pattern.sub(" ", text)
    text = text.replace("`", " ").replace("\t", " ")
    return _COUNTRY_IN_CAPITALS.sub("usa", text[:MAX_CHARACTERS]).strip()


def normalise(text: str) -> str:
    """Return `text` cleaned and in lower case with single blanks; doing so twice changes nothing."""
    if len(text) <= MAX_CHARACTERS and _SIMPLE.fullmatch(text):
        return " ".join(text.split())  # most phrasings and many questions
    for _ in range(MAX_PASSES):
        # Lower case brings look-alikes to light ("Α" is Greek), and what is taken out may leave markup behind.
        before, text = text, " ".join(clean(text).casefold().split())
        if text == before:
            break
    return text


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a lower-case text; `c++`, `c#` and currency signs are words."""
    return tuple(Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(text))


def tokens_of(text: str) -> list[str]:
    """Return the words of a lower-case text without their places."""
    return [match.group() for match in _WORD.finditer(text)]


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, also those that only a line break or a dash ends."""
    return tuple(part.strip() for part in _SENTENCE_END.split(text) if part.strip())


def clauses(text: str, joining: frozenset[str], at_least: int) -> tuple[str, ...]:
    """Return the sentences of a text, those cut in two that a joining word parts into `at_least` words each."""
    return tuple(piece for sentence in sentences(text) for piece in _parted(sentence.split(), joining, at_least))


def _parted(tokens: list[str], joining: frozenset[str], at_least: int) -> tuple[str, ...]:
    for at in range(at_least, len(tokens) - at_least):
        if tokens[at].casefold().strip(",") in joining:
            return " ".join(tokens[:at]), *_parted(tokens[at + 1 :], joining, at_least)
    return (" ".join(tokens),)


def cut(text: str, limit: int) -> str:
    """Return `text` in at most `limit` characters, cut at a blank where one is near, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: max(0, limit - 1)]
    at = head.rfind(" ")
    return (head[:at] if at > limit * 3 // 5 else head).rstrip() + "…"


@lru_cache(maxsize=16_384)
def singular(word: str) -> str:
    """Return a noun without plural or possessive endings; other words stay as they are."""
    word = word.removesuffix("'s").removesuffix("'").replace("'", "")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ps")):
        return word if len(word) == 4 and word.endswith("as") else word[:-1]  # "bias"
    return word


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Return a crude stem, so that "paying", "paid" apart, inflected forms meet."""
    word = singular(word)
    for ending, keep in (("ingly", 4), ("ing", 4), ("edly", 4), ("ed", 4), ("ly", 4)):
        if word.endswith(ending) and len(word) - len(ending) >= keep:
            root = word[: -len(ending)]
            return root[:-1] if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "ls" else root
    return word[:-1] if len(word) > 5 and word.endswith("e") else word
