"""Lists such as Simplify's: .github/scripts/listings.json in a repository, a bare list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.jobs.places import workplace_in
from bot.jobs.posting import Posting
from bot.sources.document import JsonFormat
from bot.sources.values import at, key, moment, text, texts


def _read(job: Mapping[str, Any], _whole: Any) -> Posting | None:
    if at(job, "active") is False or at(job, "is_visible") is False:
        return None
    places = texts(job, "locations")
    return Posting(
        title=text(job, "title"),
        company=text(job, "company_name"),
        key=key(job, "id"),
        url=text(job, "url"),
        places=places,
        workplace=workplace_in("; ".join(places)),
        posted=moment(job, "date_posted"),
        tags=texts(job, "category"),
    )


FORMAT = JsonFormat("simplify", frozenset({"company_name", "date_posted", "locations"}), _read, whole=True)
