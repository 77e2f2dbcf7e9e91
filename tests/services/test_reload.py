"""Taking changed knowledge in: the last good one stays when the new one cannot be used."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from bot.advisor.advisor import Advisor
from bot.advisor.loading import load_knowledge
from bot.folder import read_folder
from bot.services.ask import Asker, AskService, NoOpenings
from bot.services.reload import ReloadService

COOKING = Path(__file__).parents[1] / "data" / "cooking"
ASKER = Asker(1, 1)
QUESTION = "how long do I boil an egg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COOKING, tmp_path / "cooking"))


def load(folder: Path) -> Advisor:
    return Advisor(load_knowledge(read_folder(folder)))


@pytest.fixture
def ask(folder: Path) -> AskService:
    return AskService(load(folder), NoOpenings(), lambda: 0.0)


@pytest.fixture
def reload(ask: AskService, folder: Path) -> ReloadService:
    return ReloadService(ask, lambda: load(folder))


def rewrite(folder: Path, answer: str) -> None:
    (folder / "topics" / "boil-eggs.yaml").write_text(f"id: boil-eggs\nphrasings: [{QUESTION}]\n{answer}\n")


async def said(ask: AskService) -> str:
    (answer,) = (await ask.ask(QUESTION, ASKER)).answers
    return str(answer.blocks)


async def test_answers_come_from_the_knowledge_as_it_is_after_a_reload(ask, reload, folder):
    before = await said(ask)
    rewrite(folder, "answer: Seven minutes.")
    assert await said(ask) == before
    assert await reload.reload() == ()
    assert "Seven minutes." in await said(ask)


@pytest.mark.parametrize("spoilt", ["answr: Seven minutes.", "answer: [", "answer:", "\xff"])
async def test_broken_knowledge_changes_nothing_and_every_fault_is_told(ask, reload, folder, spoilt):
    before = await said(ask)
    rewrite(folder, spoilt)
    faults = await reload.reload()
    assert any(fault.startswith("topics/boil-eggs.yaml:") for fault in faults)
    assert await said(ask) == before


async def test_a_folder_that_is_gone_changes_nothing(ask, reload, folder):
    before = await said(ask)
    shutil.rmtree(folder)
    (fault,) = await reload.reload()
    assert str(folder) in fault
    assert await said(ask) == before


async def test_the_same_faults_are_told_once_and_again_after_they_were_mended(reload, folder, caplog):
    told: list[tuple[str, ...]] = []

    async def tell(faults: tuple[str, ...]) -> None:
        told.append(faults)

    caplog.set_level(logging.INFO)
    for answer in ("answer:", "answer:", "answer: Six minutes.", "answer:"):
        rewrite(folder, answer)
        await reload.take_change(tell)
    assert len(told) == 2
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO", "ERROR"]
    assert "topics/boil-eggs.yaml:3" in caplog.records[0].getMessage()
