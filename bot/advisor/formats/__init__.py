"""The formats of knowledge files: what each may hold, and the record that it becomes.

They check what one entry can tell about itself; `bot.advisor.checks` looks at all entries together. Their descriptions
are what editors show and what a fault of a missing or empty key says.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.advisor.formats.entries import ComparisonFile, RoleFile, TermFile, TopicFile
from bot.advisor.formats.fields import Format
from bot.advisor.formats.numbers import AdvertTitlesFile, FiguresFile, SourcesFile
from bot.advisor.formats.words import IntentsFile, LexiconFile


class Kind(StrEnum):
    """The kinds of knowledge files."""

    ROLE = "role"
    TOPIC = "topic"
    TERM = "term"
    COMPARISON = "comparison"
    INTENTS = "intents"
    LEXICON = "lexicon"
    FIGURES = "figures"
    ADVERT_TITLES = "advert_titles"
    SOURCES = "sources"


FORMATS: Mapping[Kind, type[Format]] = MappingProxyType(
    {
        Kind.ROLE: RoleFile,
        Kind.TOPIC: TopicFile,
        Kind.TERM: TermFile,
        Kind.COMPARISON: ComparisonFile,
        Kind.INTENTS: IntentsFile,
        Kind.LEXICON: LexiconFile,
        Kind.FIGURES: FiguresFile,
        Kind.ADVERT_TITLES: AdvertTitlesFile,
        Kind.SOURCES: SourcesFile,
    }
)


class _Schema(GenerateJsonSchema):
    """A schema without null: a key that says nothing is left out."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002  # pydantic's signature
        return False


def schema(kind: Kind) -> dict[str, Any]:
    """Return the JSON Schema of a kind of file, with which editors complete keys and show what they are for."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | FORMATS[kind].model_json_schema(
        schema_generator=_Schema
    )
