"""What an optional sentence encoder adds: a vector for a text, with plain words where slots stand."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

REMEMBERED = 512
"""Texts whose vectors are kept: those of one message, and what people keep asking."""
_SPOKEN = {
    "{role}": "this role",
    "{term}": "this technology",
    "{place}": "this country",
    "{level}": "senior",
    "{year}": "2025",
    "{money}": "100k",
}


class Encoder(Protocol):
    """Turns texts into rows of unit length whose products tell how alike the texts are in meaning."""

    @property
    def fingerprint(self) -> str:
        """What tells this encoder from others."""
        ...

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return texts x dimensions."""
        ...


class Meanings:
    """Encodes the words of texts and remembers the latest; says None where there is no encoder."""

    def __init__(self, encoder: Encoder | None) -> None:
        self._encoder = encoder
        self._remembered: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    @property
    def has_encoder(self) -> bool:
        """Whether there is an encoder."""
        return self._encoder is not None

    def of_all(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32] | None:
        """Return the vectors of many texts, none of which is remembered."""
        return self._encoder([_spoken(tokens) for tokens in texts]) if self._encoder and texts else None

    def of(self, tokens: Sequence[str]) -> NDArray[np.float32] | None:
        """Return the vector of one text."""
        if self._encoder is None:
            return None
        self.prepare([tokens])
        return self._remembered[_spoken(tokens)]

    def prepare(self, texts: Iterable[Sequence[str]]) -> None:
        """Encode together what will be asked for one by one: that is quicker."""
        if self._encoder is None:
            return
        missing = [text for text in dict.fromkeys(map(_spoken, texts)) if text not in self._remembered]
        if missing:
            self._remembered.update(zip(missing, self._encoder(missing), strict=True))
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)


def _spoken(tokens: Sequence[str]) -> str:
    return " ".join(_SPOKEN.get(token, token) for token in tokens)
