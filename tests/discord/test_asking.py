"""Questions on Discord: by mention, reply, direct message, /ask and the context menu."""

from __future__ import annotations

from bot.frontends.phrases import say
from tests.discord.requests_schema import text_of


def sent(place) -> list[str]:
    """Return what the bot has shown so far, message by message."""
    return [text_of(request.json) for request in place.env.http_requests if request.method in {"POST", "PATCH"}]


async def test_a_mention_is_answered_with_a_reply(place):
    message = await place.alice.send(place.channel, f"<@{place.env.bot.user.id}> what skils does a data enginer need")
    answer = place.channel.last_message
    assert answer.reference.message_id == message.id
    assert "## Data Engineer · Skills" in sent(place)[-1]
    assert place.world.asking.questions[-1][0] == "what skils does a data enginer need"
    assert place.world.asking.questions[-1][1].user == place.alice.id


async def test_slash_ask_is_answered(place):
    result = await place.alice.slash(place.channel, "ask", question="what is mlops?")
    assert result.response is not None
    assert "## MLOps" in sent(place)[-1]
    assert say("source.one", sources="").strip() in sent(place)[-1]
