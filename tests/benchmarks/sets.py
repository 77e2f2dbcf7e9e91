"""Public sets of labelled questions: reading their files, drawing few phrasings of each label, mistyping questions."""

from __future__ import annotations

import csv
import io
import json
import random
import string
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from bot.language.text import normalise

CLINC = "clinc150.json"
BANKING = ("banking77_train.csv", "banking77_test.csv")
COLUMNS = ["text", "category"]

T = TypeVar("T")


class SetError(Exception):
    """A file of a set is missing or is not what it should be; the message names it, the fault and the remedy."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what it asks."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A public set: what to learn from, what to be asked, and what is about none of its labels."""

    name: str
    train: tuple[Labelled, ...]
    test: tuple[Labelled, ...]
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """What one run of one set is measured with. Every method gets the same; `mistyped` stand beside `asked`."""

    phrasings: tuple[Labelled, ...]
    asked: tuple[Labelled, ...]
    mistyped: tuple[str, ...]
    outside: tuple[str, ...]


def read_clinc150(folder: Path) -> LabelledSet:
    """Return CLINC150 from its file in `folder`. Raises SetError."""
    path = folder / CLINC
    try:
        parts = json.loads(_content(path))
    except ValueError as error:
        raise SetError(f"{CLINC}: not JSON ({error}); fetch it anew") from None
    if not isinstance(parts, dict):
        raise SetError(f'{CLINC}: not a mapping; it should hold the lists "train", "test" and "oos_test"')
    train, test, outside = (_pairs(parts, key) for key in ("train", "test", "oos_test"))
    return _checked("CLINC150", CLINC, train, test, tuple(each.text for each in outside))


def read_banking77(folder: Path) -> LabelledSet:
    """Return Banking77 from its files in `folder`. Raises SetError."""
    train, test = (_rows(folder / name) for name in BANKING)
    return _checked("Banking77", BANKING[1], train, test)


READERS = MappingProxyType({"CLINC150": read_clinc150, "Banking77": read_banking77})


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SetError(f"{path.name}: there is no such file in {path.parent}; put it there") from None
    except UnicodeDecodeError as error:
        raise SetError(f"{path.name}: not UTF-8 from byte {error.start} on; fetch it anew") from None
    except OSError as error:
        raise SetError(f"{path.name}: cannot be read ({error.strerror}); mend that") from None


def _pairs(parts: dict[str, object], key: str) -> tuple[Labelled, ...]:
    items = parts.get(key)
    if not isinstance(items, list) or not items:
        raise SetError(f'{CLINC}: "{key}" is no list with anything in it; it should hold [text, label] pairs')
    for number, item in enumerate(items, start=1):
        if not (isinstance(item, list) and len(item) == 2 and all(isinstance(each, str) and each for each in item)):
            raise SetError(f'{CLINC}: item {number} of "{key}" is not [text, label]; fetch it anew')
    return tuple(Labelled(_one_line(text), label) for text, label in items)


def _rows(path: Path) -> tuple[Labelled, ...]:
    reader = csv.reader(io.StringIO(_content(path), newline=""), strict=True)
    found: list[Labelled] = []
    try:
        if next(reader, None) != COLUMNS:
            raise SetError(f"{path.name}: line 1 is not {','.join(COLUMNS)}; fetch it anew")
        for row in reader:
            if len(row) != len(COLUMNS) or not all(row):
                raise SetError(f"{path.name}: line {reader.line_num} is not a text and a category; mend or delete it")
            found.append(Labelled(_one_line(row[0]), row[1]))
    except csv.Error as error:
        raise SetError(f"{path.name}: line {reader.line_num} is not CSV ({error}); fetch it anew") from None
    if not found:
        raise SetError(f"{path.name}: it holds no question; fetch it anew")
    return tuple(found)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _checked(
    name: str, file: str, train: tuple[Labelled, ...], test: tuple[Labelled, ...], outside: tuple[str, ...] = ()
) -> LabelledSet:
    unknown = {each.label for each in test} - {each.label for each in train}
    if unknown:
        raise SetError(f'{file}: the label "{min(unknown)}" is tested and never learnt; fetch both parts anew')
    return LabelledSet(name, train, test, outside)


def draw(of: LabelledSet, *, phrasings: int, questions: int, seed: int) -> Draw:
    """Return `phrasings` texts of each label (all where there are fewer) and `questions` to ask (0: all)."""
    chance = random.Random(f"{of.name} {phrasings} {seed}")
    asked = _some(of.test, questions, chance)
    return Draw(
        phrasings=_few_of_each(of.train, phrasings, chance),
        asked=asked,
        mistyped=tuple(mistyped(each.text, chance) for each in asked),
        outside=_some(of.outside, questions, chance),
    )


def _some(items: tuple[T, ...], count: int, chance: random.Random) -> tuple[T, ...]:
    return items if not count or count >= len(items) else tuple(chance.sample(items, count))


def _few_of_each(train: Iterable[Labelled], count: int, chance: random.Random) -> tuple[Labelled, ...]:
    """Return texts of each label; one that means two things, or reads like a slot, is left out."""
    by_label: defaultdict[str, dict[str, Labelled]] = defaultdict(dict)
    owner: dict[str, str] = {}
    for each in train:
        key = normalise(each.text)
        if key and not set("{}") & set(each.text) and owner.setdefault(key, each.label) == each.label:
            by_label[each.label].setdefault(key, each)
    pools = (list(texts.values()) for texts in by_label.values())
    return tuple(each for pool in pools for each in chance.sample(pool, min(count, len(pool))))


def mistyped(text: str, chance: random.Random) -> str:
    """Return `text` with one or two letters added, left out, replaced or swapped with what follows."""
    for _ in range(chance.randint(1, 2)):
        places = [at for at, letter in enumerate(text) if letter.isalpha()]
        if places:
            text = chance.choice(EDITS)(text, chance.choice(places), chance.choice(string.ascii_lowercase))
    return text


EDITS: tuple[Callable[[str, int, str], str], ...] = (
    lambda text, at, letter: text[:at] + letter + text[at:],
    lambda text, at, _: text[:at] + text[at + 1 :],
    lambda text, at, letter: text[:at] + letter + text[at + 1 :],
    lambda text, at, _: text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :],
)
