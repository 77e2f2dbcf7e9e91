"""The bot's process: how it starts, survives and ends."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.listing import import_jobs, switch_on
from tests.e2e.process import Finished, Installation
from tests.loopback.messages import text_of
from tests.loopback.server import LoopbackDiscord
from tests.loopback.waiting import eventually
from tests.loopback.world import Channel, User

QUESTION = "What does a data scientist do?"
NEWS = re.compile(r"\S+ \S+ (INFO|WARNING) ")


async def test_a_mention_a_private_message_and_a_command_are_answered(
    installation: Installation, server: LoopbackDiscord, channel: Channel, alice: User
):
    private = server.world.private_channel(alice)
    await installation.run()
    await server.say(channel, alice, f"<@{server.world.bot.id}> {QUESTION}")
    await server.say(private, alice, QUESTION)
    interaction = await server.choose(channel, alice, "ask", question=QUESTION)
    assert "data scientist" in (await interaction.answer()).lower()
    for place in (channel, private):
        answers = await eventually(lambda place=place: [each for each in server.from_bot(place) if each["type"] == 19])
        assert [("data scientist" in text_of(answer).lower()) for answer in answers] == [True]
    assert server.unknown == []


async def test_a_refused_token_ends_the_bot_with_one_line(installation: Installation, server: LoopbackDiscord):
    refused = await installation.command("run", DISCORD_TOKEN="a.wrong.token")
    assert refused.code == 1
    [line] = faults(refused)
    assert "token" in line
    assert "a.wrong.token" not in refused.errors + refused.output
    assert server.gateway.counts == {}


async def test_a_token_that_is_reset_ends_the_bot_with_one_line(
    installation: Installation, server: LoopbackDiscord, channel: Channel, admin: User, tmp_path: Path
):
    bot = await installation.run()
    await switch_on(server, admin, channel)
    server.reset_token("another.new.token")
    await import_jobs(installation, tmp_path, range(1))
    refused = await bot.ended()
    assert refused.code == 1
    [line] = faults(refused)
    assert "token" in line


async def test_a_token_pasted_with_more_around_it_is_taken_as_meant(
    installation: Installation, server: LoopbackDiscord
):
    await installation.run(DISCORD_TOKEN=f'  "Bot {server.token} "\n')
    assert {request.authorization for request in server.record} == {f"Bot {server.token}"}


async def test_a_refused_first_connection_is_tried_again(
    installation: Installation, server: LoopbackDiscord, channel: Channel, alice: User
):
    server.gateway.refuse_next(1)
    bot = await installation.run()
    assert server.gateway.counts == {"connected": 2, "refused": 1, "identified": 1}
    await server.say(channel, alice, f"<@{server.world.bot.id}> {QUESTION}")
    await eventually(lambda: server.from_bot(channel))
    assert bot.lives


async def test_a_message_missed_while_disconnected_is_answered_once(
    installation: Installation, server: LoopbackDiscord, channel: Channel, alice: User
):
    await installation.run()
    server.gateway.drop()
    await server.say(channel, alice, f"<@{server.world.bot.id}> {QUESTION}")
    await eventually(lambda: server.from_bot(channel))
    await server.say(channel, alice, f"<@{server.world.bot.id}> thanks")
    await eventually(lambda: len(server.from_bot(channel)) >= 2)
    assert len(server.from_bot(channel)) == 2
    assert server.gateway.counts == {"connected": 2, "identified": 1, "resumed": 1}


async def test_sigterm_ends_the_bot_cleanly(installation: Installation, server: LoopbackDiscord):
    bot = await installation.run()
    await eventually(lambda: "Ready" in bot.errors)
    stopped = await bot.stop()
    assert stopped.code == 0
    assert faults(stopped) == []
    await eventually(lambda: server.gateway.closes)
    assert server.gateway.closes == [1000]


async def test_sigterm_ends_a_bot_that_waits_for_discord(installation: Installation, server: LoopbackDiscord):
    server.gateway.refuse_next(1000)
    bot = await installation.start("run")
    await eventually(lambda: server.gateway.counts["refused"])
    assert (await bot.stop()).code == 0


async def test_a_second_bot_on_the_same_database_ends_with_one_line(
    installation: Installation, server: LoopbackDiscord, channel: Channel, alice: User
):
    first = await installation.run()
    second = await installation.command("run")
    assert second.code == 1
    [line] = faults(second)
    assert "already runs" in line
    assert first.lives
    await server.say(channel, alice, f"<@{server.world.bot.id}> {QUESTION}")
    await eventually(lambda: server.from_bot(channel))


async def test_commands_are_sent_once_and_not_after_a_restart(installation: Installation, server: LoopbackDiscord):
    for _ in range(2):
        bot = await installation.run()
        await bot.kill()
    assert server.interactions.syncs == 1
    assert {"ask", "compare", "role", "jobs", "announce", "help"} <= {
        command["name"] for command in server.interactions.commands
    }


def faults(finished: Finished) -> list[str]:
    """Return the lines on stderr that are not the log's news or warnings."""
    return [line for line in finished.errors.splitlines() if not NEWS.match(line)]
