"""The jobs that the preview has to show, as text in the shape that such listings come in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

_AT_START = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing in three parts: there at the start, arriving by itself, and brought when somebody asks for it."""

    at_start: str
    arriving: str
    asked_for: str


def read_listing() -> Listing:
    """Return the listing that stands beside this file."""
    text = (files(__package__) / "listing.txt").read_text(encoding="utf-8")
    jobs = re.findall(r"^Featured Job.*?(?=^Featured Job|\Z)", text, re.DOTALL | re.MULTILINE)
    arriving, asked_for = jobs[_AT_START:]
    return Listing("".join(jobs[:_AT_START]), arriving, asked_for)
