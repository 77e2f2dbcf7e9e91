"""Publishing jobs: one message each, found again by its marker, and every failure told by its kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.frontends.discord import publisher as module
from bot.frontends.discord.publisher import DiscordPublisher
from bot.frontends.phrases import say
from bot.jobs.announcing import Post, Unpublished, Venue
from bot.jobs.job import JobState
from bot.services.ports import (
    AlreadyPublishedError,
    CannotReadError,
    ChannelGoneError,
    ForbiddenError,
    PublishError,
    RejectedError,
    TemporaryError,
    UnauthorisedError,
)
from tests.discord.shown import last
from tests.fakes_discord import a_delivery, a_job

LONG_AGO = datetime(2025, 12, 31, tzinfo=UTC)


@pytest.fixture
def publisher(place) -> DiscordPublisher:
    return DiscordPublisher(place.env.bot, place.world.asking)


async def test_a_job_is_one_message_with_its_nonce_enforced(place, publisher):
    message = await publisher.publish(a_delivery(place.channel.id))
    assert place.channel.last_message.id == message
    request = place.env.http_requests[-1]
    assert (request.json["nonce"], request.json["enforce_nonce"]) == (a_delivery(1).nonce, True)
    assert request.json["allowed_mentions"]["parse"] == []
    assert "## Senior Data Engineer" in last(place)


async def test_a_range_stays_on_one_line(place, publisher):
    await publisher.publish(a_delivery(place.channel.id))
    assert "$60k–\N{WORD JOINER}$120k a year" in last(place)


async def test_nobody_is_pinged_where_no_role_was_chosen(place, publisher):
    await publisher.publish(a_delivery(place.channel.id, a_job(title="@everyone <@&1>")))
    assert place.env.http_requests[-1].json["allowed_mentions"] == {"parse": []}


async def test_a_chosen_role_is_pinged_and_nobody_else(place, publisher):
    role = place.guild.create_role("data jobs", mentionable=True)
    await publisher.publish(a_delivery(place.channel.id, a_job(title="@everyone <@&1>"), mention=role.id))
    assert place.env.http_requests[-1].json["allowed_mentions"] == {
        "parse": [],
        "roles": [role.id],
    }
    assert f"<@&{role.id}>" in last(place)


async def test_several_jobs_are_one_message_that_is_found_by_its_marker(place, publisher):
    several = a_delivery(place.channel.id, a_job(1), a_job(2))
    message = await publisher.publish(several)
    assert say("digest.title", count=2) in last(place)
    assert await publisher.find(several, LONG_AGO) == message


def a_post(place, message, *jobs, **changes):
    """Return a message that was published in the channel, as one that is to be edited."""
    delivery = a_delivery(place.channel.id, *jobs)
    parts = {
        "delivery": 1,
        "subscription": 1,
        "venue": Venue.TEXT,
        "channel": place.channel.id,
        "message": message,
        "nonce": delivery.nonce,
        "altered": 1,
    }
    return Post(**parts | {"jobs": delivery.jobs, "mention": None} | changes)


async def test_a_message_is_edited_in_place_and_found_by_its_marker_still(place, publisher):
    message = await publisher.publish(a_delivery(place.channel.id))
    await publisher.edit(a_post(place, message, a_job(state=JobState.CLOSED), mention=7))
    assert "~~Senior Data Engineer~~" in last(place)
    assert place.env.http_requests[-1].json["allowed_mentions"] == {"parse": []}
    assert await publisher.find(a_delivery(place.channel.id), LONG_AGO) == message
    assert len(place.env.backend.messages[place.channel.id]) == 1


async def test_editing_a_message_that_was_deleted_is_told(place, publisher):
    message = await publisher.publish(a_delivery(place.channel.id))
    await publisher.edit(a_post(place, message))
    with pytest.raises(AlreadyPublishedError):
        await publisher.edit(a_post(place, message + 1))


async def test_a_published_job_is_found_by_its_marker(place, publisher):
    await publisher.publish(a_delivery(place.channel.id, a_job(2), nonce="another"))
    message = await publisher.publish(a_delivery(place.channel.id))
    await place.alice.send(place.channel, "a message in between")
    assert await publisher.find(a_delivery(place.channel.id), LONG_AGO) == message


async def test_a_job_that_is_not_there_is_not_found(place, publisher):
    await publisher.publish(a_delivery(place.channel.id, nonce="another"))
    assert await publisher.find(a_delivery(place.channel.id), LONG_AGO) is None


async def test_only_messages_since_then_are_read(place, publisher):
    await publisher.publish(a_delivery(place.channel.id))
    later = place.env.now() + timedelta(minutes=5)
    assert await publisher.find(a_delivery(place.channel.id), later) is None


async def test_more_than_one_page_of_history_is_read(place, publisher):
    message = await publisher.publish(a_delivery(place.channel.id))
    for number in range(130):
        place.env.backend.create_message(place.channel.id, place.alice.id, f"chatter {number}")
    assert await publisher.find(a_delivery(place.channel.id), LONG_AGO) == message
    assert await publisher.find(a_delivery(place.channel.id, nonce="another"), LONG_AGO) is None


async def test_a_channel_too_busy_to_search_is_not_taken_for_empty(place, publisher, monkeypatch):
    monkeypatch.setattr(module, "MAX_READ", 3)
    for number in range(5):
        place.env.backend.create_message(place.channel.id, place.alice.id, f"chatter {number}")
    with pytest.raises(CannotReadError):
        await publisher.find(a_delivery(place.channel.id), LONG_AGO)


async def test_a_channel_that_may_not_be_read_is_not_taken_for_empty(place, publisher):
    channel = place.guild.create_text_channel(
        "silent", overwrites={place.guild.me: discord.PermissionOverwrite(read_message_history=False)}
    )
    with pytest.raises(CannotReadError, match=say("permission.read_message_history")):
        await publisher.find(a_delivery(channel.id), LONG_AGO)


async def test_somebody_else_cannot_forge_a_marker(place, publisher):
    await publisher.publish(a_delivery(place.channel.id))
    message = max(place.env.backend.messages[place.channel.id].values(), key=lambda m: m.id)
    message.author_id = place.bob.id
    assert await publisher.find(a_delivery(place.channel.id), LONG_AGO) is None


async def test_a_missing_right_is_named(place, publisher):
    channel = place.guild.create_text_channel(
        "readonly", overwrites={place.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    with pytest.raises(ForbiddenError, match=say("permission.send_messages")):
        await publisher.publish(a_delivery(channel.id))


async def test_a_channel_that_is_gone_is_told(place, publisher):
    with pytest.raises(ChannelGoneError):
        await publisher.publish(a_delivery(1))
    with pytest.raises(ChannelGoneError):
        await publisher.find(a_delivery(1), LONG_AGO)


async def test_a_voice_channel_holds_no_announcements(place, publisher):
    voice = place.guild.create_voice_channel("talk")
    with pytest.raises(ChannelGoneError):
        await publisher.find(a_delivery(voice.id), LONG_AGO)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 50035, RejectedError),
        (400, 10008, AlreadyPublishedError),
        (401, 0, UnauthorisedError),
        (403, 50001, ForbiddenError),
        (404, 10003, ChannelGoneError),
        (404, 10008, AlreadyPublishedError),
        (408, 0, TemporaryError),
        (429, 0, TemporaryError),
        (500, 0, TemporaryError),
        (503, 0, TemporaryError),
    ],
)
async def test_every_refusal_has_its_kind(place, publisher, status, code, kind):
    place.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    with pytest.raises(kind):
        await publisher.publish(a_delivery(place.channel.id))


async def test_a_server_error_leaves_the_outcome_open(place, publisher):
    place.env.inject_error("POST", "/channels/*/messages", status=502)
    with pytest.raises(TemporaryError) as caught:
        await publisher.publish(a_delivery(place.channel.id))
    assert not caught.value.outcome_known


@pytest.mark.parametrize(
    ("error", "first_try", "known"),
    [
        (discord.RateLimited(90.0), True, True),
        (discord.RateLimited(90.0), False, False),
        (aiohttp.ClientConnectorError(SimpleNamespace(host="x", port=1, ssl=None), OSError("refused")), True, True),
        (aiohttp.ServerDisconnectedError(), True, False),
        (ConnectionResetError("reset"), True, False),
        (TimeoutError(), True, False),
        (RuntimeError("Session is closed"), True, False),
    ],
)
async def test_what_the_network_does_may_pass(publisher, error, first_try, known):
    meaning = publisher._meaning(error, 1, first_try=first_try)
    assert isinstance(meaning, TemporaryError)
    assert meaning.outcome_known is known


async def test_a_long_rate_limit_says_when_to_come_back(publisher):
    meaning = publisher._meaning(discord.RateLimited(90.0), 1, first_try=True)
    assert meaning.retry_after == timedelta(seconds=90)


async def test_a_refused_login_is_unauthorised(publisher):
    assert isinstance(publisher._meaning(discord.LoginFailure("no"), 1, first_try=True), UnauthorisedError)


async def test_an_error_of_its_own_kind_stays_what_it_is(publisher):
    error = CannotReadError("as it is")
    with pytest.raises(PublishError) as caught:
        publisher._raise(error, 1, first_try=True)
    assert caught.value is error


def unpublished(channel, message):
    return Unpublished(1, channel.id, message, LONG_AGO)


async def test_a_message_of_an_announcement_channel_is_published_and_once_more_does_no_harm(place, publisher):
    news = place.guild.create_news_channel("news")
    message = await publisher.publish(a_delivery(news.id))
    for _ in range(2):
        await publisher.crosspost(unpublished(news, message))
    asked = [request.path for request in place.env.http_requests if request.path.endswith("/crosspost")]
    assert asked == [f"/channels/{news.id}/messages/{message}/crosspost"] * 2
    assert len(place.env.backend.messages[news.id]) == 1


async def test_what_cannot_be_published_is_told(place, publisher):
    news = place.guild.create_news_channel("news")
    message = await publisher.publish(a_delivery(place.channel.id))
    for channel, number, kind in (
        (place.channel, message, RejectedError),
        (news, message, AlreadyPublishedError),
        (place.alice, message, ChannelGoneError),
    ):
        with pytest.raises(kind):
            await publisher.crosspost(unpublished(channel, number))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, 0, UnauthorisedError),
        (403, 50013, ForbiddenError),
        (429, 0, TemporaryError),
        (500, 0, TemporaryError),
    ],
)
async def test_every_refusal_to_publish_has_its_kind(place, publisher, status, code, kind):
    place.env.inject_error("POST", "/channels/*/messages/*/crosspost", status=status, code=code)
    with pytest.raises(kind):
        await publisher.crosspost(unpublished(place.channel, 1))


async def test_an_unavailable_server_is_tried_again(place, publisher):
    place.env.bot.get_guild(place.guild.id).unavailable = True
    with pytest.raises(TemporaryError):
        await publisher.find(a_delivery(place.channel.id), LONG_AGO)
