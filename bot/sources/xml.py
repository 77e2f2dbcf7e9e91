"""XML that may be hostile: what declares a document type or entities is refused before it is parsed."""

from __future__ import annotations

import re

_DECLARES = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def fault_of(text: str) -> str | None:
    """Return why XML must not be parsed; None when it may be."""
    return "it declares a DOCTYPE or an ENTITY, which no feed needs" if _DECLARES.search(text) else None
