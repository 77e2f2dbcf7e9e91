"""The schema of requests refuses what Discord refuses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.discord.requests_schema import SCHEMA, check_requests, faults_of

MENTIONS = {"allowed_mentions": {"parse": []}}
BUTTON = {"type": 2, "style": 1, "label": "Pay", "custom_id": "a"}


def request(json: Any, path: str = "/channels/1/messages/2", method: str = "PATCH") -> Any:
    return SimpleNamespace(method=method, path=path, json=json)


def page(*components: dict[str, Any]) -> dict[str, Any]:
    return {**MENTIONS, "flags": 1 << 15, "components": [{"type": 17, "components": list(components)}]}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(buttons)}


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def select(**changes: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]} | changes


def option(number: int) -> dict[str, Any]:
    return {"label": f"{number}", "value": f"{number}"}


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_a_good_message_passes():
    assert check_requests([request(page(text("hello"), row(BUTTON), row(select()))), request(None)]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x"},
        {**MENTIONS, "content": "x" * 2_001},
        {"content": "x", "allowed_mentions": {"parse": ["everyone"]}},
        {"content": "x", "allowed_mentions": {"parse": [], "users": ["1"]}},
        {"content": "x", "allowed_mentions": {"parse": [], "replied_user": True}},
        {**MENTIONS, "unheard_of": 1},
        {**MENTIONS, "components": [{"type": 17, "components": [text("x")]}]},
        {**page(text("x")), "content": "beside it"},
        page(),
        page(text("")),
        page(text("x" * 4_001)),
        page(text("x" * 2_001), text("x" * 2_001)),
        page(row()),
        page(row(*({**BUTTON, "custom_id": str(n)} for n in range(6)))),
        page(row({**BUTTON, "custom_id": "x" * 101})),
        page(row({**BUTTON, "label": "x" * 81})),
        page(row({"type": 2, "style": 5, "label": "Apply", "url": "javascript:alert(1)"})),
        page(row({"type": 2, "style": 5, "label": "Apply", "url": "https://a@b.example"})),
        page(row(BUTTON), row(BUTTON)),
        page(row(select(options=[option(n) for n in range(26)]))),
        page(row(select(options=[{"label": "x" * 101, "value": "a"}]))),
        page(row(select(placeholder="x" * 151))),
        page(*(text("x") for _ in range(41))),
        {**MENTIONS, "embeds": [{"description": "x" * 3_500}, {"description": "x" * 3_500}]},
        {**MENTIONS, "content": "x", "nonce": "x" * 26},
    ],
)
def test_a_message_beyond_a_limit_is_refused(body):
    assert faults_of(request(body))


def test_a_message_to_a_channel_needs_a_nonce():
    assert faults_of(request({**MENTIONS, "content": "x"}, "/channels/1/messages", "POST"))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x" * 101},
        {"applied_tags": [str(number) for number in range(6)]},
        {"auto_archive_duration": 90},
        {"message": page(text("x")) | {"nonce": "x"}},
        {"message": page(text("x" * 4_001))},
        {"nonce": "x"},
    ],
)
def test_a_bad_thread_is_refused(changes):
    body = {"name": "x", "applied_tags": ["1"], "message": page(text("x"))}
    assert not faults_of(request(body, "/channels/1/threads", "POST"))
    assert faults_of(request(body | changes, "/channels/1/threads", "POST"))


def test_more_than_25_choices_are_refused():
    body = {"type": 8, "data": {"choices": [{"name": "x", "value": "x"}] * 26}}
    assert faults_of(request(body, "/interactions/1/token/callback", "POST"))


@pytest.mark.parametrize(
    "command",
    [
        {"type": 1, "name": "Ask", "description": "x"},
        {"type": 1, "name": "ask me", "description": "x"},
        {"type": 1, "name": "ask", "description": "x" * 101},
        {"type": 1, "name": "ask", "description": ""},
        {"type": 3, "name": "x" * 33, "description": "", "options": []},
    ],
)
def test_a_bad_command_is_refused(command):
    assert faults_of(request([command], "/applications/1/commands", "PUT"))


def test_a_request_without_a_schema_is_a_fault():
    with pytest.raises(AssertionError, match="no schema"):
        check_requests([request({"name": "x"}, "/guilds/1", "PATCH")])
