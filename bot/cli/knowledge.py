"""career-bot knowledge: check what contributors wrote, help their editors, start new entries."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import click

from bot.advisor.formats import Kind, schema
from bot.advisor.formats.fields import ID_PATTERN
from bot.advisor.knowledge import Knowledge, RoleProfile, Section, Term, Topic
from bot.advisor.loading import FOLDERS, SCHEMA_FOLDER, aged, load_knowledge
from bot.advisor.writing import PLACEHOLDER
from bot.config import default_knowledge
from bot.errors import KnowledgeError
from bot.folder import read_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.errors import Fault

_folder = click.argument(
    "folder",
    metavar="[DIR]",
    required=False,
    default=default_knowledge,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)


@click.group()
def knowledge() -> None:
    """Check and extend a folder of knowledge; DIR is the one that ships with the program unless it is given."""


@knowledge.command()
@_folder
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the faults and the counts.")
@click.option("--stale", "months", type=click.IntRange(1), help="List too what nobody reviewed for so many months.")
def check(folder: Path, *, as_json: bool, months: int | None) -> None:
    """Name every fault of every file, with its place and its remedy."""
    files = read_folder(folder)
    today = datetime.now().astimezone().date()
    faults = aged(files, today)
    stale = aged(files, today, months) if months else ()
    counts = count_files(files)
    try:
        counts |= count_entries(load_knowledge(files))
    except KnowledgeError as error:
        faults = tuple(sorted({*faults, *error.faults}))
    if as_json:
        found = {"faults": [*map(as_record, faults)], "stale": [*map(as_record, stale)], "counts": counts}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for entry in stale:
            click.echo(f"{_shown(folder)}/{entry}")
        for fault in faults:
            click.echo(f"{_shown(folder)}/{fault}", err=True)
        click.echo(summary(counts, faults), err=bool(faults))
    sys.exit(1 if faults else 0)


@knowledge.command(name="schema")
@_folder
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail when a file would change.")
def write_schema(folder: Path, *, only_check: bool) -> None:
    """Write the JSON Schemas with which editors complete and explain the keys of knowledge files."""
    stale = {path: text for path, text in schema_files(folder).items() if _text_of(path) != text}
    if only_check and stale:
        raise click.ClickException(f"run `career-bot knowledge schema`: {', '.join(p.name for p in stale)} changed")
    for path, text in stale.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    click.echo(f"{len(stale)} of {len(Kind)} schemas written" if stale else f"all {len(Kind)} schemas are up to date")


@knowledge.command()
@_folder
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object, with the counts of each role and section."
)
def stats(folder: Path, *, as_json: bool) -> None:
    """Show how much the knowledge covers, and what it lacks."""
    known = load_knowledge(read_folder(folder))
    if as_json:
        found = {
            "counts": count_entries(known),
            "phrasings": {s.value: sum(len(i.phrasings) for i in known.intents if i.section is s) for s in Section},
            "roles": {role: count_role(known, role) for role in known.roles},
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    click.echo(summary(count_entries(known), ()))
    for line in gaps(known):
        click.echo(line)


@knowledge.command()
@click.argument("kind", type=click.Choice(["role", "topic", "term"]))
@click.argument("entry_id", metavar="ID")
@_folder
def new(kind: str, entry_id: str, folder: Path) -> None:
    """Start a new entry: a file to fill in, whose gaps `knowledge check` names one by one."""
    if not ID_PATTERN.fullmatch(entry_id):
        raise click.BadParameter("an id is lower-case words joined by hyphens, such as data-engineer")
    path = folder / f"{kind}s" / f"{entry_id}.yaml"
    if path.exists():
        raise click.ClickException(f"{_shown(path)} exists already")
    path.parent.mkdir(exist_ok=True)
    path.write_text(template(Kind(kind), entry_id), encoding="utf-8")
    click.echo(f"{_shown(path)} is there to be filled in; `career-bot knowledge check` says what is missing")


def count_files(paths: Iterable[str]) -> dict[str, int]:
    """Return how many files stand in each folder of entries."""
    found = Counter(path.partition("/")[0] for path in paths)
    return {folder: found[folder] for folder in FOLDERS}


def count_entries(known: Knowledge) -> dict[str, int]:
    """Return how many entries of each kind there are."""
    return {
        "roles": len(known.roles),
        "topics": len(known.topics),
        "terms": len(known.terms),
        "comparisons": len(known.comparisons),
        "intents": len({entry.intent for entry in known.intents}),
        "phrasings": sum(len(phrasings) for phrasings in _phrasings(known)),
        "figures": len(known.figures),
        "sources": len(known.sources),
    }


def count_role(known: Knowledge, role: str) -> dict[str, object]:
    """Return what there is about a role: characters and tags of each section, figures by kind, neighbours."""
    profile = known.roles[role]
    return {
        "sections": {s.value: {"characters": len(p.text), "tags": len(p.tags)} for s, p in profile.sections.items()},
        "figures": dict(Counter(figure.kind.value for figure in known.figures if figure.role == role)),
        "comparisons": sum(role in comparison.roles for comparison in known.comparisons),
        "related": len(profile.related),
        "names": next((len({*n.aliases, *n.ambiguous}) for n in known.lexicon.roles if n.id == role), 0),
    }


def _phrasings(known: Knowledge) -> Iterable[tuple[str, ...]]:
    yield from (intent.phrasings for intent in known.intents)
    yield from (topic.phrasings for topic in known.topics.values())


def summary(counts: Mapping[str, int], faults: tuple[Fault, ...]) -> str:
    """Return the counts and the number of faults in one line."""
    named = [*counts.items(), ("faults", len(faults))]
    return ", ".join(f"{count:,} {name.removesuffix('s') if count == 1 else name}" for name, count in named)


def as_record(fault: Fault) -> dict[str, str | int]:
    """Return a fault as `check --json` prints it."""
    return {"path": fault.path, "line": fault.line, "message": fault.message, "remedy": fault.remedy}


def schema_files(folder: Path) -> dict[Path, str]:
    """Return what each file of the schema folder holds when it is up to date."""
    return {
        folder / SCHEMA_FOLDER / f"{kind}.json": json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"
        for kind in Kind
    }


def gaps(known: Knowledge) -> Iterable[str]:
    """Yield one line for each thing that a maintainer may want to look at."""
    paid = {figure.role for figure in known.figures}
    used = {figure.source for figure in known.figures} | {source for entry in _sourced(known) for source in entry}
    entries: tuple[RoleProfile | Topic | Term, ...] = (
        *known.roles.values(),
        *known.topics.values(),
        *known.terms.values(),
    )
    reviewed = [entry.reviewed for entry in entries]
    asked = sorted(len(topic.phrasings) for topic in known.topics.values())
    if asked:
        yield f"phrasings of a topic: {asked[0]} to {asked[-1]}, half have {median(asked):g} or more"
    yield f"oldest review: {min(filter(None, reviewed), default='none')}; never reviewed: {reviewed.count(None)}"
    yield _listed("roles with a name but no profile", {role.id for role in known.lexicon.roles} - set(known.roles))
    yield _listed("roles without a figure", set(known.roles) - paid)
    yield _listed("sources that nothing names", set(known.sources) - used)


def _sourced(known: Knowledge) -> Iterable[tuple[str, ...]]:
    yield from (passage.sources for role in known.roles.values() for passage in role.sections.values())
    yield from (topic.sources for topic in known.topics.values())
    yield from (term.sources for term in known.terms.values())
    yield from (comparison.sources for comparison in known.comparisons)


def _listed(what: str, ids: set[str]) -> str:
    return f"{what}: {', '.join(sorted(ids)) or 'none'}"


def template(kind: Kind, entry_id: str) -> str:
    """Return the text of a new entry: what it needs, still to be written, and what it may have, as comments."""
    described = schema(kind)
    lines = [f"# yaml-language-server: $schema=../{SCHEMA_FOLDER}/{kind}.json", f"id: {entry_id}"]
    for key, what in described["properties"].items():
        if key not in {"id", "sections"}:
            lines.append(f"# {what['description']}")
            lines.append(f"{key}: {_placeholder(what, entry_id)}" if key in described["required"] else f"# {key}:")
    if kind is Kind.ROLE:
        lines += ["sections:", *(line for section in Section for line in _section_template(section))]
    return "\n".join(lines) + "\n"


def _placeholder(what: dict[str, Any], entry_id: str) -> str:
    """Return what fits a key's schema: for a short code the first letters of the id, else what is to be replaced."""
    if "pattern" in what:
        return "".join(word[0] for word in entry_id.split("-"))[:4]
    return f"[{PLACEHOLDER}]" if what.get("type") == "array" else PLACEHOLDER


def _section_template(section: Section) -> tuple[str, ...]:
    required = schema(Kind.ROLE)["$defs"]["_Sections"]["properties"][section]
    tags = (f"    tags: [{PLACEHOLDER}]",) if required["$ref"].endswith("_TaggedPassage") else ()
    return (f"  # {required['description']}", f"  {section}:", f"    text: {PLACEHOLDER}", *tags)


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _shown(path: Path) -> Path:
    """Return `path` as one would type it here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
