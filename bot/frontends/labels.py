"""What a reading is called: on a button, in a list of choices, in a heading."""

from __future__ import annotations

from typing import Protocol

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Reading
from bot.frontends.phrases import place_name, say
from bot.language.facets import Filters


class Names(Protocol):
    """Tells what people call the things that a reading names by id."""

    def title_of(self, role: str) -> str:
        """Return a role's title."""
        ...

    def topic_title(self, topic: str) -> str:
        """Return a topic's title. Raises KeyError for an id that is not known."""
        ...

    def term_title(self, term: str) -> str:
        """Return a term's title. Raises KeyError for an id that is not known."""
        ...


SEPARATOR = " · "


def section_name(section: Section) -> str:
    """Return what a section is called."""
    return say(f"section.{section.value}")


def label(reading: Reading, names: Names) -> str:
    """Return a name for a reading that stands by itself, as in a list of choices."""
    subject = _subject(reading, tuple(names.title_of(role) for role in reading.roles), names)
    parts = (subject, *_section_part(reading), *filter_words(reading.filters))
    return SEPARATOR.join(parts)


def step_label(step: Reading, shown: Reading, names: Names) -> str:
    """Return a short name for a next step beside an answer, where what they have in common goes without saying."""
    others = tuple(role for role in step.roles if role not in shown.roles)
    same_roles = bool(step.roles) and not others
    match step.intent:
        case Intent.COMPARE if len(others) == 1 and len(step.roles) == 2:
            return say("label.step.versus", role=names.title_of(others[0]))
        case Intent.ROLE if same_roles and len(shown.roles) == 1:
            return section_name(step.section or Section.OVERVIEW)
        case Intent.ROLE if same_roles and step.section in {None, Section.OVERVIEW, shown.section}:
            return names.title_of(step.roles[0])
        case Intent.COMPARE if same_roles and step.section is not None:
            return section_name(step.section)
        case Intent.TRANSITION if same_roles:
            return say("label.step.transition" if len(step.roles) > 1 else "label.step.becoming")
        case Intent.JOBS if same_roles or not step.roles:
            return SEPARATOR.join((say("label.step.jobs"), *filter_words(step.filters)))
        case _:
            return label(step, names)


def filter_words(filters: Filters) -> tuple[str, ...]:
    """Return the words for what a reading is narrowed to."""
    words = []
    if filters.country:
        words.append(place_name(filters.country))
    if filters.level:
        words.append(say(f"level.{filters.level.value}"))
    if filters.remote is not None:
        words.append(say("filter.remote") if filters.remote else say("filter.on_site"))
    if filters.employment:
        words.append(say(f"employment.{filters.employment.value}"))
    if filters.salary_min:
        words.append(say("filter.salary_min", amount=f"{filters.salary_min:,}"))
    if filters.year:
        words.append(str(filters.year))
    return tuple(words)


def _section_part(reading: Reading) -> tuple[str, ...]:
    shows_section = reading.intent in {Intent.ROLE, Intent.COMPARE}
    if reading.section is None or not shows_section or reading.section is Section.OVERVIEW:
        return ()
    return (section_name(reading.section),)


def _subject(reading: Reading, roles: tuple[str, ...], names: Names) -> str:
    match reading.intent:
        case Intent.COMPARE:
            return f" {say('heading.versus')} ".join(roles)
        case Intent.TRANSITION:
            return transition_name(roles)
        case Intent.JOBS:
            return SEPARATOR.join((say("heading.jobs"), *roles))
        case Intent.TOPIC if reading.topic:
            return names.topic_title(reading.topic)
        case Intent.TERM if reading.term:
            return say("label.term", term=names.term_title(reading.term))
        case Intent.FIT:
            return say("label.fit")
        case Intent.HELP:
            return say("label.help")
        case Intent.SMALLTALK:
            return say("label.smalltalk")
        case _:
            return SEPARATOR.join(roles) or say("label.out_of_scope")


def transition_name(roles: tuple[str, ...]) -> str:
    """Return what moving between roles is called: two titles, or only the one that is moved to."""
    if len(roles) == 2:
        return say("heading.transition", first=roles[0], second=roles[1])
    return say("heading.becoming", role=SEPARATOR.join(roles))
