"""Knowledge that changes under a running bot."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.e2e.process import Installation
from tests.loopback.messages import text_of
from tests.loopback.rest import DEVELOPER
from tests.loopback.server import LoopbackDiscord
from tests.loopback.waiting import eventually
from tests.loopback.world import Channel, User

COOKING = Path(__file__).parents[1] / "data" / "cooking"
QUESTION = "how long do I boil an egg"


@pytest.fixture
def topic(installation: Installation, tmp_path: Path) -> Path:
    """Return a file of the knowledge that the installation serves."""
    folder = shutil.copytree(COOKING, tmp_path / "cooking")
    installation.settings["CAREER_BOT_KNOWLEDGE"] = str(folder)
    return Path(folder) / "topics" / "boil-eggs.yaml"


async def test_a_broken_edit_is_told_to_the_owner_and_a_good_one_is_answered_from(
    installation: Installation, server: LoopbackDiscord, channel: Channel, alice: User, topic: Path
):
    bot = await installation.run()
    before = await answer(server, channel, alice)
    private = server.world.private_channel(DEVELOPER)
    good = topic.read_text()

    await eventually(lambda: "are taken in while the bot runs" in bot.errors)
    told = await eventually(lambda: touched(topic) and server.from_bot(private), what="the owner to be told")
    assert "topics/boil-eggs.yaml:1" in told[0]["content"]
    assert await answer(server, channel, alice) == before

    topic.write_text(good.replace(good[good.index("answer:") :], "answer: Nine minutes.\n"))
    await eventually(lambda: "The knowledge was read anew" in bot.errors, what="the knowledge to be read anew")
    assert "Nine minutes." in await answer(server, channel, alice)
    assert (await bot.stop()).code == 0


def touched(topic: Path) -> bool:
    """Write a broken file, but not so often that its writing never seems to end; watching may begin a moment late."""
    broken = "id: boil-eggs\nphrasings: [x]\n"
    if topic.read_text() != broken or time.time() - topic.stat().st_mtime > 2:
        topic.write_text(broken)
    return True


async def answer(server: LoopbackDiscord, channel: Channel, alice: User) -> str:
    """Return what the bot answers now."""
    before = len(server.from_bot(channel))
    await server.say(channel, alice, f"<@{server.world.bot.id}> {QUESTION}")
    answers = await eventually(lambda: server.from_bot(channel)[before:])
    return text_of(answers[0])
