"""Settings: what is taken as meant, what is refused, and that secrets are never shown."""

import os
from pathlib import Path

import pytest

from bot.config import EncoderFolder, default_encoder, default_knowledge, read_config, read_environment
from bot.errors import SettingsError

TOKEN = "MTA0ODU3NjAwMDAwMDAwMDAw.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"


def faults_of(variables):
    with pytest.raises(SettingsError) as caught:
        read_config(variables)
    return caught.value.faults


def token_of(variables):
    token = read_config(variables).token
    return token and token.get_secret_value()


def test_nothing_needs_to_be_set():
    config = read_config({})
    assert config.token is None
    assert config.database_url.startswith("sqlite:///")
    assert config.knowledge == default_knowledge()
    assert config.encoder == EncoderFolder(default_encoder(), required=False)
    assert (config.announce_seconds, config.log_level) == (60, "INFO")
    assert not config.exit_when_stuck


def test_the_knowledge_that_ships_is_there():
    assert (default_knowledge() / "roles").is_dir()


def test_every_setting_is_read(tmp_path):
    config = read_config(
        {
            "DISCORD_TOKEN": TOKEN,
            "CAREER_BOT_DATABASE_URL": "sqlite+aiosqlite:////data/bot.db",
            "CAREER_BOT_KNOWLEDGE": str(tmp_path),
            "CAREER_BOT_ENCODER": str(tmp_path / "encoder"),
            "CAREER_BOT_ANNOUNCE_SECONDS": "5.5",
            "CAREER_BOT_EXIT_WHEN_STUCK": "true",
            "CAREER_BOT_DISCORD_API_URL": "http://127.0.0.1:8080/api",
            "CAREER_BOT_DISCORD_GATEWAY_URL": "ws://127.0.0.1:8081",
            "CAREER_BOT_LOG_LEVEL": "WARNING",
        }
    )
    assert config.database_url == "sqlite+aiosqlite:////data/bot.db"
    assert config.knowledge == tmp_path
    assert config.encoder == EncoderFolder(tmp_path / "encoder", required=True)
    assert config.announce_seconds == 5.5
    assert config.exit_when_stuck
    assert config.discord_api_url == "http://127.0.0.1:8080/api"
    assert config.discord_gateway_url == "ws://127.0.0.1:8081"
    assert config.log_level == "WARNING"


@pytest.mark.parametrize("off", ["off", "OFF", " Off "])
def test_the_encoder_can_be_switched_off(off):
    assert read_config({"CAREER_BOT_ENCODER": off}).encoder is None


def test_the_encoder_stands_beside_the_database_by_default():
    database = Path(read_config({}).database_url.removeprefix("sqlite:///"))
    assert default_encoder() == database.parent / "encoder"


BAD = {
    "CAREER_BOT_DATABASE_URL": "mysql://root:hunter2@host/jobs",
    "CAREER_BOT_ANNOUNCE_SECONDS": "often",
    "CAREER_BOT_EXIT_WHEN_STUCK": "perhaps",
    "CAREER_BOT_DISCORD_API_URL": "ftp://example.com",
    "CAREER_BOT_DISCORD_GATEWAY_URL": "https://example.com",
    "CAREER_BOT_LOG_LEVEL": "LOUD",
}


def test_every_fault_is_named_at_once(tmp_path):
    faults = faults_of(BAD | {"DISCORD_TOKEN_FILE": str(tmp_path / "missing")})
    assert {fault.partition(":")[0] for fault in faults} == {*BAD, "DISCORD_TOKEN_FILE"}
    assert len(faults) == len(BAD) + 1


def test_two_tokens_are_a_fault_beside_the_others(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    faults = faults_of(BAD | {"DISCORD_TOKEN": TOKEN, "DISCORD_TOKEN_FILE": str(file)})
    assert len(faults) == len(BAD) + 1
    assert any("both set" in fault for fault in faults)


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "1e9"])
def test_an_interval_that_makes_no_sense_is_refused(seconds):
    assert "CAREER_BOT_ANNOUNCE_SECONDS" in faults_of({"CAREER_BOT_ANNOUNCE_SECONDS": seconds})[0]


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:hunter2@host/db", "mongodb://host", "jobs.db", "sqlite://", "sqlite:///", "sqlite:///:memory:"],
)
def test_an_unknown_kind_of_database_is_refused_with_what_to_write(url):
    (fault,) = faults_of({"CAREER_BOT_DATABASE_URL": url})
    assert fault.startswith("CAREER_BOT_DATABASE_URL: ")
    assert "sqlite:///FILE" in fault
    assert "hunter2" not in fault


def test_secrets_are_never_in_the_message(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    shown = "\n".join(faults_of(BAD | {"DISCORD_TOKEN": TOKEN, "DISCORD_TOKEN_FILE": str(file)}))
    assert TOKEN not in shown
    assert "hunter2" not in shown


def test_secrets_are_never_in_the_repr():
    config = read_config({"DISCORD_TOKEN": TOKEN})
    assert TOKEN not in repr(config)
    assert TOKEN not in str(config)


@pytest.mark.parametrize(
    "pasted",
    [
        f"  {TOKEN}\n",
        f'"{TOKEN}"',
        f"'{TOKEN}'",
        f"Bot {TOKEN}",
        f'"Bot {TOKEN}"',
        f' "Bot  {TOKEN}" \r\n',
    ],
)
def test_a_token_is_taken_as_it_was_meant(pasted, tmp_path):
    file = tmp_path / "token"
    file.write_text(pasted)
    assert token_of({"DISCORD_TOKEN": pasted}) == TOKEN
    assert token_of({"DISCORD_TOKEN_FILE": str(file)}) == TOKEN


def test_a_missing_token_file_is_a_fault_with_its_name(tmp_path):
    (fault,) = faults_of({"DISCORD_TOKEN_FILE": str(tmp_path / "missing")})
    assert fault.startswith("DISCORD_TOKEN_FILE: ")
    assert str(tmp_path / "missing") in fault


@pytest.mark.parametrize("content", [b"", b" \n", b'""', b"\xff\xfe\xff"])
def test_a_token_file_that_holds_no_token_is_a_fault(content, tmp_path):
    file = tmp_path / "token"
    file.write_bytes(content)
    (fault,) = faults_of({"DISCORD_TOKEN_FILE": str(file)})
    assert fault.startswith("DISCORD_TOKEN_FILE: ")


def test_a_folder_is_no_token_file(tmp_path):
    assert "cannot be read" in faults_of({"DISCORD_TOKEN_FILE": str(tmp_path)})[0]


@pytest.mark.parametrize("empty", ["", "  ", "\t"])
def test_empty_values_count_as_unset(empty):
    names = ("DISCORD_TOKEN", "DISCORD_TOKEN_FILE", *BAD, "CAREER_BOT_KNOWLEDGE", "CAREER_BOT_ENCODER")
    assert read_config(dict.fromkeys(names, empty)) == read_config({})


def test_an_empty_token_beside_a_token_file_is_no_fault(tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN)
    assert token_of({"DISCORD_TOKEN": "", "DISCORD_TOKEN_FILE": str(file)}) == TOKEN


def test_other_variables_do_not_matter():
    assert read_config({"PATH": "/bin", "CAREER_BOT_SOMETHING": "else"}) == read_config({})


@pytest.fixture
def bare_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith(("CAREER_BOT_", "DISCORD_")):
            monkeypatch.delenv(name)


@pytest.mark.usefixtures("bare_environment")
def test_dot_env_is_read(tmp_path):
    (tmp_path / ".env").write_text("CAREER_BOT_LOG_LEVEL=ERROR\nDISCORD_TOKEN='Bot abc'\nA_NAME_ALONE\n")
    variables = read_environment(tmp_path)
    assert "A_NAME_ALONE" not in variables
    assert read_config(variables).log_level == "ERROR"
    assert token_of(variables) == "abc"


@pytest.mark.usefixtures("bare_environment")
def test_dot_env_is_overruled_by_the_environment(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("CAREER_BOT_LOG_LEVEL=ERROR\nCAREER_BOT_ANNOUNCE_SECONDS=5\n")
    monkeypatch.setenv("CAREER_BOT_LOG_LEVEL", "DEBUG")
    config = read_config(read_environment(tmp_path))
    assert (config.log_level, config.announce_seconds) == ("DEBUG", 5)


@pytest.mark.usefixtures("bare_environment")
def test_dot_env_is_looked_for_in_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("CAREER_BOT_LOG_LEVEL=ERROR\n")
    monkeypatch.chdir(tmp_path)
    assert read_environment()["CAREER_BOT_LOG_LEVEL"] == "ERROR"


@pytest.mark.usefixtures("bare_environment")
def test_without_dot_env_the_environment_stands_alone(tmp_path):
    assert read_environment(tmp_path) == dict(os.environ)


def test_a_dot_env_that_is_no_text_is_a_fault_with_its_path(tmp_path):
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\n")
    with pytest.raises(SettingsError) as caught:
        read_environment(tmp_path)
    assert str(tmp_path / ".env") in str(caught.value)
