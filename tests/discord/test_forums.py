"""Jobs in forums: a thread each, with a name and tags, found again among active and archived ones."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import discord
import pytest
from aiohttp import web

from bot.frontends.discord import forums as module
from bot.frontends.discord.forum_posts import MAX_TAGS, thread_name
from bot.frontends.discord.publisher import DiscordPublisher
from bot.frontends.discord.supervision import use_proxies
from bot.frontends.phrases import say
from bot.jobs.announcing import Post, Venue
from bot.jobs.job import JobState
from bot.language.facets import Employment, Level
from bot.services.ports import (
    AlreadyPublishedError,
    CannotReadError,
    ChannelGoneError,
    ForbiddenError,
    RejectedError,
    TemporaryError,
)
from tests.discord.forums import archive, create_forum, deny, may_edit_threads, tags_of, threads_of
from tests.discord.shown import custom_ids, last
from tests.fakes_discord import FakeAsking, a_delivery, a_job

LONG_AGO = datetime(2025, 12, 31, tzinfo=UTC)


@pytest.fixture
def publisher(place) -> DiscordPublisher:
    return DiscordPublisher(place.env.bot, place.world.asking)


def for_forum(forum, *jobs, **changes):
    """Return a claimed delivery for a forum."""
    return a_delivery(forum.id, *jobs, **{"venue": Venue.FORUM} | changes)


def a_post(forum, message, *jobs):
    """Return a message that was published in a forum, as one that is to be edited."""
    delivery = for_forum(forum, *jobs)
    return Post(1, 1, Venue.FORUM, forum.id, message, delivery.nonce, delivery.jobs, None, 1)


async def test_a_job_is_a_thread_with_name_tags_and_marker(place, publisher):
    forum = create_forum(place, "senior", "Remote", "Germany", "Full time", "France", "data engineer")
    thread_id = await publisher.publish(for_forum(forum))
    (thread,) = threads_of(place, forum)
    assert (thread.id, thread.name) == (thread_id, "Senior Data Engineer · Northwind Analytics")
    assert tags_of(place, thread) == ["senior", "Germany", "Full time", "data engineer"]
    message = place.env.backend.messages[thread.id][thread.id]
    assert any(custom_id.endswith(for_forum(forum).nonce) for custom_id in custom_ids(message))
    assert "## Senior Data Engineer" in last(place)
    request = place.env.http_requests[-1]
    assert request.json["message"]["allowed_mentions"] == {"parse": []}
    assert "nonce" not in request.json["message"]


async def test_several_jobs_are_one_thread_with_the_tags_that_fit_all(place, publisher):
    forum = create_forum(place, "senior", "entry", "Germany")
    several = for_forum(forum, a_job(1), a_job(2, level=Level.ENTRY))
    message = await publisher.publish(several)
    (thread,) = threads_of(place, forum)
    assert (thread.name, tags_of(place, thread)) == (say("digest.title", count=2), ["Germany"])
    assert await publisher.find(several, LONG_AGO) == message


async def test_a_chosen_role_is_pinged_and_nobody_else(place, publisher):
    role = place.guild.create_role("data jobs", mentionable=True)
    forum = create_forum(place)
    await publisher.publish(for_forum(forum, a_job(title="@everyone <@&1>"), mention=role.id))
    assert place.env.http_requests[-1].json["message"]["allowed_mentions"] == {"parse": [], "roles": [role.id]}


def test_a_long_name_is_cut_and_keeps_the_company():
    name = thread_name([a_job(title="Senior " * 40, company="Northwind " * 20)])
    assert len(name) <= 100
    assert " · Northwind" in name


async def test_at_most_five_tags_are_set_and_none_that_is_moderated(place, publisher):
    job = a_job(remote=True, countries=("DE", "FR", "NO"), employment=(Employment.FULL_TIME, Employment.CONTRACT))
    known = ("Germany", "France", "Norway", "remote", "contract", "senior")
    forum = create_forum(place, *known, moderated=("full-time",))
    await publisher.publish(for_forum(forum, job))
    (thread,) = threads_of(place, forum)
    assert tags_of(place, thread) == list(known[:MAX_TAGS])


@pytest.mark.parametrize(
    ("tags", "expected"),
    [(("News", "Other", "Jobs"), ["Jobs"]), (("News", "Other"), ["Other"]), (("News", "Events"), ["News"])],
)
async def test_a_forum_that_wants_a_tag_gets_a_general_one_where_none_fits(place, publisher, tags, expected):
    forum = create_forum(place, *tags, moderated=("Staff",), require_tag=True)
    await publisher.publish(for_forum(forum))
    assert tags_of(place, *threads_of(place, forum)) == expected


async def test_a_forum_that_wants_no_tag_gets_none_where_none_fits(place, publisher):
    forum = create_forum(place, "Jobs")
    await publisher.publish(for_forum(forum))
    assert tags_of(place, *threads_of(place, forum)) == []


async def test_a_tag_that_was_deleted_meanwhile_is_done_without(place, publisher):
    forum = create_forum(place, "senior")
    place.env.backend.channels[forum.id].available_tags = []
    await publisher.publish(for_forum(forum))
    assert tags_of(place, *threads_of(place, forum)) == []


async def test_another_fault_of_the_form_is_not_taken_for_one_of_the_tags(place, publisher):
    forum = create_forum(place, "senior")
    place.env.inject_error("POST", "/channels/*/threads", status=400, code=50035, message="In name: too long")
    with pytest.raises(RejectedError):
        await publisher.publish(for_forum(forum))
    assert threads_of(place, forum) == []


async def test_a_thread_is_found_by_its_marker_among_active_ones(place, publisher):
    forum, other = create_forum(place), create_forum(place)
    await publisher.publish(for_forum(other))
    await publisher.publish(for_forum(forum, a_job(2), nonce="another"))
    message = await publisher.publish(for_forum(forum))
    await publisher.publish(for_forum(forum, a_job(3), nonce="a third"))
    assert await publisher.find(for_forum(forum), LONG_AGO) == message


async def test_a_thread_is_found_by_its_marker_among_archived_ones(place, publisher):
    forum = create_forum(place)
    await publisher.publish(for_forum(forum, a_job(2), nonce="another"))
    message = await publisher.publish(for_forum(forum))
    for thread in threads_of(place, forum):
        archive(place, thread)
    assert await publisher.find(for_forum(forum), LONG_AGO) == message


async def test_a_thread_that_somebody_renamed_is_found(place, publisher):
    forum = create_forum(place)
    message = await publisher.publish(for_forum(forum))
    threads_of(place, forum)[0].name = "Closed?"
    await publisher.publish(for_forum(forum, nonce="another"))
    assert await publisher.find(for_forum(forum), LONG_AGO) == message


async def test_a_thread_that_is_not_there_is_not_found(place, publisher):
    forum = create_forum(place)
    assert await publisher.find(for_forum(forum), LONG_AGO) is None
    await publisher.publish(for_forum(forum, nonce="another"))
    assert await publisher.find(for_forum(forum), LONG_AGO) is None


async def test_only_threads_since_then_and_of_the_bot_are_read(place, publisher):
    forum = create_forum(place)
    await publisher.publish(for_forum(forum))
    (thread,) = threads_of(place, forum)
    assert await publisher.find(for_forum(forum), place.env.now() + timedelta(minutes=5)) is None
    archive(place, thread)
    assert await publisher.find(for_forum(forum), place.env.now() + timedelta(minutes=5)) is None
    thread.owner_id = place.alice.id
    assert await publisher.find(for_forum(forum), LONG_AGO) is None


async def test_a_thread_whose_first_message_was_deleted_is_passed_over(place, publisher):
    forum = create_forum(place)
    await publisher.publish(for_forum(forum, nonce="another"))
    (thread,) = threads_of(place, forum)
    place.env.backend.delete_message(thread.id, thread.id)
    message = await publisher.publish(for_forum(forum))
    assert await publisher.find(for_forum(forum), LONG_AGO) == message


async def test_a_forum_too_busy_to_search_is_not_taken_for_empty(place, publisher, monkeypatch):
    monkeypatch.setattr(module, "MAX_THREADS", 1)
    forum = create_forum(place)
    for number in range(2):
        await publisher.publish(for_forum(forum, nonce=f"{number}"))
    with pytest.raises(CannotReadError):
        await publisher.find(for_forum(forum), LONG_AGO)


async def test_a_forum_that_may_not_be_read_is_not_taken_for_empty(place, publisher):
    forum = create_forum(place)
    deny(place, forum, "read_message_history")
    with pytest.raises(CannotReadError, match=say("permission.read_message_history")):
        await publisher.find(for_forum(forum), LONG_AGO)


async def test_a_missing_right_is_named(place, publisher):
    forum = create_forum(place)
    deny(place, forum, "send_messages")
    with pytest.raises(ForbiddenError, match=say("permission.create_posts")):
        await publisher.publish(for_forum(forum))


async def test_a_forum_that_is_gone_and_a_channel_that_is_none_are_told(place, publisher):
    forum = create_forum(place)
    with pytest.raises(ChannelGoneError):
        await publisher.publish(a_delivery(place.channel.id, venue=Venue.FORUM))
    place.env.backend.delete_channel(forum.id)
    await place.env.settle()
    for act in (publisher.publish(for_forum(forum)), publisher.find(for_forum(forum), LONG_AGO)):
        with pytest.raises(ChannelGoneError):
            await act


@pytest.mark.parametrize("code", [40066, 40067])
async def test_a_forum_whose_tags_are_not_for_the_bot_says_so(place, publisher, code):
    forum = create_forum(place)
    place.env.inject_error("POST", "/channels/*/threads", status=400, code=code)
    with pytest.raises(ForbiddenError, match=say("announce.needs_tag")):
        await publisher.publish(for_forum(forum))


async def test_a_server_with_too_many_threads_is_tried_again_later(place, publisher):
    forum = create_forum(place)
    place.env.inject_error("POST", "/channels/*/threads", status=400, code=160006)
    with pytest.raises(TemporaryError) as caught:
        await publisher.publish(for_forum(forum))
    assert (caught.value.outcome_known, caught.value.retry_after) == (True, timedelta(minutes=30))


async def test_a_closed_jobs_thread_is_edited_in_place_and_found_still(place, publisher):
    forum = create_forum(place)
    message = await publisher.publish(for_forum(forum))
    await publisher.edit(a_post(forum, message, a_job(state=JobState.CLOSED)))
    assert "~~Senior Data Engineer~~" in last(place)
    assert await publisher.find(for_forum(forum), LONG_AGO) == message
    assert len(threads_of(place, forum)) == 1


async def test_a_closed_jobs_thread_that_is_archived_is_opened_for_the_edit_only(place, publisher):
    forum = create_forum(place)
    message = await publisher.publish(for_forum(forum))
    archive(place, *threads_of(place, forum))
    may_edit_threads(place)
    place.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=50083, message="Thread is archived")
    await publisher.edit(a_post(forum, message, a_job(state=JobState.CLOSED)))
    assert "~~Senior Data Engineer~~" in last(place)
    changes = [request.json for request in place.env.http_requests if request.path.endswith(f"/channels/{message}")]
    assert changes == [{"archived": False}, {"archived": True}]
    assert threads_of(place, forum)[0].thread_metadata.archived


async def test_an_archived_thread_that_the_bot_may_not_open_stays_as_it_is(place, publisher):
    forum = create_forum(place)
    message = await publisher.publish(for_forum(forum))
    archive(place, *threads_of(place, forum))
    place.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=50083, message="Thread is archived")
    place.env.inject_error("PATCH", f"/channels/{message}", status=403, code=50013, message="Missing Permissions")
    with pytest.raises(ForbiddenError):
        await publisher.edit(a_post(forum, message, a_job(state=JobState.CLOSED)))
    assert threads_of(place, forum)[0].thread_metadata.archived


async def test_an_edit_that_fails_leaves_no_archived_thread_open(place, publisher):
    forum = create_forum(place)
    message = await publisher.publish(for_forum(forum))
    archive(place, *threads_of(place, forum))
    may_edit_threads(place)
    place.env.inject_error("PATCH", "/channels/*/messages/*", status=400, code=50083, message="Archived", times=2)
    with pytest.raises(RejectedError, match="50083"):
        await publisher.edit(a_post(forum, message, a_job(state=JobState.CLOSED)))
    assert threads_of(place, forum)[0].thread_metadata.archived


async def test_editing_in_a_thread_that_was_deleted_is_told(place, publisher):
    forum = create_forum(place)
    message = await publisher.publish(for_forum(forum))
    place.env.backend.delete_message(message, message)
    with pytest.raises(AlreadyPublishedError):
        await publisher.edit(a_post(forum, message))


class FailingForum:
    """A server whose forum begins a thread at each request, and always answers 502."""

    def __init__(self):
        self.threads = []

    async def begin(self, request):
        form = await request.post()
        self.threads.append(json.loads(form["payload_json"])["name"])
        return web.Response(status=502)

    async def who(self, _):
        bot = {"id": "1", "username": "bot", "discriminator": "0", "avatar": None}
        told = bot | dict.fromkeys(("name", "description", "verify_key", "icon"), "") | {"owner": bot}
        told |= {"bot_public": True, "bot_require_code_grant": False}
        return web.Response(body=json.dumps(told).encode(), headers={"Content-Type": "application/json"})

    @asynccontextmanager
    async def serving(self):
        """Serve on a free port, and yield the address."""
        application = web.Application()
        application.router.add_get("/users/@me", self.who)
        application.router.add_get("/oauth2/applications/@me", self.who)
        application.router.add_post("/channels/2/threads", self.begin)
        runner = web.AppRunner(application)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield "http://{}:{}".format(*runner.addresses[0][:2])
        finally:
            await runner.cleanup()


def forum_of(client):
    """Return a forum that a client without a gateway knows."""
    state = client._connection
    guild = discord.Guild(data={"id": "1"}, state=state)
    forum = discord.ForumChannel(state=state, guild=guild, data={"id": "2", "type": 15, "name": "f", "position": 0})
    guild._add_channel(forum)
    state._add_guild(guild)
    return forum


async def test_a_thread_is_asked_for_once_only_for_a_failure_may_have_begun_it(monkeypatch):
    sleep, discord_fails = asyncio.sleep, FailingForum()
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(asyncio, "sleep", lambda _: sleep(0))  # discord.py would wait before it tried again
    async with discord_fails.serving() as address, discord.Client(intents=discord.Intents(guilds=True)) as client:
        use_proxies(address, None)
        await client.login("token")
        with pytest.raises(TemporaryError) as caught:
            await DiscordPublisher(client, FakeAsking()).publish(for_forum(forum_of(client)))
    assert not caught.value.outcome_known
    assert discord_fails.threads == ["Senior Data Engineer · Northwind Analytics"]
