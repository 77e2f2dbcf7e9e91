"""What a field of a knowledge file may hold. Every value arrives as text; numbers and dates are parsed here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.advisor.remedies import one_of, quoted

MAX_TEXT = 900
MAX_SUMMARY = 160
SLOTS = ("role", "term", "place", "level", "year", "money")
INTERESTS = ("Realistic", "Investigative", "Artistic", "Social", "Enterprising", "Conventional")

ID_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLOT = re.compile(r"\{([^{}]*)\}|[{}]")


def fault(message: str, remedy: str = "") -> PydanticCustomError:
    """Return the error that a validator raises; both parts reach the contributor as they are."""
    return PydanticCustomError("fault", "{message}", {"message": message, "remedy": remedy})


def _shaped(pattern: str, shape: str, example: str) -> tuple[AfterValidator, WithJsonSchema]:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if text and not compiled.fullmatch(text):
            raise fault(f"{quoted(text)} is not {shape}", f"write it like {example}")
        return text

    return AfterValidator(check), WithJsonSchema({"type": "string", "pattern": f"^(?:{pattern})$"})


def _one_line(text: str) -> str:
    if "\n" in text:
        raise fault("the text holds more than one line", "write it on one line, or use > in place of |")
    return text


def _known_slots(text: str) -> str:
    for match in _SLOT.finditer(text):
        slot = match.group(1)
        if slot is None:
            raise fault("a brace stands alone", "slots look like {role}")
        if slot not in SLOTS:
            raise fault(f"unknown slot {{{slot[:40]}}}", one_of(slot, SLOTS))
    return text


def _interests(text: str) -> str:
    for name in text.split(","):
        if name.strip() not in INTERESTS:
            raise fault(f"unknown interest {quoted(name.strip())}", one_of(name.strip(), INTERESTS))
    return text


def _number(pattern: str, convert: Callable[[str], float], shape: str) -> BeforeValidator:
    compiled = re.compile(pattern, re.ASCII)

    def parse(text: object) -> object:
        if not isinstance(text, str) or not text:
            return text
        if not compiled.fullmatch(text) or len(text) > 15:
            raise fault(f"{quoted(text)} is not {shape}", "write digits only, such as 150000")
        return convert(text)

    return BeforeValidator(parse)


def _yes_or_no(text: object) -> object:
    if not isinstance(text, str) or not text:
        return text
    if text not in {"true", "false"}:
        raise fault(f"{quoted(text)} is neither true nor false", "write true or false")
    return text == "true"


def _date(pattern: str, shape: str, example: str) -> BeforeValidator:
    def parse(text: object) -> object:
        if not isinstance(text, str) or not text:
            return text
        try:
            if re.fullmatch(pattern, text, re.ASCII):
                return date.fromisoformat(f"{text}-01"[:10])
        except ValueError:
            pass
        raise fault(f"{quoted(text)} is not {shape}", f"write it like {example}")

    return BeforeValidator(parse)


Text = Annotated[str, StringConstraints(min_length=1)]
Line = Annotated[Text, AfterValidator(_one_line)]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=MAX_SUMMARY), AfterValidator(_one_line)]
Markdown = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]
Phrasing = Annotated[Line, AfterValidator(_known_slots)]
Id = Annotated[Text, *_shaped(ID_PATTERN.pattern, "an id: lower-case words joined by hyphens", "data-engineer")]
KindName = Annotated[Text, *_shaped(r"[a-z0-9]+(?:[_-][a-z0-9]+)*", "lower-case words joined by hyphens", "thanks")]
Country = Annotated[Text, *_shaped(r"[A-Z]{2}", "a country of two upper-case letters", "GB")]
Currency = Annotated[Text, *_shaped(r"[A-Z]{3}", "a currency of three upper-case letters", "EUR")]
Unit = Annotated[Text, *_shaped(r"[A-Z]{3}/year|percent", 'a currency per year or "percent"', "USD/year")]
Url = Annotated[Line, *_shaped(r"https?://[^\s/]+\.[^\s]+", "an address on the web", "https://example.org/page")]
Code = Annotated[Text, *_shaped(r"[a-z0-9]{1,4}", "a code of one to four lower-case letters or digits", "de")]
Interests = Annotated[Line, AfterValidator(_interests)]
YearMonth = Annotated[
    date,
    _date(r"\d{4}-\d\d", "a year and month", "2026-11"),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d$"}),
]
Day = Annotated[
    date,
    _date(r"\d{4}-\d\d-\d\d", "a date", "2026-11-24"),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}),
]
Amount = Annotated[float, _number(r"-?\d+(?:\.\d+)?", float, "a number")]
Count = Annotated[int, _number(r"[1-9]\d*", int, "a whole number above zero")]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]

Title = Annotated[Line, Field(description="The name that people see.", examples=["Data Engineer"])]
Answer = Annotated[
    Markdown,
    Field(description=f"At most {MAX_TEXT} characters: paragraphs, bullets that start with '- ', and **bold**."),
]
Phrasings = Annotated[
    tuple[Phrasing, ...],
    Field(
        min_length=1,
        description="Ways people ask, one a line; eight or more of different kinds: formal, casual, terse, indirect.",
    ),
]
Aliases = Annotated[tuple[Line, ...], Field(description="Other names of the same thing, as people type them.")]
Described = Annotated[tuple[Line, ...], Field(description="How people describe it who do not know its name.")]
Sources = Annotated[tuple[Id, ...], Field(description="Ids from sources.yaml.", examples=[["onet-29-3"]])]
RoleIds = Annotated[tuple[Id, ...], Field(description="Ids of roles worth reading next.")]
TopicIds = Annotated[tuple[Id, ...], Field(description="Ids of topics worth reading next.")]
TermIds = Annotated[tuple[Id, ...], Field(description="Ids of terms worth reading next.")]
Reviewed = Annotated[
    YearMonth | None,
    Field(description="Year and month in which somebody last checked the entry.", examples=["2026-11"]),
]
Tags = Annotated[
    tuple[Line, ...],
    Field(description="Short names, spelt alike in every role; comparisons are computed from them."),
]


class Format(BaseModel):
    """A mapping in a file: unknown keys are faults, blanks around text go."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
