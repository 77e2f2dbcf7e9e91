"""When a subscription's jobs are due, in its own time zone, over both changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.timetable import (
    AT_ONCE,
    SHORTEST,
    Timetable,
    daily,
    due,
    every_hours,
    fault_of,
    is_quiet,
    local_day,
    weekly,
)

NIGHT = (time(22), time(7))
BERLIN = "Europe/Berlin"


def at(text: str, zone: str = BERLIN) -> datetime:
    """Return a local time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_a_job_is_due_at_once_without_a_timetable():
    now = at("2026-03-02T03:00")
    assert due(AT_ONCE, now) == now


@pytest.mark.parametrize(
    ("cron", "now", "expected"),
    [
        (daily(time(9, 30)), "2026-03-02T09:00", "2026-03-02T09:30"),
        (daily(time(9, 30)), "2026-03-02T09:30", "2026-03-03T09:30"),
        (weekly(1, time(8)), "2026-03-03T12:00", "2026-03-09T08:00"),
        (weekly(0, time(8)), "2026-03-03T12:00", "2026-03-08T08:00"),
        (every_hours(6), "2026-03-02T09:00", "2026-03-02T12:00"),
        (every_hours(1), "2026-03-02T09:00", "2026-03-02T10:00"),
        ("15 8 1 * *", "2026-03-02T09:00", "2026-04-01T08:15"),
    ],
)
def test_a_digest_is_due_at_the_next_time_of_its_timetable(cron, now, expected):
    assert due(Timetable(cron, BERLIN), at(now)) == at(expected)


@pytest.mark.parametrize(
    ("quiet", "now", "expected"),
    [
        (NIGHT, "2026-03-02T21:59", "2026-03-02T21:59"),
        (NIGHT, "2026-03-02T22:00", "2026-03-03T07:00"),
        (NIGHT, "2026-03-02T06:59", "2026-03-02T07:00"),
        (NIGHT, "2026-03-02T07:00", "2026-03-02T07:00"),
        ((time(12), time(14)), "2026-03-02T13:00", "2026-03-02T14:00"),
        ((time(12), time(14)), "2026-03-02T14:00", "2026-03-02T14:00"),
        ((time(12), time(0)), "2026-03-02T13:00", "2026-03-03T00:00"),
    ],
)
def test_nothing_is_due_in_quiet_hours(quiet, now, expected):
    timetable = Timetable(zone=BERLIN, quiet=quiet)
    assert due(timetable, at(now)) == at(expected)
    assert is_quiet(timetable, at(now)) is (now != expected)


def test_a_digest_in_quiet_hours_waits_for_their_end():
    assert due(Timetable(every_hours(6), BERLIN, NIGHT), at("2026-03-02T19:00")) == at("2026-03-03T07:00")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # clocks are put forward at 2:00 on 29 March and back at 3:00 on 25 October
        ("2026-03-28T12:00", "2026-03-29T03:00"),
        ("2026-10-24T12:00", "2026-10-25T02:30"),
        ("2026-10-25T02:31", "2026-10-26T02:30"),
    ],
)
def test_a_digest_comes_once_a_day_when_the_clocks_are_changed(now, expected):
    assert due(Timetable(daily(time(2, 30)), BERLIN), at(now)) == at(expected)


def test_quiet_hours_that_end_at_a_time_that_does_not_come_end_when_the_clocks_have_been_changed():
    quiet = Timetable(zone=BERLIN, quiet=(time(23), time(2, 30)))
    assert due(quiet, at("2026-03-29T01:00")) == at("2026-03-29T03:30")


def test_quiet_hours_that_end_at_a_time_that_comes_twice_are_over_in_the_end():
    quiet = Timetable(zone=BERLIN, quiet=(time(23), time(2, 30)))
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 2:10 for the second time
    assert due(quiet, second) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@given(
    now=st.datetimes(
        datetime(2026, 1, 1),  # noqa: DTZ001  # as the strategy takes them
        datetime(2027, 12, 31),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    zone=st.sampled_from([BERLIN, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
    cron=st.none() | st.builds(daily, st.times()) | st.builds(every_hours, st.integers(1, 23)),
    quiet=st.none() | st.tuples(st.times(), st.times()).filter(lambda both: both[0] != both[1]),
)
def test_whatever_is_due_is_due_later_within_days_and_never_in_quiet_hours(now, zone, cron, quiet):
    timetable = Timetable(cron, zone, quiet)
    moment = due(timetable, now)
    assert now <= moment < now + timedelta(days=3)
    assert (
        not is_quiet(timetable, moment)
        or moment.astimezone(ZoneInfo(zone)).utcoffset()
        != (moment - timedelta(hours=3)).astimezone(ZoneInfo(zone)).utcoffset()
    )


@pytest.mark.parametrize(
    ("timetable", "part"),
    [
        (Timetable(zone="Mars/Olympus"), "time zone"),
        (Timetable(zone="../../etc/passwd"), "time zone"),
        (Timetable(zone=""), "time zone"),
        (Timetable(quiet=(time(7), time(7))), "never end"),
        (Timetable("every day"), "five fields"),
        (Timetable("0 9 * *"), "five fields"),
        (Timetable("0 25 * * *"), "cron text"),
        (Timetable("* * * * *"), f"less than {SHORTEST // timedelta(minutes=1)} minutes"),
        (Timetable("0,20 9 * * *"), "less than"),
        (Timetable("0 0 30 2 *"), "cron text"),
        (Timetable("0 9 * * *" + " " * 200), "five fields"),
    ],
)
def test_a_fault_of_a_timetable_is_told(timetable, part):
    assert part in (fault_of(timetable) or "")


@pytest.mark.parametrize("cron", [None, "0 9 * * 1-5", every_hours(4), daily(time(9)), weekly(5, time(17, 45))])
def test_a_good_timetable_has_no_fault(cron):
    assert fault_of(Timetable(cron, BERLIN, NIGHT)) is None


def test_the_day_is_that_of_the_zone():
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert local_day(Timetable(zone=BERLIN), late) == date(2026, 3, 3)
    assert local_day(Timetable(zone="America/New_York"), late) == date(2026, 3, 2)
