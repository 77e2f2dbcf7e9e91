"""What the program has to remember about itself, such as the hash of the command tree that it last sent."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from bot.store.engine import Database
from bot.store.tables import meta


class MetaRepository:
    """Values by key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> str | None:
        """Return a value; None when it was never set."""
        async with self._database.reading() as connection:
            statement = select(meta.c.value).where(meta.c.key == key)
            value: str | None = (await connection.execute(statement)).scalar_one_or_none()
            return value

    async def set(self, key: str, value: str) -> None:
        """Keep a value."""
        async with self._database.transaction() as connection:
            known = await connection.execute(update(meta).where(meta.c.key == key).values(value=value))
            if known.rowcount == 0:
                await connection.execute(insert(meta).values(key=key, value=value))
