"""Personio: COMPANY.jobs.personio.de/xml; a position repeats for each of its offices."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from bot.jobs.places import workplace_in
from bot.jobs.posting import Posting, Unreadable
from bot.sources.document import Document, Records, together
from bot.sources.values import joined, moment, parts
from bot.sources.xml import fault_of


class _Personio:
    name = "personio"
    credit = ""
    whole = True
    daily = None

    def recognises(self, document: Document) -> bool:
        """Return whether a document is Personio's XML."""
        return "<workzag-jobs" in document.start

    def records(self, document: Document) -> Records:
        """Yield each position once, with all its offices."""
        if fault := fault_of(document.text):
            yield "line 1", Unreadable(fault)
            return
        try:
            root = ET.fromstring(document.text.lstrip("\ufeff \r\n\t"))  # noqa: S314  # no entities: see above
        except ET.ParseError as error:
            yield f"line {error.position[0]}", Unreadable(f"not valid XML: {error}")
            return
        positions = ((f"position {number}", _posting(each)) for number, each in enumerate(root.iter("position"), 1))
        yield from together(positions)


def _posting(position: ET.Element) -> Posting:
    def said(name: str) -> str:
        return (position.findtext(name) or "").strip()

    offices = (said("office"), *(each.text or "" for each in position.iterfind("additionalOffices/office")))
    return Posting(
        title=said("name"),
        company=said("subcompany"),
        key=said("id") or None,
        places=offices,
        workplace=workplace_in(" ".join((said("name"), *offices))),
        employment=f"{said('schedule')} {said('employmentType')}",
        level=said("seniority"),
        posted=moment({"created": said("createdAt")}, "created"),
        text=_said(position),
        tags=(said("department"), *parts(said("keywords"))),
    )


def _said(position: ET.Element) -> str:
    found = position.iterfind("jobDescriptions/jobDescription")
    return joined(*(joined(each.findtext("name") or "", each.findtext("value") or "") for each in found))


FORMAT = _Personio()
