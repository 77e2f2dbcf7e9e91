"""schema.org JobPosting: JSON-LD in any web page, or by itself; alone, in a list or in a graph."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.jobs.job import Pay
from bot.jobs.places import workplace_in
from bot.jobs.posting import Posting, Unreadable, Workplace
from bot.jobs.texts import LONGEST_TAG
from bot.sources.document import Document, Records
from bot.sources.values import at, country, key, moment, parts, pay, period, text, texts

_DEEPEST = 8


class _SchemaOrg:
    name = "schema-org"
    credit = ""
    whole = False
    daily = None

    def recognises(self, document: Document) -> bool:
        """Return whether a document is or holds JSON-LD of a job."""
        return "JobPosting" in document.text and (document.start[:1] in {"<", "{", "["})

    def records(self, document: Document) -> Records:
        """Yield each job posting."""
        for number, block in enumerate(_blocks(document), 1):
            place = f"script {number}"
            try:
                whole = json.loads(block, strict=False)  # line breaks stand raw in texts
            except (ValueError, RecursionError) as error:
                yield place, Unreadable(f"not valid JSON: {error}")
                continue
            for job in _postings(whole):
                yield place, posting_of(job)


def posting_of(job: Mapping[str, Any], *, url: str = "", company: str = "") -> Posting:
    """Return a JobPosting object as a posting; `url` and `company` stand in for what it does not say."""
    places = [place for place in _listed(at(job, "jobLocation")) if isinstance(place, Mapping)]
    wanted = [text(place, "name") for place in _listed(at(job, "applicantLocationRequirements"))]
    remote = text(job, "jobLocationType").upper() == "TELECOMMUTE"
    identifier = at(job, "identifier")
    return Posting(
        title=text(job, "title") or text(job, "name"),
        company=text(job, "hiringOrganization", "name") or text(job, "hiringOrganization") or company,
        key=key(identifier, "value") or (str(identifier) if isinstance(identifier, str | int) else None),
        url=text(job, "url") or url,
        places=(*map(_address, places), *wanted),
        countries=tuple(dict.fromkeys(code for place in places for code in country(_country(place)))),
        workplace=Workplace.REMOTE if remote else workplace_in(text(job, "jobLocationType")),
        employment=" ".join(texts(job, "employmentType")),
        pay=_pay(at(job, "baseSalary")),
        posted=moment(job, "datePosted"),
        expires=moment(job, "validThrough"),
        text=text(job, "description"),
        tags=(*texts(job, "industry"), *_skills(job)),
    )


def _skills(job: Mapping[str, Any]) -> tuple[str, ...]:
    """Return skills that are named; many pages tell them in whole sentences."""
    return tuple(skill for skill in parts(job, "skills") if len(skill) <= LONGEST_TAG)


def _blocks(document: Document) -> list[str]:
    if document.start[:1] != "<":
        return [document.text]
    return [script for script in _scripts(document.text) if "JobPosting" in script]


def _scripts(page: str) -> Iterator[str]:
    """Yield the scripts of JSON-LD; a whole tree of a hostile page of 64 KB takes 4 GB."""
    lower, at = page.lower(), 0
    while (begins := lower.find("<script", at)) >= 0 and (end := lower.find(">", begins)) >= 0:
        at = lower.find("</script", end)
        if at < 0:
            return
        if "application/ld+json" in lower[begins:end]:
            yield page[end + 1 : at]


def _postings(found: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if isinstance(found, list) and depth < _DEEPEST:
        for each in found:
            yield from _postings(each, depth + 1)
    elif isinstance(found, Mapping) and depth < _DEEPEST:
        if "JobPosting" in texts(found, "@type"):
            yield found
        yield from _postings(found.get("@graph"), depth + 1)
        yield from _postings(found.get("itemListElement"), depth + 1)
        yield from _postings(found.get("item"), depth + 1)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _address(place: Mapping[str, Any]) -> str:
    address = at(place, "address")
    if isinstance(address, str):
        return address
    parts = (text(address, "addressLocality"), text(address, "addressRegion"), _country(place))
    return ", ".join(filter(None, parts))


def _country(place: Mapping[str, Any]) -> str:
    return text(place, "address", "addressCountry") or text(place, "address", "addressCountry", "name")


def _pay(salary: Any) -> Pay | str | None:
    value = at(salary, "value")
    per = period(text(value, "unitText") or text(salary, "unitText"))
    low = at(value, "minValue") or at(value, "value") or (value if not isinstance(value, Mapping) else None)
    high = at(value, "maxValue") or low
    if isinstance(salary, str):
        return salary
    return pay(low, high, at(salary, "currency") or at(value, "currency"), per)


FORMAT = _SchemaOrg()
