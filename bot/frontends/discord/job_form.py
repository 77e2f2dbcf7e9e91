"""The form for a job: a modal, what comes of sending it, and a way back to what somebody wrote in it."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import discord

from bot.frontends.discord import faults
from bot.frontends.discord.curators import may
from bot.frontends.discord.custom_ids import Action, Press, encode
from bot.frontends.discord.layouts import Layout
from bot.frontends.discord.responding import NO_MENTIONS, tell
from bot.frontends.discord.views import Pressable
from bot.frontends.escape import escape
from bot.frontends.phrases import say
from bot.frontends.ports import Codes, Curating
from bot.jobs.by_hand import Draft, Field, changed_fields, draft_of, with_fields
from bot.jobs.identity import LONGEST_URL
from bot.jobs.job import Job
from bot.jobs.texts import LONGEST_TEXT
from bot.services.curate import Curated, Outcome

MAX_NAME = 100
MAX_TYPED = 300
"""Of each field, in the message that shows what somebody wrote: five of them, escaped, and faults fit into one."""
MAX_KEPT = 200
OPEN_SECONDS = 3_600.0
_LONGEST = {Field.LINK: LONGEST_URL, Field.PAY: 100}
_NEEDED = frozenset({Field.TITLE, Field.COMPANY})
_ASKING_BACK = 0xE67E22


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in a form for a new job, or for the job of id `job` as it was `before`."""

    draft: Draft
    featured: bool = True
    job: str | None = None
    before: Draft | None = None


EMPTY = Form(Draft("", ""))


def form_of(job: Job) -> Form:
    """Return the form for changing a job."""
    return Form(draft_of(job), job=job.id, before=draft_of(job))


class JobForms:
    """Shows forms, and keeps what was written in the last of those that could not be taken."""

    def __init__(self, curating: Curating, codes: Codes) -> None:
        self._curating = curating
        self._codes = codes
        self._kept: OrderedDict[str, Form] = OrderedDict()

    async def open(self, interaction: discord.Interaction[Any], form: Form) -> None:
        """Show a form."""
        await interaction.response.send_modal(_Modal(self, form))

    async def reopen(self, interaction: discord.Interaction[Any], key: str) -> None:
        """Show what somebody wrote once more, if it is still kept."""
        if not await may(interaction):
            return
        form = self._kept.get(key)
        if form is None:
            await tell(interaction, say("curate.forgotten"))
        else:
            await self.open(interaction, form)

    async def send(self, interaction: discord.Interaction[Any], form: Form) -> None:
        """Do what a form asks for, and tell what came of it."""
        if not await may(interaction):
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        if form.job is None or form.before is None:
            found = await self._curating.add(form.draft, featured=form.featured)
        else:
            found = await self._curating.edit(form.job, form.before, form.draft)
        match found.outcome:
            case Outcome.FAULTY:
                lines = [f"- {say(f'curate.fault.{field.value}')}" for field in found.fields]
                await self.offer(interaction, form, "\n".join([say("curate.faulty"), *lines]))
            case Outcome.CONFLICT if found.job:
                theirs = draft_of(found.job)
                text = f"{job_named('curate.conflict', found.job)}\n{_fields(theirs, found.fields)}"
                await self.offer(interaction, _rebased(form, theirs), text)
            case Outcome.CLOSED if form.job:
                await self._show(interaction, _page(form, _told(form, found)))
            case Outcome.KNOWN | Outcome.CLOSED:
                await self.offer(interaction, form, _told(form, found))
            case _:
                await tell(interaction, _told(form, found))

    async def offer(self, interaction: discord.Interaction[Any], form: Form, text: str) -> None:
        """Tell why a form was not taken, with what stands in it and a button that opens it again."""
        key = str(interaction.id)
        self._kept[key] = form
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        custom_id = encode(Press(Action.CORRECT, interaction.user.id, marker=key), self._codes)
        await self._show(interaction, _page(form, text, custom_id))

    async def _show(self, interaction: discord.Interaction[Any], layout: Layout) -> None:
        await interaction.followup.send(view=layout, ephemeral=True, allowed_mentions=NO_MENTIONS)


class _Modal(discord.ui.Modal):
    """A form on the screen."""

    def __init__(self, forms: JobForms, form: Form) -> None:
        title = say("command.job.edit_title") if form.job else say("command.job.add_title")
        super().__init__(title=title, timeout=OPEN_SECONDS)
        self._forms = forms
        self._form = form
        self._inputs = {field: _input(field, form.draft[field]) for field in Field}
        for field, item in self._inputs.items():
            self.add_item(discord.ui.Label(text=say(f"curate.field.{field.value}"), component=item))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Hand in what was written."""
        await self._forms.send(interaction, self._written())

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]  # as Modal's own
        """Report what failed; the screen has forgotten what was written by then, so it is offered again."""
        await faults.report(interaction, error)
        with contextlib.suppress(discord.HTTPException, OSError):
            await self._forms.offer(interaction, self._written(), say("curate.not_lost"))

    def _written(self) -> Form:
        values = {field.value: item.value.strip() for field, item in self._inputs.items()}
        return replace(self._form, draft=Draft(**values))


def job_named(key: str, job: Job, **values: object) -> str:
    """Return a phrase about a job."""
    return say(key, title=escape(job.title, MAX_NAME), company=escape(job.company, MAX_NAME), **values)


def _told(form: Form, found: Curated) -> str:
    """Return what became of a form that was without faults and conflicts."""
    if found.job is None or (found.outcome is Outcome.CLOSED and form.job):
        return say("curate.closed_meanwhile")
    featured = say("curate.featured") if found.job.featured else say("curate.not_featured")
    outside = [say("curate.outside")] if found.outside else []
    match found.outcome:
        case Outcome.DONE if form.job:
            lines = [job_named("curate.changed", found.job), *outside]
        case Outcome.DONE:
            lines = [job_named("curate.added", found.job), featured, *outside]
        case Outcome.MERGED:
            lines = [job_named("curate.merged", found.job)]
        case Outcome.KNOWN:
            lines = [job_named("curate.known", found.job), featured]
        case Outcome.CLOSED:
            lines = [job_named("curate.closed_before", found.job)]
        case _:
            lines = [job_named("curate.same", found.job)]
    return "\n".join(lines)


def _input(field: Field, text: str) -> discord.ui.TextInput[Any]:
    longest = _LONGEST.get(field, LONGEST_TEXT)
    return discord.ui.TextInput(
        custom_id=field.value,
        default=text[:longest] or None,
        placeholder=say(f"curate.example.{field.value}"),
        required=field in _NEEDED,
        max_length=longest,
    )


def _rebased(form: Form, theirs: Draft) -> Form:
    """Return a form that changes the same fields of a job as it is now."""
    before = form.before or theirs
    draft = with_fields(theirs, changed_fields(before, form.draft), form.draft)
    return replace(form, draft=draft, before=theirs)


def _fields(draft: Draft, fields: Iterable[Field]) -> str:
    return "\n".join(
        f"- {say(f'curate.field.{field.value}')}: {escape(draft[field], MAX_TYPED)}" for field in fields if draft[field]
    )


def _page(form: Form, text: str, custom_id: str | None = None) -> Layout:
    """Return a text with what stands in a form below it, and the button that opens it again."""
    container: discord.ui.Container[Layout] = discord.ui.Container(accent_colour=_ASKING_BACK)
    container.add_item(discord.ui.TextDisplay(text))
    if written := _fields(form.draft, Field):
        container.add_item(discord.ui.TextDisplay(f"{say('curate.typed')}\n{written}"))
    if custom_id:
        button: discord.ui.Button[Any] = discord.ui.Button(label=say("curate.correct"), custom_id=custom_id)
        container.add_item(discord.ui.ActionRow(Pressable(button)))
    layout = Layout(timeout=None)
    layout.add_item(container)
    return layout
