"""An Answer as short Markdown: the same words in Discord, in a terminal and in JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import assert_never

from bot.advisor.answer import (
    Answer,
    Block,
    Choose,
    Figures,
    Gap,
    NoFigure,
    NotDescribed,
    Only,
    Openings,
    Prose,
    Shared,
    Suggestions,
    Summaries,
)
from bot.advisor.knowledge import Figure, FigureKind, Section, Source
from bot.advisor.reading import OTHER_LANGUAGE, Intent, Outcome, Reading
from bot.frontends.escape import escape, host_of, safe_url
from bot.frontends.labels import SEPARATOR, Names, filter_words, label, section_name, transition_name
from bot.frontends.money import amount, pay_range, short
from bot.frontends.phrases import place_name, say
from bot.jobs.job import Job
from bot.services.ask import Reply

__all__ = [
    "MAX_ATTRIBUTION",
    "body",
    "calendar_day",
    "decline_reason",
    "decline_text",
    "heading",
    "job_line",
    "label",
    "openings_text",
    "place_of",
    "reply_text",
    "source_line",
    "source_marks",
]

MAX_TAGS = 9
TAGS_OF_EACH = 3
MAX_SOURCES = 4
TITLE_LENGTH = 90
MAX_ATTRIBUTION = 600
LONGEST_INLINE_URL = 200
"""Characters of the sentence that a licence asks to be shown."""
_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Moment = Callable[[datetime], str]


def calendar_day(moment: datetime) -> str:
    """Return the day of a moment in words: "24 Nov 2026"."""
    return f"{moment.day} {moment:%b %Y}"


def reply_text(reply: Reply, names: Names) -> str:
    """Return a whole reply: its answers with their sources, the choices that are offered, or that it can't help."""
    match reply.reading.outcome:
        case Outcome.ANSWER:
            return "\n\n".join(_answer_text(answer) for answer in reply.answers)
        case Outcome.CHOICES:
            options = enumerate(_labels(reply.reading.choices, names), 1)
            listed = "\n".join(f"{number}. {text}" for number, text in options)
            return f"## {say('choices.title')}\n{say('choices.lead')}\n\n{listed}"
        case Outcome.DECLINE:
            return decline_text(reply.reading, names)
        case _:
            assert_never(reply.reading.outcome)


def decline_text(reading: Reading, names: Names) -> str:
    """Return that the bot can't help with a question, and what comes closest where there is something close."""
    lines = [f"## {say('decline.title')}", decline_reason(reading)]
    if reading.choices:
        lines += ["", say("decline.nearby"), *(f"- {text}" for text in _labels(reading.choices, names))]
    return "\n".join(lines)


def decline_reason(reading: Reading) -> str:
    """Return in a sentence or two why a question is declined."""
    return say("decline.other_language" if reading.kind == OTHER_LANGUAGE else "decline.text")


def heading(answer: Answer) -> str:
    """Return an answer's title as escaped Markdown without marks for its size; small talk has none."""
    titles = tuple(escape(title, TITLE_LENGTH) for title in answer.titles)
    reading = answer.reading
    match answer.intent:
        case Intent.SMALLTALK | Intent.OUT_OF_SCOPE:
            return ""
        case Intent.COMPARE:
            parts = [f" {say('heading.versus')} ".join(titles), *_section_part(reading)]
        case Intent.TRANSITION:
            parts = [transition_name(titles)]
        case Intent.JOBS:
            parts = [say("heading.jobs"), *titles, *filter_words(reading.filters)]
        case Intent.FIT:
            parts = [say("heading.fit")]
        case Intent.HELP:
            parts = [say("heading.help")]
        case Intent.ROLE:
            parts = [*titles, *_section_part(reading)]
        case Intent.TOPIC | Intent.TERM:
            parts = list(titles)
        case _:
            assert_never(answer.intent)
    return SEPARATOR.join(parts)


def body(answer: Answer, moment: Moment = calendar_day, marks: Mapping[str, str] | None = None) -> str:
    """Return an answer's blocks as Markdown; `moment` writes points in time.

    `marks` are the small numbers of sources, where several answers share one source line.
    """
    page = _Page(answer, moment, source_marks((answer,)) if marks is None else marks)
    parts = [page.text_of(kind, tuple(blocks)) for kind, blocks in groupby(_telling(answer), key=_kind)]
    return "\n\n".join(part for part in parts if part)


def source_line(answers: Sequence[Answer]) -> str:
    """Return one small line with the sources of these answers and their dates; empty when there are none."""
    sources = tuple(dict.fromkeys(source for answer in answers for source in answer.sources))
    if not sources:
        return ""
    marks = source_marks(answers)
    listed = [f"{marks.get(source.id, '')}{_source_name(source)}" for source in sources[:MAX_SOURCES]]
    if len(sources) > MAX_SOURCES:
        listed.append(say("source.more", count=len(sources) - MAX_SOURCES))
    note = f"{say('figure.spread')} " if any(map(_has_range, answers)) else ""
    return f"-# {note}{say('source.one' if len(sources) == 1 else 'source.many', sources=SEPARATOR.join(listed))}"


def job_line(job: Job, moment: Moment = calendar_day) -> str:
    """Return one job on one line: what, where, for how much, since when, and where to apply."""
    facts = [
        escape(job.company, 60),
        *([place] if (place := place_of(job, 40)) else []),
        *([pay_range(job.pay)] if job.pay else []),
        moment(job.posted or job.first_seen),
        *([say("job.source", source=escape(job.credit, 40))] if job.credit else []),
    ]
    url, host = (safe_url(job.url), host_of(job.url)) if job.url else (None, None)
    if url and host and len(url) <= LONGEST_INLINE_URL:
        facts.append(f"[{say('openings.apply', host=host)}]({url})")
    return f"**{escape(job.title, TITLE_LENGTH)}** · {SEPARATOR.join(facts)}"


def openings_text(answer: Answer, moment: Moment = calendar_day) -> str:
    """Return the newest open jobs that go with an answer, one short line each; empty when there are none."""
    if not answer.openings:
        return ""
    lines = [f"- {_short_job_line(job, moment)}" for job in answer.openings]
    return "\n".join((f"**{say('openings.newest')}**", *lines))


def place_of(job: Job, limit: int) -> str:
    """Return where a job is, in at most about `limit` characters, and in how many other places; empty when unknown."""
    first, *others = [*filter(None, [job.place]), *job.elsewhere] or [""]
    place = escape(first, limit)
    return say("job.elsewhere", place=place, count=len(others)) if others else place


def _short_job_line(job: Job, moment: Moment) -> str:
    url = safe_url(job.url) if job.url else None
    title = escape(job.title, TITLE_LENGTH)
    place = place_of(job, 30)
    facts = (
        f"[{title}]({url})" if url and len(url) <= LONGEST_INLINE_URL else title,
        escape(job.company, 40),
        *([place] if place else []),
    )
    return SEPARATOR.join((*facts, moment(job.posted or job.first_seen)))


def _labels(readings: Iterable[Reading], names: Names) -> list[str]:
    return [escape(label(reading, names), TITLE_LENGTH) for reading in readings]


def _answer_text(answer: Answer) -> str:
    title = heading(answer)
    parts = (f"## {title}" if title else "", body(answer), openings_text(answer), source_line((answer,)))
    return "\n\n".join(part for part in parts if part).replace(f"## {title}\n\n", f"## {title}\n", 1)


def _has_range(answer: Answer) -> bool:
    figures = (figure for block in answer.blocks if isinstance(block, Figures) for figure in block.figures)
    return any(figure.low is not None and figure.high is not None for figure in figures)


def _section_part(reading: Reading) -> tuple[str, ...]:
    return (section_name(reading.section),) if reading.section else ()


def _source_name(source: Source) -> str:
    title = escape(source.title.partition(" (")[0], 56)
    url = safe_url(source.url) if source.url else None
    named = f"[{title}]({url})" if url else title
    return say("source.dated", title=named, date=f"{source.read:%b %Y}") if source.read else named


def source_marks(answers: Sequence[Answer]) -> Mapping[str, str]:
    """Return the small number of each source, for answers whose figures come from one of several."""
    sources = dict.fromkeys(source.id for answer in answers for source in answer.sources)
    if len(sources) < 2 or not any(isinstance(block, Figures) for answer in answers for block in answer.blocks):
        return {}
    return {source: str(number).translate(_DIGITS) for number, source in enumerate(sources, 1)}


def _telling(answer: Answer) -> tuple[Block, ...]:
    """Return the blocks to show: where figures or an editor tell what differs, each role by itself is left out."""
    told = answer.intent is Intent.COMPARE and any(isinstance(block, Prose | Figures) for block in answer.blocks)
    return tuple(block for block in answer.blocks if not (told and isinstance(block, Summaries)))


def _kind(block: Block) -> type[Block]:
    return Shared if isinstance(block, Only) else type(block)


@dataclass(frozen=True, slots=True)
class _Page:
    """Writes the blocks of one answer, knowing what the others say."""

    answer: Answer
    moment: Moment
    marks: Mapping[str, str]

    def text_of(self, kind: type[Block], blocks: tuple[Block, ...]) -> str:
        """Return blocks of a kind that follow each other; what a comparison lists is grouped by section."""
        if kind is Shared:
            return self._side_by_side(tuple(block for block in blocks if isinstance(block, Shared | Only)))
        return "\n\n".join(filter(None, map(self._block, blocks)))

    def _block(self, block: Block) -> str:
        match block:
            case Prose():
                return block.text.strip()
            case Figures():
                return "\n\n".join(self._figures(block.figures))
            case NoFigure():
                return self._no_figure(block)
            case Shared() | Only():
                return self._side_by_side((block,))
            case Choose():
                return "\n".join("- " + _choose(line.title, line.text) for line in block.lines)
            case Gap():
                return "\n".join(f"- {line}" for line in _gap(block))
            case Summaries() | Suggestions():
                return "\n".join(f"- **{escape(line.title, 60)}**: {line.text.strip()}" for line in block.lines)
            case Openings():
                return self._openings(block)
            case NotDescribed():
                return say("not_described", role=escape(block.title, 60))
            case _:
                assert_never(block)

    def _side_by_side(self, blocks: tuple[Shared | Only, ...]) -> str:
        """Return what roles share and have alone; several sections are told as one, with the first of each."""
        if len({block.section for block in blocks}) > 1:
            blocks = _merged(blocks)
        return "\n".join(f"- {self._tag_line(block)}" for block in blocks)

    def _tag_line(self, block: Shared | Only) -> str:
        tags = _tags(block.tags)
        if isinstance(block, Only):
            return say("compare.only", role=escape(block.title, 60), tags=tags)
        key = "compare.shared_by_two" if len(self.answer.titles) == 2 else "compare.shared_by_all"
        return say(key, tags=tags or say("compare.nothing_shared"))

    def _no_figure(self, block: NoFigure) -> str:
        section = Section.OUTLOOK if self.answer.reading.section is Section.OUTLOOK else Section.SALARY
        what = ", ".join((self._title(block.role), *filter_words(block.filters)))
        text = say(f"no_figure.{section.value}", what=what)
        others = any(isinstance(other, Figures) and other.figures for other in self.answer.blocks)
        return f"{text} {say('no_figure.instead')}" if others else text

    def _title(self, role: str) -> str:
        titles = dict(zip(self.answer.reading.roles, self.answer.titles, strict=False))
        return escape(titles.get(role, role), 60)

    def _figures(self, figures: Sequence[Figure]) -> Iterator[str]:
        """Yield the current figures, a line or list a kind, and then the dated ones."""
        current = sorted((figure for figure in figures if not figure.dated), key=_order)
        single = []
        for _, group in groupby(current, key=lambda figure: (figure.kind, figure.unit, figure.place)):
            alike = tuple(group)
            if len(alike) == 1:
                single.append(f"- **{_kind_name(alike[0])}**, {self._figure(alike[0], place=True)}")
                continue
            title = f"**{_kind_name(alike[0])}**, {place_name(alike[0].place)}:"
            yield "\n".join((title, *(f"- {self._figure(figure, place=False)}" for figure in alike)))
        dated = (figure for figure in figures if figure.dated)
        single += [f"- {self._dated_figure(figure)}" for figure in sorted(dated, key=_order)]
        if single:
            yield "\n".join(single)

    def _figure(self, figure: Figure, *, place: bool) -> str:
        where = self._where(figure, place=place)
        facts = (_spread(figure), *_sample(figure), _years(figure.period))
        return f"{where}: {SEPARATOR.join(facts)}{self._source_mark(figure)}"

    def _dated_figure(self, figure: Figure) -> str:
        title = say("figure.dated", period=_years(figure.period), kind=_lowered(_kind_name(figure)))
        facts = (_spread(figure), *_sample(figure))
        return f"{title}, {self._where(figure, place=True)}: {SEPARATOR.join(facts)}{self._source_mark(figure)}"

    def _where(self, figure: Figure, *, place: bool) -> str:
        words = [self._title(figure.role)] if len(set(self.answer.reading.roles)) > 1 else []
        if place:
            words.append(place_name(figure.place))
        if figure.level:
            words.append(say(f"level.{figure.level.value}"))
        if figure.remote is not None:
            words.append(say("filter.remote") if figure.remote else say("filter.on_site"))
        return ", ".join(words or [place_name(figure.place)])

    def _source_mark(self, figure: Figure) -> str:
        if all(source.id != figure.source for source in self.answer.sources):
            return SEPARATOR + say("figure.source", source=escape(figure.source, 40))
        return self.marks.get(figure.source, "")

    def _openings(self, block: Openings) -> str:
        if not block.available:
            return say("openings.unavailable")
        if not block.jobs:
            return say("openings.none")
        lines = [f"- {job_line(job, self.moment)}" for job in block.jobs]
        if block.total > len(block.jobs):
            lines.insert(0, say("openings.some", shown=len(block.jobs), total=block.total))
        return "\n".join(lines)


def _merged(blocks: Sequence[Shared | Only]) -> tuple[Shared | Only, ...]:
    """Return one block for what is shared and one a role, with a few tags of each section."""
    merged: dict[str, Shared | Only] = {}
    for block in blocks:
        key = block.role if isinstance(block, Only) else ""
        before = merged[key].tags if key in merged else ()
        merged[key] = replace(block, tags=tuple(dict.fromkeys((*before, *block.tags[:TAGS_OF_EACH]))))
    shared = {tag.casefold() for tag in merged[""].tags} if "" in merged else set()
    return tuple(
        replace(block, tags=tuple(tag for tag in block.tags if tag.casefold() not in shared)) if key else block
        for key, block in merged.items()
    )


def _order(figure: Figure) -> int:
    return list(FigureKind).index(figure.kind)


def _kind_name(figure: Figure) -> str:
    return say(f"figure.{figure.kind.value}")


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _spread(figure: Figure) -> str:
    unit = figure.unit.partition("/")[2]
    period = f" {say(f'period.{unit}')}" if unit else ""
    middle = _quantity(figure.middle, figure)
    if not figure.dated:
        middle = f"**{middle}**"
    if figure.low is None or figure.high is None:
        return f"{middle}{period}"
    return f"{middle}{period} ({_quantity(figure.low, figure)}–{_quantity(figure.high, figure)})"


def _quantity(value: float, figure: Figure) -> str:
    if figure.unit == "percent":
        return f"{value:+g}\N{NO-BREAK SPACE}%"
    return amount(value, figure.unit.partition("/")[0])


def _sample(figure: Figure) -> tuple[str, ...]:
    """Return what stands behind a figure: how many of what, and whether that is the role itself."""
    counted = ""
    if figure.occupation is not None:
        occupation = escape(figure.occupation, 80)
        counted = occupation if figure.exact else say("figure.proxy", occupation=occupation)
    if figure.sample is not None:
        kind = f"figure.sample.{figure.kind.value}" if not counted else f"figure.counted.{figure.kind.value}"
        return (say(kind, count=_count(figure.sample), occupation=counted),)
    if figure.kind is FigureKind.GROWTH:
        return (counted,) if counted else ()
    return tuple(filter(None, (say("figure.sample_unknown"), counted)))


def _count(sample: int) -> str:
    return short(sample) if sample >= 10_000 else f"{sample:,}"


def _years(period: str) -> str:
    return re.sub(r"\b(\d{4})-(\d{4})\b", r"\1–\2", period)


def _tags(tags: Sequence[str]) -> str:
    listed = ", ".join(escape(tag, 60) for tag in tags[:MAX_TAGS])
    if len(tags) <= MAX_TAGS:
        return listed
    return say("compare.more", tags=listed, count=len(tags) - MAX_TAGS)


def _choose(title: str, text: str) -> str:
    return say("compare.choose", role=escape(title, 60), reason=_sentence(text))


def _sentence(text: str) -> str:
    words = text.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _gap(block: Gap) -> Iterator[str]:
    if block.brings:
        yield say("gap.brings", skills=_tags(block.brings))
    if block.learns:
        yield say("gap.learns", skills=_tags(block.learns))
