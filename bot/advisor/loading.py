"""From the files of a knowledge folder to Knowledge, or every fault of every file at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from bot.advisor.checks import KnowledgeFile, check
from bot.advisor.formats import Kind
from bot.advisor.formats.entries import ComparisonFile, RoleFile, TermFile, TopicFile
from bot.advisor.formats.fields import Format
from bot.advisor.formats.numbers import AdvertTitlesFile, FiguresFile, SourcesFile
from bot.advisor.formats.words import IntentsFile, LexiconFile
from bot.advisor.freshness import past_shelf_life, unreviewed
from bot.advisor.knowledge import Knowledge, Lexicon
from bot.advisor.remedies import did_you_mean, one_of, quoted
from bot.advisor.validation import validate
from bot.advisor.writing import check_writing
from bot.advisor.yaml_reading import read_yaml
from bot.errors import Fault, KnowledgeError

FOLDERS = MappingProxyType(
    {
        "roles": Kind.ROLE,
        "topics": Kind.TOPIC,
        "terms": Kind.TERM,
        "comparisons": Kind.COMPARISON,
        "intents": Kind.INTENTS,
    }
)
SINGLE_FILES = MappingProxyType(
    {
        "lexicon.yaml": Kind.LEXICON,
        "salaries.yaml": Kind.FIGURES,
        "figures.yaml": Kind.FIGURES,
        "salary_titles.yaml": Kind.ADVERT_TITLES,
        "sources.yaml": Kind.SOURCES,
    }
)
SCHEMA_FOLDER = "schema"

_F = TypeVar("_F", bound=Format)


def load_knowledge(files: Mapping[str, bytes]) -> Knowledge:
    """Return the knowledge that `files`, by their path within the folder, hold.

    Files that are not YAML, and the schema folder, are passed over. Raises KnowledgeError with every fault.
    """
    read, contents, faults = _read_all(files)
    if not any(file.kind in {Kind.ROLE, Kind.TOPIC} for file in read):
        remedy = "add topics/my-question.yaml with id, phrasings and answer"
        faults.append(Fault("topics", 1, "there is neither a role nor a topic", remedy))
    faults += check(read)
    faults += check_writing(read)
    if faults:
        raise KnowledgeError(tuple(sorted(set(faults))))
    return _assembled(contents)


def aged(files: Mapping[str, bytes], today: date, months: int | None = None) -> tuple[Fault, ...]:
    """Return the figures past their shelf life; with `months`, what was last reviewed longer ago than that instead."""
    read, _, _ = _read_all(files)
    found = past_shelf_life(read, today) if months is None else unreviewed(read, today, months)
    return tuple(sorted(found))


def _read_all(files: Mapping[str, bytes]) -> tuple[list[KnowledgeFile], list[Format], list[Fault]]:
    """Return the trees, the contents and the faults of files, each looked at by itself."""
    read: list[KnowledgeFile] = []
    contents: list[Format] = []
    faults: list[Fault] = []
    for path in sorted(filter(is_knowledge, files)):
        kind = _kind_of(path)
        if isinstance(kind, Fault):
            faults.append(kind)
            continue
        file, content, found = _read(path, kind, files[path])
        read.append(file)
        faults += found
        if content:
            contents.append(content)
    return read, contents, faults


def is_knowledge(path: str) -> bool:
    """Return whether a file of a knowledge folder, by its path within it, is read at all."""
    parts = path.split("/")
    return (
        parts[0] != SCHEMA_FOLDER
        and not any(part.startswith(".") for part in parts)
        and path.lower().endswith((".yaml", ".yml"))
    )


def _kind_of(path: str) -> Kind | Fault:
    """Return the kind of file that stands at `path`, or why none does."""
    folder, _, name = path.rpartition("/")
    if not path.endswith(".yaml"):
        return Fault(path, 1, "the file's name does not end in .yaml", f"rename it to {name.rpartition('.')[0]}.yaml")
    if not folder:
        remedy = did_you_mean(name, SINGLE_FILES) or f"move it into {', '.join(FOLDERS)}"
        return SINGLE_FILES.get(name) or Fault(path, 1, f"unknown file {quoted(name)}", remedy)
    outer = folder.partition("/")[0]
    remedy = f"move it to {outer}/{name}" if outer in FOLDERS else one_of(folder, FOLDERS)
    return FOLDERS.get(folder) or Fault(path, 1, f"unknown folder {quoted(folder)}", remedy)


def _read(path: str, kind: Kind, data: bytes) -> tuple[KnowledgeFile, Format | None, list[Fault]]:
    root, faults = read_yaml(path, data)
    if root is None:
        return KnowledgeFile(path, kind, None), None, list(faults)
    content, found = validate(path, kind, root)
    # An alias or a doubled key often breaks the format too; its line has been reported.
    reported = {fault.line for fault in faults}
    return KnowledgeFile(path, kind, root), content, [*faults, *(f for f in found if f.line not in reported)]


def _assembled(contents: Iterable[Format]) -> Knowledge:
    contents = tuple(contents)
    lexicons = _of(contents, LexiconFile)
    advert_titles = _of(contents, AdvertTitlesFile)
    return Knowledge(
        roles=MappingProxyType({file.id: file.record() for file in _of(contents, RoleFile)}),
        topics=MappingProxyType({file.id: file.record() for file in _of(contents, TopicFile)}),
        terms=MappingProxyType({file.id: file.record() for file in _of(contents, TermFile)}),
        comparisons=tuple(file.record() for file in _of(contents, ComparisonFile)),
        intents=tuple(record for file in _of(contents, IntentsFile) for record in file.records()),
        lexicon=lexicons[0].record() if lexicons else Lexicon(),
        sources=MappingProxyType({s.id: s for file in _of(contents, SourcesFile) for s in file.records()}),
        figures=tuple(figure for file in _of(contents, FiguresFile) for figure in file.records()),
        advert_titles=advert_titles[0].record() if advert_titles else None,
    )


def _of(contents: Iterable[Format], kind: type[_F]) -> tuple[_F, ...]:
    return tuple(content for content in contents if isinstance(content, kind))
