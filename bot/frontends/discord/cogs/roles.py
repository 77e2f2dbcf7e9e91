"""/role and /compare."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Reading
from bot.frontends.discord.desk import Desk, asker_of
from bot.frontends.discord.responding import respond, tell
from bot.frontends.escape import escape, plain
from bot.frontends.labels import section_name
from bot.frontends.phrases import say

MAX_CHOICES = 25
MAX_CHOICE_LENGTH = 100

RoleText = app_commands.Range[str, 1, 100]


def section_choices() -> list[app_commands.Choice[str]]:
    """Return the sections as choices of an option."""
    return [app_commands.Choice(name=section_name(section), value=section.value) for section in Section]


def role_choices(desk: Desk, typed: str) -> list[app_commands.Choice[str]]:
    """Return at most 25 roles for what is typed, ranked by the matcher that answers use."""
    return [
        app_commands.Choice(name=plain(title, MAX_CHOICE_LENGTH), value=role)
        for role, title in desk.asking.suggest_roles(typed)[:MAX_CHOICES]
        if len(role) <= MAX_CHOICE_LENGTH
    ]


async def named_role(interaction: discord.Interaction[Any], desk: Desk, text: str) -> str | None:
    """Return the role that an option names; else say that it names none, and return None."""
    role = desk.asking.role_named(text)
    if role is None:
        await tell(interaction, say("unknown_role", text=escape(text, 60)))
    return role


def register(tree: app_commands.CommandTree[Any], desk: Desk) -> None:
    """Add /role and /compare."""

    async def suggest(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        return role_choices(desk, typed)

    @tree.command(name=say("command.role.name"), description=say("command.role.description"))
    @app_commands.describe(role=say("command.role.role"), section=say("command.role.section"))
    @app_commands.choices(section=section_choices())
    @app_commands.autocomplete(role=suggest)
    async def role_command(interaction: discord.Interaction[Any], role: RoleText, section: str | None = None) -> None:
        named = await named_role(interaction, desk, role)
        if named is not None:
            reading = Reading(Intent.ROLE, roles=(named,), section=Section(section or Section.OVERVIEW))
            await respond(interaction, desk.show(reading, asker_of(interaction)))

    @tree.command(name=say("command.compare.name"), description=say("command.compare.description"))
    @app_commands.describe(
        first=say("command.compare.first"),
        second=say("command.compare.second"),
        third=say("command.compare.third"),
        fourth=say("command.compare.fourth"),
        section=say("command.compare.section"),
    )
    @app_commands.choices(section=section_choices())
    @app_commands.autocomplete(first=suggest, second=suggest, third=suggest, fourth=suggest)
    async def compare_command(  # noqa: PLR0917  # a command's options
        interaction: discord.Interaction[Any],
        first: RoleText,
        second: RoleText,
        third: RoleText | None = None,
        fourth: RoleText | None = None,
        section: str | None = None,
    ) -> None:
        roles: list[str] = []
        for text in filter(None, (first, second, third, fourth)):
            named = await named_role(interaction, desk, text)
            if named is None:
                return
            if named in roles:
                await tell(interaction, say("same_role", role=escape(desk.asking.title_of(named), 60)))
                return
            roles.append(named)
        reading = Reading(Intent.COMPARE, roles=tuple(roles), section=Section(section) if section else None)
        await respond(interaction, desk.show(reading, asker_of(interaction)))
