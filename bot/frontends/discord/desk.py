"""Where the commands, messages and presses meet the services: question or reading in, message out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.advisor.reading import Reading
from bot.frontends.discord.alert_cards import AlertCards
from bot.frontends.discord.job_cards import JobCards
from bot.frontends.discord.job_form import JobForms
from bot.frontends.discord.job_pages import JobPages
from bot.frontends.discord.layouts import Layout
from bot.frontends.discord.rendering import Renderer
from bot.frontends.discord.samples import Samples
from bot.frontends.discord.saved_card import SavedJobs
from bot.frontends.discord.setups import Setups
from bot.frontends.ports import Alerting, Announcing, Asking, Curating, Finding, Memory, Reloading, Saving, Sourcing
from bot.services.ask import Asker


@dataclass(frozen=True, slots=True)
class Services:
    """What the client serves. `background` runs from the first READY until the client closes."""

    asking: Asking
    announcing: Announcing
    alerting: Alerting
    sourcing: Sourcing
    curating: Curating
    finding: Finding
    saving: Saving
    reloading: Reloading
    memory: Memory
    background: Callable[[], Awaitable[None]] | None = None


class Desk:
    """Answers questions and readings with messages."""

    def __init__(self, services: Services) -> None:
        self.asking = services.asking
        self.announcing = services.announcing
        self.alerting = services.alerting
        self.alerts = AlertCards(services.alerting, Renderer(services.asking), services.asking)
        self.sourcing = services.sourcing
        self.curating = services.curating
        self.forms = JobForms(services.curating, services.asking)
        self.reloading = services.reloading
        self.renderer = Renderer(services.asking)
        self.finding = services.finding
        self.cards = JobCards(services.asking)
        self.samples = Samples(services.finding, self.cards, services.asking)
        self.setups = Setups(services.announcing, services.finding, self.samples, services.asking)
        self.pages = JobPages(services.finding, self.cards)
        self.saved = SavedJobs(services.saving, services.asking)

    async def ask(self, question: str, asker: Asker, after: Sequence[Reading] | None = None) -> Layout:
        """Return the message that answers a question, which follows the readings `after` or the asker's own."""
        return self.renderer.reply(await self.asking.ask(question, asker, after), asker.user, asked=True)

    async def show(self, reading: Reading, asker: Asker) -> Layout:
        """Return the message for a reading. Raises LookupError when it names something that is gone."""
        return self.renderer.reply(await self.asking.answer(reading, asker), asker.user)

    async def show_whole(self, reading: Reading, asker: Asker) -> Layout:
        """Return the message for a reading with all its text, however long. Raises as `show`."""
        return self.renderer.whole_reply(await self.asking.answer(reading, asker), asker.user)

    async def show_job(self, text: str) -> Layout:
        """Return the message about the job that an id, or the beginning of one, names. Raises LookupError."""
        found = await self.curating.find(text)
        if found.job is None:
            raise LookupError(text)
        return self.cards.details(found.job, await self.finding.copies_of(found.job.id))


def asker_of(interaction: discord.Interaction[Any]) -> Asker:
    """Return who acts, and where."""
    return Asker(interaction.user.id, interaction.channel_id or 0)
