"""Commands in an environment of their own: no settings, an empty home, a fresh working folder.

Only trained heads are kept where the program keeps them, because training them for every run of the tests takes long.
"""

import os
import sys
from pathlib import Path

import pytest

from bot.app import cache_folder
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
def career_bot(environment, tmp_path, monkeypatch, capsys):
    """Run career-bot in this process, and return its exit code, standard output and standard error."""
    for name in list(os.environ):
        if name.startswith(OWN):
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

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
