"""Setting a subscription up in one message: what was chosen so far is kept for a while, and saved at the end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.frontends.discord import faults
from bot.frontends.discord.announce_targets import hindrance, may_manage
from bot.frontends.discord.custom_ids import Press
from bot.frontends.discord.layouts import Layout, framed
from bot.frontends.discord.responding import NO_MENTIONS, respond_in_place, show_in_place, tell
from bot.frontends.discord.samples import Samples, fitting
from bot.frontends.discord.setup_card import OTHER, Control, Setup, SetupCards, chosen
from bot.frontends.escape import escape
from bot.frontends.phrases import say
from bot.frontends.ports import Announcing, Directory, Finding
from bot.jobs import timetable
from bot.jobs.announcing import Subscription, Terms
from bot.jobs.query import JobQuery

MAX_KEPT = 200
MAX_FAULT = 300
OPEN_SECONDS = 3_600.0
_GREY = 0x95A5A6
_ASKED = {Control.JOBS: ("jobs", 200), Control.WHEN: ("cron", 100), Control.ZONE: ("zone", 60)}
"""What is asked for in a line of its own, and how many characters that may have."""

Answered = Callable[[discord.Interaction[Any], str], Awaitable[None]]


class Setups:
    """Shows setups, and keeps the last MAX_KEPT of them by the interaction that began each."""

    def __init__(self, announcing: Announcing, finding: Finding, samples: Samples, directory: Directory) -> None:
        self._announcing = announcing
        self._finding = finding
        self._samples = samples
        self._cards = SetupCards(directory)
        self._kept: OrderedDict[str, Setup] = OrderedDict()

    async def begin(self, interaction: discord.Interaction[Any], setup: Setup) -> None:
        """Show a setup to somebody whose interaction was deferred."""
        key = str(interaction.id)
        self._keep(key, setup)
        view = self._cards.card(setup, key, _notes(interaction, setup))
        await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)

    async def press(self, interaction: discord.Interaction[Any], press: Press, values: tuple[str, ...]) -> None:
        """Do what a select or button of a setup stands for. Raises LookupError when it stands for nothing."""
        key, _, letter = press.marker.partition(".")
        if letter not in set(Control):
            raise LookupError(press)
        control = Control(letter)
        setup = await self._own(interaction, key)
        if setup is None:
            return
        match control:
            case Control.JOBS:
                await self._ask(interaction, key, control, setup.typed)
            case Control.WHEN | Control.ZONE if values == (OTHER,):
                await self._ask(interaction, key, control, "")
            case Control.SAVE:
                await self._save(interaction, key, setup)
            case Control.CANCEL:
                del self._kept[key]
                await show_in_place(interaction, _told(say("setup.cancelled")))
            case Control.MENTION:
                await self._mention(interaction, key, setup, values)
            case _:
                await self._take(interaction, key, setup, chosen(setup.terms, control, "".join(values)))

    async def _own(self, interaction: discord.Interaction[Any], key: str) -> Setup | None:
        """Return somebody's own setup; None, with the reason told, when they may not use it or it is kept no more."""
        if not await may_manage(interaction):
            return None
        setup = self._kept.get(key)
        if setup is None:
            await tell(interaction, say("setup.forgotten"))
        elif (setup.owner, setup.guild) != (interaction.user.id, interaction.guild_id):
            await tell(interaction, say("setup.not_yours"))
        else:
            return setup
        return None

    async def _ask(self, interaction: discord.Interaction[Any], key: str, control: Control, typed: str) -> None:
        async def answered(answering: discord.Interaction[Any], text: str) -> None:
            setup = await self._own(answering, key)
            if setup is not None:
                await self._written(answering, key, setup, control, text)

        await interaction.response.send_modal(_Question(control, typed, answered))

    async def _written(
        self, interaction: discord.Interaction[Any], key: str, setup: Setup, control: Control, text: str
    ) -> None:
        """Take what was written into a setup, or show what is wrong with it."""
        if control is Control.JOBS:
            await respond_in_place(interaction, self._with_jobs(interaction, key, text))
            return
        before = setup.terms.timetable
        times = replace(before, cron=text) if control is Control.WHEN else replace(before, zone=text)
        fault = timetable.fault_of(times)
        if fault:
            await self._show(interaction, key, setup, [_fault(fault)])
        else:
            await self._take(interaction, key, setup, replace(setup.terms, timetable=times))

    async def _with_jobs(self, interaction: discord.Interaction[Any], key: str, text: str) -> Layout:
        found = await self._finding.search(text, JobQuery())
        setup = self._kept.get(key)  # as it is now: something else may have been chosen while we searched
        if setup is None:
            return _told(say("setup.forgotten"))
        changed = replace(setup, terms=replace(setup.terms, query=found.query), typed=text)
        self._keep(key, changed)
        return self._cards.card(changed, key, [fitting(found), *_notes(interaction, changed)])

    async def _mention(
        self, interaction: discord.Interaction[Any], key: str, setup: Setup, values: tuple[str, ...]
    ) -> None:
        role = _role(interaction, values[0]) if values else None
        if role is not None and role.is_default():
            await self._show(interaction, key, setup, [say("setup.not_everyone")])
        else:
            await self._take(interaction, key, setup, replace(setup.terms, mention=role.id if role else None))

    async def _take(self, interaction: discord.Interaction[Any], key: str, setup: Setup, terms: Terms) -> None:
        await self._show(interaction, key, replace(setup, terms=terms))

    async def _show(
        self, interaction: discord.Interaction[Any], key: str, setup: Setup, notes: Sequence[str] = ()
    ) -> None:
        self._keep(key, setup)
        await show_in_place(interaction, self._cards.card(setup, key, (*notes, *_notes(interaction, setup))))

    async def _save(self, interaction: discord.Interaction[Any], key: str, setup: Setup) -> None:
        if hindered := hindrance(interaction, setup.channel):
            await self._show(interaction, key, setup, [hindered])
            return
        del self._kept[key]  # so that pressing twice does not save twice
        await respond_in_place(interaction, self._saved(interaction, key, setup))

    async def _saved(self, interaction: discord.Interaction[Any], key: str, setup: Setup) -> Layout:
        """Return what came of saving: what happens next, or the setup once more with what is wrong."""
        try:
            outcome = await self._write(setup)
        except Exception:
            self._keep(key, setup)
            raise
        if isinstance(outcome, str):
            self._keep(key, setup)
            return self._cards.card(setup, key, [_fault(outcome)])
        if outcome is None:
            return _told(say("setup.gone"))
        if isinstance(outcome, Subscription):
            return await self._samples.changed(outcome)
        subscription, planned = outcome
        return await self._samples.added(subscription, planned, interaction.created_at)

    async def _write(self, setup: Setup) -> tuple[Subscription, int] | Subscription | str | None:
        if setup.subscription is None:
            return await self._announcing.add(setup.guild, setup.channel, setup.terms, setup.venue, admin=setup.owner)
        return await self._announcing.change(setup.guild, setup.subscription, setup.terms)

    def _keep(self, key: str, setup: Setup) -> None:
        self._kept[key] = setup
        self._kept.move_to_end(key)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)


class _Question(discord.ui.Modal):
    """One line that is asked for."""

    def __init__(self, control: Control, typed: str, answered: Answered) -> None:
        what, longest = _ASKED[control]
        super().__init__(title=say(f"setup.ask.{what}.title"), timeout=OPEN_SECONDS)
        self._answered = answered
        self._line: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="text",
            default=typed or None,
            placeholder=say(f"setup.ask.{what}.example"),
            required=control is not Control.JOBS,
            max_length=longest,
        )
        label = discord.ui.Label(
            text=say(f"setup.ask.{what}.label"), description=say(f"setup.ask.{what}.hint"), component=self._line
        )
        self.add_item(label)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand in what was written."""
        await self._answered(interaction, self._line.value.strip())

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]  # as Modal's own
        """Report what failed."""
        await faults.report(interaction, error)


def _notes(interaction: discord.Interaction[Any], setup: Setup) -> list[str]:
    """Return what would keep the posts of a setup from being seen."""
    channel = interaction.guild.get_channel(setup.channel) if interaction.guild else None
    role = channel.guild.get_role(setup.terms.mention) if channel and setup.terms.mention else None
    if channel is None or role is None or role.mentionable:
        return []
    may_ping = channel.permissions_for(channel.guild.me).mention_everyone
    return [] if may_ping else [say("setup.not_pingable", role=role.mention)]


def _role(interaction: discord.Interaction[Any], value: str) -> discord.Role:
    """Return the role of the server with an id. Raises LookupError when it has none."""
    role = interaction.guild.get_role(int(value)) if interaction.guild and value.isdecimal() else None
    if role is None:
        raise LookupError(value)
    return role


def _fault(text: str) -> str:
    return say("setup.fault", fault=escape(text, MAX_FAULT))


def _told(text: str) -> Layout:
    return framed(_GREY, [text])
