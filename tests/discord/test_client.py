"""The client: opens and closes what it was given, syncs commands once, runs the background, hands events on."""

from __future__ import annotations

import asyncio

import discord
import pytest
import simcord

from bot.frontends.discord.client import COMMANDS_KEY, sync_commands
from bot.frontends.discord.permissions import invite_link, lacking
from tests.fakes_discord import World

COMMANDS = {
    "ask",
    "role",
    "compare",
    "jobs",
    "saved",
    "announce",
    "alerts",
    "source",
    "job",
    "reload",
    "help",
    "Ask the career advisor",
}


def syncs(env) -> int:
    return sum(request.method == "PUT" and request.path.endswith("/commands") for request in env.http_requests)


async def test_the_commands_are_those_that_are_promised(place):
    commands = {name: command for (name, _), command in place.env.backend.commands[None].items()}
    assert set(commands) == COMMANDS
    options = {name: [option["name"] for option in command["options"]] for name, command in commands.items()}
    assert options == {
        "ask": ["question"],
        "role": ["role", "section"],
        "compare": ["first", "second", "third", "fourth", "section"],
        "jobs": ["latest", "search", "show", "why"],
        "announce": [
            "on",
            "off",
            "status",
            "setup",
            "edit",
            "pause",
            "resume",
            "remove",
            "list",
            "preview",
            "test",
        ],
        "source": ["add", "list", "pause", "resume", "remove"],
        "job": ["add", "edit", "close"],
        "saved": [],
        "alerts": ["add", "list", "pause", "resume", "remove"],
        "reload": [],
        "help": [],
        "Ask the career advisor": [],
    }


async def test_commands_are_sent_once_over_restarts(world):
    async with simcord.run(world.client()) as env:
        await env.restart_bot(world.client())
        await env.restart_bot(world.client())
        assert syncs(env) == 1


async def test_commands_are_sent_again_when_they_changed(world):
    async with simcord.run(world.client()) as env:
        world.memory.kept[COMMANDS_KEY] = "what was sent last"
        await env.restart_bot(world.client())
        assert syncs(env) == 2


async def test_commands_are_sent_again_for_another_application(world):
    async with simcord.run(world.client()) as env:
        assert await sync_commands(env.bot.tree, world.memory, 1)
        assert not await sync_commands(env.bot.tree, world.memory, 1)


async def test_the_same_client_can_be_set_up_again(world):
    client = world.client()
    async with simcord.run(client) as env:
        await env.restart_bot(client)
        assert world.opened == 2


async def test_services_are_opened_after_login_and_closed_with_the_client(world):
    client = world.client()
    assert world.opened == 0
    async with simcord.run(client):
        assert (world.opened, world.closed) == (1, 0)
    assert world.closed == 1


async def test_closing_twice_closes_once(world):
    client = world.client()
    async with simcord.run(client):
        pass
    await client.close()
    assert world.closed == 1


async def test_the_background_runs_from_ready_until_close(world):
    ran = []

    async def background():
        ran.append("started")
        try:
            await asyncio.sleep(3_600)
        finally:
            ran.append("ended")

    world.background = background
    async with simcord.run(world.client()) as env:
        await env.settle()
        assert ran == ["started"]
    assert ran == ["started", "ended"]


async def test_a_background_that_fails_closes_the_client_and_is_kept_as_the_reason(world):
    async def background():
        raise ValueError("boom")

    world.background = background
    client = world.client()
    async with simcord.run(client, check_errors=False) as env:
        await env.settle()
        assert isinstance(client.failure, ValueError)
        assert client.is_closed()


async def test_the_start_tells_how_to_invite_the_bot(world, caplog):
    caplog.set_level("INFO")
    async with simcord.run(world.client()) as env:
        assert invite_link(env.bot.application_id) in caplog.text
        assert "Ready as" in caplog.text


def test_the_invitation_names_both_scopes_and_the_permissions():
    link = invite_link(42)
    assert "client_id=42" in link
    assert "scope=bot+applications.commands" in link
    assert "permissions=274877975552" in link


def test_what_is_lacking_is_named_in_words():
    assert lacking(discord.Permissions.none()) == ("View Channel", "Send Messages", "Read Message History")
    assert lacking(discord.Permissions.all()) == ()


def test_a_client_is_made_without_doing_anything():
    client = World().client()
    assert client.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()
    assert client._connection.max_messages is None


async def test_events_before_the_services_are_open_do_nothing():
    client = World().client()
    await client.on_message(None)
    await client.pressed(None, "", ())
    await client.on_guild_remove(None)
    await client.on_guild_channel_delete(None)


async def test_an_error_in_an_event_is_logged(place, caplog):
    async def fail(_):
        raise ValueError("boom")

    place.world.announcing.channel_gone = fail
    place.env.backend.delete_channel(place.channel.id)
    await place.env.settle()
    assert "boom" in caplog.text
    assert len(place.env.errors) == 1


@pytest.mark.parametrize("path", ["/interactions/*/callback"])
async def test_when_nobody_can_be_told_any_more_it_is_only_logged(place, caplog, path):
    place.env.inject_error("POST", path, status=404, code=10062)
    result = await place.alice.slash(place.channel, "ask", question="what is mlops?")
    assert not result.acknowledged
    assert "reference" in caplog.text
    assert place.env.errors
