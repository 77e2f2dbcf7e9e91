"""career-bot db and doctor: care for the database, and a look at everything that could be wrong."""

from __future__ import annotations

import asyncio
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from bot.config import Config, read_config, read_environment
from bot.errors import CareerBotError, KnowledgeError, SettingsError


@click.group()
def database() -> None:
    """Care for the database: bring it up to date, copy it, check it."""


@database.command()
def upgrade() -> None:
    """Make the database, or bring it to the newest revision; the bot does so itself when it starts."""
    from bot.store.engine import open_database
    from bot.store.upgrading import HEAD
    from bot.store.upgrading import upgrade as bring_up

    path = _path()

    async def run() -> bool:
        async with open_database(path) as opened:
            return await bring_up(opened)

    done = asyncio.run(run())
    click.echo(f"{path}: {'upgraded to' if done else 'is at'} revision {HEAD}")


@database.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the database into the new FILE, whole, also while the bot runs."""
    from bot.store.maintenance import backup as copy

    copy(_path(), file)
    click.echo(f"copied to {file}")


@database.command()
def check() -> None:
    """Check the database for damage; the exit code is 1 when there is any."""
    from bot.store.maintenance import faults, is_current

    path = _path()
    found = faults(path)
    for fault in found:
        click.echo(f"{path}: {fault}", err=True)
    if found:
        click.echo("put back a backup", err=True)
        sys.exit(1)
    click.echo(f"{path}: sound" + ("" if is_current(path) else "; career-bot db upgrade brings it up to date"))


def _path() -> Path:
    from bot.store.engine import database_path

    return database_path(read_config(read_environment()).database_url)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: ok, warn or fail, what was found, and what to do."""

    level: str
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.level:<5}{self.text}" + (f"\n     {self.remedy}" if self.remedy else "")


@click.command()
def doctor() -> None:
    """Look at versions, settings, knowledge and database, and say what to do; the exit code is 1 when one fails."""
    findings = tuple(examine())
    for finding in findings:
        click.echo(str(finding))
    sys.exit(1 if any(finding.level == "fail" for finding in findings) else 0)


def examine() -> Iterator[Finding]:
    """Yield what was found, one thing after the other."""
    yield Finding("ok", f"career-bot {version('career-bot')}, discord.py {version('discord.py')}, Python {_python()}")
    yield _sqlite()
    yield _time_zones()
    try:
        config = read_config(read_environment())
    except SettingsError as error:
        yield from (Finding("fail", fault, "mend this setting in the environment or in .env") for fault in error.faults)
        return
    yield Finding("ok", "settings can be used")
    yield _token(config)
    yield _guarded(lambda: _database(config), "see above, or name another file in CAREER_BOT_DATABASE_URL")
    yield _guarded(lambda: _knowledge(config), "career-bot knowledge check says where")


def _python() -> str:
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _sqlite() -> Finding:
    from bot.store.maintenance import is_sound_sqlite

    major, minor, patch = sqlite3.sqlite_version_info
    if is_sound_sqlite((major, minor, patch)):
        return Finding("ok", f"SQLite {sqlite3.sqlite_version}")
    return Finding(
        "warn",
        f"SQLite {sqlite3.sqlite_version}: before 3.51.3 a WAL can be damaged when two programs checkpoint it",
        "only the bot checkpoints, so this is safe; let no other program (such as Litestream) do so",
    )


def _time_zones() -> Finding:
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return Finding("fail", "there is no time-zone database", "install the system's tzdata, or: pip install tzdata")
    from bot.app import system_clock

    local = system_clock().astimezone()
    return Finding("ok", f"time zone {local.tzname()}, now {local:%Y-%m-%d %H:%M}; times are kept in UTC")


def _token(config: Config) -> Finding:
    if config.token is None:
        return Finding("warn", "no Discord token is set", "run needs DISCORD_TOKEN; preview, chat and ask do not")
    return Finding("ok", "a Discord token is set")


def _database(config: Config) -> Finding:
    from bot.store.engine import database_path
    from bot.store.maintenance import check_writable, is_current

    path = database_path(config.database_url)
    check_writable(path)
    if not path.exists():
        return Finding("ok", f"database {path}: made when it is first needed")
    if not is_current(path):
        return Finding(
            "warn", f"database {path}: not at the newest revision", "the bot, or career-bot db upgrade, mends it"
        )
    return Finding("ok", f"database {path}: writable")


def _knowledge(config: Config) -> Finding:
    from bot.advisor.loading import load_knowledge
    from bot.folder import read_folder

    known = load_knowledge(read_folder(config.knowledge))
    counted = f"{len(known.roles)} roles, {len(known.topics)} topics, {len(known.terms)} terms"
    return Finding("ok", f"knowledge {config.knowledge}: {counted}")


def _guarded(look: Callable[[], Finding], remedy: str) -> Finding:
    try:
        return look()
    except KnowledgeError as error:
        return Finding("fail", f"knowledge has {len(error.faults)} faults", remedy)
    except CareerBotError as error:
        return Finding("fail", str(error), remedy)
