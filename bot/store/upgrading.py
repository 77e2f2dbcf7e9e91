"""Bringing a database to the newest revision; Alembic is imported only when it is not there yet."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreUnavailableError
from bot.store.engine import Database

HEAD = "0006"
MIGRATIONS = Path(__file__).parent / "migrations"


async def revision(database: Database) -> str | None:
    """Return the stored revision; None for an empty database. Raises StoreUnavailableError for anything else."""
    async with database.reading() as connection:
        return await connection.run_sync(_revision, database.path)


async def upgrade(database: Database) -> bool:
    """Upgrade in one transaction, so that of two processes one waits and then finds it done; return whether it was."""
    if await revision(database) == HEAD:
        return False
    async with database.transaction() as connection:
        if await connection.run_sync(_revision, database.path) == HEAD:
            return False
        await connection.run_sync(_upgrade)
        return True


def _revision(connection: Connection, path: Path) -> str | None:
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise StoreUnavailableError(f"{path}: holds other data; name another file in CAREER_BOT_DATABASE_URL")
    stored = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if stored is not None and stored > HEAD:
        raise StoreUnavailableError(
            f"{path}: was written by a newer career-bot (revision {stored}, this one knows {HEAD}); update the program"
        )
    return stored


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  # 0.3 s that only an upgrade costs
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
