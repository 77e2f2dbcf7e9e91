"""Settings, read from a mapping (the environment and .env), with every fault named at once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator

from bot.errors import SettingsError

PREFIX = "CAREER_BOT_"


class Settings(BaseModel):
    """What can be set. The documented table and .env.example are made from these fields."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, hide_input_in_errors=True)

    token: Annotated[
        SecretStr | None,
        Field(alias="DISCORD_TOKEN", description="The bot's token from Discord's developer portal."),
    ] = None
    token_file: Annotated[
        Path | None,
        Field(alias="DISCORD_TOKEN_FILE", description="A file that holds the token instead, such as a Docker secret."),
    ] = None
    database_url: Annotated[
        str | None,
        Field(
            alias=f"{PREFIX}DATABASE_URL",
            description="Where jobs and channels are kept, `sqlite:///FILE`. Default: in the user's data folder.",
        ),
    ] = None
    knowledge: Annotated[
        Path | None,
        Field(alias=f"{PREFIX}KNOWLEDGE", description="A folder of knowledge to serve instead of the one that ships."),
    ] = None
    encoder: Annotated[
        str | None,
        Field(
            alias=f"{PREFIX}ENCODER",
            description="A folder with a sentence encoder, or `off`. Default: `encoder` in the user's data folder.",
        ),
    ] = None
    announce_seconds: Annotated[
        float,
        Field(
            alias=f"{PREFIX}ANNOUNCE_SECONDS",
            ge=0.1,
            le=86_400,
            description="Seconds between two looks for featured jobs to announce.",
        ),
    ] = 60
    exit_when_stuck: Annotated[
        bool,
        Field(
            alias=f"{PREFIX}EXIT_WHEN_STUCK",
            description="Ends the process, for its supervisor to start it anew, when announcing makes no progress.",
        ),
    ] = False
    sources: Annotated[
        Path | None,
        Field(
            alias=f"{PREFIX}SOURCES",
            description="A YAML file of boards to poll for jobs. Default: `sources.yaml` in the user's data folder.",
        ),
    ] = None
    discord_api_url: Annotated[
        str | None,
        Field(
            alias=f"{PREFIX}DISCORD_API_URL",
            pattern=r"^https?://",
            description="A REST proxy to use in place of Discord's own address.",
        ),
    ] = None
    discord_gateway_url: Annotated[
        str | None,
        Field(
            alias=f"{PREFIX}DISCORD_GATEWAY_URL",
            pattern=r"^wss?://",
            description="A gateway proxy to use in place of Discord's own address.",
        ),
    ] = None
    log_level: Annotated[
        str,
        Field(
            alias=f"{PREFIX}LOG_LEVEL",
            pattern=r"^(DEBUG|INFO|WARNING|ERROR)$",
            description="How much is logged: DEBUG, INFO, WARNING or ERROR.",
        ),
    ] = "INFO"

    @field_validator("token", mode="before")
    @classmethod
    def _as_meant(cls, value: object) -> object:
        """Take a token that was pasted with blanks or with "Bot " in front as it was meant."""
        return _clean_token(value) if isinstance(value, str) else value

    @field_validator("token_file")
    @classmethod
    def _one_token(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value and info.data.get("token"):
            raise ValueError("DISCORD_TOKEN and DISCORD_TOKEN_FILE are both set; keep one")
        _token_from(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _on_sqlite(cls, value: str | None) -> str | None:
        if value and not re.match(r"sqlite(\+\w+)?:///.", value):
            scheme = value.partition(":")[0]
            raise ValueError(f"data is kept in a SQLite file; write sqlite:///FILE instead of {scheme}:")
        if value and value.endswith(":memory:"):
            raise ValueError("what is kept in memory is lost at the end; write sqlite:///FILE")
        return value


def _clean_token(value: str) -> str | None:
    return value.strip().strip("\"'").removeprefix("Bot ").strip() or None


def _token_from(file: Path | None) -> SecretStr | None:
    """Return the token that a file holds; raises ValueError when it cannot be read or holds none."""
    if file is None:
        return None
    try:
        token = _clean_token(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} cannot be read ({type(error).__name__})") from None
    if token is None:
        raise ValueError(f"{file} is empty")
    return SecretStr(token)


@dataclass(frozen=True, slots=True)
class EncoderFolder:
    """Where a sentence encoder is looked for; `required` when somebody set it, so that it must not be missing."""

    path: Path
    required: bool


@dataclass(frozen=True, slots=True)
class SourcesFile:
    """Where the file of sources is; `required` when somebody set it, so that it must not be missing."""

    path: Path
    required: bool


@dataclass(frozen=True, slots=True)
class Config:
    """Checked settings, with the defaults that depend on the machine filled in."""

    token: SecretStr | None
    database_url: str
    knowledge: Path
    encoder: EncoderFolder | None
    sources: SourcesFile
    announce_seconds: float
    exit_when_stuck: bool
    discord_api_url: str | None
    discord_gateway_url: str | None
    log_level: str


def read_environment(folder: Path | None = None) -> dict[str, str]:
    """Return the variables of `.env` in `folder` (default: the working folder), overruled by the environment's.

    Raises SettingsError when there is such a file and it cannot be read.
    """
    file = (folder or Path.cwd()) / ".env"
    try:
        values = dotenv_values(file)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError((f"{file} cannot be read ({type(error).__name__})",)) from None
    return {key: value for key, value in values.items() if value is not None} | dict(os.environ)


def read_config(variables: Mapping[str, str]) -> Config:
    """Check the settings among `variables`; an empty value counts as not set.

    Raises SettingsError with one line for every fault; secrets are never part of it.
    """
    try:
        settings = Settings.model_validate({key: value for key, value in variables.items() if value.strip()})
    except ValidationError as error:
        raise SettingsError(tuple(_line(fault) for fault in error.errors(include_input=False))) from None
    return Config(
        token=settings.token or _token_from(settings.token_file),
        database_url=settings.database_url or default_database_url(),
        knowledge=settings.knowledge or default_knowledge(),
        encoder=_encoder_folder(settings.encoder),
        sources=SourcesFile(settings.sources or _data_folder() / "sources.yaml", required=settings.sources is not None),
        announce_seconds=settings.announce_seconds,
        exit_when_stuck=settings.exit_when_stuck,
        discord_api_url=settings.discord_api_url,
        discord_gateway_url=settings.discord_gateway_url,
        log_level=settings.log_level,
    )


def _line(fault: Mapping[str, Any]) -> str:
    name = str(fault["loc"][0]) if fault["loc"] else "settings"
    return f"{name}: {fault['msg'].removeprefix('Value error, ')}"


def _encoder_folder(setting: str | None) -> EncoderFolder | None:
    """Return where to look for an encoder; None when none is wanted."""
    if setting is None:
        return EncoderFolder(default_encoder(), required=False)
    return None if setting.strip().lower() == "off" else EncoderFolder(Path(setting), required=True)


def default_database_url() -> str:
    """Return the address of the SQLite file in the user's data folder."""
    return f"sqlite:///{_data_folder() / 'career-bot.db'}"


def default_encoder() -> Path:
    """Return the folder in the user's data folder where an encoder is looked for when no other is set."""
    return _data_folder() / "encoder"


def _data_folder() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415  # 10 ms

    return user_data_path("career-bot", appauthor=False)


def default_knowledge() -> Path:
    """Return the folder of knowledge that ships with the program, installed or in a checkout."""
    installed = Path(__file__).parent / "knowledge"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "knowledge"
