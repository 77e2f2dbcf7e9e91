"""Noticing changes of the knowledge on disk, on real files and with a real signal."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.watching import on_change
from tests.loopback.waiting import eventually


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[list[str]]:
    """Yield what grows by one with each change that is noticed, once watching has begun."""
    seen: list[str] = []

    async def act() -> None:
        seen.append("changed")

    watching = asyncio.create_task(on_change(folder, act))
    try:
        await _begun(folder, seen)
        yield seen
        assert not watching.done()
    finally:
        watching.cancel()
        await asyncio.wait({watching})


async def _begun(folder: Path, seen: list[str]) -> None:
    """Change a file again and again until that is noticed; then wait until no change is left."""
    probe = folder / "probe.yaml"
    for number in range(200):
        probe.write_text(str(number))
        if seen:
            break
        await asyncio.sleep(0.05)
    assert seen, "nothing was noticed"
    os.kill(os.getpid(), signal.SIGHUP)
    before = len(seen)
    await eventually(lambda: len(seen) > before)


async def test_a_changed_a_new_and_a_removed_file_are_noticed(tmp_path):
    topics = tmp_path / "topics"
    topics.mkdir()
    async with watched(tmp_path) as seen:
        for change in (
            lambda: (topics / "egg.yaml").write_text("id: egg"),
            lambda: (topics / "egg.yaml").write_text("id: eggs"),
            (topics / "egg.yaml").unlink,
        ):
            before = len(seen)
            change()
            await eventually(lambda before=before: len(seen) > before)


async def test_a_folder_named_from_where_one_stands_is_watched(tmp_path, monkeypatch):
    (tmp_path / "knowledge").mkdir()
    monkeypatch.chdir(tmp_path)
    async with watched(Path("knowledge")) as seen:
        before = len(seen)
        Path("knowledge", "topic.yaml").write_text("x")
        await eventually(lambda: len(seen) > before)


async def test_a_signal_asks_for_it_too(tmp_path):
    async with watched(tmp_path) as seen:
        before = len(seen)
        os.kill(os.getpid(), signal.SIGHUP)
        await eventually(lambda: len(seen) > before)


async def test_a_folder_that_cannot_be_watched_is_told_and_the_signal_still_works(tmp_path, caplog):
    seen: list[str] = []

    async def act() -> None:
        seen.append("asked")

    watching = asyncio.create_task(on_change(tmp_path / "nowhere", act))
    await eventually(lambda: "nowhere cannot be watched" in caplog.text)
    os.kill(os.getpid(), signal.SIGHUP)
    await eventually(lambda: seen)
    watching.cancel()
    await asyncio.wait({watching})


async def test_watching_goes_on_whatever_a_change_leads_to(tmp_path, caplog):
    async def fail() -> None:
        raise ZeroDivisionError

    watching = asyncio.create_task(on_change(tmp_path, fail))
    for times in (1, 2):
        await eventually(lambda: signal.getsignal(signal.SIGHUP) is not signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGHUP)
        await eventually(lambda times=times: caplog.text.count("could not be taken in") == times)
    watching.cancel()
    await asyncio.wait({watching})


@pytest.mark.parametrize("before", [signal.SIG_IGN, signal.SIG_DFL])
async def test_it_stops_when_cancelled_and_leaves_the_signal_as_it_was(tmp_path, before):
    own = signal.signal(signal.SIGHUP, before)
    try:
        async with watched(tmp_path):
            assert signal.getsignal(signal.SIGHUP) is not before
        assert signal.getsignal(signal.SIGHUP) is before
    finally:
        signal.signal(signal.SIGHUP, own)


@pytest.mark.parametrize("name", ["notes.txt", ".egg.yaml.swp", ".git/x.yaml", "schema/role.json", "egg.yaml~"])
async def test_what_is_no_knowledge_is_passed_over(tmp_path, name):
    async with watched(tmp_path) as seen:
        before = len(seen)
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
        (tmp_path / "topic.yaml").write_text("x")
        await eventually(lambda: len(seen) > before)
        assert len(seen) == before + 1
