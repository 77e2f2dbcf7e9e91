"""career-bot salaries: rebuild the figures of advertised pay from a public file."""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from bot.config import default_knowledge
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.advisor.adverts import Row

SALARIES = "salaries.yaml"
MAX_REFUSALS_SHOWN = 20
ROWS_A_STEP = 2_000
"""Rows between two steps of the progress bar."""
HEADER = (
    "yaml-language-server: $schema=schema/figures.json",
    "Written by `career-bot salaries import`; to change it, edit salary_titles.yaml and run it again.",
    "Advertised pay: the middle of the range that each distinct full-time advert names. low, middle and high are the",
    "10th, 50th and 90th percentile, sample counts the adverts. Amounts are in the country's own currency: adverts in",
    "another one, and in USD outside the US, are left out, and so is a cell of fewer than ten adverts, and one whose",
    "high is more than five times its low.",
)
_GZIP = b"\x1f\x8b"


@click.group()
def salaries() -> None:
    """Bring in figures of pay."""


@salaries.command(name="import")
@click.argument("path", metavar="CSV", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--knowledge",
    "folder",
    metavar="DIR",
    default=default_knowledge,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder whose salaries.yaml is written anew.",
)
def import_(path: Path, folder: Path) -> None:
    """Write salaries.yaml anew from the adverts in CSV (or CSV.gz) of ai-jobs.net's format.

    The same file gives the same bytes. Lines that cannot be read are named and left out; the exit code is then 1.
    """
    from bot.advisor.adverts import advertised_pay, distinct_adverts, write_figures
    from bot.advisor.loading import load_knowledge
    from bot.folder import read_folder, write_whole

    files = {name: content for name, content in read_folder(folder).items() if name != SALARIES}
    titles = load_knowledge(files).advert_titles
    if titles is None:
        raise UsageError(f"{folder} has no salary_titles.yaml, which says which titles are which role")
    wanted = {title.title for title in titles.titles}
    reading = _Reading(path)
    adverts = [advert for advert in distinct_adverts(reading.rows()) if advert.row.title in wanted]
    figures = advertised_pay(adverts, titles.titles, titles.source)
    if not figures:
        raise UsageError(
            f"{path} has too few adverts with the titles of salary_titles.yaml; {SALARIES} is left as it was"
        )
    try:
        write_whole(folder / SALARIES, write_figures(figures, HEADER).encode())
    except OSError as error:
        raise UsageError(f"{folder / SALARIES} cannot be written ({error.strerror})") from None
    for line, reason in reading.refused[:MAX_REFUSALS_SHOWN]:
        click.echo(f"{path}:{line}: refused: {reason}", err=True)
    if len(reading.refused) > MAX_REFUSALS_SHOWN:
        click.echo(f"… and {len(reading.refused) - MAX_REFUSALS_SHOWN:,} more lines", err=True)
    roles = len({figure.role for figure in figures})
    click.echo(
        f"{reading.read:,} rows, {len(reading.refused):,} refused; {len(adverts):,} distinct adverts of {roles} roles; "
        f"{len(figures)} figures in {folder / SALARIES}"
    )
    sys.exit(1 if reading.refused else 0)


class _Reading:
    """Reads the rows of a file, with a progress bar on a terminal; keeps why it refused which line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.read = 0
        self.refused: list[tuple[int, str]] = []

    def rows(self) -> Iterator[Row]:
        """Yield the rows that can be read. Raises UsageError when the file is not of this format."""
        from bot.advisor.adverts import parse_row

        with self._path.open("rb") as file, _progress(self._path) as advance:
            try:
                for line, values in self._lines(file, advance):
                    self.read += 1
                    try:
                        yield parse_row(values)
                    except ValueError as error:
                        self.refused.append((line, str(error)))
            except (EOFError, gzip.BadGzipFile, zlib.error, csv.Error, UnicodeDecodeError) as error:
                raise UsageError(f"{self._path} cannot be read to its end ({error}); nothing was changed") from None

    def _lines(self, file: BinaryIO, advance: Callable[[int], None]) -> Iterator[tuple[int, dict[str, str]]]:
        from bot.advisor.adverts import COLUMNS

        packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        stream = gzip.GzipFile(fileobj=file) if packed else file
        with stream, io.TextIOWrapper(stream, encoding="utf-8", newline="") as text:
            reader = csv.reader(text, strict=True)
            names = next(reader, [])
            missing = [column for column in COLUMNS if column not in names]
            if missing:
                raise UsageError(f"{self._path} is not such a file: its first line lacks {', '.join(missing)}")
            for number, fields in enumerate(reader, 1):
                if number % ROWS_A_STEP == 0:
                    advance(file.tell())
                if len(fields) == len(names):
                    yield reader.line_num, dict(zip(names, fields, strict=True))
                elif fields:
                    self.read += 1
                    self.refused.append((reader.line_num, f"it has {len(fields)} fields, not {len(names)}"))


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[int], None]]:
    """Show how much of a file is read, on a terminal; yield what to call with the bytes read so far."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(path.name, total=path.stat().st_size)
        yield lambda done: progress.update(task, completed=done)
