"""What every message is made of: one container of texts, a small line, and rows of buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord

from bot.frontends.discord.views import Pressable
from bot.frontends.escape import plain

MAX_TEXT = 4000
"""Characters in all of a message's texts together (Components V2)."""
LABEL_LENGTH = 38
"""A button's label may have 80 characters; longer ones than this fill a row of a phone by themselves."""

Layout = discord.ui.LayoutView
Frame = discord.ui.Container[Layout]


def relative_time(moment: datetime) -> str:
    """Return a point in time that Discord shows as "3 days ago" in the reader's language."""
    return discord.utils.format_dt(moment, "R")


def unbroken(text: str) -> str:
    """Return a text whose ranges stay on one line: a line may else end after the dash of 2023–2025."""
    return re.sub(r"(?<=\w)–(?=[\w$£€])", "–\N{WORD JOINER}", text)


def button(
    text: str,
    custom_id: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
) -> Pressable:
    """Return a button that means what its custom_id says."""
    return Pressable(discord.ui.Button(label=plain(text, LABEL_LENGTH), custom_id=custom_id, style=style, emoji=emoji))


def frame(
    colour: int,
    texts: Sequence[str],
    *,
    small: str = "",
    rows: Sequence[Sequence[discord.ui.Item[Any]]] = (),
) -> Frame:
    """Return one container: the texts with lines between them, a small line, and the rows that are not empty."""
    container: Frame = discord.ui.Container(accent_colour=colour)
    for position, text in enumerate(texts):
        if position:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(text or "\N{ZERO WIDTH SPACE}"))
    if small:
        container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(small))
    for row in rows:
        if row:
            container.add_item(discord.ui.ActionRow(*row))
    return container


def stacked(*frames: Frame) -> Layout:
    """Return a message of containers, one below the other."""
    layout = Layout(timeout=None)
    for container in frames:
        layout.add_item(container)
    return layout


def framed(
    colour: int,
    texts: Sequence[str],
    *,
    small: str = "",
    rows: Sequence[Sequence[discord.ui.Item[Any]]] = (),
) -> Layout:
    """Return a message of one container."""
    return stacked(frame(colour, texts, small=small, rows=rows))
