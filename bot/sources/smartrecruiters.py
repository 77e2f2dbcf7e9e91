"""SmartRecruiters: api.smartrecruiters.com/v1/companies/ID/postings?limit=100&offset=0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.jobs.places import workplace_of
from bot.jobs.posting import Posting
from bot.sources.document import JsonFormat
from bot.sources.values import country, flag, joined, key, moment, text

_SECTIONS = ("jobDescription", "qualifications", "companyDescription", "additionalInformation")
"""What is about the work comes first: only the beginning is kept. Only the answer for a single job has them."""


def _read(job: Mapping[str, Any], _whole: Any) -> Posting:
    company, number = text(job, "company", "identifier"), text(job, "id")
    place = text(job, "location", "fullLocation") or ", ".join(
        filter(None, (text(job, "location", "city"), text(job, "location", "region")))
    )
    return Posting(
        title=text(job, "name"),
        company=text(job, "company", "name") or company,
        key=key(job, "id"),
        url=f"https://jobs.smartrecruiters.com/{quote(company)}/{quote(number)}" if company and number else None,
        places=(place,),
        countries=country(text(job, "location", "country")),
        workplace=workplace_of(remote=flag(job, "location", "remote"), hybrid=flag(job, "location", "hybrid")),
        employment=text(job, "typeOfEmployment", "label"),
        level=text(job, "experienceLevel", "label"),
        posted=moment(job, "releasedDate"),
        text=joined(*(text(job, "jobAd", "sections", section, "text") for section in _SECTIONS)),
        tags=(text(job, "department", "label"), text(job, "function", "label")),
    )


FORMAT = JsonFormat("smartrecruiters", frozenset({"name", "releasedDate", "company"}), _read, under="content")
