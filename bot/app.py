"""The one place that builds, wires and closes everything."""

from __future__ import annotations

from pathlib import Path

from bot.advisor.advisor import Advisor
from bot.advisor.loading import load_knowledge
from bot.cache import keep_heads, key_of, read_heads
from bot.config import read_config, read_environment
from bot.folder import read_folder


def load_advisor(folder: Path | None = None) -> Advisor:
    """Return an advisor for the knowledge in `folder` (default: the one that the settings name).

    Raises SettingsError when there is no such folder and KnowledgeError with every fault of what is in it.
    """
    folder = folder or read_config(read_environment()).knowledge
    files = read_folder(folder)
    knowledge = load_knowledge(files)
    kept, key = cache_folder(), key_of(files)
    trained = read_heads(kept, key)
    advisor = Advisor(knowledge, trained=trained)
    if trained is None:
        keep_heads(kept, key, advisor.interpreter.trained)
    return advisor


def cache_folder() -> Path:
    """Return the folder for what can be computed anew."""
    from platformdirs import user_cache_path  # noqa: PLC0415  # a test that hands in everything needs none

    return user_cache_path("career-bot", appauthor=False)
