"""Texts as sources send them, made fit to be kept: on one line, without markup, cut."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

from bot.language.mojibake import repair

LONGEST_TEXT = 200
LONGEST_DESCRIPTION, LONGEST_TAG, MOST_TAGS = 1_000, 40, 12
_MAIL_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")  # a person's, often
_BEFORE_POINT = re.compile(r"\s+(?=[,.;:!?)](?:\s|$))")
_ENDLESS = re.compile(r"&#[xX]?0*[0-9a-fA-F]{9,};?")
_READ = 6_000  # characters of a description that are looked at: its markup takes more room than its words


def clean_line(text: str) -> str:
    """Return `text` repaired and on one line, without characters that nobody sees."""
    kept = (character for character in repair(text) if unicodedata.category(character) not in {"Cf", "Co", "Cs", "Cn"})
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", "".join(kept)).split())


def unescaped(text: str) -> str:
    """Return a text with the characters that references such as `&amp;` and `&#233;` stand for."""
    return html.unescape(_ENDLESS.sub("", text))  # of a number without end Python makes no number


def plain_text(text: str) -> str | None:
    """Return the beginning of a description, in HTML or plain, as one line; None when it says nothing.

    Escaped HTML, as some boards send it, is unescaped first. At most LONGEST_DESCRIPTION characters, whole words.
    """
    text = text[:_READ]
    if "<" not in text and "&lt;" in text:
        text = unescaped(text)
    line = clean_line(_without_markup(text) if "<" in text else unescaped(text))
    line = _BEFORE_POINT.sub("", _MAIL_ADDRESS.sub("", line))
    if len(line) > LONGEST_DESCRIPTION:
        line = line[:LONGEST_DESCRIPTION].rsplit(" ", 1)[0].rstrip(",;:-– ") + "…"
    return line or None


def _without_markup(text: str) -> str:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  # needed where jobs come in only

    parsed = LexborHTMLParser(text)
    parsed.strip_tags(["script", "style", "template"])
    return parsed.body.text(separator=" ") if parsed.body else ""


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the first tags, each once and on one line."""
    lines = (clean_line(unescaped(tag[:LONGEST_TEXT]))[:LONGEST_TAG] for tag in islice(tags, 5 * MOST_TAGS))
    return tuple(dict.fromkeys(filter(None, lines)))[:MOST_TAGS]
