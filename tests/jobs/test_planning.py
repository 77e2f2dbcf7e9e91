from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.announcing import ALL_AT_ONCE, DeliveryKind, Terms
from bot.jobs.job import Job, JobState
from bot.jobs.planning import BACKLOG, Batch, arrange, newest_first, plan
from bot.jobs.timetable import Timetable, every_hours

NOW = datetime(2024, 2, 2, 9, tzinfo=UTC)


def job(name, **changes):
    return replace(Job(id=name, title=name, company="Fern", source="listing", first_seen=NOW, featured=True), **changes)


def names(jobs):
    return "".join(job.id for job in jobs)


def test_newest_is_by_posted_then_first_seen_then_listing_order():
    later, earlier = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
    jobs = [job("d", position=1), job("c"), job("b", first_seen=later), job("a", posted=later, first_seen=earlier)]
    assert names(newest_first(jobs)) == "abcd"


def test_a_date_of_posting_counts_more_than_when_it_was_first_seen():
    assert names(newest_first([job("b", posted=NOW - timedelta(days=9)), job("a")])) == "ab"


def test_the_newest_is_announced_last():
    assert names(plan([job("a"), job("b", position=1), job("c", position=2)]).announce) == "cba"


def test_a_backlog_is_cut_to_its_newest_and_the_rest_is_skipped():
    planned = plan([job(name, position=at) for at, name in enumerate("abcde")], backlog=BACKLOG)
    assert (names(planned.announce), names(planned.skip)) == ("cba", "ed")


def test_closed_and_plain_jobs_are_not_announced():
    assert not plan([job("a", featured=False), job("b", state=JobState.CLOSED)]).announce


def test_what_is_planned_is_not_planned_again():
    assert names(plan([job("a"), job("b")], frozenset("a")).announce) == "b"


def test_jobs_that_are_bundled_are_one_post_when_the_next_one_may_come():
    soon, both = NOW + timedelta(minutes=4), (job("a"), job("b"))
    assert arrange(both, ALL_AT_ONCE, NOW, bundled=soon) == (Batch(DeliveryKind.BUNDLE, both, soon),)
    assert arrange((), ALL_AT_ONCE, NOW, bundled=soon) == ()


def test_a_bundle_that_would_come_in_quiet_hours_comes_when_they_end():
    quiet = Terms(timetable=Timetable(quiet=(time(9, 3), time(18))))
    (batch,) = arrange((job("a"),), quiet, NOW, bundled=NOW + timedelta(minutes=4))
    assert batch.due == NOW.replace(hour=18)


def test_a_timetable_makes_a_list_and_no_bundle():
    hourly = Terms(timetable=Timetable(every_hours(1)))
    (batch,) = arrange((job("a"),), hourly, NOW, bundled=NOW)
    assert (batch.kind, batch.due) == (DeliveryKind.DIGEST, NOW + timedelta(hours=1))


def test_a_bundle_that_the_days_cap_leaves_out_is_a_list_when_the_day_is_over():
    capped = Terms(cap=2)
    assert arrange((job("a"),), capped, NOW, 1, bundled=NOW)[0].kind is DeliveryKind.BUNDLE
    (batch,) = arrange((job("a"),), capped, NOW, 2, bundled=NOW)
    assert (batch.kind, batch.due.date()) == (DeliveryKind.DIGEST, NOW.date() + timedelta(days=1))


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.integers(0, 9))
def test_planning_twice_announces_once(ids, backlog):
    jobs = [job(name, position=at) for at, name in enumerate(ids)]
    first = plan(jobs, backlog=backlog)
    planned = frozenset(job.id for job in first.announce + first.skip)
    assert planned == set(ids)
    assert len(first.announce) == min(backlog, len(ids))
    assert plan(jobs, planned) == plan([])
