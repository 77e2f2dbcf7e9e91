"""A job as somebody writes it into a form: what is wrong with it, what it says, and what a change of it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from bot.jobs.identity import safe_url
from bot.jobs.imported import Recognition
from bot.jobs.job import Job
from bot.jobs.pay import pay_text, read_pay
from bot.jobs.places import workplace_in
from bot.jobs.posting import Posting, fault_of_name, understand
from bot.jobs.texts import LONGEST_TEXT, clean_line, unescaped

BY_HAND = "by hand"
"""The source of jobs that somebody added."""
_SAID_TOGETHER = (
    ("title",), ("company",), ("role",), ("employment",), ("level",), ("url",), ("place",), ("countries",),
    ("remote", "hybrid"), ("pay",),
)  # fmt: skip


class Field(StrEnum):
    """A field of the form, by its name in a Draft."""

    TITLE = "title"
    COMPANY = "company"
    LINK = "link"
    PLACE = "place"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form; what is left out is empty."""

    title: str
    company: str
    link: str = ""
    place: str = ""
    pay: str = ""

    def __getitem__(self, field: Field) -> str:
        """Return what stands in a field."""
        return str(getattr(self, field.value))


def draft_of(job: Job) -> Draft:
    """Return a job as it stands in the form."""
    return Draft(job.title, job.company, job.url or "", job.place or "", pay_text(job.pay) if job.pay else "")


def faults_of(draft: Draft) -> tuple[Field, ...]:
    """Return the fields that cannot be taken as they are."""
    return tuple(field for field in Field if _is_faulty(field, draft[field]))


def changed_fields(before: Draft, after: Draft) -> tuple[Field, ...]:
    """Return the fields that differ."""
    return tuple(field for field in Field if before[field] != after[field])


def with_fields(draft: Draft, fields: Iterable[Field], other: Draft) -> Draft:
    """Return a draft with some fields as another one has them."""
    return replace(draft, **{field.value: other[field] for field in fields})


def read_draft(draft: Draft, now: datetime, recognition: Recognition) -> Job:
    """Return the job that a draft without faults is, in a known role or not: somebody chose it."""
    posting = Posting(
        title=draft.title,
        company=draft.company,
        url=draft.link or None,
        places=(draft.place,) if draft.place else (),
        workplace=workplace_in(draft.place),
        pay=draft.pay or None,
    )
    any_role = replace(recognition, knows_roles=bool)
    (job,) = understand([("", posting)], now, source=BY_HAND, recognition=any_role).jobs
    return job


def changed(job: Job, before: Draft, after: Draft, recognition: Recognition) -> Job:
    """Return a job with what a change of its draft changes; what its source said beside that stays."""
    was, is_ = (read_draft(draft, job.first_seen, recognition) for draft in (before, after))
    new: dict[str, object] = {}
    for names in _SAID_TOGETHER:
        values = {name: getattr(is_, name) for name in names}
        if any(getattr(was, name) != value for name, value in values.items()):
            new |= values
    return replace(job, **new)  # type: ignore[arg-type]  # names and values are a Job's


def _is_faulty(field: Field, text: str) -> bool:
    match field:
        case Field.TITLE | Field.COMPANY:
            return fault_of_name(field, clean_line(unescaped(text))) is not None
        case Field.LINK:
            return bool(text) and safe_url(text) is None
        case Field.PLACE:
            return len(text) > LONGEST_TEXT
        case Field.PAY:
            return bool(text) and read_pay(text).pay is None
        case never:
            assert_never(never)
