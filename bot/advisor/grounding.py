"""What a label means in a given message: the readings that are possible with what it names, each with its score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.advisor.conversation import carry_over, continued_jobs, is_elliptical
from bot.advisor.knowledge import Section
from bot.advisor.reading import ABOUT_ROLES, Intent, Outcome, Reading
from bot.advisor.scoring import intent_of
from bot.language.facets import NO_FILTERS, Filters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.advisor.recognition import Recognised, Recogniser
    from bot.advisor.retrieval import RoleDescriptions
    from bot.advisor.scoring import Heads

MAX_ROLES = 4
NAMED = 0.12
"""What a role named for sure adds to the readings about roles, and takes from small talk and "out of scope"."""
TERM_NAMED = 0.06
"""The same for a term; less, since terms also stand in questions about something else."""

LONGEST_GREETING = 6
"""Words of a message from which on a greeting in it is seldom all there is."""

ABOUT_ALL = frozenset({Intent.OUT_OF_SCOPE, Intent.SMALLTALK})
"""Intents that a whole message has, never one sentence of it."""
_MOVING = frozenset({Section.GETTING_STARTED, Section.CAREER_PATH})
_FILTERED = frozenset({Section.SALARY, Section.OUTLOOK})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible reading with its raw score."""

    reading: Reading
    score: float


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message as it was recognised, and the earlier readings of the same asker."""

    words: Recognised
    context: Sequence[Reading]


class Part:
    """The whole or a part of a message; what its labels have in common is worked out once, and only when needed."""

    def __init__(
        self,
        words: Recognised,
        message: Message,
        *,
        weight: float,
        heads: Heads,
        recogniser: Recogniser,
        descriptions: RoleDescriptions,
    ) -> None:
        self.words = words
        self.weight = weight
        self._message = message
        self._heads = heads
        self._recogniser = recogniser
        self._descriptions = descriptions

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
        """The role that is meant where none is named: by a term, from the conversation, or by a description."""
        named = self.words.implied[:1] or self.whole.implied[:1] or self._carried
        if named or carry_over(self.context):
            return named
        return self._descriptions.meant(self.words.tokens) or self._descriptions.meant(self.whole.tokens)

    @cached_property
    def _carried(self) -> tuple[str, ...]:
        """The roles of an earlier question, unless this one speaks of something that no question here is about."""
        return () if self.words.foreign else carry_over(self.context)[:MAX_ROLES]

    @cached_property
    def section(self) -> Section | None:
        """The section that a comparison is about; None when it is about the roles as a whole."""
        return self._heads.section(self.words)

    @cached_property
    def transition(self) -> Reading | None:
        """The move between roles that this asks about."""
        if len(self.roles) == 1 and is_elliptical(self.words):
            earlier = self._carried[:1]
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
        earlier = self._carried[:1]
        alone = len(self.roles) == 1 and earlier and earlier != self.roles and is_elliptical(self.words)
        return bool(alone) and self._recogniser.is_left(self.roles[0], self.words)

    @cached_property
    def comparison(self) -> Reading | None:
        """The comparison that this asks for."""
        roles = max((self.roles, self.words.candidates[:MAX_ROLES]), key=len)
        if len(roles) < 2:
            roles = tuple(dict.fromkeys((*self._carried, *roles)))[:MAX_ROLES]
        if len(roles) < 2:
            return None
        filters = _narrowed(self.section, self.whole.filters)
        return Reading(Intent.COMPARE, roles=roles, section=self.section, filters=filters)

    @cached_property
    def jobs(self) -> Reading:
        """The search for jobs that this asks for."""
        roles = self.roles or self.whole.implied[:1]
        return continued_jobs(Reading(Intent.JOBS, roles=roles, filters=self.whole.filters), self.context, self.whole)

    def about(self, section: Section) -> Reading | None:
        """Return what a question about a section means here: one role, several, or a move between two."""
        if len(self.roles) > 1:
            moves = section in _MOVING and len(self.roles) == 2
            moves = moves and self._recogniser.says_direction(self.roles, self.words)
            return self.transition if moves else self.comparison
        if section in _MOVING and self._leaves_for_earlier:
            return self.transition
        roles = self.roles or self.meant
        if not roles:
            return None
        filters = _narrowed(section, self.whole.filters)
        if len(roles) == 1:
            return Reading(Intent.ROLE, roles=roles, section=section, filters=filters)
        compared = None if section is Section.OVERVIEW else section
        return Reading(Intent.COMPARE, roles=roles, section=compared, filters=filters)

    def reading(self, label: str) -> Reading | None:
        """Return the reading that a label means here, or None when what it needs was not named."""
        intent, detail = intent_of(label), label.partition(".")[2]
        match intent:
            case Intent.ROLE:
                return self.about(Section(detail))
            case Intent.COMPARE:
                return self.comparison
            case Intent.TRANSITION:
                return self.transition
            case Intent.JOBS:
                return self.jobs
            case Intent.TOPIC:
                return Reading(intent, topic=detail)
            case Intent.TERM:
                terms = self.words.terms or self.whole.terms
                return Reading(intent, term=terms[0]) if terms else None
            case Intent.FIT:
                return Reading(intent, roles=self.roles)
            case Intent.HELP | Intent.SMALLTALK:
                return Reading(intent, kind=detail or None)
            case Intent.OUT_OF_SCOPE:
                return Reading(intent, outcome=Outcome.DECLINE)

    def evidence(self, reading: Reading) -> float:
        """Return what a name in the text says for a reading that uses it, and against one that ignores it."""
        if reading.intent in ABOUT_ALL:
            named = set(self.whole.roles) - self.whole.doubtful or self.whole.terms
            wordy = reading.intent is Intent.SMALLTALK and len(self.whole.tokens) > LONGEST_GREETING
            return -NAMED if named or wordy else 0.0
        if reading.intent is Intent.TERM:
            return TERM_NAMED if self.words.terms and not self.words.roles else 0.0
        if reading.intent is Intent.JOBS and self.whole.filters.salary_min:
            return NAMED  # people name an amount to narrow a search, seldom to ask about it
        if reading.intent in ABOUT_ROLES and reading.roles:
            carried = reading.roles == self._carried
            return NAMED if carried or set(reading.roles) & set(self.words.roles) else 0.0
        return 0.0

    def candidates(self) -> Iterable[Candidate]:
        """Yield the possible readings with their scores."""
        is_whole = self.words is self.whole
        for label, score in self._heads.score(self.words).items():
            if is_whole or intent_of(label) not in ABOUT_ALL:
                reading = self.reading(label)
                if reading is not None:
                    yield Candidate(reading, self.weight * (score + self.evidence(reading)))


def best_of(parts: Iterable[Part]) -> list[Candidate]:
    """Return the candidates of all parts, each reading once with its best score, best first."""
    best: dict[tuple[object, ...], Candidate] = {}
    for part in parts:
        for candidate in part.candidates():
            key = asked(candidate.reading)
            if key not in best or best[key].score < candidate.score:
                best[key] = candidate
    return sorted(best.values(), key=lambda candidate: -candidate.score)


def asked(reading: Reading) -> tuple[object, ...]:
    """Return what makes two readings ask for the same, whatever kind, filters and confidence they have."""
    return (reading.intent, reading.roles, reading.section, reading.topic, reading.term)


def _narrowed(section: Section | None, filters: Filters) -> Filters:
    """Return the filters that a section takes: pay and outlook have figures by country, level and year."""
    if section not in _FILTERED:
        return NO_FILTERS
    return replace(filters, salary_min=None, employment=None)
