"""The knowledge that ships: it has no fault, it holds the article that it started from, and editors know its keys."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.advisor.formats import Kind, schema
from bot.advisor.knowledge import FigureKind, Knowledge, Section
from bot.advisor.loading import FOLDERS, SINGLE_FILES, load_knowledge
from bot.cli.knowledge import schema_files
from bot.errors import KnowledgeError
from bot.folder import read_folder

FOLDER = Path(__file__).parent.parent / "knowledge"
FILES = read_folder(FOLDER)
ARTICLE = yaml.safe_load((Path(__file__).parent / "golden" / "article.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """Return the knowledge that ships."""
    return load_knowledge(FILES)


def test_the_shipped_knowledge_has_no_fault() -> None:
    faults: tuple[object, ...] = ()
    try:
        load_knowledge(FILES)
    except KnowledgeError as error:
        faults = error.faults
    assert not faults, "\n".join(map(str, faults))


def test_a_sentence_copied_from_one_entry_to_another_would_be_found() -> None:
    path, donor = "topics/need-phd.yaml", "topics/need-masters.yaml"
    copied = FILES[donor].split(b"answer: |\n")[1].splitlines()[0]
    files = FILES | {path: FILES[path].replace(b"answer: |\n", b"answer: |\n" + copied + b"\n", 1)}
    with pytest.raises(KnowledgeError, match=f"also stands at ({donor}|{path})"):
        load_knowledge(files)


@pytest.mark.parametrize("path", schema_files(FOLDER), ids=lambda path: path.name)
def test_the_schema_files_are_what_the_formats_say(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == schema_files(FOLDER)[path]


@pytest.mark.parametrize("kind", Kind)
def test_a_schema_is_valid_and_explains_every_key(kind: Kind) -> None:
    described = schema(kind)
    jsonschema.Draft202012Validator.check_schema(described)
    parts = [described, *described.get("$defs", {}).values()]
    assert all(key.get("description") for part in parts for key in part.get("properties", {}).values())


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do (YAML 1.2): dates, yes and no are text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag.endswith((":int", ":float", ":null")) or (tag.endswith(":bool") and first in "tTfF")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("path", FILES)
def test_an_editor_that_knows_the_schema_finds_nothing_to_complain_about(path: str) -> None:
    kind = SINGLE_FILES.get(path) or FOLDERS[path.partition("/")[0]]
    document = yaml.load(FILES[path], EditorLoader)
    jsonschema.validate(document, schema(kind), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("path", FILES)
def test_each_file_names_its_schema_for_editors(path: str) -> None:
    kind = SINGLE_FILES.get(path) or FOLDERS[path.partition("/")[0]]
    up = "../" if "/" in path else ""
    assert FILES[path].decode().splitlines()[0] == f"# yaml-language-server: $schema={up}schema/{kind}.json"


def _id(entry: dict[str, Any]) -> str:
    return f"{entry['role']}: {entry.get('fact') or entry['kind'] + ' ' + entry['source']}"


@pytest.mark.parametrize("entry", [entry for entry in ARTICLE if "section" in entry], ids=_id)
def test_a_fact_of_the_article_stands_in_its_section(knowledge: Knowledge, entry: dict[str, Any]) -> None:
    passage = knowledge.roles[entry["role"]].sections[Section(entry["section"])]
    held = "\n".join([passage.text, *passage.tags]).casefold()
    assert [text for text in entry["find"] if text.casefold() not in held] == []


@pytest.mark.parametrize("entry", [entry for entry in ARTICLE if "kind" in entry], ids=_id)
def test_a_figure_of_the_article_is_kept(knowledge: Knowledge, entry: dict[str, Any]) -> None:
    wanted = entry | {"kind": FigureKind(entry["kind"])}
    assert [
        figure for figure in knowledge.figures if all(getattr(figure, key) == value for key, value in wanted.items())
    ]


def test_the_figures_of_the_article_are_marked_as_dated(knowledge: Knowledge) -> None:
    sources = {entry["source"] for entry in ARTICLE if "kind" in entry}
    assert all(figure.dated for figure in knowledge.figures if figure.source in sources)
