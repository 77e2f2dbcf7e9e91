"""Personio: COMPANY.jobs.personio.de/xml; a position repeats for each of its offices."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from bot.jobs.posting import Fault, Posting
from bot.sources.document import Document, Records
from bot.sources.places import workplace_in
from bot.sources.values import moment
from bot.sources.xml import fault_of


class _Personio:
    name = "personio"

    def recognises(self, document: Document) -> bool:
        """Return whether a document is Personio's XML."""
        return "<workzag-jobs" in document.start

    def records(self, document: Document) -> Records:
        """Yield each position once, with all its offices."""
        if fault := fault_of(document.text):
            yield "line 1", Fault(fault)
            return
        try:
            root = ET.fromstring(document.text.lstrip("\ufeff \r\n\t"))  # noqa: S314  # no entities: see above
        except ET.ParseError as error:
            yield f"line {error.position[0]}", Fault(f"not valid XML: {error}")
            return
        together: dict[str, tuple[str, Posting]] = {}
        for number, position in enumerate(root.iter("position"), 1):
            posting = _posting(position)
            place, before = together.get(posting.key or str(number), (f"position {number}", posting))
            both = before if before is posting else replace(before, places=(*before.places, *posting.places))
            together[posting.key or str(number)] = place, both
        yield from together.values()


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
    )


FORMAT = _Personio()
