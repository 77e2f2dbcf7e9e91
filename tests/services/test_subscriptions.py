"""Subscriptions: which jobs they get, when, in how many messages, and what becomes of them when they change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import text

from bot.jobs.announcing import ALL_AT_ONCE, DeliveryKind, SubscriptionState, Terms
from bot.jobs.job import Job, JobState
from bot.jobs.query import JobQuery
from bot.jobs.timetable import Timetable, daily
from bot.language.facets import Filters, Level
from bot.services.announce import MOST_SUBSCRIPTIONS
from tests.fakes import START, FakeClock

GUILD, CHANNEL, OTHER = 1, 11, 12
ENGINEERS = Terms(JobQuery(roles=("data-engineer",)))
DAILY = Terms(timetable=Timetable(daily(time(18)), "Europe/Berlin"))
"""Now is 10:00 in Berlin."""


def job(name, **changes):
    return replace(Job(id=name, title=name, company="Fern", source="board", first_seen=START, featured=True), **changes)


def jobs(names, **changes):
    """Make featured jobs, the first of them the oldest."""
    return [job(name, first_seen=START + timedelta(minutes=at), **changes) for at, name in enumerate(names)]


async def added(service, terms, channel=CHANNEL):
    """Add a subscription, and return it."""
    subscription, _ = await service.add(GUILD, channel, terms)
    return subscription


async def at(service, clock, moment):
    """Run when it is `moment`, a local time in Berlin in winter."""
    clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC) - timedelta(hours=1)
    await service.run()


async def test_a_channel_gets_what_its_subscription_asks_for(store, service, publisher):
    await added(service, ENGINEERS)
    await added(service, Terms(JobQuery(filters=Filters(country="NO", level=Level.SENIOR))), OTHER)
    fitting = {"role": "data-engineer", "countries": ("NO",), "level": Level.SENIOR}
    await store.jobs.upsert([*jobs("ab", role="data-engineer"), job("c"), job("d", **fitting)], START)
    await service.run()
    assert publisher.seen(CHANNEL) == ["d", "a", "b"]
    assert publisher.seen(OTHER) == ["d"]


async def test_two_subscriptions_of_a_channel_bring_a_job_once(store, service, publisher):
    await added(service, ENGINEERS)
    await added(service, Terms(JobQuery(words=("kafka",))))
    await store.jobs.upsert(
        [job("a", role="data-engineer", tags=("Kafka",)), job("b", role="data-engineer"), job("c", tags=("Kafka",))],
        START,
    )
    await service.run()
    assert sorted(publisher.seen(CHANNEL)) == ["a", "b", "c"]


async def test_a_digest_gathers_jobs_until_it_is_time(store, service, publisher, clock):
    await added(service, DAILY)
    for name in "abc":
        await store.jobs.upsert([job(name, first_seen=clock())], clock())
        await service.run()
        clock.advance(hours=1)
    assert publisher.messages(CHANNEL) == []
    await at(service, clock, "2024-02-02T17:59")
    assert publisher.messages(CHANNEL) == []
    await at(service, clock, "2024-02-02T18:00")
    assert publisher.messages(CHANNEL) == ["abc"]
    await store.jobs.upsert([job("d")], clock())
    await service.run()
    await at(service, clock, "2024-02-03T18:00")
    await at(service, clock, "2024-02-03T18:01")
    assert publisher.messages(CHANNEL) == ["abc", "d"]


async def test_a_digest_without_jobs_is_not_sent(service, publisher, clock):
    await added(service, DAILY)
    await at(service, clock, "2024-02-02T18:00")
    assert publisher.calls == 0


async def test_a_job_that_is_closed_while_a_digest_gathers_is_left_out(store, service, publisher, clock):
    await added(service, DAILY)
    await store.jobs.upsert(jobs("abc"), START)
    await service.run()
    await store.jobs.close("b", clock())
    await at(service, clock, "2024-02-02T18:00")
    assert publisher.messages(CHANNEL) == ["ac"]


async def test_a_digest_whose_jobs_are_all_closed_is_skipped_and_the_next_one_comes(store, service, publisher, clock):
    await added(service, DAILY)
    await store.jobs.upsert([job("a")], START)
    await service.run()
    await store.jobs.close("a", clock())
    await at(service, clock, "2024-02-02T18:00")
    assert publisher.calls == 0
    await store.jobs.upsert([job("b")], clock())
    await at(service, clock, "2024-02-02T18:01")
    await at(service, clock, "2024-02-03T18:00")
    assert publisher.messages(CHANNEL) == ["b"]


async def test_a_digest_whose_answer_was_lost_is_found_and_not_sent_again(store, service, publisher, clock):
    await added(service, DAILY)
    await store.jobs.upsert(jobs("ab"), START)
    await service.run()
    publisher.losing = {1}
    await at(service, clock, "2024-02-02T18:00")
    await store.jobs.close("a", clock())
    clock.advance(hours=1)
    await service.run()
    assert publisher.messages(CHANNEL) == ["ab"]
    assert (await service.status(GUILD))[0].sent == 1


async def test_in_quiet_hours_jobs_gather_until_these_are_over(store, service, publisher, clock):
    await added(service, Terms(timetable=Timetable(zone="Europe/Berlin", quiet=(time(22), time(7)))))
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    await at(service, clock, "2024-02-02T23:00")
    for name in "bc":
        await store.jobs.upsert([job(name, first_seen=clock())], clock())
        await service.run()
        clock.advance(minutes=10)
    assert publisher.messages(CHANNEL) == ["a"]
    await at(service, clock, "2024-02-03T07:00")
    assert publisher.messages(CHANNEL) == ["a", "bc"]


async def test_what_a_days_cap_leaves_out_comes_as_one_list_when_the_day_is_over(store, service, publisher, clock):
    await added(service, Terms(timetable=Timetable(zone="Europe/Berlin"), cap=2))
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    await store.jobs.upsert(jobs("bcd"), clock())
    await service.run()
    await store.jobs.upsert([job("e", first_seen=START + timedelta(hours=1))], clock())
    await service.run()
    assert publisher.messages(CHANNEL) == ["a", "b"]
    await at(service, clock, "2024-02-03T00:00")
    assert publisher.messages(CHANNEL) == ["a", "b", "cde"]
    await store.jobs.upsert(jobs("fgh"), clock())
    await service.run()
    assert publisher.messages(CHANNEL) == ["a", "b", "cde", "f", "g"]


async def test_a_new_subscription_gets_the_newest_three_jobs_that_fit(store, service, publisher):
    await store.jobs.upsert([*jobs("abcde", role="data-engineer"), *jobs("xyz")], START)
    _, planned = await service.add(GUILD, CHANNEL, ENGINEERS)
    await service.run()
    assert (planned, publisher.seen(CHANNEL)) == (3, ["c", "d", "e"])


async def test_changed_terms_count_for_jobs_to_come(store, service, publisher):
    subscription = await added(service, ENGINEERS)
    await store.jobs.upsert([job("a")], START)
    await service.run()
    changed = await service.change(GUILD, subscription.id, ALL_AT_ONCE)
    assert changed.terms == ALL_AT_ONCE
    await store.jobs.upsert([job("b")], START)
    await service.run()
    assert publisher.seen(CHANNEL) == ["b"]


async def test_a_job_that_changes_comes_to_those_who_want_it_now(store, service, publisher):
    await added(service, ENGINEERS)
    await store.jobs.upsert([job("a")], START)
    await service.run()
    await store.jobs.upsert([job("a", role="data-engineer")], START)
    await service.run()
    await store.jobs.upsert([job("a", role="data-engineer", place="Oslo")], START)
    await service.run()
    assert publisher.seen(CHANNEL) == ["a"]


async def test_a_job_that_changes_while_it_is_planned_is_planned_anew(store, service, publisher, clock):
    await added(service, ENGINEERS)
    await store.jobs.upsert([job("a")], START)
    fence = await store.deliveries.acquire("me", clock(), clock() + timedelta(minutes=1))
    begun = await store.deliveries._begin(fence)
    await store.jobs.upsert([job("a", role="data-engineer")], START)
    await store.deliveries._end(fence, begun)
    await service.run()
    assert publisher.seen(CHANNEL) == ["a"]


async def test_a_paused_subscription_hears_nothing_and_catches_up_with_three(store, service, publisher):
    subscription = await added(service, ENGINEERS)
    await added(service, Terms(JobQuery(roles=("data-scientist",))))
    assert (await service.pause(GUILD, subscription.id)).state is SubscriptionState.OFF
    await store.jobs.upsert([*jobs("abcde", role="data-engineer"), job("s", role="data-scientist")], START)
    await service.run()
    assert publisher.seen(CHANNEL) == ["s"]
    resumed, planned = await service.resume(GUILD, subscription.id)
    await service.run()
    assert (resumed.state, planned) == (SubscriptionState.ON, 3)
    assert publisher.seen(CHANNEL) == ["s", "c", "d", "e"]


async def test_resuming_what_is_on_changes_nothing(service):
    subscription = await added(service, ENGINEERS)
    assert await service.resume(GUILD, subscription.id) == (subscription, 0)


async def test_a_removed_subscription_is_gone_with_what_waits_for_it(store, service, publisher, clock):
    subscription = await added(service, DAILY)
    await store.jobs.upsert(jobs("ab"), START)
    await service.run()
    assert await service.remove(GUILD, subscription.id)
    await at(service, clock, "2024-02-02T18:00")
    assert (publisher.calls, await service.subscriptions(GUILD), await service.status(GUILD)) == (0, (), ())
    assert not await service.remove(GUILD, subscription.id)
    assert await service.change(GUILD, subscription.id, ALL_AT_ONCE) is None


async def test_nobody_reaches_a_subscription_of_another_server(service):
    subscription = await added(service, ENGINEERS)
    elsewhere = GUILD + 1
    assert await service.subscriptions(elsewhere) == ()
    assert await service.change(elsewhere, subscription.id, ALL_AT_ONCE) is None
    assert await service.pause(elsewhere, subscription.id) is None
    assert await service.resume(elsewhere, subscription.id) is None
    assert not await service.remove(elsewhere, subscription.id)
    assert await service.subscriptions(GUILD) == (subscription,)


async def test_faulty_terms_change_nothing(service):
    assert "not a time zone" in await service.add(GUILD, CHANNEL, Terms(timetable=Timetable(zone="Mars")))
    assert "at least one" in await service.add(GUILD, CHANNEL, Terms(cap=0))
    subscription = await added(service, ENGINEERS)
    assert "five fields" in await service.change(GUILD, subscription.id, Terms(timetable=Timetable("daily")))
    assert await service.subscriptions(GUILD) == (subscription,)


async def test_a_server_has_as_many_subscriptions_as_a_select_can_list(service):
    for number in range(MOST_SUBSCRIPTIONS):
        await added(service, Terms(JobQuery(words=(f"word{number}",))))
    assert str(MOST_SUBSCRIPTIONS) in await service.add(GUILD, CHANNEL, ENGINEERS)


async def test_switching_a_channel_on_and_off_means_all_its_subscriptions(store, service, publisher):
    await added(service, ENGINEERS)
    await added(service, Terms(JobQuery(roles=("data-scientist",))))
    await service.switch_off(GUILD, CHANNEL)
    assert {each.state for each in await service.subscriptions(GUILD)} == {SubscriptionState.OFF}
    await store.jobs.upsert([job("e", role="data-engineer"), job("s", role="data-scientist"), job("x")], START)
    _, planned = await service.switch_on(GUILD, CHANNEL)
    await service.run()
    assert (planned, sorted(publisher.seen(CHANNEL))) == (2, ["e", "s"])
    assert len(await service.subscriptions(GUILD)) == 2


async def test_every_part_of_terms_is_kept(service):
    terms = Terms(
        JobQuery(
            roles=("data-engineer",),
            filters=Filters(country="NO", level=Level.SENIOR, remote=False, salary_min=1),
            company="Fern",
            words=("kafka", "c++"),
            paid=True,
            sources=("board",),
        ),
        Timetable("0 9 * * 1", "Asia/Kolkata", (time(22, 30), time(0))),
        cap=3,
        mention=2**63 - 1,
    )
    subscription = await added(service, terms)
    assert (await service.subscriptions(GUILD))[0].terms == subscription.terms == terms


async def test_each_channel_has_its_first_job_before_any_has_its_second(store, clock):
    for channel in range(1, 301):
        await store.subscriptions.add(GUILD, channel, ALL_AT_ONCE, START, backlog=0)
    await store.jobs.upsert(jobs("ab"), START)
    fence = await store.deliveries.acquire("me", clock(), clock() + timedelta(minutes=1))
    await store.deliveries.plan(fence, clock())
    order = []
    while delivery := await store.deliveries.claim(fence, clock(), clock() + timedelta(minutes=1)):
        order.append(delivery.jobs[0].id)
        await store.deliveries.sent(delivery, fence, 1, clock())
    assert order == ["a"] * 300 + ["b"] * 300


async def test_a_list_in_a_channel_that_is_paused_waits_with_it(store, service, publisher, clock):
    await added(service, DAILY)
    await store.jobs.upsert(jobs("ab"), START)
    await service.run()
    await service.channel_gone(CHANNEL)
    await at(service, clock, "2024-02-02T18:00")
    assert publisher.calls == 0
    await service.switch_on(GUILD, CHANNEL)
    await at(service, clock, "2024-02-03T18:00")
    assert publisher.messages(CHANNEL) == ["ab"]


async def test_what_waits_for_long_comes_as_one_list_and_not_as_a_flood(store, service, publisher, clock):
    await added(service, ALL_AT_ONCE)
    fence = await store.deliveries.acquire("me", clock(), clock() + timedelta(minutes=1))
    await store.jobs.upsert(jobs("abcdefg"), START)
    await store.deliveries.plan(fence, clock())
    clock.advance(hours=7)
    await store.jobs.upsert([job("h", first_seen=clock())], clock())
    await service.run()
    assert publisher.messages(CHANNEL) == ["abcdefg", "h"]


async def test_a_few_that_wait_for_long_come_one_by_one(store, service, publisher, clock):
    await added(service, ALL_AT_ONCE)
    fence = await store.deliveries.acquire("me", clock(), clock() + timedelta(minutes=1))
    await store.jobs.upsert(jobs("abc"), START)
    await store.deliveries.plan(fence, clock())
    clock.advance(hours=7)
    await service.run()
    assert publisher.messages(CHANNEL) == ["a", "b", "c"]


async def test_what_may_be_in_a_channel_already_is_not_gathered(store, service, publisher, clock):
    await added(service, ALL_AT_ONCE)
    await store.jobs.upsert(jobs("abcdef"), START)
    fence = await store.deliveries.acquire("me", clock(), clock() + timedelta(minutes=1))
    await store.deliveries.plan(fence, clock())
    claimed = await store.deliveries.claim(fence, clock(), clock() + timedelta(minutes=1))
    await publisher.publish(claimed)
    clock.advance(hours=7)
    await service.run()
    assert sorted(publisher.messages(CHANNEL)) == ["a", "bcdef"]


async def test_what_waits_is_of_the_kind_that_it_will_be(store, service):
    await added(service, DAILY)
    await added(service, ALL_AT_ONCE, OTHER)
    await store.jobs.upsert(jobs("ab"), START)
    fence = await store.deliveries.acquire("me", START, START + timedelta(minutes=1))
    assert await store.deliveries.plan(fence, START) == 4
    async with store.database.reading() as connection:
        kinds = (await connection.execute(text("SELECT kind, target FROM deliveries ORDER BY id"))).all()
    digest, single = DeliveryKind.DIGEST.value, DeliveryKind.JOB.value
    assert kinds == [(digest, "channel:11"), (single, "channel:12"), (single, "channel:12")]


async def test_only_open_jobs_are_planned(store, service, publisher):
    await added(service, ALL_AT_ONCE)
    await store.jobs.upsert([job("a", state=JobState.CLOSED), job("b")], START)
    await service.run()
    assert publisher.seen(CHANNEL) == ["b"]


def test_the_clock_of_these_tests_says_ten_in_berlin():
    assert FakeClock()() == datetime(2024, 2, 2, 9, tzinfo=UTC)


async def test_status_tells_when_the_next_message_is_due(store, service, clock):
    await added(service, DAILY)
    assert (await service.status(GUILD))[0].next_due is None
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    status = (await service.status(GUILD))[0]
    assert (status.waiting, status.next_due) == (1, datetime(2024, 2, 2, 17, tzinfo=UTC))
    await at(service, clock, "2024-02-02T18:00")
    status = (await service.status(GUILD))[0]
    assert (status.waiting, status.next_due, status.last_sent) == (0, None, clock())
