"""What admins read when announcing in a channel met with trouble, and who reads it."""

from __future__ import annotations

import pytest

from bot.frontends.discord.admins import tell_admin, trouble_text
from bot.frontends.phrases import say
from bot.jobs.announcing import PauseReason, Trouble
from bot.services.ports import ForbiddenError, TemporaryError
from tests.discord.shown import last


def a_trouble(place, **changes):
    return Trouble(
        **{
            "guild": place.guild.id,
            "channel": place.channel.id,
            "admin": place.admin.id,
            "reason": PauseReason.FORBIDDEN,
            "detail": "Send *Messages*",
        }
        | changes
    )


async def test_who_set_the_channel_up_reads_where_why_and_what_to_do(place):
    await tell_admin(place.env.bot, a_trouble(place))
    written = last(place)
    for words in (place.channel.mention, "Careers", say("announce.reason.forbidden"), "Send \\*Messages\\*"):
        assert words in written
    assert place.env.http_requests[-1].json["allowed_mentions"] == {"parse": []}
    assert place.admin.user.dm_channel.last_message is not None


async def test_the_owner_of_the_server_reads_it_where_nobody_is_known_who_set_it_up(place):
    await tell_admin(place.env.bot, a_trouble(place, admin=None))
    opened = next(request for request in place.env.http_requests[::-1] if request.path == "/users/@me/channels")
    assert int(opened.json["recipient_id"]) == place.env.bot.get_guild(place.guild.id).owner_id


async def test_jobs_that_may_be_lost_are_named_with_nothing_that_pings(place):
    text = trouble_text(a_trouble(place, reason=None, detail=None, unknown=("Data *Engineer*", "@everyone")), "Careers")
    assert "Data \\*Engineer\\*" in text
    assert "@everyone" not in text.replace("\\@everyone", "").replace("@\u200beveryone", "")


async def test_how_many_more_may_be_lost_is_told(place):
    few, many = (a_trouble(place, reason=None, detail=None, unknown=("a", "b"), more=more) for more in (0, 2))
    assert f"**a**, **b**, {say('digest.more', count=2)}." in trouble_text(many, "Careers")
    assert "**a**, **b**." in trouble_text(few, "Careers")


async def test_a_server_that_is_gone_has_nobody_to_tell(place):
    with pytest.raises(ForbiddenError):
        await tell_admin(place.env.bot, a_trouble(place, guild=5, admin=None))


@pytest.mark.parametrize(("status", "code", "kind"), [(403, 50007, ForbiddenError), (500, 0, TemporaryError)])
async def test_who_cannot_be_reached_is_told_apart_from_a_failure(place, status, code, kind):
    place.env.inject_error("POST", "/channels/*/messages", status=status, code=code, times=None)
    with pytest.raises(kind):
        await tell_admin(place.env.bot, a_trouble(place))


async def test_who_switches_a_channel_on_is_the_one_to_be_told(place):
    await place.admin.slash(place.channel, "announce on")
    assert place.world.announcing.admins == {place.channel.id: place.admin.id}
