"""Servers that the bot is, or was, in; written within the transactions of what happens there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import guilds


async def note_guild(connection: AsyncConnection, guild: int, now: datetime) -> None:
    """Note that the bot is in a server."""
    known = await connection.execute(update(guilds).where(guilds.c.id == guild).values(left=None))
    if known.rowcount == 0:
        await connection.execute(insert(guilds).values(id=guild, joined=now))


async def note_left(connection: AsyncConnection, guild: int, now: datetime) -> None:
    """Note that the bot has left a server, or was sent away."""
    await connection.execute(update(guilds).where(guilds.c.id == guild).values(left=now))
