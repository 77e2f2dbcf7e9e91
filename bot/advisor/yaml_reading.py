"""Reading one YAML file that anybody may have written: a tree of text with line numbers, and what is wrong with it.

Files come from strangers' pull requests, so they are read event by event: aliases and merge keys (267 bytes of nested
merge keys keep PyYAML busy for 0.4 s, 308 bytes for 3.9 s), depth and size are refused before anything is built.
Every scalar stays text, so `NO` is not False and `1.10` is not 1.1; the formats say where a number is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.advisor.remedies import quoted
from bot.errors import Fault

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
MAX_NODES = 100_000

# libyaml is ten times as fast as the pure Python reader, but not everywhere built in.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Controls, line and paragraph separators, and the marks that turn the direction of what follows; a line feed is fine.
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")

_IN_QUOTES = "check the indentation, and quote text that holds ': ' or ' #' or starts with one of { [ * & ! | > % @ `"

Value: TypeAlias = "str | list[Node] | dict[str, Node] | None"
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"
Step: TypeAlias = str | int


class Node(NamedTuple):
    """A value of a file; None where the file had an alias, which is a fault.

    `line` is where its key stands, or else its own first line. `literal_line` is the first line of text that keeps its
    line breaks.
    """

    value: Value
    line: int
    literal_line: int | None = None

    def line_after(self, breaks: int) -> int:
        """Return the line of the file on which the text stands that follows so many line breaks."""
        return self.line if self.literal_line is None else self.literal_line + breaks

    def plain(self) -> Plain:
        """Return the value without line numbers."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, *path: Step) -> Node:
        """Return the node that `path` leads to, or the last one on the way that exists."""
        node = self
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                node = node.value[str(step)]
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                break
        return node

    def find(self, *path: str) -> Iterator[tuple[tuple[Step, ...], Node]]:
        """Yield each node that `path` leads to, with the steps to it; `*` stands for every key or item."""
        if not path:
            yield (), self
            return
        for step, node in self._children(path[0]):
            for steps, found in node.find(*path[1:]):
                yield (step, *steps), found

    def _children(self, step: str) -> list[tuple[Step, Node]]:
        if isinstance(self.value, dict):
            return [(key, node) for key, node in self.value.items() if step in (key, "*")]
        if isinstance(self.value, list) and step == "*":
            return list(enumerate(self.value))
        return []

    def texts(self, *path: str) -> Iterator[tuple[str, Node]]:
        """Yield every text that `path` leads to, with its node; what is not text is passed over."""
        for _, node in self.find(*path):
            if isinstance(node.value, str) and node.value:
                yield node.value.strip(), node


def read_yaml(path: str, data: bytes) -> tuple[Node | None, tuple[Fault, ...]]:
    """Return the tree of a file (None when it cannot be read to its end) and every fault of its YAML."""
    if len(data) > MAX_BYTES:
        return None, (Fault(path, 1, f"the file is larger than {MAX_BYTES:,} bytes", "split it into several entries"),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, (Fault(path, line, "the file is not UTF-8 text", "save it as UTF-8"),)
    reader = _TreeReader(path)
    try:
        root = reader.read(yaml.parse(text, Loader=_LOADER))
    except _RefusedError as refused:
        return None, (*reader.faults, refused.fault)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The pure Python reader lets the last two through: "\Uffffffff" is an OverflowError.
        return None, (*reader.faults, _syntax_fault(path, text, error))
    return root, tuple(reader.faults)


def _syntax_fault(path: str, text: str, error: Exception) -> Fault:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        # At the end of a file the mark stands behind the last line.
        line = min(error.problem_mark.line + 1, max(1, len(text.splitlines())))
        return Fault(path, line, f"this is not YAML: {error.problem}", _IN_QUOTES)
    unwanted = _UNWANTED.search(text.replace("\r", ""))
    line = text.replace("\r", "")[: unwanted.start()].count("\n") + 1 if unwanted else 1
    message = "the file holds a character that YAML does not allow" if unwanted else "this is not YAML"
    return Fault(path, line, message, "remove it" if unwanted else _IN_QUOTES)


class _RefusedError(Exception):
    """Reading further is pointless or dangerous."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class _TreeReader:
    """Builds the tree of one file from its events."""

    def __init__(self, path: str) -> None:
        self.faults: list[Fault] = []
        self._path = path
        self._nodes = 0
        self._events: Iterator[Event] = iter(())

    def read(self, events: Iterator[Event]) -> Node:
        """Return the tree of the only document; raises _RefusedError when there is none or reading has to stop."""
        self._events = events
        root = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root:
                    raise _RefusedError(self._fault(event, "a second document begins", "keep one, without '---'"))
                start = next(events)
                root = self._node(start, _line(start), depth=0)
        if root is None:
            raise _RefusedError(Fault(self._path, 1, "the file is empty", "write an entry, or remove the file"))
        return root

    def _node(self, event: Event, line: int, *, depth: int) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _RefusedError(self._fault(event, f"the file holds more than {MAX_NODES:,} values", "split it"))
        if isinstance(event, ScalarEvent):
            return self._scalar(event, line)
        if isinstance(event, AliasEvent):
            self._report(event, f"alias {quoted(event.anchor or '')} is refused", "write out what it stands for")
            return Node(None, line)
        self._check_marks(event)
        if depth == MAX_DEPTH:
            raise _RefusedError(self._fault(event, f"values stand more than {MAX_DEPTH} levels deep", "flatten them"))
        if isinstance(event, SequenceStartEvent):
            return Node(self._items(depth + 1), line)
        return Node(self._pairs(depth + 1), line)

    def _scalar(self, event: ScalarEvent, line: int) -> Node:
        self._check_marks(event)
        node = Node(event.value, line, _line(event) + 1 if event.style == "|" else None)
        unwanted = _UNWANTED.search(event.value)
        if unwanted:
            at = node.line_after(event.value.count("\n", 0, unwanted.start()))
            message = f"the text holds the control character U+{ord(unwanted.group()):04X}"
            self.faults.append(Fault(self._path, at, message, "remove it"))
        return node

    def _items(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._node(event, _line(event), depth=depth))
        return items

    def _pairs(self, depth: int) -> dict[str, Node]:
        pairs: dict[str, Node] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._node(event, _line(event), depth=depth)
            value = self._node(next(self._events), key.line, depth=depth)
            if not isinstance(key.value, str):
                self._report(event, "a key is not text", "quote text that starts with { or [")
            elif key.value == "<<":
                self._report(event, "the merge key << is refused", "write out what it would add")
            elif key.value in pairs:
                first = pairs[key.value].line
                self._report(event, f"key {quoted(key.value)} stands here a second time", f"line {first} has it too")
            else:
                pairs[key.value] = value
        return pairs

    def _check_marks(self, event: Event) -> None:
        if isinstance(event, NodeEvent) and event.anchor:
            self._report(
                event, f"anchor {quoted(event.anchor)} is refused", "remove it; repeat the value where it is needed"
            )
        tag = getattr(event, "tag", None)
        if tag:
            self._report(event, f"tag {quoted(tag)} is refused", "remove it, or quote text that starts with !")

    def _report(self, event: Event, message: str, remedy: str) -> None:
        self.faults.append(self._fault(event, message, remedy))

    def _fault(self, event: Event, message: str, remedy: str) -> Fault:
        return Fault(self._path, _line(event), message, remedy)


def _line(event: Event) -> int:
    assert event.start_mark  # noqa: S101  # every event that a reader yields has one
    return event.start_mark.line + 1
