"""Where deliveries go, as it is written in the database."""

from __future__ import annotations

from bot.jobs.announcing import Venue


def target_of(channel: int, venue: Venue = Venue.TEXT) -> str:
    """Return how a channel, or the person whose id it is, is written as the target of a delivery."""
    return f"person:{channel}" if venue is Venue.PERSON else f"channel:{channel}"


def channel_of(target: str) -> int:
    """Return the id of the channel or person of a target."""
    return int(target.partition(":")[2])
