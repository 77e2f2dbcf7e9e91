"""Remote OK: remoteok.com/api, a list whose first item is a notice; it asks for a link back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.job import PayPeriod
from bot.jobs.posting import Posting, Workplace
from bot.sources.document import JsonFormat
from bot.sources.values import at, key, moment, pay, text, texts

_TRAP = "Please mention the word **"
"""How the end of each description begins; it holds, encoded, the address of whoever asked, which is not to be shown."""


def _read(job: Mapping[str, Any], _whole: Any) -> Posting | None:
    if "legal" in job:
        return None
    return Posting(
        title=text(job, "position"),
        company=text(job, "company"),
        key=key(job, "id"),
        url=text(job, "url"),
        places=(text(job, "location"),),
        workplace=Workplace.REMOTE,
        pay=pay(at(job, "salary_min"), at(job, "salary_max"), "USD", PayPeriod.YEAR),
        posted=moment(job, "date") or moment(job, "epoch"),
        text=text(job, "description").partition(_TRAP)[0],
        tags=texts(job, "tags"),
    )


FORMAT = JsonFormat("remoteok", frozenset({"position", "slug", "company"}), _read, credit="Remote OK")
