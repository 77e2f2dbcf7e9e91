"""Keeps trained heads between starts, so that only the first start with a knowledge base trains them."""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.advisor import features, intent, meaning, recognition, scoring
from bot.advisor.intent import TrainedHead
from bot.folder import write_whole
from bot.language import lexicon, text

if TYPE_CHECKING:
    from collections.abc import Mapping


_DIGEST = 16
"""Bytes before the arrays that tell whether they are as they were written."""
KEPT = 4
"""Heads that stay: who goes to and fro between knowledge bases, or changes of one, does not train each time."""
PARTS = tuple(field.name for field in fields(TrainedHead))


def key_of(files: Mapping[str, bytes], encoder: str | None = None) -> str:
    """Return a key that changes with any file of a knowledge base and with the code that trains on it.

    `encoder` is the fingerprint of the sentence encoder that takes part in the training.
    """
    digest = hashlib.blake2b(digest_size=_DIGEST)
    code = [Path(str(module.__file__)) for module in (features, intent, meaning, recognition, scoring, lexicon, text)]
    if encoder:
        code.append(
            Path(__file__).with_name("encoder.py")
        )  # named by its path: whoever has no encoder never imports it
        digest.update(f"{encoder}\0".encode())
    for file in code:
        digest.update(file.read_bytes())
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def read_heads(folder: Path, key: str) -> dict[str, TrainedHead] | None:
    """Return the heads kept under `key`; None when there are none, or the file is damaged or cannot be read."""
    try:
        content = _file(folder, key).read_bytes()
    except OSError:
        return None
    digest, written = content[:_DIGEST], content[_DIGEST:]
    if digest != _digest(written):
        return None
    with np.load(io.BytesIO(written), allow_pickle=False) as arrays:
        names = {name.rpartition(".")[0] for name in arrays.files}
        return {name: TrainedHead(**{part: arrays[f"{name}.{part}"] for part in PARTS}) for name in names}


def keep_heads(folder: Path, key: str, heads: Mapping[str, TrainedHead]) -> None:
    """Keep `heads` under `key`, and a few older ones; a folder that cannot be written costs only the next start."""
    written = io.BytesIO()
    arrays = {f"{name}.{part}": getattr(head, part) for name, head in heads.items() for part in PARTS}
    np.savez_compressed(written, allow_pickle=False, **arrays)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for old in _newest_first(folder)[KEPT - 1 :]:
            old.unlink(missing_ok=True)
        write_whole(_file(folder, key), _digest(written.getvalue()) + written.getvalue())


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("heads-*"), key=lambda file: file.stat().st_mtime_ns, reverse=True)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()


def _file(folder: Path, key: str) -> Path:
    return folder / f"heads-{key}"
