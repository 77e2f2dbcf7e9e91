"""/alerts: what people see of their alerts, and the direct messages that these send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.frontends.discord.publisher import DiscordPublisher
from bot.frontends.phrases import say
from bot.jobs.announcing import NO_GUILD, PauseReason, Post, SubscriptionState, Venue
from bot.jobs.job import JobState
from bot.jobs.timetable import Timetable
from bot.services.alerts import MOST_ALERTS
from bot.services.ports import ForbiddenError
from tests.discord.shown import components, last
from tests.fakes_discord import a_delivery, a_job

NAMING = ("pause", "resume", "remove")
LONG_AGO = datetime(2025, 12, 31, tzinfo=UTC)


async def use(place, command, who=None, **options):
    """Use a command, which only who used it sees, and return what is said."""
    result = await (who or place.alice).slash(place.channel, f"alerts {command}", **options)
    assert result.ephemeral
    return last(place)


@pytest.fixture
def kept(place):
    return place.world.alerts.kept


async def test_an_alert_is_added_in_ones_own_words_at_ones_own_hour(place, kept):
    said = await use(place, "add", jobs="kafka data engineer", hour=18, zone="Europe/Berlin")
    assert (kept[1].guild, kept[1].channel, kept[1].venue) == (NO_GUILD, place.alice.id, Venue.PERSON)
    assert kept[1].terms.query.roles == ("data-engineer",)
    assert kept[1].terms.query.words == ("kafka",)
    assert kept[1].terms.timetable == Timetable("0 18 * * *", "Europe/Berlin")
    for words in (
        say("alerts.added"),
        say("alerts.name", number=1),
        "Data Engineer",
        "daily at 18:00",
        "Europe/Berlin",
    ):
        assert words in said


async def test_an_alert_without_options_is_for_all_jobs_each_morning(place, kept):
    said = await use(place, "add")
    assert kept[1].terms.timetable == Timetable("0 9 * * *", "UTC")
    assert say("terms.all") in said


@pytest.mark.parametrize(
    ("every", "cron", "words"),
    [
        ("daily", "0 7 * * *", "daily at 07:00"),
        ("weekdays", "0 7 * * 1-5", "Monday to Friday at 07:00"),
        ("weekly", "0 7 * * 1", "Mondays at 07:00"),
    ],
)
async def test_an_alert_comes_on_the_chosen_days(place, kept, every, cron, words):
    assert words in await use(place, "add", every=every, hour=7)
    assert kept[1].terms.timetable.cron == cron


async def test_the_zone_of_the_last_alert_is_taken_where_none_is_given(place, kept):
    await use(place, "add", zone="Asia/Tokyo")
    await use(place, "add")
    assert kept[2].terms.timetable.zone == "Asia/Tokyo"


async def test_an_unknown_zone_is_told(place, kept):
    assert await use(place, "add", zone="Berlin *") == say("alerts.bad_zone", text="Berlin \\*")
    assert kept == {}


async def test_zones_are_suggested_by_their_city(place):
    found = await place.alice.autocomplete(place.channel, "alerts add", "zone", "new y")
    assert found[0] == {"name": "America/New_York", "value": "America/New_York"}


async def test_one_alert_too_many_is_told(place, kept):
    for _ in range(MOST_ALERTS):
        await use(place, "add")
    assert "/alerts remove" in await use(place, "add")
    assert len(kept) == MOST_ALERTS


async def test_alerts_are_listed_to_who_has_them_only(place, kept):
    await use(place, "add", jobs="data engineer")
    assert "Data Engineer" in await use(place, "list")
    assert say("alerts.none") in await use(place, "list", place.bob)


async def test_an_alert_is_paused_resumed_and_removed(place, kept):
    await use(place, "add")
    name = say("alerts.name", number=1)
    assert await use(place, "pause", alert="1") == say("alerts.paused", name=name)
    assert await use(place, "pause", alert="1") == say("announce.already_off", name=name)
    assert kept[1].state is SubscriptionState.OFF
    assert (await use(place, "resume", alert="#1")).startswith(say("alerts.resumed", name=name))
    assert (await use(place, "resume", alert="1")).startswith(say("announce.already_on", name=name))
    assert await use(place, "remove", alert="1") == say("alerts.removed", name=name)
    assert kept == {}


@pytest.mark.parametrize("command", NAMING)
@pytest.mark.parametrize("text", ["1", "7", "every **", "9" * 30])
async def test_the_alert_of_somebody_else_is_unknown(place, kept, command, text):
    await use(place, "add", place.bob)
    said = await use(place, command, alert=text)
    assert said.startswith(say("alerts.unknown", text="").partition("”")[0])
    assert kept[1].state is SubscriptionState.ON


@pytest.mark.parametrize("command", NAMING)
async def test_ones_own_alerts_are_suggested(place, command):
    await use(place, "add", jobs="data engineer")
    await use(place, "add", place.bob)
    found = await place.alice.autocomplete(place.channel, f"alerts {command}", "alert", "engin")
    assert found == [{"name": "#1 · Data Engineer · daily at 09:00", "value": "1"}]


async def test_the_next_command_says_once_that_an_alert_was_paused(place, kept):
    await use(place, "add")
    place.world.alerts.change(NO_GUILD, 1, state=SubscriptionState.PAUSED, reason=PauseReason.CLOSED_MESSAGES)
    await place.bob.slash(place.channel, "help")
    assert last(place) != say("alerts.closed")
    await place.alice.slash(place.channel, "help")
    assert last(place) == say("alerts.closed")
    await place.alice.slash(place.channel, "help")
    assert last(place) != say("alerts.closed")
    assert say("announce.reason.closed-messages") in await use(place, "list")


async def searched(place, words):
    """Search for jobs, and return the message as it is stored."""
    result = await place.alice.slash(place.channel, "jobs search", words=words)
    return result.response


async def test_a_search_becomes_an_alert_at_a_press(place, kept):
    found = await searched(place, "kafka data engineer")
    await place.alice.click(found, label=say("alerts.of_search"))
    assert say("alerts.added") in last(place)
    assert kept[1].terms.timetable == Timetable("0 9 * * *", "UTC")
    assert (kept[1].terms.query.roles, kept[1].terms.query.words) == (("data-engineer",), ("kafka",))


async def test_who_presses_gets_the_alert(place, kept):
    await place.bob.click(await searched(place, "data engineer"), label=say("alerts.of_search"))
    assert kept[1].channel == place.bob.id


async def test_the_alert_of_a_search_that_nobody_remembers_is_told(place, kept):
    found = await searched(place, "data engineer")
    await place.env.restart_bot(place.world.client())
    await place.alice.click(found, label=say("alerts.of_search"))
    assert last(place) == say("found.forgotten")
    assert kept == {}


@pytest.fixture
def publisher(place):
    return DiscordPublisher(place.env.bot, place.world.asking)


def direct(person, *jobs):
    return a_delivery(person.id, *jobs, venue=Venue.PERSON, subscription=1)


def stored(place):
    """Return the last direct message to alice, as it is stored."""
    return list(place.env.backend.messages[place.alice.user.dm_channel.id].values())[-1]


async def test_an_alert_is_a_direct_message_with_its_nonce_and_a_button_that_stops_it(place, kept, publisher):
    await use(place, "add")
    message = await publisher.publish(direct(place.alice, a_job(1), a_job(2)))
    request = place.env.http_requests[-1]
    assert (request.json["nonce"], request.json["enforce_nonce"]) == (a_delivery(1).nonce, True)
    shown = place.alice.user.dm_channel.last_message
    assert shown.id == message
    assert say("alerts.yours") in last(place)
    await place.alice.user.click(shown, label=say("alerts.stop"))
    assert last(place) == say("alerts.stopped", name=say("alerts.name", number=1))
    assert kept[1].state is SubscriptionState.OFF


@pytest.mark.parametrize("jobs", [(a_job(1),), (a_job(1), a_job(2))])
async def test_a_direct_message_is_found_by_its_marker(place, publisher, jobs):
    delivery = direct(place.alice, *jobs)
    assert await publisher.find(delivery, LONG_AGO) is None
    message = await publisher.publish(delivery)
    assert await publisher.find(delivery, LONG_AGO) == message


async def test_the_button_of_an_alert_that_is_gone_says_so(place, publisher):
    await publisher.publish(direct(place.alice, a_job(1)))
    shown = place.alice.user.dm_channel.last_message
    stop = next(each["custom_id"] for each in components(stored(place)) if each.get("label") == say("alerts.stop"))
    await place.alice.user.click(shown, custom_id=stop)
    assert last(place) == say("stale")


async def test_closed_messages_are_told_apart(place, publisher):
    place.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    with pytest.raises(ForbiddenError):
        await publisher.publish(direct(place.alice, a_job(1)))


async def test_a_direct_message_is_edited_in_place(place, publisher):
    message = await publisher.publish(direct(place.alice, a_job(1)))
    closed = Post(
        1, 1, Venue.PERSON, place.alice.id, message, a_delivery(1).nonce, (a_job(state=JobState.CLOSED),), None, 1
    )
    await publisher.edit(closed)
    assert "~~Senior Data Engineer~~" in last(place)
    assert say("alerts.stop") in {each.get("label") for each in components(stored(place))}
