"""What a text names: roles, terms, places and facets; and the text with slots in their place."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.jobs.query import JobQuery
from bot.language.facets import NO_FILTERS, Employment, Filters, Level, find_pay, find_year
from bot.language.lexicon import Mention, Name, NameIndex, TypoRepair
from bot.language.text import normalise, singular, stem, tokens_of, words
from bot.language.titles import TitleReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.advisor.knowledge import Knowledge
    from bot.language.text import Word

OUTSIDE = "out_of_scope"
ORDINALS = ("first", "second", "third")
MAX_ORDINAL_WORDS = 3
SLOT = re.compile(r"\{(\w+)\}")
_SLOT_WORDS = {"role": "zzrolezz", "term": "zztermzz", "place": "zzplacezz", "level": "zzlevelzz"} | {
    "year": "zzyearzz",
    "money": "zzmoneyzz",
}
SLOTTED = frozenset({"role", "term", "place", "level"})
LITERAL = frozenset({"term", "level"})
_WORD_SLOTS = {word: "{" + name + "}" for name, word in _SLOT_WORDS.items()}


_SEARCHED_BY = frozenset({"role", "place", "level", "remote", "employment"})


@dataclass(frozen=True, slots=True)
class Recognised:
    """A text's words after typo repair, and what was named in it.

    `slotted` has a slot for every name; `literal` leaves terms and levels as they are. `roles` and `terms` are ids in
    the order of their first mention. `doubtful` are roles that were only named by a short form that also means other
    things, `dropped` those that such forms were not taken for. `implied` are roles that a term may stand for ("data
    science" for its scientist), `candidates` these and `roles`; `before` holds the few words before each candidate.
    `foreign` says that a word stands in no name and no phrasing: something else may be meant than was talked about.
    """

    tokens: tuple[str, ...]
    slotted: tuple[str, ...]
    literal: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    doubtful: frozenset[str] = frozenset()
    terms: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    before: tuple[tuple[str, ...], ...] = ()
    implied: tuple[str, ...] = ()
    dropped: frozenset[str] = frozenset()
    candidates: tuple[str, ...] = ()
    foreign: bool = False


SHORTEST_FOREIGN = 4
DIRECTION_REACH = 4
"""How many words before a role may say that somebody leaves it or heads for it."""


NAME_SAID = 25
"""How often a word counts as said for each name that it stands in."""
FEW_WORDS = 3
STRANGE_TWICE, STRANGE_TWICE_OF_FEW = 1.1, 1.5
"""Strange words before and after typos are repaired, both counted, for each word of a text in another language.

No labelled question has more than 1.0, or 1.34 where it has three words or fewer beside names."""


class Recogniser:
    """Recognises what a knowledge base has names for."""

    def __init__(self, knowledge: Knowledge) -> None:
        lexicon = knowledge.lexicon
        self._names = NameIndex()
        _add_roles(self._names, knowledge)
        self._implied: dict[str, str] = {}
        for term in knowledge.terms.values():
            for name in (term.title, *term.aliases):
                known = self._names.lookup(name)
                if known and known.kind == "role" and known.ambiguous:
                    self._implied[term.id] = known.id
                self._names.add(name, Name("term", term.id))
        _add_spoken(self._names, "place", lexicon.places)
        for facet in ("level", "remote", "employment"):
            _add_spoken(self._names, facet, lexicon.facets.get(facet, {}))
        self._leaving = frozenset(lexicon.facets.get("direction", {}).get("from", ()))
        excepting = lexicon.facets.get("taste", {}).get("except", ())
        self._excepting = frozenset(tuple(spoken.split()) for spoken in excepting)
        self._heading = frozenset(lexicon.facets.get("direction", {}).get("to", ()))
        self.linking = frozenset(lexicon.facets.get("follow_up", {}).get("linking", ()))
        work = (lexicon.facets.get(facet, {}) for facet in ("remote", "employment"))
        self.leaning = self.linking | _words_of(name for facet in work for names in facet.values() for name in names)
        self._unsearched = self.linking | frozenset(lexicon.facets.get("title", {}).get("said", ()))
        self.joining = frozenset(lexicon.facets.get("follow_up", {}).get("joining", ()))
        self._more = frozenset(tuple(said.split()) for said in lexicon.facets.get("follow_up", {}).get("more", ()))
        ordinals = (lexicon.facets.get("follow_up", {}).get(ordinal, ()) for ordinal in ORDINALS)
        self._ordinals = {tuple(said.split()): at for at, spoken in enumerate(ordinals) for said in spoken}
        self._counting = frozenset(said[-1] for said in self._ordinals if said[-1] in ORDINALS)
        self.job_titles = title_reader(knowledge)
        self.titles = {name.id: name.title for name in lexicon.roles}
        self.titles |= {role.id: role.title for role in knowledge.roles.values()}
        inside, outside = _said(knowledge)
        self._familiar = frozenset(_WORD_SLOTS) | self.linking | inside.keys()
        self._periods = {name: period for period, spoken in lexicon.facets.get("period", {}).items() for name in spoken}
        self._spoken = self._familiar | lexicon.common_words if lexicon.common_words else frozenset()
        said = inside + outside + Counter(dict.fromkeys(_WORD_SLOTS, 2))
        often = frozenset(word for word, count in said.items() if count > 1)
        asked = frozenset(said)
        said.update(word for key, _ in self._names.names() for word in key.split() for _ in range(NAME_SAID))
        self._repair = TypoRepair(self._vocabulary(knowledge, asked), lexicon.common_words | often, said=said)

    def _vocabulary(self, knowledge: Knowledge, asked: frozenset[str]) -> frozenset[str]:
        """Return the words that a typo may be repaired to: names, words of answers, and common words people ask with.

        Other words that are `asked` with are left out, since phrasings hold typos.
        """
        return self._names.vocabulary() | _words_of(_answers(knowledge)) | (asked & knowledge.lexicon.common_words)

    @property
    def names(self) -> NameIndex:
        """The names it knows, for looking one up as a whole."""
        return self._names

    def mend(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """Return words with likely typos repaired."""
        return self._repair.repair(tokens)

    def template(self, phrasing: str) -> Recognised:
        """Return what a phrasing of the knowledge base names; the slots written in it count as names."""
        return self._recognise(SLOT.sub(lambda match: f" {_SLOT_WORDS.get(match[1], match[1])} ", phrasing))

    def recognise(self, text: str, *, without: frozenset[str] = frozenset()) -> Recognised:
        """Return what `text` names; roles in `without` are left as plain words."""
        return self._recognise(text, without=without)

    def asks_for_more(self, recognised: Recognised) -> bool:
        """Return whether a text asks for nothing but more of the same."""
        plain = tuple(token for token in recognised.tokens if token not in self.linking)
        return not self._more.isdisjoint((recognised.tokens, plain))

    def with_roles_named(self, text: str, roles: Sequence[str]) -> str:
        """Return `text` with the names of `roles` in place of words such as "the first one".

        Words that may count something else ("the first step") stay: they stand for a role only where no other follow.
        """
        plain = normalise(text)
        said = words(plain)
        named = plain
        for start, end, place in reversed(list(self._ordinals_in(said, len(roles)))):
            named = f"{named[:start]}{self.titles[roles[place]]}{named[end:]}"
        return text if named == plain else named

    def _ordinals_in(self, said: Sequence[Word], count: int) -> Iterator[tuple[int, int, int]]:
        """Yield where words stand for one of `count` things, the longest that do, and for which of them."""
        at = 0
        while at < len(said):
            for length in range(min(MAX_ORDINAL_WORDS, len(said) - at), 0, -1):
                place = self._ordinals.get(tuple(word.text for word in said[at : at + length]))
                if place is not None and place < count and self._ends(said, at + length):
                    yield said[at].start, said[at + length - 1].end, place
                    at += length - 1
                    break
            at += 1

    def _ends(self, said: Sequence[Word], end: int) -> bool:
        """Return whether no further word says what is counted."""
        return end == len(said) or said[end].text in self.linking or said[end - 1].text not in self._counting

    def countries_in(self, place: str) -> tuple[str, ...]:
        """Return the countries that a job's place names, or lies in, in the order of their first mention."""
        return tuple(dict.fromkeys(m.id for m in self._mentions(place) if m.kind == "place"))

    def job_query(self, text: str) -> JobQuery:
        """Return what somebody who types `text` looks for among jobs: roles, levels, places and pay, and other words.

        Typos are mended in names only: other words may be a company's.
        """
        text = normalise(text)
        pay = find_pay(text, self._periods)
        if pay:
            text = f"{text[: pay.start]} {text[pay.end :]}"
        typed = tuple(tokens_of(text))
        mended = self._repair.repair(typed)
        mentions = [
            mention
            for mention in self._names.find(mended if len(mended) == len(typed) else typed)
            if mention.kind in _SEARCHED_BY
        ]
        named = {at for mention in mentions for at in range(mention.start, mention.end)}
        left = (word for at, word in enumerate(typed) if at not in named)
        return JobQuery(
            roles=tuple(dict.fromkeys(mention.id for mention in mentions if mention.kind == "role")),
            filters=_filters(tuple(mentions), year=None, pay=pay.value if pay else None),
            words=tuple(dict.fromkeys(word for word in left if word not in self._unsearched)),
        )

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        return self._names.find(tuple(tokens_of(normalise(text))))

    def from_to(self, roles: tuple[str, ...], recognised: Recognised) -> tuple[str, ...]:
        """Return two roles as (from, to), by the words before them; in the order of mention when these say nothing."""
        if len(roles) < 2 or recognised.candidates[:2] != roles:
            return roles
        first, second = (self._pull(words_before) for words_before in recognised.before[:2])
        return roles if first <= second else roles[::-1]

    def from_to_earlier(self, role: str, earlier: str, recognised: Recognised) -> tuple[str, str]:
        """Return one role that is named and one from an earlier question as (from, to)."""
        return (role, earlier) if self.is_left(role, recognised) else (earlier, role)

    def is_left(self, role: str, recognised: Recognised) -> bool:
        """Return whether the words before a role, the first that a text names, say that somebody has or leaves it."""
        return recognised.candidates[:1] == (role,) and self._pull(recognised.before[0]) < 0

    def says_direction(self, roles: tuple[str, ...], recognised: Recognised) -> bool:
        """Return whether the words before two roles say that one is left for the other."""
        return recognised.candidates[:2] == roles and len(set(map(self._pull, recognised.before[:2]))) > 1

    def is_other_language(self, text: str, recognised: Recognised) -> bool:
        """Return whether a text is hardly in the language of the knowledge base, whatever it names.

        That can be told only where its common words are listed. Most words beside names are unheard of, and many still
        are when typos are repaired: that finds a near miss for some. Two or three words must nearly all be so.
        """
        typed = tuple(tokens_of(normalise(text)))
        before, after = self._beside_names(typed), self._beside_names(recognised.tokens)
        if not before or not self._spoken:
            return False
        strange = self._strange(before)
        if sum(not word.isascii() for word in strange) > len(before) / 2:
            return True
        much = STRANGE_TWICE if len(before) > FEW_WORDS else STRANGE_TWICE_OF_FEW
        return len(before) > 1 and len(strange) + len(self._strange(after)) >= much * len(before)

    def _beside_names(self, tokens: tuple[str, ...]) -> list[str]:
        """Return the words of letters that no name holds."""
        named = {at for mention in self._names.find(tokens) for at in range(mention.start, mention.end)}
        return [token for at, token in enumerate(tokens) if at not in named and token.isalpha()]

    def _strange(self, said: Iterable[str]) -> list[str]:
        return [word for word in said if word not in self._spoken]

    def _is_foreign(self, tokens: tuple[str, ...], mentions: tuple[Mention, ...]) -> bool:
        named = {at for mention in mentions for at in range(mention.start, mention.end)}
        return any(
            at not in named and len(token) >= SHORTEST_FOREIGN and token.isalpha() and not self._is_familiar(token)
            for at, token in enumerate(tokens)
        )

    def _is_familiar(self, token: str) -> bool:
        return not self._familiar.isdisjoint((token, singular(token), stem(token)))

    def _is_excepted(self, mention: Mention, tokens: tuple[str, ...]) -> bool:
        """Return whether a role is named only to say that it is not meant: "anything other than data analyst"."""
        if mention.kind != "role":
            return False
        return any(tokens[max(0, mention.start - len(said)) : mention.start] == said for said in self._excepting)

    def _role_of(self, mention: Mention) -> str | None:
        return mention.id if mention.kind == "role" else self._implied.get(mention.id)

    def _pull(self, words_before: tuple[str, ...]) -> int:
        """Return 1 when the nearest word that tells a direction says that a role is headed for, -1 when it is left."""
        pulls = ((word in self._heading) - (word in self._leaving) for word in reversed(words_before))
        return next((pull for pull in pulls if pull), 0)

    def _recognise(self, text: str, *, without: frozenset[str] = frozenset()) -> Recognised:
        text = normalise(text)
        year = find_year(text)
        pay = find_pay(text, self._periods)
        if year and pay and pay.start < year.end and year.start < pay.end:
            year = None  # "2024€" is an amount
        for span, slot in sorted(((s, n) for s, n in ((year, "year"), (pay, "money")) if s), key=lambda x: -x[0].start):
            text = f"{text[: span.start]} {_SLOT_WORDS[slot]} {text[span.end :]}"
        tokens = self._repair.repair(tuple(tokens_of(text)))
        mentions = tuple(
            mention
            for mention in self._names.find(tokens)
            if not (mention.ambiguous and mention.id in without) and not self._is_excepted(mention, tokens)
        )
        roles = tuple(dict.fromkeys(m.id for m in mentions if m.kind == "role"))
        candidates = tuple(dict.fromkeys(filter(None, map(self._role_of, mentions))))
        sure = {m.id for m in mentions if m.kind == "role" and not m.ambiguous}
        return Recognised(
            tokens=tokens,
            slotted=_slotted(tokens, mentions),
            literal=_slotted(tokens, tuple(m for m in mentions if m.kind not in LITERAL)),
            roles=roles,
            doubtful=frozenset(roles) - sure,
            dropped=without,
            foreign=self._is_foreign(tokens, mentions),
            candidates=candidates,
            implied=tuple(dict.fromkeys(self._implied[m.id] for m in mentions if m.id in self._implied)),
            terms=tuple(dict.fromkeys(m.id for m in mentions if m.kind == "term")),
            filters=_filters(mentions, year=year.value if year else None, pay=pay.value if pay else None),
            before=tuple(_before(tokens, mentions, self._role_of, role) for role in candidates),
        )


def title_reader(knowledge: Knowledge) -> TitleReader:
    """Return what reads job titles with the names of a knowledge base."""
    roles, levels, employment = NameIndex(), NameIndex(), NameIndex()
    _add_roles(roles, knowledge)
    for role in knowledge.lexicon.roles:
        _add_spoken(roles, "role", {role.id: role.advertised})
    facets = knowledge.lexicon.facets
    for term in knowledge.terms.values():
        fields = [name for name in (term.title, *term.aliases) if len(name.split()) > 1]
        _add_spoken(roles, "field", dict.fromkeys(term.related_roles[:1], fields))
    for kind in ("work", "none"):
        _add_spoken(roles, kind, {kind: facets.get("title", {}).get(kind, ())})
    for kind in ("level", "grade"):
        _add_spoken(levels, kind, facets.get(kind, {}))
    _add_spoken(levels, "other", {"other": facets.get("title", {}).get("other", ())})
    _add_spoken(employment, "employment", facets.get("employment", {}))
    return TitleReader(roles, levels, employment)


def _add_roles(names: NameIndex, knowledge: Knowledge) -> None:
    for role in knowledge.lexicon.roles:
        _add_spoken(names, "role", {role.id: (role.title, *role.aliases)})
        for name in role.ambiguous:
            names.add(name, Name("role", role.id, ambiguous=True))
    for profile in knowledge.roles.values():
        names.add(profile.title, Name("role", profile.id))


def _add_spoken(names: NameIndex, kind: str, values: Mapping[str, Sequence[str]]) -> None:
    for value, spoken in values.items():
        for name in spoken:
            names.add(name, Name(kind, value))


def _said(knowledge: Knowledge) -> tuple[Counter[str], Counter[str]]:
    """Return in how many phrasings each word stands, however it is spelt: of those in scope and of those outside."""
    inside: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    for intent in knowledge.intents:
        (outside if intent.intent == OUTSIDE else inside).update(_each_once(intent.phrasings))
    for topic in knowledge.topics.values():
        inside.update(_each_once((*topic.phrasings, topic.title)))
    return inside, outside


def _each_once(phrasings: Iterable[str]) -> Iterator[str]:
    return (word for text in phrasings for word in _words_of((text,)))


def _before(
    tokens: tuple[str, ...], mentions: Sequence[Mention], role_of: Callable[[Mention], str | None], role: str
) -> tuple[str, ...]:
    """Return the few words before the first mention of a role, back to the mention before it at most."""
    mention = next(m for m in mentions if role_of(m) == role)
    last = max((m.end for m in mentions if role_of(m) and m.end <= mention.start), default=0)
    return tokens[max(last, mention.start - DIRECTION_REACH) : mention.start]


def _answers(knowledge: Knowledge) -> Iterator[str]:
    for role in knowledge.roles.values():
        yield from (role.title, role.summary, *(passage.text for passage in role.sections.values()))
    for topic in knowledge.topics.values():
        yield from (topic.title, topic.answer)
    for term in knowledge.terms.values():
        yield from (term.title, term.answer)


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in tokens_of(normalise(SLOT.sub(" ", text))))


def _slotted(tokens: tuple[str, ...], mentions: tuple[Mention, ...]) -> tuple[str, ...]:
    """Put slots in place of names; words for remote work and employment say much by themselves and stay."""
    result: list[str] = []
    at = 0
    for mention in mentions:
        if mention.kind in SLOTTED:
            result += (*tokens[at : mention.start], "{" + mention.kind + "}")
            at = mention.end
    return tuple(_WORD_SLOTS.get(token, token) for token in (*result, *tokens[at:]))


def _filters(mentions: tuple[Mention, ...], *, year: int | None, pay: int | None) -> Filters:
    filters = Filters(year=year, salary_min=pay)
    for mention in mentions:
        match mention.kind:
            case "place" if filters.country is None:
                filters = replace(filters, country=mention.id)
            case "level" if filters.level is None:
                filters = replace(filters, level=Level(mention.id))
            case "remote" if filters.remote is None:
                filters = replace(filters, remote=mention.id == "yes")
            case "employment" if filters.employment is None:
                filters = replace(filters, employment=Employment(mention.id))
            case _:
                pass
    return filters
