"""How the server answers: JSON bodies, and errors with Discord's codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

Json = dict[str, Any]


class ApiError(Exception):
    """A request that Discord would refuse, with the status and code it would give."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


UNAUTHORISED = ApiError(401, 0, "401: Unauthorized")
UNKNOWN_CHANNEL = ApiError(404, 10003, "Unknown Channel")
UNKNOWN_GUILD = ApiError(404, 10004, "Unknown Guild")
UNKNOWN_MESSAGE = ApiError(404, 10008, "Unknown Message")
UNKNOWN_WEBHOOK = ApiError(404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = ApiError(404, 10062, "Unknown interaction")
ALREADY_CROSSPOSTED = ApiError(400, 40033, "This message has already been crossposted.")
ALREADY_ACKNOWLEDGED = ApiError(400, 40060, "Interaction has already been acknowledged.")
MISSING_ACCESS = ApiError(403, 50001, "Missing Access")
EMPTY_MESSAGE = ApiError(400, 50006, "Cannot send an empty message")
THREAD_IS_ARCHIVED = ApiError(400, 50083, "Thread is archived")
MISSING_PERMISSIONS = ApiError(403, 50013, "Missing Permissions")


def invalid_form(field: str, problem: str) -> ApiError:
    """Return the refusal of a body with a bad field."""
    return ApiError(400, 50035, f"Invalid Form Body\nIn {field}: {problem}")


def json_reply(content: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return an answer whose Content-Type is exactly what discord.py compares with."""
    return web.Response(
        body=json.dumps(content).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def error_reply(error: ApiError) -> web.Response:
    """Return the answer for a refusal."""
    return json_reply({"message": error.message, "code": error.code}, status=error.status)


def rate_limited_reply(retry_after: float, *, scope: str) -> web.Response:
    """Return a 429 with the headers that Discord sends, `Via` among them."""
    headers = {
        "Retry-After": str(max(1, round(retry_after))),
        "Via": "1.1 google",
        "X-RateLimit-Scope": scope,
        "X-RateLimit-Reset-After": f"{retry_after:.3f}",
    }
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": scope == "global"}
    return json_reply(body, status=429, headers=headers)
