"""Where deliveries go, as it is written in the database."""

from __future__ import annotations

_CHANNEL = "channel:"


def target_of(channel: int) -> str:
    """Return how a channel is written as the target of a delivery."""
    return f"{_CHANNEL}{channel}"


def channel_of(target: str) -> int:
    """Return the channel of a target."""
    return int(target.removeprefix(_CHANNEL))
