"""A line of measurements, and lines as a table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was measured, beside what it is compared with; `kept` tells about a promise where there is one."""

    name: str
    measured: float
    unit: str
    baseline: float | None = None
    compared: str = ""
    kept: bool | None = None


def shown(lines: list[Line]) -> str:
    """Return lines as a table."""
    width = max(len(line.name) for line in lines)
    return "\n".join(f"  {line.name:<{width}}  {_figures(line)}".rstrip() for line in lines)


def _figures(line: Line) -> str:
    text = f"{line.measured:>10,.2f} {line.unit:<6}"
    if line.baseline:
        text += f" {line.measured / line.baseline:>8.2f} x {line.compared} ({line.baseline:,.2f} {line.unit})"
    if line.kept is not None:
        text += "  PASS" if line.kept else "  FAIL"
    return text
