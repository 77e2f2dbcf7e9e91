"""The one kind of component: what it does stands in its custom_id, so that it works after a restart."""

from __future__ import annotations

import re
from typing import Any, Protocol, Self, cast

import discord


class AnswersPresses(Protocol):
    """The client, as far as a component needs it."""

    async def pressed(self, interaction: discord.Interaction[Any], custom_id: str, values: tuple[str, ...]) -> None:
        """Answer a press of the component `custom_id`; `values` are what was selected."""
        ...


class Pressable(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"[\s\S]+"):
    """Any button or select of the bot. Its template takes every custom_id: one that means nothing is answered too."""

    def __init__(self, item: discord.ui.Button[Any] | discord.ui.Select[Any] | discord.ui.RoleSelect[Any]) -> None:
        super().__init__(item)

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003  # as discord.py calls it
        item: discord.ui.Item[Any],
        match: re.Match[str],  # noqa: ARG003
        /,
    ) -> Self:
        """Return the component that was pressed in a message from before a restart, or from now."""
        return cls(cast("discord.ui.Button[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to the client."""
        data = cast("dict[str, Any]", interaction.data or {})
        values = tuple(str(value) for value in data.get("values") or ())
        client = cast("AnswersPresses", interaction.client)
        await client.pressed(interaction, str(data.get("custom_id", "")), values)
