"""docs/contributing-knowledge.md, followed step by step in a copy of the knowledge."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import career_bot

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "contributing-knowledge.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(.*)\n((?:.*\n)*?)^```$", PAGE, re.MULTILINE)
PROGRAM = ".venv/bin/career-bot"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    """Do what each block of the page says, in its order, and return how each command ended."""
    folder = tmp_path_factory.mktemp("contributing") / "knowledge"
    shutil.copytree(ROOT / "knowledge", folder)
    results: list[Result] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAREER_BOT_KNOWLEDGE", str(folder))
        for kind, content in BLOCKS:
            if kind == "console":
                results += [run(line.removeprefix("$ "), folder) for line in content.splitlines()]
            else:
                write(kind, content, folder)
    return results


def run(line: str, folder: Path) -> Result:
    program, *words = shlex.split(line)
    assert program == PROGRAM
    where = [str(folder)] if words[0] == "knowledge" else []
    return CliRunner().invoke(career_bot, [*words, *where])


def write(kind: str, content: str, folder: Path) -> None:
    """Write a block's file, or put it below a line of one."""
    place = folder / re.findall(r"file=(\S+)", kind)[0]
    below = re.findall(r"below=(\S+)", kind)
    if below:
        text = place.read_text(encoding="utf-8")
        assert text.count(f"\n{below[0]}\n") == 1
        content = text.replace(f"\n{below[0]}\n", f"\n{below[0]}\n{content}")
    place.write_text(content, encoding="utf-8")


def test_the_page_has_commands_and_files():
    assert sorted(kind.partition(" ")[0] for kind, _ in BLOCKS) == ["console"] * 3 + ["yaml"] * 2


def test_a_file_is_started(followed):
    assert followed[0].exit_code == 0


def test_the_check_names_what_is_missing_as_the_page_says(followed):
    assert followed[1].exit_code == 1
    (said,) = re.findall(r"`(roles/search-engineer.yaml:\d+: .*?)`", PAGE)
    assert said in followed[1].stderr


def test_the_finished_role_has_no_fault(followed):
    assert followed[2].exit_code == 0, followed[2].stderr
    assert "0 faults" in followed[2].stdout


def test_the_new_role_is_answered_by_its_other_name(followed):
    assert followed[3].exit_code == 0
    assert followed[3].stdout.startswith("## Search Engineer")
    assert "each is measured" in followed[3].stdout
