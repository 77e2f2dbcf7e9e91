"""The preview: the real bot in a simulated Discord, looked at without and with a browser."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from simcord import SetupError

import bot.cli.run
from bot.app import discord_services, open_app
from bot.config import read_config
from bot.errors import UsageError
from bot.frontends.preview.listing import read_listing
from bot.frontends.preview.page import Backstage, _keep_fresh, _seconds_open, show
from bot.frontends.preview.simulation import Ear, RunningClock, local_timezone
from bot.jobs.listing import read_listing as read_jobs
from tests.preview.browser import find_chromium, open_page, running_preview
from tests.preview.protocol import Visit

NEVER = 1_000_000.0
START_SECONDS = 120
STOP_SECONDS = 30
STATUS_LOOKS = 50


class Shown:
    """A preview in this process."""

    def __init__(self, address: str, clock: RunningClock, running: asyncio.Task[None]) -> None:
        self.address = address
        self.clock = clock
        self.running = running


@asynccontextmanager
async def preview(folder: Path, *, port: int = 0, job_after: float = NEVER) -> AsyncIterator[Shown]:
    """Show the preview on a database in `folder`."""
    clock = RunningClock()
    opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def told(address: str) -> None:
        opened.set_result(address)

    settings = read_config({"CAREER_BOT_DATABASE_URL": f"sqlite:///{folder}/preview.db"})
    async with open_app(replace(settings, announce_seconds=0.1), clock=clock.now) as app:
        backstage = Backstage(partial(discord_services, app), app.collect.import_text, clock)
        showing = asyncio.create_task(show(backstage, port=port, job_after_seconds=job_after, opened=told))
        try:
            await asyncio.wait({showing, opened}, return_when=asyncio.FIRST_COMPLETED)
            if showing.done():
                showing.result()
            yield Shown(opened.result(), clock, showing)
        finally:
            showing.cancel()
            await asyncio.wait({showing})


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    async with preview(tmp_path) as shown:
        yield shown


@pytest.fixture
async def visit(shown: Shown, session: aiohttp.ClientSession) -> Visit:
    return await Visit(session, shown.address).open()


async def test_the_newest_three_jobs_and_then_a_welcome_are_there_at_the_start(visit):
    *jobs, welcome = visit.texts

    titles = ("Lead Developer", "Bioinformatic", "Data Engineer")
    assert all(title in job for job, title in zip(jobs, titles, strict=True))
    assert "I'm your career advisor" in welcome
    assert "/compare" in welcome


async def test_the_broken_characters_are_mended_and_the_impossible_pay_is_not_stated(visit):
    [job] = [text for text in visit.texts if "Bioinformatic" in text]

    assert "Artificial Intelligence – Bioinformatic Expert" in job
    assert "Pay not stated" in job
    assert "1111111" not in "".join(visit.texts)


async def test_a_question_is_answered_without_a_mention(visit):
    await visit.write("whats the diffrence between a data scientst and ML engineer?")

    *_, asked, answered = visit.texts
    assert "whats the diffrence" in asked
    assert "Data Scientist vs Machine Learning Engineer" in answered


async def test_a_reply_to_the_bot_needs_no_mention_either(visit):
    await visit.write("what does a data engineer do?")
    await visit.write("and the pay?", reply_to=visit.newest)

    *_, asked, answered = visit.messages
    assert asked["content"] == "and the pay?"
    assert "Data Engineer · Pay" in json.dumps(answered, ensure_ascii=False)


async def test_times_are_those_of_now(visit):
    await visit.write("hello")

    for message in visit.messages:
        sent = datetime.fromisoformat(message["timestamp"])
        assert abs(datetime.now(UTC) - sent) < timedelta(seconds=START_SECONDS)


async def test_a_role_is_offered_while_it_is_typed_and_a_section_compared(visit):
    await visit.run("compare", first="data-scientist", second="ML eng", section="salary")

    assert "Data Scientist vs Machine Learning Engineer · Pay" in visit.texts[-1]


async def test_buttons_are_live(visit):
    await visit.write("data scientist vs data engineer")
    await visit.press("Data Engineer")

    await visit.until("## Data Engineer")


async def test_a_job_arrives_by_itself_while_the_page_is_open(tmp_path, session):
    async with preview(tmp_path, job_after=0.3) as shown:
        visit = await Visit(session, shown.address).open()

        assert "Allora Labs" not in "".join(visit.texts)
        await visit.until("## Research Engineer", "Allora Labs", "$160k")


async def test_the_command_of_the_preview_brings_one_job_and_no_second(visit):
    await visit.run("preview next-job")
    await visit.until("Founding AI Engineer, Agents", "Occam AI")

    await visit.run("preview next-job")
    assert "last job I had" in visit.texts[-1]


async def test_announcing_is_on_and_may_be_looked_at(visit):
    for _ in range(STATUS_LOOKS):  # a message is shown a moment before it is written down as sent
        await visit.run("announce status")
        if "3 sent" in visit.texts[-1]:
            break

    assert "3 sent" in visit.texts[-1]


async def test_a_closed_page_does_not_end_it(shown, visit, session):
    await visit.close()

    again = await Visit(session, shown.address).open()
    assert len(again.texts) == 4
    assert not shown.running.done()


async def test_ending_the_session_in_the_page_ends_it(shown, visit):
    await visit.end()

    await asyncio.wait_for(shown.running, STOP_SECONDS)


async def test_a_port_that_is_taken_is_told_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(UsageError, match=f"{port}.*--port"):
            async with preview(tmp_path, port=port):
                pass


class PageStub:
    """A page that is busy before it can be refreshed, and that nobody has open yet."""

    def __init__(self) -> None:
        self.troubles: list[Exception] = [SetupError("operation overlaps"), TimeoutError("bot did not settle")]
        self.refreshed = asyncio.Event()
        self.is_watched = False

    async def refresh(self) -> None:
        if self.troubles:
            raise self.troubles.pop()
        self.refreshed.set()


async def test_a_busy_page_is_refreshed_later():
    page, ear = PageStub(), Ear()
    freshening = asyncio.create_task(_keep_fresh(page, ear))
    ear.speak_unasked()
    ear("MESSAGE_CREATE", {})

    await asyncio.wait_for(page.refreshed.wait(), STOP_SECONDS)
    freshening.cancel()


async def test_the_time_until_a_job_arrives_counts_while_somebody_looks():
    page = PageStub()
    waiting = asyncio.create_task(_seconds_open(page, 0.05))

    assert await asyncio.wait({waiting}, timeout=0.3) == (set(), {waiting})
    page.is_watched = True
    await asyncio.wait_for(waiting, STOP_SECONDS)


def test_the_clock_goes_with_the_time_of_day_and_can_be_moved_ahead():
    clock = RunningClock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    assert 0 <= clock.elapsed < 1

    clock.advance(3600)
    assert clock.elapsed >= 3600
    assert clock.now() - datetime.now(UTC) > timedelta(minutes=59)


def test_the_listing_holds_six_jobs_four_of_them_for_the_start():
    listing = read_listing()

    parts = [read_jobs(part, datetime.now(UTC)) for part in (listing.at_start, listing.arriving, listing.asked_for)]
    assert [len(part.jobs) for part in parts] == [4, 1, 1]
    assert not any(part.refused for part in parts)
    assert "๐Ÿ‘€" in listing.at_start


@pytest.mark.parametrize(("variable", "expected"), [("Asia/Tokyo", "Asia/Tokyo"), ("CET-1CEST", None), ("", None)])
def test_the_time_zone_is_the_machine_s(monkeypatch, variable, expected):
    monkeypatch.setenv("TZ", variable)

    found = local_timezone()
    assert found == expected if expected else found != variable


def test_without_simcord_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(UsageError, match=r"pip install 'simcord\[preview\]==[\d.]+'") as told:
        bot.cli.run._need_simulation()
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_browser_is_opened_where_it_can_be_seen(monkeypatch, platform, variables, expected):
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert bot.cli.run._has_display() is expected


@asynccontextmanager
async def process(folder: Path, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the preview as a process whose temporary files go to `folder`."""
    command = [sys.executable, "-m", "bot", "preview", "--no-browser", *options]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | {"TMPDIR": str(folder)}, cwd=folder, stdout=pipe, stderr=pipe
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ends_cleanly(process: asyncio.subprocess.Process, folder: Path) -> None:
    _, errors = await asyncio.wait_for(process.communicate(), STOP_SECONDS)

    assert (process.returncode, errors.decode()) == (0, "")
    assert not list(folder.iterdir())


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_cleanly_and_leaves_nothing(tmp_path, session, number):
    async with process(tmp_path, "--port", "0") as running:
        line = (await asyncio.wait_for(running.stdout.readline(), START_SECONDS)).decode()
        address = line.split()[-1]
        async with session.get(address) as response:
            assert response.status == 200
            assert "<title>" in await response.text()
        assert len(list(tmp_path.iterdir())) == 1

        running.send_signal(number)
        await ends_cleanly(running, tmp_path)


@pytest.mark.process
async def test_a_signal_before_it_is_ready_ends_it_cleanly_too(tmp_path):
    async with process(tmp_path) as running:
        await eventually(lambda: any(tmp_path.iterdir()))

        running.send_signal(signal.SIGTERM)
        await ends_cleanly(running, tmp_path)


async def eventually(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(START_SECONDS):
        while not happened():
            await asyncio.sleep(0.01)


@pytest.mark.browser
@pytest.mark.process
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium is installed (sudo apt install chromium)")
def test_a_newcomer_asks_compares_presses_and_sees_a_job_announced(tmp_path):
    with running_preview("--job-after", "1", folder=tmp_path) as address, open_page(address) as visitor:
        visitor.sees("I'm your career advisor")
        visitor.says("whats the diffrence between a data scientst and ML engineer?")
        visitor.sees("@Career Advisor whats the diffrence")
        answer = visitor.sees("Data Scientist vs Machine Learning Engineer", "Choose Data Scientist")
        visitor.sees("Research Engineer", "Allora Labs", "$160k–\N{WORD JOINER}$180k a year")

        visitor.presses(answer, "Helpful")
        visitor.sees("good to know")

        visitor.runs("compare", first="Data Scientist", second="Data Engineer", section="Pay")
        comparison = visitor.sees("Data Scientist vs Data Engineer · Pay", "Advertised pay")
        visitor.presses(comparison, "Data Engineer")
        visitor.sees("A data engineer")

        visitor.runs("preview next-job")
        visitor.sees("Founding AI Engineer, Agents", "Occam AI")


@pytest.mark.browser
@pytest.mark.process
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium is installed (sudo apt install chromium)")
def test_an_admin_has_jobs_come_daily_and_sees_a_post_change_when_its_job_closes(tmp_path):
    with running_preview("--job-after", "1000000", folder=tmp_path) as address, open_page(address) as visitor:
        visitor.runs("announce edit", subscription="#1")
        visitor.chooses(visitor.sees("Pings", "#1"), "When:", "daily at")
        visitor.presses(visitor.sees("Pings", "daily at"), "Save")
        visitor.sees("That holds for jobs to come")
        visitor.runs("job add")
        visitor.fills_in("Data Engineer, Streaming", "Fern", "", "Berlin, hybrid")
        visitor.sees("Data Engineer, Streaming", "is in.")
        for _ in range(STATUS_LOOKS):  # the job is planned a moment after it came in
            visitor.runs("announce status")
            if "1 waiting" in visitor.sees("Job announcements").inner_text():
                break
        visitor.runs("preview next-day")
        visitor.sees("Berlin", "Featured job")
        visitor.runs("job close", job="Data Engineer, Streaming")
        visitor.sees("This job is closed", "Fern")
