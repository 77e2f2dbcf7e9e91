"""What has grown old: figures past their shelf life, and entries that nobody has reviewed for long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.advisor.formats import Kind
from bot.advisor.knowledge import FigureKind
from bot.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from bot.advisor.checks import KnowledgeFile
    from bot.advisor.yaml_reading import Node

SHELF_LIFE = {
    FigureKind.ADVERTISED_PAY: 4,
    FigureKind.EMPLOYEE_PAY: 4,
    FigureKind.REPORTED_PAY: 4,
    FigureKind.GROWTH: 0,
}
"""Years after the end of a figure's period in which it is still of use."""
_YEAR = re.compile(r"\d{4}")
_REVIEWED = (Kind.ROLE, Kind.TOPIC, Kind.TERM)


def past_shelf_life(files: Iterable[KnowledgeFile], today: date) -> Iterator[Fault]:
    """Yield a fault for each figure that is too old to be shown as current."""
    for file in files:
        if file.kind is Kind.FIGURES and file.root:
            for _, figure in file.root.find("figures", "*"):
                yield from _outlived(file.path, figure, today)


def _outlived(path: str, figure: Node, today: date) -> Iterator[Fault]:
    said = {key: next((text for text, _ in figure.texts(key)), "") for key in ("kind", "period", "dated")}
    years = [int(year) for year in _YEAR.findall(said["period"])]
    if not years or said["dated"] == "true" or said["kind"] not in set(SHELF_LIFE):
        return
    until = max(years) + SHELF_LIFE[FigureKind(said["kind"])]
    if today.year > until:
        message = f"a figure of {said['period']} is older than its shelf life, which ended with {until}"
        yield Fault(path, figure.line, message, "replace it by a newer one, or mark it `dated: true`")


def unreviewed(files: Iterable[KnowledgeFile], today: date, months: int) -> Iterator[Fault]:
    """Yield what was last reviewed more than `months` ago, or never."""
    for file in files:
        if file.kind in _REVIEWED and file.root:
            found = next(file.texts("reviewed"), None)
            if found is None:
                yield Fault(file.path, 1, "never reviewed", "read it, then write reviewed: with year and month")
            elif _months_since(found[0], today) > months:
                remedy = f"read it, then write reviewed: {today:%Y-%m}"
                yield Fault(file.path, found[1].line, f"last reviewed {found[0]}", remedy)


def _months_since(reviewed: str, today: date) -> int:
    year, _, month = reviewed.partition("-")
    if not (year.isdecimal() and month.isdecimal()):
        return 0  # the file's format says what is wrong
    return 12 * (today.year - int(year)) + today.month - int(month)
