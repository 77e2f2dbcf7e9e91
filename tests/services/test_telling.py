"""An admin is told once of what stopped in a channel, and of jobs that may have got lost there."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.jobs.announcing import PauseReason, Terms, Trouble
from bot.jobs.job import Job
from bot.jobs.query import ANYTHING
from bot.jobs.timetable import Timetable, daily
from bot.services.alerts import AlertService
from bot.services.pacer import Pacer
from bot.services.ports import ForbiddenError, TemporaryError
from bot.services.telling import TellService
from tests.fakes import START

GUILD, CHANNEL, OTHER, ADMIN = 1, 11, 12, 77


def job(name, **changes):
    return replace(Job(id=name, title=name, company="Fern", source="board", first_seen=START, featured=True), **changes)


class Admins:
    """Who reads what; `fault` is what writing to them comes to."""

    def __init__(self):
        self.read = []
        self.fault = None

    async def tell(self, trouble):
        if self.fault:
            raise self.fault
        self.read.append(trouble)


@pytest.fixture
def admins():
    return Admins()


@pytest.fixture
def telling(store, admins, clock):
    return TellService(store.troubles, admins.tell, clock, Pacer(10**9))


async def refused(store, service, publisher, clock, *channels):
    """Have a job refused in channels, in which the bot may not write."""
    for channel in channels:
        publisher.faults[channel].append(ForbiddenError("Send Messages"))
    await store.jobs.upsert([job(f"job {clock()}")], clock())
    await service.run()


async def test_who_set_a_channel_up_is_told_once_why_it_stopped(store, service, publisher, clock, telling, admins):
    await service.switch_on(GUILD, CHANNEL, admin=ADMIN)
    await refused(store, service, publisher, clock, CHANNEL)
    for _ in range(3):
        clock.advance(minutes=1)
        await telling.run()
    assert admins.read == [Trouble(GUILD, CHANNEL, ADMIN, PauseReason.FORBIDDEN, "Send Messages")]


async def test_a_channel_that_stops_again_is_told_again(store, service, publisher, clock, telling, admins):
    for _ in range(2):
        await service.switch_on(GUILD, CHANNEL, admin=ADMIN)
        await refused(store, service, publisher, clock, CHANNEL)
        clock.advance(minutes=1)
        await telling.run()
        clock.advance(minutes=1)
    assert [trouble.channel for trouble in admins.read] == [CHANNEL, CHANNEL]


async def test_two_subscriptions_of_a_channel_are_one_trouble(store, service, publisher, clock, telling, admins):
    await service.switch_on(GUILD, CHANNEL, admin=ADMIN)
    await service.add(GUILD, CHANNEL, Terms(timetable=Timetable(daily(time(9)))), admin=ADMIN)
    await service.switch_on(GUILD, OTHER)
    await refused(store, service, publisher, clock, CHANNEL, OTHER)
    await telling.run()
    assert [(trouble.channel, trouble.admin) for trouble in admins.read] == [(CHANNEL, ADMIN), (OTHER, None)]


async def test_jobs_that_may_have_arrived_are_named(store, service, publisher, clock, telling, admins):
    await service.switch_on(GUILD, CHANNEL, admin=ADMIN)
    publisher.losing, publisher.unreadable = {1}, {CHANNEL}
    publisher.faults[CHANNEL] += [None, TemporaryError("down", outcome_known=True, retry_after=timedelta(minutes=10))]
    await store.jobs.upsert([job("a")], clock())
    for _ in range(2):
        await service.run()
        clock.advance(minutes=10)
    await service.run()
    assert (await service.status(GUILD))[0].unknown == 1
    for _ in range(2):
        await telling.run()
    assert admins.read == [Trouble(GUILD, CHANNEL, ADMIN, unknown=("a",))]


async def test_of_many_jobs_that_may_have_arrived_five_are_named_and_the_others_counted(
    store, service, publisher, clock, telling, admins
):
    await service.add(GUILD, CHANNEL, Terms(timetable=Timetable("0 * * * *")), admin=ADMIN)
    publisher.losing, publisher.unreadable = {1}, {CHANNEL}
    publisher.faults[CHANNEL] += [None, TemporaryError("down", outcome_known=True, retry_after=timedelta(minutes=10))]
    await store.jobs.upsert([job(f"a{number}") for number in range(7)], clock())
    for _ in range(3):
        clock.advance(hours=1)
        await service.run()
    await telling.run()
    [trouble] = admins.read
    assert (len(trouble.unknown), trouble.more) == (5, 2)


async def test_an_admin_who_cannot_be_reached_is_not_tried_again(store, service, publisher, clock, telling, admins):
    await service.switch_on(GUILD, CHANNEL, admin=ADMIN)
    await service.switch_on(GUILD, OTHER, admin=ADMIN)
    await refused(store, service, publisher, clock, CHANNEL, OTHER)
    admins.fault = ForbiddenError("50007")
    assert await telling.run() == 2
    admins.fault = None
    assert await telling.run() == 0


async def test_nobody_is_told_of_a_server_that_the_bot_left_or_of_what_an_admin_switched_off(
    service, telling, admins, store
):
    await service.switch_on(GUILD, CHANNEL, admin=ADMIN)
    await service.guild_left(GUILD)
    await service.switch_on(2, OTHER, admin=ADMIN)
    await service.switch_off(2, OTHER)
    assert await telling.run() == 0
    assert admins.read == []


async def test_the_paused_alert_of_a_person_is_told_to_no_admin(store, service, publisher, clock, telling, admins):
    await AlertService(store.subscriptions, clock).add(ADMIN, ANYTHING, Timetable("0 * * * *"))
    publisher.faults[ADMIN].append(ForbiddenError("50007"))
    await store.jobs.upsert([job("a")], clock())
    await service.run()
    clock.advance(hours=2)
    await service.run()
    assert await telling.run() == 0
