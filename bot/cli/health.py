"""python -m bot.cli.health: whether the bot on this database lives, for Docker's HEALTHCHECK and other supervisors."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from bot.config import read_config, read_environment
from bot.health import STALE_SECONDS, heartbeat_file, is_alive


@click.command()
def health() -> None:
    """Tell by the exit code whether the bot on this database is running: 0 yes, 1 no."""
    path = heartbeat_file(read_config(read_environment()).database_url)
    if is_alive(path, datetime.now(UTC)):
        click.echo("alive")
        return
    click.echo(f"no heartbeat of the bot within {STALE_SECONDS} seconds in {path}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    health()
