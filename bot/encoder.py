"""The optional sentence encoder: texts to vectors whose angle tells how alike they are in meaning."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MODEL, TOKENIZER = FILES = ("model.onnx", "tokenizer.json")
PACKAGES = ("onnxruntime", "tokenizers", "huggingface_hub")
REMEDY = f"pip install {' '.join(PACKAGES)} (make encoder does it)"
MAX_PIECES = 64
"""Word pieces of a text that are read; the time for one text grows with them, 64 take 10 ms."""
BATCH = 32
MAX_THREADS = 4
"""Batches that are encoded at the same time. On two cores this halves the time of many texts, and takes the one session
that there is; onnxruntime's own threads bring less (2.9 s where this takes 2.65 s) and spin while they wait."""

KEPT = 40_000
"""Texts of trainings whose rows are kept, in 768 bytes each: a quarter of a training's texts come twice, and nearly all
of them again when changed knowledge is trained on."""


class OnnxEncoder:
    """A sentence encoder kept as a folder: `model.onnx`, and the `tokenizer.json` of the same model."""

    def __init__(self, folder: Path) -> None:
        """Load the files of `folder`. Raises EncoderError when a package is missing or a file cannot be used."""
        _need_files(folder)
        try:
            import onnxruntime  # type: ignore[import-untyped] # noqa: PLC0415  # an optional extra, 0.3 s to import
            import tokenizers  # noqa: PLC0415
        except ImportError as error:
            raise EncoderError(f"{folder} holds an encoder, but {error.name} is not installed; {REMEDY}") from None
        self._tokenizer: Any = _loaded(folder / TOKENIZER, tokenizers.Tokenizer.from_file)
        self._pad = int((self._tokenizer.padding or {}).get("pad_id", 0))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = _loaded(
            folder / MODEL,
            lambda file: onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"]),
        )
        self._inputs = [item.name for item in self._session.get_inputs()]
        self.dimensions = _loaded(folder / MODEL, lambda _: self._means([self._read("a")]).shape[1])
        self.fingerprint = fingerprint(folder)
        self._kept: dict[str, NDArray[np.float16]] = {}

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row of unit length for each text: the mean of its word pieces' vectors."""
        if len(texts) <= BATCH:
            return self._encoded(texts)
        if len(self._kept.keys() | set(texts)) > KEPT:
            self._kept.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        self._kept.update(zip(new, self._encoded(new).astype(np.float16), strict=True))
        return np.stack([self._kept[text] for text in texts]).astype(np.float32)

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dimensions), dtype=np.float32)
        read = [self._read(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda number: len(read[number]))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]

        def encode(batch: list[int]) -> None:
            rows[batch] = self._means([read[number] for number in batch])

        if len(batches) > 1:
            with ThreadPoolExecutor(min(MAX_THREADS, os.cpu_count() or 1)) as pool:
                list(pool.map(encode, batches))
        elif batches:
            encode(batches[0])
        return rows

    def _read(self, text: str) -> list[int]:
        """Return the word pieces of a text; half a surrogate pair, which the tokenizer refuses, counts as "?"."""
        ids: list[int] = self._tokenizer.encode(text.encode("utf-8", "replace").decode()).ids
        return ids

    def _means(self, read: Sequence[list[int]]) -> NDArray[np.float32]:
        ids = np.full((len(read), max(1, *map(len, read))), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(read):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        vectors = self._session.run(None, {name: fed[name] for name in self._inputs})[0]
        means = np.einsum("tpd,tp->td", vectors, mask.astype(np.float32))
        unit: NDArray[np.float32] = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
        return unit


def has_files(folder: Path) -> bool:
    """Tell whether both files of an encoder are there."""
    return all((folder / name).is_file() for name in FILES)


def _need_files(folder: Path) -> None:
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise EncoderError(
            f"{folder} holds no {' and no '.join(missing)}; career-bot encoder fetch brings what is missing"
        )


def _loaded(file: Path, load: Any) -> Any:
    """Return what `load` makes of a file; whatever it does not like about the file is an EncoderError with its path."""
    try:
        return load(str(file))
    except Exception as error:  # noqa: BLE001  # tokenizers raises no narrower one
        reason = " ".join(str(error).split())[:200]
        raise EncoderError(f"{file} cannot be used ({reason}); career-bot encoder fetch brings a good one") from None


def fingerprint(folder: Path) -> str:
    """Return what tells one encoder's files from another's. Raises OSError.

    It is made from all of their content, which for 23 MB takes 15 ms, beside 350 to load them: so a copy has the same.
    """
    return hashlib.sha256("".join(sha256_of(folder / name) for name in FILES).encode()).hexdigest()


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits. Raises OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
