"""Commands in an environment of their own: no settings, an empty home, a fresh working folder.

Only trained heads are kept where the program keeps them, because training them for every run of the tests takes long.
"""

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.app import cache_folder
from bot.cli import career_bot as commands
from bot.cli import main

ROOT = Path(__file__).parent.parent.parent
OWN = ("CAREER_BOT_", "DISCORD_")


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Return a home folder in which nothing was ever kept."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def environment(home):
    """Return the variables for a command that runs as a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    homes = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("DATA", "STATE", "CONFIG")}
    cache = {"XDG_CACHE_HOME": str(cache_folder().parent)}
    return kept | homes | cache | {"HOME": str(home), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def alone(environment, tmp_path, monkeypatch):
    """Let what runs in this process find that environment and an empty working folder."""
    for name in list(os.environ):
        if name.startswith(OWN):
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def career_bot(alone, monkeypatch, capsys):
    """Run career-bot in this process, and return its exit code, standard output and standard error."""

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["career-bot", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as leave:
            code = leave.code or 0
        out, err = capsys.readouterr()
        return code, out, err

    return command


@pytest.fixture
def piped(alone):
    """Run career-bot in this process with bytes on its standard input; return the same."""

    def command(lines, *words):
        done = CliRunner().invoke(commands, list(map(str, words)), input=lines, catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr

    return command
