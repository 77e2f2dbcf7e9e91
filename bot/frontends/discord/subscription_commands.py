"""The commands of /announce for single subscriptions: setup, edit, list, pause, resume, remove, preview and test."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.frontends.discord.announce_targets import (
    Target,
    chosen_channel,
    hindrance,
    lacks,
    may_manage,
    place_of,
    refusal,
    venue_of,
)
from bot.frontends.discord.desk import Desk
from bot.frontends.discord.layouts import Layout
from bot.frontends.discord.naming_subscriptions import SubscriptionText, choices, named
from bot.frontends.discord.responding import NO_MENTIONS, tell
from bot.frontends.discord.setup_card import Setup, setup_of
from bot.frontends.discord.subscription_cards import name_of, next_posts, subscription_card
from bot.frontends.escape import escape
from bot.frontends.phrases import say
from bot.jobs.announcing import Subscription, SubscriptionState

Choices = list[app_commands.Choice[str]]
Suggest = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, Choices]]


def add_to(group: app_commands.Group, desk: Desk) -> None:
    """Add the commands to the group /announce."""

    async def suggest(interaction: discord.Interaction[Any], typed: str) -> Choices:
        if refusal(interaction):
            return []
        found = await desk.announcing.subscriptions(interaction.guild_id or 0)
        return choices(interaction, found, desk.asking, typed)

    _add_setting_up(group, desk, suggest)
    _add_switching(group, desk, suggest)
    _add_showing(group, desk, suggest)


def _add_setting_up(group: app_commands.Group, desk: Desk, suggest: Suggest) -> None:
    @group.command(name="setup", description=say("command.announce.setup"))
    @app_commands.describe(channel=say("command.announce.channel"))
    async def setup(interaction: discord.Interaction[Any], channel: Target | None = None) -> None:
        target = await chosen_channel(interaction, channel)
        if target is None:
            return
        if missing := lacks(target):
            await tell(interaction, missing)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await desk.setups.begin(interaction, Setup(interaction.user.id, target.guild.id, target.id, venue_of(target)))

    @group.command(name="edit", description=say("command.announce.edit"))
    @app_commands.describe(subscription=say("command.announce.subscription"))
    @app_commands.autocomplete(subscription=suggest)
    async def edit(interaction: discord.Interaction[Any], subscription: SubscriptionText) -> None:
        found = await _named(interaction, desk, subscription)
        if found is None:
            return
        if hindered := hindrance(interaction, found.channel):
            await tell(interaction, hindered)
            return
        await desk.setups.begin(interaction, setup_of(found, interaction.user.id))


def _add_switching(group: app_commands.Group, desk: Desk, suggest: Suggest) -> None:
    @group.command(name="pause", description=say("command.announce.pause"))
    @app_commands.describe(subscription=say("command.announce.subscription"))
    @app_commands.autocomplete(subscription=suggest)
    async def pause(interaction: discord.Interaction[Any], subscription: SubscriptionText) -> None:
        found = await _named(interaction, desk, subscription)
        if found is None:
            return
        if found.state is not SubscriptionState.OFF:
            await desk.announcing.pause(found.guild, found.id)
        already = found.state is SubscriptionState.OFF
        await tell(
            interaction, say("announce.already_off" if already else "announce.switched_off", name=name_of(found))
        )

    @group.command(name="resume", description=say("command.announce.resume"))
    @app_commands.describe(subscription=say("command.announce.subscription"))
    @app_commands.autocomplete(subscription=suggest)
    async def resume(interaction: discord.Interaction[Any], subscription: SubscriptionText) -> None:
        found = await _named(interaction, desk, subscription)
        if found is None:
            return
        await tell(interaction, hindrance(interaction, found.channel) or await _resume(interaction, desk, found))

    @group.command(name="remove", description=say("command.announce.remove"))
    @app_commands.describe(subscription=say("command.announce.subscription"))
    @app_commands.autocomplete(subscription=suggest)
    async def remove(interaction: discord.Interaction[Any], subscription: SubscriptionText) -> None:
        found = await _named(interaction, desk, subscription)
        if found is None:
            return
        waiting = await _waiting(desk, found)
        await desk.announcing.remove(found.guild, found.id)
        await tell(interaction, _removed(found, waiting))


def _add_showing(group: app_commands.Group, desk: Desk, suggest: Suggest) -> None:
    @group.command(name="list", description=say("command.announce.list"))
    async def list_(interaction: discord.Interaction[Any]) -> None:
        if not await may_manage(interaction):
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await _show(interaction, await _list(desk, interaction.guild_id or 0))

    @group.command(name="preview", description=say("command.announce.preview"))
    @app_commands.describe(subscription=say("command.announce.subscription"))
    @app_commands.autocomplete(subscription=suggest)
    async def preview(interaction: discord.Interaction[Any], subscription: SubscriptionText) -> None:
        found = await _named(interaction, desk, subscription)
        if found is not None:
            await _show(interaction, await desk.samples.preview(found))

    @group.command(name="test", description=say("command.announce.test"))
    @app_commands.describe(subscription=say("command.announce.subscription"))
    @app_commands.autocomplete(subscription=suggest)
    async def test(interaction: discord.Interaction[Any], subscription: SubscriptionText) -> None:
        found = await _named(interaction, desk, subscription)
        if found is None:
            return
        await tell(interaction, hindrance(interaction, found.channel) or await _test(interaction, desk, found))


async def _named(interaction: discord.Interaction[Any], desk: Desk, text: str) -> Subscription | None:
    """Return the subscription that somebody who may manage the server names, or tell why not; defer in any case."""
    if not await may_manage(interaction):
        return None
    await interaction.response.defer(ephemeral=True, thinking=True)
    return await named(interaction, desk.announcing, text)


async def _show(interaction: discord.Interaction[Any], view: Layout) -> None:
    await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)


async def _list(desk: Desk, guild: int) -> Layout:
    found = await desk.announcing.subscriptions(guild)
    title = f"## {say('announce.title')}"
    if not found:
        return desk.renderer.page(f"{title}\n{say('announce.status.none')}")
    return desk.renderer.cards(title, [subscription_card(each, desk.asking) for each in found])


async def _resume(interaction: discord.Interaction[Any], desk: Desk, found: Subscription) -> str:
    if found.state is SubscriptionState.ON:
        return say("announce.already_on", name=name_of(found))
    resumed = await desk.announcing.resume(found.guild, found.id)
    if resumed is None:
        return say("setup.gone")
    subscription, planned = resumed
    follows = next_posts(planned, subscription.terms.timetable, interaction.created_at)
    return say("announce.resumed", name=name_of(subscription), planned=follows)


async def _waiting(desk: Desk, subscription: Subscription) -> int:
    status = await desk.announcing.status(subscription.guild)
    return next((entry.waiting for entry in status if entry.subscription.id == subscription.id), 0)


def _removed(subscription: Subscription, waiting: int) -> str:
    if waiting == 0:
        return say("announce.removed.none", name=name_of(subscription))
    if waiting == 1:
        return say("announce.removed.one", name=name_of(subscription))
    return say("announce.removed.many", name=name_of(subscription), count=waiting)


async def _test(interaction: discord.Interaction[Any], desk: Desk, found: Subscription) -> str:
    """Put a sample into the subscription's channel, and return what came of it."""
    channel = place_of(interaction.guild.get_channel(found.channel)) if interaction.guild else None
    if channel is None:
        return say("announce.no_channel")
    try:
        posted = await desk.samples.post(found, channel, str(interaction.id))
    except discord.HTTPException as error:
        return say("announce.refused", channel=channel.mention, reason=escape(f"{error.status} {error.text}", 120))
    return say("announce.tested", channel=channel.mention) if posted else say("announce.no_sample")
