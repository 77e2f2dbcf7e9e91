"""An evaluation as one page that needs nothing else: figures, plots, and the questions behind them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bot.advisor.evaluation import BINS, Ending, Half, Share, as_fields, ending, grouped, in_use, operating_points
from bot.advisor.reading import Outcome
from bot.cli import plots
from bot.frontends.escape import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.advisor.evaluation import Changes, Confusion, Judged, Tally, Times
    from bot.advisor.reading import Reading

CONFUSIONS_SHOWN = 20
EXAMPLES_SHOWN = 3
GROUPS_SHOWN = 30
THRESHOLDS_SHOWN = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
LONGEST_QUESTION = 400
LONGEST_LABEL = 80
_HALVES = {
    None: "every question of it",
    Half.ODD: "every second question of it, from the first on (the odd half)",
    Half.EVEN: "every second question of it, from the second on (the even half)",
}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a page is made of. Equal evaluations make equal pages; `note` is the place for a date or a version."""

    file: str
    tally: Tally
    times: Times
    threshold: float
    half: Half | None = None
    changes: Changes | None = None
    note: str = ""


def page(evaluation: Evaluation) -> str:
    """Return the whole HTML page."""
    tally = evaluation.tally
    wrong = [j for j in tally.judged if j.confidently_wrong]
    outside = [j for j in tally.judged if not j.labelled.in_scope and ending(j) is Ending.WRONG]
    style = files("bot.cli").joinpath("report.css").read_text(encoding="utf-8")
    parts = (
        _head(evaluation),
        _headline(evaluation),
        *((_changes(evaluation.changes),) if evaluation.changes else ()),
        _confidence(evaluation),
        '<div class="plots">\n',
        _groups("intent", tally, lambda judged: str(judged.labelled.expect["intent"])),
        _groups("style", tally, lambda judged: judged.labelled.style),
        "</div>\n",
        _confusions(tally.confusions),
        _list("Confidently wrong", "In-scope questions that got a wrong answer, the surest first.", wrong),
        _list("Out of scope, yet answered", "Questions that the bot should have declined, the surest first.", outside),
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>How well {escape(plain(evaluation.file, LONGEST_LABEL))} is understood</title>\n"
        f"<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )


def _head(evaluation: Evaluation) -> str:
    tally = evaluation.tally
    note = f"<p>{_text(evaluation.note)}</p>\n" if evaluation.note else ""
    outside = sum(not j.labelled.in_scope for j in tally.judged)
    return (
        f"<h1>How well questions are understood</h1>\n{note}"
        f"<p>{_text(evaluation.file)}, {_HALVES[evaluation.half]}: {len(tally.judged)} questions."
        f" {len(tally.counted)} are in scope and have an entry, {tally.missing} are in scope and lack one,"
        f" {outside} are out of scope.</p>\n"
    )


def _headline(evaluation: Evaluation) -> str:
    tally, times = evaluation.tally, evaluation.times
    right = [j for j in tally.counted if j.right]
    inside = [j for j in tally.judged if j.labelled.in_scope]
    outside = [j for j in tally.judged if not j.labelled.in_scope]
    cards = (
        _share("right", _of(right, tally.counted), "in scope with an entry"),
        _share("with right filters", _of([j for j in right if j.filters_right], right), "right answers"),
        _share("asked back", _of(_with(tally.counted, Outcome.CHOICES), tally.counted), "in scope with an entry"),
        _share("confidently wrong", _of([j for j in inside if j.confidently_wrong], inside), "in scope"),
        _share("out of scope: declined", _of(_with(outside, Outcome.DECLINE), outside), "out of scope"),
        _share("out of scope: asked back", _of(_with(outside, Outcome.CHOICES), outside), "out of scope"),
        _share("out of scope: answered", _of(_with(outside, Outcome.ANSWER), outside), "out of scope"),
        _share("out-of-scope precision", tally.decline_precision, "declined are out of scope"),
        _share("out-of-scope recall", tally.decline_recall, "out of scope are declined"),
        _card("calibration error", f"{tally.calibration_error:.1%}", f"over {len(tally.answers)} answers"),
        _card("to read one", f"{times.p50:.1f} ms", f"p50; p95 {times.p95:.1f} ms, p99 {times.p99:.1f} ms"),
    )
    return f'<section>\n<h2>Figures</h2>\n<dl class="cards">\n{"".join(cards)}</dl>\n</section>\n'


def _with(judged: Iterable[Judged], outcome: Outcome) -> list[Judged]:
    return [j for j in judged if j.reading.outcome is outcome]


def _of(part: Sequence[Judged], whole: Sequence[Judged]) -> Share:
    return Share(len(part), len(whole))


def _share(title: str, share: Share, what: str) -> str:
    return _card(title, f"{share.rate:.1%}" if share.whole else "none", f"{share.part} of {share.whole} {what}")


def _card(title: str, figure: str, detail: str) -> str:
    return f"<div><dt>{title}</dt><dd><b>{figure}</b> <span>{detail}</span></dd></div>\n"


def _confidence(evaluation: Evaluation) -> str:
    drawn = _reliability(evaluation.tally) + _risk(evaluation.tally, evaluation.threshold)
    return f'<section>\n<h2>Confidence</h2>\n<div class="plots">\n{drawn}</div>\n</section>\n'


def _reliability(tally: Tally) -> str:
    rows = [
        (f"{each.low:.1f} to {each.high:.1f}", each.count, f"{each.confidence:.1%}", f"{each.right:.1%}")
        for each in tally.calibration
        if each.count
    ]
    return _figure(
        plots.reliability(tally.calibration, tally.calibration_error),
        f"{len(tally.answers)} answers in {BINS} bins of confidence. On the dashed line confidence is the share that is"
        f" right; the calibration error, {tally.calibration_error:.1%}, is the mean distance from it, weighted by the"
        " answers in each bin.",
        _table(("confidence", "answers", "mean confidence", "right"), rows),
    )


def _risk(tally: Tally, threshold: float) -> str:
    points, used = operating_points(tally.judged), in_use(tally.judged, threshold)
    reached = [(low, [point for point in points if point.threshold >= low]) for low in THRESHOLDS_SHOWN]
    rows = [
        (f"{low}", *(f"{share.rate:.1%}" for share in (met[-1].answered, met[-1].wrong, met[-1].wrong_of_all)))
        for low, met in reached
        if met
    ]
    return _figure(
        plots.risk_coverage(points, used),
        f"In use: {used.answered.part} of {used.answered.whole} in-scope questions are answered, {used.wrong.part} of"
        f" {used.wrong.whole} of these answers are wrong. Further right the threshold is lower: then the first choice"
        " stands for a question back. What is declined is never answered.",
        _table(("threshold", "answered", "wrong", "wrong of all answers"), rows),
    )


def _groups(name: str, tally: Tally, name_of: Callable[[Judged], str]) -> str:
    groups = grouped((j for j in tally.judged if j.described), name_of)
    if not groups:
        return ""
    shown = sorted(sorted(groups, key=lambda group: -group.count)[:GROUPS_SHOWN], key=lambda group: group.name)
    left_out = f" The {GROUPS_SHOWN} largest of {len(groups)}." if len(groups) > GROUPS_SHOWN else ""
    rows = [(_text(group.name), group.count, *group.endings.values()) for group in shown]
    drawn = _figure(
        plots.endings(shown, name),
        f"Questions whose label has an entry, by {name}. To decline what is out of scope is right.{left_out}",
        _table((name, "count", *map(str, plots.ENDINGS)), rows),
    )
    return f"<section>\n<h2>By {name}</h2>\n{drawn}</section>\n"


def _confusions(confused: Sequence[Confusion]) -> str:
    if not confused:
        return ""
    items = "".join(map(_confusion, confused[:CONFUSIONS_SHOWN]))
    left_out = f" The first {CONFUSIONS_SHOWN} of {len(confused)} kinds." if len(confused) > CONFUSIONS_SHOWN else ""
    return (
        "<section>\n<h2>Confusions</h2>\n"
        f"<p>What was expected and what was answered instead, without roles and filters.{left_out}</p>\n"
        f'<ul class="questions">\n{items}</ul>\n</section>\n'
    )


def _confusion(confusion: Confusion) -> str:
    examples = "".join(
        f"<li><q>{_text(j.labelled.question, LONGEST_QUESTION)}</q> <i>{j.reading.confidence:.2f}</i></li>"
        for j in confusion.judged[:EXAMPLES_SHOWN]
    )
    pair = f"<b>{_text(confusion.expected)}</b> → <b>{_text(confusion.got)}</b>"
    return f"<li>{pair} <i>{len(confusion.judged)}×</i><ul>{examples}</ul></li>\n"


def _changes(changes: Changes) -> str:
    return (
        f"<section>\n<h2>Against before</h2>\n<p>{len(changes.better)} better, {len(changes.worse)} worse, of"
        f" {changes.known} questions in both.</p>\n{_items('Better', changes.better)}{_items('Worse', changes.worse)}"
        "</section>\n"
    )


def _items(title: str, judged: Sequence[Judged]) -> str:
    return f"<h3>{title}</h3>\n{_questions(judged)}" if judged else ""


def _list(title: str, what: str, judged: Sequence[Judged]) -> str:
    surest_first = sorted(judged, key=lambda each: -each.reading.confidence)
    shown = f"<p>{what}</p>\n{_questions(surest_first)}" if judged else "<p>None.</p>\n"
    return f"<section>\n<h2>{title} ({len(judged)})</h2>\n{shown}</section>\n"


def _questions(judged: Iterable[Judged]) -> str:
    return f'<ul class="questions">\n{"".join(map(_question, judged))}</ul>\n'


def _question(judged: Judged) -> str:
    labelled, reading = judged.labelled, judged.reading
    earlier = "".join(f"<small>after <q>{_text(text, LONGEST_QUESTION)}</q></small>" for text in labelled.context)
    return (
        f"<li><q>{_text(labelled.question, LONGEST_QUESTION)}</q> <small>{_text(labelled.id)}</small>{earlier}"
        f"<dl><dt>expected</dt><dd>{_text(_label(labelled.expect))}</dd>"
        f"<dt>got</dt><dd>{_text(_got(reading))} <i>{reading.confidence:.2f}</i></dd></dl></li>\n"
    )


def _got(reading: Reading) -> str:
    match reading.outcome:
        case Outcome.CHOICES:
            return "asked back: " + ", ".join(_label(as_fields(choice)) for choice in reading.choices)
        case Outcome.DECLINE:
            return "declined"
        case Outcome.ANSWER:
            return _label(as_fields(reading))


def _label(label: Mapping[str, Any]) -> str:
    """Return a label as one line: what kind of answer, about what, and how filtered."""
    parts = (label["intent"], *(label.get("roles") or ()), *map(label.get, ("section", "topic", "term")))
    filters = (f"{name}={value}" for name, value in (label.get("filters") or {}).items() if value is not None)
    return " ".join(str(part) for part in (*parts, *filters) if part)


def _figure(svg: str, caption: str, table: str) -> str:
    return (
        f"<figure>\n{svg}\n<figcaption>{caption}</figcaption>\n"
        f"<details><summary>As a table</summary>\n{table}</details>\n</figure>\n"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; the cells are HTML."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    return f"<table>\n<tr>{head}</tr>\n{body}</table>\n"


def _text(text: str, limit: int = LONGEST_LABEL) -> str:
    """Return what somebody wrote as one visible line that is no markup, and does not turn round what follows it."""
    return f"<bdi>{escape(plain(text, limit))}</bdi>"
