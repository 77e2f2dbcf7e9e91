"""Jobs that people keep for themselves: what a press of Save is told, and the list that only its owner sees."""

from __future__ import annotations

import re
from typing import Any

import discord

from bot.frontends.discord.custom_ids import Action, Press, encode
from bot.frontends.discord.job_lists import counted, fitting_lines, job_select, options_of, turning
from bot.frontends.discord.layouts import Layout, framed
from bot.frontends.discord.views import Pressable
from bot.frontends.phrases import say
from bot.frontends.ports import Codes, Saving
from bot.jobs.saving import MOST_SAVED
from bot.services.saved import SavedPage

ALL = "*"
"""What is chosen to remove every job; no job has such an id."""
_PAGE = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_BLUE, _GREY = 0x5865F2, 0x95A5A6


class SavedJobs:
    """Keeps jobs for people, and shows each of them their own."""

    def __init__(self, saving: Saving, codes: Codes) -> None:
        self._saving = saving
        self._codes = codes

    async def save(self, person: int, job: str) -> str:
        """Keep a job for a person, and return what came of it."""
        saved = await self._saving.save(person, job)
        return say(f"saved.told.{saved.value}", most=MOST_SAVED)

    async def first(self, person: int) -> Layout:
        """Return the first page of what a person keeps."""
        return self._card(await self._saving.page(person, 1), person)

    async def turned(self, person: int, page: str) -> Layout:
        """Return a page of what a person keeps. Raises LookupError when `page` is none."""
        return self._card(await self._saving.page(person, _number(page)), person)

    async def without(self, person: int, job: str, page: str) -> Layout:
        """Return a page of what a person keeps after a job, or ALL, was removed. Raises LookupError as `turned`."""
        number = _number(page)
        if job == ALL:
            await self._saving.remove_all(person)
        else:
            await self._saving.remove(person, job)
        return self._card(await self._saving.page(person, number), person)

    def _card(self, page: SavedPage, person: int) -> Layout:
        title = f"## {say('saved.title')}"
        if not page.jobs:
            return framed(_GREY, [f"{title}\n{say('saved.none')}"])

        def custom_id_of(number: int) -> str | None:
            return encode(Press(Action.SAVED, person, marker=str(number)), self._codes)

        rows = [
            [job_select(page.jobs, person, self._codes)],
            [self._removing(page, person)],
            turning(page.page, page.total, custom_id_of),
        ]
        small = f"-# {counted(page.first, len(page.jobs), page.total)}"
        return framed(_BLUE, ["\n".join((title, *fitting_lines(page.jobs)))], small=small, rows=rows)

    def _removing(self, page: SavedPage, person: int) -> Pressable:
        options = options_of(page.jobs)
        if page.total > 1:
            options.append(discord.SelectOption(label=say("saved.remove_all", count=page.total), value=ALL))
        custom_id = encode(Press(Action.UNSAVE, person, marker=str(page.page)), self._codes) or ""
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=custom_id, placeholder=say("saved.remove"), options=options
        )
        return Pressable(select)


def _number(page: str) -> int:
    if not _PAGE.fullmatch(page):
        raise LookupError(page)
    return int(page)
