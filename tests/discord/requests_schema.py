"""What Discord documents as the limits of the requests that the bot makes, as a JSON Schema, and a check against it.

A schema can't add up: how much text and how many components a message has in all, and whether its custom_ids are
unique, is counted beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

MAX_COMPONENTS = 40
MAX_COMPONENT_TEXT = 4_000
MAX_EMBED_TEXT = 6_000
COMPONENTS_V2 = 1 << 15

_SNOWFLAKE = {"type": ["string", "integer"], "pattern": r"^\d{1,20}$"}
_TEXT_OF_COMMAND = {"type": "string", "minLength": 1, "maxLength": 100}
_COMMAND_NAME = {"type": "string", "pattern": r"^[-_'\w]{1,32}$"}


def _text(maximum: int, minimum: int = 1) -> dict[str, Any]:
    return {"type": "string", "minLength": minimum, "maxLength": maximum}


def _component(kind: int, needed: Iterable[str] = (), /, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"type": {"const": kind}, "id": {"type": ["integer", "null"]}, **properties},
        "required": ["type", *needed],
        "additionalProperties": False,
    }


_EMOJI = {"type": "object", "properties": {"id": {}, "name": _text(32), "animated": {"type": "boolean"}}}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:discord-requests",
    "$defs": {
        "button": {
            "oneOf": [
                _component(
                    2,
                    ["style", "custom_id"],
                    style={"enum": [1, 2, 3, 4]},
                    label=_text(80),
                    custom_id=_text(100),
                    emoji=_EMOJI,
                    disabled={"type": "boolean"},
                ),
                _component(
                    2,
                    ["style", "url"],
                    style={"const": 5},
                    label=_text(80),
                    url={**_text(512), "pattern": r"^https?://[^\s@]+$"},
                    emoji=_EMOJI,
                    disabled={"type": "boolean"},
                ),
            ],
            "anyOf": [{"required": ["label"]}, {"required": ["emoji"]}],
        },
        "option": {
            "type": "object",
            "properties": {
                "label": _text(100),
                "value": _text(100),
                "description": {"type": ["string", "null"], "maxLength": 100},
                "emoji": _EMOJI,
                "default": {"type": "boolean"},
            },
            "required": ["label", "value"],
            "additionalProperties": False,
        },
        "select": _component(
            3,
            ["custom_id", "options"],
            custom_id=_text(100),
            placeholder=_text(150),
            options={"type": "array", "minItems": 1, "maxItems": 25, "items": {"$ref": "#/$defs/option"}},
            min_values={"type": "integer", "minimum": 0, "maximum": 25},
            max_values={"type": "integer", "minimum": 1, "maximum": 25},
            disabled={"type": "boolean"},
            required={"type": "boolean"},
        ),
        "role_select": _component(
            6,
            ["custom_id"],
            custom_id=_text(100),
            placeholder=_text(150),
            min_values={"type": "integer", "minimum": 0, "maximum": 25},
            max_values={"type": "integer", "minimum": 1, "maximum": 25},
            default_values={
                "type": "array",
                "maxItems": 25,
                "items": {"type": "object", "properties": {"id": _SNOWFLAKE, "type": {"const": "role"}}},
            },
            disabled={"type": "boolean"},
            required={"type": "boolean"},
        ),
        "row": _component(
            1,
            ["components"],
            components={
                "oneOf": [
                    {"type": "array", "minItems": 1, "maxItems": 5, "items": {"$ref": "#/$defs/button"}},
                    {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "#/$defs/select"}},
                    {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "#/$defs/role_select"}},
                ]
            },
        ),
        "text": _component(10, ["content"], content=_text(4_000)),
        "separator": _component(14, divider={"type": "boolean"}, spacing={"enum": [1, 2]}),
        "container": _component(
            17,
            ["components"],
            accent_color={"type": ["integer", "null"], "minimum": 0, "maximum": 0xFFFFFF},
            spoiler={"type": "boolean"},
            components={
                "type": "array",
                "minItems": 1,
                "items": {"oneOf": [{"$ref": "#/$defs/row"}, {"$ref": "#/$defs/text"}, {"$ref": "#/$defs/separator"}]},
            },
        ),
        "embed": {
            "type": "object",
            "properties": {
                "title": _text(256),
                "description": _text(4_096),
                "footer": {"type": "object", "properties": {"text": _text(2_048)}},
                "author": {"type": "object", "properties": {"name": _text(256)}},
                "fields": {
                    "type": "array",
                    "maxItems": 25,
                    "items": {
                        "type": "object",
                        "properties": {"name": _text(256), "value": _text(1_024)},
                        "required": ["name", "value"],
                    },
                },
            },
        },
        "one_mention": {
            "description": "What the bot sends may ping nobody but one role that an admin chose.",
            "type": "object",
            "properties": {
                "parse": {"const": []},
                "replied_user": {"const": False},
                "roles": {"type": "array", "maxItems": 1, "items": _SNOWFLAKE},
            },
            "required": ["parse"],
            "additionalProperties": False,
        },
        "no_mentions": {
            "description": "Nothing that the bot answers may ping anybody.",
            "allOf": [{"$ref": "#/$defs/one_mention"}],
            "not": {"required": ["roles"]},
        },
        "message": {
            "type": "object",
            "properties": {
                "content": {"type": ["string", "null"], "maxLength": 2_000},
                "embeds": {"type": "array", "maxItems": 10, "items": {"$ref": "#/$defs/embed"}},
                "components": {"type": "array", "items": {"$ref": "#/$defs/container"}},
                "flags": {"type": "integer"},
                "tts": {"const": False},
                "nonce": {"type": ["string", "integer"], "maxLength": 25},
                "enforce_nonce": {"const": True},
                "allowed_mentions": {"$ref": "#/$defs/one_mention"},
                "message_reference": {
                    "type": "object",
                    "properties": {
                        "message_id": _SNOWFLAKE,
                        "channel_id": _SNOWFLAKE,
                        "guild_id": _SNOWFLAKE,
                        "fail_if_not_exists": {"type": "boolean"},
                        "type": {"const": 0},
                    },
                    "required": ["message_id"],
                    "additionalProperties": False,
                },
                "attachments": {"const": []},
                "sticker_ids": {"const": []},
            },
            "required": ["allowed_mentions"],
            "additionalProperties": False,
            "if": {"properties": {"flags": {"type": "integer", "minimum": COMPONENTS_V2}}, "required": ["flags"]},
            "then": {
                "properties": {
                    "content": {"const": None},
                    "embeds": {"const": []},
                    "components": {"minItems": 1},
                },
                "required": ["components"],
            },
            "else": {"properties": {"components": {"const": []}}},
        },
        "answer": {
            "allOf": [
                {"$ref": "#/$defs/message"},
                {"properties": {"allowed_mentions": {"$ref": "#/$defs/no_mentions"}}},
            ]
        },
        "channel_message": {
            "allOf": [
                {"$ref": "#/$defs/message"},
                {"required": ["nonce", "enforce_nonce"]},
            ]
        },
        "forum_thread": {
            "type": "object",
            "properties": {
                "name": _text(100),
                "auto_archive_duration": {"enum": [60, 1_440, 4_320, 10_080]},
                "rate_limit_per_user": {"type": ["integer", "null"]},
                "type": {"const": 11},
                "applied_tags": {"type": "array", "maxItems": 5, "items": _SNOWFLAKE},
                "message": {"allOf": [{"$ref": "#/$defs/message"}, {"not": {"required": ["nonce"]}}]},
            },
            "required": ["name", "message"],
            "additionalProperties": False,
        },
        "choices": {
            "type": "array",
            "maxItems": 25,
            "items": {
                "type": "object",
                "properties": {"name": _text(100), "value": _text(100), "name_localizations": {}},
                "required": ["name", "value"],
                "additionalProperties": False,
            },
        },
        "text_input": _component(
            4,
            ["style", "custom_id"],
            style={"enum": [1, 2]},
            custom_id=_text(100),
            label={"type": "null"},
            placeholder=_text(100),
            value=_text(4_000),
            required={"type": "boolean"},
            min_length={"type": "integer", "minimum": 0, "maximum": 4_000},
            max_length={"type": "integer", "minimum": 1, "maximum": 4_000},
        ),
        "label": _component(
            18,
            ["label", "component"],
            label=_text(45),
            description=_text(100),
            component={"$ref": "#/$defs/text_input"},
        ),
        "modal": {
            "type": "object",
            "properties": {
                "custom_id": _text(100),
                "title": _text(45),
                "components": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 5,
                    "items": {"$ref": "#/$defs/label"},
                },
            },
            "required": ["custom_id", "title", "components"],
            "additionalProperties": False,
        },
        "response": {
            "type": "object",
            "properties": {"type": {"enum": [4, 5, 6, 7, 8, 9]}, "data": {}},
            "required": ["type"],
            "additionalProperties": False,
            "allOf": [
                {
                    "if": {"properties": {"type": {"enum": [4, 7]}}},
                    "then": {"properties": {"data": {"$ref": "#/$defs/answer"}}, "required": ["data"]},
                },
                {
                    "if": {"properties": {"type": {"const": 9}}},
                    "then": {"properties": {"data": {"$ref": "#/$defs/modal"}}, "required": ["data"]},
                },
                {
                    "if": {"properties": {"type": {"const": 8}}},
                    "then": {
                        "properties": {
                            "data": {
                                "type": "object",
                                "properties": {"choices": {"$ref": "#/$defs/choices"}},
                                "required": ["choices"],
                                "additionalProperties": False,
                            }
                        },
                        "required": ["data"],
                    },
                },
            ],
        },
        "command_option": {
            "type": "object",
            "properties": {
                "type": {"type": "integer", "minimum": 1, "maximum": 11},
                "name": _COMMAND_NAME,
                "description": _TEXT_OF_COMMAND,
                "required": {"type": "boolean"},
                "choices": {"$ref": "#/$defs/choices"},
                "options": {"type": "array", "maxItems": 25, "items": {"$ref": "#/$defs/command_option"}},
                "min_length": {"type": "integer", "minimum": 0, "maximum": 6_000},
                "max_length": {"type": "integer", "minimum": 1, "maximum": 6_000},
                "min_value": {},
                "max_value": {},
                "autocomplete": {"type": "boolean"},
                "channel_types": {"type": "array"},
                "name_localizations": {},
                "description_localizations": {},
            },
            "required": ["type", "name", "description"],
            "additionalProperties": False,
            "not": {"required": ["autocomplete", "choices"], "properties": {"autocomplete": {"const": True}}},
        },
        "thread_change": {
            "type": "object",
            "properties": {"archived": {"type": "boolean"}},
            "required": ["archived"],
            "additionalProperties": False,
        },
        "private_channel": {
            "type": "object",
            "properties": {"recipient_id": {"type": ["string", "integer"], "pattern": r"^\d{1,20}$"}},
            "required": ["recipient_id"],
            "additionalProperties": False,
        },
        "commands": {
            "type": "array",
            "maxItems": 130,
            "items": {
                "type": "object",
                "properties": {"type": {"enum": [1, 2, 3]}},
                "required": ["name", "type"],
                "if": {"properties": {"type": {"const": 1}}},
                "then": {
                    "properties": {
                        "name": {**_COMMAND_NAME, "not": {"pattern": "[A-Z]"}},
                        "description": _TEXT_OF_COMMAND,
                        "options": {"type": "array", "maxItems": 25, "items": {"$ref": "#/$defs/command_option"}},
                    },
                    "required": ["description"],
                },
                "else": {"properties": {"name": _text(32), "description": {"const": ""}, "options": {"const": []}}},
            },
        },
    },
}

_ROUTES = (
    ("POST", r"/channels/\d+/messages", "channel_message"),
    ("POST", r"/channels/\d+/threads", "forum_thread"),
    ("PATCH", r"/channels/\d+/messages/\d+", "message"),
    ("PATCH", r"/channels/\d+", "thread_change"),
    ("POST", r"/interactions/\d+/[^/]+/callback", "response"),
    ("POST", r"/webhooks/\d+/[^/]+", "answer"),
    ("PATCH", r"/webhooks/\d+/[^/]+/messages/[^/]+", "answer"),
    ("PUT", r"/applications/\d+/commands", "commands"),
    ("POST", r"/users/@me/channels", "private_channel"),
)
_REGISTRY: Registry[Any] = Registry().with_resource("urn:discord-requests", Resource.from_contents(SCHEMA))
_VALIDATORS = {
    name: Draft202012Validator({"$ref": f"urn:discord-requests#/$defs/{name}"}, registry=_REGISTRY)
    for _, _, name in _ROUTES
}


def check_requests(requests: Iterable[Any]) -> int:
    """Check every request that carries a body, and return how many did. Raises AssertionError with all faults."""
    checked, faults = 0, []
    for request in requests:
        if request.json is None:
            continue
        checked += 1
        faults += [f"{request.method} {request.path}: {fault}" for fault in faults_of(request)]
    assert not faults, "\n".join(faults)
    return checked


def faults_of(request: Any) -> list[str]:
    """Return what is wrong with one request."""
    for method, path, name in _ROUTES:
        if method == request.method and re.fullmatch(path, request.path):
            found = [
                f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
                for error in _VALIDATORS[name].iter_errors(request.json)
            ]
            return [*found, *_sums(request.json)]
    return ["no schema for this request"]


def components_of(body: Any) -> list[dict[str, Any]]:
    """Return all components of a request, however deep."""
    return list(_walk(_message(body).get("components") or []))


def text_of(body: Any) -> str:
    """Return all text that a request shows in its message."""
    message = _message(body)
    shown = [str(component["content"]) for component in components_of(body) if component["type"] == 10]
    return "\n".join([message.get("content") or "", *shown])


def _message(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        return {}
    nested = body.get("data", body.get("message"))
    return nested if isinstance(nested, dict) else body


def _sums(body: Any) -> Iterator[str]:
    components = components_of(body)
    if len(components) > MAX_COMPONENTS:
        yield f"{len(components)} components"
    text = sum(len(component["content"]) for component in components if component["type"] == 10)
    if text > MAX_COMPONENT_TEXT:
        yield f"{text} characters of text"
    ids = [component["custom_id"] for component in components if "custom_id" in component]
    if len(ids) != len(set(ids)):
        yield f"custom_ids are not unique: {ids}"
    embeds = sum(len(str(value)) for embed in _message(body).get("embeds") or [] for value in embed.values())
    if embeds > MAX_EMBED_TEXT:
        yield f"{embeds} characters in embeds"


def _walk(components: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])
