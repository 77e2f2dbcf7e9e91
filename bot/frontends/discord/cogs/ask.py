"""/ask, the message context menu, and conversation: mentions, replies to the bot, direct messages."""

from __future__ import annotations

import asyncio
import math
import re
from collections import OrderedDict
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.advisor.reading import Reading
from bot.frontends.discord import faults
from bot.frontends.discord.desk import Desk, asker_of
from bot.frontends.discord.responding import NO_MENTIONS, respond, tell
from bot.frontends.phrases import say
from bot.services.ask import REMEMBERED_SECONDS, Asker

T = TypeVar("T")
REMEMBERED_MESSAGES = 1_000
"""Messages that were met already, since a resumed session replays some, and answers with what led to them: whoever
replies to one goes on from there."""
CANNOT_REPLY_WITHOUT_HISTORY = 160002

QuestionText = app_commands.Range[str, 1, 2000]
"""The service cuts what is too long to be a question; Discord's own limit for the option would be 6,000."""


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add /ask and the context menu."""

    @tree.command(name=say("command.ask.name"), description=say("command.ask.description"))
    @app_commands.describe(question=say("command.ask.question"))
    async def ask_command(interaction: discord.Interaction[Any], question: QuestionText) -> None:
        if question.strip():
            await respond(interaction, desk.ask(question, asker_of(interaction)))
        else:
            await tell(interaction, say("empty_question"))

    @tree.context_menu(name=say("command.menu.name"))
    async def ask_about_message(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        question = without_mentions(message)
        if question:
            await respond(interaction, desk.ask(question, asker_of(interaction)))
        else:
            await tell(interaction, say("context_empty"))


class Conversation:
    """Answers messages that are meant for the bot, each of them once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._met: OrderedDict[int, None] = OrderedDict()
        self._led_to: OrderedDict[int, tuple[float, tuple[Reading, ...]]] = OrderedDict()

    async def hear(self, message: discord.Message, me: int) -> None:
        """Answer a message if it is meant for the bot; whatever goes wrong is told where it was written."""
        if not is_for(message, me) or not self._is_new(message):
            return
        try:
            await self._answer(message)
        except discord.Forbidden:
            # Nobody can be told in a channel where the bot may not write.
            faults.log.info("May not answer in channel %s", message.channel.id)
        except Exception as error:  # noqa: BLE001  # an outer edge
            await self._apologise(message, error)

    async def _answer(self, message: discord.Message) -> None:
        question = without_mentions(message)
        if question:
            asker = Asker(message.author.id, message.channel.id)
            sent = await reply(message, view=await self._desk.ask(question, asker, self._what_led_to(message)))
            _remember(self._led_to, sent.id, (_now(), self._desk.asking.remembered(asker)))
        elif message.content.strip():
            await reply(message, view=self._desk.renderer.help())
        elif message.reference is not None:
            await reply(message, text=say("reply_without_text"))
        else:
            await reply(message, text=say("empty_question"))

    def _what_led_to(self, message: discord.Message) -> tuple[Reading, ...] | None:
        """Return what led to the answer that a message replies to; None when it replies to none of late."""
        answer = message.reference.message_id if message.reference else None
        at, readings = self._led_to.get(answer or 0, (-math.inf, ()))
        return readings if _now() - at <= REMEMBERED_SECONDS else None

    async def _apologise(self, message: discord.Message, error: Exception) -> None:
        reference = faults.note(error, "a message")
        try:
            await reply(message, text=say(faults.phrase_for(error), reference=reference))
        except (discord.HTTPException, OSError):
            faults.log.warning("The person could not be told of %s", reference)

    def _is_new(self, message: discord.Message) -> bool:
        if message.id in self._met:
            return False
        _remember(self._met, message.id, None)
        return True


def _now() -> float:
    return asyncio.get_running_loop().time()


def _remember(messages: OrderedDict[int, T], message: int, what: T) -> None:
    messages[message] = what
    if len(messages) > REMEMBERED_MESSAGES:
        messages.popitem(last=False)


def is_for(message: discord.Message, me: int) -> bool:
    """Return whether a person writes to the bot: in private, by mentioning it, or in reply to it."""
    if message.author.bot or message.webhook_id is not None or message.author.id == me:
        return False
    if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
        return False
    return message.guild is None or any(user.id == me for user in message.mentions) or _replies_to(message, me)


async def reply(
    message: discord.Message, *, text: str | None = None, view: discord.ui.LayoutView | None = None
) -> discord.Message:
    """Reply to a message without pinging, and beside it where replying is not allowed or it is gone."""
    content: dict[str, Any] = {"view": view} if view else {"content": text}
    reference = message.to_reference(fail_if_not_exists=False)
    try:
        return await message.channel.send(
            **content, reference=reference, mention_author=False, allowed_mentions=NO_MENTIONS
        )
    except discord.HTTPException as error:
        if error.code != CANNOT_REPLY_WITHOUT_HISTORY:
            raise
        return await message.channel.send(**content, allowed_mentions=NO_MENTIONS)


def without_mentions(message: discord.Message) -> str:
    """Return what a message says without the mentions of users in it."""
    return re.sub(r"<@[!&]?\d{1,20}>", " ", message.content).strip()


def _replies_to(message: discord.Message, me: int) -> bool:
    resolved = message.reference.resolved if message.reference else None
    return isinstance(resolved, discord.Message) and resolved.author.id == me
