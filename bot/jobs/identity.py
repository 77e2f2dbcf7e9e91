"""Which job is which: an id that stays the same across imports, and addresses that are fit to be opened."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LONGEST_URL = 512  # of a link button
_TRACKING = frozenset(("fbclid", "gclid", "mc_cid", "mc_eid", "ref", "source", "src", "trk", "lever-source", "gh_src"))
_BETWEEN_WORDS = re.compile(r"[^\w+#]|_")


def job_id(
    *, title: str, company: str, source: str, place: str | None = None, url: str | None = None, key: str | None = None
) -> str:
    """Return ten letters and digits that name a job.

    The address decides; without one the source's own `key`; without that source, company, title and place as they read.
    """
    if address := canonical_url(url) if url else None:
        parts: tuple[str, ...] = ("url", address)
    elif key:
        parts = ("key", plain_words(source), key)
    else:
        parts = ("words", plain_words(source), plain_words(company), plain_words(title), plain_words(place or ""))
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=6).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


def safe_url(text: str) -> str | None:
    """Return an http(s) address that may be shown as a link, or None: no user name in it, no blanks, not too long."""
    text = text.strip()
    if len(text) > LONGEST_URL or any(character.isspace() or not character.isprintable() for character in text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc or port == 0 or "\\" in text:
        return None
    return text if "." in host.strip(".") else None


def canonical_url(text: str) -> str | None:
    """Return what is the same in all spellings of an address; None when it is none that can be shown."""
    url = safe_url(text)
    if url is None:
        return None
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _TRACKING and not name.lower().startswith("utm_")
    )
    return urlunsplit(
        ("https", f"{(parts.hostname or '').rstrip('.')}{port}", parts.path.rstrip("/"), urlencode(query), "")
    )


def plain_words(text: str) -> str:
    """Return words in one case and one spacing, with the signs that tell C, C++ and C# apart."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(_BETWEEN_WORDS.sub(" ", text).split())
