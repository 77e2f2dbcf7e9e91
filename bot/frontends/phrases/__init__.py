"""The bot's own words, in one catalogue beside this file. Knowledge never stands here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml


def say(key: str, /, **values: object) -> str:
    """Return the phrase `key` ("section.salary") with its {names} filled in. Raises KeyError if there is none."""
    phrase = catalogue()[key]
    return phrase.format(**values) if values else phrase


def place_name(code: str) -> str:
    """Return the name of a country by its code; a place that is not in the catalogue is named as it came."""
    return catalogue().get(f"place.{code}", code)


def currency_sign(code: str) -> str:
    """Return what stands before an amount: a sign, or the currency's code and a space."""
    return catalogue().get(f"currency.{code}", f"{code}\N{NO-BREAK SPACE}")


@cache
def catalogue() -> Mapping[str, str]:
    """Return every phrase by its dotted key."""
    text = (files(__name__) / "en.yaml").read_text(encoding="utf-8")
    return MappingProxyType(dict(_flatten("", yaml.load(text, Loader=yaml.CSafeLoader))))


def _flatten(prefix: str, tree: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flatten(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", str(value).strip()
