"""What no entry can tell by itself: names that lead nowhere, and things that are said twice.

The checks read the trees of files, not their records, so that a file with one fault still shows its others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.advisor.formats import Kind
from bot.advisor.remedies import did_you_mean, quoted
from bot.advisor.yaml_reading import Node
from bot.errors import Fault
from bot.language.lexicon import key_of
from bot.language.text import normalise

SHARED_WORDS = 6
"""A sentence of at least so many words stands in one entry only; shorter ones are common turns of phrase."""

_REFERENCES: Mapping[Kind, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        Kind.ROLE: (("related.*.id", "role"), ("sections.*.sources.*", "source")),
        Kind.TOPIC: (("related_roles.*", "role"), ("related_topics.*", "topic"), ("sources.*", "source")),
        Kind.TERM: (("related_roles.*", "role"), ("related_terms.*", "term"), ("sources.*", "source")),
        Kind.COMPARISON: (("roles.*", "role"), ("sources.*", "source")),
        Kind.FIGURES: (("figures.*.role", "role"), ("figures.*.source", "source")),
        Kind.ADVERT_TITLES: (("titles.*.role", "role"), ("source", "source")),
    }
)
_NAMING = MappingProxyType({Kind.ROLE: "id", Kind.TOPIC: "id", Kind.TERM: "id", Kind.INTENTS: "intent"})
_WHERE_TO_ADD = MappingProxyType(
    {
        "role": "add it to lexicon.yaml",
        "topic": "add it to topics/",
        "term": "add it to terms/",
        "source": "add it to sources.yaml",
    }
)
_PROSE: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.ROLE: ("summary", "choose_if", "related.*.reason", "sections.*.text"),
        Kind.TOPIC: ("answer",),
        Kind.TERM: ("answer",),
        Kind.COMPARISON: ("shared", "different", "choose.*", "confusion", "moving"),
    }
)

_BREAK = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n(?=- )")
_LABEL = re.compile(r"^- (?:\*\*[^*]*\*\*:?)?")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """A file of a known kind; its tree is None when its YAML cannot be read."""

    path: str
    kind: Kind
    root: Node | None

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return self.path.rpartition("/")[2].removesuffix(".yaml")

    def texts(self, *paths: str) -> Iterator[tuple[str, Node]]:
        """Yield the texts that dotted paths such as `related.*.id` lead to."""
        if self.root:
            for path in paths:
                yield from self.root.texts(*path.split("."))


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that only one owner may say, and where it is said."""

    owner: str
    text: str
    path: str
    line: int


def check(files: Iterable[KnowledgeFile]) -> Iterator[Fault]:
    """Yield the faults that only show when all files are looked at together, in no order."""
    files = tuple(files)
    yield from _misnamed(files)
    yield from _dangling(files)
    yield from _repeated("code", _owned(files, Kind.ROLE, "code"), str, "codes tell roles apart; choose another")
    yield from _repeated("id", _listed(files, Kind.LEXICON, "roles"), str, "keep one")
    yield from _repeated("id", _listed(files, Kind.SOURCES, "sources"), str, "keep one")
    yield from _repeated("title", _listed(files, Kind.ADVERT_TITLES, "titles", "title"), str, "it tells of one role")
    yield from _repeated("name", _role_names(files), _name_key, "a name stands for one role; keep it in one")
    yield from _repeated(
        "name", _owned(files, Kind.TERM, "title", "aliases.*"), _name_key, "a name stands for one term; keep it in one"
    )
    yield from _repeated("phrasing", _phrasings(files), normalise, "a phrasing means one thing; keep it in one place")
    yield from _repeated("sentence", sentences_of(files), _sentence_key, "no two entries share a sentence; reword one")


def _misnamed(files: Iterable[KnowledgeFile]) -> Iterator[Fault]:
    for file in files:
        key = _NAMING.get(file.kind)
        for text, node in file.texts(key) if key else ():
            if text != file.stem:
                remedy = f"rename the file to {text[:60]}.yaml, or mend the {key}"
                yield Fault(file.path, node.line, f"the {key} {quoted(text)} is not the file's name", remedy)
        if file.kind is Kind.COMPARISON and file.root:
            name = "--".join(sorted(text for text, _ in file.texts("roles.*")))
            if "--" in name and name != file.stem:
                line = file.root.at("roles").line
                yield Fault(file.path, line, "the file is not named after its roles", f"rename it to {name[:120]}.yaml")


def _dangling(files: Iterable[KnowledgeFile]) -> Iterator[Fault]:
    known = _known_ids(files)
    for file in files:
        for path, what in _REFERENCES.get(file.kind, ()):
            for text, node in file.texts(path) if what in known else ():
                if text not in known[what]:
                    remedy = did_you_mean(text, known[what]) or _WHERE_TO_ADD[what]
                    yield Fault(file.path, node.line, f"unknown {what} {quoted(text)}", remedy)


def _known_ids(files: Iterable[KnowledgeFile]) -> dict[str, frozenset[str]]:
    """Return the ids that may be named; kinds whose list of ids cannot be read are left out."""
    unreadable = {file.kind for file in files if file.root is None}
    named: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for file in files:
        named[file.kind] |= {file.stem} | {text for text, _ in file.texts("id", "roles.*.id", "sources.*.id")}
    known = {"topic": frozenset(named[Kind.TOPIC]), "term": frozenset(named[Kind.TERM])}
    if Kind.LEXICON not in unreadable:
        known["role"] = frozenset(named[Kind.ROLE] | named[Kind.LEXICON] - {"lexicon"})
    if Kind.SOURCES not in unreadable:
        known["source"] = frozenset(named[Kind.SOURCES] - {"sources"})
    return known


def _repeated(what: str, statements: Iterable[Statement], key: Callable[[str], str], remedy: str) -> Iterator[Fault]:
    """Yield a fault for each statement that another owner made before; it names both places."""
    first: dict[str, Statement] = {}
    for statement in statements:
        meaning = key(statement.text)
        before = first.setdefault(meaning, statement) if meaning else statement
        if before.owner != statement.owner:
            where = f"{before.path}:{before.line}"
            message = f"the {what} {quoted(statement.text)} also stands at {where}"
            yield Fault(statement.path, statement.line, message, remedy)


def _owned(files: Iterable[KnowledgeFile], kind: Kind, *paths: str) -> Iterator[Statement]:
    for file in files:
        if file.kind is kind:
            yield from (Statement(file.path, text, file.path, node.line) for text, node in file.texts(*paths))


def _listed(files: Iterable[KnowledgeFile], kind: Kind, key: str, name: str = "id") -> Iterator[Statement]:
    for file in files:
        if file.kind is kind:
            for number, (text, node) in enumerate(file.texts(f"{key}.*.{name}")):
                yield Statement(str(number), text, file.path, node.line)


def _role_names(files: Iterable[KnowledgeFile]) -> Iterator[Statement]:
    for file in files:
        if file.kind is Kind.ROLE:
            yield from (Statement(file.stem, text, file.path, node.line) for text, node in file.texts("title"))
        if file.kind is Kind.LEXICON and file.root:
            for _, role in file.root.find("roles", "*"):
                yield from _names_of(role, file.path)


def _names_of(role: Node, path: str) -> Iterator[Statement]:
    owner = next((text for text, _ in role.texts("id")), "")
    for steps in (("title",), ("aliases", "*"), ("ambiguous", "*")):
        yield from (Statement(owner, text, path, node.line) for text, node in role.texts(*steps))


def _phrasings(files: Iterable[KnowledgeFile]) -> Iterator[Statement]:
    yield from _owned(files, Kind.TOPIC, "phrasings.*")
    for file in files:
        if file.kind is Kind.INTENTS and file.root:
            intent = next((text for text, _ in file.texts("intent")), file.path)
            for path in ("phrasings.*", "sections.*.*", "kinds.*.phrasings.*"):
                for steps, node in file.root.find(*path.split(".")):
                    if isinstance(node.value, str):
                        owner = f"{intent} {steps[1] if len(steps) > 2 else ''}"
                        yield Statement(owner, node.value, file.path, node.line)


def sentences_of(files: Iterable[KnowledgeFile]) -> Iterator[Statement]:
    """Yield every sentence and bullet of the texts that people read."""
    for file in files:
        for _, node in file.texts(*_PROSE.get(file.kind, ())):
            text = str(node.value)
            start = breaks = 0
            for match in (*_BREAK.finditer(text), None):
                sentence = text[start : match.start() if match else None]
                yield Statement(file.path, sentence, file.path, node.line_after(breaks))
                if match:
                    breaks += text.count("\n", start, match.end())
                    start = match.end()


def _name_key(name: str) -> str:
    return " ".join(key_of(name))


def _sentence_key(sentence: str) -> str:
    """Return the words of a sentence, or nothing when it is too short to matter; a bullet's label does not count."""
    words = _WORD.findall(_LABEL.sub("", sentence).casefold())
    return " ".join(words) if len(words) >= SHARED_WORDS else ""
