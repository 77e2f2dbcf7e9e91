"""Workable: apply.workable.com/api/v1/widget/accounts/ACCOUNT?details=true; a job repeats for each of its countries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.places import workplace_of
from bot.jobs.posting import Posting
from bot.sources.document import Document, JsonFormat, Records, together
from bot.sources.values import country, flag, items, key, moment, text


def _read(job: Mapping[str, Any], whole: Any) -> Posting:
    own = ", ".join(filter(None, (text(job, "city"), text(job, "state"), text(job, "country"))))
    countries = (code for place in items(job, "locations") for code in country(text(place, "countryCode")))
    return Posting(
        title=text(job, "title"),
        company=text(whole, "name"),
        key=key(job, "shortcode"),
        url=text(job, "url") or text(job, "shortlink"),
        places=(own,),
        countries=tuple(dict.fromkeys(countries)),
        workplace=workplace_of(remote=flag(job, "telecommuting")),
        employment=text(job, "employment_type"),
        level=text(job, "experience"),
        posted=moment(job, "published_on") or moment(job, "created_at"),
        text=text(job, "description"),
        tags=(text(job, "department"), text(job, "function")),
    )


class _Workable:
    """The records of a JSON answer, those of one job taken together."""

    name = "workable"
    credit = ""
    whole = True
    daily = None
    _rows = JsonFormat("workable", frozenset({"shortcode", "telecommuting"}), _read, under="jobs")

    def recognises(self, document: Document) -> bool:
        """Return whether a document looks like this."""
        return self._rows.recognises(document)

    def records(self, document: Document) -> Records:
        """Yield each job once, with all its places."""
        return together(self._rows.records(document))


FORMAT = _Workable()
