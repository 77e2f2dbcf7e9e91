"""The optional sentence encoder: texts to vectors whose angle tells how alike they are in meaning."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
MAX_PIECES = 64
"""Word pieces of a text that are read; the time for one text grows with them, 64 take 10 ms."""
BATCH = 32


class OnnxEncoder:
    """A sentence encoder kept as a folder: `model.onnx`, and the `tokenizer.json` of the same model."""

    def __init__(self, folder: Path) -> None:
        """Load the files of `folder`. Raises EncoderError when the packages are missing or a file is not what it should be."""
        try:
            import onnxruntime  # noqa: PLC0415  # an optional extra, 0.3 s to import
            import tokenizers  # noqa: PLC0415
        except ImportError as error:
            raise EncoderError(f"{error.name} is not installed; install career-bot[semantic]") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / MODEL), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise EncoderError(f"{folder} holds no usable encoder: {str(error)[:200]}") from None
        self._tokenizer.enable_truncation(MAX_PIECES)
        self._tokenizer.enable_padding()
        self._inputs = [item.name for item in self._session.get_inputs()]
        self.fingerprint = fingerprint(folder)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row of unit length for each text: the mean of its word pieces' vectors."""
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        rows = np.concatenate([self._encoded([texts[number] for number in batch]) for batch in batches])
        placed = np.empty_like(rows)
        placed[order] = rows
        return placed

    def _encoded(self, texts: list[str]) -> NDArray[np.float32]:
        read = self._tokenizer.encode_batch(texts)
        fed = {
            "input_ids": np.array([text.ids for text in read], dtype=np.int64),
            "attention_mask": np.array([text.attention_mask for text in read], dtype=np.int64),
            "token_type_ids": np.array([text.type_ids for text in read], dtype=np.int64),
        }
        pieces = self._session.run(None, {name: fed[name] for name in self._inputs})[0]
        mask = fed["attention_mask"][..., None].astype(np.float32)
        means = (pieces * mask).sum(axis=1) / mask.sum(axis=1)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return (means / np.maximum(lengths, 1e-9)).astype(np.float32)


def fingerprint(folder: Path) -> str:
    """Return what tells one encoder's files from another's."""
    digest = hashlib.blake2b(digest_size=16)
    for name in (MODEL, TOKENIZER):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()
