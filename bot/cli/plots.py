"""The plots of an evaluation as SVG to stand inside a page: its fonts, its colours, nothing fetched."""

from __future__ import annotations

import io
import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from bot.advisor.evaluation import Ending
from bot.frontends.escape import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bot.advisor.evaluation import Bin, Group, Operating

INK, FAINT, ACCENT, OTHER = "#010203", "#010204", "#010205", "#010206"
ENDINGS = {
    Ending.RIGHT: "#010207",
    Ending.ASKED_BACK: "#010208",
    Ending.WRONG: "#010209",
    Ending.DECLINED: "#01020a",
}
_VARIABLES = {INK: "--ink", FAINT: "--line", ACCENT: "--accent", OTHER: "--other"} | {
    colour: f"--{ending.replace(' ', '-')}" for ending, colour in ENDINGS.items()
}
"""No colour of a plot is meant: each stands for a variable of the page, which is another in dark mode."""
_STYLE: dict[Any, Any] = {
    "font.size": 8,
    "svg.fonttype": "none",
    "svg.hashsalt": "eval",
    "axes.spines.top": False,
    "axes.spines.right": False,
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.labelcolor", "ytick.labelcolor"), INK),
    **dict.fromkeys(("axes.edgecolor", "xtick.color", "ytick.color"), FAINT),
}
WIDTH = 3.7
"""Inches, at 72 units each: as wide as a phone shows at about its own size of letters."""
LONGEST_NAME = 18
NARROWEST = 0.09
"""Shares below this have no room for their number."""


def reliability(bins: Sequence[Bin], error: float) -> str:
    """Draw how sure the answers were against how many of them were right, with how many there are below."""
    with _figure(WIDTH, 3.9) as figure:
        above, below = figure.subplots(2, height_ratios=(3, 1), sharex=True)
        filled = [each for each in bins if each.count]
        sure, right = [each.confidence for each in filled], [each.right for each in filled]
        above.plot([0, 1], [0, 1], color=FAINT, linestyle="--", linewidth=1)
        above.vlines(sure, sure, right, color=OTHER, linewidth=1)
        above.plot(sure, right, color=ACCENT, marker="o", markersize=4.5, linewidth=1.5)
        above.text(0.03, 0.97, f"calibration error {error:.1%}", va="top")
        above.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="share right")
        below.bar([each.low for each in bins], [each.count for each in bins], width=0.09, align="edge", color=ACCENT)
        for each in filled:
            below.text(each.low + 0.045, each.count, f"{each.count}", ha="center", va="bottom", fontsize=7)
        below.set(
            xlabel="confidence", ylabel="answers", ylim=(0, 1.3 * max((each.count for each in bins), default=0) or 1)
        )
        _as_percentages(above.xaxis, above.yaxis)
        return _svg(figure, "reliability", "Reliability: confidence against the share of answers that is right")


def risk_coverage(points: Sequence[Operating], used: Operating) -> str:
    """Draw the share of wrong answers against the share of questions answered, and the threshold in use."""
    with _figure(WIDTH, 3.0) as figure:
        axes = figure.subplots()
        answered = [point.answered.rate for point in points]
        axes.plot(answered, [p.wrong_of_all.rate for p in points], color=OTHER, linewidth=1.2, label="of all answers")
        axes.plot(
            answered,
            [p.wrong.rate for p in points],
            color=ACCENT,
            linewidth=1.6,
            label="of answers to in-scope questions",
        )
        axes.plot(
            [used.answered.rate],
            [used.wrong.rate],
            color=INK,
            marker="o",
            markersize=5.5,
            linestyle="none",
            label=f"in use: from {used.threshold:.2f} on",
        )
        top = max((max(p.wrong.rate, p.wrong_of_all.rate) for p in points), default=0.0)
        axes.set(
            xlim=(0, 1.01), ylim=(0, 1.1 * top or 0.1), xlabel="in-scope questions answered", ylabel="answers wrong"
        )
        _as_percentages(axes.xaxis, axes.yaxis)
        figure.legend(loc="outside upper left", frameon=False, fontsize=7.5, borderpad=0)
        return _svg(figure, "risk", "Share of wrong answers against the share of questions answered")


def endings(groups: Sequence[Group], name: str) -> str:
    """Draw how the questions of each group ended, as shares of it; a share that is wide enough bears its number."""
    with _figure(WIDTH, 0.65 + 0.24 * len(groups)) as figure:
        axes = figure.subplots()
        rows = range(len(groups))
        left = [0.0] * len(groups)
        for ending, colour in ENDINGS.items():
            shares = [group.endings[ending] / group.count for group in groups]
            axes.barh(rows, shares, left=left, height=0.72, color=colour, label=str(ending))
            for row, group, share, begun in zip(rows, groups, shares, left, strict=True):
                if share >= NARROWEST:
                    _number(axes, begun + share / 2, row, group.endings[ending])
            left = [begun + share for begun, share in zip(left, shares, strict=True)]
        names = [f"{plain(group.name, LONGEST_NAME)} ({group.count})" for group in groups]
        axes.set_yticks(rows, names, parse_math=False)
        axes.set(xlim=(0, 1), ylim=(len(groups) - 0.5, -0.5))
        axes.tick_params(axis="y", length=0)
        axes.spines[:].set_visible(False)
        _as_percentages(axes.xaxis)
        figure.legend(loc="outside upper left", ncols=4, frameon=False, fontsize=7.5, borderpad=0, columnspacing=1)
        return _svg(figure, name, f"How the questions of each {name} ended")


def _number(axes: Axes, x: float, y: float, number: int) -> None:
    axes.text(x, y, f"{number}", ha="center", va="center", fontsize=7, gid="on-bar")


def _as_percentages(*every: Any) -> None:
    from matplotlib.ticker import PercentFormatter

    for axis in every:
        axis.set_major_formatter(PercentFormatter(1, decimals=None))


@contextmanager
def _figure(width: float, height: float) -> Iterator[Figure]:
    """Yield an empty figure, in inches, whatever the user's own style of plots is."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(), warnings.catch_warnings():
        # The page's fonts draw the letters, not the one that measures them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield Figure(figsize=(width, height), layout="constrained")


def _svg(figure: Figure, name: str, title: str) -> str:
    """Return a figure as an element of a page; `name` keeps its ids apart from those of other plots."""
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    root = ET.fromstring(drawn.getvalue())  # noqa: S314  # matplotlib's own
    for element in root.iter():
        _adopt(element, name)
    for definitions in root.findall("defs"):
        for style in definitions.findall("style"):
            definitions.remove(style)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.attrib |= {"role": "img", "aria-label": title}
    return ET.tostring(root, encoding="unicode")


def _adopt(element: ET.Element, name: str) -> None:
    """Take namespaces and fonts out of an element, and put the page's colours and a plot's own ids in."""
    element.tag = element.tag.rpartition("}")[2]
    attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    element.attrib.clear()
    for key, value in attributes.items():
        match key:
            case "id" if value == "on-bar":
                element.set("class", value)
            case "id":
                element.set(key, f"{name}-{value}")
            case "href":
                element.set(key, value.replace("#", f"#{name}-"))
            case "clip-path":
                element.set(key, value.replace("url(#", f"url(#{name}-"))
            case "style":
                element.set(key, _coloured(re.sub(r"font-family: [^;]+;? ?", "", value)))
            case _:
                element.set(key, value)


def _coloured(style: str) -> str:
    return re.sub(r"#0102[0-9a-f]{2}", lambda found: f"var({_VARIABLES[found[0]]})", style)
