"""Forums know no nonces: after a lost answer the channel is read, and a thread that is there is not begun again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs.announcing import ALL_AT_ONCE, Venue
from bot.jobs.job import Job
from bot.services.announce import AnnounceService
from bot.services.pacer import Pacer
from bot.services.ports import TemporaryError
from tests.fakes import START, FakePublisher

GUILD, FORUM = 1, 11


def job(name):
    return Job(id=name, title=name, company="Fern", source="board", first_seen=START, featured=True)


@pytest.fixture
async def service(service):
    await service.add(GUILD, FORUM, ALL_AT_ONCE, Venue.FORUM)
    return service


async def runs(service, clock, minutes=5):
    """Run every minute, and return how often something was sent."""
    sent = 0
    for _ in range(minutes):
        sent += (await service.run()).sent
        clock.advance(minutes=1)
    return sent


@pytest.mark.parametrize("venue", list(Venue))
def test_only_forums_know_no_nonces(venue):
    assert venue.knows_nonces is (venue is not Venue.FORUM)


async def test_each_job_is_a_message(store, service, publisher):
    await store.jobs.upsert([job("a"), job("b")], START)
    assert (await service.run()).sent == 2
    assert sorted(publisher.messages(FORUM)) == ["a", "b"]
    assert publisher.crossposts == publisher.looks == []


async def test_a_lost_answer_makes_no_second_thread(store, service, publisher, clock):
    await store.jobs.upsert([job("a")], START)
    publisher.losing = {1}
    assert await runs(service, clock) == 1
    assert (publisher.messages(FORUM), publisher.calls) == (["a"], 1)
    assert len(publisher.looks) == 1


async def test_a_thread_that_was_not_begun_is_begun_after_a_look(store, service, publisher, clock):
    await store.jobs.upsert([job("a")], START)
    publisher.faults[FORUM].append(TemporaryError("502", outcome_known=False))
    publisher.losing = {2}
    assert await runs(service, clock) == 1
    assert (publisher.messages(FORUM), publisher.calls, len(publisher.looks)) == (["a"], 2, 2)


async def test_the_look_waits_until_a_thread_can_be_seen(store, service, publisher, clock):
    await store.jobs.upsert([job("a")], START)
    publisher.losing = {1}
    await service.run()
    assert publisher.looks == []
    clock.advance(seconds=20)
    await service.run()
    assert (len(publisher.looks), clock()) == (1, START + timedelta(seconds=40))


async def test_a_failure_whose_outcome_is_known_needs_no_look(store, service, publisher, clock):
    await store.jobs.upsert([job("a")], START)
    publisher.faults[FORUM].append(TemporaryError("429", outcome_known=True))
    assert await runs(service, clock) == 1
    assert publisher.looks == []


async def test_a_forum_that_cannot_be_read_leaves_a_lost_answer_unknown(store, service, publisher, clock):
    await store.jobs.upsert([job("a")], START)
    publisher.losing = {1}
    publisher.unreadable = {FORUM}
    assert await runs(service, clock) == 0
    assert publisher.messages(FORUM) == ["a"]
    assert (await service.status(GUILD))[0].unknown == 1


class Crash(BaseException):
    """The process ends here."""


class Crashing(FakePublisher):
    """Begins the thread, and then the process ends."""

    async def publish(self, delivery):
        await super().publish(delivery)
        raise Crash


@pytest.mark.parametrize("away", [timedelta(seconds=1), timedelta(minutes=10)])
async def test_a_process_that_ends_once_the_thread_is_begun_begins_no_second_one(store, service, clock, away):
    await store.jobs.upsert([job("a")], START)
    crashing = Crashing(clock)
    parts = {"holder": "me", "pacer": Pacer(10**9), "sleep": clock.sleep}
    with pytest.raises(BaseExceptionGroup):
        await AnnounceService(store.deliveries, store.subscriptions, crashing, clock, **parts).run()
    clock.advance(seconds=away.total_seconds())
    publisher = FakePublisher(clock)
    publisher.channels = crashing.channels
    again = AnnounceService(store.deliveries, store.subscriptions, publisher, clock, **parts)
    assert await runs(again, clock) == 1
    assert publisher.messages(FORUM) == ["a"]


async def test_a_closed_jobs_thread_is_edited(store, service, publisher, clock):
    await store.jobs.upsert([replace(job("a"), role="data-engineer")], START)
    await service.run()
    await store.jobs.close("a", clock())
    assert (await service.run()).edited == 1
    assert publisher.edits == [(FORUM, "a:closed")]
