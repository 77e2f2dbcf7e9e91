"""The documents say what the program does: settings, commands, permissions."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import click
import discord
import pytest
from discord import app_commands
from dotenv import dotenv_values

from bot.cli import career_bot
from bot.config import read_config
from bot.frontends.discord import cogs
from bot.frontends.discord.permissions import invite_link
from bot.sources.registry import NAMES
from tests import documents

README = documents.README.read_text(encoding="utf-8")
DOCUMENTS = [documents.README, *documents.ROOT.glob("docs/*.md"), *documents.ROOT.glob(".github/*.md")]


def terminal_commands(group: click.Group, path: str = "career-bot") -> Iterator[tuple[str, click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from terminal_commands(command, f"{path} {name}")
            elif command is not None and not command.hidden:
                yield f"{path} {name}", command


def tree() -> app_commands.CommandTree:
    """Return every command of the bot; the desk, which answers, is not needed to list them."""
    found = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    for module in pkgutil.iter_modules(cogs.__path__, f"{cogs.__name__}."):
        importlib.import_module(module.name).register(found, None)
    return found


def slash_commands() -> Iterator[str]:
    """Return each slash command as people read it: options in order, optional ones in brackets."""
    for command in tree().walk_commands():
        if isinstance(command, app_commands.Command):
            options = [p.display_name if p.required else f"[{p.display_name}]" for p in command.parameters]
            yield " ".join([f"/{command.qualified_name}", *options])


def test_the_settings_in_the_readme_are_those_of_the_code():
    assert documents.with_settings(README) == README, "run make docs"


def test_the_example_of_an_env_file_is_that_of_the_code():
    assert documents.ENV_EXAMPLE.read_text(encoding="utf-8") == documents.env_example(), "run make docs"


def test_the_example_of_an_env_file_sets_nothing_until_somebody_fills_it_in():
    values = {name: value or "" for name, value in dotenv_values(documents.ENV_EXAMPLE).items()}

    assert read_config(values) == read_config({})


def test_every_line_of_the_example_is_a_setting_once_its_comment_sign_is_gone():
    lines = documents.env_example().splitlines()
    names = [line.lstrip("#").partition("=")[0] for line in lines if re.match(r"#?[A-Z_]+=", line)]

    assert names == [setting.name for setting in documents.settings()]


@pytest.mark.parametrize("setting", documents.settings(), ids=lambda setting: setting.name)
def test_every_setting_is_described_in_a_sentence(setting):
    assert setting.description.endswith(".")


def test_the_token_is_marked_as_a_secret_and_its_file_is_not():
    assert [setting.name for setting in documents.settings() if setting.secret] == ["DISCORD_TOKEN"]


def test_the_readme_lists_every_command_of_the_terminal_and_no_other():
    named = set(re.findall(r"(?m)^\| `(career-bot [a-z -]*[a-z])", README))

    assert named == {path for path, _ in terminal_commands(career_bot)}


def test_every_command_of_the_terminal_has_help():
    silent = [path for path, command in terminal_commands(career_bot) if not command.get_short_help_str()]
    silent += [
        f"{path} {option.opts[0]}"
        for path, command in terminal_commands(career_bot)
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]

    assert not silent


def test_the_readme_shows_every_slash_command_with_its_options():
    shown = {line.split("`")[1] for line in README.splitlines() if line.startswith("| `/")}

    assert shown == set(slash_commands())


def test_the_readme_names_what_a_right_click_offers():
    menus = [command.name for command in tree().get_commands(type=discord.AppCommandType.message)]

    assert menus
    assert [name for name in menus if f"*{name}*" not in README] == []


def test_the_invite_link_of_the_readme_is_the_one_that_the_start_prints():
    link = invite_link(1).replace("client_id=1&", "client_id=APPLICATION_ID&")

    assert f"`{link}`" in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_link_within_the_project_leads_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#|<)([^)#]+)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_operators_are_told_every_format_of_jobs_and_no_other():
    told = (documents.ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    table = told[told.index("| format |") :].split("\n\n")[0]
    cells = [row.split("|")[1] for row in table.splitlines()[2:]]
    assert [name for cell in cells for name in re.findall(r"`([\w-]+)`", cell)] == list(NAMES)
