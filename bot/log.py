"""What the process writes to standard error, with secrets taken out."""

from __future__ import annotations

import logging
import re
import sys

_SECRETS = (
    (re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w-]{20,}"), r"\1(hidden)"),
    (re.compile(r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"), "(hidden)"),
)


class _WithoutSecrets(logging.Formatter):
    """Formats as usual, then hides tokens of the bot, of webhooks and of interactions."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, or lines, of a record."""
        return hide_secrets(super().format(record))


def hide_secrets(text: str) -> str:
    """Return `text` with Discord's tokens replaced."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def set_up(level: str) -> None:
    """Log to standard error from `level` on; discord.py itself only from INFO on, since its DEBUG holds messages."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutSecrets("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # five lines that tell an operator nothing
    logging.getLogger("discord").setLevel(max(logging.INFO, logging.getLevelName(level)))
