"""/jobs why: every stage of a job in a channel has words, and only who may manage the server reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.frontends.phrases import say
from bot.jobs.announcing import DeliveryKind, DeliveryState, PauseReason, SubscriptionState, Terms, Venue
from bot.jobs.explaining import Fate
from bot.jobs.job import JobState
from bot.jobs.query import JobQuery
from bot.language.facets import Filters, Level
from tests.discord.shown import last
from tests.fakes_discord import NOW, a_job

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def kept(world):
    """One featured job."""
    world.jobs.kept = {"job-1": a_job()}
    return world.jobs.kept


async def why(place, terms=None, fate=None, **changes):
    """Ask about the job in a channel with one subscription, whose fate is given."""
    announcing = place.world.announcing
    subscription = announcing.keep(place.guild.id, place.channel.id, terms or Terms(), **changes)
    if fate:
        announcing.fates[place.channel.id] = replace(fate, subscription=fate.subscription or subscription.id)
    result = await place.admin.slash(place.channel, "jobs why", job="job-1")
    assert result.ephemeral
    return last(place)


def a_fate(state, **changes):
    """Return what became of the job by the subscription that is asked about."""
    return replace(Fate(0, DeliveryKind.JOB, state, LATER), **changes)


@pytest.mark.usefixtures("kept")
async def test_a_post_is_told_with_its_time_and_a_link(place):
    told = await why(place, fate=a_fate(DeliveryState.SENT, settled=NOW, message=77))
    assert "Sent in a post <t:" in told
    assert f"https://discord.com/channels/{place.guild.id}/{place.channel.id}/77" in told


@pytest.mark.usefixtures("kept")
async def test_a_post_in_a_forum_is_told_with_a_link_to_its_thread(place):
    told = await why(place, fate=a_fate(DeliveryState.SENT, settled=NOW, message=77), venue=Venue.FORUM)
    assert f"https://discord.com/channels/{place.guild.id}/77" in told


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("fate", "part"),
    [
        (a_fate(DeliveryState.PENDING, kind=DeliveryKind.DIGEST), "Waits to be sent in a list, <t:"),
        (a_fate(DeliveryState.SENDING), "Waits to be sent in a post"),
        (a_fate(DeliveryState.RETRY, attempt=3, reason="502 *bad*"), "Tried 3 times; next try <t:"),
        (a_fate(DeliveryState.SKIPPED), say("why.skipped")),
        (a_fate(DeliveryState.SKIPPED, reason="the job is closed"), say("why.withdrawn")),
        (a_fate(DeliveryState.FAILED, reason="400 too long"), say("why.failed")),
        (a_fate(DeliveryState.UNKNOWN, reason="no answer"), say("why.lost")),
    ],
    ids=lambda value: getattr(getattr(value, "state", None), "value", ""),
)
async def test_each_fate_has_words_and_its_reason(place, fate, part):
    told = await why(place, fate=fate)
    assert part in told
    assert fate.reason is None or fate.reason.split()[0] in told
    assert "*bad*" not in told.replace("\\*", "")


@pytest.mark.usefixtures("kept")
async def test_what_does_not_fit_is_named(place):
    query = JobQuery(roles=("data-scientist",), filters=Filters(country="NO", level=Level.MID))
    assert say("why.unfit", parts="role · country · level") in await why(place, Terms(query))


@pytest.mark.usefixtures("kept")
async def test_a_subscription_that_is_off_or_paused_says_so(place):
    assert say("why.off") in await why(place, state=SubscriptionState.OFF)
    paused = {"state": SubscriptionState.PAUSED, "reason": PauseReason.FORBIDDEN, "detail": "Send Messages"}
    assert "Send Messages" in await why(place, **paused)


@pytest.mark.usefixtures("kept")
async def test_a_job_that_fits_and_was_not_planned_yet_comes_soon(place):
    assert say("why.soon") in await why(place)


async def test_a_job_that_is_not_featured_or_closed_says_so_first(place, kept):
    kept["job-1"] = a_job(featured=False, state=JobState.CLOSED)
    told = await why(place)
    assert say("why.not_featured") in told
    assert say("job.state.closed") in told
    assert say("why.soon") not in told


@pytest.mark.usefixtures("kept")
async def test_another_subscription_of_the_channel_that_brought_it_is_named(place):
    assert say("why.by_other", number=9) in await why(place, fate=a_fate(DeliveryState.SENT, subscription=9))


@pytest.mark.usefixtures("kept")
async def test_without_subscriptions_it_says_how_to_begin(place):
    await place.admin.slash(place.channel, "jobs why", job="job-1")
    assert say("why.nobody") in last(place)


@pytest.mark.usefixtures("kept")
async def test_a_channel_may_be_named(place):
    other = place.guild.create_text_channel("other")
    for channel in (place.channel, other):
        place.world.announcing.keep(place.guild.id, channel.id)
    await place.admin.slash(place.channel, "jobs why", job="job-1", channel=other)
    assert f"<#{other.id}>" in last(place)
    assert f"<#{place.channel.id}>" not in last(place)


@pytest.mark.usefixtures("kept")
async def test_only_who_may_manage_the_server_is_told(place):
    await place.alice.slash(place.channel, "jobs why", job="job-1")
    assert last(place) == say("announce.needs_manage")


@pytest.mark.usefixtures("kept")
async def test_an_unknown_job_is_told(place):
    await place.admin.slash(place.channel, "jobs why", job="nothing")
    assert last(place) == say("curate.unknown", text="nothing")
