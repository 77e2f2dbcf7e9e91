"""The formats of words: how people ask, and names that carry meaning by themselves."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, ValidationInfo, field_validator

from bot.advisor.formats.fields import (
    SLOTS,
    Aliases,
    Country,
    Currency,
    Described,
    Format,
    Id,
    KindName,
    Line,
    Markdown,
    Phrasing,
    Phrasings,
    Title,
    fault,
)
from bot.advisor.knowledge import IntentPhrasings, Lexicon, RoleName, Section
from bot.language.facets import Employment, Level


class _Phrased(Format):
    """One kind of small talk, help or what is out of scope."""

    phrasings: Phrasings
    answer: Annotated[Markdown | None, Field(description="What the bot says at once.")] = None


class IntentsFile(Format):
    """intents/*.yaml: how people ask for one kind of answer."""

    intent: Annotated[
        Literal["role", "compare", "transition", "fit", "jobs", "term", "help", "smalltalk", "out_of_scope"],
        Field(description="Which kind of answer the phrasings ask for."),
    ]
    phrasings: Annotated[
        tuple[Phrasing, ...],
        Field(description="Ways of asking, one a line; slots: " + " ".join(f"{{{slot}}}" for slot in SLOTS)),
    ] = ()
    sections: Annotated[
        dict[Section, Phrasings], Field(description="For role and compare: ways of asking for one section.")
    ] = Field(default_factory=dict)
    kinds: Annotated[
        dict[KindName, _Phrased],
        Field(
            description="For smalltalk, help and out_of_scope: what is meant, and what the bot says to the former two."
        ),
    ] = Field(default_factory=dict)

    @field_validator("sections")
    @classmethod
    def _sections_of_roles(cls, sections: dict[Section, Any], info: ValidationInfo) -> dict[Section, Any]:
        if sections and info.data.get("intent", "role") not in {"role", "compare"}:
            raise fault("only the intents role and compare have sections", 'use "phrasings"')
        return sections

    @field_validator("kinds")
    @classmethod
    def _kinds_of_talk(cls, kinds: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        if kinds and info.data.get("intent", "help") not in {"smalltalk", "help", "out_of_scope"}:
            raise fault("only the intents smalltalk, help and out_of_scope have kinds", 'use "phrasings"')
        return kinds

    def records(self) -> tuple[IntentPhrasings, ...]:
        """Return a record for the intent itself where it has phrasings, and for each section and kind."""
        whole = [IntentPhrasings(self.intent, self.phrasings)] if self.phrasings else []
        sections = [IntentPhrasings(self.intent, phrasings, section=key) for key, phrasings in self.sections.items()]
        kinds = [
            IntentPhrasings(self.intent, kind.phrasings, kind=key, answer=kind.answer)
            for key, kind in self.kinds.items()
        ]
        return (*whole, *sections, *kinds)


class _RoleName(Format):
    """How one role is called."""

    id: Annotated[Id, Field(description="The role's id.", examples=["data-engineer"])]
    title: Title
    aliases: Aliases = ()
    ambiguous: Annotated[
        tuple[Line, ...], Field(description="Short forms that count only in a question that also speaks of a job.")
    ] = ()
    described: Described = ()
    advertised: Annotated[
        tuple[Line, ...], Field(description="Names that mean the role in the title of a job, and not in a question.")
    ] = ()

    def record(self) -> RoleName:
        """Return the record of these names."""
        return RoleName(self.id, self.title, self.aliases, self.ambiguous, self.described, self.advertised)


_Words: TypeAlias = tuple[Line, ...]
_Period = Literal["hour", "day", "week", "month", "year"]


class _Facets(Format):
    """Words that narrow a question."""

    follow_up: Annotated[
        dict[Literal["linking", "joining", "more", "first", "second", "third"], _Words],
        Field(
            description="Words that only tie a question to the one before it, words that join two questions, ways "
            "to ask for more of the same, and words for the first, second or third role that was spoken of."
        ),
    ] = Field(default_factory=dict)
    taste: Annotated[
        dict[Literal["dislike", "like", "except"], _Words],
        Field(
            description="Words before something that somebody does not like, words before something that somebody "
            "likes, and words before a role that is not meant."
        ),
    ] = Field(default_factory=dict)
    direction: Annotated[
        dict[Literal["from", "to"], _Words],
        Field(description="Words before a role that somebody leaves, and before one that somebody wants."),
    ] = Field(default_factory=dict)
    level: Annotated[dict[Level, _Words], Field(description="Words for each level.")] = Field(default_factory=dict)
    grade: Annotated[
        dict[Level, _Words],
        Field(description="Words of job titles that tell a level where no other word does, such as II."),
    ] = Field(default_factory=dict)
    title: Annotated[
        dict[Literal["work", "other", "none", "said"], _Words],
        Field(
            description="Words of job titles: for somebody who works, which make a field a role; names that say "
            "nothing of level or role; words of jobs that are in no role, whatever else they name; and words that are "
            "said beside what is searched for among jobs."
        ),
    ] = Field(default_factory=dict)
    remote: Annotated[dict[Literal["yes", "no"], _Words], Field(description="Words for remote work, and for none.")] = (
        Field(default_factory=dict)
    )
    employment: Annotated[dict[Employment, _Words], Field(description="Words for each kind of employment.")] = Field(
        default_factory=dict
    )
    currency: Annotated[dict[Currency, _Words], Field(description="Signs and words for each currency.")] = Field(
        default_factory=dict
    )
    period: Annotated[dict[_Period, _Words], Field(description="Words for the time that pay is for.")] = Field(
        default_factory=dict
    )


class LexiconFile(Format):
    """lexicon.yaml: names and words that carry meaning by themselves."""

    roles: Annotated[tuple[_RoleName, ...], Field(description="Names of roles.")] = ()
    places: Annotated[
        dict[Country, _Words], Field(description='Names of countries and of places in them; "NO" is Norway.')
    ] = Field(default_factory=dict)
    facets: Annotated[
        _Facets, Field(description="Words for level, pay, place of work and the like.", default_factory=_Facets)
    ]
    common_words: Annotated[
        str, Field(description="Everyday English that typo repair leaves alone, separated by blanks.")
    ] = ""

    def record(self) -> Lexicon:
        """Return the record of these names and words."""
        return Lexicon(
            roles=tuple(role.record() for role in self.roles),
            places=MappingProxyType(self.places),
            facets=MappingProxyType(
                {
                    name: MappingProxyType({str(value): words for value, words in getattr(self.facets, name).items()})
                    for name in type(self.facets).model_fields
                }
            ),
            common_words=frozenset(self.common_words.casefold().split()),
        )
