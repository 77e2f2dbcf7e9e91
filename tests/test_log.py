"""What is logged holds no token: not in messages, not in arguments, not in tracebacks."""

import logging

import pytest

from bot import log

BOT = "MTA0ODU3NjAwMDAwMDAwMDAw.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTA6dGhpcy1pcy1hLXRva2Vu"
WEBHOOK = "Zx_y-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture
def set_up(capsys):
    """Return what sets logging up and returns what tells all that it wrote; the loggers are put back at the end."""
    root, discord = logging.getLogger(), logging.getLogger("discord")
    handlers, levels = root.handlers[:], (root.level, discord.level)
    root.handlers[:] = []

    def start(level="INFO"):
        log.set_up(level)
        lines = []

        def shown():
            lines.append(capsys.readouterr().err)
            return "".join(lines)

        return shown

    yield start
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    discord.setLevel(levels[1])


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"logging in with {BOT}", BOT),
        (f"Authorization: Bot {BOT}", BOT),
        (f"POST https://discord.com/api/v10/webhooks/104857600000000000/{WEBHOOK}/messages", WEBHOOK),
        (f"POST https://discord.com/api/v10/interactions/104857600000000000/{INTERACTION}/callback", INTERACTION),
        (f"PATCH /webhooks/104857600000000000/{INTERACTION}/messages/@original returned 500", INTERACTION),
    ],
)
def test_tokens_are_hidden_and_the_rest_is_kept(text, secret):
    shown = log.hide_secrets(text)
    assert secret not in shown
    assert shown == text.replace(secret, "(hidden)")


@pytest.mark.parametrize(
    "text",
    [
        "career-bot 0.1.0 on 2026-11-24 at 12:00:00.123456",
        "https://discord.com/api/oauth2/authorize?client_id=104857600000000000&scope=bot",
        "/srv/data/career-bot.db: the disk is full",
        "job 3fa4c1d2e5b6a7089 for channel 104857600000000000 is tried again in 0:00:01",
    ],
)
def test_what_is_no_secret_is_not_touched(text):
    assert log.hide_secrets(text) == text


def test_a_token_among_the_arguments_is_hidden(set_up):
    logged = set_up()
    logging.getLogger("bot").warning("refused: %s", {"token": BOT})
    shown = logged()
    assert "refused" in shown
    assert BOT not in shown


def refuse(text, cause=None):
    raise RuntimeError(text) from cause


def test_a_token_in_a_traceback_is_hidden(set_up):
    logged = set_up()
    with pytest.raises(RuntimeError) as caught:
        refuse(f"401 for {BOT} at /interactions/104857600000000000/{INTERACTION}/callback")
    logging.getLogger("bot").warning("failed", exc_info=caught.value)
    shown = logged()
    assert "RuntimeError: 401 for (hidden) at /interactions/104857600000000000/(hidden)/callback" in shown
    assert BOT not in shown
    assert INTERACTION not in shown


def test_a_token_in_the_cause_of_an_error_is_hidden(set_up):
    logged = set_up()
    with pytest.raises(RuntimeError) as caught:
        refuse("outer", ValueError(f"inner {BOT}"))
    logging.getLogger("bot").warning("failed", exc_info=caught.value)
    shown = logged()
    assert "ValueError: inner (hidden)" in shown
    assert BOT not in shown


def test_a_line_names_level_and_logger(set_up):
    logged = set_up()
    logging.getLogger("bot.app").info("ready")
    assert logged().endswith("INFO    bot.app: ready\n")


def test_less_than_the_level_is_not_logged(set_up):
    logged = set_up()
    logging.getLogger("bot").debug("detail")
    assert logged() == ""


def test_discord_itself_is_never_logged_at_debug_level(set_up):
    logged = set_up("DEBUG")
    logging.getLogger("discord.gateway").debug("a private message")
    logging.getLogger("bot").debug("detail")
    shown = logged()
    assert "private" not in shown
    assert "detail" in shown


def test_discord_is_as_quiet_as_the_rest(set_up):
    logged = set_up("ERROR")
    logging.getLogger("discord.gateway").warning("a warning")
    assert logged() == ""
