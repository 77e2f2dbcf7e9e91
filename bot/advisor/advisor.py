"""The advisor: reads a question, and answers a reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from bot.advisor.answer import (
    Answer,
    Block,
    Facts,
    Figures,
    NoFigure,
    NotDescribed,
    Openings,
    Prose,
)
from bot.advisor.comparison import compare
from bot.advisor.fit import Fit
from bot.advisor.interpretation import Interpreter
from bot.advisor.knowledge import Knowledge, RoleProfile, Section, Source, Term, Topic
from bot.advisor.reading import Intent, Reading
from bot.advisor.salaries import growth_figures, pay_figures
from bot.advisor.suggestion import suggest_roles
from bot.advisor.transition import between, move
from bot.language.facets import NO_FILTERS, Level
from bot.language.text import normalise, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.advisor.intent import TrainedHead
    from bot.advisor.meaning import Encoder

NEXT_STEPS = 3


class Advisor:
    """Serves one knowledge base. `read` and `answer` are pure: equal arguments give equal results."""

    def __init__(
        self,
        knowledge: Knowledge,
        *,
        encoder: Encoder | None = None,
        trained: Mapping[str, TrainedHead] | None = None,
    ) -> None:
        self.knowledge = knowledge
        self.interpreter = Interpreter(knowledge, encoder=encoder, trained=trained)
        self._fit_of = Fit(knowledge, self.interpreter.fitting)
        self._titles = self.interpreter.recogniser.titles
        self._called: dict[str, tuple[str, ...]] = {role: (normalise(title),) for role, title in self._titles.items()}
        for name in knowledge.lexicon.roles:
            self._called[name.id] += tuple(map(normalise, (*name.aliases, *name.ambiguous)))

    def read(self, question: str, context: Sequence[Reading] = ()) -> Reading:
        """Return what `question` asks, given the asker's earlier readings."""
        return self.interpreter.interpret(question, context)

    def title_of(self, role: str) -> str:
        """Return how a role is called."""
        return self._titles.get(role, role)

    def role_named(self, text: str) -> str | None:
        """Return the role that the whole of `text` names, by id, title, alias or a near miss; None when unsure."""
        if text in self._titles:
            return text
        name = self.interpreter.recogniser.names.lookup(text)
        if name and name.kind == "role":
            return name.id
        roles = self.interpreter.recogniser.recognise(text).roles
        if roles:
            return roles[0]
        near = self.suggest_roles(text)
        return near[0][0] if len(near) == 1 else None

    def suggest_roles(self, typed: str) -> tuple[tuple[str, str], ...]:
        """Return (id, title) of at most 25 roles that `typed` begins or nearly spells, best first."""
        return suggest_roles(typed, self._called, self._titles, tuple(self.knowledge.roles))

    def answer(self, reading: Reading, facts: Facts, *, question: str = "") -> Answer:
        """Return the answer to a reading that has an intent; `question` is what a fit is judged by."""
        match reading.intent:
            case Intent.ROLE:
                return self._role(reading, facts)
            case Intent.COMPARE:
                return self._comparison(reading)
            case Intent.TRANSITION:
                return self._transition(reading)
            case Intent.FIT:
                return self._fit(reading, question)
            case Intent.JOBS:
                found = Openings(facts.jobs, facts.total, facts.available)
                return Answer(reading, self._named(reading), (found,), next_steps=_after_jobs(reading))
            case Intent.TOPIC:
                return self._topic(reading)
            case Intent.TERM:
                return self._term(reading)
            case Intent.HELP | Intent.SMALLTALK:
                return Answer(reading, (), (Prose(self._said(reading)),))
            case Intent.OUT_OF_SCOPE | None:
                return Answer(reading, (), (), next_steps=reading.choices)
            case _:
                assert_never(reading.intent)

    def _named(self, reading: Reading) -> tuple[str, ...]:
        return tuple(map(self.title_of, reading.roles))

    def _described(self, reading: Reading) -> tuple[list[RoleProfile], list[Block]]:
        """Return the profiles of a reading's roles, and a block for each role that has none yet."""
        known = [self.knowledge.roles[role] for role in reading.roles if role in self.knowledge.roles]
        missing: list[Block] = [
            NotDescribed(role, self.title_of(role)) for role in reading.roles if role not in self.knowledge.roles
        ]
        return known, missing

    def _role(self, reading: Reading, facts: Facts) -> Answer:
        profiles, missing = self._described(reading)
        section = reading.section or Section.OVERVIEW
        figures = self._figures(reading, section)
        if not profiles:
            blocks: tuple[Block, ...] = (*missing, *figures)
            return Answer(reading, self._named(reading), blocks, sources=self._cited(figures), openings=facts.jobs)
        passage = profiles[0].sections[section]
        blocks = (*figures, Prose(passage.text))
        return Answer(
            reading,
            self._named(reading),
            blocks,
            sources=self._cited(blocks, passage.sources),
            next_steps=self._after_role(profiles[0], section),
            openings=facts.jobs,
        )

    def _figures(self, reading: Reading, section: Section) -> tuple[Block, ...]:
        role = reading.roles[0]
        if section is Section.OUTLOOK:
            growth = growth_figures(self.knowledge.figures, role)
            return (Figures(growth),) if growth else ()
        if section is not Section.SALARY:
            return ()
        figures = pay_figures(self.knowledge.figures, role, reading.filters)
        if any(reading.filters.year or not figure.dated for figure in figures):
            return (Figures(figures),)
        there = replace(NO_FILTERS, country=reading.filters.country)
        instead = pay_figures(self.knowledge.figures, role, there) or pay_figures(
            self.knowledge.figures, role, NO_FILTERS
        )
        return (NoFigure(role, reading.filters), *((Figures(instead),) if instead else ()))

    def _after_role(self, profile: RoleProfile, section: Section) -> tuple[Reading, ...]:
        neighbour = next((r.id for r in profile.related if r.id in self.knowledge.roles), None)
        steps = [Reading(Intent.COMPARE, roles=(profile.id, neighbour))] if neighbour else []
        steps.append(Reading(Intent.JOBS, roles=(profile.id,)))
        if section is not Section.SALARY:
            steps.append(Reading(Intent.ROLE, roles=(profile.id,), section=Section.SALARY))
        else:
            steps.append(Reading(Intent.TRANSITION, roles=(profile.id,)))
        return tuple(steps[:NEXT_STEPS])

    def _comparison(self, reading: Reading) -> Answer:
        profiles, missing = self._described(reading)
        if len(profiles) < 2:
            blocks = (*missing, *(Prose(profile.sections[Section.OVERVIEW].text) for profile in profiles))
            return Answer(reading, self._named(reading), tuple(blocks))
        curated = between(self.knowledge.comparisons, [profile.id for profile in profiles])
        blocks = (*missing, *compare(profiles, reading.section, reading.filters, self.knowledge.figures, curated))
        steps = self._overviews([profile.id for profile in profiles[:2]])
        pay = Reading(Intent.COMPARE, roles=reading.roles, section=Section.SALARY)
        return Answer(
            reading,
            self._named(reading),
            blocks,
            sources=self._cited(blocks, curated.sources if curated else ()),
            next_steps=(*steps, pay) if reading.section is not Section.SALARY else steps,
        )

    def _transition(self, reading: Reading) -> Answer:
        profiles, missing = self._described(reading)
        if not profiles or profiles[-1].id != reading.roles[-1]:
            return Answer(reading, self._named(reading), tuple(missing))
        target, origin = profiles[-1], profiles[0] if len(profiles) > 1 else None
        curated = between(self.knowledge.comparisons, reading.roles)
        steps = (
            Reading(Intent.ROLE, roles=(target.id,), section=Section.SKILLS),
            *((Reading(Intent.COMPARE, roles=reading.roles),) if origin else ()),
            Reading(Intent.JOBS, roles=(target.id,)),
        )
        return Answer(reading, self._named(reading), (*missing, *move(origin, target, curated)), next_steps=steps)

    def _fit(self, reading: Reading, question: str) -> Answer:
        tokens = self.interpreter.recogniser.mend(tuple(word.text for word in words(normalise(question))))
        suggestions = self._fit_of.suggest(tokens, reading.roles)
        roles = tuple(line.role for line in suggestions.lines)
        return Answer(reading, (), (suggestions,), next_steps=self._overviews(roles))

    def _topic(self, reading: Reading) -> Answer:
        topic = self.knowledge.topics[reading.topic or ""]
        related = [Reading(Intent.TOPIC, topic=other) for other in topic.related_topics]
        steps = (*related[:2], *self._overviews(topic.related_roles))
        return self._entry(reading, topic, steps)

    def _term(self, reading: Reading) -> Answer:
        term = self.knowledge.terms[reading.term or ""]
        related = [Reading(Intent.TERM, term=other) for other in term.related_terms]
        steps = (*self._overviews(term.related_roles)[:2], *related)
        return self._entry(reading, term, steps)

    def _entry(self, reading: Reading, entry: Topic | Term, steps: Sequence[Reading]) -> Answer:
        sources = self._cited((), entry.sources)
        return Answer(reading, (entry.title,), (Prose(entry.answer),), sources, tuple(steps[:NEXT_STEPS]))

    def _overviews(self, roles: Sequence[str]) -> tuple[Reading, ...]:
        """Return readings of the roles that have a profile."""
        described = (role for role in roles if role in self.knowledge.roles)
        return tuple(Reading(Intent.ROLE, roles=(role,), section=Section.OVERVIEW) for role in described)

    def _said(self, reading: Reading) -> str:
        """Return the knowledge base's own words for help or small talk of a kind; the first kind when none is named."""
        answers = [i for i in self.knowledge.intents if i.intent == reading.intent and i.answer]
        named = [i for i in answers if i.kind == reading.kind] or answers
        return (named[0].answer or "") if named else ""

    def _cited(self, blocks: Sequence[Block], more: Sequence[str] = ()) -> tuple[Source, ...]:
        shown = [f.source for block in blocks if isinstance(block, Figures) for f in block.figures]
        cited = (self.knowledge.sources.get(source) for source in dict.fromkeys((*shown, *more)))
        return tuple(source for source in cited if source)


def _after_jobs(reading: Reading) -> tuple[Reading, ...]:
    """Return the pay of the role that was searched for, and a wider and a narrower search."""
    plain = Reading(Intent.JOBS, roles=reading.roles)
    searches = (
        plain,
        replace(plain, filters=replace(reading.filters, remote=True)),
        replace(plain, filters=replace(reading.filters, level=Level.ENTRY)),
    )
    pay = tuple(Reading(Intent.ROLE, roles=(role,), section=Section.SALARY) for role in reading.roles[:1])
    others = (search for search in searches if search.filters != reading.filters)
    return (*pay, *others)[:NEXT_STEPS]
