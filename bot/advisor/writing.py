"""Whether texts can be read: bullets that are bullets, sentences and lines that end, links that lead somewhere."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.advisor.checks import KnowledgeFile, sentences_of
from bot.advisor.formats import Kind
from bot.advisor.remedies import quoted
from bot.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LONGEST_SENTENCE = 40
"""Words; of the sentences that ship, one in a hundred has more than thirty."""
LONGEST_BULLET = 200
"""Characters: six lines on a phone."""

PLACEHOLDER = "TODO"
"""What stands in a new entry where something is to be written."""
DEEPEST = 6
"""Levels at which texts stand in a file."""

_MARKDOWN: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.ROLE: ("sections.*.text",),
        Kind.TOPIC: ("answer",),
        Kind.TERM: ("answer",),
        Kind.INTENTS: ("kinds.*.answer",),
    }
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BAD_BULLET = re.compile(r"\s+- |\s*[*•] ")
_LINK = re.compile(r"\[[^\]]*\]\(([^)]*\)?)")
_ADDRESS = re.compile(r"https?://[^\s/()]+\.[^\s()]+\)")


def check_writing(files: Iterable[KnowledgeFile]) -> Iterator[Fault]:
    """Yield the faults of how texts are written, in no order."""
    files = tuple(files)
    for file in files:
        yield from _unwritten(file)
        for _, node in file.texts(*_MARKDOWN.get(file.kind, ())):
            for line, text in _bullets_apart(str(node.value)):
                yield from (Fault(file.path, node.line_after(line), *fault) for fault in text)
    for sentence in sentences_of(files):
        count = len(_WORD.findall(sentence.text))
        if count > LONGEST_SENTENCE:
            message = f"a sentence has {count} words, more than {LONGEST_SENTENCE}"
            yield Fault(sentence.path, sentence.line, message, "make two of it")


def _unwritten(file: KnowledgeFile) -> Iterator[Fault]:
    for depth in range(1, DEEPEST + 1):
        for steps, node in file.root.find(*"*" * depth) if file.root else ():
            if isinstance(node.value, str) and node.value.strip() == PLACEHOLDER:
                key = next(str(step) for step in reversed(steps) if isinstance(step, str))
                message = f"{quoted(key)} is still to be written"
                yield Fault(file.path, node.line, message, "write it; the schema says what belongs there")


def _bullets_apart(text: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Yield the number of each line, and what is wrong with it and how to mend that."""
    in_bullet = False
    for number, line in enumerate(text.split("\n")):
        found = [("a link leads nowhere", _address_remedy(link)) for link in _LINK.findall(line) if _is_bad(link)]
        if _BAD_BULLET.match(line):
            found.append(("this is not a bullet", "start it with '- ', without blanks before"))
        elif in_bullet and line.strip() and not line.startswith("- "):
            found.append(
                ("a bullet is longer than one line", "join this line with the one above, or leave a line free")
            )
        elif line.startswith("- ") and len(line) > LONGEST_BULLET:
            found.append(
                (f"a bullet has {len(line)} characters, more than {LONGEST_BULLET}", "shorten it, or make two")
            )
        yield number, found
        in_bullet = line.startswith("- ") or (in_bullet and bool(line.strip()))


def _is_bad(address: str) -> bool:
    return not _ADDRESS.fullmatch(address)


def _address_remedy(address: str) -> str:
    return f"write [words](https://example.org/page) instead of {quoted(address.removesuffix(')'))}"
