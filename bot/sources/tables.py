"""Lists of jobs as tables: CSV with a line of column names, and the tables of Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.jobs.places import workplace_in
from bot.jobs.posting import Posting, Unreadable
from bot.sources.document import Document, Records
from bot.sources.values import aged, moment

_COLUMNS = {
    "title": ("title", "position", "job title", "role", "job"),
    "company": ("company", "company name", "employer", "organization", "organisation"),
    "place": ("location", "place", "city", "locations", "office"),
    "url": ("url", "link", "posting", "apply", "application", "application link", "job url"),
    "pay": ("salary", "pay", "compensation", "pay range", "salary range"),
    "posted": ("posted", "date posted", "date", "age", "published", "posted on"),
    "employment": ("employment", "employment type", "type", "job type", "contract"),
    "level": ("level", "seniority", "experience", "experience level"),
    "workplace": ("work model", "workplace", "remote", "work type"),
    "key": ("id", "job id", "key"),
    "text": ("description", "job description", "summary"),
    "tags": ("tags", "skills", "category", "department"),
}
_LINK = re.compile(r"\]\(\s*<?([^\s<>)]+)|href=[\"']([^\"']+)")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]]{0,300})\]\([^)]{0,2000}\)")  # bounded: a cell of "[" alone must not take long
_TAG = re.compile(r"<[^>]{0,2000}>")
_RULE = re.compile(r":?-{2,}:?")
_SAME_AS_ABOVE = frozenset({"↳", '"', "〃"})


class _Csv:
    name = "csv"
    credit = ""
    whole = True
    daily = None

    def recognises(self, document: Document) -> bool:
        """Return whether the first line names at least a title and a company."""
        first = document.start.split("\n", 1)[0]
        return {"title", "company"} <= _places_of(_split(first)).keys()

    def records(self, document: Document) -> Records:
        """Yield a posting for each line."""
        reader = csv.reader(io.StringIO(document.text.lstrip("\ufeff"), newline=""), strict=True)
        places: dict[str, int] | None = None
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield f"line {reader.line_num}", Unreadable(f"not valid CSV: {error}")
                return
            place = f"line {reader.line_num}"
            if places is None:
                places = _places_of(row)
                if not {"title", "company"} <= places.keys():
                    yield place, Unreadable("the first line names no columns for the title and the company")
                    return
            elif any(cell.strip() for cell in row):
                yield place, _posting(row, places, document.now)


class _Markdown:
    name = "markdown"
    credit = ""
    whole = True
    daily = None

    def recognises(self, document: Document) -> bool:
        """Return whether a document holds a table whose columns name at least a title and a company."""
        return any(True for _ in _tables(document.text))

    def records(self, document: Document) -> Records:
        """Yield a posting for each row of each such table."""
        for places, rows in _tables(document.text):
            above = ""
            for number, row in rows:
                posting = _posting(row, places, document.now)
                if isinstance(posting, Posting) and posting.company in _SAME_AS_ABOVE:
                    posting = _posting(_replaced(row, places["company"], above), places, document.now)
                above = posting.company if isinstance(posting, Posting) else above
                yield f"line {number}", posting


def _tables(text: str) -> Iterator[tuple[dict[str, int], list[tuple[int, list[str]]]]]:
    lines = text.split("\n")
    taken = 0  # what stands in a table is no head of another
    for at, line in enumerate(lines[1:], 1):
        if at < taken or "|" not in line or not _is_rule(line):
            continue
        places = _places_of(_cells(lines[at - 1]))
        if {"title", "company"} <= places.keys():
            rows = []
            for number, row in enumerate(lines[at + 1 :], at + 2):
                if "|" not in row:
                    break
                rows.append((number, _cells(row)))
            taken = at + 1 + len(rows)
            yield places, rows


def _is_rule(line: str) -> bool:
    """Return whether a line is what stands between the head and the rows of a table."""
    return all(_RULE.fullmatch(cell.strip()) for cell in line.strip().strip("|").split("|"))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _split(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _places_of(names: Sequence[str]) -> dict[str, int]:
    """Return in which column each thing stands."""
    plain = [re.sub(r"[_\s]+", " ", name).strip().lower() for name in names]
    found = (
        (thing, [plain.index(known) for known in known_as if known in plain]) for thing, known_as in _COLUMNS.items()
    )
    return {thing: columns[0] for thing, columns in found if columns}


def _replaced(row: Sequence[str], at: int, value: str) -> list[str]:
    return [value if number == at else cell for number, cell in enumerate(row)]


def _posting(row: Sequence[str], places: dict[str, int], now: datetime) -> Posting | Unreadable:
    if len(row) <= max(places["title"], places["company"]):
        return Unreadable(f"it has {len(row)} columns, fewer than the first line names")

    def cell(thing: str) -> str:
        at = places.get(thing)
        return row[at].strip() if at is not None and at < len(row) else ""

    posted = moment({"posted": cell("posted")}, "posted") or aged(cell("posted"), now)
    return Posting(
        title=_shown(cell("title")),
        company=_shown(cell("company")),
        key=cell("key") or None,
        url=_address(cell("url")) or _address(cell("title")),
        places=tuple(re.split(r"</?br\s*/?>|\s*;\s*", cell("place"))),
        workplace=workplace_in(f"{cell('workplace')} {cell('place')}"),
        employment=cell("employment"),
        level=cell("level"),
        pay=_shown(cell("pay")) or None,
        posted=posted,
        text=_unmarked(cell("text")),
        tags=tuple(re.split(r"[,;]", _shown(cell("tags")))),
    )


def _shown(cell: str) -> str:
    """Return the text of a cell without its markup."""
    return _TAG.sub("", _unmarked(cell)).strip()


def _unmarked(cell: str) -> str:
    """Return a cell without Markdown; HTML stays."""
    return _MARKDOWN_LINK.sub(r"\1", cell).replace("**", "")


def _address(cell: str) -> str | None:
    """Return the address that a cell is or links to."""
    link = _LINK.search(cell)
    if link:
        return link[1] or link[2]
    return cell if cell.startswith(("http://", "https://")) else None


CSV = _Csv()
MARKDOWN = _Markdown()
