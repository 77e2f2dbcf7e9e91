import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.errors import StoreUnavailableError
from bot.jobs.announcing import ALL_AT_ONCE, DeliveryState, PauseReason, SubscriptionState, Terms
from bot.jobs.job import LIFETIME, Job
from bot.jobs.planning import plan
from bot.jobs.timetable import Timetable, every_hours
from bot.services.announce import AnnounceService
from bot.services.pacer import Pacer, paced
from bot.services.ports import (
    AlreadyPublishedError,
    ChannelGoneError,
    ForbiddenError,
    RejectedError,
    TemporaryError,
    UnauthorisedError,
)
from bot.store.deliveries import DeliveryRepository
from tests.fakes import START, FakePublisher, simulate

GUILD, CHANNEL, OTHER = 1, 11, 12
HOURLY = Terms(timetable=Timetable(every_hours(1)))


def job(name, **changes):
    return replace(Job(id=name, title=name, company="Fern", source="board", first_seen=START, featured=True), **changes)


def jobs(names):
    """Make featured jobs, the first of them the oldest."""
    return [job(name, first_seen=START + timedelta(minutes=at)) for at, name in enumerate(names)]


def announcer(store, publisher, clock, **changes):
    parts = {"deliveries": store.deliveries, "subscriptions": store.subscriptions, "publisher": publisher}
    return AnnounceService(**parts | changes, clock=clock, holder="me", pacer=Pacer(10**9), sleep=clock.sleep)


async def planned(service):
    """Switch CHANNEL on and return how many jobs it will hear of."""
    _, number = await service.switch_on(GUILD, CHANNEL)
    return number


async def states(store):
    async with store.database.reading() as connection:
        statement = (
            "SELECT d.target, job, state FROM deliveries d JOIN delivery_jobs j ON j.delivery = d.id ORDER BY 1, 2"
        )
        return [
            (target.removeprefix("channel:"), job, state)
            for target, job, state in await connection.execute(text(statement))
        ]


async def reason(store, name):
    async with store.database.reading() as connection:
        statement = "SELECT reason FROM deliveries d JOIN delivery_jobs j ON j.delivery = d.id WHERE job = :job"
        return (await connection.execute(text(statement), {"job": name})).scalar_one()


@pytest.fixture
def publisher(clock):
    return FakePublisher(clock)


@pytest.fixture
def service(store, publisher, clock):
    return announcer(store, publisher, clock)


async def test_featured_jobs_are_announced_once_in_every_channel_that_is_on_the_newest_last(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await service.switch_on(GUILD, OTHER)
    await store.jobs.upsert([*jobs("abcd"), job("plain", featured=False)], START)
    report = await service.run()
    assert (report.planned, report.sent) == (8, 8)
    assert publisher.seen(CHANNEL) == publisher.seen(OTHER) == list("abcd")
    assert (await service.run()).sent == 0


async def test_jobs_are_planned_in_the_order_that_planning_says_and_in_every_channel_alike(
    store, service, publisher, monkeypatch
):
    monkeypatch.setattr("bot.store.deliveries._PLANNED_AT_ONCE", 4)
    await service.switch_on(GUILD, CHANNEL)
    await service.switch_on(GUILD, OTHER)
    same = [job(name, position=at) for at, name in enumerate("wxyz")]
    posted = job("old", posted=START - timedelta(days=3))
    await store.jobs.upsert([*same, posted, *jobs("abc")], START)
    report = await service.run()
    assert (report.planned, report.sent) == (16, 16)
    expected = [each.id for each in plan([*same, posted, *jobs("abc")]).announce]
    assert publisher.seen(CHANNEL) == publisher.seen(OTHER) == expected


async def test_switching_on_announces_the_newest_three_and_skips_the_rest_for_ever(store, service, publisher):
    await store.jobs.upsert(jobs("abcde"), START)
    assert await planned(service) == 3
    await service.run()
    assert publisher.seen(CHANNEL) == list("cde")
    assert {state for _, name, state in await states(store) if name in "ab"} == {"skipped"}
    await service.switch_off(GUILD, CHANNEL)
    assert await planned(service) == 0


async def test_switching_on_twice_changes_nothing(store, service):
    subscription, _ = await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    assert await service.switch_on(GUILD, CHANNEL) == (subscription, 0)


async def test_a_channel_that_is_off_hears_nothing_and_catches_up_with_three_when_it_is_on_again(
    store, service, publisher
):
    await service.switch_on(GUILD, CHANNEL)
    assert await service.switch_off(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("abcde"), START)
    await service.run()
    assert publisher.seen(CHANNEL) == []
    assert await planned(service) == 3
    await service.run()
    assert publisher.seen(CHANNEL) == list("cde")


async def test_what_waits_in_a_paused_channel_is_cut_to_three_when_it_is_on_again(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("abcde"), START)
    publisher.faults[CHANNEL].append(ForbiddenError("Send Messages is missing"))
    report = await service.run()
    assert (report.paused, report.sent) == (1, 0)
    assert {state for _, _, state in await states(store)} == {"paused"}
    assert await planned(service) == 3
    await service.run()
    assert publisher.seen(CHANNEL) == list("cde")


async def test_a_channel_that_was_never_on_cannot_be_switched_off(service):
    assert not await service.switch_off(GUILD, CHANNEL)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ForbiddenError("Send Messages is missing"), PauseReason.FORBIDDEN),
        (ChannelGoneError("the channel was deleted"), PauseReason.CHANNEL_GONE),
    ],
)
async def test_a_channel_that_refuses_is_paused_with_its_reason_and_no_other(store, service, publisher, error, why):
    await service.switch_on(GUILD, CHANNEL)
    await service.switch_on(GUILD, OTHER)
    await store.jobs.upsert(jobs("ab"), START)
    publisher.faults[CHANNEL].append(error)
    await service.run()
    paused, on = await service.status(GUILD)
    assert (paused.subscription.state, paused.subscription.reason, paused.subscription.detail) == (
        SubscriptionState.PAUSED,
        why,
        str(error),
    )
    assert (paused.waiting, on.sent, on.subscription.state) == (2, 2, SubscriptionState.ON)
    assert publisher.calls == 3


async def test_a_deleted_channel_and_a_left_server_are_paused_with_that_reason(store, service):
    await service.switch_on(GUILD, CHANNEL)
    await service.switch_on(2, OTHER)
    await service.channel_gone(CHANNEL)
    await service.guild_left(2)
    await store.jobs.upsert(jobs("a"), START)
    assert (await service.run()).planned == 0
    reasons = [(await service.status(guild))[0].subscription.reason for guild in (GUILD, 2)]
    assert reasons == [PauseReason.CHANNEL_GONE, PauseReason.GUILD_LEFT]


async def test_a_refused_message_fails_and_the_next_ones_are_sent(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("ab"), START)
    publisher.faults[CHANNEL].append(RejectedError("title is too long"))
    report = await service.run()
    assert (report.failed, publisher.seen(CHANNEL)) == (1, ["b"])
    status = (await service.status(GUILD))[0]
    assert [(each.job, each.state, each.reason) for each in status.problems] == [
        ("a", DeliveryState.FAILED, "title is too long")
    ]


async def test_a_lost_answer_is_tried_again_with_the_same_nonce(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("ab"), START)
    publisher.losing = {1, 2, 3}
    report = await service.run()
    assert (report.retried, report.sent) == (3, 2)
    assert Counter(publisher.seen(CHANNEL)) == {"a": 1, "b": 1}
    assert publisher.looks == []


async def test_a_message_that_may_be_there_goes_before_those_that_wait_so_that_its_nonce_still_holds(
    store, service, publisher, clock
):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("abcdef"), START)
    publisher.losing = {1}
    publisher.takes = timedelta(seconds=25)
    await service.run()
    assert publisher.seen(CHANNEL) == list("abcdef")
    assert publisher.calls == 7
    assert publisher.looks == []


async def test_a_failure_that_may_pass_is_tried_again_later_and_later(store, service, publisher, clock):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.faults[CHANNEL] += [TemporaryError("down", outcome_known=True)] * 4
    await service.run()
    assert clock() - START == timedelta(seconds=1 + 2 + 4 + 8)
    assert publisher.seen(CHANNEL) == ["a"]


async def test_a_wait_that_discord_asks_for_is_kept_over_several_runs(store, service, publisher, clock):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.faults[CHANNEL].append(TemporaryError("slow down", outcome_known=True, retry_after=timedelta(minutes=5)))
    await service.run()
    clock.advance(minutes=4)
    assert (await service.run()).sent == 0
    clock.advance(minutes=1)
    assert (await service.run()).sent == 1


async def test_after_the_nonce_is_forgotten_the_channel_is_read_and_a_message_found_is_not_sent_again(
    store, service, publisher, clock
):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.losing = set(range(1, 20))
    publisher.faults[CHANNEL] += [None, TemporaryError("down", outcome_known=False, retry_after=timedelta(minutes=10))]
    await service.run()
    clock.advance(minutes=10)
    assert (await service.run()).sent == 1
    assert publisher.seen(CHANNEL) == ["a"]
    assert len(publisher.looks) == 1
    assert publisher.looks[0][2] < START


async def test_after_the_nonce_is_forgotten_a_message_that_is_not_in_the_channel_is_sent(
    store, service, publisher, clock
):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.faults[CHANNEL].append(TemporaryError("down", outcome_known=False, retry_after=timedelta(minutes=10)))
    await service.run()
    clock.advance(minutes=10)
    publisher.losing = {2}
    await service.run()
    assert publisher.seen(CHANNEL) == ["a"]
    assert len(publisher.looks) == 1
    assert {state for *_, state in await states(store)} == {"sent"}


async def test_an_outcome_that_cannot_be_learnt_becomes_unknown_and_is_not_sent_again(store, service, publisher, clock):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.losing = {1}
    publisher.unreadable = {CHANNEL}
    publisher.faults[CHANNEL] += [None, TemporaryError("down", outcome_known=True, retry_after=timedelta(minutes=10))]
    await service.run()
    for _ in range(3):
        clock.advance(minutes=10)
        await service.run()
    assert publisher.seen(CHANNEL) == ["a"]
    status = (await service.status(GUILD))[0]
    assert (status.unknown, status.waiting) == (1, 0)
    assert "may have been sent" in status.problems[0].reason


async def test_a_failure_whose_outcome_is_known_needs_no_look_however_late(store, service, publisher, clock):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.unreadable = {CHANNEL}
    publisher.faults[CHANNEL].append(TemporaryError("down", outcome_known=True, retry_after=timedelta(hours=10)))
    await service.run()
    clock.advance(hours=10)
    assert (await service.run()).sent == 1
    assert publisher.looks == []


async def test_a_message_that_was_deleted_before_the_retry_counts_as_sent(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.faults[CHANNEL].append(AlreadyPublishedError("deleted since"))
    assert (await service.run()).sent == 1


async def test_a_publisher_that_breaks_on_one_job_harms_no_other(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await service.switch_on(GUILD, OTHER)
    await store.jobs.upsert(jobs("ab"), START)
    publisher.faults[CHANNEL].append(KeyError("a fault in rendering"))
    report = await service.run()
    assert (report.retried, report.sent) == (1, 4)


async def test_a_job_that_never_gets_through_is_given_up_after_about_a_day(store, service, publisher, clock):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.faults[CHANNEL] += [TemporaryError("down", outcome_known=True)] * 100
    failed = 0
    for _ in range(70):
        failed += (await service.run()).failed
        clock.advance(minutes=30)
    assert failed == 1
    assert publisher.calls == 60
    assert await reason(store, "a") == "given up after 60 attempts: down"


async def test_a_job_given_up_that_may_have_arrived_is_unknown(store, service, publisher, clock):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.faults[CHANNEL] += [TemporaryError("down", outcome_known=False)] * 100
    unknown = 0
    for _ in range(70):
        unknown += (await service.run()).unknown
        clock.advance(minutes=30)
    assert unknown == 1
    assert {state for *_, state in await states(store)} == {"unknown"}


async def test_a_refused_token_ends_the_run_and_loses_nothing(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await service.switch_on(GUILD, OTHER)
    await store.jobs.upsert(jobs("a"), START)
    for channel in (CHANNEL, OTHER):
        publisher.faults[channel].append(UnauthorisedError("the token was refused"))
    with pytest.raises(UnauthorisedError):
        await service.run()
    await service.run()
    assert publisher.seen(CHANNEL) == publisher.seen(OTHER) == ["a"]


async def test_a_closed_job_is_withdrawn_where_it_was_not_sent(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("ab"), START)
    publisher.faults[CHANNEL] += [
        TemporaryError("down", outcome_known=True, retry_after=timedelta(hours=1)),
        TemporaryError("down", outcome_known=False, retry_after=timedelta(hours=1)),
    ]
    await service.run()
    assert [await store.jobs.close(name, START) for name in "ab"] == [1, 0]
    assert await states(store) == [("11", "a", "skipped"), ("11", "b", "unknown")]
    assert (await service.run()).sent == 0


async def test_a_job_that_expires_before_it_is_sent_is_withdrawn(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    publisher.faults[CHANNEL].append(TemporaryError("down", outcome_known=True, retry_after=timedelta(hours=1)))
    await service.run()
    assert await store.jobs.expire(START + LIFETIME) == 1
    assert await states(store) == [("11", "a", "skipped")]


async def test_a_job_featured_by_hand_is_announced(store, service, publisher):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert([job("a", featured=False)], START)
    await service.run()
    await store.jobs.feature("a")
    await service.run()
    assert publisher.seen(CHANNEL) == ["a"]


async def test_a_second_announcer_stands_by_until_the_first_one_is_gone(store, publisher, clock):
    first, second = (DeliveryRepository(store.database, sole=False) for _ in range(2))
    await store.jobs.upsert(jobs("a"), START)
    fence = await first.acquire("somebody", clock(), clock() + timedelta(seconds=60))
    service = announcer(store, publisher, clock, deliveries=second)
    assert (await service.run()).planned is None
    clock.advance(seconds=61)
    assert (await service.run()).planned == 0
    assert await first.acquire("somebody", clock(), clock() + timedelta(seconds=60)) == fence + 2


async def test_a_look_with_nothing_to_do_takes_no_lease(store, service, clock):
    await service.switch_on(GUILD, CHANNEL)
    assert (await service.run()).planned == 0
    assert await store.deliveries.acquire("me", clock(), clock() + timedelta(seconds=60)) == 1


async def test_an_announcer_that_lost_its_lease_changes_nothing_more(store, publisher, clock):
    service = announcer(store, publisher, clock)
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("ab"), START)
    usurper = DeliveryRepository(store.database, sole=True)

    class Slow(FakePublisher):
        async def publish(self, delivery):
            message = await super().publish(delivery)
            if self.calls == 1:
                await usurper.acquire("usurper", clock(), clock() + timedelta(seconds=60))
            return message

    slow = Slow(clock)
    await announcer(store, slow, clock).run()
    assert slow.calls == 1
    assert {state for *_, state in await states(store)} == {"pending", "retry"}
    await announcer(store, slow, clock).run()
    assert slow.seen(CHANNEL) == ["a", "b"]


async def test_a_server_that_was_left_and_joined_again_is_present(store, service, clock):
    async def left():
        async with store.database.reading() as connection:
            return (await connection.execute(text('SELECT "left" FROM guilds'))).scalar_one() is not None

    seen = []
    for step in (service.switch_on(GUILD, CHANNEL), service.guild_left(GUILD), service.switch_on(GUILD, CHANNEL)):
        await step
        seen.append(await left())
    assert seen == [False, True, False]


async def test_a_run_ends_when_its_time_is_up_and_the_next_one_goes_on(store, service, publisher, clock, monkeypatch):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("abc"), START)
    monkeypatch.setattr("bot.services.announce._RUN_SECONDS", 0.0)
    clock.advance(hours=1)
    assert (await asyncio.wait_for(service.run(), 5)).sent == 0
    monkeypatch.setattr("bot.services.announce._RUN_SECONDS", 60.0)
    assert (await service.run()).sent == 3


async def test_status_counts_what_became_of_the_deliveries(store, service, publisher, clock):
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("abc"), START)
    publisher.faults[CHANNEL] += [
        None,
        RejectedError("bad"),
        TemporaryError("down", outcome_known=True, retry_after=timedelta(hours=1)),
    ]
    await service.run()
    status = (await service.status(GUILD))[0]
    assert (status.sent, status.failed, status.waiting, status.last_sent) == (1, 1, 1, clock())
    assert await service.status(GUILD + 1) == ()


async def test_a_store_that_fails_is_told_and_the_message_is_still_seen_once(store, publisher, clock):
    class Full(DeliveryRepository):
        async def sent(self, *_):
            raise StoreUnavailableError("the disk is full")

    await announcer(store, publisher, clock).switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    with pytest.raises(ExceptionGroup):
        await announcer(store, publisher, clock, deliveries=Full(store.database, sole=True)).run()
    clock.advance(hours=1)
    await announcer(store, publisher, clock).run()
    assert publisher.seen(CHANNEL) == ["a"]


async def test_a_fault_in_settling_one_delivery_leaves_those_in_flight_alone(store, clock):
    failed = asyncio.Event()

    class Failing(DeliveryRepository):
        async def sent(self, delivery, *rest):
            if delivery.channel == CHANNEL:
                failed.set()
                raise StoreUnavailableError("the disk is full")
            return await super().sent(delivery, *rest)

    class Slow(FakePublisher):
        async def publish(self, delivery):
            if delivery.channel == OTHER:
                await failed.wait()
                await asyncio.sleep(0)
            return await super().publish(delivery)

    slow = Slow(clock)
    failing = announcer(store, slow, clock, deliveries=Failing(store.database, sole=True))
    await failing.switch_on(GUILD, CHANNEL)
    await failing.switch_on(GUILD, OTHER)
    await store.jobs.upsert(jobs("a"), START)
    with pytest.raises(ExceptionGroup, match="not settled"):
        await failing.run()
    assert await states(store) == [("11", "a", "sending"), ("12", "a", "sent")]
    await announcer(store, slow, clock).run()
    assert slow.seen(CHANNEL) == slow.seen(OTHER) == ["a"]


async def test_while_it_has_to_hold_back_nothing_is_sent_and_the_log_says_why(store, publisher, clock, caplog):
    reasons = ["too many requests were refused"]
    service = announcer(store, publisher, clock, restraint=lambda: reasons[-1])
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("abc"), START)
    report = await service.run()
    assert (report.sent, report.stalled, publisher.calls) == (0, False, 0)
    assert "nothing is announced for now: too many requests were refused" in caplog.text
    reasons.append(None)
    await service.run()
    assert publisher.seen(CHANNEL) == ["a", "b", "c"]


async def test_a_run_that_has_to_hold_back_on_the_way_stops_sending(store, publisher, clock):
    def restraint():
        return "enough" if publisher.calls else None

    service = announcer(store, publisher, clock, restraint=restraint)
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("abc"), START)
    report = await service.run()
    assert (report.sent, report.stalled, publisher.seen(CHANNEL)) == (1, False, ["a"])


async def test_a_run_says_so_when_what_is_due_cannot_be_claimed(store, publisher, clock, caplog):
    class Blind(DeliveryRepository):
        async def claim(self, *_):
            return None

    service = announcer(store, publisher, clock, deliveries=Blind(store.database, sole=True))
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("a"), START)
    assert (await asyncio.wait_for(service.run(), 10)).stalled
    assert "cannot be claimed" in caplog.text


async def test_progress_is_told_for_each_delivery_and_each_edit_and_not_for_what_failed(store, publisher, clock):
    told = []
    service = announcer(store, publisher, clock, progressed=lambda: told.append(publisher.calls))
    await service.switch_on(GUILD, CHANNEL)
    await store.jobs.upsert(jobs("ab"), START)
    await service.run()
    assert {1, 2} <= set(told)
    told.clear()
    await store.jobs.close("a", clock())
    await service.run()
    assert 3 in told


class Crash(BaseException):
    """The process ends here."""


class Fragile:
    """Hands every call on, and ends the process after the n-th of all calls, which is before the next one."""

    def __init__(self, inner, countdown):
        self._inner = inner
        self._countdown = countdown

    def __getattr__(self, name):
        method = getattr(self._inner, name)

        async def call(*arguments, **named):
            result = await method(*arguments, **named)
            self._countdown.step()
            return result

        return call


class Countdown:
    def __init__(self, left):
        self.left = left

    def step(self):
        self.left -= 1
        if self.left == 0:
            raise Crash


@pytest.mark.parametrize(
    ("away", "readable"),
    [(timedelta(seconds=1), False), (timedelta(minutes=10), True), (timedelta(minutes=10), False)],
    ids=["back at once", "back after long", "back after long to a channel that cannot be read"],
)
@pytest.mark.parametrize("terms", [ALL_AT_ONCE, HOURLY], ids=["single posts", "lists"])
async def test_wherever_the_process_ends_each_message_is_seen_exactly_once(new_store, clock, away, readable, terms):
    point, crashed = 0, True
    while crashed:
        point += 1
        crashed = await crash_and_go_on(new_store, clock, away, readable=readable, terms=terms, point=point)
    assert point > 10


async def crash_and_go_on(new_store, clock, away, *, readable, terms, point):
    publisher = FakePublisher(clock)
    publisher.losing = {2}
    publisher.unreadable = set() if readable else {CHANNEL, OTHER}
    crashed = False
    async with new_store(f"crash{point}") as store:
        service = announcer(store, publisher, clock)
        await service.add(GUILD, CHANNEL, terms)
        await service.add(GUILD, OTHER, terms)
        await store.jobs.upsert(jobs("ab"), START)
        if terms == HOURLY:
            await service.run()
            clock.advance(hours=1)
        countdown = Countdown(point)
        fragile = Fragile(store.deliveries, countdown)
        try:
            await announcer(store, Fragile(publisher, countdown), clock, deliveries=fragile).run()
        except BaseExceptionGroup as error:
            crashed = error.subgroup(Crash) is not None
            if not crashed:
                raise
        except Crash:
            crashed = True
    clock.advance(seconds=away.total_seconds())
    async with new_store(f"crash{point}") as store:
        await announcer(store, publisher, clock).run()
        found = await states(store)
        for channel in (CHANNEL, OTHER):
            counted = Counter(publisher.seen(channel))
            assert set(counted.values()) <= {1}, point
            certain = {name for target, name, state in found if target == str(channel) and state == "sent"}
            unknown = {name for target, name, state in found if target == str(channel) and state == "unknown"}
            assert certain | unknown == {"a", "b"}, point
            assert certain <= set(counted), point
            assert not unknown or (not readable and away > timedelta(minutes=2)), point
    return crashed


async def many_turns(pacer, *, stall_at=None):
    """Ask for 200 turns at once and return when each was given; the loop is busy for 0.3 s after the one `stall_at`."""
    loop, times = asyncio.get_running_loop(), []

    async def take():
        await pacer.turn()
        times.append(loop.time())
        if len(times) == stall_at:
            loop.stall(0.3)

    await asyncio.gather(*(take() for _ in range(200)))
    return times


def most_within(times, seconds):
    """Return how many of `times` lie within so many seconds at most, whatever their start."""
    return max(sum(start <= each < start + seconds for each in times) for start in times)


def test_the_first_turns_come_apart_as_a_process_that_begins_has_just_logged_in():
    async def main():
        return await many_turns(Pacer())

    times = simulate(main)
    assert most_within(times, 1) <= 41
    assert times[-1] - times[0] == pytest.approx(199 / 40)


def test_turns_are_at_most_forty_a_second_and_four_at_once():
    async def main():
        pacer = Pacer()
        await pacer.turn()
        await asyncio.sleep(5)
        return await many_turns(pacer)

    times = simulate(main)
    assert len([each for each in times if each == times[0]]) == 4
    assert most_within(times, 1.09) == 44
    assert times[-1] - times[0] == pytest.approx(196 / 40)


def test_turns_that_come_late_do_not_come_together():
    async def main():
        return await many_turns(Pacer(), stall_at=50)

    assert most_within(simulate(main), 1.09) == 44


def test_who_gives_up_waiting_takes_no_turn():
    async def main():
        loop, pacer = asyncio.get_running_loop(), Pacer(rate=1, burst=1)
        began = loop.time()
        await pacer.turn()
        waiting = [asyncio.create_task(pacer.turn()) for _ in range(3)]
        await asyncio.sleep(0.5)
        waiting[0].cancel()
        waiting[1].cancel()
        await waiting[2]
        return loop.time() - began

    assert simulate(main) == 1


def test_requests_beyond_the_first_of_a_call_take_turns_of_their_own():
    async def main():
        loop, pacer, times = asyncio.get_running_loop(), Pacer(), []

        async def call(requests):
            await pacer.turn()
            with pacer.covering_one_request():
                for _ in range(requests):
                    await paced()
                    times.append(loop.time())

        await asyncio.gather(*(call(3) for _ in range(50)))
        return sorted(times)

    times = simulate(main)
    assert most_within(times, 1) <= 44
    assert times[-1] - times[0] == pytest.approx(149 / 40)


def test_what_is_not_announcing_waits_for_no_turn():
    async def main():
        loop, pacer = asyncio.get_running_loop(), Pacer(rate=1, burst=1)
        began = loop.time()
        for _ in range(5):
            await paced()
        await pacer.turn()
        with pacer.covering_one_request():
            await paced()
        for _ in range(5):
            await paced()
        return loop.time() - began

    assert simulate(main) == 0


def test_a_rested_pacer_gives_the_burst_again():
    async def main():
        loop, pacer = asyncio.get_running_loop(), Pacer()
        for _ in range(10):
            await pacer.turn()
        await asyncio.sleep(5)
        before = loop.time()
        for _ in range(4):
            await pacer.turn()
        return loop.time() - before

    assert simulate(main) == 0


def test_what_rounding_leaves_of_a_wait_is_not_waited_for():
    async def main():
        loop, pacer, slept = asyncio.get_running_loop(), Pacer(rate=3, burst=1), []
        await pacer.turn()
        await asyncio.sleep(1 / 3 - 1e-9)  # the clock stands just before the next turn
        before = loop.time()
        await pacer.turn()
        slept.append(loop.time() - before)
        return slept

    assert simulate(main) == [0]
