"""Sources polled over real HTTP from a board on loopback, into a real SQLite file."""

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.jobs.job import JobState
from bot.jobs.polling import MOST_FAILURES, Featuring, Origin, Source, SourceState
from bot.services.collect import CollectService
from bot.services.poll import MOST_PAGES, PollService
from bot.sources.fetch import Fetcher
from bot.sources.reading import read_document
from bot.sources.registry import requests_a_day
from bot.store.opening import open_store

NOW = datetime(2024, 2, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TITLES = ("Data Engineer", "Data Scientist", "Data Analyst", "Machine Learning Engineer", "Analytics Engineer")


class Board:
    """A Greenhouse board that says what it is told to say."""

    def __init__(self):
        self.titles = list(TITLES[:2])
        self.status, self.headers, self.body = 200, {}, None
        self.asked = []

    def document(self):
        return json.dumps(
            {
                "jobs": [
                    {
                        "id": TITLES.index(title) if title in TITLES else title,
                        "internal_job_id": 1,
                        "title": title,
                        "company_name": "Fern",
                        "location": {"name": "Oslo"},
                        "absolute_url": f"https://boards.example.com/fern/{title.replace(' ', '-')}",
                    }
                    for title in self.titles
                ]
            }
        )

    async def answer(self, request):
        self.asked.append(request)
        if self.status != 200:
            return web.Response(status=self.status, headers=self.headers)
        body = self.document() if self.body is None else self.body
        etag = f'"{hash(body)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(text=body, headers={"ETag": etag})


class World:
    """A board, a store, and what asks the one for the other; `now` is the time of day, `told` what an admin hears."""

    def __init__(self, board, store, fetcher, address, recognition, recogniser):
        self.board, self.store, self.address, self.now, self.told = board, store, address, NOW, []
        self.polling = PollService(
            store.sources,
            fetcher,
            CollectService(store.jobs, read_document, lambda: self.now, recognition),
            lambda: self.now,
            read_query=recogniser.job_query,
            allowed=requests_a_day,
            tell=self.tell,
            chance=lambda: 0.5,
        )

    async def tell(self, source):
        self.told.append((source.name, source.reason))

    async def add(self, **more):
        source = Source(**{"name": "fern", "address": self.address, "every": HOUR} | more)
        assert await self.store.sources.add(source, self.now)

    async def run(self, later=timedelta(0)):
        self.now += later
        return await self.polling.run()

    async def source(self, name="fern"):
        return await self.store.sources.get(name)

    async def states(self):
        return {job.title: job.state.value for job in await self.store.jobs.every()}

    async def featured(self):
        return {job.title for job in await self.store.jobs.every() if job.featured}


class Company:
    """What SmartRecruiters answers for a company: `size` jobs a page, whatever is asked for.

    `instead` holds answers for some offsets; `stuck` gives the page at offset 0 whatever the offset.
    """

    def __init__(self):
        self.size, self.stuck, self.instead, self.asked = 2, False, {}, []
        self.jobs = [f"{title} {city}" for city in ("Oslo", "Bergen") for title in TITLES]

    def document(self, offset):
        found = [self.posting(job) for job in self.jobs[offset : offset + self.size]]
        return json.dumps({"offset": offset, "limit": 100, "totalFound": len(self.jobs), "content": found})

    def posting(self, job):
        title, _, city = job.rpartition(" ")
        return {
            "id": job.replace(" ", "-"),
            "name": title,
            "company": {"identifier": "Fern", "name": f"Fern {city}"},
            "releasedDate": "2024-02-01T09:00:00.000Z",
            "location": {"city": city},
        }

    def offsets(self):
        return [int(request.query.get("offset", "0")) for request in self.asked]

    async def answer(self, request):
        self.asked.append(request)
        offset = int(request.query.get("offset", "0"))
        if offset in self.instead:
            return self.instead[offset]()
        body = self.document(0 if self.stuck else offset)
        etag = f'"{hash(body)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(text=body, headers={"ETag": etag})


@asynccontextmanager
async def serving(board, tmp_path, recognition, recogniser):
    app = web.Application()
    app.router.add_get("/{rest:.*}", board.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/fern"
    async with (
        open_store(f"sqlite:///{tmp_path / 'jobs.db'}") as store,
        Fetcher(lambda _address, _port: True) as fetcher,
    ):
        yield World(board, store, fetcher, address, recognition, recogniser)
    await runner.cleanup()


@pytest.fixture
async def world(tmp_path, recognition, recogniser):
    async with serving(Board(), tmp_path, recognition, recogniser) as world:
        yield world


@pytest.fixture
async def paged(tmp_path, recognition, recogniser):
    async with serving(Company(), tmp_path, recognition, recogniser) as world:
        yield world


async def test_a_board_is_polled_through_a_change_a_304_and_a_500_that_asks_to_wait(world):
    await world.add()
    (first,) = await world.run()
    assert (len(first.report.new), first.fault) == (2, None)
    assert (await world.source()).due == NOW + HOUR

    (unchanged,) = await world.run(HOUR)
    assert (unchanged.report, unchanged.fault) == (None, None)
    assert world.board.asked[1].headers["If-None-Match"] == (await world.source()).etag

    world.board.titles.append("Data Analyst")
    (changed,) = await world.run(HOUR)
    assert (len(changed.report.new), len(changed.report.unchanged)) == (1, 2)

    world.board.status, world.board.headers = 500, {"Retry-After": "7200"}
    (broken,) = await world.run(HOUR)
    assert "answered 500" in broken.fault
    source = await world.source()
    assert (source.failures, source.due - world.now, source.state) == (1, 2 * HOUR, SourceState.ON)
    assert await world.run(HOUR) == ()
    assert set((await world.states()).values()) == {"open"}
    assert world.told == []


async def test_no_more_of_a_listing_is_read_than_of_any_document(world, monkeypatch):
    monkeypatch.setattr("bot.services.poll.MOST_RECORDS", 2)
    world.board.body = "".join(f"Data Analyst {number}\n@ Fern | Oslo\n" for number in range(4))
    await world.add()
    await world.run()
    assert await world.states() == {"Data Analyst 0": "open", "Data Analyst 1": "open"}


async def test_a_source_that_keeps_failing_is_asked_later_and_later_then_paused_and_told_once(world):
    await world.add()
    world.board.status = 503
    waits = []
    for _ in range(MOST_FAILURES):
        assert len(await world.run()) == 1
        waits.append((await world.source()).due - world.now)
        world.now = max(world.now, (await world.source()).due)
    assert waits[:4] == sorted(waits[:4])
    assert waits[3] >= 8 * waits[0] * 0.9
    source = await world.source()
    assert source.state is SourceState.PAUSED
    ((name, reason),) = world.told
    assert name == "fern"
    assert "6 failures in a row" in reason
    assert "answered 503" in reason
    assert await world.run(DAY) == ()
    assert len(world.board.asked) == MOST_FAILURES

    world.board.status = 200
    assert await world.store.sources.resume("fern", world.now)
    (again,) = await world.run()
    assert (again.fault, (await world.source()).failures) == (None, 0)


async def test_a_job_missing_from_two_whole_fetches_is_closed_and_reopened_when_it_is_back(world):
    await world.add()
    await world.run()
    world.board.titles.remove("Data Engineer")
    (once,) = await world.run(HOUR)
    assert (once.gone, (await world.states())["Data Engineer"]) == (0, "open")
    world.board.titles.append("Data Analyst")  # what answers 304 is no second look
    (twice,) = await world.run(HOUR)
    assert (twice.gone, (await world.states())["Data Engineer"]) == (1, "closed")

    world.board.titles.append("Data Engineer")
    await world.run(HOUR)
    (job,) = [job for job in await world.store.jobs.every() if job.title == "Data Engineer"]
    assert (job.state, job.reopened) == (JobState.OPEN, 1)


async def test_a_job_that_is_missing_once_and_back_is_never_closed(world):
    await world.add()
    await world.run()
    for titles in (TITLES[1:2], TITLES[:2], TITLES[1:2], TITLES[:3]):
        world.board.titles = list(titles)
        (polled,) = await world.run(HOUR)
        assert polled.gone == 0


@pytest.mark.parametrize("body", ["", "{}", '{"jobs": []}', "<html>Down for maintenance</html>", '{"jobs": [{"id'])
async def test_an_empty_or_broken_document_closes_nothing_and_is_no_failure_of_a_known_board(world, body):
    await world.add()
    await world.run()
    world.board.body = body
    for _ in range(MOST_FAILURES + 1):
        (polled,) = await world.run(2 * HOUR)
        assert (polled.gone, polled.source.state) == (0, SourceState.ON)
        assert "holds no jobs" in polled.fault
    assert set((await world.states()).values()) == {"open"}


async def test_an_address_that_never_held_a_job_is_paused(world):
    await world.add()
    world.board.body = "<html>Welcome</html>"
    for _ in range(MOST_FAILURES):
        await world.run(DAY)
    assert (await world.source()).state is SourceState.PAUSED


async def test_a_job_that_another_source_still_has_is_not_gone(world):
    await world.add()
    await world.add(name="copy", address=f"{world.address}/copy", every=30 * DAY)
    await world.run()
    world.board.titles = ["Data Scientist"]
    for _ in range(3):
        world.board.titles = [*world.board.titles, TITLES[len(world.board.titles) + 1]]
        assert [polled.gone for polled in await world.run(HOUR)] == [0]
    assert (await world.states())["Data Engineer"] == "open"


async def test_a_board_whose_records_could_not_all_be_read_closes_nothing(world):
    await world.add()
    await world.run()
    world.board.titles = ["Data Scientist", ""]
    for _ in range(3):
        world.board.titles = [*world.board.titles, TITLES[len(world.board.titles)]]
        (polled,) = await world.run(HOUR)
        assert (polled.gone, len(polled.report.refused)) == (0, 1)


async def test_what_answers_304_keeps_its_jobs_from_expiring(world):
    await world.add()
    await world.run()
    for _ in range(60):
        await world.run(DAY)
        await world.store.jobs.expire(world.now)
    assert set((await world.states()).values()) == {"open"}
    assert len(world.board.asked) == 61


async def test_a_source_is_asked_at_most_as_often_a_day_as_it_allows(world):
    await world.add(daily=3)
    faults = []
    for _ in range(5):
        faults += [polled.fault for polled in await world.run(HOUR)]
    assert faults == [None, None, None, "it allows no more requests today"]
    assert len(world.board.asked) == 3
    assert (await world.source()).due == NOW.replace(hour=0) + DAY
    await world.run(DAY)
    assert len(world.board.asked) == 4


async def test_remotive_is_asked_at_most_four_times_a_day_whatever_the_settings_say(world):
    await world.add(form="remotive", daily=9)
    for _ in range(9):
        await world.run(HOUR)
    assert len(world.board.asked) == 4


@pytest.mark.parametrize(
    ("form", "address", "allowed"),
    [
        (None, "https://remotive.com/api/remote-jobs", 4),
        (None, "https://www.remotive.com/api/remote-jobs", 4),
        ("csv", "https://remotive.com/api/remote-jobs", None),
        (None, "https://notremotive.com/remotive", None),
        ("remotive", "https://mirror.example/jobs", 4),
    ],
)
def test_how_often_a_board_may_be_asked_is_known_by_its_format_or_its_host(form, address, allowed):
    assert requests_a_day(Source(name="board", address=address, form=form)) == allowed


async def test_a_question_is_counted_before_the_answer_comes(world, monkeypatch):
    await world.add(daily=1)

    class DiedError(BaseException):
        pass

    async def die(*_args, **_more):
        raise DiedError

    with monkeypatch.context() as patch:
        patch.setattr(world.polling._fetching, "fetch", die)
        with pytest.raises(DiedError):
            await world.run()
    (spent,) = await world.run()
    assert (spent.fault, world.board.asked) == ("it allows no more requests today", [])


async def test_of_a_new_board_the_first_three_are_featured_and_later_every_new_job(world):
    world.board.titles = list(TITLES[:4])
    await world.add(featured=Featuring.ALL)
    await world.run()
    assert await world.featured() == set(TITLES[:3])
    world.board.titles = list(TITLES)
    await world.run(HOUR)
    assert await world.featured() == {*TITLES[:3], TITLES[4]}


async def test_only_jobs_that_match_the_words_of_a_source_are_featured(world):
    world.board.titles = ["Data Engineer", "Senior Data Scientist", "Data Scientist"]
    await world.add(featured=Featuring.MATCHING, matching="senior data scientist or data analyst")
    await world.run()
    assert await world.featured() == {"Senior Data Scientist"}


async def test_nothing_is_featured_of_a_source_whose_jobs_are_picked_by_hand(world):
    await world.add()
    await world.run()
    assert await world.featured() == set()


async def test_a_failing_source_harms_no_other(world):
    await world.add(name="away", address="http://127.0.0.1:1/none")
    await world.add()
    results = {polled.source.name: polled.fault for polled in await world.run()}
    assert results["fern"] is None
    assert "cannot be reached" in results["away"]


async def test_a_source_that_was_paused_while_it_was_asked_stays_paused(world):
    await world.add()
    source = await world.source()
    await world.store.sources.pause("fern", "paused by hand")
    await world.polling.poll(source)
    assert (await world.source()).reason == "paused by hand"
    assert await world.run(DAY) == ()


async def test_a_source_that_was_removed_while_it_was_asked_leaves_its_jobs(world):
    await world.add()
    source = await world.source()
    await world.store.sources.remove("fern")
    polled = await world.polling.poll(source)
    assert len(polled.report.new) == 2
    assert await world.store.sources.every() == ()


async def test_the_file_of_sources_is_followed_and_how_a_source_is_doing_is_kept(world):
    listed = Source(name="fern", address=world.address, every=HOUR, origin=Origin.FILE)
    await world.add(name="mine", address=f"{world.address}/mine")
    await world.store.sources.follow_file([listed, replace(listed, name="other")], world.now)
    await world.run()
    await world.store.sources.follow_file([replace(listed, every=DAY)], world.now)
    assert [source.name for source in await world.store.sources.every()] == ["fern", "mine"]
    source = await world.source()
    assert (source.every, source.succeeded) == (DAY, NOW)


async def test_how_many_open_jobs_a_source_has_is_told(world):
    await world.add()
    await world.run()
    assert await world.store.sources.open_jobs() == {"fern": 2}


async def test_all_pages_of_a_source_are_read_and_reported_as_one(paged):
    await paged.add(address=f"{paged.address}?limit=100&offset=0&q=data%20%26%20more")
    (polled,) = await paged.run()
    assert (len(polled.report.new), polled.report.whole, polled.fault) == (10, True, None)
    assert paged.board.offsets() == [0, 2, 4, 6, 8]
    assert {(each.query["limit"], each.query["q"]) for each in paged.board.asked} == {("100", "data & more")}
    assert {each.path for each in paged.board.asked} == {"/fern"}
    assert await paged.store.sources.open_jobs() == {"fern": 10}


async def test_each_page_is_one_of_the_requests_that_a_source_allows_a_day(paged):
    await paged.add(daily=7)
    await paged.run()
    source = await paged.source()
    assert (source.asked, source.asked_on) == (5, "2024-02-02")
    (polled,) = await paged.run(HOUR)
    assert polled.report is None
    assert (await paged.source()).asked == 6


async def test_a_page_is_counted_before_it_is_asked_for(paged, monkeypatch):
    await paged.add(daily=3)
    fetch = paged.polling._fetching.fetch

    class DiedError(BaseException):
        pass

    async def die_on_the_third(address, **more):
        if "offset=4" in address:
            raise DiedError
        return await fetch(address, **more)

    monkeypatch.setattr(paged.polling._fetching, "fetch", die_on_the_third)
    with pytest.raises(DiedError):
        await paged.run()
    (spent,) = await paged.run()
    assert (spent.fault, (await paged.source()).asked) == ("it allows no more requests today", 3)


async def test_pages_that_a_source_does_not_allow_today_are_left_and_nothing_is_closed(paged):
    await paged.add(daily=3)
    for day in range(3):
        paged.board.jobs.append(f"Data Architect Oslo{day}")
        (polled,) = await paged.run(DAY)
        assert (len(polled.report.stored), polled.report.whole) == (6, False)
        assert (polled.gone, polled.fault) == (0, None)
    assert paged.board.offsets() == [0, 2, 4] * 3
    assert set((await paged.states()).values()) == {"open"}


async def test_a_source_whose_pages_were_not_all_allowed_is_asked_anew_the_next_day(paged):
    await paged.add(daily=3)
    await paged.run()
    assert (await paged.source()).etag is None
    await paged.run(DAY)
    assert paged.board.offsets() == [0, 2, 4] * 2


async def test_at_most_twenty_pages_are_read_and_then_nothing_is_closed(paged):
    paged.board.size = 1
    paged.board.jobs = [f"Data Analyst Town{number}" for number in range(MOST_PAGES + 5)]
    await paged.add()
    (polled,) = await paged.run()
    assert (len(polled.report.new), polled.report.whole, polled.fault) == (MOST_PAGES, False, None)
    assert polled.report.page.following == (("offset", str(MOST_PAGES)),)
    assert len(paged.board.asked) == MOST_PAGES
    assert (await paged.source()).etag is not None


async def test_a_job_missing_from_all_pages_of_two_fetches_is_closed(paged):
    await paged.add()
    await paged.run()
    gone = paged.board.jobs.pop(4)
    assert [polled.gone for polled in await paged.run(HOUR)] == [0]
    paged.board.jobs.append("Data Architect Oslo")
    assert [polled.gone for polled in await paged.run(HOUR)] == [1]
    closed = [job for job in await paged.store.jobs.every() if job.state is JobState.CLOSED]
    assert [job.source_id for job in closed] == [gone.replace(" ", "-")]


async def test_a_source_whose_address_begins_in_the_middle_closes_nothing(paged):
    await paged.add(address=f"{paged.address}?offset=4")
    for number in range(4):
        (polled,) = await paged.run(HOUR)
        assert (polled.report.whole, polled.gone) == (False, 0)
        del paged.board.jobs[5]
        paged.board.jobs.append(f"Data Architect Oslo{number}")
    assert paged.board.offsets()[:3] == [4, 6, 8]


async def test_only_the_first_page_is_asked_for_what_has_changed(paged):
    await paged.add()
    await paged.run()
    first = (await paged.source()).etag
    paged.board.jobs.append("Data Architect Oslo")
    await paged.run(HOUR)
    asked = [request.headers.get("If-None-Match") for request in paged.board.asked]
    assert asked == [None] * 5 + [first] + [None] * 5
    (unchanged,) = await paged.run(HOUR)
    assert (unchanged.report, unchanged.fault) == (None, None)
    assert len(paged.board.asked) == 12


def answers_503():
    return web.Response(status=503, headers={"Retry-After": "7200"})


def answers_304():
    return web.Response(status=304)


@pytest.mark.parametrize(
    ("answer", "reason"), [(answers_503, "answered 503"), (answers_304, "it says that it has not changed")]
)
async def test_a_later_page_that_fails_keeps_what_was_stored_and_closes_nothing(paged, answer, reason):
    await paged.add()
    await paged.run()
    paged.board.instead[4] = answer
    paged.board.jobs = ["Data Architect Oslo", *paged.board.jobs[2:]]
    for failures in (1, 2, 3):
        (polled,) = await paged.run(DAY)
        assert polled.fault.startswith("page 3: ")
        assert reason in polled.fault
        assert (len(polled.report.stored), polled.gone) == (4, 0)
        source = await paged.source()
        assert (source.failures, source.etag, source.reason) == (failures, None, polled.fault)
    assert len(await paged.states()) == 6
    assert set((await paged.states()).values()) == {"open"}

    paged.board.instead.clear()
    (again,) = await paged.run(DAY)
    assert (again.report.whole, again.fault, (await paged.source()).failures) == (True, None, 0)


async def test_how_long_a_later_page_asks_to_be_left_alone_is_heeded(paged):
    await paged.add()
    paged.board.instead[2] = answers_503
    await paged.run()
    assert (await paged.source()).due - paged.now == 2 * HOUR


async def test_a_later_page_that_raises_what_nobody_expects_is_named(paged, monkeypatch):
    await paged.add()
    fetch = paged.polling._fetching.fetch

    async def break_on_the_second(address, **more):
        if "offset=2" in address:
            raise ZeroDivisionError("by zero")
        return await fetch(address, **more)

    monkeypatch.setattr(paged.polling._fetching, "fetch", break_on_the_second)
    (polled,) = await paged.run()
    assert polled.fault == "page 2: unexpected ZeroDivisionError: by zero"
    assert len(await paged.states()) == 2


@pytest.mark.parametrize("body", ["", "{}", "<html>Down for maintenance</html>", '{"content": [{"id'])
async def test_a_later_page_that_holds_no_jobs_ends_it_and_nothing_is_closed(paged, body):
    await paged.add()
    await paged.run()
    paged.board.instead[4] = lambda: web.Response(text=body)
    paged.board.jobs.pop(0)
    for _ in range(3):
        paged.board.jobs[0] += "x"
        (polled,) = await paged.run(HOUR)
        assert (len(polled.report.stored), polled.report.whole, polled.gone) == (4, False, 0)


async def test_a_later_page_with_a_record_that_cannot_be_read_closes_nothing(paged):
    await paged.add()
    await paged.run()
    paged.board.jobs = ["Data Architect Oslo", *paged.board.jobs[1:7], " Oslo"]
    for _ in range(3):
        paged.board.jobs[0] += "x"
        (polled,) = await paged.run(HOUR)
        assert (len(polled.report.refused), polled.report.whole, polled.gone) == (1, False, 0)


async def test_a_source_that_gives_the_same_page_again_and_again_is_left_after_the_second(paged):
    paged.board.stuck = True
    await paged.add()
    (polled,) = await paged.run()
    assert (paged.board.offsets(), polled.report.whole, polled.fault) == ([0, 2], False, None)


async def test_jobs_that_stand_on_two_pages_are_one_each(paged):
    paged.board.jobs[4:4] = paged.board.jobs[:2]
    await paged.add()
    (polled,) = await paged.run()
    assert (len(polled.report.new), len(polled.report.unchanged)) == (10, 2)
    assert await paged.store.sources.open_jobs() == {"fern": 10}


async def test_of_a_new_source_three_are_featured_whatever_page_they_stand_on(paged):
    await paged.add(featured=Featuring.ALL)
    await paged.run()
    chosen = [job.source_id for job in await paged.store.jobs.every() if job.featured]
    assert sorted(chosen) == sorted(job.replace(" ", "-") for job in paged.board.jobs[:3])


async def test_a_page_asks_for_nothing_but_more_of_the_same_address(paged):
    body = {
        "data": [{"slug": "1", "title": "Data Analyst", "company_name": "Fern", "location": "Oslo", "job_types": []}],
        "links": {"next": "http://127.0.0.1:1/elsewhere?page=7"},
        "meta": {"current_page": 1},
    }
    paged.board.instead[0] = lambda: web.json_response(body)
    await paged.add(address=f"{paged.address}?tag=a&tag=b&page=1")
    (polled,) = await paged.run()
    assert polled.fault is None
    assert [(each.path, each.query_string) for each in paged.board.asked] == [
        ("/fern", "tag=a&tag=b&page=1"),
        ("/fern", "tag=a&tag=b&page=2"),
    ]
