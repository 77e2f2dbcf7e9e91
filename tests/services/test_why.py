"""Why a job was announced in a channel, or was not: told from what is stored, subscription by subscription."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from bot.jobs.announcing import ALL_AT_ONCE, DeliveryKind, DeliveryState, SubscriptionState, Terms
from bot.jobs.job import Job
from bot.jobs.query import JobQuery
from bot.jobs.timetable import Timetable, daily
from bot.language.facets import Filters, Level
from bot.services.ports import ForbiddenError, RejectedError
from tests.fakes import START

GUILD, CHANNEL, OTHER = 1, 11, 12
JOB = Job(id="a", title="Data Engineer", company="Fern", source="board", first_seen=START, featured=True)


async def why(service, job=JOB, channel=None):
    """Return what the only subscription that there is makes of a job."""
    (explained,) = await service.why(GUILD, job, channel)
    return explained


async def test_a_job_that_was_sent_is_told_with_its_message(store, service, clock):
    await service.add(GUILD, CHANNEL, ALL_AT_ONCE)
    await store.jobs.upsert([JOB], START)
    await service.run()
    explained = await why(service)
    assert explained.unfit == ()
    assert (explained.fate.state, explained.fate.settled) == (DeliveryState.SENT, clock())
    assert explained.fate.message == 1_001


async def test_every_part_that_does_not_fit_is_named(service):
    query = JobQuery(
        roles=("data-scientist",),
        filters=Filters(country="NO", level=Level.SENIOR, remote=True, salary_min=1),
        company="Moss",
        words=("data", "kafka"),
        paid=True,
        sources=("other",),
    )
    await service.add(GUILD, CHANNEL, Terms(query))
    explained = await why(service)
    assert set(explained.unfit) == {"roles", "country", "level", "remote", "company", "words", "paid", "sources"}
    assert explained.fate is None


async def test_what_waits_for_a_digest_is_told_with_its_time(store, service):
    await service.add(GUILD, CHANNEL, Terms(timetable=Timetable(daily(time(18)))))
    await store.jobs.upsert([JOB], START)
    await service.run()
    fate = (await why(service)).fate
    assert (fate.kind, fate.state, fate.due) == (DeliveryKind.DIGEST, DeliveryState.PENDING, START + timedelta(hours=9))


async def test_what_was_skipped_refused_or_paused_is_told_with_its_reason(store, service, publisher, clock):
    await service.add(GUILD, CHANNEL, ALL_AT_ONCE)
    publisher.faults[CHANNEL] += [RejectedError("400 too long"), ForbiddenError("no right to send")]
    await store.jobs.upsert([JOB, replace(JOB, id="b", title="Data Analyst")], START)
    await service.run()
    assert {(await why(service, replace(JOB, id=name))).fate.reason for name in "ab"} == {"400 too long", "forbidden"}
    paused = (await why(service)).subscription
    assert (paused.state, paused.detail) == (SubscriptionState.PAUSED, "no right to send")


async def test_a_channel_may_be_named_and_other_servers_tell_nothing(store, service):
    await service.add(GUILD, CHANNEL, ALL_AT_ONCE)
    await service.add(GUILD, OTHER, ALL_AT_ONCE)
    assert len(await service.why(GUILD, JOB)) == 2
    assert (await why(service, channel=OTHER)).subscription.channel == OTHER
    assert await service.why(GUILD + 1, JOB) == ()


async def test_two_subscriptions_of_a_channel_share_the_fate_of_a_job(store, service):
    await service.add(GUILD, CHANNEL, ALL_AT_ONCE)
    await service.add(GUILD, CHANNEL, Terms(JobQuery(words=("data",))))
    await store.jobs.upsert([JOB], START)
    await service.run()
    first, second = await service.why(GUILD, JOB)
    assert first.fate == second.fate
    assert first.fate.subscription == first.subscription.id
