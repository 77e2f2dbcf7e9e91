"""Servers that the bot is, or was, in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine import Database
from bot.store.tables import guilds


class GuildRepository:
    """Which servers the bot is in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def joined(self, guild: int, now: datetime) -> None:
        """Note that the bot is in a server."""
        async with self._database.transaction() as connection:
            await note_guild(connection, guild, now)

    async def left(self, guild: int, now: datetime) -> None:
        """Note that the bot has left a server, or was sent away."""
        async with self._database.transaction() as connection:
            await connection.execute(update(guilds).where(guilds.c.id == guild).values(left=now))

    async def present(self) -> tuple[int, ...]:
        """Return the servers that the bot is known to be in."""
        statement = select(guilds.c.id).where(guilds.c.left.is_(None)).order_by(guilds.c.id)
        async with self._database.reading() as connection:
            return tuple((await connection.execute(statement)).scalars())


async def note_guild(connection: AsyncConnection, guild: int, now: datetime) -> None:
    """Note within a transaction that the bot is in a server."""
    known = await connection.execute(update(guilds).where(guilds.c.id == guild).values(left=None))
    if known.rowcount == 0:
        await connection.execute(insert(guilds).values(id=guild, joined=now))
