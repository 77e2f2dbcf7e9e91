"""What people read when something fails: a kind sentence with a reference, under which the log holds the trace."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import discord
from discord import app_commands

from bot.errors import StoreError
from bot.frontends.discord.responding import tell
from bot.frontends.phrases import say

log = logging.getLogger(__name__)

_PHRASES: tuple[tuple[type[BaseException], str], ...] = (
    (StoreError, "fault.unavailable"),
    (discord.Forbidden, "fault.forbidden"),
    (discord.HTTPException, "fault.discord"),
    (Exception, "fault.unexpected"),
)
UNKNOWN_INTERACTION = 10062
"""Discord's answer when an interaction is answered after its three seconds: nobody can be told any more."""


def phrase_for(error: BaseException) -> str:
    """Return the key of the sentence for an error."""
    return next(key for kind, key in _PHRASES if isinstance(error, kind))


async def report(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Log an error under a new reference and tell the person who met it, unless nothing can be told any more."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    reference = note(cause, "an interaction")
    if isinstance(cause, discord.NotFound) and cause.code == UNKNOWN_INTERACTION:
        return
    try:
        await tell(interaction, say(phrase_for(cause), reference=reference))
    except (discord.HTTPException, OSError):
        log.warning("The person could not be told of %s", reference)


def note(error: BaseException, where: str) -> str:
    """Log an error with its trace, and return the reference that stands beside it."""
    reference = secrets.token_hex(4)
    log.error("Failed in %s, reference %s", where, reference, exc_info=error)
    return reference
