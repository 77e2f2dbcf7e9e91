"""career-bot ask: one question, or a stream of them."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.advisor.evaluation import as_fields, as_filters
from bot.frontends.markdown import label, reply_text
from bot.services.ask import AskService, NoOpenings, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.advisor.reading import Reading


@click.command()
@click.argument("question", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--jsonl", is_flag=True, help="Read questions as JSON Lines from standard input, answer each with a line."
)
@click.option("--explain", is_flag=True, help="Say how the question was understood, and by what.")
@click.option("--knowledge", type=click.Path(path_type=Path), help="A folder of knowledge instead of the one set.")
def ask(question: tuple[str, ...], *, as_json: bool, jsonl: bool, explain: bool, knowledge: Path | None) -> None:
    """Answer one QUESTION, or with --jsonl a stream of them."""
    text = " ".join(question)
    if jsonl == bool(text):
        raise click.UsageError('give a question, as in: career-bot ask "your question", or --jsonl')
    from bot.app import load_advisor

    service = AskService(load_advisor(knowledge), NoOpenings(), time.monotonic)
    if jsonl:
        sys.exit(asyncio.run(_answer_lines(service, sys.stdin.buffer)))
    reply = asyncio.run(service.ask_after(text, ()))
    if as_json:
        click.echo(_as_line(as_record(reply, service)))
        return
    _print_markdown(reply_text(reply, service))
    if explain:
        click.echo("\n" + explain_reading(text, reply.reading, service))


async def _answer_lines(service: AskService, lines: Iterable[bytes]) -> int:
    """Answer each line in order, flushed; a bad line is answered in its place and makes the exit code 1."""
    code = 0
    for line in lines:
        if not line.strip():
            continue
        record = await _answer_line(service, line)
        code = code or int("error" in record)
        click.echo(_as_line(record))
        sys.stdout.flush()
    return code


def _as_line(record: dict[str, Any]) -> bytes:
    """Return a record as JSON in UTF-8, whatever the terminal speaks; half a surrogate pair stands escaped in it."""
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")


async def _answer_line(service: AskService, line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": f"not JSON: {error}"}
    if not isinstance(asked, dict):
        return {"id": None, "error": 'a line must be an object such as {"id": "1", "question": "..."}'}
    question, context = asked.get("question"), asked.get("context") or []
    if not isinstance(question, str):
        return {"id": asked.get("id"), "error": '"question" is missing or not text'}
    if not isinstance(context, list) or not all(isinstance(earlier, str) for earlier in context):
        return {"id": asked.get("id"), "error": '"context" must be a list of earlier questions'}
    return {"id": asked.get("id")} | as_record(await service.ask_after(question, context), service)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON value")


def as_record(reply: Reply, service: AskService) -> dict[str, Any]:
    """Return a reply as other programs read it: the reading's fields, outcome, text, sources, also, choices."""
    reading = reply.reading
    asked_back = reading.intent is None
    sources = {source.id: source for answer in reply.answers for source in answer.sources}
    return {
        "outcome": reading.outcome,
        **as_fields(reading),
        "text": reply_text(reply, service),
        "sources": [
            {"id": s.id, "title": s.title, "url": s.url, "date": s.read and s.read.isoformat()}
            for s in sources.values()
        ],
        "also": [as_fields(other) for other in reading.also],
        "choices": [as_fields(c) | {"label": label(c, service)} for c in reading.choices] if asked_back else [],
    }


def explain_reading(question: str, reading: Reading, service: AskService) -> str:
    """Return in a few lines what was understood, how surely, what else it might have been, and by what."""
    lines = [f"{reading.outcome}: {_named(reading, service)} (confidence {reading.confidence:.2f})"]
    lines += [f"  also: {_named(other, service)} ({other.confidence:.2f})" for other in reading.also]
    lines += [f"  or: {_named(other, service)} ({other.confidence:.2f})" for other in reading.choices]
    reasons = service.advisor.interpreter.reasons(question)
    lines.append(f"  read as: {' '.join(reasons.words)}")
    lines += [f'  like: "{n.phrasing}", which asks for {n.label} ({n.likeness:.2f})' for n in reasons.nearest]
    return "\n".join(lines)


def _named(reading: Reading, service: AskService) -> str:
    filters = ", ".join(f"{name} {value}" for name, value in as_filters(reading).items())
    name = label(reading, service) if reading.intent else "unsure"
    return f"{reading.intent or ''} {name}".strip() + (f" [{filters}]" if filters else "")


def _print_markdown(text: str) -> None:
    if not sys.stdout.isatty():
        click.echo(text)
        return
    from bot.frontends.terminal import show

    show(text)
