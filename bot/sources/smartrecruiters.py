"""SmartRecruiters: api.smartrecruiters.com/v1/companies/ID/postings?limit=100&offset=0, or one job: postings/JOB."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.jobs.imported import Page
from bot.jobs.places import workplace_of
from bot.jobs.posting import Posting
from bot.sources.document import Document, JsonFormat, Records, page_by_offset
from bot.sources.values import at, country, flag, joined, key, moment, text

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


class _SmartRecruiters:
    """A page of jobs, or a single job, which has the sections of its advert."""

    name = "smartrecruiters"
    credit = ""
    whole = False
    daily = None
    _listed = JsonFormat("smartrecruiters", frozenset({"name", "releasedDate", "company"}), _read, under="content")

    def recognises(self, document: Document) -> bool:
        """Return whether a document looks like this."""
        return _is_single(document) or self._listed.recognises(document)

    def records(self, document: Document) -> Records:
        """Yield a posting for each job."""
        if _is_single(document):
            yield "the job", _read(document.json, document.json)
        else:
            yield from self._listed.records(document)

    def page(self, document: Document) -> Page:
        """Return where a document stands among the pages of a company."""
        return page_by_offset(document.json, under="content", total="totalFound")


def _is_single(document: Document) -> bool:
    return isinstance(at(document.json, "jobAd", "sections"), Mapping)


FORMAT = _SmartRecruiters()
