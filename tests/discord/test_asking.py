"""Questions on Discord: by mention, reply, direct message, /ask and the context menu."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.errors import StoreUnavailableError
from bot.frontends.discord.cogs import ask
from bot.frontends.phrases import say
from bot.services.ask import REMEMBERED_SECONDS, Asker
from tests.discord.shown import answers, last, mention


async def test_a_mention_is_answered_with_a_reply(place):
    message = await place.alice.send(place.channel, mention(place, "what skils does a data enginer need"))
    assert place.channel.last_message.reference.message_id == message.id
    assert "## Data Engineer · Skills" in last(place)
    question, asker = place.world.asking.questions[-1]
    assert question == "what skils does a data enginer need"
    assert (asker.user, asker.channel) == (place.alice.id, place.channel.id)


async def test_a_mention_at_the_end_is_a_question_too(place):
    await place.alice.send(place.channel, f"what is mlops? <@{place.env.bot.user.id}>")
    assert "## MLOps" in last(place)


async def test_a_bare_mention_shows_help(place):
    await place.alice.send(place.channel, mention(place))
    assert say("help.title") in last(place)


async def test_a_message_to_nobody_is_not_answered(place):
    await place.alice.send(place.channel, "what is mlops?")
    assert answers(place) == []


async def test_mentioning_everyone_is_not_mentioning_the_bot(place):
    await place.alice.send(place.channel, "@everyone what is mlops?")
    assert answers(place) == []


async def test_a_mention_of_somebody_else_is_not_answered(place):
    await place.alice.send(place.channel, f"{place.bob.mention} what is mlops?")
    assert answers(place) == []


async def test_a_reply_to_an_answer_is_a_question(place):
    await place.alice.send(place.channel, mention(place, "what is mlops?"))
    await place.alice.send(place.channel, "and the pay?", reply_to=place.channel.last_message)
    assert "Pay" in last(place)


async def test_a_reply_to_an_answer_follows_what_led_to_it_for_fifteen_minutes(place):
    asking = place.world.asking
    asked = await place.alice.send(place.channel, mention(place, "what is mlops?"))
    answer = place.channel.last_message
    await place.bob.send(place.channel, "and the pay?", reply_to=answer)
    assert asking.followed == [None, asking.remembered(Asker(asked.author.id, place.channel.id))]
    await place.env.advance_time(REMEMBERED_SECONDS + 1)
    await place.bob.send(place.channel, "and the pay?", reply_to=answer)
    assert asking.followed[2:] == [None]


async def test_a_reply_without_text_says_how_to_be_heard(place):
    result = await place.alice.slash(place.channel, "ask", question="what is mlops?")
    await place.alice.send(place.channel, "and the pay?", reply_to=result.response)
    assert last(place) == say("reply_without_text")


async def test_a_direct_message_is_a_question(place):
    await place.alice.send_dm("what is mlops?")
    assert "## MLOps" in last(place)


async def test_a_direct_message_without_text_is_told_what_to_send(place):
    channel = place.alice.user.dm_channel
    files = place.env.backend.store_attachments(channel.id, [("cv.txt", b"hello")])
    await place.alice.send_dm("", attachments=files)
    assert last(place) == say("empty_question")


async def test_another_bot_is_not_answered(place):
    robot = place.guild.add_member(place.env.create_user("robot", bot=True))
    await robot.send(place.channel, mention(place, "what is mlops?"))
    assert answers(place) == []


async def test_a_webhook_is_not_answered(place):
    webhook = place.guild.create_webhook(place.channel, "feed")
    await webhook.send(mention(place, "what is mlops?"))
    assert answers(place) == []


async def test_the_same_message_is_answered_once(place):
    message = await place.alice.send(place.channel, mention(place, "what is mlops?"))
    await place.env.bot.on_message(message)
    assert len(answers(place)) == 1


async def test_only_so_many_messages_are_remembered(place, monkeypatch):
    monkeypatch.setattr(ask, "REMEMBERED_MESSAGES", 2)
    messages = [await place.alice.send(place.channel, mention(place, "what is mlops?")) for _ in range(4)]
    await place.env.bot.on_message(messages[0])
    await place.env.bot.on_message(messages[3])
    assert len(answers(place)) == 5


async def test_an_answer_never_pings_the_asker(place):
    await place.alice.send(place.channel, mention(place, "what is mlops?"))
    assert place.channel.last_message.mentions == []


async def test_a_reply_stands_beside_the_message_where_replying_is_not_allowed(place):
    place.env.inject_error("POST", "/channels/*/messages", status=400, code=160002)
    await place.alice.send(place.channel, mention(place, "what is mlops?"))
    assert place.channel.last_message.reference is None
    assert "## MLOps" in last(place)


async def test_where_the_bot_may_not_write_it_stays_silent(place):
    place.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await place.alice.send(place.channel, mention(place, "what is mlops?"))
    assert len(place.channel.history()) == 1


async def test_a_failing_answer_is_told_with_a_reference(place, caplog):
    place.world.asking.failing = RuntimeError("boom")
    await place.alice.send(place.channel, mention(place, "what is mlops?"))
    reference = last(place).rpartition(" ")[2]
    assert last(place) == say("fault.unexpected", reference=reference)
    assert reference in caplog.text
    assert "boom" in caplog.text


async def test_an_unreachable_database_is_told_kindly(place):
    place.world.asking.failing = StoreUnavailableError("disk full")
    await place.alice.send(place.channel, mention(place, "what is mlops?"))
    assert last(place).startswith(say("fault.unavailable", reference=""))
    assert "disk" not in last(place)


async def test_when_even_the_apology_fails_it_is_logged(place, caplog):
    place.world.asking.failing = RuntimeError("boom")
    place.env.inject_error("POST", "/channels/*/messages", status=500)
    await place.alice.send(place.channel, mention(place, "what is mlops?"))
    assert "could not be told" in caplog.text


async def test_slash_ask_is_answered(place):
    await place.alice.slash(place.channel, "ask", question="what is mlops?")
    assert "## MLOps" in last(place)


async def test_slash_ask_works_in_direct_messages(place):
    await place.alice.user.slash("ask", question="what is mlops?")
    assert "## MLOps" in last(place)


async def test_blanks_are_not_a_question(place):
    result = await place.alice.slash(place.channel, "ask", question="   ")
    assert result.ephemeral
    assert last(place) == say("empty_question")


async def test_long_questions_reach_the_service_which_cuts_them(place):
    await place.alice.slash(place.channel, "ask", question="what is mlops? " * 100)
    assert len(place.world.asking.questions[-1][0]) == 1_500


async def test_the_context_menu_answers_a_message(place):
    message = await place.bob.send(place.channel, "what is mlops?")
    await place.alice.context_menu(place.channel, "Ask the career advisor", message)
    assert "## MLOps" in last(place)


async def test_the_context_menu_needs_a_text(place):
    message = await place.bob.send(place.channel, "", attachments=[("cv.txt", b"hello")])
    await place.alice.context_menu(place.channel, "Ask the career advisor", message)
    assert last(place) == say("context_empty")


async def test_a_slow_answer_is_deferred_first(place, monkeypatch):
    deferred = []

    async def slowly():
        await asyncio.sleep(2)
        deferred.extend(r for r in place.env.http_requests if r.path.endswith("/callback"))

    place.world.asking.before = slowly
    result = await place.alice.slash(place.channel, "ask", question="what is mlops?")
    await place.env.advance_time(3)
    assert [request.json["type"] for request in deferred] == [5]
    assert result.response is not None
    assert "## MLOps" in last(place)


@pytest.mark.parametrize("text", ["@everyone", "<@1>", "**x**", "\u202egnp", "[a](https://evil.example)"])
async def test_what_a_user_writes_never_comes_back_unescaped(place, text):
    await place.alice.slash(place.channel, "role", role=f"no such role {text}")
    assert f" {text}" not in last(place)


async def test_help_is_shown_in_private(place):
    result = await place.alice.slash(place.channel, "help")
    assert result.ephemeral
    assert say("help.title") in last(place)


async def test_the_bot_reads_messages_without_a_privileged_intent(place):
    intents = place.env.bot.intents
    assert not intents.message_content
    assert not intents.members
    assert not intents.presences
    assert intents == discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
