"""/reload: whoever owns the application has the knowledge read anew, and is told what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.frontends.discord.owner import MAX_FAULTS_SHOWN, MAX_MESSAGE, faults_text, owners_of, tell_owner
from bot.frontends.phrases import say


@dataclass
class Owned:
    """A place, and two of its administrators: one owns the application, one does not."""

    place: Any
    owner: Any
    other: Any


@pytest.fixture
def owned(place):
    boss = place.guild.create_role("bosses", permissions=discord.Permissions(administrator=True))
    owner, other = (place.guild.add_member(place.env.create_user(name), roles=[boss]) for name in ("olga", "otto"))
    place.env.bot.application.owner = SimpleNamespace(id=owner.id)
    return Owned(place, owner, other)


async def test_the_owner_has_the_knowledge_read_anew(owned):
    result = await owned.owner.slash(owned.place.channel, "reload")
    assert owned.place.world.reloading.times == 1
    assert (result.response.content, result.response.ephemeral) == (say("reload.done"), True)


async def test_nobody_else_may(owned):
    result = await owned.other.slash(owned.place.channel, "reload")
    assert owned.place.world.reloading.times == 0
    assert (result.response.content, result.response.ephemeral) == (say("reload.not_yours"), True)


async def test_the_owner_sees_what_is_wrong(owned):
    owned.place.world.reloading.faults = ('topics/egg.yaml:3: "answer" is missing; add it',)
    result = await owned.owner.slash(owned.place.channel, "reload")
    assert 'topics/egg.yaml:3: "answer" is missing; add it' in result.response.content


async def test_each_member_of_a_team_owns_it(owned):
    team = SimpleNamespace(members=[SimpleNamespace(id=owned.other.id)], owner=SimpleNamespace(id=owned.other.id))
    owned.place.env.bot.application.team = team
    assert owners_of(owned.place.env.bot) == {owned.other.id}


def test_many_or_long_faults_fit_into_a_message():
    text = faults_text(tuple(f"topics/{number}.yaml:1: {'x' * 400}`" for number in range(MAX_FAULTS_SHOWN + 5)))
    assert len(text) <= MAX_MESSAGE
    assert text.count("`") == 6
    assert say("reload.more", count=5) in text


async def test_the_owner_is_told_in_a_direct_message(owned):
    await tell_owner(owned.place.env.bot, "something is wrong @everyone")
    request = owned.place.env.http_requests[-1]
    assert request.json["content"] == "something is wrong @everyone"
    assert request.json["allowed_mentions"]["parse"] == []


async def test_an_owner_who_takes_no_messages_is_left_alone(owned, caplog):
    owned.place.env.bot.application.owner = SimpleNamespace(id=1)
    await tell_owner(owned.place.env.bot, "something is wrong")
    assert "The owner could not be told" in caplog.text
