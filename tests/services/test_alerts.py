"""Personal alerts: one direct message at one's own hour, only where somebody asked for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import text

from bot.jobs.announcing import PauseReason, SubscriptionState, Venue
from bot.jobs.job import Job
from bot.jobs.query import ANYTHING, JobQuery
from bot.jobs.timetable import AT_ONCE, Timetable, daily
from bot.services.alerts import MOST_ALERTS, AlertService
from bot.services.ports import ForbiddenError
from tests.fakes import START

PERSON, OTHER, GUILD, CHANNEL = 501, 502, 1, 11
EVENINGS = Timetable(daily(time(18)), "Europe/Berlin")
"""Now is 10:00 in Berlin."""


def job(name, **changes):
    return replace(Job(id=name, title=name, company="Fern", source="board", first_seen=START, featured=True), **changes)


@pytest.fixture
def alerts(store, clock):
    return AlertService(store.subscriptions, clock)


async def at(service, clock, moment):
    """Run when it is `moment`, a local time in Berlin in winter."""
    clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC) - timedelta(hours=1)
    await service.run()


async def test_new_jobs_come_as_one_message_at_the_hour_of_the_person(store, service, alerts, publisher, clock):
    alert, _ = await alerts.add(PERSON, JobQuery(roles=("data-engineer",)), EVENINGS)
    later = START + timedelta(minutes=1)
    fitting = [job("a", role="data-engineer"), job("b", role="data-engineer", first_seen=later)]
    await store.jobs.upsert([*fitting, job("c")], clock())
    await service.run()
    await at(service, clock, "2024-02-02T17:59")
    assert publisher.messages(PERSON) == []
    await at(service, clock, "2024-02-02T18:00")
    assert publisher.messages(PERSON) == ["ab"]
    assert alert.venue is Venue.PERSON


async def test_nothing_is_sent_where_nothing_is_new(store, service, alerts, publisher, clock):
    await alerts.add(PERSON, ANYTHING, EVENINGS)
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    await at(service, clock, "2024-02-02T18:00")
    await at(service, clock, "2024-02-03T18:00")
    assert publisher.messages(PERSON) == ["a"]


async def test_a_job_comes_to_a_person_and_to_a_channel_with_the_same_number(store, service, alerts, publisher, clock):
    await service.switch_on(GUILD, PERSON)
    await alerts.add(PERSON, ANYTHING, EVENINGS)
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    await at(service, clock, "2024-02-02T18:00")
    assert publisher.messages(PERSON) == ["a", "a"]


async def test_two_alerts_of_a_person_bring_a_job_once(store, service, alerts, publisher, clock):
    await alerts.add(PERSON, ANYTHING, EVENINGS)
    await alerts.add(PERSON, JobQuery(roles=("data-engineer",)), EVENINGS)
    await store.jobs.upsert([job("a", role="data-engineer")], clock())
    await service.run()
    await at(service, clock, "2024-02-02T18:00")
    assert publisher.messages(PERSON) == ["a"]


async def test_closed_messages_pause_all_alerts_of_the_person_and_nobody_else(store, service, alerts, publisher, clock):
    for person in (PERSON, PERSON, OTHER):
        await alerts.add(person, ANYTHING, EVENINGS)
    publisher.faults[PERSON].append(ForbiddenError("403 50007"))
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    await at(service, clock, "2024-02-02T18:00")
    paused = await alerts.of(PERSON)
    assert [(each.state, each.reason) for each in paused] == [
        (SubscriptionState.PAUSED, PauseReason.CLOSED_MESSAGES)
    ] * 2
    assert publisher.messages(OTHER) == ["a"]


async def test_who_was_told_of_a_pause_is_told_again_only_after_another_one(store, service, alerts, publisher, clock):
    alert, _ = await alerts.add(PERSON, ANYTHING, EVENINGS)
    for day, name in ((2, "a"), (3, "b")):
        publisher.faults[PERSON].append(ForbiddenError("403 50007"))
        await store.jobs.upsert([job(name)], clock())
        await service.run()
        await at(service, clock, f"2024-02-0{day}T18:00")
        assert [each.id for each in await alerts.untold(PERSON)] == [alert.id]
        clock.advance(minutes=1)
        await alerts.told(PERSON)
        assert await alerts.untold(PERSON) == ()
        await alerts.resume(PERSON, alert.id)
    assert await alerts.untold(OTHER) == ()


async def test_a_resumed_alert_sends_what_could_not_be_sent(store, service, alerts, publisher, clock):
    alert, _ = await alerts.add(PERSON, ANYTHING, EVENINGS)
    publisher.faults[PERSON].append(ForbiddenError("403 50007"))
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    await at(service, clock, "2024-02-02T18:00")
    await alerts.resume(PERSON, alert.id)
    await at(service, clock, "2024-02-03T18:00")
    assert publisher.messages(PERSON) == ["a"]


async def test_nobody_changes_the_alert_of_somebody_else(alerts):
    alert, _ = await alerts.add(PERSON, ANYTHING, EVENINGS)
    assert await alerts.pause(OTHER, alert.id) is None
    assert await alerts.resume(OTHER, alert.id) is None
    assert not await alerts.remove(OTHER, alert.id)
    assert [each.state for each in await alerts.of(PERSON)] == [SubscriptionState.ON]


async def test_the_subscription_of_a_channel_is_nobodys_alert(service, alerts):
    subscription, _ = await service.switch_on(GUILD, CHANNEL)
    assert await alerts.of(CHANNEL) == ()
    assert not await alerts.remove(CHANNEL, subscription.id)


async def test_a_removed_alert_leaves_nothing_about_the_person_behind(store, service, alerts, publisher, clock):
    alert, _ = await alerts.add(PERSON, ANYTHING, EVENINGS)
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    await at(service, clock, "2024-02-02T18:00")
    await store.jobs.upsert([job("b")], clock())
    await service.run()
    assert await alerts.remove(PERSON, alert.id)
    async with store.database.reading() as connection:
        for table in ("subscriptions", "deliveries", "delivery_jobs"):
            found = await connection.execute(text(f"SELECT count(*) FROM {table} WHERE target LIKE '%{PERSON}'"))
            assert found.scalar_one() == 0
    await at(service, clock, "2024-02-03T18:00")
    assert publisher.messages(PERSON) == ["a"]


async def test_a_person_has_at_most_so_many_alerts(alerts):
    for _ in range(MOST_ALERTS):
        await alerts.add(PERSON, ANYTHING, EVENINGS)
    assert await alerts.add(PERSON, ANYTHING, EVENINGS) == "you have 5 alerts already; /alerts remove makes room"
    assert not isinstance(await alerts.add(OTHER, ANYTHING, EVENINGS), str)


@pytest.mark.parametrize(
    ("times", "fault"),
    [
        (AT_ONCE, "an alert comes at a time of day"),
        (replace(EVENINGS, zone="Berlin"), "time zone"),
        (replace(EVENINGS, cron="* * * * *"), "less than 30 minutes apart"),
    ],
)
async def test_an_alert_at_no_sensible_time_is_refused(alerts, times, fault):
    assert fault in await alerts.add(PERSON, ANYTHING, times)
    assert await alerts.of(PERSON) == ()


async def test_a_server_is_not_told_of_alerts(service, alerts):
    await alerts.add(PERSON, ANYTHING, EVENINGS)
    assert await service.subscriptions(GUILD) == ()
    assert await service.status(GUILD) == ()
