"""The catalogue: every phrase that is used exists, and every phrase that exists is used."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest

import bot.frontends
from bot.advisor.knowledge import FigureKind, Section
from bot.frontends.discord.permissions import ANNOUNCING, IN_FORUMS
from bot.frontends.phrases import catalogue, currency_sign, place_name, say
from bot.jobs.announcing import DeliveryKind, PauseReason, SubscriptionState
from bot.jobs.by_hand import Field
from bot.jobs.job import JobState, PayPeriod
from bot.jobs.polling import Featuring, SourceState
from bot.jobs.query import JobQuery, parts_of
from bot.jobs.saving import Saved
from bot.language.facets import Employment, Filters, Level

FRONTENDS = Path(bot.frontends.__file__).parent
EVERYTHING = JobQuery(
    roles=("data-engineer",),
    filters=Filters("DE", Level.SENIOR, remote=True, employment=Employment.CONTRACT, salary_min=1),
    company="Fern",
    since=datetime(2026, 1, 1, tzinfo=UTC),
    words=("kafka",),
    paid=True,
    sources=("board",),
)
FAMILIES = {
    "section.": list(Section),
    "level.": list(Level),
    "employment.": list(Employment),
    "why.part.": [name for name, _ in parts_of(EVERYTHING)],
    "why.kind.": list(DeliveryKind),
    "job.state.": [state for state in JobState if state is not JobState.OPEN],
    "period.": list(PayPeriod),
    "figure.": list(FigureKind),
    "figure.sample.": list(FigureKind),
    "figure.counted.": list(FigureKind),
    "no_figure.": [Section.SALARY, Section.OUTLOOK],
    "permission.": [*ANNOUNCING, *IN_FORUMS.values()],
    "announce.state.": list(SubscriptionState),
    "announce.reason.": list(PauseReason),
    "weekday.": range(7),
    "saved.told.": list(Saved),
    "alerts.every.": ["daily", "weekdays", "weekly"],
    "setup.ask.": [
        f"{what}.{part}" for what in ("jobs", "cron", "zone") for part in ("title", "label", "hint", "example")
    ],
    "curate.field.": list(Field),
    "curate.example.": list(Field),
    "curate.fault.": list(Field),
    "sources.state.": list(SourceState),
    "sources.featured.": list(Featuring),
}
"""Phrases whose last part is a value: `say(f"section.{section.value}")`."""
LOOKED_UP = ("place.", "currency.")


def strings_in_code() -> set[str]:
    """Return every string of the frontends' code, the constant beginnings of f-strings included."""
    found = set()
    for path in FRONTENDS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def keys_said() -> set[str]:
    """Return the literal keys that are given to `say`."""
    found = set()
    for path in FRONTENDS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say" and node.args:
                found |= {
                    leaf.value
                    for leaf in ast.walk(node.args[0])
                    if isinstance(leaf, ast.Constant) and re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", str(leaf.value))
                }
    return found


def test_every_key_that_is_said_exists():
    prefixes = {family.rstrip(".") for family in FAMILIES}
    assert {key for key in keys_said() if key not in catalogue()} - prefixes == set()


def test_every_phrase_is_used():
    used = strings_in_code()
    of_families = {f"{family}{value}" for family, values in FAMILIES.items() for value in values}
    unused = [
        key for key in catalogue() if key not in used and key not in of_families and not key.startswith(LOOKED_UP)
    ]
    assert unused == []


@pytest.mark.parametrize(("family", "values"), FAMILIES.items())
def test_every_value_of_a_family_has_a_phrase(family, values):
    assert family in strings_in_code()
    for value in values:
        assert say(f"{family}{value}")


def test_a_missing_phrase_is_an_error():
    with pytest.raises(KeyError):
        say("no.such.phrase")


def test_keys_are_text_and_not_what_yaml_takes_for_true():
    assert {"announce.on", "announce.off", "announce.state.on"} <= set(catalogue())


def test_placeholders_are_names():
    for phrase in catalogue().values():
        names = [name for _, name, _, _ in Formatter().parse(phrase) if name is not None]
        assert all(name.isidentifier() for name in names), phrase


def test_norway_is_a_country_and_not_a_refusal():
    assert place_name("NO") == "Norway"


def test_an_unknown_place_is_named_as_it_came():
    assert place_name("Worldwide") == "Worldwide"


def test_a_currency_without_a_sign_is_named_by_its_code():
    assert currency_sign("CHF") == "CHF\u00a0"
