"""career-bot encoder: the optional sentence encoder, what is there of it, and where it comes from."""

from __future__ import annotations

import errno
import json
import logging
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import click

from bot.config import PREFIX, EncoderFolder, default_encoder, read_config, read_environment
from bot.encoder import FILES, MODEL, PACKAGES, REMEDY, TOKENIZER, OnnxEncoder, sha256_of
from bot.errors import EncoderError

REPOSITORY = "sentence-transformers/all-MiniLM-L6-v2"
REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
KNOWN = {
    MODEL: {
        "6fd5d72fe4589f189f8ebc006442dbb529bb7ce38f8082112682524616046452": "all-MiniLM-L6-v2",
        "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6": "all-MiniLM-L6-v2 in 8 bits",
    },
    TOKENIZER: {"be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037": "all-MiniLM-L6-v2"},
}
"""What a file with that SHA-256 is. The first of each is the one that is fetched."""
SOURCES = {MODEL: "onnx/model.onnx", TOKENIZER: "tokenizer.json"}
"""Where a file stands in the repository."""
OFFLINE = "docs/operators.md tells how to make the folder without it"
TIMED = 20
QUESTION = "how much does a data engineer make in germany after five years"


@click.group()
def encoder() -> None:
    """Look at and fetch the optional sentence encoder, with which questions are compared by meaning too."""


@dataclass(frozen=True, slots=True)
class FileStatus:
    """A file of an encoder: its SHA-256 (None: it cannot be read), and the model that it is known to be of."""

    sha256: str | None
    known: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """What is there of an encoder, and whether questions are read with it; `why_not` says what stands in the way."""

    folder: str | None
    files: dict[str, FileStatus | None]
    packages: dict[str, str | None]
    used: bool
    why_not: str | None = None
    dimensions: int | None = None
    milliseconds: float | None = None


@encoder.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(*, as_json: bool) -> None:
    """Say which folder is looked at, what is in it, and whether questions are read with it."""
    found = examine(read_config(read_environment()).encoder)
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else _shown(found))


@encoder.command()
@click.option("--to", type=click.Path(path_type=Path), help="The folder to write to instead of the one that is used.")
def fetch(to: Path | None) -> None:
    """Bring the files of all-MiniLM-L6-v2 (90 MB) and check them; good files that are there are kept."""
    used = read_config(read_environment()).encoder
    folder = to or (used.path if used else default_encoder())
    wanted = []
    for name in FILES:
        there = _file_status(folder / name)
        if there and there.known:
            click.echo(f"{name}: kept; it is that of {there.known}")
        else:
            wanted.append(name)
    bring(folder, wanted)
    for name in wanted:
        click.echo(f"{name}: fetched")
    if used and used.path.resolve() == folder.resolve():
        click.echo(f"{folder} is used from the next start on; the first one takes about a minute longer")
    else:
        click.echo(f"set {PREFIX}ENCODER={folder} to use it")


def examine(setting: EncoderFolder | None) -> Status:
    """Return what is there of the encoder that is set."""
    packages = {package: _version(package) for package in PACKAGES}
    if setting is None:
        return Status(None, dict.fromkeys(FILES), packages, used=False, why_not=f"{PREFIX}ENCODER is off")
    files = {name: _file_status(setting.path / name) for name in FILES}
    try:
        loaded = OnnxEncoder(setting.path)
    except EncoderError as error:
        return Status(str(setting.path), files, packages, used=False, why_not=str(error))
    return Status(
        str(setting.path),
        files,
        packages,
        used=True,
        dimensions=loaded.dimensions,
        milliseconds=round(_milliseconds(loaded), 1),
    )


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _file_status(file: Path) -> FileStatus | None:
    if not file.is_file():
        return None
    try:
        sha256 = sha256_of(file)
    except OSError:
        return FileStatus(None, None)
    return FileStatus(sha256, KNOWN[file.name].get(sha256))


def _milliseconds(loaded: OnnxEncoder) -> float:
    """Return how long one text takes in the middle."""
    taken = []
    for _ in range(TIMED):
        began = time.perf_counter()
        loaded([QUESTION])
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)


def _shown(found: Status) -> str:
    lines = [("folder", found.folder or "none")]
    lines += [(name, _file_shown(file)) for name, file in found.files.items() if found.folder]
    lines += [(package, version or "not installed") for package, version in found.packages.items()]
    if found.used:
        lines.append(("encoder", f"{found.dimensions} dimensions, {found.milliseconds} ms for one text"))
    lines.append(("used", "yes" if found.used else f"no: {found.why_not}"))
    return "\n".join(f"{name:<17}{text}" for name, text in lines)


def _file_shown(file: FileStatus | None) -> str:
    if file is None:
        return "not there"
    if file.sha256 is None:
        return "cannot be read"
    return f"{file.known or 'a model of your own'}, sha256 {file.sha256}"


def bring(folder: Path, names: list[str]) -> None:
    """Put the pinned files into `folder`: all of them, each whole and checked, or none. Raises EncoderError."""
    if not names:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetching-") as passing:
            fetched = {name: _downloaded(SOURCES[name], Path(passing)) for name in names}
            for name, file in fetched.items():
                _check(name, file)
            for name, file in fetched.items():
                file.chmod(0o644)
                file.replace(folder / name)
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        reason = "the disk is full; free 200 MB" if full else f"it cannot be written ({error.strerror or error})"
        raise EncoderError(f"{folder}: {reason}, or name another folder with --to") from None


def _downloaded(source: str, folder: Path) -> Path:
    """Return the file that was downloaded into `folder`. Raises EncoderError, and OSError when it cannot be written."""
    try:
        from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
        from huggingface_hub.errors import HfHubHTTPError
        from huggingface_hub.utils.tqdm import disable_progress_bars
    except ImportError as error:
        raise EncoderError(f"{error.name} is not installed; {REMEDY}") from None
    logging.getLogger("huggingface_hub").setLevel(logging.CRITICAL)  # what it warns of is in our one line
    if not sys.stderr.isatty():
        disable_progress_bars()
    url = hf_hub_url(REPOSITORY, source, revision=REVISION)
    try:
        _need_space(
            folder, get_hf_file_metadata(url, token=False).size
        )  # tries once, where the download tries for 25 s
        return Path(hf_hub_download(REPOSITORY, source, revision=REVISION, local_dir=folder, token=False))
    except EncoderError:
        raise
    except HfHubHTTPError as error:
        code = error.response.status_code
        raise EncoderError(f"{url} answers {code}; try again later, or {OFFLINE}") from None
    except Exception as error:
        if isinstance(error, OSError) and error.errno and not isinstance(error, ConnectionError):
            raise
        reason = " ".join(str(error.__cause__ or error).split())[:200]
        raise EncoderError(f"{url} cannot be fetched ({reason}); look at the network, or {OFFLINE}") from None


def _need_space(folder: Path, size: int | None) -> None:
    """Raise OSError when a file of `size` bytes has no room in `folder`."""
    if size and size > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, "no space left")


def _check(name: str, file: Path) -> None:
    wanted, got = next(iter(KNOWN[name])), sha256_of(file)
    if got != wanted:
        raise EncoderError(
            f"{name} came with sha256 {got[:12]}..., not {wanted[:12]}..., and was not kept; try again, or {OFFLINE}"
        )
