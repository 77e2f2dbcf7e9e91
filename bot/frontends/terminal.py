"""Chat in a terminal: the same answers, with history, completion and numbered next steps."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import HTML
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Reading
from bot.frontends.escape import escape
from bot.frontends.labels import label, section_name, step_label
from bot.frontends.markdown import MAX_ATTRIBUTION, reply_text
from bot.frontends.phrases import say
from bot.services.ask import Asker, AskService, Reply

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

COMMANDS = ("/ask", "/compare", "/role", "/jobs", "/help", "/quit")
VISITOR = Asker(user=0, channel=0)
WIDEST = 96


def show(text: str, console: Console | None = None) -> None:
    """Print Markdown, no wider than reads well; small lines are dim."""
    console = console or Console()
    width = min(console.width, WIDEST)
    for is_small, lines in groupby(text.splitlines(), key=lambda line: line.startswith("-# ")):
        if is_small:
            for line in lines:
                console.print(Text(_without_links(line.removeprefix("-# ")), style="dim"), width=width)
        else:
            console.print(Markdown("\n".join(lines)), width=width)


def _without_links(line: str) -> str:
    """Return a line of Markdown with its links as "name": a terminal shows no hidden addresses."""
    parts = line.split("](")
    shown = [parts[0].replace("[", "")]
    shown += [part.partition(")")[2].replace("[", "") for part in parts[1:]]
    return "".join(shown)


class AdvisorCompleter(Completer):
    """Completes slash commands, and role names after those that take roles."""

    def __init__(self, service: AskService) -> None:
        self._service = service

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        """Yield what the text before the cursor may become."""
        text = document.text_before_cursor
        if not text.startswith("/"):
            return
        command, blank, rest = text.partition(" ")
        if not blank:
            yield from (Completion(c, start_position=-len(text)) for c in COMMANDS if c.startswith(text))
        elif command in {"/compare", "/role", "/jobs"}:
            typed = rest.rpartition(",")[2].lstrip()
            for _, title in self._service.suggest_roles(typed):
                yield Completion(title, start_position=-len(typed))


class Chat:
    """One conversation. It remembers the next steps of the last reply, which a number chooses."""

    def __init__(self, service: AskService) -> None:
        self._service = service
        self._steps: tuple[Reading, ...] = ()

    async def respond(self, line: str) -> str | None:
        """Return the reply to a typed line as Markdown; None when the visitor wants to leave."""
        line = line.strip()
        if line in {"/quit", "/exit"}:
            return None
        if line.isdecimal() and 0 < int(line) <= len(self._steps):
            return self._shown(await self._service.answer(self._steps[int(line) - 1], VISITOR))
        if line.startswith("/"):
            return await self._command(line)
        return self._shown(await self._service.ask(line, VISITOR)) if line else ""

    async def _command(self, line: str) -> str:
        command, _, rest = line.partition(" ")
        match command:
            case "/ask":
                return self._shown(await self._service.ask(rest, VISITOR)) if rest else say("empty_question")
            case "/compare":
                return await self._about_roles(Intent.COMPARE, rest, at_least=2)
            case "/role":
                return await self._about_roles(Intent.ROLE, rest, at_least=1)
            case "/jobs":
                roles = self._roles(rest)
                return self._shown(await self._service.answer(Reading(Intent.JOBS, roles=roles), VISITOR))
            case "/help":
                shown = self._shown(await self._service.answer(Reading(Intent.HELP), VISITOR))
                return "\n\n".join((shown, *(escape(line, MAX_ATTRIBUTION) for line in self._service.attributions())))
            case _:
                return say("terminal.unknown_command", command=command, commands=", ".join(COMMANDS))

    async def _about_roles(self, intent: Intent, text: str, *, at_least: int) -> str:
        names, section = _split_section(text)
        roles = self._roles(names)
        if len(roles) < at_least:
            return say("terminal.roles_wanted" if at_least > 1 else "terminal.role_wanted")
        if intent is Intent.ROLE:
            roles, section = roles[:1], section or Section.OVERVIEW
        return self._shown(await self._service.answer(Reading(intent, roles=roles[:4], section=section), VISITOR))

    def _roles(self, text: str) -> tuple[str, ...]:
        named = (self._service.role_named(part) for part in text.split(",") if part.strip())
        return tuple(dict.fromkeys(role for role in named if role))

    def _shown(self, reply: Reply) -> str:
        asked_back = reply.reading.intent is None
        steps = reply.reading.choices if asked_back else tuple(s for a in reply.answers for s in a.next_steps)
        self._steps = tuple(dict.fromkeys(steps))[:6]
        text = reply_text(reply, self._service)
        if asked_back or not self._steps:
            return text
        labels = (_step(step, reply, self._service) for step in self._steps)
        return text + "\n\n" + "\n".join(f"{number}. {name}" for number, name in enumerate(labels, start=1))


def _step(step: Reading, reply: Reply, service: AskService) -> str:
    return step_label(step, reply.reading, service) if len(reply.answers) == 1 else label(step, service)


def _split_section(text: str) -> tuple[str, Section | None]:
    """Return a text without the section it ends in, by id or by its name, and that section."""
    words = text.casefold().rstrip()
    for section in Section:
        for name in (section.value, section_name(section).casefold()):
            if words == name or words.endswith(f" {name}"):
                return text.rstrip()[: len(words) - len(name)], section
    return text, None


async def chat(service: AskService, history: Path | None, terminal: tuple[Input, Output] | None = None) -> None:
    """Talk with the visitor until they leave; `terminal` stands in for the real one in tests."""
    session: PromptSession[str] = PromptSession(
        history=_history(history),
        completer=AdvisorCompleter(service),
        complete_while_typing=True,
        bottom_toolbar=HTML(say("terminal.toolbar")),
        input=terminal[0] if terminal else None,
        output=terminal[1] if terminal else None,
    )
    conversation = Chat(service)
    show(say("terminal.welcome"))
    while True:
        try:
            line = await session.prompt_async("\n› ")
        except (EOFError, KeyboardInterrupt):
            break
        text = await conversation.respond(line)
        if text is None:
            break
        show(text)
    show(say("terminal.goodbye"))


async def answer_lines(service: AskService, lines: Iterable[str]) -> None:
    """Answer each line of a text that is not typed, such as a pipe."""
    conversation = Chat(service)
    for line in lines:
        text = await conversation.respond(line)
        if text is None:
            return
        show(text)
        await asyncio.sleep(0)


def _history(file: Path | None) -> History:
    if file is None:
        return InMemoryHistory()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    except OSError:
        return InMemoryHistory()
    return FileHistory(file)
