"""Reading a folder of knowledge from disk, and writing a file in one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bot.advisor.yaml_reading import MAX_BYTES
from bot.errors import SettingsError

_ENDINGS = (".yaml", ".yml")


def read_folder(path: Path) -> dict[str, bytes]:
    """Return the YAML files in a folder by their path within it, with forward slashes.

    Hidden files, and links that lead out of the folder, are passed over. Of a file that is too large one byte more
    than is allowed is read, so that its fault is reported with the others. Raises SettingsError when the folder is
    missing, holds no YAML file, or cannot be read.
    """
    if not path.is_dir():
        raise SettingsError((f"the knowledge folder {path} does not exist",))
    try:
        files = {name: _read(path / name) for name in _names(path)}
    except OSError as error:
        raise SettingsError((f"the knowledge folder {path} cannot be read: {error}",)) from None
    if not files:
        raise SettingsError((f"the knowledge folder {path} holds no .yaml file",))
    return files


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that everybody may read, whole or not at all. Raises OSError."""
    handle, unfinished = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def _names(root: Path) -> list[str]:
    names = []
    for folder, folders, files in os.walk(root, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = Path(folder)
        names += [
            (here / name).relative_to(root).as_posix()
            for name in files
            if name.lower().endswith(_ENDINGS) and not name.startswith(".") and _stands_in(here / name, root)
        ]
    return sorted(names)


def _raise(error: OSError) -> None:
    raise error


def _stands_in(file: Path, root: Path) -> bool:
    return file.is_file() and file.resolve().is_relative_to(root.resolve())


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)
