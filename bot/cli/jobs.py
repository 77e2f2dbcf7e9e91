"""career-bot jobs: what the operator brings in, looks at, and has announced."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.sources import poll, source
from bot.cli.store import collecting, now, with_store
from bot.errors import UsageError
from bot.folder import write_whole

if TYPE_CHECKING:
    from bot.jobs.job import Job
    from bot.services.collect import ImportReport
    from bot.store.opening import Store

LARGEST_FILE = 64 * 1024 * 1024
_SHOWN = 30
_NEW = timedelta(days=1)


@click.group()
def jobs() -> None:
    """Import jobs, list them, and choose what is announced."""


jobs.add_command(poll)
jobs.add_command(source)


@jobs.command(name="import")
@click.argument("path", metavar="PATH_OR_URL")
@click.option(
    "--format",
    "form",
    default="auto",
    metavar="NAME",
    help="The format of the file; `jobs formats` lists them. auto looks at what the file holds.",
)
@click.option("--source", help="A name for where these jobs come from, for files that do not say so themselves.")
@click.option(
    "--refused", "kept", type=click.Path(dir_okay=False), help="Write what was refused to this JSON Lines file."
)
def import_(path: str, *, form: str, source: str | None, kept: str | None) -> None:
    """Import the jobs in a file, on standard input (-) or at an http(s) address; doing it again changes nothing.

    The exit code is 1 when anything was refused; the other jobs are in the database all the same.
    """
    text = _read(path)
    report = with_store(lambda store: _import(store, text, None if form == "auto" else form, source))
    _print_report(report, path)
    if kept:
        lines = [json.dumps({"place": each.place, "reason": each.reason}) + "\n" for each in report.refused]
        write_whole(Path(kept), "".join(lines).encode())
    sys.exit(1 if report.refused else 0)


@jobs.command()
def formats() -> None:
    """List the formats that `jobs import` reads."""
    from bot.sources.registry import NAMES

    click.echo("\n".join(NAMES))


@jobs.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, which `jobs import` reads back.")
@click.option("--all", "every", is_flag=True, help="List closed jobs too.")
def list_(*, as_json: bool, every: bool) -> None:
    """List the open jobs, newest first."""

    async def look(store: Store) -> tuple[Job, ...]:
        await store.jobs.expire(now())
        return await (store.jobs.every() if every else store.jobs.open())

    found = with_store(look)
    if as_json:
        _print_json(found)
    elif found:
        _print_jobs(found, [_marks(job) for job in found])
    else:
        click.echo("there are no open jobs; career-bot jobs import brings some in")


@jobs.command()
@click.argument("words", nargs=-1)
@click.option("--company", help="The company, or how its name begins.")
@click.option("--source", "sources", multiple=True, help="The name of a source; several may be given.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Appeared on this day or later, 2026-01-31.")
@click.option("--paid", is_flag=True, help="Only jobs that tell their pay.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200), help="How many are shown.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1, 10_000), help="Which page of them.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, which `jobs import` reads back.")
def search(
    *,
    words: tuple[str, ...],
    company: str | None,
    sources: tuple[str, ...],
    since: datetime | None,
    paid: bool,
    limit: int,
    page: int,
    as_json: bool,
) -> None:
    """Search the open jobs, best first.

    Roles, levels, places and pay among WORDS narrow what is found; other words have to stand in a job.
    """

    async def look(store: Store) -> tuple[tuple[Job, ...], int]:
        await store.jobs.expire(now())
        _, recogniser = collecting(store)
        query = recogniser.job_query(" ".join(words))
        since_utc = since.replace(tzinfo=UTC) if since else None
        query = replace(query, company=company, sources=sources, since=since_utc, paid=paid)
        return await store.jobs.search(query, limit=limit, offset=(page - 1) * limit)

    found, total = with_store(look)
    if as_json:
        _print_json(found)
    elif found:
        _print_jobs(found, [_marks(job) for job in found])
        if total > len(found):
            click.echo(f"{len(found)} of {total}, page {page}")
    else:
        click.echo("no open job fits")


@jobs.command()
@click.argument("job", metavar="ID")
def show(job: str) -> None:
    """Show all that is known about the job ID; the start of the id is enough."""

    async def look(store: Store) -> tuple[Job, tuple[Job, ...]]:
        found = await _find(store, job)
        return found, await store.jobs.copies_of(found.id)

    _print_job(*with_store(look))


@jobs.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--all", "every", is_flag=True, help="Closed jobs too.")
def export(file: Path, *, every: bool) -> None:
    """Write the open jobs to the new FILE as JSON Lines, which `jobs import` reads back."""
    from bot.jobs.records import write_record

    if file.exists():
        raise UsageError(f"{file} is there already; name a new file")
    found = with_store(lambda store: store.jobs.every() if every else store.jobs.open())
    lines = [json.dumps(write_record(job), ensure_ascii=False) + "\n" for job in found]
    write_whole(file, "".join(lines).encode())
    click.echo(f"{_number(len(found), 'job')} written to {file}")


@jobs.command()
@click.argument("job", metavar="ID")
def feature(job: str) -> None:
    """Have the open job ID announced in every channel that is switched on; the start of the id is enough."""

    async def change(store: Store) -> str:
        from bot.jobs.job import JobState

        found = await _find(store, job)
        if found.state is JobState.CLOSED:
            raise UsageError(f"{_named(found)} is closed, and closed jobs are not announced")
        if not await store.jobs.feature(found.id):
            return f"{_named(found)} is featured already"
        channels = len(await store.subscriptions.active())
        return f"{_named(found)} is featured; it is announced in {_number(channels, 'channel')} at the bot's next look"

    click.echo(with_store(change))


@jobs.command()
@click.argument("job", metavar="ID")
def close(job: str) -> None:
    """Close the job ID: it is shown no more, and withdrawn where it was not sent yet."""

    async def change(store: Store) -> str:
        found = await _find(store, job)
        withdrawn = await store.jobs.close(found.id, now())
        if withdrawn is None:
            return f"{_named(found)} is closed already"
        return f"{_named(found)} is closed; it was withdrawn from {_number(withdrawn, 'channel')}"

    click.echo(with_store(change))


def _read(path: str) -> str:
    """Return the text of a file, of standard input or at an address."""
    if path.startswith(("http://", "https://")):
        return asyncio.run(_fetch(path))
    try:
        with sys.stdin.buffer if path == "-" else Path(path).open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST_FILE:
        raise click.UsageError(f"{path} is larger than {LARGEST_FILE // 1024 // 1024} MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise click.UsageError(f"{path} is not UTF-8 text (line {line}); save it as UTF-8") from None


async def _fetch(url: str) -> str:
    from bot.sources.fetch import Fetcher

    async with Fetcher() as fetcher:
        return (await fetcher.fetch(url)).text or ""


async def _import(store: Store, text: str, form: str | None, source: str | None) -> ImportReport:
    service, _ = collecting(store)
    with _progress() as progress:
        return await service.import_text(text, form, source=source, progress=progress)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], object]]:
    """Show a bar on a terminal while jobs are stored."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Storing jobs", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


async def _find(store: Store, job: str) -> Job:
    """Return the one job whose id is, or begins with, what was typed."""
    typed = job.strip().lower()
    found = await store.jobs.starting_with(typed) if typed else ()
    exact = [each for each in found if each.id == typed]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        choices = ", ".join(map(_named, found[:4])) + (" …" if len(found) > 4 else "")
        raise UsageError(f'several ids begin with "{job}": {choices}')
    ids = {each.id: each for each in await store.jobs.every()}
    near = get_close_matches(typed, ids, n=3, cutoff=0.5)
    meant = f"; did you mean {' or '.join(_named(ids[each]) for each in near)}?" if near else ""
    raise UsageError(f'there is no job "{job}"{meant or "; career-bot jobs list shows them"}')


def _print_report(report: ImportReport, path: str) -> None:
    stored = (*report.new, *report.changed)
    if stored:
        _print_jobs(stored, ["new"] * len(report.new) + ["changed"] * len(report.changed))
    for note in report.notes:
        click.echo(f"note: {_named(note.job)}: {note.note}")
    for job in report.irrelevant[:_SHOWN]:
        click.echo(f"irrelevant: {job.place}: {job.title}, {job.company}: {job.reason}")
    if len(report.irrelevant) > _SHOWN:
        click.echo(f"… and {len(report.irrelevant) - _SHOWN} more that are irrelevant")
    for refusal in report.refused:
        click.echo(f"{path}: {refusal.place}: refused: {refusal.reason}", err=True)
    for copy in report.merged[:_SHOWN]:
        place = copy.place or "no place"
        click.echo(f"merged: {_named(copy)}, {place}: another advert of {copy.copy_of}: {copy.evidence}")
    if len(report.merged) > _SHOWN:
        click.echo(f"… and {len(report.merged) - _SHOWN} more that are merged")
    if not (stored or report.unchanged or report.merged or report.refused or report.irrelevant):
        click.echo(f"{path}: no job was found")
    kinds = ("new", "changed", "unchanged", "merged", "irrelevant", "refused")
    counts = {kind: getattr(report, kind) for kind in kinds}
    if report.page.following:
        click.echo("this is one page of several; career-bot jobs source add has all of them read")
    click.echo(", ".join(f"{len(of)} {name}" for name, of in counts.items()))


def _print_jobs(found: tuple[Job, ...], marks: list[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from bot.frontends.money import pay_range

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("ID", "", "Title", "Company", "Place", "Pay"):
        table.add_column(heading, no_wrap=heading in {"ID", ""}, overflow="fold")
    for job, mark in list(zip(found, marks, strict=True))[:_SHOWN]:
        pay = pay_range(job.pay) if job.pay else "unknown"
        table.add_row(*map(Text, (job.id, mark, job.title, job.company, job.place or "", pay)))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    if len(found) > _SHOWN:
        click.echo(f"… and {len(found) - _SHOWN} more")


def _print_json(found: tuple[Job, ...]) -> None:
    from bot.jobs.records import write_record

    click.echo(json.dumps([write_record(job) for job in found], ensure_ascii=False, indent=2))


def _print_job(job: Job, copies: tuple[Job, ...]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _facts(job):
        if value:
            table.add_row(Text(name), Text(value))
    for copy in copies:
        told = f"{copy.url or copy.source} ({copy.state.value}): {copy.evidence}"
        table.add_row(Text("Also advertised"), Text(told))
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _facts(job: Job) -> Iterator[tuple[str, str]]:
    """Yield what is known about a job; a name without a value is left out."""
    from bot.frontends.money import pay_range
    from bot.jobs.pay import yearly

    yield "ID", job.id
    yield "Title", job.title
    yield "Company", job.company
    yield "State", _marks(job) or job.state.value
    yield "Role and level", ", ".join(filter(None, (job.role, job.level and job.level.value)))
    yield "Place", "; ".join(filter(None, (job.place, *job.elsewhere)))
    yield "Countries", ", ".join(job.countries)
    yield "Workplace", "remote" if job.remote else "hybrid" if job.hybrid else "on site" if job.remote is False else ""
    yield "Employment", ", ".join(kind.value for kind in job.employment)
    per_year = f", a year {yearly(job.pay)[0]:,} to {yearly(job.pay)[1]:,}" if job.pay else ""
    yield "Pay", f"{pay_range(job.pay)}{per_year}" if job.pay else "unknown"
    yield "Link", job.url or ""
    yield "Source", ", ".join(filter(None, (job.source, job.source_id, job.credit and f"name {job.credit}")))
    yield "Posted", f"{job.posted:%Y-%m-%d}" if job.posted else "unknown"
    yield "First seen", f"{job.first_seen:%Y-%m-%d}"
    yield "Expires", f"{job.expires:%Y-%m-%d}" if job.expires else ""
    again = (
        f"advertised anew {_number(job.reposts, 'time')}",
        f"back after it was over {_number(job.reopened, 'time')}",
    )
    yield (
        "Seen before",
        "; ".join(told for told, count in zip(again, (job.reposts, job.reopened), strict=True) if count),
    )
    yield "Tags", ", ".join(job.tags)
    yield "Text", job.text or ""


def _marks(job: Job) -> str:
    marks = {
        "new": job.state == "open" and now() - job.first_seen < _NEW,
        "featured": job.featured,
        "reopened": job.state == "open" and job.reopened > 0,
        job.state.value: job.state != "open",
        "edited": job.edited,
    }
    return " ".join(mark for mark, is_so in marks.items() if is_so)


def _named(job: Job) -> str:
    return f"{job.id} ({job.title}, {job.company})"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
