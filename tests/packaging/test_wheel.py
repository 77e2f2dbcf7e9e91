"""The wheel: built without a network, installed elsewhere, it still knows its knowledge and its migrations."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from bot.app import cache_folder

ROOT = Path(__file__).parent.parent.parent
UV = Path(sys.executable).parent / "uv"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def members(wheel) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """Return the scripts of an environment that holds the wheel and sees our dependencies, but not our checkout."""
    folder = tmp_path_factory.mktemp("elsewhere") / "env"
    subprocess.run([UV, "venv", "--quiet", "--offline", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([UV, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel], check=True)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin"


def run(command: list[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": os.defpath, "HOME": str(folder), "XDG_CACHE_HOME": str(cache_folder().parent)}
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=180, check=False)


def shipped(folder: str) -> set[str]:
    files = {path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    return {path.relative_to(ROOT).as_posix() for path in files}


def test_every_module_migration_phrase_and_listing_is_in_it(members):
    files = shipped("bot")

    assert "bot/store/migrations/versions/first_0001.py" in files
    assert files <= members


def test_every_knowledge_file_is_in_it(members):
    assert {f"bot/{path}" for path in shipped("knowledge")} <= members


def test_nothing_else_is_in_it(members):
    strangers = {name for name in members if not name.startswith("bot/") and ".dist-info/" not in name}

    assert not strangers
    assert not [name for name in members if "__pycache__" in name or name.endswith((".pyc", ".db", ".env"))]


def test_the_licence_is_in_it(members):
    assert [name for name in members if name.endswith("licenses/LICENSE")]


def test_installed_elsewhere_it_answers_a_question(installed, tmp_path):
    asked = run([installed / "career-bot", "ask", "--json", "what does a data engineer do"], tmp_path)

    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["roles"] == ["data-engineer"]


def test_installed_elsewhere_it_is_really_the_installed_one(installed, tmp_path):
    code = "import bot, bot.config; print(bot.__file__); print(bot.config.default_knowledge())"
    places = run([installed / "python", "-c", code], tmp_path).stdout.split()

    assert [Path(place).is_relative_to(installed.parent) for place in places] == [True, True]
