"""Checking the tree of a file against its format, and saying what is wrong in a contributor's words."""

from __future__ import annotations

import re
import types
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import ValidationError

from bot.advisor.formats import FORMATS, Kind
from bot.advisor.formats.fields import Format
from bot.advisor.remedies import one_of, quoted
from bot.errors import Fault

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from bot.advisor.yaml_reading import Node, Step

_EXPECTED = re.compile(r"'([^']*)'")
_KEYS_EXPECTED = {"model_type", "model_attributes_type", "dict_type"}


def validate(path: str, kind: Kind, root: Node) -> tuple[Format | None, tuple[Fault, ...]]:
    """Return the content of a file in its format, or None and every fault of it, each with its line."""
    model = FORMATS[kind]
    try:
        return model.model_validate(root.plain()), ()
    except ValidationError as error:
        details = (detail for detail in error.errors(include_url=False) if not _follows_from_others(detail))
        return None, tuple(_fault(path, root, model, detail) for detail in details)


def _follows_from_others(detail: ErrorDetails) -> bool:
    """Return whether a list only counts as short because faulty items, reported themselves, were taken out."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _fault(path: str, root: Node, model: type[Format], detail: ErrorDetails) -> Fault:
    steps = tuple(step for step in detail["loc"] if step != "[key]")
    message, remedy = _explained(model, steps, detail)
    return Fault(path, root.at(*steps).line, message, remedy)


def _explained(model: type[Format], steps: tuple[Step, ...], detail: ErrorDetails) -> tuple[str, str]:
    """Return what is wrong and how to mend it."""
    key = next((step for step in reversed(steps) if isinstance(step, str)), "")
    name = quoted(key) if key else "the file"
    given, context = detail["input"], detail.get("ctx", {})
    meaning = _description(model, steps)
    match detail["type"]:
        case "fault":
            is_key = detail["loc"][-1] == "[key]"
            return context["message"] if is_key else f"{name}: {context['message']}", context["remedy"]
        case "missing":
            return f"{name} is missing", f"add it: {meaning}" if meaning else "add it"
        case "extra_forbidden":
            return f"unknown key {name}", one_of(key, _keys(model, steps[:-1]))
        case "enum" | "literal_error" if isinstance(given, str) and given:
            what = "key" if detail["loc"][-1] == "[key]" else key
            return f"unknown {what} {quoted(given)}", one_of(given, _EXPECTED.findall(context["expected"]))
        case "string_too_long":
            length, limit = len(given.strip()), context["max_length"]
            return f"{name} holds {length:,} characters, {limit} are allowed", f"shorten it by {length - limit:,}"
        case "too_long":
            return f"{name} holds {context['actual_length']} items, {context['max_length']} are allowed", meaning
        case "too_short" | "string_too_short":
            return (
                f"{name} holds {len(given)} of {context['min_length']} items" if given else f"{name} is empty"
            ), meaning
    return _misshapen(name, meaning, detail)


def _misshapen(name: str, meaning: str, detail: ErrorDetails) -> tuple[str, str]:
    if detail["input"] == "":
        return f"{name} is empty", meaning or "write something, or remove the key"
    if detail["type"] == "tuple_type":
        return f"{name} is not a list", "write one item a line, each after '- '"
    if detail["type"] in _KEYS_EXPECTED:
        return f"{name} does not hold keys", "write 'key: value', one a line"
    if isinstance(detail["input"], dict):
        return f"{name} is not text", "quote text that holds ': ' or starts with {"
    return f"{name} is not text", "write one text in place of a list"


def _description(model: type[Format], steps: tuple[Step, ...]) -> str:
    """Return what the format says about the key nearest to the end of `steps`."""
    for length in range(len(steps), 0, -1):
        holder = _shape_at(model, steps[: length - 1])
        if _is_format(holder):
            field = holder.model_fields.get(str(steps[length - 1]))
            return field.description or "" if field else ""
    return ""


def _keys(model: type[Format], steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Return the keys that may stand where `steps` lead to."""
    holder = _shape_at(model, steps)
    return tuple(holder.model_fields) if _is_format(holder) else ()


def _shape_at(model: type[Format], steps: tuple[Step, ...]) -> Any:
    shape: Any = model
    for step in steps:
        if _is_format(shape):
            shape = shape.model_fields[str(step)].annotation
        elif get_origin(shape) is dict:
            shape = get_args(shape)[1]
        else:
            shape = get_args(shape)[0]
        shape = _bare(shape)
    return shape


def _bare(shape: Any) -> Any:
    """Return a type without its annotations and without None."""
    if get_origin(shape) is Annotated:
        return _bare(get_args(shape)[0])
    if get_origin(shape) in {Union, types.UnionType}:
        return _bare(next(part for part in get_args(shape) if part is not type(None)))
    return shape


def _is_format(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, Format)
