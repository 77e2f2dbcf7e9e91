"""career-bot chat: a conversation in the terminal."""

from __future__ import annotations

import asyncio
import sys
import time
from io import TextIOWrapper
from pathlib import Path

import click

from bot.services.ask import AskService, NoOpenings


@click.command()
@click.option("--knowledge", type=click.Path(path_type=Path), help="A folder of knowledge instead of the one set.")
def chat(knowledge: Path | None) -> None:
    """Chat in the terminal: questions, slash commands, numbers for next steps. Ctrl-D ends it."""
    from platformdirs import user_state_path

    from bot.app import load_advisor
    from bot.frontends import terminal

    service = AskService(load_advisor(knowledge), NoOpenings(), time.monotonic)
    if not sys.stdin.isatty():
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")
        asyncio.run(terminal.answer_lines(service, sys.stdin))
        return
    history = user_state_path("career-bot", appauthor=False) / "chat-history"
    asyncio.run(terminal.chat(service, history))
