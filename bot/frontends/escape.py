"""Text that the bot did not write (jobs, users) made safe to show: nothing in it formats, links or mentions.

`discord.utils.escape_markdown` is not used: it leaves mentions and links alone, and 4,000 hostile characters keep the
event loop busy for 0.6 s, where one `str.translate` takes 0.2 ms.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

ELLIPSIS = "…"

_SPECIAL = "\\*_~|`<>[]#@:"
_INVISIBLE = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x00AD,
    0x061C,
    0x115F,
    0x1160,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0x3164,
    0xFEFF,
    0xFFA0,
    *range(0xFFF9, 0xFFFC),
    *range(0xD800, 0xE000),
    *range(0xE0000, 0xE0080),
)
_BLANKS = "\t\n\v\f\r\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
_VISIBLE = dict.fromkeys(_INVISIBLE) | dict.fromkeys(map(ord, _BLANKS), " ")
_ESCAPED = {ord(character): f"\\{character}" for character in _SPECIAL}


def plain(text: str, limit: int) -> str:
    """Return a text as one visible line of at most `limit` characters, for places that show no Markdown (labels)."""
    return cut(" ".join(text[: limit * 4].translate(_VISIBLE).split()), limit)


def escape(text: str, limit: int) -> str:
    """Return a text as one line of Markdown that shows at most `limit` of its characters, as they are."""
    shown = plain(text, limit).translate(_ESCAPED)
    if shown[:1] in {"-", "+"}:
        return f"\\{shown}"
    return re.sub(r"\A(\d{1,9})([.)])", r"\1\\\2", shown)


def cut(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters; a longer one is cut, at a blank if one is near, with an ellipsis."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    at_word = kept.rfind(" ", limit * 2 // 3)
    return kept[: at_word if at_word > 0 else None].rstrip(" ,.;:–—-") + ELLIPSIS


def cut_at_sentence(text: str, limit: int) -> str:
    """Return Markdown of at most `limit` characters, cut after a sentence or line where that keeps half of it."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 2]
    ends = [kept.rfind(mark) + len(mark.rstrip()) for mark in (". ", "! ", "? ", ".\n", "\n") if mark in kept]
    end = max(ends, default=0)
    return f"{kept[:end].rstrip()} {ELLIPSIS}" if end > limit // 2 else cut(text, limit)


def host_of(url: str) -> str | None:
    """Return the host that an http(s) address really leads to, in ASCII; None when it has none or is not http(s)."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[a-z0-9.-]+", host):
        return None
    return host.removeprefix("www.")


def safe_url(url: str) -> str | None:
    """Return an http(s) address without user names, fit for a Markdown link or a link button; None when it is unfit."""
    host = host_of(url)
    if host is None:
        return None
    parts = urlsplit(url)
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    ascii_host = (parts.hostname or "").encode("idna").decode("ascii")
    rest = quote(parts.path, safe="/%~!$&'*+,;=:@-._") + (
        f"?{quote(parts.query, safe='/%~!$&*+,;=:@-._?')}" if parts.query else ""
    )
    address = f"{parts.scheme}://{ascii_host}{port}{rest}"
    return address if len(address) <= 512 else None
