"""What a label means in a given message: the readings possible with what it names, and what speaks for each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.advisor.conversation import carry_over, continued_jobs, is_elliptical, spoken_of
from bot.advisor.knowledge import Section
from bot.advisor.reading import ABOUT_ALL, Intent, Outcome, Reading
from bot.advisor.scoring import UNLIKELY, intent_of
from bot.language.facets import NO_FILTERS, Filters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.advisor.recognition import Recognised, Recogniser
    from bot.advisor.scoring import Described, Heads, SectionScore
    from bot.advisor.weighing import Evidence

MAX_ROLES = 4
SURELY_DESCRIBED = 0.05
"""The probability from which a description narrows a search for jobs."""
MAX_SECTIONS = 3
"""Sections that a comparison may be about, beside whole roles."""
MAX_DESCRIBED = 3
"""Roles or terms that a description may mean."""
FOLLOWING = 8
"""Words below which it is weighed whether a question follows an earlier one."""
_MOVING = frozenset({Section.GETTING_STARTED, Section.CAREER_PATH})
_FILTERED = frozenset({Section.SALARY, Section.OUTLOOK})
_ALONE = frozenset({Intent.TOPIC, Intent.HELP, Intent.TERM, Intent.FIT})


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message as it was recognised, and the earlier readings of the same asker."""

    words: Recognised
    context: Sequence[Reading]


class Part:
    """The whole or a part of a message; what its labels have in common is worked out once, and only when needed."""

    def __init__(self, words: Recognised, message: Message, *, heads: Heads, recogniser: Recogniser) -> None:
        self.words = words
        self._message = message
        self._heads = heads
        self._recogniser = recogniser

    @property
    def whole(self) -> Recognised:
        """The words of the whole message."""
        return self._message.words

    @property
    def context(self) -> Sequence[Reading]:
        """The earlier readings."""
        return self._message.context

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles named here, else anywhere in the message."""
        return (self.words.roles or self.whole.roles)[:MAX_ROLES]

    @cached_property
    def meant(self) -> tuple[str, ...]:
        """The role that is meant where none is named: by a term, or from the conversation."""
        return self.words.implied[:1] or self.whole.implied[:1] or self.carried

    def described(self, intent: Intent) -> Mapping[str, Evidence]:
        """Return the roles or terms that may be described here, else anywhere in the message, likeliest first.

        With each stands what speaks for it.
        """
        for found in (self._described, self._described_in_whole):
            likely = sorted(found.shares.items(), key=lambda item: -item[1])
            ids = {label.partition(".")[2]: share for label, share in likely if intent_of(label) is intent}
            if ids:
                how = f"{intent}: described"
                best = list(ids.items())[:MAX_DESCRIBED]
                return {name: {how: 1.0, "describes": found.logit, "described": math.log(p)} for name, p in best}
        return {}

    @cached_property
    def _described(self) -> Described:
        return self._heads.described(self.words)

    @cached_property
    def _described_in_whole(self) -> Described:
        return self._described if self.words is self.whole else self._heads.described(self.whole)

    @cached_property
    def carried(self) -> tuple[str, ...]:
        """The roles of an earlier question, unless this one speaks of something that no question here is about."""
        return () if self.words.foreign else carry_over(self.context)[:MAX_ROLES]

    @cached_property
    def _sections(self) -> Mapping[Section | None, SectionScore]:
        return self._heads.sections(self.words)

    @cached_property
    def transition(self) -> Reading | None:
        """The move between roles that this asks about."""
        if len(self.roles) == 1 and is_elliptical(self.words):
            earlier = self.carried[:1]
            if earlier and earlier != self.roles:
                roles = self._recogniser.from_to_earlier(self.roles[0], earlier[0], self.words)
                return Reading(Intent.TRANSITION, roles=roles)
        here, anywhere = self.words.candidates, self.whole.candidates
        if len(here) == 1 and anywhere[:1] not in {(), here}:
            return Reading(Intent.TRANSITION, roles=(anywhere[0], *here))  # where somebody is comes before the wish
        named = max((self.roles, here), key=len)[:2]
        return Reading(Intent.TRANSITION, roles=self._recogniser.from_to(named, self.words)) if named else None

    @cached_property
    def _leaves_for_earlier(self) -> bool:
        """Whether the only role named is one that somebody has, after a question about another."""
        earlier = self.carried[:1]
        alone = len(self.roles) == 1 and earlier and earlier != self.roles and is_elliptical(self.words)
        return bool(alone) and self._recogniser.is_left(self.roles[0], self.words)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The roles that a comparison would be of; none when there are not two."""
        roles = max((self.roles, self.words.candidates[:MAX_ROLES]), key=len)
        if len(roles) < 2:
            roles = tuple(dict.fromkeys((*self.carried, *roles)))[:MAX_ROLES]
        if len(roles) < 2 and not self.roles and not self.words.foreign and is_elliptical(self.words):
            roles = spoken_of(self.context)[-2:]
        return roles if len(roles) > 1 else ()

    def comparison(self, section: Section | None) -> Reading:
        """Return the comparison that this asks for, by one section or as a whole."""
        filters = _narrowed(section, self.whole.filters)
        return Reading(Intent.COMPARE, roles=self.compared, section=section, filters=filters)

    def comparisons(self) -> Iterator[Reading]:
        """Yield the comparisons that this may ask for: of whole roles, and by the sections that fit best."""
        if self.compared:
            yield self.comparison(None)
            named = (section for section in self._sections if section)
            best = sorted(named, key=lambda section: -self._sections[section].logit)
            yield from map(self.comparison, best[:MAX_SECTIONS])

    @cached_property
    def jobs(self) -> Reading:
        """The search for jobs that this asks for."""
        roles = self.roles or self.whole.implied[:1]
        if not roles and not self.carried:
            roles = tuple(role for role, found in self.described(Intent.ROLE).items() if _is_sure(found))[:1]
        return continued_jobs(Reading(Intent.JOBS, roles=roles, filters=self.whole.filters), self.context, self.whole)

    def about(self, section: Section) -> Iterator[Reading]:
        """Yield what a question about a section may mean here: about one role, several, or a move between two."""
        compared = None if section is Section.OVERVIEW else section
        if len(self.roles) > 1:
            moves = section in _MOVING and len(self.roles) == 2
            if moves and self._recogniser.says_direction(self.roles, self.words) and self.transition:
                yield self.transition
            else:
                yield self.comparison(compared)
            return
        if section in _MOVING and self._leaves_for_earlier and self.transition:
            yield self.transition
            return
        filters = _narrowed(section, self.whole.filters)
        roles = self.roles or self.meant
        if len(roles) > 1:
            yield Reading(Intent.COMPARE, roles=roles, section=compared, filters=filters)
            return
        for role in roles or self.described(Intent.ROLE):
            yield Reading(Intent.ROLE, roles=(role,), section=section, filters=filters)

    def readings(self, label: str) -> Iterator[Reading]:
        """Yield the readings that a label may mean here; none when what it needs was not named."""
        intent, detail = intent_of(label), label.partition(".")[2]
        match intent:
            case Intent.ROLE:
                yield from self.about(Section(detail))
            case Intent.COMPARE:
                yield from self.comparisons()
            case Intent.TRANSITION:
                yield from filter(None, [self.transition])
            case Intent.JOBS:
                yield self.jobs
            case Intent.TOPIC:
                yield Reading(intent, topic=detail)
            case Intent.TERM:
                named = (self.words.terms or self.whole.terms)[:1]
                yield from (Reading(intent, term=term) for term in named or self.described(Intent.TERM))
            case Intent.FIT:
                yield Reading(intent, roles=self.roles)
            case Intent.HELP | Intent.SMALLTALK:
                yield Reading(intent, kind=detail or None)
            case Intent.OUT_OF_SCOPE:
                yield Reading(intent, outcome=Outcome.DECLINE)

    def evidence(self, reading: Reading) -> Evidence:
        """Return what the names in the message, and its length and place, say for a reading or against it."""
        kind = str(reading.intent)
        evidence: Evidence = {kind: 1.0}
        sure = bool(set(self.whole.roles) - self.whole.doubtful)
        used = len(set(reading.roles) & set(self.whole.roles))
        length = math.log1p(len(self.whole.tokens))
        match reading.intent:
            case Intent.ROLE | Intent.COMPARE | Intent.TRANSITION:
                evidence |= self._evidence_of_roles(reading, used)
            case Intent.JOBS:
                evidence["jobs: named"] = float(used > 0)
                evidence["jobs: several"] = float(len(reading.roles) > 1)
                evidence["jobs: no role"] = float(not reading.roles)
                evidence["jobs: pay"] = float(reading.filters.salary_min is not None)
                evidence["jobs: filters"] = float(bool(reading.filters))
            case Intent.TOPIC:
                evidence["topic: role named"] = float(sure)
                evidence["topic: roles named"] = float(len(self.whole.roles) > 1)
            case Intent.TERM:
                evidence["term: role named"] = float(bool(self.whole.roles))
                if not (self.words.terms or self.whole.terms):
                    evidence |= self.described(Intent.TERM).get(reading.term or "", {})
            case Intent.FIT:
                evidence["fit: role named"] = float(sure)
            case Intent.OUT_OF_SCOPE:
                evidence["outside: foreign"] = float(self.whole.foreign)
            case _:
                pass
        if reading.intent in ABOUT_ALL:
            evidence["all: role named"] = float(sure)
            evidence["all: term named"] = float(bool(self.whole.terms))
            evidence[f"{kind}: length"] = length
        if self.context and len(self.whole.tokens) < FOLLOWING:
            leans = bool(reading.roles) and reading.roles == self.carried
            evidence["short: leans"] = float(leans)
            section = self._sections.get(reading.section) if leans and reading.section else None
            evidence["short: section"] = section.likeness if section else 0.0
            evidence["short: stands alone"] = float(reading.intent in _ALONE)
        return evidence

    def _evidence_of_roles(self, reading: Reading, used: int) -> Evidence:
        kind = str(reading.intent)
        evidence: Evidence = {"roles: named": float(used > 0), f"{kind}: several": float(used > 1)}
        carried = not self.roles and reading.roles == self.carried
        evidence["roles: carried"] = float(carried)
        if not (used or carried):
            evidence |= self.described(Intent.ROLE).get(reading.roles[0], {})
        if reading.intent is Intent.ROLE:
            evidence["role: several named"] = float(len(self.whole.roles) > 1)
            evidence["pay: filters"] = float(reading.section is Section.SALARY and bool(reading.filters))
        if reading.intent is Intent.COMPARE:
            evidence["compare: many"] = float(used > 2)
            evidence["compare: whole"] = float(reading.section is None)
            score = self._sections.get(reading.section)
            evidence["section"] = score.logit if score else UNLIKELY
            evidence["section: likeness"] = score.likeness if score else 0.0
        return evidence


def _is_sure(description: Evidence) -> bool:
    return math.exp(description["describes"] + description["described"]) >= SURELY_DESCRIBED


def _narrowed(section: Section | None, filters: Filters) -> Filters:
    """Return the filters that a section takes: pay and outlook have figures by country, level and year."""
    if section not in _FILTERED:
        return NO_FILTERS
    return replace(filters, salary_min=None, employment=None)
