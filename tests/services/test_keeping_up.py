"""Posts keep up with their jobs: edited when these close, expire, come back or gain a place; never sent anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.jobs.announcing import ALL_AT_ONCE, Terms
from bot.jobs.job import LIFETIME, Job
from bot.jobs.timetable import Timetable, daily
from bot.services.ports import AlreadyPublishedError, ForbiddenError, TemporaryError
from tests.fakes import START, FakePublisher

GUILD, CHANNEL, OTHER = 1, 11, 12


def job(name, **changes):
    return replace(
        Job(id=name, title=f"Data Engineer {name}", company="Fern", source="board", first_seen=START, featured=True),
        **changes,
    )


@pytest.fixture
async def service(begin):
    service = begin()
    await service.add(GUILD, CHANNEL, ALL_AT_ONCE)
    return service


async def posted(store, service, *names):
    """Have jobs announced."""
    await store.jobs.upsert([job(name) for name in names], START)
    await service.run()


async def test_a_post_is_edited_once_when_its_job_is_closed(store, service, publisher, clock):
    await posted(store, service, "a", "b")
    await store.jobs.close("a", clock())
    assert (await service.run()).edited == 1
    assert publisher.edits == [(CHANNEL, "a:closed")]
    assert (await service.run()).edited == 0
    assert len(publisher.channels[CHANNEL]) == 2


async def test_a_post_is_edited_when_its_job_expires_and_when_it_comes_back(store, service, publisher, clock):
    await posted(store, service, "a")
    clock.advance(days=LIFETIME.days + 1)
    await store.jobs.expire(clock())
    await service.run()
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    assert publisher.edits == [(CHANNEL, "a:expired"), (CHANNEL, "a:open")]


async def test_a_post_is_edited_when_its_job_gains_a_place(store, service, publisher, clock):
    await store.jobs.upsert([job("a", place="Oslo")], clock())
    await service.run()
    await store.jobs.upsert([job("b", title="Data Engineer a", place="Berlin")], clock())
    assert (await service.run()).edited == 1
    assert publisher.seen(CHANNEL) == ["a"]
    assert (await store.jobs.get("a")).elsewhere == ("Berlin",)


async def test_nothing_is_edited_where_a_job_was_not_posted(store, service, publisher, clock):
    await posted(store, service, "a")
    await store.jobs.upsert([job("plain", featured=False)], clock())
    await store.jobs.close("plain", clock())
    assert (await service.run()).edited == 0
    assert publisher.edits == []


async def test_a_list_is_edited_when_one_of_its_jobs_is_closed(store, begin, publisher, clock):
    service = begin()
    await service.add(GUILD, CHANNEL, Terms(timetable=Timetable(daily(time(10)))))
    await posted(store, service, "a", "b")
    clock.advance(hours=1)
    await service.run()
    await store.jobs.close("a", clock())
    await service.run()
    assert publisher.edits == [(CHANNEL, "b:open a:closed")]


async def test_an_edit_that_fails_for_now_is_made_in_the_next_run_and_holds_up_no_other(
    store, service, publisher, clock
):
    await service.add(GUILD, OTHER, ALL_AT_ONCE)
    await posted(store, service, "a")
    await store.jobs.close("a", clock())
    publisher.faults[CHANNEL].append(TemporaryError("502", outcome_known=False))
    assert (await service.run()).edited == 1
    assert publisher.edits == [(OTHER, "a:closed")]
    assert (await service.run()).edited == 1
    assert publisher.edits == [(OTHER, "a:closed"), (CHANNEL, "a:closed")]


@pytest.mark.parametrize("error", [AlreadyPublishedError("deleted"), ForbiddenError("no right")])
async def test_a_post_that_cannot_be_edited_is_left_as_it_is(store, service, publisher, clock, error):
    await posted(store, service, "a")
    await store.jobs.close("a", clock())
    publisher.faults[CHANNEL].append(error)
    await service.run()
    calls = publisher.calls
    await service.run()
    assert (publisher.edits, publisher.calls) == ([], calls)


async def test_what_changed_while_the_bot_was_away_is_edited_when_it_is_back(store, service, begin, publisher, clock):
    await posted(store, service, "a")
    await store.jobs.close("a", clock())
    clock.advance(days=2)
    assert (await begin().run()).edited == 1
    assert publisher.edits == [(CHANNEL, "a:closed")]
    assert (await begin().run()).edited == 0


async def test_a_job_that_is_closed_while_its_post_is_sent_is_edited(store, service, publisher, clock):
    class Closing(FakePublisher):
        async def publish(self, delivery):
            message = await super().publish(delivery)
            await store.jobs.close("a", clock())
            return message

    closing = Closing(clock)
    service._publisher = closing
    await store.jobs.upsert([job("a")], START)
    await service.run()
    assert closing.edits == [(CHANNEL, "a:closed")]


async def test_an_edit_is_no_reason_to_plan_or_send_anything(store, service, publisher, clock):
    await posted(store, service, "a")
    await store.jobs.close("a", clock())
    clock.advance(seconds=timedelta(minutes=1).seconds)
    report = await service.run()
    assert (report.planned, report.sent) == (0, 0)
