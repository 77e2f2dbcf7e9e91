"""The career-bot command as a whole: what it starts, how it ends, and what it imports on the way."""

import json
import subprocess
import sys
import textwrap
from importlib.metadata import version

import click
import pytest

import bot.cli.run
from bot.cli import COMMANDS
from bot.store.opening import open_store

TOKEN = "MTA0ODU3NjAwMDAwMDAwMDAw.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"


def python(environment, folder, *words):
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, env=environment, cwd=folder, timeout=120, check=False
    )


def test_the_version_is_told(career_bot):
    assert career_bot("--version") == (0, f"career-bot, version {version('career-bot')}\n", "")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_subcommand_with_what_it_does(career_bot, option):
    code, out, err = career_bot(option)
    assert (code, err) == (0, "")
    listed = out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed if not line.startswith("    ")] == list(COMMANDS)
    assert all(len(line.split()) > 2 for line in listed)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_subcommand_has_help(career_bot, command):
    code, out, err = career_bot(command, "-h")
    assert (code, err) == (0, "")
    assert f" {command} " in out.splitlines()[0]


@pytest.mark.parametrize("words", [("dance",), ("--dance",), ("jobs", "dance"), ("ask", "--dance", "hi")])
def test_what_it_does_not_know_is_exit_code_2(career_bot, words):
    code, out, err = career_bot(*words)
    assert (code, out) == (2, "")
    assert "dance" in err
    assert "Traceback" not in err


def test_the_module_is_the_same_command(environment, tmp_path):
    done = python(environment, tmp_path, "-m", "bot", "--version")
    assert (done.returncode, done.stdout) == (0, f"career-bot, version {version('career-bot')}\n")


def test_the_module_tells_faults_on_standard_error(environment, tmp_path):
    done = python(environment, tmp_path, "-m", "bot", "dance")
    assert (done.returncode, done.stdout) == (2, "")
    assert "dance" in done.stderr


@pytest.fixture
def started(monkeypatch):
    """Return a list of what was started without a subcommand; neither really is."""
    names = []
    for name in ("run", "preview"):
        monkeypatch.setattr(bot.cli.run, name, click.Command(name, callback=lambda name=name: names.append(name)))
    return names


def test_without_a_subcommand_and_token_it_is_the_preview(career_bot, started):
    assert career_bot()[0] == 0
    assert started == ["preview"]


def test_without_a_subcommand_and_with_a_token_it_is_run(career_bot, started, monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert career_bot()[0] == 0
    assert started == ["run"]


def test_a_token_in_a_file_counts(career_bot, started, monkeypatch, tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path / "token"))
    career_bot()
    assert started == ["run"]


def test_a_token_in_dot_env_counts(career_bot, started, tmp_path):
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN={TOKEN}\n")
    career_bot()
    assert started == ["run"]


def test_an_empty_token_counts_as_none(career_bot, started, monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", " ")
    career_bot()
    assert started == ["preview"]


def test_settings_with_faults_start_nothing_and_are_exit_code_2(career_bot, started, monkeypatch, tmp_path):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DISCORD_TOKEN_FILE", str(tmp_path))
    monkeypatch.setenv("CAREER_BOT_ANNOUNCE_SECONDS", "often")
    code, out, err = career_bot()
    assert (code, out, started) == (2, "", [])
    assert "DISCORD_TOKEN_FILE" in err
    assert "CAREER_BOT_ANNOUNCE_SECONDS" in err
    assert TOKEN not in err


def test_run_without_a_token_says_what_to_do_and_is_exit_code_2(career_bot):
    code, out, err = career_bot("run")
    assert (code, out) == (2, "")
    assert "DISCORD_TOKEN" in err
    assert "career-bot preview" in err


@pytest.mark.parametrize(
    ("raised", "code"), [(KeyboardInterrupt(), 0), (click.Abort(), 0), (click.ClickException("no"), 1)]
)
def test_how_a_command_ends_is_its_exit_code(career_bot, monkeypatch, raised, code):
    def stop():
        raise raised

    monkeypatch.setattr(bot.cli.run, "preview", click.Command("preview", callback=stop))
    ended, _, err = career_bot("preview")
    assert ended == code
    assert "Traceback" not in err


LATE = (
    "alembic",
    "babel",
    "feedparser",
    "ftfy",
    "matplotlib",
    "prompt_toolkit",
    "rich",
    "selectolax",
)

START = """
    import asyncio, json, sys
    import simcord
    before = set(sys.modules)
    import bot.cli.run
    from bot.app import create_discord_bot

    async def main():
        async with simcord.run(create_discord_bot()) as env:
            channel = env.create_guild("Careers").create_text_channel("career")
            ready = set(sys.modules)
            return env.bot.is_ready(), sorted({name.partition(".")[0] for name in ready - before})

    print(json.dumps(asyncio.run(main())))
"""


async def test_a_start_imports_only_what_it_needs(environment, tmp_path):
    url = f"sqlite:///{tmp_path}/career-bot.db"
    async with open_store(url):
        pass
    variables = environment | {"CAREER_BOT_DATABASE_URL": url, "DISCORD_TOKEN": TOKEN}
    done = python(variables, tmp_path, "-W", "ignore", "-c", textwrap.dedent(START))
    assert done.returncode == 0, done.stderr
    ready, imported = json.loads(done.stdout)
    assert ready
    assert "sqlalchemy" in imported
    assert sorted(set(imported) & set(LATE)) == []


ASK = """
    import json, sys
    from bot.cli import main
    sys.argv = ["career-bot", "ask", "hello"]
    main()
    print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_one_question_imports_neither_discord_nor_a_database(environment, tmp_path):
    done = python(environment, tmp_path, "-c", textwrap.dedent(ASK))
    assert done.returncode == 0, done.stderr
    imported = json.loads(done.stdout.splitlines()[-1])
    assert sorted({"discord", "aiohttp", "sqlalchemy", "aiosqlite", *LATE} & set(imported)) == []
