"""Writes the settings of bot.config.Settings into .env.example and the table in README.md (`make docs`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pydantic import SecretStr

from bot.config import Settings

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
ENV_EXAMPLE = ROOT / ".env.example"
START, END = "<!-- settings -->", "<!-- /settings -->"

ENV_HEAD = """\
# Settings of the bot. Copy this file to .env and set what you need; the environment overrules .env, and an empty value
# counts as not set. A line that begins with "#" shows the default. Made by `make docs` from bot/config.py.
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as the documents show it; `default` is empty where there is none."""

    name: str
    default: str
    description: str
    secret: bool


def settings() -> tuple[Setting, ...]:
    """Return every field of Settings, in the order of the code."""
    return tuple(
        Setting(
            name=field.alias or name,
            default="" if field.default is None else str(field.default),
            description=field.description or "",
            secret=SecretStr in (field.annotation, *get_args(field.annotation)),
        )
        for name, field in Settings.model_fields.items()
    )


def env_example() -> str:
    """Return the text of .env.example: secrets to fill in, every other setting as a comment with its default."""
    return "\n".join([ENV_HEAD, *map(_env_entry, settings())])


def _env_entry(setting: Setting) -> str:
    note = " Secret." if setting.secret else ""
    assignment = f"{setting.name}={setting.default}"
    return f"# {setting.description}{note}\n{assignment if setting.secret else f'#{assignment}'}\n"


def settings_table() -> str:
    """Return the table of README.md."""
    rows = [f"| `{s.name}` | {f'`{s.default}`' if s.default else ''} | {_cell(s)} |" for s in settings()]
    return "\n".join(["| setting | default | what it does |", "|---|---|---|", *rows])


def _cell(setting: Setting) -> str:
    return setting.description.replace("|", "\\|") + (" **Secret.**" if setting.secret else "")


def with_settings(document: str) -> str:
    """Return `document` with the table between its two markers replaced; raises ValueError when one is missing."""
    before, after = document.index(START) + len(START), document.index(END)
    return f"{document[:before]}\n{settings_table()}\n{document[after:]}"


def main() -> None:
    """Write both files anew."""
    ENV_EXAMPLE.write_text(env_example(), encoding="utf-8")
    README.write_text(with_settings(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
