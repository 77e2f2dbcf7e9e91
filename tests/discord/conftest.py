"""A career bot in a simulated Discord, with a server, a channel and two people in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from simcord import Env

from bot.frontends.discord.client import CareerClient
from tests.discord.requests_schema import check_requests
from tests.fakes_discord import World


@dataclass
class Place:
    """A server with a channel, an admin and two members; the admin may manage it."""

    env: Any
    world: World
    guild: Any
    channel: Any
    alice: Any
    bob: Any
    admin: Any


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def simcord_bot(world: World) -> CareerClient:
    return world.client()


@pytest.fixture
def place(world: World, simcord_env: Env) -> Iterator[Place]:
    """Return the place; at the end every request that the bot made is checked against the schema."""
    guild = simcord_env.create_guild("Careers")
    channel = guild.create_text_channel("career")
    role = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
    alice = guild.add_member(simcord_env.create_user("alice"))
    bob = guild.add_member(simcord_env.create_user("bob"))
    admin = guild.add_member(simcord_env.create_user("admin"), roles=[role])
    yield Place(simcord_env, world, guild, channel, alice, bob, admin)
    check_requests(simcord_env.http_requests)
