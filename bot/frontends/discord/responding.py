"""Ways to answer an interaction: in time, in place or in private, and never with a ping."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import discord

_Made = TypeVar("_Made")
NO_MENTIONS = discord.AllowedMentions.none()
DEFER_AFTER_SECONDS = 1.5
"""Discord waits three seconds for a first answer; the way there and back needs some of them."""


async def tell(interaction: discord.Interaction[Any], text: str) -> None:
    """Say one sentence that only the person who acted sees."""
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=NO_MENTIONS)
    else:
        await interaction.response.send_message(text, ephemeral=True, allowed_mentions=NO_MENTIONS)


async def tell_when_done(interaction: discord.Interaction[Any], work: Coroutine[Any, Any, str]) -> None:
    """Say the sentence that `work` makes to the person who acted, after a "thinking" sign when that takes long."""
    text = await _awaited(work, lambda: interaction.response.defer(ephemeral=True, thinking=True))
    await tell(interaction, text)


async def respond(
    interaction: discord.Interaction[Any],
    work: Coroutine[Any, Any, discord.ui.LayoutView],
    *,
    ephemeral: bool = False,
) -> None:
    """Answer with the message that `work` makes, after a "thinking" sign when that takes long."""
    view = await _awaited(work, lambda: interaction.response.defer(ephemeral=ephemeral, thinking=True))
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=ephemeral, allowed_mentions=NO_MENTIONS)
    else:
        await interaction.response.send_message(view=view, ephemeral=ephemeral, allowed_mentions=NO_MENTIONS)


async def respond_in_place(
    interaction: discord.Interaction[Any], work: Coroutine[Any, Any, discord.ui.LayoutView]
) -> None:
    """Turn the message whose component was pressed into the one that `work` makes."""
    await show_in_place(interaction, await _awaited(work, interaction.response.defer))


async def show_in_place(interaction: discord.Interaction[Any], view: discord.ui.LayoutView) -> None:
    """Turn the message whose component was pressed, or led to a modal, into another one."""
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, allowed_mentions=NO_MENTIONS)
    else:
        await interaction.response.edit_message(view=view, allowed_mentions=NO_MENTIONS)


async def _awaited(work: Coroutine[Any, Any, _Made], defer: Callable[[], Awaitable[object]]) -> _Made:
    """Return what `work` makes; if that is not soon, `defer` first."""
    task = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=DEFER_AFTER_SECONDS)
        if not done:
            await defer()
        return await task
    finally:
        task.cancel()
