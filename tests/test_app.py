"""The one place that wires: what is opened works together, and nothing stays open."""

import asyncio
import gc
import json
import threading
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import discord
import pytest

from bot.app import create_discord_bot, load_advisor, open_app, recognition_by, system_clock
from bot.config import default_knowledge, read_config
from bot.errors import AlreadyRunningError, KnowledgeError, SettingsError, StoreUnavailableError
from bot.language.facets import Level
from bot.language.titles import Title
from bot.services.ask import Asker
from tests.fakes import FakeClock

COOKING = Path(__file__).parent / "data" / "cooking"
ALICE = Asker(user=1, channel=10)
JOBS = json.dumps([{"title": "Data Engineer", "company": "Fern", "place": "Lyon", "featured": True}])


@pytest.fixture
def config(tmp_path):
    return replace(read_config({}), database_url=f"sqlite:///{tmp_path}/data/career-bot.db", knowledge=COOKING)


def test_the_system_clock_tells_utc():
    assert system_clock().tzinfo is UTC


def test_the_knowledge_that_is_set_is_loaded(monkeypatch):
    monkeypatch.setenv("CAREER_BOT_KNOWLEDGE", str(COOKING))
    assert "cook-rice" in load_advisor().knowledge.topics


def test_a_missing_knowledge_folder_is_a_fault_of_the_settings(tmp_path):
    with pytest.raises(SettingsError, match="nowhere"):
        load_advisor(tmp_path / "nowhere")


def test_jobs_are_recognised_with_the_names_of_the_knowledge():
    advisor = load_advisor(default_knowledge())
    recognition = recognition_by(lambda: advisor.interpreter.recogniser)
    assert recognition.title_of("Senior Data Engineer (m/f/d)") == Title("data-engineer", Level.SENIOR)
    assert recognition.countries_of("Lyon, France") == ("FR",)


async def test_an_app_answers(config):
    async with open_app(config) as app:
        reply = await app.ask.ask("how do I cook rice", ALICE)
    assert reply.reading.topic == "cook-rice"


async def test_jobs_that_were_collected_are_in_the_store_at_the_clocks_time(config):
    clock = FakeClock()
    async with open_app(config, clock=clock) as app:
        report = await app.collect.import_text(JOBS)
        (job,) = await app.store.jobs.open()
    assert (job.id, job.first_seen) == (report.new[0].id, clock())


async def test_collected_jobs_are_found_by_a_question(config):
    async with open_app(replace(config, knowledge=default_knowledge())) as app:
        await app.collect.import_text(JOBS)
        reply = await app.ask.ask("open jobs for data engineers", ALICE)
    (block,) = reply.answers[0].blocks
    assert [job.company for job in block.jobs] == ["Fern"]


async def test_the_database_outlives_the_app(config):
    async with open_app(config) as app:
        await app.collect.import_text(JOBS)
    async with open_app(config) as app:
        assert len(await app.store.jobs.open()) == 1


async def test_a_second_app_on_the_same_database_is_refused(config):
    async with open_app(config):
        with pytest.raises(AlreadyRunningError, match=r"career-bot\.db"):
            async with open_app(config):
                pytest.fail("two opened")


async def test_a_tool_may_work_beside_the_app(config):
    async with open_app(config) as app, open_app(config, sole=False) as tool:
        await tool.collect.import_text(JOBS)
        assert len(await app.store.jobs.open()) == 1


async def test_the_database_is_free_again_after_the_app(config):
    for _ in range(2):
        async with open_app(config):
            pass


async def test_the_database_is_free_again_after_a_failed_start(config, tmp_path):
    bad = tmp_path / "bad" / "topics"
    bad.mkdir(parents=True)
    (bad / "one.yaml").write_text("id: One!\n")
    with pytest.raises(KnowledgeError):
        async with open_app(replace(config, knowledge=bad.parent)):
            pytest.fail("it opened")
    async with open_app(config):
        pass


async def test_a_database_that_cannot_be_opened_is_told(config, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailableError, match="file"):
        async with open_app(replace(config, database_url=f"sqlite:///{tmp_path}/file/career-bot.db")):
            pytest.fail("it opened")


async def open_and_use(config):
    async with open_app(config) as app:
        await app.ask.ask("how do I cook rice", ALICE)
        await app.collect.import_text(JOBS)


def open_files():
    """Return what the process has open, where the system tells; sockets and pipes of no file are left out."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("this system does not tell which files are open")
    links = []
    for descriptor in folder.iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except OSError:
            continue
    return sorted(links)


def test_twenty_apps_leave_no_file_and_no_thread_open(config):
    asyncio.run(open_and_use(config))
    gc.collect()
    files, threads = open_files(), sorted(thread.name for thread in threading.enumerate())
    for _ in range(20):
        asyncio.run(open_and_use(config))
    gc.collect()
    assert open_files() == files
    assert sorted(thread.name for thread in threading.enumerate()) == threads
    assert [file for file in files if str(config.database_url.partition(":///")[2]) in file] == []


def test_the_write_ahead_log_is_folded_into_the_database_at_the_end(config, tmp_path):
    asyncio.run(open_and_use(config))
    assert [file.name for file in (tmp_path / "data").iterdir() if file.name.endswith(("-wal", "-shm"))] == []


async def test_the_discord_bot_opens_nothing_before_it_logs_in(config, tmp_path):
    bot = create_discord_bot(config)
    assert isinstance(bot, discord.Client)
    assert list(tmp_path.iterdir()) == []
    await bot.close()


async def test_the_discord_bot_takes_its_settings_from_the_environment(monkeypatch):
    monkeypatch.setenv("CAREER_BOT_ANNOUNCE_SECONDS", "often")
    with pytest.raises(SettingsError, match="CAREER_BOT_ANNOUNCE_SECONDS"):
        create_discord_bot()
