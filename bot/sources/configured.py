"""The file of sources: which boards and feeds are polled, and which of their jobs are featured."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.advisor.yaml_reading import MAX_BYTES, Node, read_yaml
from bot.errors import SettingsError
from bot.jobs.polling import EVERY, Featuring, Origin, Source, fault_of, read_interval
from bot.sources.registry import NAMES


def _interval(said: object) -> object:
    interval = read_interval(said) if isinstance(said, str) else None
    if interval is None:
        raise ValueError("write an interval such as 30m, 6h or 1d")
    return interval


def _format(said: object) -> object:
    if said in {None, "auto"}:
        return None
    if said not in NAMES:
        raise ValueError(f"there is no such format; known are auto, {', '.join(NAMES)}")
    return said


class SourceEntry(BaseModel):
    """One source of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(description="A short name of small letters, digits and hyphens.")]
    address: Annotated[str, Field(description="The http(s) address of the board or feed.")]
    format: Annotated[
        str | None, BeforeValidator(_format), Field(description="A name of `jobs formats`, or auto, which looks.")
    ] = None
    company: Annotated[str | None, Field(description="Whose board it is, where its jobs do not say so well.")] = None
    every: Annotated[
        timedelta, BeforeValidator(_interval), Field(description="How often it is asked: 30m, 6h (the default), 1d.")
    ] = EVERY
    daily: Annotated[int | None, Field(description="At most so many requests a day.")] = None
    featured: Annotated[
        Featuring, Field(description="Which of its new jobs are announced: all, matching, or by-hand (the default).")
    ] = Featuring.BY_HAND
    matching: Annotated[
        str | None, Field(description="For `featured: matching`: words as in a search, `senior data engineer germany`.")
    ] = None

    def source(self) -> Source:
        """Return the source."""
        return Source(
            name=self.name,
            address=self.address,
            form=self.format,
            company=self.company,
            every=self.every,
            daily=self.daily,
            featured=self.featured,
            matching=self.matching,
            origin=Origin.FILE,
        )


def read_sources(path: Path, *, required: bool) -> tuple[Source, ...]:
    """Return the sources that a file lists; none where there is no file and none is `required`.

    Raises SettingsError with every fault, each with its line.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        if required:
            raise SettingsError((f"{path}: there is no such file",)) from None
        return ()
    except OSError as error:
        raise SettingsError((f"{path} cannot be read ({error.strerror})",)) from None
    root, faults = read_yaml(str(path), data)
    if faults:
        raise SettingsError(tuple(map(str, faults)))
    return _sources(path, root)


def _sources(path: Path, root: Node | None) -> tuple[Source, ...]:
    listed = root.at("sources") if root and isinstance(root.value, dict) else root
    if root is None or root.value is None:
        return ()
    if listed is None or not isinstance(listed.value, list):
        raise SettingsError((f"{path}:{root.line}: sources: a list of sources is expected",))
    found: dict[str, Source] = {}
    wrong: list[str] = []
    for node in listed.value:
        source = _read(node.plain())
        if isinstance(source, Source) and source.name not in found:
            found[source.name] = source
            continue
        faults = source if not isinstance(source, Source) else [((), f'name: "{source.name}" is there twice')]
        wrong += [f"{path}:{node.at(*where).line}: {what}" for where, what in faults]
    if wrong:
        raise SettingsError(tuple(wrong))
    return tuple(found.values())


def _read(entry: Any) -> Source | list[tuple[tuple[str, ...], str]]:
    """Return the source of an entry, or what is wrong with it and where in it."""
    try:
        source = SourceEntry.model_validate(entry).source()
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        return [(tuple(map(str, fault["loc"][:1])), _told(fault)) for fault in faults]
    fault = fault_of(source)
    return [((fault.partition(":")[0],), fault)] if fault else source


def _told(fault: Any) -> str:
    name = str(fault["loc"][0]) if fault["loc"] else "source"
    return f"{name}: {fault['msg'].removeprefix('Value error, ')}"
