"""career-bot eval: how well labelled questions are understood."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from bot.advisor.evaluation import (
    Changes,
    Ending,
    Half,
    Judged,
    Labelled,
    Share,
    Tally,
    Times,
    as_fields,
    changed,
    every_second,
    grouped,
    judge,
)
from bot.advisor.reading import Outcome
from bot.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.advisor.advisor import Advisor
    from bot.advisor.reading import Reading
    from bot.cli.report import Evaluation

CONFUSIONS_SHOWN = 10
FLOORS = ("right", "wrong", "declined")


@click.command("eval")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--knowledge", type=click.Path(path_type=Path), help="A folder of knowledge instead of the one set.")
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path), help="Write every question's result to this file."
)
@click.option("--floor", "floors", multiple=True, help="right=0.75, wrong=0.08 or declined=0.85; not met: exit 1.")
@click.option(
    "--compare",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tell what changed against an earlier --json file.",
)
@click.option(
    "--half",
    type=click.Choice([half.value for half in Half]),
    help="Score every second question, from the first or second on.",
)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write figures and plots to this HTML page."
)
@click.option("--note", default="", help="A line for the report's head, such as the date or the version.")
@click.option("--wrong", "show_wrong", is_flag=True, help="List the questions that were not understood.")
def evaluate(
    file: Path,
    *,
    knowledge: Path | None,
    json_file: Path | None,
    floors: tuple[str, ...],
    earlier: Path | None,
    half: str | None,
    report: Path | None,
    note: str,
    show_wrong: bool,
) -> None:
    """Score a file of labelled questions (JSON Lines), by intent and by style."""
    from bot.app import load_advisor

    wanted = dict(map(_floor, floors))
    before = _read_results(earlier) if earlier else {}
    if report:
        _need_plots()
    chosen = Half(half) if half else None
    labelled = read_labelled(file)
    questions = every_second(labelled, chosen) if chosen else labelled
    advisor = load_advisor(knowledge)
    clock = _Stopwatch()
    tally = Tally(tuple(_judged(advisor, question, clock) for question in questions))
    changes = changed(tally.judged, before) if earlier else None
    if json_file:
        _write_results(tally, json_file)
    _print_tally(tally)
    _print_times(clock.times)
    if changes:
        _print_changes(changes)
    if show_wrong:
        _print_wrong(tally)
    if report:
        from bot.advisor.interpretation import ANSWERED
        from bot.cli.report import Evaluation

        _write_report(Evaluation(file.name, tally, clock.times, ANSWERED, chosen, changes, note), report)
    missed = _missed(tally, wanted)
    for line in missed:
        click.echo(line, err=True)
    sys.exit(1 if missed else 0)


def read_labelled(file: Path) -> list[Labelled]:
    """Return the labelled questions of a JSON Lines file; raises UsageError naming the first bad line."""
    found = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_labelled(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError(f"{file}:{number}: not a labelled question ({error!r})") from None
    return found


def _labelled(record: dict[str, Any]) -> Labelled:
    """Return a record as a labelled question; raises KeyError, TypeError or AttributeError when it is none."""
    labelled = Labelled(
        id=str(record["id"]),
        question=record["question"],
        style=str(record.get("style", "plain")),
        expect=record["expect"],
        accept=tuple(record.get("accept") or ()),
        context=tuple(record.get("context") or ()),
    )
    texts = (labelled.question, *labelled.context)
    labels = (labelled.expect, *labelled.accept)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(label, dict) for label in labels):
        raise TypeError("questions are text, labels are objects")
    for label in labels:
        label["intent"]
    return labelled


def _write_results(tally: Tally, file: Path) -> None:
    lines = "\n".join(json.dumps(_as_json(judged), ensure_ascii=False) for judged in tally.judged)
    try:
        file.write_text(lines + "\n", encoding="utf-8")
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from None


class _MissingPackageError(click.ClickException):
    exit_code = 2


def _need_plots() -> None:
    """Raise, with what to install, where plots cannot be drawn."""
    from importlib.util import find_spec

    if not find_spec("matplotlib"):
        raise _MissingPackageError(
            "--report draws with matplotlib, which is not installed: pip install 'matplotlib>=3.10'"
        )


def _write_report(evaluation: Evaluation, file: Path) -> None:
    from bot.cli.report import page
    from bot.folder import write_whole

    try:
        write_whole(file, page(evaluation).encode())
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from None


class _Stopwatch:
    """Measures how long each reading takes, in milliseconds."""

    def __init__(self) -> None:
        self._taken: list[float] = []

    def read(self, advisor: Advisor, question: str, earlier: list[Reading]) -> Reading:
        begun = time.perf_counter()
        reading = advisor.read(question, earlier)
        self._taken.append(1000 * (time.perf_counter() - begun))
        return reading

    @property
    def times(self) -> Times:
        """What half, 95 and 99 of a hundred readings took at most."""
        return Times(*map(float, np.percentile(self._taken or [0.0], (50, 95, 99))))


def _judged(advisor: Advisor, labelled: Labelled, clock: _Stopwatch) -> Judged:
    earlier: list[Reading] = []
    for question in labelled.context:
        earlier.append(clock.read(advisor, question, earlier))
    return judge(labelled, clock.read(advisor, labelled.question, earlier), advisor.knowledge)


def _read_results(file: Path) -> dict[str, bool]:
    """Return which questions were right by what `--json` wrote; raises UsageError for another file."""
    try:
        records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {str(record["id"]): bool(record["right"]) for record in records}
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file} was not written by `eval --json` ({error!r})") from None


def _print_changes(changes: Changes) -> None:
    better, worse = changes.better, changes.worse
    click.echo(f"\nagainst before: {len(better)} better, {len(worse)} worse, of {changes.known} questions in both")
    for mark, judged in (*(("+", j) for j in better), *(("-", j) for j in worse)):
        click.echo(f"{mark} {judged.labelled.id} {judged.labelled.question[:100]}")


def _print_times(times: Times) -> None:
    click.echo(
        f"to read one              {times.p50:7.1f} ms in the middle, {times.p95:.1f} ms for one in twenty,"
        f" {times.p99:.1f} ms for one in a hundred"
    )


def _floor(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    if name in FLOORS:
        with suppress(ValueError):
            floor = float(value)
            if 0 <= floor <= 1:
                return name, floor
    raise click.UsageError(f"--floor {text}: write one of {', '.join(FLOORS)} as in right=0.75")


def _missed(tally: Tally, floors: dict[str, float]) -> list[str]:
    measured = {
        "right": tally.right,
        "wrong": tally.confidently_wrong,
        "declined": tally.out_of_scope[Outcome.DECLINE],
    }
    return [
        f"floor not met: {name} is {measured[name]:.1%}, wanted {floor:.1%}"
        for name, floor in floors.items()
        if (measured[name] > floor if name == "wrong" else measured[name] < floor)
    ]


def _print_tally(tally: Tally) -> None:
    _print_groups("intent", tally, lambda judged: str(judged.labelled.expect["intent"]))
    _print_groups("style", tally, lambda judged: judged.labelled.style)
    _print_confusions(tally)
    outside = tally.out_of_scope
    click.echo(
        f"\n{len(tally.judged)} questions, {len(tally.counted)} in scope counted, {tally.missing} lack an entry\n"
        f"right                    {tally.right:7.1%} of the counted\n"
        f"  with right filters     {tally.filters:7.1%} of these\n"
        f"confidently wrong        {tally.confidently_wrong:7.1%} of all in scope\n"
        f"out of scope: declined   {outside[Outcome.DECLINE]:7.1%}\n"
        f"              asked back {outside[Outcome.CHOICES]:7.1%}\n"
        f"              answered   {outside[Outcome.ANSWER]:7.1%}\n"
        f"              precision  {_of(tally.decline_precision, 'declined')}\n"
        f"              recall     {_of(tally.decline_recall, 'out of scope')}\n"
        f"calibration error        {tally.calibration_error:7.1%} of the answers' confidence"
    )


def _of(share: Share, what: str) -> str:
    return f"{share.rate:7.1%} ({share.part} of {share.whole} {what})"


def _print_groups(title: str, tally: Tally, group_of: Callable[[Judged], str]) -> None:
    columns = (Ending.RIGHT, Ending.ASKED_BACK, Ending.WRONG, Ending.DECLINED)
    click.echo(f"\n{title:<14}{'count':>6}{'right':>8}{'asked':>8}{'wrong':>8}{'declined':>10}")
    for group in grouped((judged for judged in tally.judged if judged.described), group_of):
        right, asked, wrong, declined = (group.endings[column] for column in columns)
        click.echo(f"{group.name:<14}{group.count:>6}{right:>8}{asked:>8}{wrong:>8}{declined:>10}")


def _print_confusions(tally: Tally) -> None:
    if tally.confusions:
        click.echo(f"\n{'expected':<34}{'answered':<34}{'times':>5}")
    for each in tally.confusions[:CONFUSIONS_SHOWN]:
        click.echo(f"{each.expected:<34}{each.got:<34}{len(each.judged):>5}")


def _print_wrong(tally: Tally) -> None:
    for judged in tally.judged:
        if not judged.right and judged.described:
            expected = {k: v for k, v in judged.labelled.expect.items() if v}
            click.echo(f"\n{judged.labelled.id} {judged.labelled.question[:200]}\n   expected {expected}")
            click.echo(f"   got {judged.reading.outcome} {_brief(judged.reading)}")
            for choice in judged.reading.choices:
                click.echo(f"      {_brief(choice)}")


def _brief(reading: Reading) -> str:
    parts = (reading.intent, *reading.roles, reading.section, reading.topic, reading.term)
    return f"{reading.confidence:.2f} " + " ".join(str(part) for part in parts if part)


def _as_json(judged: Judged) -> dict[str, Any]:
    return {
        "id": judged.labelled.id,
        "right": judged.right,
        "described": judged.described,
        "outcome": judged.reading.outcome,
        **as_fields(judged.reading),
    }
