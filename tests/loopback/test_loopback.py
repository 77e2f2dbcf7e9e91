"""The loopback Discord, as discord.py finds it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands

from tests.fakes import simulate
from tests.loopback.clock import Clock
from tests.loopback.faults import Fault, FaultPlan
from tests.loopback.messages import text_of
from tests.loopback.pauses import Pauses
from tests.loopback.record import Record, Request
from tests.loopback.server import LoopbackDiscord
from tests.loopback.waiting import eventually
from tests.loopback.world import Channel, Kind, Overwrite, Permission, User

GREETING = "hello"


class Echo(discord.Client):
    """Answers mentions with what was said, and knows one command and one group."""

    def __init__(self, *, intents: discord.Intents | None = None) -> None:
        intents = intents or discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(intents=intents, guild_ready_timeout=0.05)
        self.running: asyncio.Task[None] | None = None
        self.heard: list[str] = []
        self.ready: int = 0
        self.tree = app_commands.CommandTree(self)
        group = app_commands.Group(name="count", description="Counting.")

        @self.tree.command(name="echo", description="Says it again.")
        async def echo(interaction: discord.Interaction, words: str, number: int = 1) -> None:
            await interaction.response.send_message(words * number)
            await interaction.followup.send("and once more", ephemeral=True)

        @group.command(name="slowly", description="Takes its time.")
        async def slowly(interaction: discord.Interaction, channel: discord.TextChannel) -> None:
            await interaction.response.defer(ephemeral=True)
            await interaction.edit_original_response(content=f"{channel.name}: {interaction.app_permissions.value}")

        self.tree.add_command(group)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once, where discord.py would wait for five seconds."""

    async def on_ready(self) -> None:
        self.ready += 1

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message.content)
            if self.user in message.mentions or message.guild is None:
                await message.reply(f"you said {message.content.removeprefix(f'<@{self.user.id}> ')}")


@pytest.fixture
async def discord_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        monkeypatch.setattr(discord.http.Route, "BASE", server.api_url)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        yield server


@pytest.fixture
def channel(discord_server: LoopbackDiscord) -> Channel:
    return discord_server.guild_with_channels("careers")[1][0]


@pytest.fixture
def person(discord_server: LoopbackDiscord, channel: Channel) -> User:
    return discord_server.world.add_member(discord_server.world.guild(channel.guild), "alice")


@pytest.fixture
async def client(discord_server: LoopbackDiscord, channel: Channel) -> AsyncIterator[Echo]:
    async with running(discord_server) as client:
        yield client


@asynccontextmanager
async def running(server: LoopbackDiscord) -> AsyncIterator[Echo]:
    """Run a client, and yield it when it is ready."""
    client = Echo()
    client.running = asyncio.create_task(client.start(server.token))
    try:
        await eventually(lambda: client.ready)
        yield client
    finally:
        await client.close()
        await asyncio.gather(client.running, return_exceptions=True)


async def test_a_client_logs_in_and_sees_its_servers_and_channels(client: Echo, channel: Channel):
    assert [guild.text_channels[0].name for guild in client.guilds] == ["careers"]
    assert client.get_channel(channel.id).permissions_for(client.guilds[0].me).send_messages


async def test_a_clean_close_ends_the_session(client: Echo, discord_server: LoopbackDiscord):
    assert discord_server.gateway.live == 1
    client.running.cancel()  # else discord.py's reading task closes first, with 4000
    await client.close()
    await eventually(lambda: discord_server.gateway.closes)
    assert discord_server.gateway.closes == [1000]
    assert discord_server.gateway.live == 0


async def test_a_wrong_token_is_refused(discord_server: LoopbackDiscord):
    async with discord.Client(intents=discord.Intents.none()) as client:
        with pytest.raises(discord.LoginFailure):
            await client.login("another")
    assert discord_server.record[0].status == 401


async def test_a_token_that_was_reset_is_refused(client: Echo, discord_server: LoopbackDiscord, channel: Channel):
    discord_server.reset_token("another")
    with pytest.raises(discord.HTTPException) as refused:
        await client.get_channel(channel.id).send("x")
    assert refused.value.status == 401


async def test_a_privileged_intent_is_refused(discord_server: LoopbackDiscord):
    async with Echo(intents=discord.Intents(guilds=True, message_content=True)) as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(discord_server.token)


async def test_a_mention_is_heard_and_answered(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel, person: User
):
    await discord_server.say(channel, person, f"<@{client.user.id}> {GREETING}")
    [answer] = await eventually(lambda: discord_server.from_bot(channel))
    assert text_of(answer) == "you said hello"
    assert answer["message_reference"]["channel_id"] == channel.id


async def test_the_text_of_other_messages_is_withheld(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel, person: User
):
    await discord_server.say(channel, person, "not for you")
    await discord_server.say(discord_server.world.private_channel(person), person, "for you")
    await eventually(lambda: len(client.heard) == 2)
    assert client.heard == ["", "for you"]


async def test_a_slash_command_is_answered_with_a_follow_up(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel, person: User
):
    interaction = await discord_server.choose(channel, person, "echo", words="la ", number=2)
    assert await interaction.answer() == "la la "
    await eventually(lambda: len(interaction.messages) == 2)
    assert text_of(interaction.messages[1]) == "and once more"
    assert discord_server.interactions.syncs == 1


async def test_a_deferred_answer_arrives_and_stays_out_of_the_channel(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel, person: User
):
    interaction = await discord_server.choose(channel, person, "count slowly", channel=channel)
    assert await interaction.answer() == f"careers: {discord_server.world.bots_permissions(channel)}"
    assert interaction.acknowledged == 5
    assert discord_server.from_bot() == []


async def test_only_registered_commands_and_options_can_be_chosen(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel, person: User
):
    for command, options in (
        ("nothing", {}),
        ("count", {"x": 1}),
        ("echo", {}),
        ("echo", {"words": 1}),
    ):
        with pytest.raises(ValueError, match=r"."):
            await discord_server.choose(channel, person, command, **options)


async def test_a_second_and_a_late_response_are_refused(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel, person: User
):
    interaction, _ = discord_server.interactions.invoke(channel, person, "echo", {"words": "x"})
    discord_server.interactions.acknowledge(interaction.id, interaction.token, 5, 0)
    late, _ = discord_server.interactions.invoke(channel, person, "echo", {"words": "x"})
    discord_server.clock.advance(3.5)
    async with aiohttp.ClientSession() as session:
        for one, code in ((interaction, 40060), (late, 10062)):
            url = f"{discord_server.api_url}/interactions/{one.id}/{one.token}/callback"
            async with session.post(url, json={"type": 5}) as response:
                assert (await response.json())["code"] == code


async def test_a_dropped_connection_is_resumed_with_what_it_missed(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel, person: User
):
    discord_server.gateway.drop()
    await discord_server.say(channel, person, f"<@{client.user.id}> {GREETING}")
    [answer] = await eventually(lambda: discord_server.from_bot(channel))
    assert text_of(answer) == "you said hello"
    assert discord_server.gateway.counts == {"connected": 2, "identified": 1, "resumed": 1}


async def test_a_request_to_reconnect_is_followed(client: Echo, discord_server: LoopbackDiscord):
    await discord_server.gateway.ask_to_reconnect()
    await eventually(lambda: discord_server.gateway.counts["resumed"])
    assert discord_server.gateway.counts["identified"] == 1


async def test_an_invalid_session_is_followed_by_a_new_one(client: Echo, discord_server: LoopbackDiscord):
    await discord_server.gateway.invalidate()
    await eventually(lambda: client.ready == 2)
    assert discord_server.gateway.counts == {"connected": 2, "identified": 2}


async def test_a_session_closed_with_a_code_is_resumed(client: Echo, discord_server: LoopbackDiscord):
    await discord_server.gateway.close(4000)
    await eventually(lambda: discord_server.gateway.counts["resumed"])


async def test_an_unknown_compression_is_refused(discord_server: LoopbackDiscord):
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{discord_server.gateway_url}?compress=zstd-stream")


async def test_frames_are_plain_text_where_no_compression_is_asked_for(discord_server: LoopbackDiscord):
    async with aiohttp.ClientSession() as session, session.ws_connect(discord_server.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11
        await socket.send_json({"op": 99, "d": None})
        assert (await socket.receive()).data == 4001


async def test_a_nonce_brings_back_the_first_message_for_two_minutes(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel
):
    target = client.get_channel(channel.id)
    first, again = await target.send("one", nonce="n"), await target.send("two", nonce="n")
    assert (again.id, again.content) == (first.id, "one")
    discord_server.clock.advance(119)
    assert (await target.send("three", nonce="n")).id == first.id
    discord_server.clock.advance(2)
    assert (await target.send("four", nonce="n")).content == "four"
    assert len(discord_server.from_bot(channel)) == 2


async def test_a_nonce_whose_message_was_deleted_is_an_unknown_message(client: Echo, channel: Channel):
    target = client.get_channel(channel.id)
    await (await target.send("one", nonce="n")).delete()
    with pytest.raises(discord.NotFound) as refused:
        await target.send("one", nonce="n")
    assert refused.value.code == 10008


async def test_a_long_nonce_an_empty_and_a_long_message_are_refused(client: Echo, channel: Channel):
    target = client.get_channel(channel.id)
    for fields, code in (
        ({"content": "x", "nonce": "n" * 26}, 50035),
        ({"content": ""}, 50006),
        ({"content": "x" * 2001}, 50035),
    ):
        with pytest.raises(discord.HTTPException) as refused:
            await target.send(**fields)
        assert refused.value.code == code


async def test_history_is_read_in_pages_and_without_nonces(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel
):
    target = client.get_channel(channel.id)
    sent = [await target.send(str(number), nonce=str(number)) for number in range(5)]
    assert [message.id async for message in target.history(after=sent[0], oldest_first=True)] == [
        message.id for message in sent[1:]
    ]
    stored = discord_server.messages.history
    assert [message["content"] for message in stored(channel.id, before=None, after=None, limit=2)] == ["4", "3"]
    assert [message["content"] for message in stored(channel.id, before=sent[2].id, after=None, limit=9)] == ["1", "0"]
    assert [message["content"] for message in stored(channel.id, before=None, after=sent[0].id, limit=2)] == ["2", "1"]
    assert all("nonce" not in message for message in discord_server.from_bot(channel))


async def test_messages_can_be_edited_and_carry_files(client: Echo, discord_server: LoopbackDiscord, channel: Channel):
    target = client.get_channel(channel.id)
    message = await target.send("before", file=discord.File(__file__, "test.py"))
    await message.edit(content="after")
    assert discord_server.from_bot(channel)[0]["content"] == "after"


async def test_a_forum_holds_threads_that_are_archived_and_opened_again(discord_server: LoopbackDiscord):
    guild = discord_server.world.add_guild()
    forum = discord_server.world.add_channel(guild, "openings", kind=Kind.FORUM)
    async with running(discord_server) as client:
        begun = await client.get_channel(forum.id).create_thread(name="a job", content="hello")
        assert begun.thread.id == begun.message.id
        assert [each.name for each in await client.get_guild(guild.id).active_threads()] == ["a job"]
        await begun.thread.edit(archived=True)
        assert [each.id async for each in client.get_channel(forum.id).archived_threads()] == [begun.thread.id]
        with pytest.raises(discord.HTTPException) as refused:
            await begun.message.edit(content="closed")
        assert refused.value.code == 50083
        await begun.thread.edit(archived=False)
        await begun.message.edit(content="closed")
    assert [text_of(message) for message in discord_server.from_bot(forum)] == ["closed"]


async def test_a_message_of_an_announcement_channel_is_published_once(discord_server: LoopbackDiscord):
    news = discord_server.world.add_channel(discord_server.world.add_guild(), "news", kind=Kind.ANNOUNCEMENT)
    async with running(discord_server) as client:
        message = await client.get_channel(news.id).send("hello")
        await message.publish()
        with pytest.raises(discord.HTTPException) as refused:
            await message.publish()
    assert refused.value.code == 40033


async def test_rights_are_those_of_the_channel(client: Echo, discord_server: LoopbackDiscord, channel: Channel):
    target = client.get_channel(channel.id)
    for denied, code in ((Permission.SEND_MESSAGES, 50013), (Permission.VIEW_CHANNEL, 50001)):
        channel.overwrites[:] = [Overwrite(channel.guild, deny=denied)]
        with pytest.raises(discord.Forbidden) as refused:
            await target.send("x")
        assert refused.value.code == code
    bot = discord_server.world.bot.id
    channel.overwrites.append(Overwrite(bot, allow=Permission.VIEW_CHANNEL, member=True))
    await target.send("x")
    channel.overwrites[:] = [Overwrite(channel.guild, deny=Permission.READ_MESSAGE_HISTORY)]
    assert [message async for message in target.history()] == []


async def test_a_channel_can_be_made_to_refuse(client: Echo, discord_server: LoopbackDiscord, channel: Channel):
    target = client.get_channel(channel.id)
    discord_server.faults.channels = {channel.id: 403}
    with pytest.raises(discord.Forbidden):
        await target.send("x")
    discord_server.faults.channels = {channel.id: 404}
    with pytest.raises(discord.NotFound):
        await target.send("x")


async def test_a_missing_route_is_noted(client: Echo, discord_server: LoopbackDiscord, channel: Channel):
    with pytest.raises(discord.NotFound):
        await client.get_channel(channel.id).create_invite()
    assert discord_server.unknown == [f"POST /channels/{channel.id}/invites"]


def test_pauses_of_the_server_are_known():
    async def main() -> tuple[float, float]:
        loop, pauses = asyncio.get_running_loop(), Pauses()
        watching = asyncio.create_task(pauses.watch())
        began = loop.time()
        await asyncio.sleep(1)
        loop.stall(0.3)
        await asyncio.sleep(1)
        watching.cancel()
        return pauses.longest(began, began + 0.9), pauses.longest(began + 1, began + 2)

    before, then = simulate(main)
    assert before == 0
    assert then == pytest.approx(0.3, abs=0.02)


async def test_a_lost_answer_leaves_the_message_and_a_reset_does_not(
    client: Echo, discord_server: LoopbackDiscord, channel: Channel
):
    target = client.get_channel(channel.id)
    for plan, stored in ((FaultPlan(reset=1), 0), (FaultPlan(answer_lost=1), 1)):
        discord_server.faults = plan
        with pytest.raises((ConnectionResetError, aiohttp.ClientOSError, aiohttp.ServerDisconnectedError)):
            await target.send("x")
        assert len(discord_server.from_bot(channel)) == stored


async def test_a_burst_of_429_is_waited_for(client: Echo, discord_server: LoopbackDiscord, channel: Channel):
    discord_server.faults = FaultPlan(bursts=(1,), burst_length=2, retry_after=0.01)
    await client.get_channel(channel.id).send("x")
    assert [request.status for request in discord_server.record.matching("POST /channels")] == [429, 429, 200]


async def test_a_502_is_tried_again_and_sent_once(client: Echo, discord_server: LoopbackDiscord, channel: Channel):
    discord_server.faults = FaultPlan(seed=1, bad_gateway=1)
    sending = asyncio.create_task(client.get_channel(channel.id).send("x"))
    await eventually(lambda: discord_server.record[-1].status == 502)
    discord_server.faults = FaultPlan()
    await sending
    assert len(discord_server.from_bot(channel)) == 1


def test_a_plan_draws_the_same_faults_again_and_in_the_wanted_shares():
    def drawn(seed: int) -> list[Fault]:
        plan = FaultPlan(seed=seed, bad_gateway=0.1, answer_lost=0.2, reset=0.1, bursts=(50,), burst_length=3)
        return [plan.next("POST", "/channels/1/messages") for _ in range(2000)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert drawn(1)[49:52] == [Fault.RATE_LIMITED] * 3
    assert 0.17 < drawn(1).count(Fault.ANSWER_LOST) / 2000 < 0.23
    assert FaultPlan(reset=1).next("GET", "/users/@me") is Fault.NONE


def test_the_busiest_second_is_found_wherever_it_begins():
    def at(time: float, path: str = "/channels/1/messages") -> Request:
        return Request(at=time, method="POST", path=path, authorization=None, body=None)

    assert (
        Record([at(0), at(0.9), at(1.1), at(1.8), at(1.85, "/interactions/1/x/callback"), at(3)]).most_in_a_second()
        == 3
    )


def test_the_clock_moves_only_forward_by_what_is_said():
    clock = Clock()
    before = clock()
    clock.advance(60)
    assert 60 <= clock() - before < 70
