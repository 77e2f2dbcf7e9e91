"""A clock that was an hour ahead is set right while it is not known whether a message arrived."""

from dataclasses import replace
from datetime import timedelta

from bot.jobs.job import Job
from bot.services.announce import AnnounceService
from bot.services.pacer import Pacer
from bot.services.ports import TemporaryError
from tests.fakes import START, FakeClock, FakePublisher

GUILD, CHANNEL = 1, 11
JOB = Job(id="a", title="Analyst", company="Fern", source="board", first_seen=START, featured=True)


async def test_a_message_that_arrived_is_looked_for_at_once_and_not_sent_again(store):
    true, own = FakeClock(), FakeClock(START + timedelta(hours=1))
    publisher = FakePublisher(true)
    service = AnnounceService(
        store.deliveries, store.subscriptions, publisher, own, holder="me", pacer=Pacer(10**9), sleep=own.sleep
    )
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert([replace(JOB, first_seen=own())], own())
    publisher.losing = {1}
    publisher.faults[CHANNEL] += [None, TemporaryError("down", outcome_known=False, retry_after=timedelta(minutes=10))]
    await service.run()
    assert publisher.seen(CHANNEL) == ["a"]

    true.advance(minutes=3)
    own.now = true.now
    assert (await service.run()).sent == 1
    assert publisher.seen(CHANNEL) == ["a"]
    assert len(publisher.looks) == 1
