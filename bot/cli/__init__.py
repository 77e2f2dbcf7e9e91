"""The career-bot command. Each subcommand's module is imported when it is called, so that each starts quickly."""

from __future__ import annotations

import importlib
import sys
from io import TextIOWrapper

import click

from bot.errors import CareerBotError, SettingsError

COMMANDS = {
    "run": "bot.cli.run:run",
    "preview": "bot.cli.run:preview",
    "chat": "bot.cli.chat:chat",
    "ask": "bot.cli.ask:ask",
    "eval": "bot.cli.evaluate:evaluate",
    "knowledge": "bot.cli.knowledge:knowledge",
    "encoder": "bot.cli.encoder:encoder",
    "salaries": "bot.cli.salaries:salaries",
    "jobs": "bot.cli.jobs:jobs",
    "db": "bot.cli.database:database",
    "doctor": "bot.cli.database:doctor",
}


class Commands(click.Group):
    """The subcommands, in the order a newcomer needs them; unknown ones get a suggestion from click."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every subcommand's name."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one subcommand; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101  # COMMANDS is ours
        return command


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="career-bot", prog_name="career-bot")
@click.pass_context
def career_bot(ctx: click.Context) -> None:
    """A career advisor for data, ML and AI: answers questions, compares roles, announces jobs.

    Without a subcommand: `run` when a Discord token is set, else `preview`.
    """
    if ctx.invoked_subcommand is None:
        from bot.cli.run import preview, run
        from bot.config import read_config, read_environment

        ctx.invoke(run if read_config(read_environment()).token else preview)


def main() -> None:
    """Run the command line; faults go to stderr, the exit code is 0, 1 (failed) or 2 (wrong usage or settings)."""
    if isinstance(sys.stdout, TextIOWrapper):  # a character that the terminal cannot show is no reason to fail
        sys.stdout.reconfigure(errors="replace")
    try:
        career_bot.main(standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(0)
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except CareerBotError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
