"""Pages of found jobs: what was looked for is kept for a while, since a button has no room for it."""

from __future__ import annotations

import re
from collections import OrderedDict

from bot.frontends.discord.job_cards import JobCards
from bot.frontends.discord.layouts import Layout
from bot.frontends.ports import Finding
from bot.jobs.query import JobQuery
from bot.services.find import Found

MAX_KEPT = 1_000
_PAGE = re.compile(r"[1-9]\d{0,5}", re.ASCII)


class ForgottenError(LookupError):
    """A search that is kept no more."""


class JobPages:
    """Shows pages of found jobs, and keeps the last MAX_KEPT searches."""

    def __init__(self, finding: Finding, cards: JobCards) -> None:
        self._finding = finding
        self._cards = cards
        self._kept: OrderedDict[str, JobQuery] = OrderedDict()

    def first(self, found: Found, key: str, asker: int) -> Layout:
        """Return the first page of a search, which is kept as `key`."""
        self._kept[key] = found.query
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return self._cards.found(found, key, asker)

    async def turned(self, marker: str, asker: int) -> Layout:
        """Return the page that a button's marker, KEY.PAGE, asks for. Raises ForgottenError when it cannot be told."""
        key, _, page = marker.partition(".")
        if not _PAGE.fullmatch(page):
            raise ForgottenError(marker)
        return self._cards.found(await self._finding.page(self._query(key), int(page)), key, asker)

    async def again(self, key: str) -> Found:
        """Return the first page of a search as it is now. Raises ForgottenError when it is kept no more."""
        return await self._finding.page(self._query(key), 1)

    def _query(self, key: str) -> JobQuery:
        if key not in self._kept:
            raise ForgottenError(key)
        self._kept.move_to_end(key)
        return self._kept[key]
