"""/announce, and what happens to announcements when a channel or server is gone."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest
from simcord.actors import _dispatch_actor_interaction

from bot.frontends.discord.layouts import relative_time
from bot.frontends.phrases import say
from bot.jobs.announcing import ChannelStatus, Subscription, SubscriptionState, Terms, Venue
from bot.jobs.timetable import Timetable
from tests.discord.forums import create_forum, deny
from tests.discord.shown import answers, last
from tests.fakes_discord import NOW, a_status


async def test_on_switches_the_channel_on(place):
    result = await place.admin.slash(place.channel, "announce on")
    assert result.ephemeral
    assert place.world.announcing.on == {place.channel.id: place.guild.id}
    assert last(place) == say(
        "announce.on", channel=place.channel.mention, planned=say("announce.planned.many", count=2)
    )


@pytest.mark.parametrize(("planned", "phrase"), [(0, "announce.planned.none"), (1, "announce.planned.one")])
async def test_on_tells_how_many_jobs_follow(place, planned, phrase):
    place.world.announcing.planned = planned
    await place.admin.slash(place.channel, "announce on")
    assert say(phrase) in last(place)


async def test_on_takes_another_channel(place):
    other = place.guild.create_text_channel("jobs")
    await place.admin.slash(place.channel, "announce on", channel=other)
    assert list(place.world.announcing.on) == [other.id]


async def test_an_announcement_channel_will_do(place):
    news = place.guild.create_news_channel("news")
    await place.admin.slash(place.channel, "announce on", channel=news)
    assert list(place.world.announcing.on) == [news.id]


@pytest.mark.parametrize(
    ("create", "venue"),
    [
        (lambda place: place.guild.create_text_channel("jobs"), Venue.TEXT),
        (lambda place: place.guild.create_news_channel("news"), Venue.ANNOUNCEMENT),
        (create_forum, Venue.FORUM),
    ],
)
async def test_what_kind_of_channel_it_is_is_kept(place, create, venue):
    channel = create(place)
    await place.admin.slash(place.channel, "announce on", channel=channel)
    assert place.world.announcing.on == {channel.id: place.guild.id}
    assert place.world.announcing.kept[1].venue is venue
    await place.admin.slash(place.channel, "announce off", channel=channel)
    assert place.world.announcing.on == {}


@pytest.mark.parametrize(
    ("right", "called"),
    [("send_messages", "create_posts"), *((right, right) for right in ("send_messages_in_threads", "view_channel"))],
)
async def test_each_right_that_is_missing_in_a_forum_is_named_as_forums_call_it(place, right, called):
    forum = create_forum(place)
    deny(place, forum, right)
    await place.admin.slash(place.channel, "announce on", channel=forum)
    assert say(f"permission.{called}") in last(place)
    assert place.world.announcing.on == {}


async def test_a_voice_channel_will_not_do(place):
    voice = place.guild.create_voice_channel("talk")
    await place.admin.slash(place.channel, "announce on", channel=voice)
    assert place.world.announcing.on == {}
    assert last(place) == say("announce.wrong_kind")


async def test_manage_server_is_checked_even_where_server_settings_let_somebody_in(place):
    # The declared permission is a hint; an admin can allow the command to anybody in the server's settings.
    commands = place.env.backend.commands[None]
    command = next(command for (name, _), command in commands.items() if name == "announce")
    command["default_member_permissions"] = None
    for name in ("on", "off", "status"):
        result = await place.alice.slash(place.channel, f"announce {name}")
        assert result.ephemeral
        assert last(place) == say("announce.needs_manage")
    assert place.world.announcing.on == {}


async def test_manage_server_is_declared(place):
    commands = place.env.backend.commands[None]
    command = next(command for (name, _), command in commands.items() if name == "announce")
    assert int(command["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
    assert "announce on" not in place.alice.available_commands(place.channel)


async def test_announce_is_for_servers_only(place):
    assert "announce on" not in place.alice.user.available_commands()


async def test_each_missing_right_is_named_and_nothing_is_switched_on(place):
    me = place.guild.me
    hidden = place.guild.create_text_channel(
        "hidden",
        overwrites={me: discord.PermissionOverwrite(send_messages=False, read_message_history=False)},
    )
    await place.admin.slash(place.channel, "announce on", channel=hidden)
    assert place.world.announcing.on == {}
    assert last(place) == say(
        "announce.lacks",
        channel=hidden.mention,
        permissions=f"{say('permission.send_messages')}, {say('permission.read_message_history')}",
    )


async def test_a_channel_that_the_bot_cannot_see_is_refused_in_words(place):
    hidden = place.guild.create_text_channel(
        "hidden", overwrites={place.guild.me: discord.PermissionOverwrite(view_channel=False)}
    )
    await place.admin.slash(place.channel, "announce on", channel=hidden)
    assert say("permission.view_channel") in last(place)
    assert place.world.announcing.on == {}


async def test_off_switches_a_channel_off(place):
    await place.admin.slash(place.channel, "announce on")
    await place.admin.slash(place.channel, "announce off")
    assert place.world.announcing.on == {}
    assert last(place) == say("announce.off", channel=place.channel.mention)


async def test_off_tells_when_nothing_was_on(place):
    await place.admin.slash(place.channel, "announce off")
    assert last(place) == say("announce.never_on", channel=place.channel.mention)


async def test_off_needs_a_channel_that_can_be_announced_in(place):
    voice = place.guild.create_voice_channel("talk")
    await place.admin.slash(place.channel, "announce off", channel=voice)
    assert last(place) == say("announce.wrong_kind")


async def test_status_without_channels_says_how_to_start(place):
    await place.admin.slash(place.channel, "announce status")
    assert say("announce.status.none") in last(place)


async def test_status_tells_state_numbers_reason_and_problems(place):
    other_guild = place.env.create_guild("Elsewhere")
    place.world.announcing.statuses = (a_status(place.guild.id, place.channel.id), a_status(other_guild.id, 99))
    await place.admin.slash(place.channel, "announce status")
    shown = last(place)
    assert f"**#1** {place.channel.mention} · **paused** · 12 sent, 3 waiting" in shown
    assert "all featured jobs · each at once" in shown
    assert "may not write there" in shown
    assert "Send Messages" in shown
    assert "not sent again" in shown
    assert "Data \\*Engineer\\*: unknown" in shown
    assert "<#99>" not in shown


async def test_status_of_one_channel(place):
    other = place.guild.create_text_channel("jobs")
    place.world.announcing.statuses = (a_status(place.guild.id, place.channel.id), a_status(place.guild.id, other.id))
    await place.admin.slash(place.channel, "announce status", channel=other)
    assert other.mention in last(place)
    assert place.channel.mention not in last(place)


async def test_a_deleted_channel_pauses_its_announcements(place):
    place.env.backend.delete_channel(place.channel.id)
    await place.env.settle()
    assert place.world.announcing.gone == [place.channel.id]


async def test_leaving_a_server_pauses_its_announcements(place):
    await place.env.bot.get_guild(place.guild.id).leave()
    await place.env.settle()
    assert place.world.announcing.left == [place.guild.id]


async def test_an_unexpected_failure_is_told_with_a_reference(place, caplog):
    async def fail(*_, **__):
        raise RuntimeError("boom")

    place.world.announcing.switch_on = fail
    await place.admin.slash(place.channel, "announce on")
    assert last(place).startswith(say("fault.unexpected", reference=""))
    assert "boom" in caplog.text
    assert len(place.env.errors) == 1


async def test_nothing_is_answered_in_public(place):
    await place.admin.slash(place.channel, "announce status")
    assert len(answers(place)) == 1
    assert place.channel.history(viewer=place.bob) == []


async def announce_on(place, person, where, target=None, **resolved):
    """Use /announce on with a payload that no client would let a person make: Discord's checks are hints."""
    command = next(c for (name, _), c in place.env.backend.commands[None].items() if name == "announce")
    chosen = [{"name": "channel", "type": 7, "value": str(target.id)}] if target else []
    data = {
        "id": command["id"],
        "name": "announce",
        "type": 1,
        "options": [{"name": "on", "type": 1, "options": chosen}],
    }
    if target:
        channel = {"id": str(target.id), "name": "x", "type": 0, "permissions": "0", "guild_id": str(place.guild.id)}
        data["resolved"] = {"channels": {str(target.id): channel | resolved}}
    return await _dispatch_actor_interaction(person, 2, where, data)


async def test_a_channel_that_the_admin_cannot_see_is_refused(place):
    hidden = place.guild.create_text_channel("hidden")
    await announce_on(place, place.admin, place.channel, hidden, permissions="0")
    assert last(place) == say("announce.not_visible")
    assert place.world.announcing.on == {}


async def test_a_channel_of_another_server_is_refused(place):
    elsewhere = place.env.create_guild("Elsewhere")
    other = elsewhere.create_text_channel("jobs")
    everything = str(discord.Permissions.all().value)
    await announce_on(place, place.admin, place.channel, other, permissions=everything, guild_id=str(elsewhere.id))
    assert last(place) == say("announce.other_server")
    assert place.world.announcing.on == {}


async def test_outside_a_server_nothing_is_announced(place):
    await announce_on(place, place.admin.user, place.admin.user.dm_channel)
    assert last(place) == say("announce.server_only")


async def test_status_tells_when_the_next_post_comes(place):
    def told(state=SubscriptionState.ON, cron=None, due=None):
        terms = Terms(timetable=Timetable(cron))
        subscription = Subscription(1, place.guild.id, place.channel.id, state, NOW, terms=terms)
        return ChannelStatus(subscription, 0, 1, 0, 0, None, due)

    async def shown(entry):
        place.world.announcing.statuses = (entry,)
        await place.admin.slash(place.channel, "announce status")
        return last(place)

    later = place.env.now() + timedelta(hours=5)
    assert say("announce.status.next", when=relative_time(later)) in await shown(told(due=later))
    assert "next look" in await shown(told(cron="0 9 * * *"))
    assert "next" not in await shown(told())
    assert "next" not in await shown(told(SubscriptionState.OFF, "0 9 * * *"))
