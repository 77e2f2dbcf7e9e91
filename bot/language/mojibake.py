"""Repair of text that was written as UTF-8 and read as something else, a Thai code page included.

UTF-8 read as cp874 turns "–" into "โ€“" and "ö" into "รถ", which is also the Thai word for car. So a run of such
characters is repaired only when all of it is well-formed UTF-8, and its look or its neighbours say it is not Thai.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ROUNDS = 8


def repair(text: str) -> str:
    """Return `text` with misread UTF-8 put right; ASCII and real Thai stay. Repairing twice adds nothing."""
    if text.isascii():
        return text
    from ftfy import TextFixerConfig, fix_text  # noqa: PLC0415  # 60 ms that only broken text should cost

    # ftfy's uncurling makes `โ€"` of `โ€“`, and HTML is the business of whoever reads HTML
    config = TextFixerConfig(uncurl_quotes=False, unescape_html=False)
    for _ in range(_ROUNDS):
        before = text
        text = fix_text(_repair_thai(text), config)
        if text == before:
            break
    return text


def _read_as_thai() -> Iterator[tuple[str, int]]:
    """Yield what each byte above ASCII becomes: cp874, and where that has a gap, cp1252 and latin-1."""
    for value in range(0x80, 0x100):
        byte = bytes([value])
        thai = byte.decode("cp874", "ignore")
        for character in (thai,) if thai else (byte.decode("cp1252", "ignore"), byte.decode("latin-1")):
            if character:
                yield character, value


_BYTES = dict(_read_as_thai())
_RUN = re.compile(f"[{''.join(map(re.escape, _BYTES))}]+")
_THAI = re.compile("[\u0e01-\u0e5b]")
# what Thai writers use beside Thai letters: euro sign, ellipsis, quotes, bullet, dashes, no-break space
_COMMON = frozenset((0x80, 0x85, *range(0x91, 0x98), 0xA0))
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _repair_thai(text: str) -> str:
    return "".join(_repair_line(line) for line in text.splitlines(keepends=True))


def _repair_line(line: str) -> str:
    runs = [(match, _decode(match[0])) for match in _RUN.finditer(line) if _THAI.search(match[0])]
    if not any(decoded for _, decoded in runs):
        return line
    thai = any(decoded is None for _, decoded in runs)
    worded = any(character.isascii() and character.isalnum() for character in line)
    parts, end = [], 0
    for match, decoded in runs:
        before, after = line[match.start() - 1 : match.start()], line[match.end() : match.end() + 1]
        meant = decoded and _is_meant(match[0], decoded, before, after, thai=thai, worded=worded)
        parts += [line[end : match.start()], decoded if decoded and meant else match[0]]
        end = match.end()
    return "".join((*parts, line[end:]))


def _decode(run: str) -> str | None:
    """Return what the run's bytes say in UTF-8; None when they say nothing that text would hold."""
    try:
        decoded = bytes(_BYTES[character] for character in run).decode()
    except UnicodeDecodeError:
        return None
    return decoded if all(unicodedata.category(character) not in {"Cc", "Cn", "Co"} for character in decoded) else None


def _is_misread(text: str) -> bool:
    return _RUN.fullmatch(text) is not None and _decode(text) is not None


def _is_meant(run: str, decoded: str, before: str, after: str, *, thai: bool, worded: bool) -> bool:
    """Whether `decoded`, not `run`, is what was written; `thai` and `worded` tell what else the line holds."""
    alien = _looks_alien(bytes(_BYTES[character] for character in run))
    within_word = _is_latin(before) or (_is_latin(after) and after.islower())
    letters = sum(map(_is_letter, decoded))
    if letters:
        long_enough = letters > 1 or _is_misread(decoded)
        return (within_word and (alien or not thai)) or (alien and long_enough and not thai)
    if decoded.startswith("¡"):  # also a Thai word, to lift
        return _is_latin(after) and not thai
    return alien or (all(character <= "\u00bf" for character in decoded) and worded and not thai)


def _looks_alien(data: bytes) -> bool:
    """Whether no Thai writer would set these characters side by side, judged sequence by sequence."""
    return any(
        sequence[1] < 0xA0 or any(0x80 <= byte < 0xA0 and byte not in _COMMON for byte in sequence)
        for sequence in _SEQUENCE.findall(data)
    )


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" and not "\ufe00" <= character <= "\ufe0f"


def _is_latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"
