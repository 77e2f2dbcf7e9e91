"""What happens when a button or select is pressed."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any, assert_never

import discord

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Reading
from bot.frontends.discord import faults
from bot.frontends.discord.alert_cards import EVERY_MORNING
from bot.frontends.discord.custom_ids import Action, Press, decode
from bot.frontends.discord.desk import Desk, asker_of
from bot.frontends.discord.job_pages import ForgottenError
from bot.frontends.discord.layouts import Layout
from bot.frontends.discord.naming_subscriptions import number_in
from bot.frontends.discord.responding import respond, respond_in_place, tell, tell_when_done
from bot.frontends.discord.subscription_cards import name_of
from bot.frontends.phrases import say
from bot.services.ask import Asker

log = logging.getLogger(__name__)


class StalePressError(LookupError):
    """A component means something that this version, or this knowledge base, does not have."""


class Presses:
    """Answers presses: in place for the asker, in private for everybody else."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, interaction: discord.Interaction[Any], custom_id: str, values: tuple[str, ...]) -> None:
        """Answer one press; whatever goes wrong is told to the person who pressed."""
        try:
            await self._answer(interaction, decode(custom_id, self._desk.asking), values)
        except ForgottenError:
            await tell(interaction, say("found.forgotten"))
        except LookupError:
            log.warning("A component means something that is gone: %r %r", custom_id, values, exc_info=True)
            await tell(interaction, say("stale"))
        except Exception as error:  # noqa: BLE001  # an outer edge: discord.py only logs what comes through here
            await faults.report(interaction, error)

    async def _answer(
        self, interaction: discord.Interaction[Any], press: Press | None, values: tuple[str, ...]
    ) -> None:
        if press is None:
            await tell(interaction, say("stale"))
        elif press.action is Action.HELPFUL:
            log.info("Helpful: %s", _told(press.readings))
            await tell(interaction, say("feedback.thanks"))
        elif press.action is Action.CORRECT:
            await self._desk.forms.reopen(interaction, press.marker)
        elif press.action is Action.SETUP:
            await self._desk.setups.press(interaction, press, values)
        elif press.action is Action.ALERT:
            await respond(interaction, self._alert(interaction, press.marker), ephemeral=True)
        elif press.action is Action.STOP:
            await tell_when_done(interaction, self._stop(interaction.user.id, press.marker))
        elif press.action is Action.SAVE:
            await tell_when_done(interaction, self._desk.saved.save(interaction.user.id, press.marker))
        elif press.action is Action.JOB:
            await respond(interaction, self._desk.show_job(_chosen(values)), ephemeral=True)
        elif press.asker == interaction.user.id:
            await respond_in_place(interaction, self._layout(press, values, asker_of(interaction)))
        else:
            await respond(interaction, self._layout(press, values, asker_of(interaction)), ephemeral=True)

    async def _layout(self, press: Press, values: tuple[str, ...], asker: Asker) -> Layout:
        match press.action:
            case Action.NOT_ASKED:
                log.info("Not what was asked; runners-up: %s", _told(press.readings))
                return self._desk.renderer.instead(press.readings, asker.user)
            case Action.SHOW:
                return await self._desk.show(_only(press), asker)
            case Action.WHOLE:
                return await self._desk.show_whole(_all(press), asker)
            case Action.SECTION:
                return await self._desk.show(replace(_only(press), section=_section(values)), asker)
            case Action.COMPARE:
                return await self._desk.show(await self._comparison(_only(press), asker), asker)
            case Action.PAGE:
                return await self._desk.pages.turned(press.marker, asker.user)
            case Action.SAVED:
                return await self._desk.saved.turned(asker.user, press.marker)
            case Action.UNSAVE:
                return await self._desk.saved.without(asker.user, _chosen(values), press.marker)
            case Action.HELPFUL | Action.CORRECT | Action.JOB | Action.SETUP | Action.ALERT | Action.STOP | Action.SAVE:
                raise StalePressError(press)
            case _:
                assert_never(press.action)

    async def _alert(self, interaction: discord.Interaction[Any], search: str) -> Layout:
        found = await self._desk.pages.again(search)
        return await self._desk.alerts.added(interaction.user.id, found, EVERY_MORNING, None, interaction.created_at)

    async def _stop(self, person: int, alert: str) -> str:
        """Switch an alert of a person off, and return what came of it."""
        number = number_in(alert)
        stopped = await self._desk.alerting.pause(person, number) if number is not None else None
        return say("alerts.stopped", name=name_of(stopped)) if stopped else say("stale")

    async def _comparison(self, about: Reading, asker: Asker) -> Reading:
        """Return the comparison that the answer about a role offers, or that answer itself."""
        reply = await self._desk.asking.answer(about, asker)
        steps = (step for answer in reply.answers for step in answer.next_steps)
        return next((step for step in steps if step.intent is Intent.COMPARE), about)


def _only(press: Press) -> Reading:
    if len(press.readings) != 1:
        raise StalePressError(press)
    return press.readings[0]


def _all(press: Press) -> Reading:
    """Return the readings of a press as one that is answered part by part."""
    if not press.readings:
        raise StalePressError(press)
    first, *others = press.readings
    return replace(first, also=tuple(others))


def _chosen(values: tuple[str, ...]) -> str:
    if len(values) != 1:
        raise StalePressError(values)
    return values[0]


def _section(values: tuple[str, ...]) -> Section:
    try:
        return Section(values[0])
    except (ValueError, IndexError):
        raise StalePressError(values) from None


def _told(readings: tuple[Reading, ...]) -> str:
    """Return readings for the log: what they are about, never who asked."""
    return ", ".join(
        "/".join(filter(None, (reading.intent, *reading.roles, reading.section, reading.topic, reading.term)))
        for reading in readings
    )
