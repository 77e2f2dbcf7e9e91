"""Answer one question: read it, fetch the facts it names, compose the answer, remember it for follow-ups."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bot.advisor.answer import Answer, Facts, Suggestions
from bot.advisor.conversation import is_remembered
from bot.advisor.reading import Intent, Outcome, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.advisor.advisor import Advisor

REMEMBERED_SECONDS = 15 * 60
"""How long an asker's last question counts for a follow-up."""
REMEMBERED_ASKERS = 2_000
REMEMBERED_READINGS = 4
OPENINGS_SHOWN = {Intent.JOBS: 5, Intent.ROLE: 3}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where: follow-ups are remembered for this pair."""

    user: int
    channel: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What was understood, and an answer for it and for each of its `also`; none for choices and declines."""

    reading: Reading
    answers: tuple[Answer, ...] = ()


class Openings(Protocol):
    """Where open jobs are looked up."""

    async def open_jobs(self, reading: Reading, limit: int) -> Facts:
        """Return the newest open jobs that fit a reading's roles and filters, and how many there are."""
        ...


class NoOpenings:
    """Stands where no job store is open, as in `career-bot ask`."""

    async def open_jobs(self, reading: Reading, limit: int) -> Facts:  # noqa: ARG002
        """Return that jobs are not available here."""
        return Facts(available=False)


class AskService:
    """Answers questions and readings; the one awaitable through which every frontend reaches the advisor."""

    def __init__(self, advisor: Advisor, openings: Openings, now: Callable[[], float]) -> None:
        """Take the advisor, where jobs are looked up, and a monotonic clock in seconds."""
        self.advisor = advisor
        self._openings = openings
        self._now = now
        self._remembered: OrderedDict[Asker, tuple[float, tuple[Reading, ...]]] = OrderedDict()
        self._reading = asyncio.Lock()

    async def ask(self, question: str, asker: Asker, after: Sequence[Reading] | None = None) -> Reply:
        """Return the reply to a question as it was typed.

        It follows the readings `after`, as those to which a message replies; None: what the asker asked here before.
        """
        # A long message takes 40 ms to read: in a thread, so that the event loop is held for a few at a time at most;
        # one after the other, because the advisor remembers the typos that it has repaired.
        async with self._reading:
            advisor = self.advisor
            context = self.remembered(asker) if after is None else after
            reading = await asyncio.to_thread(advisor.read, question, context)
        return await self._reply(advisor, reading, asker, question)

    def take(self, advisor: Advisor) -> None:
        """Answer with another advisor from now on; what is being answered is answered by the one before."""
        self.advisor = advisor

    async def ask_after(self, question: str, context: Sequence[str]) -> Reply:
        """Return the reply to a question that follows others, none of which is remembered."""
        advisor = self.advisor
        earlier: list[Reading] = []
        for before in context:
            earlier.append(advisor.read(before, earlier))
        return await self._answered(advisor, advisor.read(question, earlier), question)

    async def answer(self, reading: Reading, asker: Asker) -> Reply:
        """Return the reply to a reading that a button, a select or a slash command made."""
        return await self._reply(self.advisor, reading, asker, "")

    async def _reply(self, advisor: Advisor, reading: Reading, asker: Asker, question: str) -> Reply:
        reply = await self._answered(advisor, reading, question)
        if is_remembered(reading):
            readings = (*self.remembered(asker), _as_answered(reply))
            self._remembered[asker] = (self._now(), readings[-REMEMBERED_READINGS:])
            self._remembered.move_to_end(asker)
            if len(self._remembered) > REMEMBERED_ASKERS:
                self._remembered.popitem(last=False)
        return reply

    async def _answered(self, advisor: Advisor, reading: Reading, question: str) -> Reply:
        if reading.outcome is not Outcome.ANSWER:
            return Reply(reading)
        answers = []
        for part in (replace(reading, also=()), *reading.also):
            shown = OPENINGS_SHOWN.get(part.intent) if part.intent else None
            facts = await self._openings.open_jobs(part, shown) if shown else Facts()
            answers.append(advisor.answer(part, facts, question=question))
        return Reply(reading, tuple(answers))

    def remembered(self, asker: Asker) -> tuple[Reading, ...]:
        """Return what somebody asked in a channel of late, the latest last."""
        at, readings = self._remembered.get(asker, (0.0, ()))
        return readings if self._now() - at <= REMEMBERED_SECONDS else ()

    def role_named(self, text: str) -> str | None:
        """Return the role that a typed text names: its id, or its name in any known spelling."""
        return self.advisor.role_named(text)

    def suggest_roles(self, typed: str) -> tuple[tuple[str, str], ...]:
        """Return (id, title) of at most 25 roles that `typed` may begin or mean, best first."""
        return self.advisor.suggest_roles(typed)

    def code_of(self, role: str) -> str | None:
        """Return the permanent code of a role; None while it has no profile."""
        profile = self.advisor.knowledge.roles.get(role)
        return profile.code if profile else None

    def role_coded(self, code: str) -> str | None:
        """Return the role that a code stands for."""
        return next((role.id for role in self.advisor.knowledge.roles.values() if role.code == code), None)

    def title_of(self, role: str) -> str:
        """Return how a role is called."""
        return self.advisor.title_of(role)

    def topic_title(self, topic: str) -> str:
        """Return the title of a topic. Raises KeyError for an id that is not known."""
        return self.advisor.knowledge.topics[topic].title

    def term_title(self, term: str) -> str:
        """Return how a term is called. Raises KeyError for an id that is not known."""
        return self.advisor.knowledge.terms[term].title

    def attributions(self) -> tuple[str, ...]:
        """Return what the licences of the sources ask to be shown."""
        sources = self.advisor.knowledge.sources.values()
        return tuple(source.attribution for source in sources if source.attribution)


def _as_answered(reply: Reply) -> Reading:
    """Return a reading as it is remembered: with the roles that its answer suggested, which may be asked about next."""
    blocks = (block for answer in reply.answers for block in answer.blocks)
    suggested = tuple(line.role for block in blocks if isinstance(block, Suggestions) for line in block.lines)
    return replace(reply.reading, roles=suggested) if suggested else reply.reading
