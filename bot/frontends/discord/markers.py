"""What a message of the bot carries to be found again by: its nonce, in the custom_id of one of its components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import discord


def markers_of(message: discord.Message) -> set[str]:
    """Return the markers in a message's components."""
    return {custom_id.rpartition(";")[2] for custom_id in _custom_ids(message.components)}


def _custom_ids(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if isinstance(custom_id, str):
            yield custom_id
        yield from _custom_ids(getattr(component, "children", ()))
