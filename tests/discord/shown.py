"""What the bot has shown, read from the requests that it made."""

from __future__ import annotations

from typing import Any

from bot.frontends.discord.custom_ids import MAX_LENGTH
from tests.discord.requests_schema import components_of, text_of


def answers(place: Any) -> list[str]:
    """Return the text of every message that the bot sent or edited, in order; defers and choices are none."""
    bodies = (request.json for request in place.env.http_requests if request.method in {"POST", "PATCH"})
    texts = (text_of(body) for body in bodies)
    return [text.strip() for text in texts if text.strip()]


def last(place: Any) -> str:
    """Return the text that was shown last."""
    return answers(place)[-1]


def mention(place: Any, text: str = "") -> str:
    """Return a message that mentions the bot."""
    return f"<@{place.env.bot.user.id}> {text}".strip()


def components(message: Any) -> list[dict[str, Any]]:
    """Return the components of a message that is stored in the simulated Discord, however deep."""
    return components_of({"components": message.components})


def custom_ids(message: Any) -> list[str]:
    """Return the custom_ids of a message's components."""
    found = [component["custom_id"] for component in components(message) if "custom_id" in component]
    assert all(len(custom_id) <= MAX_LENGTH for custom_id in found)
    return found
