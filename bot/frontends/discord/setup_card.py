"""The message that sets a subscription up: what it will do so far, and the selects and buttons that change that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

import discord

from bot.frontends.discord.custom_ids import Action, Press, encode
from bot.frontends.discord.layouts import Layout, button, framed
from bot.frontends.discord.terms import hours, when, which_jobs
from bot.frontends.discord.views import Pressable
from bot.frontends.escape import escape, plain
from bot.frontends.phrases import say
from bot.frontends.ports import Directory
from bot.jobs.announcing import ALL_AT_ONCE, Subscription, Terms, Venue
from bot.jobs.timetable import daily, every_hours, weekly

T = TypeVar("T")


class Control(StrEnum):
    """A part of the message; the value is its letter in a custom_id and never changes."""

    WHEN = "w"
    ZONE = "z"
    QUIET = "q"
    CAP = "c"
    MENTION = "m"
    JOBS = "j"
    SAVE = "s"
    CANCEL = "x"


@dataclass(frozen=True, slots=True)
class Setup:
    """What somebody has chosen so far, for a new subscription of a channel or for one that there is.

    `typed` is what they wrote last to say which jobs.
    """

    owner: int
    guild: int
    channel: int
    venue: Venue = Venue.TEXT
    terms: Terms = ALL_AT_ONCE
    subscription: int | None = None
    typed: str = ""


OTHER = "other"
"""The choice of something that is not offered: a modal asks for it."""
_KEPT = "kept"
"""The choice of what is set and not among those offered."""
_NINE = time(9)
_CRONS: Mapping[str, str | None] = MappingProxyType(
    {"once": None, "six-hours": every_hours(6), "daily": daily(_NINE), "weekly": weekly(1, _NINE)}
)
_QUIET: Mapping[str, tuple[time, time] | None] = MappingProxyType(
    {
        "none": None,
        "22-7": (time(22), time(7)),
        "20-8": (time(20), time(8)),
        "23-9": (time(23), time(9)),
        "0-6": (time(0), time(6)),
    }
)
_CAPS: Mapping[str, int | None] = MappingProxyType({"none": None, "3": 3, "5": 5, "10": 10, "20": 20})
_ZONE_NAMES = (
    "UTC",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Mexico_City",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Warsaw",
    "Europe/Athens",
    "Europe/Istanbul",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
)
"""With the one that is set and another one, as many as a select can list."""
_ZONES: Mapping[str, str] = MappingProxyType({name: name for name in _ZONE_NAMES})
_COLOUR = 0x5865F2


def setup_of(subscription: Subscription, owner: int) -> Setup:
    """Return the setup that changes a subscription."""
    return Setup(
        owner, subscription.guild, subscription.channel, subscription.venue, subscription.terms, subscription.id
    )


def chosen(terms: Terms, control: Control, value: str) -> Terms:
    """Return terms with what was selected in one of the lists. Raises LookupError when it is not offered."""
    timetable = terms.timetable
    match control:
        case Control.WHEN:
            return replace(terms, timetable=replace(timetable, cron=_taken(_CRONS, value, timetable.cron)))
        case Control.ZONE:
            return replace(terms, timetable=replace(timetable, zone=_taken(_ZONES, value, timetable.zone)))
        case Control.QUIET:
            return replace(terms, timetable=replace(timetable, quiet=_taken(_QUIET, value, timetable.quiet)))
        case Control.CAP:
            return replace(terms, cap=_taken(_CAPS, value, terms.cap))
        case _:
            raise LookupError(control)


class SetupCards:
    """Makes the message of a setup; `directory` names roles."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def card(self, setup: Setup, key: str, notes: Sequence[str] = ()) -> Layout:
        """Return the message of a setup that is kept as `key`; `notes` tell what came of the last choice."""
        text = "\n".join((self._text(setup), *notes))
        row = [
            self._button(setup, key, Control.JOBS, "setup.which"),
            self._button(setup, key, Control.SAVE, "setup.save", discord.ButtonStyle.success),
            self._button(setup, key, Control.CANCEL, "setup.cancel"),
        ]
        rows = [*([each] for each in self._selects(setup, key)), row]
        return framed(_COLOUR, [text], rows=rows)

    def _text(self, setup: Setup) -> str:
        terms, timetable = setup.terms, setup.terms.timetable
        channel = f"<#{setup.channel}>"
        title = (
            say("setup.edit_title", number=setup.subscription, channel=channel)
            if setup.subscription
            else say("setup.title", channel=channel)
        )
        parts = (
            ("setup.jobs", which_jobs(terms.query, self._directory)),
            ("setup.when", when(timetable.cron)),
            ("setup.zone", escape(timetable.zone, 60)),
            ("setup.quiet", hours(timetable.quiet)),
            ("setup.cap", _most(terms.cap)),
            ("setup.mention", f"<@&{terms.mention}>" if terms.mention else say("setup.nobody")),
        )
        lines = [f"**{say(key)}**: {words}" for key, words in parts]
        small = [say("setup.featured"), *([say("setup.rest")] if terms.cap else [])]
        return "\n".join((f"## {title}", *lines, *(f"-# {line}" for line in small)))

    def _selects(self, setup: Setup, key: str) -> list[Pressable]:
        terms, timetable = setup.terms, setup.terms.timetable
        own_cron = discord.SelectOption(label=say("setup.own_cron"), value=OTHER)
        other_zone = discord.SelectOption(label=say("setup.other_zone"), value=OTHER)
        listed = {
            Control.WHEN: [*_options("setup.when", _CRONS, timetable.cron, lambda cron: when(cron, plain)), own_cron],
            Control.ZONE: [*_options("setup.zone", _ZONES, timetable.zone, str), other_zone],
            Control.QUIET: _options("setup.quiet", _QUIET, timetable.quiet, hours),
            Control.CAP: _options("setup.cap", _CAPS, terms.cap, _most),
        }
        selects = [
            Pressable(discord.ui.Select(custom_id=self._id(setup, key, control), options=options))
            for control, options in listed.items()
        ]
        return [*selects, self._roles(setup, key)]

    def _roles(self, setup: Setup, key: str) -> Pressable:
        pinged = setup.terms.mention
        kind = discord.SelectDefaultValueType.role
        select: discord.ui.RoleSelect[Any] = discord.ui.RoleSelect(
            custom_id=self._id(setup, key, Control.MENTION),
            placeholder=say("setup.pick_role"),
            min_values=0,
            default_values=[discord.SelectDefaultValue(id=pinged, type=kind)] if pinged else [],
        )
        return Pressable(select)

    def _button(
        self,
        setup: Setup,
        key: str,
        control: Control,
        phrase: str,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> Pressable:
        return button(say(phrase), self._id(setup, key, control), style)

    def _id(self, setup: Setup, key: str, control: Control) -> str:
        return encode(Press(Action.SETUP, setup.owner, marker=f"{key}.{control}"), self._directory) or ""


def _options(
    phrase: str, offered: Mapping[str, T], current: T, words: Callable[[T], str]
) -> list[discord.SelectOption]:
    """Return what is offered, and what is set if it is not among that, as options that say what they are about."""
    known = current in offered.values()
    return [
        discord.SelectOption(label=plain(f"{say(phrase)}: {words(value)}", 100), value=name, default=value == current)
        for name, value in (*offered.items(), *([] if known else [(_KEPT, current)]))
    ]


def _taken(offered: Mapping[str, T], value: str, current: T) -> T:
    return current if value == _KEPT else offered[value]


def _most(cap: int | None) -> str:
    return say("setup.at_most", count=cap) if cap else say("setup.no_limit")
