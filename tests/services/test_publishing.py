"""Announcement channels: jobs come in few messages, and each is published to those who follow, ten an hour at most."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import text

from bot.jobs.announcing import ALL_AT_ONCE, Terms, Venue
from bot.jobs.job import Job
from bot.jobs.planning import BUNDLES_APART
from bot.jobs.query import JobQuery
from bot.jobs.timetable import Timetable
from bot.services.announce import AnnounceService
from bot.services.pacer import Pacer
from bot.services.ports import (
    AlreadyPublishedError,
    ChannelGoneError,
    ForbiddenError,
    RejectedError,
    TemporaryError,
    UnauthorisedError,
)
from tests.fakes import START, FakePublisher

GUILD, NEWS, OTHER = 1, 11, 12
NIGHTS = Terms(timetable=Timetable(quiet=(time(9, 5), time(18))))
"""Now is 09:00."""


def job(name, **changes):
    return replace(Job(id=name, title=name, company="Fern", source="board", first_seen=START, featured=True), **changes)


def jobs(names, now=START, **changes):
    """Make featured jobs, the first of them the oldest."""
    return [job(name, first_seen=now + timedelta(seconds=at), **changes) for at, name in enumerate(names)]


async def follow(service, channel=NEWS, terms=ALL_AT_ONCE):
    """Subscribe an announcement channel."""
    subscription, _ = await service.add(GUILD, channel, terms, Venue.ANNOUNCEMENT)
    return subscription


async def bring(store, service, clock, names, **changes):
    """Let jobs come in, and a run pass."""
    await store.jobs.upsert(jobs(names, clock(), **changes), clock())
    return await service.run()


async def waiting(store):
    """Return how many messages are to be published yet, and how many were."""
    async with store.database.reading() as connection:
        counted = "SELECT count(publish_due), count(published) FROM deliveries"
        return tuple((await connection.execute(text(counted))).one())


async def test_jobs_that_come_together_are_one_message_and_a_single_one_is_a_post(store, service, publisher, clock):
    await follow(service)
    report = await bring(store, service, clock, "abc")
    assert (report.planned, report.sent, report.published) == (3, 1, 1)
    assert publisher.messages(NEWS) == ["abc"]
    clock.advance(minutes=6)
    await bring(store, service, clock, "d")
    assert publisher.messages(NEWS) == ["abc", "d"]


async def test_what_comes_soon_after_a_message_gathers_in_the_next_one(store, service, publisher, clock):
    await follow(service)
    for name in "abcd":
        await bring(store, service, clock, name)
        clock.advance(minutes=1)
    assert publisher.messages(NEWS) == ["a"]
    clock.advance(minutes=2)
    await service.run()
    assert publisher.messages(NEWS) == ["a", "bcd"]


async def test_in_an_hour_of_jobs_a_channel_has_ten_messages_and_all_are_published(store, service, publisher, clock):
    await follow(service)
    for number in range(60):
        await bring(store, service, clock, [f"j{number:02}"])
        clock.advance(minutes=1)
    assert len(publisher.messages(NEWS)) == len(publisher.crossposts) == 10
    assert await waiting(store) == (0, 10)


async def test_the_subscriptions_of_a_channel_take_turns(store, service, publisher, clock):
    await follow(service, terms=Terms(JobQuery(roles=("data-engineer",))))
    await follow(service, terms=Terms(JobQuery(roles=("data-scientist",))))
    await follow(service, OTHER)
    await store.jobs.upsert([*jobs("ab", role="data-engineer"), *jobs("cd", role="data-scientist")], START)
    await service.run()
    assert publisher.messages(NEWS) == ["ab"]
    assert len(publisher.messages(OTHER)) == 1
    assert sorted(publisher.seen(OTHER)) == list("abcd")
    clock.advance(seconds=BUNDLES_APART.total_seconds())
    await service.run()
    assert publisher.messages(NEWS) == ["ab", "cd"]


async def test_a_text_channel_has_a_post_for_each_job_and_publishes_nothing(store, service, publisher, clock):
    await service.add(GUILD, NEWS, ALL_AT_ONCE)
    await bring(store, service, clock, "abc")
    assert publisher.messages(NEWS) == ["a", "b", "c"]
    assert publisher.crossposts == []


async def test_a_message_that_would_come_in_quiet_hours_comes_when_they_end(store, service, publisher, clock):
    await follow(service, terms=NIGHTS)
    await bring(store, service, clock, "a")
    clock.advance(minutes=2)
    await bring(store, service, clock, "b")
    clock.advance(minutes=30)
    await bring(store, service, clock, "c")
    assert publisher.messages(NEWS) == ["a"]
    clock.now = START.replace(hour=18)
    await service.run()
    assert sorted(publisher.seen(NEWS)) == ["a", "b", "c"]


async def test_the_days_cap_counts_messages_and_the_rest_comes_as_one_list(store, service, publisher, clock):
    await follow(service, terms=Terms(cap=2))
    for names in ("ab", "c", "d", "e"):
        await bring(store, service, clock, names)
        clock.advance(minutes=10)
    assert publisher.messages(NEWS) == ["ab", "c"]
    clock.now = START.replace(hour=0) + timedelta(days=1)
    await service.run()
    assert publisher.messages(NEWS) == ["ab", "c", "de"]
    assert len(publisher.crossposts) == 3


async def test_a_job_that_is_closed_while_its_message_waits_is_left_out(store, service, publisher, clock):
    await follow(service)
    await bring(store, service, clock, "a")
    await bring(store, service, clock, "bc")
    await store.jobs.close("b", clock())
    clock.advance(minutes=6)
    await service.run()
    assert publisher.messages(NEWS) == ["a", "c"]


async def test_a_channel_that_has_become_an_announcement_channel_is_one_once_it_is_switched_on(
    store, service, publisher, clock
):
    await service.switch_on(GUILD, NEWS)
    await bring(store, service, clock, "ab")
    subscription, _ = await service.switch_on(GUILD, NEWS, Venue.ANNOUNCEMENT)
    assert subscription.venue is Venue.ANNOUNCEMENT
    await bring(store, service, clock, "cd")
    assert publisher.messages(NEWS) == ["a", "b", "cd"]
    assert len(publisher.crossposts) == 1


async def test_the_eleventh_message_of_an_hour_is_published_when_the_first_one_is_an_hour_old(
    store, service, publisher, clock
):
    await follow(service)
    began = START + timedelta(hours=2)
    for number in range(11):
        fault = TemporaryError("slow down", outcome_known=True, retry_after=began - clock())
        publisher.crosspost_faults.append(fault)
        await bring(store, service, clock, [f"j{number:02}"])
        clock.advance(minutes=6)
    assert (len(publisher.messages(NEWS)), await waiting(store)) == (11, (11, 0))
    clock.now = began
    assert (await service.run()).published == 10
    assert await waiting(store) == (1, 10)
    clock.advance(minutes=59)
    assert (await service.run()).published == 0
    clock.now = began + timedelta(hours=1)
    assert (await service.run()).published == 1
    assert await waiting(store) == (0, 11)
    assert publisher.crossposts == [(NEWS, message.id) for message in publisher.channels[NEWS]]


async def test_a_full_channel_holds_up_no_other(store, service, publisher, clock):
    await follow(service)
    await follow(service, OTHER)
    publisher.crosspost_faults += [TemporaryError("slow down", outcome_known=True, retry_after=timedelta(minutes=30))]
    report = await bring(store, service, clock, "a")
    assert (report.sent, report.published, len(publisher.crossposts)) == (2, 1, 1)
    clock.advance(minutes=30)
    assert (await service.run()).published == 1
    assert len(set(publisher.crossposts)) == 2


@pytest.mark.parametrize(
    "error",
    [
        ForbiddenError("Missing Permissions"),
        ChannelGoneError("Unknown Channel"),
        RejectedError("400 50024: Cannot execute action on this channel type"),
        AlreadyPublishedError("Unknown Message"),
    ],
)
async def test_a_message_that_is_refused_is_given_up_and_the_channel_goes_on(store, service, publisher, clock, error):
    await follow(service)
    publisher.crosspost_faults += [error]
    assert (await bring(store, service, clock, "a")).published == 0
    assert await waiting(store) == (0, 0)
    clock.advance(minutes=6)
    assert (await bring(store, service, clock, "b")).published == 1
    assert (await service.status(GUILD))[0].sent == 2


async def test_a_message_that_was_deleted_before_its_answer_came_is_not_published(store, service, publisher, clock):
    await follow(service)
    publisher.faults[NEWS].append(AlreadyPublishedError("deleted since"))
    assert (await bring(store, service, clock, "a")).sent == 1
    assert (publisher.crossposts, await waiting(store)) == ([], (0, 0))


async def test_a_message_whose_answer_was_lost_is_published_once_it_is_known(store, service, publisher, clock):
    await follow(service)
    publisher.losing = {1}
    report = await bring(store, service, clock, "ab")
    assert (report.sent, report.published, publisher.messages(NEWS)) == (1, 1, ["ab"])


async def test_what_fails_for_now_is_tried_again_later_and_later_and_given_up_after_a_day(
    store, service, publisher, clock
):
    await follow(service)
    publisher.crosspost_faults += [TemporaryError("502", outcome_known=False)] * 1_000
    await bring(store, service, clock, "a")
    left = []
    for _ in range(2 * 24 * 60):
        clock.advance(minutes=1)
        await service.run()
        left.append(len(publisher.crosspost_faults))
    tries = 1_000 - left[-1]
    assert 45 < tries < 65
    assert await waiting(store) == (0, 0)
    assert left[-1] == left[-60]


async def test_while_discord_is_down_a_run_asks_once_and_what_else_is_to_be_done_goes_on(
    store, service, publisher, clock
):
    await follow(service)
    await bring(store, service, clock, "a")
    await store.jobs.close("a", clock())
    publisher.crosspost_faults += [TemporaryError("502", outcome_known=False)] * 2
    clock.advance(minutes=6)
    report = await bring(store, service, clock, "b")
    assert (report.sent, report.published, report.edited) == (1, 0, 1)
    assert len(publisher.crosspost_faults) == 1


async def test_a_refused_token_ends_the_run_and_nothing_is_forgotten(store, service, publisher, clock):
    await follow(service)
    publisher.crosspost_faults += [UnauthorisedError("the token was refused")]
    with pytest.raises(UnauthorisedError):
        await bring(store, service, clock, "a")
    assert (await service.run()).published == 1


class Crash(BaseException):
    """The process ends here."""


class Fragile:
    """Hands every call on, and ends the process after the n-th of all calls."""

    def __init__(self, inner, countdown):
        self._inner = inner
        self._countdown = countdown

    def __getattr__(self, name):
        method = getattr(self._inner, name)

        async def call(*arguments, **named):
            result = await method(*arguments, **named)
            self._countdown.append(name)
            if len(self._countdown) == self._countdown.end:
                raise Crash
            return result

        return call


class Steps(list):
    """The calls so far, and after how many the process ends."""

    def __init__(self, end):
        super().__init__()
        self.end = end


async def test_wherever_the_process_ends_a_message_is_seen_once_and_published(new_store, clock):
    point, crashed = 0, True
    while crashed:
        point += 1
        crashed = await crash_and_go_on(new_store, clock, point)
    assert point > 8


async def crash_and_go_on(new_store, clock, point):
    publisher, crashed = FakePublisher(clock), False
    parts = {"clock": clock, "holder": "me", "pacer": Pacer(10**9), "sleep": clock.sleep}
    async with new_store(f"crash{point}") as store:
        await follow(AnnounceService(store.deliveries, store.subscriptions, publisher, **parts))
        await store.jobs.upsert(jobs("ab"), START)
        steps = Steps(point)
        fragile = AnnounceService(
            Fragile(store.deliveries, steps), store.subscriptions, Fragile(publisher, steps), **parts
        )
        try:
            await fragile.run()
        except BaseExceptionGroup as error:
            crashed = error.subgroup(Crash) is not None
            if not crashed:
                raise
        except Crash:
            crashed = True
    clock.advance(seconds=1)
    async with new_store(f"crash{point}") as store:
        await AnnounceService(store.deliveries, store.subscriptions, publisher, **parts).run()
        assert publisher.messages(NEWS) == ["ab"], point
        assert set(publisher.crossposts) == {(NEWS, publisher.channels[NEWS][0].id)}, point
        assert await waiting(store) == (0, 1), point
    return crashed
