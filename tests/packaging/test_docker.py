"""The image, as far as it can be tried without Docker: its COPY, RUN and ENV lines, done in a folder of our own."""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
UV = Path(sys.executable).parent / "uv"
STRANGER = 10001
BRINGS_UV = "python -m pip install --require-hashes -r requirements/uv.txt"


def stages() -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage of the Dockerfile, each as (keyword, rest)."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found: list[list[tuple[str, str]]] = []
    for line in lines:
        keyword, _, rest = line.partition(" ")
        if keyword == "FROM":
            found.append([])
        found[-1].append((keyword, rest.strip()))
    return found


def of(stage: list[tuple[str, str]], keyword: str) -> list[str]:
    return [rest for name, rest in stage if name == keyword]


def environment(stage: list[tuple[str, str]]) -> dict[str, str]:
    return dict(word.split("=", 1) for rest in of(stage, "ENV") for word in shlex.split(rest))


def runs_elsewhere(python: str) -> bool:
    """Tell whether the stranger can start this Python at all; one in root's home it cannot."""
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", code], **as_stranger(), cwd="/", check=False).returncode == 0
    except OSError:
        return False


def as_stranger() -> dict:
    """Return how subprocess starts a program as the image's user; an ordinary user can only be itself."""
    return {"user": STRANGER, "group": STRANGER, "extra_groups": []} if os.geteuid() == 0 else {}


@dataclass(frozen=True, slots=True)
class Image:
    """What the Dockerfile makes, standing in a folder instead of at the root."""

    folder: Path
    data: Path
    variables: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments,
            **as_stranger(),
            cwd=self.data,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    build, final = stages()
    pythons = [sys.executable, *(str(Path(folder) / "python3") for folder in os.defpath.split(os.pathsep) if folder)]
    python = next((found for found in [*pythons, "/usr/local/bin/python3"] if runs_elsewhere(found)), None)
    if python is None:
        pytest.skip(f"no Python 3.11 that user {STRANGER} may start")
    # Not tmp_path: only its owner may enter that.
    folder = Path(tempfile.mkdtemp(prefix="career-bot-image-"))
    try:
        folder.chmod(0o755)
        source, environment_folder, data = folder / "src", folder / "opt", folder / "data"
        copy(build, source)
        moved = {"/opt/career-bot": str(environment_folder), "/data": str(data), "/src": str(source)}
        # The image starts uv with an empty cache; here the one that `make` filled saves the downloads.
        variables = {k: v for k, v in environment(build).items() if k != "UV_NO_CACHE"}
        variables |= {"UV_PYTHON": python, "PATH": f"{UV.parent}{os.pathsep}{os.environ['PATH']}"}
        for command in of(build, "RUN"):
            if command != BRINGS_UV:
                subprocess.run(move(command, moved), shell=True, cwd=source, env=os.environ | variables, check=True)
        shutil.rmtree(source)
        data.mkdir()
        if os.geteuid() == 0:
            os.chown(data, STRANGER, STRANGER)
        else:
            for path in (environment_folder, *environment_folder.rglob("*")):
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
        moved["/opt/career-bot/bin"] = str(environment_folder / "bin")
        yield Image(environment_folder, data, {k: move(v, moved) for k, v in environment(final).items()})
    finally:
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)
        shutil.rmtree(folder)


def copy(stage: list[tuple[str, str]], target: Path) -> None:
    """Do the stage's COPY lines into an empty folder."""
    target.mkdir()
    for line in of(stage, "COPY"):
        *sources, destination = line.split()
        into = target / destination
        for name in sources:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, into, ignore=shutil.ignore_patterns("__pycache__"))
                continue
            if destination.endswith("/"):
                into.mkdir(exist_ok=True)
            shutil.copy(source, into / source.name if into.is_dir() else into)


def move(text: str, moved: dict[str, str]) -> str:
    """Return `text` with the image's folders replaced by ours."""
    places = "|".join(map(re.escape, moved))
    return re.sub(rf"(?<![\w.-])({places})(?![\w.-])", lambda found: moved[found[1]], text)


def test_it_answers_as_another_user_with_only_the_data_folder_writable(image):
    answer = image.run("career-bot", "ask", "what does a data engineer do")

    assert answer.returncode == 0, answer.stderr
    assert "Data Engineer" in answer.stdout
    writable = [path for path in (image.folder, *image.folder.rglob("*")) if can_write(image, path)]
    assert not writable


def can_write(image: Image, path: Path) -> bool:
    status = path.lstat()
    mine = status.st_uid == (STRANGER if os.geteuid() == 0 else os.geteuid())
    bits = status.st_mode & (stat.S_IWOTH | (stat.S_IWUSR if mine else 0))
    return bool(bits) and not stat.S_ISLNK(status.st_mode)


def test_what_it_keeps_lies_in_the_data_folder(image):
    image.run("career-bot", "ask", "what does a data engineer do")
    upgraded = image.run("career-bot", "db", "upgrade")

    assert upgraded.returncode == 0, upgraded.stderr
    assert (image.data / "cache" / "career-bot").is_dir()
    assert (image.data / "career-bot.db").is_file()


def test_it_tells_its_version(image):
    assert image.run("career-bot", "--version").stdout.startswith("career-bot, version ")


def test_without_a_token_the_command_of_the_image_says_so_and_stops(image):
    entry, command = (of(stages()[-1], keyword)[0] for keyword in ("ENTRYPOINT", "CMD"))
    stopped = image.run(*json_words(entry), *json_words(command))

    assert stopped.returncode == 2
    assert "DISCORD_TOKEN" in stopped.stderr


def test_the_health_check_of_the_image_fails_while_no_bot_runs(image):
    _, _, check = of(stages()[-1], "HEALTHCHECK")[0].partition(" CMD ")

    assert image.run(*json_words(check)).returncode == 1


def json_words(text: str) -> list[str]:
    return re.findall(r'"([^"]*)"', text)


def test_the_first_step_brings_uv_from_its_own_lock():
    assert of(stages()[0], "RUN")[0] == BRINGS_UV


def test_both_stages_start_from_the_same_pinned_slim_python():
    images = {rest.partition(" ")[0] for stage in stages() for rest in of(stage, "FROM")}

    assert len(images) == 1
    assert re.fullmatch(r"python:3\.13(\.\d+)?-slim-\w+", images.pop())


def test_the_final_stage_takes_nothing_but_the_environment():
    assert of(stages()[-1], "COPY") == ["--from=build /opt/career-bot /opt/career-bot"]


def test_it_runs_as_a_numbered_user_and_keeps_its_data_in_a_volume():
    final = stages()[-1]

    assert of(final, "USER") == [f"{STRANGER}:{STRANGER}"]
    assert of(final, "VOLUME") == ["/data"]
    assert environment(final)["CAREER_BOT_DATABASE_URL"].startswith("sqlite:////data/")


def test_what_is_copied_passes_the_dockerignore_and_secrets_do_not():
    first, *rest = [
        line
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    allowed = {line.removeprefix("!") for line in rest if line.startswith("!")}
    copied = {name.split("/")[0] for line in of(stages()[0], "COPY") for name in line.split()[:-1]}

    assert first == "*"
    assert allowed == copied
