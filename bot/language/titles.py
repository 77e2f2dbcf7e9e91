"""What the title of a job says: which role it is, on which level, and what kind of employment."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language.facets import Employment, Level
from bot.language.lexicon import Mention, NameIndex
from bot.language.text import normalise, tokens_of


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says; unknown is None."""

    role: str | None = None
    level: Level | None = None
    employment: Employment | None = None


class TitleReader:
    """Reads titles by three lists of names, which may share words: "intern" tells a level and a kind of employment.

    Of `roles` the kind `role` is a role, ambiguous where the name is that of its field ("data science"); `work` is a
    word for somebody who works ("engineer"), without which a field says nothing; `field` is what belongs to a role more
    than to others ("machine learning"), where nothing else names one; `none` says that the job is in no role, whatever
    it names ("data science recruiter"). Of `levels` the kind `level` is a level, `grade` a word that tells one where no
    other word does ("II"), and `other` takes words out of these ("account executive").
    """

    def __init__(self, roles: NameIndex, levels: NameIndex, employment: NameIndex) -> None:
        self._roles = roles
        self._levels = levels
        self._employment = employment

    def read(self, title: str) -> Title:
        """Return what `title` says; titles are not checked for typos."""
        tokens = tuple(tokens_of(normalise(title.replace("_", " "))))
        levels = self._levels.find(tokens)
        level = _first("level", levels) or _first("grade", levels)
        employment = _first("employment", self._employment.find(tokens))
        return Title(
            role=_role(self._roles.find(tokens), works=level is not None),
            level=Level(level) if level else None,
            employment=Employment(employment) if employment else None,
        )


def _role(mentions: tuple[Mention, ...], *, works: bool) -> str | None:
    if _first("none", mentions):
        return None
    roles = [mention for mention in mentions if mention.kind == "role"]
    sure = next((mention.id for mention in roles if not mention.ambiguous), None)
    if sure or not (works or _first("work", mentions)):
        return sure
    fields = (mention.id for mention in roles if mention.end - mention.start > 1)
    return next(fields, None) or _first("field", mentions)


def _first(kind: str, mentions: tuple[Mention, ...]) -> str | None:
    return next((mention.id for mention in mentions if mention.kind == kind), None)
