"""A small knowledge base about kitchens: nothing in the engine knows which field it serves."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.advisor.advisor import Advisor
from bot.advisor.knowledge import (
    Comparison,
    Figure,
    FigureKind,
    IntentPhrasings,
    Knowledge,
    Lexicon,
    Passage,
    Related,
    RoleName,
    RoleProfile,
    Section,
    Source,
    Term,
    Topic,
)
from bot.advisor.loading import load_knowledge
from bot.app import load_advisor
from bot.folder import read_folder
from bot.language.facets import Level

ROOT = Path(__file__).parents[2]


def profile(role: str, code: str, title: str, summary: str, choose_if: str, *, near: str, **tags: str) -> RoleProfile:
    """Return a profile whose sections say little but their tags."""
    listed = {section: tuple(tags.get(section.value, "").split()) for section in Section}
    return RoleProfile(
        id=role,
        code=code,
        title=title,
        summary=summary,
        choose_if=choose_if,
        sections={s: Passage(f"{title} and {s.value}.\n\n- **One**: thing", tags=listed[s]) for s in Section},
        related=(Related(near, "works in the same kitchen"),),
        reviewed=date(2026, 11, 1),
    )


ROLES = {
    "chef": profile(
        "chef",
        "c",
        "Head Chef",
        "Runs a kitchen and writes the menu.",
        "you like to lead",
        near="pastry-cook",
        skills="knives sauces leadership",
        tools="stove oven",
        responsibilities="menus orders",
    ),
    "pastry-cook": profile(
        "pastry-cook",
        "pc",
        "Pastry Cook",
        "Bakes cakes and desserts in a kitchen.",
        "you like sugar work",
        near="chef",
        skills="knives dough patience",
        tools="oven mixer",
        responsibilities="desserts orders",
    ),
    "waiter": profile(
        "waiter",
        "w",
        "Waiter",
        "Serves guests at their table.",
        "you like to meet people",
        near="chef",
        skills="patience memory",
        tools="tray",
        responsibilities="guests orders",
    ),
}


def asked(intent: str, *phrasings: str, section: Section | None = None, kind: str | None = None) -> IntentPhrasings:
    """Return phrasings of an intent."""
    answer = f"Words about {kind}." if kind else None
    return IntentPhrasings(intent, phrasings, section=section, kind=kind, answer=answer)


def about_a_section(section: Section, *words: str) -> tuple[IntentPhrasings, ...]:
    """Return ways to ask about a section of one role and of two."""
    one = [f"{word} {{role}}" for word in words] + [f"what is the {word} of a {{role}}" for word in words]
    one += [f"and the {word}" for word in words] + [f"tell me about the {word} of this job" for word in words]
    two = [f"{{role}} or {{role}} {word}" for word in words] + [
        f"compare the {word} of {{role}} and {{role}}" for word in words
    ]
    return asked("role", *one, section=section), asked("compare", *two, section=section)


INTENTS = (
    asked(
        "role",
        "what is a {role}",
        "what does a {role} do",
        "explain the job {role}",
        "{role}",
        "who is a {role}",
        section=Section.OVERVIEW,
    ),
    *about_a_section(Section.SALARY, "pay", "salary", "wage"),
    *about_a_section(Section.SKILLS, "skills", "abilities"),
    *about_a_section(Section.TOOLS, "tools", "gear"),
    *about_a_section(Section.OUTLOOK, "outlook", "future", "demand"),
    asked(
        "compare",
        "{role} vs {role}",
        "{role} or {role}",
        "difference between {role} and {role}",
        "compare {role} with {role}",
    ),
    asked(
        "transition",
        "how do i become a {role}",
        "from {role} to {role}",
        "i am a {role} and want to become a {role}",
        "switch from {role} to {role}",
    ),
    asked(
        "fit",
        "which job suits me",
        "i like baking and sweets which job fits me",
        "what should i do i enjoy meeting people",
    ),
    asked(
        "jobs",
        "open jobs",
        "{role} jobs",
        "who is hiring a {role} in {place}",
        "any openings for a {role}",
        "vacancies",
    ),
    asked("term", "what is {term}", "explain {term}", "what does {term} mean", "{term}"),
    asked("help", "help", "what can you do", "how do i use this", "commands", kind="usage"),
    asked("smalltalk", "hello", "hi there", "good morning", kind="greeting"),
    asked("smalltalk", "thanks", "thank you very much", kind="thanks"),
    asked(
        "out_of_scope",
        "who won the match",
        "weather in {place}",
        "fix my python code",
        "capital of {place}",
        "how tall is that mountain",
        "write me a poem",
    ),
)

LEXICON = Lexicon(
    roles=(
        RoleName("chef", "Head Chef", aliases=("chef", "kitchen chef", "chef de cuisine")),
        RoleName(
            "pastry-cook",
            "Pastry Cook",
            aliases=("patissier", "pastry chef"),
            ambiguous=("pc",),
            described=("bakes sweet desserts and cakes",),
        ),
        RoleName("waiter", "Waiter", aliases=("server", "waitress"), described=("carries plates to tables",)),
        RoleName("sommelier", "Sommelier", aliases=("wine steward",)),
    ),
    places={"FR": ("france", "paris", "french"), "DE": ("germany", "berlin"), "US": ("usa", "united states")},
    facets={
        "level": {"entry": ("junior", "apprentice"), "senior": ("senior",)},
        "remote": {"yes": ("remote", "from home"), "no": ("on site",)},
        "employment": {"part-time": ("part time",), "internship": ("internship",)},
        "follow_up": {
            "linking": ("and", "what", "about", "in", "a", "the"),
            "more": ("more", "tell me more"),
            "first": ("the first one", "first one", "the former", "the first"),
            "second": ("the second one", "the latter", "the second"),
        },
        "direction": {"from": ("from", "am"), "to": ("to", "become")},
        "taste": {"except": ("not", "anything but", "other than a")},
        "period": {"month": ("a month",), "hour": ("an hour", "/hr")},
    },
    common_words=frozenset({"date", "house", "water", "share", "carer", "later", "river"}),
)


def _figure(role: str, kind: FigureKind, middle: float, **more: object) -> Figure:
    values = {"source": "guild", "unit": "USD/year", "place": "US", "period": "2023-2025", "sample": 40} | more
    return Figure(role=role, kind=kind, middle=middle, **values)  # type: ignore[arg-type]


FIGURES = (
    _figure("chef", FigureKind.ADVERTISED_PAY, 60_000, low=50_000, high=80_000),
    _figure("chef", FigureKind.ADVERTISED_PAY, 90_000, level=Level.SENIOR),
    _figure("chef", FigureKind.ADVERTISED_PAY, 45_000, place="FR", unit="EUR/year"),
    _figure("chef", FigureKind.ADVERTISED_PAY, 1, place="DE", sample=9),
    _figure(
        "chef", FigureKind.EMPLOYEE_PAY, 58_000, source="census", period="May 2025", occupation="Cooks", exact=False
    ),
    _figure("chef", FigureKind.REPORTED_PAY, 40_000, source="survey", period="2019", dated=True),
    _figure("chef", FigureKind.GROWTH, 15, source="census", unit="percent", period="2024-2034"),
    _figure("chef", FigureKind.GROWTH, 6, source="survey", unit="percent", period="2019-2029", dated=True),
    _figure("pastry-cook", FigureKind.ADVERTISED_PAY, 48_000),
)

COMPARISON = Comparison(
    roles=("chef", "pastry-cook"),
    shared="Both cook.",
    different="One leads the kitchen, the other the oven.",
    choose={"chef": "you want the last word", "pastry-cook": "you want sweets"},
    confusion="People think one outranks the other.",
    moving="Cooks move by running a station first.",
    sources=("guild",),
)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the kitchen knowledge base."""
    topics: Mapping[str, Topic] = {
        "night-work": Topic(
            "night-work",
            "Working at night",
            ("do i have to work nights", "are the hours late", "night shifts", "is it always evenings and weekends"),
            "Mostly yes.\n\n- **Weekends**: too",
            sources=("guild",),
            related_roles=("chef", "sommelier"),
            related_topics=("school",),
        ),
        "school": Topic(
            "school",
            "Cooking school",
            ("do i need cooking school", "is culinary school worth it", "cook without a diploma"),
            "Not always.",
        ),
    }
    terms = {
        "roux": Term(
            "roux",
            "Roux",
            ("flour and butter base",),
            "Flour cooked in fat.",
            related_roles=("chef",),
            related_terms=("sous-vide",),
        ),
        "sous-vide": Term("sous-vide", "Sous vide", (), "Cooking in a water bath."),
    }
    sources = {
        s: Source(s, s.title(), "Publisher", "CC0-1.0", read=date(2026, 11, 1)) for s in ("guild", "census", "survey")
    }
    return Knowledge(ROLES, topics, terms, (COMPARISON,), INTENTS, LEXICON, sources, FIGURES)


@pytest.fixture(scope="session")
def advisor(knowledge: Knowledge) -> Advisor:
    """Return an advisor who knows kitchens."""
    return Advisor(knowledge)


@pytest.fixture(scope="session")
def shipped() -> Advisor:
    """Return an advisor who knows what the project ships."""
    return load_advisor(ROOT / "knowledge")


@pytest.fixture(scope="session")
def cook() -> Advisor:
    """Return an advisor who knows a folder of topics only."""
    return Advisor(load_knowledge(read_folder(ROOT / "tests" / "data" / "cooking")))
