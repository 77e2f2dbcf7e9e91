"""The formats of entries: roles, topics, terms and comparisons, one a file."""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from bot.advisor.formats.fields import (
    MAX_SUMMARY,
    Aliases,
    Answer,
    Code,
    Described,
    Format,
    Id,
    Interests,
    Line,
    Phrasings,
    Reviewed,
    RoleIds,
    Sources,
    Summary,
    Tags,
    TermIds,
    Title,
    TopicIds,
    fault,
)
from bot.advisor.knowledge import Comparison, Passage, Related, RoleProfile, Section, Term, Topic


class _Passage(Format):
    """A section of a role's profile."""

    text: Answer
    tags: Tags = ()
    sources: Sources = ()

    def record(self) -> Passage:
        """Return the record of this section."""
        return Passage(text=self.text, tags=self.tags, sources=self.sources)


class _TaggedPassage(_Passage):
    """A section whose tags are compared between roles."""

    tags: Annotated[Tags, Field(min_length=1)]


class _Sections(Format):
    """All twelve sections of a role's profile."""

    overview: Annotated[_Passage, Field(description="What the role is, and a drawback.")]
    responsibilities: Annotated[_TaggedPassage, Field(description="What somebody in the role does.")]
    skills: Annotated[_TaggedPassage, Field(description="What somebody in the role must, should and may know.")]
    education: Annotated[_TaggedPassage, Field(description="Degrees and other ways to learn it.")]
    tools: Annotated[_TaggedPassage, Field(description="What the work is done with.")]
    industries: Annotated[_TaggedPassage, Field(description="Who employs the role.")]
    salary: Annotated[_Passage, Field(description="What moves the pay; the numbers come from salaries.yaml.")]
    outlook: Annotated[_Passage, Field(description="Where demand goes; the numbers come from figures.yaml.")]
    getting_started: Annotated[_Passage, Field(description="First steps, in order.")]
    certifications: Annotated[_TaggedPassage, Field(description="Which certificates count, and for whom.")]
    interview: Annotated[_Passage, Field(description="What interviews ask, and how to prepare.")]
    career_path: Annotated[_Passage, Field(description="Steps up, sideways and out.")]


class _Related(Format):
    """A neighbour of a role."""

    id: Annotated[Id, Field(description="The neighbour's id.")]
    reason: Annotated[Line, Field(description="Why somebody should look at it too.")]


class RoleFile(Format):
    """roles/ID.yaml: everything about one role."""

    id: Annotated[Id, Field(description="The same as the file's name.", examples=["data-engineer"])]
    code: Annotated[Code, Field(description="At most four letters or digits, unique, never changed.", examples=["de"])]
    title: Title
    summary: Annotated[Summary, Field(description=f"What the role does, in at most {MAX_SUMMARY} characters.")]
    choose_if: Annotated[Line, Field(description='What finishes the sentence "Choose it if ...".')]
    interests: Annotated[
        Interests | None,
        Field(description="RIASEC interests, strongest first.", examples=["Investigative, Conventional"]),
    ] = None
    work_style: Annotated[
        Summary | None,
        Field(
            description=f"What a working day is like, in at most {MAX_SUMMARY} characters.",
            examples=["long quiet stretches with code, few meetings, on call one week in five"],
        ),
    ] = None
    reviewed: Reviewed = None
    related: Annotated[tuple[_Related, ...], Field(description="Three to five neighbours.")] = ()
    sections: Annotated[_Sections, Field(description="The twelve sections of the profile.")]

    def record(self) -> RoleProfile:
        """Return the record of this role."""
        return RoleProfile(
            id=self.id,
            code=self.code,
            title=self.title,
            summary=self.summary,
            choose_if=self.choose_if,
            sections=MappingProxyType({section: getattr(self.sections, section).record() for section in Section}),
            related=tuple(Related(neighbour.id, neighbour.reason) for neighbour in self.related),
            interests=self.interests or "",
            work_style=self.work_style or "",
            reviewed=self.reviewed,
        )


class TopicFile(Format):
    """topics/ID.yaml: one question and its answer."""

    id: Annotated[Id, Field(description="The same as the file's name.", examples=["need-phd"])]
    title: Annotated[Line | None, Field(description="The question in short; the first phrasing stands in for it.")] = (
        None
    )
    phrasings: Phrasings
    answer: Answer
    related_roles: RoleIds = ()
    related_topics: TopicIds = ()
    sources: Sources = ()
    reviewed: Reviewed = None

    def record(self) -> Topic:
        """Return the record of this topic."""
        first = self.phrasings[0]
        return Topic(
            id=self.id,
            title=self.title or first[0].upper() + first[1:],
            phrasings=self.phrasings,
            answer=self.answer,
            sources=self.sources,
            related_roles=self.related_roles,
            related_topics=self.related_topics,
            reviewed=self.reviewed,
        )


class TermFile(Format):
    """terms/ID.yaml: a technology or concept in two or three lines."""

    id: Annotated[Id, Field(description="The same as the file's name.", examples=["mlops"])]
    title: Title
    aliases: Aliases = ()
    described: Described = ()
    answer: Answer
    related_roles: RoleIds = ()
    related_terms: TermIds = ()
    sources: Sources = ()
    reviewed: Reviewed = None

    def record(self) -> Term:
        """Return the record of this term."""
        return Term(
            id=self.id,
            title=self.title,
            aliases=self.aliases,
            described=self.described,
            answer=self.answer,
            sources=self.sources,
            related_roles=self.related_roles,
            related_terms=self.related_terms,
            reviewed=self.reviewed,
        )


class ComparisonFile(Format):
    """comparisons/ID--ID.yaml: what only a person can say about two roles."""

    roles: Annotated[
        tuple[Id, ...],
        Field(
            min_length=2,
            max_length=2,
            description="The ids of two roles, sorted.",
            examples=[["data-analyst", "data-scientist"]],
        ),
    ]
    shared: Annotated[Line, Field(description="One or two sentences on what the two have in common.")]
    different: Annotated[Line, Field(description="One or two sentences on the difference that matters.")]
    choose: Annotated[
        dict[Id, Line], Field(description='For each role, what finishes the sentence "Choose it if ...".')
    ]
    confusion: Annotated[Line, Field(description="What people usually get wrong about the two.")]
    moving: Annotated[Line, Field(description="How people move between them.")]
    sources: Sources = ()

    @field_validator("roles")
    @classmethod
    def _sorted_pair(cls, roles: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(roles)) != len(roles):
            raise fault("a role is compared with itself", "name two roles")
        if list(roles) != sorted(roles):
            raise fault("the roles are not sorted", f"write [{', '.join(sorted(roles))}]")
        return roles

    @field_validator("choose")
    @classmethod
    def _both_roles(cls, choose: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        roles = info.data.get("roles")
        if roles and set(choose) != set(roles):
            raise fault(f"the keys are {', '.join(sorted(choose))[:120]}", f"use the two roles: {', '.join(roles)}")
        return choose

    def record(self) -> Comparison:
        """Return the record of this comparison."""
        first, second = self.roles
        return Comparison(
            roles=(first, second),
            shared=self.shared,
            different=self.different,
            choose=MappingProxyType({role: self.choose[role] for role in self.roles}),
            confusion=self.confusion,
            moving=self.moving,
            sources=self.sources,
        )
