"""Loading knowledge: what good files become, and every way in which bad ones are refused."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.knowledge import FigureKind, Knowledge, Section
from bot.advisor.loading import aged, load_knowledge
from bot.advisor.yaml_reading import MAX_BYTES, MAX_DEPTH, MAX_NODES
from bot.errors import KnowledgeError
from bot.language.facets import Level

TOPIC = "id: egg\nphrasings: [how long do I boil an egg]\nanswer: Six minutes.\n"
TAGGED = {"responsibilities", "skills", "education", "tools", "industries", "certifications"}
SOURCES = """\
sources:
  - {id: survey, title: A survey, publisher: Someone, licence: CC0-1.0, url: "https://example.org/a", read: 2026-11-24}
"""


def role(role_id: str = "cook", code: str = "ck", **changed: str) -> str:
    """Return a role file without faults; `changed` replaces the text of sections, or drops one that is empty."""
    lines = [f"id: {role_id}", f"code: {code}", f"title: {role_id}", f"summary: {role_id} s", "choose_if: you like it"]
    lines.append("sections:")
    for section in Section:
        text = changed.get(section, f"{section} of {role_id}.")
        tags = ", tags: [knives]" if section in TAGGED else ""
        if text:
            lines.append(f"  {section}: {{text: '{text}'{tags}}}")
    return "\n".join(lines) + "\n"


def comparison(**changed: str) -> str:
    """Return a comparison of the roles a and b; `changed` replaces values."""
    values = {
        "roles": "[a, b]",
        "shared": "both",
        "different": "much",
        "choose": "{a: x, b: y}",
        "confusion": "none",
        "moving": "easy",
    }
    return "".join(f"{key}: {value}\n" for key, value in (values | changed).items())


def figure(**changed: str) -> str:
    """Return figures.yaml with one figure on line 2; `changed` replaces or adds values."""
    values = {
        "role": "cook",
        "kind": "employee_pay",
        "source": "survey",
        "unit": "USD/year",
        "place": "US",
        "period": "2024",
        "middle": "100",
    }
    inside = ", ".join(f"{key}: {value}" for key, value in (values | changed).items())
    return f"figures:\n  - {{{inside}}}\n"


def load(**files: str | bytes) -> Knowledge:
    """Load files given by their path, with __ for / and without .yaml; a good topic is always among them."""
    named = {"topics/egg.yaml": TOPIC.encode()}
    for name, content in files.items():
        path = name.replace("__", "/").replace("_", "-") + ".yaml"
        named[path] = content.encode() if isinstance(content, str) else content
    return load_knowledge(named)


def faults(**files: str | bytes) -> list[str]:
    """Return the faults of files, as a contributor reads them."""
    with pytest.raises(KnowledgeError) as caught:
        load(**files)
    assert list(caught.value.faults) == sorted(caught.value.faults)
    return [str(fault) for fault in caught.value.faults]


def without_remedy(lines: list[str]) -> list[str]:
    """Return faults without how to mend them."""
    return [line.partition(";")[0] for line in lines]


# What good files become


def test_a_folder_of_topics_alone_is_a_knowledge_base() -> None:
    knowledge = load_knowledge({"topics/egg.yaml": TOPIC.encode()})
    topic = knowledge.topics["egg"]
    assert topic.answer == "Six minutes."
    assert topic.phrasings == ("how long do I boil an egg",)
    assert topic.reviewed is None
    assert not knowledge.roles
    assert knowledge.lexicon.common_words == frozenset()


def test_the_first_phrasing_stands_in_for_a_missing_title() -> None:
    assert load().topics["egg"].title == "How long do I boil an egg"


def test_a_folder_of_roles_alone_is_a_knowledge_base() -> None:
    knowledge = load_knowledge({"roles/cook.yaml": role().encode()})
    assert tuple(knowledge.roles["cook"].sections) == tuple(Section)
    assert knowledge.roles["cook"].sections[Section.TOOLS].tags == ("knives",)


def test_files_that_are_not_knowledge_are_passed_over() -> None:
    extra = {
        "README.md": b"\xff",
        "schema/role.yaml": b"&",
        "topics/.egg.yaml": b"&",
        ".git/x.yaml": b"&",
        "a.json": b"",
    }
    assert load_knowledge({"topics/egg.yaml": TOPIC.encode(), **extra}).topics.keys() == {"egg"}


def test_text_stays_text_whatever_it_looks_like() -> None:
    lexicon = """\
places:
  NO: [norway, no, on, 1.10, 12:30, 0x10, 2026-11-24, null, ~x, 1e3, .inf, "true"]
"""
    assert load(lexicon=lexicon).lexicon.places == {
        "NO": ("norway", "no", "on", "1.10", "12:30", "0x10", "2026-11-24", "null", "~x", "1e3", ".inf", "true")
    }


def test_a_review_is_read_as_year_and_month() -> None:
    assert load(topics__egg=TOPIC + "reviewed: 2026-11\n").topics["egg"].reviewed == date(2026, 11, 1)


def test_a_figure_has_numbers_and_booleans() -> None:
    text = figure(low="90.5", high="120", sample="40", remote="false", level="senior", exact="false", dated="true")
    found = load(roles__cook=role(), sources=SOURCES, figures=text).figures[0]
    assert (found.low, found.middle, found.high, found.sample) == (90.5, 100, 120, 40)
    assert (found.remote, found.exact, found.dated) == (False, False, True)
    assert (found.kind, found.level, found.period) == (FigureKind.EMPLOYEE_PAY, Level.SENIOR, "2024")


def test_figures_come_from_both_files() -> None:
    knowledge = load(
        roles__cook=role(), sources=SOURCES, figures=figure(), salaries=figure(kind="advertised_pay", middle="120")
    )
    assert [found.middle for found in knowledge.figures] == [100, 120]
    assert knowledge.sources["survey"].read == date(2026, 11, 24)


def test_a_comparison_keeps_its_roles_in_order() -> None:
    files = {
        "roles/a.yaml": role("a", "a").encode(),
        "roles/b.yaml": role("b", "b").encode(),
        "comparisons/a--b.yaml": comparison(choose="{b: y, a: x}").encode(),
    }
    found = load_knowledge(files).comparisons[0]
    assert found.roles == ("a", "b")
    assert dict(found.choose) == {"a": "x", "b": "y"}


def test_intents_become_one_record_for_each_section_and_kind() -> None:
    role_intent = "intent: role\nphrasings: ['{role}']\nsections:\n  salary: ['how much does a {role} make']\n"
    talk = "intent: smalltalk\nkinds:\n  thanks: {answer: You're welcome., phrasings: [thanks]}\n"
    intents = load(intents__role=role_intent, intents__smalltalk=talk).intents
    assert [(i.intent, i.section, i.kind, i.answer) for i in intents] == [
        ("role", None, None, None),
        ("role", Section.SALARY, None, None),
        ("smalltalk", None, "thanks", "You're welcome."),
    ]


def test_the_lexicon_holds_names_places_facets_and_common_words() -> None:
    text = """\
roles:
  - {id: cook, title: Cook, aliases: [line cook], ambiguous: [chef], described: [people who cook]}
places:
  GB: [london]
facets:
  level: {entry: [junior]}
  remote: {yes: [wfh], no: [on site]}
  employment: {part-time: [half time]}
  currency: {GBP: [quid]}
  period: {hour: [hourly]}
common_words: >
  The and
  OR
"""
    lexicon = load(lexicon=text).lexicon
    assert lexicon.roles[0].aliases == ("line cook",)
    assert lexicon.facets["remote"] == {"yes": ("wfh",), "no": ("on site",)}
    assert lexicon.facets["level"] == {"entry": ("junior",)}
    assert lexicon.common_words == {"the", "and", "or"}


def test_a_role_that_only_the_lexicon_names_may_be_referred_to() -> None:
    lexicon = "roles:\n  - {id: baker, title: Baker}\n"
    topic = TOPIC + "related_roles: [baker]\n"
    assert load(lexicon=lexicon, topics__egg=topic).topics["egg"].related_roles == ("baker",)


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    text = "\ufeff" + TOPIC.replace("\n", "\r\n")
    assert load(topics__egg=text).topics["egg"].answer == "Six minutes."


def test_knowledge_cannot_be_changed() -> None:
    knowledge = load()
    with pytest.raises(TypeError):
        knowledge.topics["other"] = knowledge.topics["egg"]  # type: ignore[index]


# YAML that is refused

BAD_YAML = [
    ("an anchor", "id: &a egg\n", 1, 'anchor "a" is refused'),
    ("an alias", "id: &a egg\nanswer: *a\n", 2, 'alias "a" is refused'),
    ("a merge key", "id: egg\n<<: {answer: x}\n", 2, "the merge key << is refused"),
    ("a tag", "id: egg\nanswer: !!str x\n", 2, 'tag "tag:yaml.org,2002:str" is refused'),
    ("a tag of its own", "id: egg\nanswer: !x y\n", 2, 'tag "!x" is refused'),
    ("a dangerous tag", "id: egg\nanswer: !!python/object/apply:os.system [x]\n", 2, "is refused"),
    ("a doubled key", "id: egg\nanswer: x\nid: egg\n", 3, 'key "id" stands here a second time; line 1 has it too'),
    ("a doubled inner key", "id: egg\nanswer: {a: b, a: c}\n", 2, 'key "a" stands here a second time'),
    ("a key that is a list", "id: egg\n[a]: b\n", 2, "a key is not text"),
    ("a second document", "id: egg\n---\nid: b\n", 2, "a second document begins"),
    ("no document", "# nothing\n", 1, "the file is empty"),
    ("nothing", "", 1, "the file is empty"),
    ("a list", "- id: egg\n", 1, "the file does not hold keys"),
    ("a text", "egg\n", 1, "the file does not hold keys"),
    ("an open quote", "id: egg\nanswer: 'x\n", 2, "this is not YAML: found unexpected end of stream"),
    ("a colon in text", "id: egg\nanswer: so: it is\n", 2, "this is not YAML: mapping values are not allowed"),
    ("text behind a slot", "phrasings:\n  - {role} pay\n", 2, "this is not YAML"),
    ("a tab as indentation", "id: egg\nphrasings:\n\t- x\n", 3, "this is not YAML"),
    ("a raw control character", "id: egg\nanswer: a\x07\n", 2, "a character that YAML does not allow"),
    ("an escaped control character", 'id: egg\nanswer: "a\\e[1m"\n', 2, "control character U+001B"),
    ("turned text", "id: egg\nanswer: |\n  a\n  b\u202ec\n", 4, "control character U+202E"),
]


@pytest.mark.parametrize(("text", "line", "message"), [row[1:] for row in BAD_YAML], ids=[row[0] for row in BAD_YAML])
def test_bad_yaml_is_refused_where_it_stands(text: str, line: int, message: str) -> None:
    found = [fault for fault in faults(topics__egg=text) if fault.startswith(f"topics/egg.yaml:{line}: ")]
    assert any(message in fault for fault in found)


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    assert faults(topics__egg=b"id: egg\nanswer: caf\xe9\n")[0] == (
        "topics/egg.yaml:2: the file is not UTF-8 text; save it as UTF-8"
    )


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert "topics/egg.yaml:1: the file is larger than" in faults(topics__egg=b"&" * (MAX_BYTES + 1))[0]


def nested_aliases(levels: int) -> str:
    """Return the billion laughs."""
    rows = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(["a0: &a0 lol", *rows])


def nested_merges(levels: int) -> str:
    """Return merge keys of merge keys, which cost PyYAML nine times as much a level."""
    rows = [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, levels)]
    return "\n".join(["a0: &a0 {x: y}", *rows])


BOMBS = {
    "billion laughs": (nested_aliases(30), "is refused"),
    "merge keys": (nested_merges(30), "the merge key << is refused"),
    "depth of lists": ("[" * 500_000, f"more than {MAX_DEPTH} levels deep"),
    "depth of mappings": ("{a: " * 200_000, f"more than {MAX_DEPTH} levels deep"),
    "depth of dashes": ("- " * 300_000, f"more than {MAX_DEPTH} levels deep"),
    "many values": ("- a\n" * (MAX_NODES + 10), f"more than {MAX_NODES:,} values"),
    "many documents": ("--- a\n" * 150_000, "a second document begins"),
    "many anchors": ("&a " * 300_000, "is refused"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_costs_anything(name: str) -> None:
    text, message = BOMBS[name]
    start = time.process_time()
    found = faults(topics__egg=text)
    assert time.process_time() - start < 3
    assert any(message in fault for fault in found)


def test_values_may_stand_as_deep_as_allowed() -> None:
    deep = "x: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert without_remedy(faults(topics__egg=TOPIC + deep + "\n")) == ['topics/egg.yaml:4: unknown key "x"']


# What one file can get wrong

TOPIC_FAULTS = [
    ("a slip in a key", "phrasing: [x]\n", 4, 'unknown key "phrasing"; did you mean "phrasings"?'),
    ("an unknown key", "colour: red\n", 4, 'unknown key "colour"'),
    ("an empty title", "title:\n", 4, '"title" is empty; The question in short; the first phrasing stands in for it.'),
    ("a list for text", "title: [x]\n", 4, '"title" is not text; write one text in place of a list'),
    ("a mapping for text", "title: {role}\n", 4, "\"title\" is not text; quote text that holds ': ' or starts with {"),
    ("two lines for a title", 'title: "a\\nb"\n', 4, '"title": the text holds more than one line; '),
    ("text for a list", "sources: survey\n", 4, "\"sources\" is not a list; write one item a line, each after '- '"),
    (
        "an impossible month",
        "reviewed: 2026-13\n",
        4,
        '"reviewed": "2026-13" is not a year and month; write it like 2026-11',
    ),
    ("a day for a month", "reviewed: 2026-11-24\n", 4, '"reviewed": "2026-11-24" is not a year and month; '),
    ("a bad id", "related_topics: [Egg_1]\n", 4, '"related_topics": "Egg_1" is not an id: '),
]


@pytest.mark.parametrize(
    ("more", "line", "fault"), [row[1:] for row in TOPIC_FAULTS], ids=[row[0] for row in TOPIC_FAULTS]
)
def test_a_fault_of_a_topic_names_line_and_remedy(more: str, line: int, fault: str) -> None:
    found = faults(topics__egg=TOPIC + more)
    assert any(text.startswith(f"topics/egg.yaml:{line}: {fault}") for text in found)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("id: egg\nanswer: x\n", '1: "phrasings" is missing; add it: Ways people ask'),
        ("id: egg\nphrasings: []\nanswer: x\n", '2: "phrasings" is empty; Ways people ask'),
        ("id: egg\nphrasings:\nanswer: x\n", '2: "phrasings" is empty; Ways people ask'),
        ("id: egg\nphrasings:\n  - x\n  -\nanswer: x\n", '4: "phrasings" is empty; Ways people ask'),
        ("id: egg\nphrasings: [x]\nanswer: ''\n", '3: "answer" is empty; At most 900 characters'),
        ("id: egg\nphrasings:\n  - ok\n  - how: yes\nanswer: x\n", '4: "phrasings" is not text; quote text that holds'),
        (
            "id: egg\nphrasings:\n  - ok\n  - '{rol} pay'\nanswer: x\n",
            '4: "phrasings": unknown slot {rol}; did you mean',
        ),
        ("id: egg\nphrasings: ['{ pay']\nanswer: x\n", '2: "phrasings": a brace stands alone; slots look like {role}'),
        (f"id: egg\nphrasings: [x]\nanswer: {'x' * 912}\n", '3: "answer" holds 912 characters, 900 are allowed; '),
        ("id: eg\nphrasings: [x]\nanswer: x\n", '1: the id "eg" is not the file\'s name; rename the file to eg.yaml, '),
        (
            "id: egg\nphrasings: [x]\nanswer: |\n  a\n\n  - b\n    c\n",
            "7: a bullet is longer than one line; join this line",
        ),
        (
            "id: egg\nphrasings: [x]\nanswer: |\n  a\n\n  - b\n  c\n",
            "7: a bullet is longer than one line; join this line",
        ),
        ("id: egg\nphrasings: [x]\nanswer: |\n  a\n\n  * b\n", "6: this is not a bullet; start it with '- '"),
        ("id: egg\nphrasings: [x]\nanswer: |\n\n\n  - a\n  b\n", "7: a bullet is longer than one line"),
        ("id: egg\nphrasings: [x]\nanswer: |\n  - a\n    - b\n", "5: this is not a bullet; start it with '- '"),
        (
            f"id: egg\nphrasings: [x]\nanswer: |\n  a\n\n  - {'x' * 199}\n",
            "6: a bullet has 201 characters, more than 200; shorten it",
        ),
        (
            f"id: egg\nphrasings: [x]\nanswer: |\n  Short.\n\n  It's {'so ' * 40}long.\n",
            "6: a sentence has 42 words, more than 40; make two of it",
        ),
        (
            "id: egg\nphrasings: [x]\nanswer: See [this](example).\n",
            '3: a link leads nowhere; write [words](https://example.org/page) instead of "example"',
        ),
        ("id: egg\nphrasings: [x]\nanswer: See [this](javascript:x) now.\n", "3: a link leads nowhere"),
        ("id: egg\nphrasings: [x]\nanswer: See [this](https://example.org/a\n", "3: a link leads nowhere"),
    ],
)
def test_a_topic_is_checked_in_detail(text: str, fault: str) -> None:
    found = faults(topics__egg=text)
    assert [line.removeprefix("topics/egg.yaml:")[: len(fault)] for line in found] == [fault]


@pytest.mark.parametrize(
    "answer",
    [
        f"It's {'so ' * 38}long.",
        f"- {'x' * 198}",
        "See [this](https://example.org/a_(b)) and [that](http://example.org).".replace("_(b)", ""),
        "An [aside] (in brackets).",
    ],
)
def test_a_text_at_the_limits_is_fine(answer: str) -> None:
    assert load(topics__egg=f"id: egg\nphrasings: [x]\nanswer: |\n  {answer}\n").topics["egg"].answer == answer


def test_a_role_needs_all_twelve_sections() -> None:
    assert faults(roles__cook=role(tools="", outlook="")) == [
        'roles/cook.yaml:6: "outlook" is missing; add it: Where demand goes; the numbers come from figures.yaml.',
        'roles/cook.yaml:6: "tools" is missing; add it: What the work is done with.',
    ]


def test_an_unknown_section_gets_the_nearest_one_as_remedy() -> None:
    assert faults(roles__cook=role() + "  skils: {text: x}\n") == [
        'roles/cook.yaml:19: unknown key "skils"; did you mean "skills"?'
    ]


def test_sections_that_are_compared_need_tags() -> None:
    text = role().replace(", tags: [knives]", "", 1)
    assert without_remedy(faults(roles__cook=text)) == ['roles/cook.yaml:8: "tags" is missing']


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "code: ck",
            "code: cooks",
            'roles/cook.yaml:2: "code": "cooks" is not a code of one to four lower-case letters',
        ),
        ("code: ck", "code: CK", 'roles/cook.yaml:2: "code": "CK" is not a code'),
        (
            "summary: cook s",
            f"summary: {'x' * 161}",
            'roles/cook.yaml:4: "summary" holds 161 characters, 160 are allowed',
        ),
        ("choose_if: you like it", "choose_if:", 'roles/cook.yaml:5: "choose_if" is empty'),
        ("tags: [knives]", "tags: []", 'roles/cook.yaml:8: "tags" is empty'),
        (
            "sections:",
            "interests: Artistic, Socal\nsections:",
            'roles/cook.yaml:6: "interests": unknown interest "Socal"; did',
        ),
        ("sections:", "related: [{id: cook}]\nsections:", 'roles/cook.yaml:6: "reason" is missing'),
        ("'overview of cook.'", f"'{'x' * 901}'", 'roles/cook.yaml:7: "text" holds 901 characters, 900 are allowed'),
    ],
)
def test_a_fault_of_a_role_names_line_and_remedy(old: str, new: str, fault: str) -> None:
    found = faults(roles__cook=role().replace(old, new, 1))
    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"kind": "advertized_pay"}, 'unknown kind "advertized_pay"; did you mean "advertised_pay"?'),
        ({"level": "boss"}, 'unknown level "boss"; use one of: entry, executive, mid, senior'),
        ({"unit": "USD"}, '"unit": "USD" is not a currency per year or "percent"; write it like USD/year'),
        ({"unit": "percent"}, '"unit": "percent" is no unit of employee_pay; growth is in percent, pay in a currency'),
        ({"kind": "growth"}, '"unit": "USD/year" is no unit of growth; growth is in percent'),
        ({"place": "us"}, '"place": "us" is not a country of two upper-case letters; write it like GB'),
        ({"low": "101"}, '"middle": middle is below low; order them: low, middle, high'),
        ({"high": "99"}, '"high": high is below middle; order them: low, middle, high'),
        ({"middle": "1e5"}, '"middle": "1e5" is not a number; write digits only, such as 150000'),
        ({"middle": "nan"}, '"middle": "nan" is not a number'),
        ({"middle": "100,000"}, 'unknown key "000"'),
        ({"middle": "'100,000'"}, '"middle": "100,000" is not a number'),
        ({"middle": "9" * 400}, '"middle": "9999'),
        ({"middle": "[1]"}, '"middle" is not'),
        ({"sample": "0"}, '"sample": "0" is not a whole number above zero'),
        ({"sample": "1.5"}, '"sample": "1.5" is not a whole number above zero'),
        ({"remote": "yes"}, '"remote": "yes" is neither true nor false; write true or false'),
        ({"source": "survy"}, 'unknown source "survy"; did you mean "survey"?'),
        ({"source": "elsewhere"}, 'unknown source "elsewhere"; add it to sources.yaml'),
        ({"role": "cok"}, 'unknown role "cok"; did you mean "cook"?'),
    ],
)
def test_a_fault_of_a_figure_names_line_and_remedy(changed: dict[str, str], fault: str) -> None:
    found = faults(roles__cook=role(), sources=SOURCES, figures=figure(**changed))
    assert len(found) == 1
    assert found[0].startswith(f"figures.yaml:2: {fault}")


def test_a_figure_without_a_source_is_refused() -> None:
    text = figure().replace("source: survey, ", "")
    assert faults(roles__cook=role(), sources=SOURCES, figures=text) == [
        'figures.yaml:2: "source" is missing; add it: An id from sources.yaml.'
    ]


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "javascript:alert(1)", "example.org", "https://", "http://a b.c"]
)
def test_a_source_has_an_address_on_the_web_or_none(url: str) -> None:
    found = faults(sources=SOURCES.replace("https://example.org/a", url))
    assert found == [
        f'sources.yaml:2: "url": "{url}" is not an address on the web; write it like https://example.org/page'
    ]


@pytest.mark.parametrize(
    ("name", "changed", "fault"),
    [
        ("a--b", {"roles": "[b, a]"}, '1: "roles": the roles are not sorted; write [a, b]'),
        ("a--a", {"roles": "[a, a]"}, '1: "roles": a role is compared with itself; name two roles'),
        ("a--b", {"roles": "[a]"}, '1: "roles" holds 1 of 2 items; The ids of two roles, sorted.'),
        ("a--b--c", {"roles": "[a, b, c]"}, '1: "roles" holds 3 items, 2 are allowed'),
        ("a--b", {"choose": "{a: x}"}, '4: "choose": the keys are a; use the two roles: a, b'),
        ("a--b", {"choose": "{a: x, b: y, c: z}"}, '4: "choose": the keys are a, b, c; use the two roles: a, b'),
        ("b--a", {}, "1: the file is not named after its roles; rename it to a--b.yaml"),
        ("a--d", {"roles": "[a, d]", "choose": "{a: x, d: y}"}, '1: unknown role "d"; add it to lexicon.yaml'),
    ],
)
def test_a_fault_of_a_comparison_names_line_and_remedy(name: str, changed: dict[str, str], fault: str) -> None:
    files = {f"roles/{role_id}.yaml": role(role_id, role_id).encode() for role_id in "abc"}
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge({**files, f"comparisons/{name}.yaml": comparison(**changed).encode()})
    assert [str(found)[: len(name) + 18 + len(fault)] for found in caught.value.faults] == [
        f"comparisons/{name}.yaml:{fault}"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("intent: role\nsections:\n  salry: [x]\n", 'intents/role.yaml:3: unknown key "salry"; did you mean "salary"?'),
        ("intent: role\nsections:\n  salary: []\n", 'intents/role.yaml:3: "salary" is empty; For role and compare: '),
        (
            "intent: role\nkinds: {a: {phrasings: [x]}}\n",
            'intents/role.yaml:2: "kinds": only the intents smalltalk, help and out_of_scope',
        ),
        ("intent: jobs\nphrasings: ['{job}']\n", 'intents/role.yaml:2: "phrasings": unknown slot {job}; use one of: '),
    ],
)
def test_a_fault_of_an_intent_names_line_and_remedy(text: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults(intents__role=text))


def test_an_unknown_intent_gets_the_nearest_one_as_remedy() -> None:
    assert faults(intents__smaltalk="intent: smaltalk\nphrasings: [x]\n") == [
        'intents/smaltalk.yaml:1: unknown intent "smaltalk"; did you mean "smalltalk"?'
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("places: {no: [norway]}\n", '1: "no" is not a country of two upper-case letters; write it like GB'),
        ("places: {NOR: [norway]}\n", '1: "NOR" is not a country'),
        ("places: {NO: norway}\n", '1: "NO" is not a list; write one item a line'),
        ("facets:\n  level: {boss: [x]}\n", '2: unknown key "boss"; use one of: entry, executive, mid, senior'),
        ("facets:\n  remote: {maybe: [x]}\n", '2: unknown key "maybe"; use one of: no, yes'),
        ("facets:\n  pay: {a: [x]}\n", '2: unknown key "pay"'),
        ("common_words: [a, b]\n", '1: "common_words" is not text; write one text in place of a list'),
        (
            "roles:\n  - {id: a, title: A}\n  - {id: a, title: B}\n",
            '3: the id "a" also stands at lexicon.yaml:2; keep one',
        ),
    ],
)
def test_a_fault_of_the_lexicon_names_line_and_remedy(text: str, fault: str) -> None:
    found = faults(lexicon=text)
    assert len(found) == 1
    assert found[0].startswith(f"lexicon.yaml:{fault}")


# What only shows when files are looked at together


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("topic/a.yaml", 'unknown folder "topic"; did you mean "topics"?'),
        ("elsewhere/a.yaml", 'unknown folder "elsewhere"; use one of: comparisons, intents, roles, terms, topics'),
        ("topics/deeper/a.yaml", 'unknown folder "topics/deeper"; move it to topics/a.yaml'),
        ("lexicn.yaml", 'unknown file "lexicn.yaml"; did you mean "lexicon.yaml"?'),
        ("a.yaml", 'unknown file "a.yaml"; move it into roles, topics, terms, comparisons, intents'),
        ("topics/a.yml", "the file's name does not end in .yaml; rename it to a.yaml"),
        ("topics/a.YAML", "the file's name does not end in .yaml; rename it to a.yaml"),
    ],
)
def test_a_file_in_the_wrong_place_is_a_fault(path: str, fault: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge({"topics/egg.yaml": TOPIC.encode(), path: b"id: a\n"})
    assert str(caught.value) == f"{path}:1: {fault}"


@pytest.mark.parametrize("files", [{}, {"sources.yaml": SOURCES.encode()}, {"README.md": b"hello"}])
def test_knowledge_without_roles_and_topics_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(KnowledgeError, match="there is neither a role nor a topic; add topics/"):
        load_knowledge(files)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("related_roles: [cok]\n", 'unknown role "cok"; did you mean "cook"?'),
        ("related_topics: [eg]\n", 'unknown topic "eg"; did you mean "egg"?'),
        ("related_topics: [rice]\n", 'unknown topic "rice"; add it to topics/'),
        ("sources: [survy]\n", 'unknown source "survy"; did you mean "survey"?'),
    ],
)
def test_an_id_that_leads_nowhere_is_a_fault(more: str, fault: str) -> None:
    found = faults(roles__cook=role(), sources=SOURCES, topics__egg=TOPIC + more)
    assert found == [f"topics/egg.yaml:4: {fault}"]


def test_ids_of_a_role_and_a_term_are_followed_too() -> None:
    text = role().replace("sections:", "related: [{id: bakr, reason: bread}]\nsections:", 1)
    text = text.replace("text: 'overview of cook.'", "text: 'overview of cook.', sources: [none]")
    term = "id: roux\ntitle: Roux\nanswer: Butter and flour.\nrelated_terms: [rou]\nrelated_roles: [cook]\n"
    assert faults(roles__cook=text, terms__roux=term) == [
        'roles/cook.yaml:6: unknown role "bakr"; add it to lexicon.yaml',
        'roles/cook.yaml:8: unknown source "none"; add it to sources.yaml',
        'terms/roux.yaml:4: unknown term "rou"; did you mean "roux"?',
    ]


def test_a_list_of_sources_that_cannot_be_read_causes_no_further_faults() -> None:
    assert len(faults(sources="sources: [", topics__egg=TOPIC + "sources: [survey]\n")) == 1


def test_a_file_with_a_fault_can_still_be_referred_to() -> None:
    rice = "id: rice\nphrasings: [rice]\n"
    found = faults(topics__rice=rice, topics__egg=TOPIC + "related_topics: [rice]\n")
    assert without_remedy(found) == ['topics/rice.yaml:1: "answer" is missing']


def test_a_code_belongs_to_one_role() -> None:
    assert faults(roles__baker=role("baker"), roles__cook=role()) == [
        'roles/cook.yaml:2: the code "ck" also stands at roles/baker.yaml:2; codes tell roles apart; choose another'
    ]


def test_a_source_is_listed_once() -> None:
    second = SOURCES + SOURCES.splitlines()[1] + "\n"
    assert faults(sources=second) == ['sources.yaml:3: the id "survey" also stands at sources.yaml:2; keep one']


def test_a_phrasing_stands_under_one_label() -> None:
    rice = "id: rice\nphrasings:\n  - rice\n  - How long do I  boil an EGG\nanswer: x\n"
    help_intent = "intent: help\nkinds:\n  usage:\n    phrasings: [rice]\n"
    assert without_remedy(faults(topics__rice=rice, intents__help=help_intent)) == [
        'intents/help.yaml:4: the phrasing "rice" also stands at topics/rice.yaml:3',
        'topics/rice.yaml:4: the phrasing "How long do I  boil an EGG" also stands at topics/egg.yaml:2',
    ]


def test_two_sections_of_an_intent_share_no_phrasing() -> None:
    text = "intent: role\nsections:\n  salary: ['{role} pay']\n  outlook: ['{role} Pay']\n"
    assert without_remedy(faults(intents__role=text)) == [
        'intents/role.yaml:4: the phrasing "{role} Pay" also stands at intents/role.yaml:3'
    ]


def test_a_name_stands_for_one_role() -> None:
    text = """\
roles:
  - {id: cook, title: Cook, aliases: [line cook]}
  - {id: baker, title: Baker, ambiguous: [Line-Cooks]}
"""
    assert without_remedy(faults(lexicon=text)) == [
        'lexicon.yaml:3: the name "Line-Cooks" also stands at lexicon.yaml:2'
    ]


def test_a_name_stands_for_one_term() -> None:
    roux = "id: roux\ntitle: Roux\naliases: [thickener]\nanswer: Butter and flour.\n"
    starch = "id: starch\ntitle: Starch\naliases:\n  - thickener\nanswer: Flour.\n"
    assert without_remedy(faults(terms__roux=roux, terms__starch=starch)) == [
        'terms/starch.yaml:4: the name "thickener" also stands at terms/roux.yaml:3'
    ]


def test_two_entries_share_no_sentence() -> None:
    rice = """\
id: rice
phrasings: [rice]
answer: |
  Rinse it first.

  - **Tip**: salt the water before it boils!
"""
    egg = TOPIC.replace("Six minutes.", "Six minutes. Salt the water, before it boils.")
    assert without_remedy(faults(topics__rice=rice, topics__egg=egg)) == [
        'topics/rice.yaml:6: the sentence "- **Tip**: salt the water before it boils!" also stands at topics/egg.yaml:3'
    ]


def test_short_sentences_may_be_shared() -> None:
    rice = "id: rice\nphrasings: [rice]\nanswer: Six minutes. It depends on the day.\n"
    egg = TOPIC.replace("Six minutes.", "Six minutes. It depends on the day.")
    assert load(topics__rice=rice, topics__egg=egg).topics.keys() == {"egg", "rice"}


def test_every_fault_of_every_file_is_told_at_once() -> None:
    found = faults(
        topics__egg="id: eg\nphrasing: [x]\nanswer: '{'\n",
        roles__cook=role(tools="").replace("code: ck", "code: COOK"),
        sources="sources: &a [\n",
        lexicon="places: {no: [x]}\n",
    )
    assert [fault.split(": ")[0] for fault in found] == [
        "lexicon.yaml:1",
        "roles/cook.yaml:2",
        "roles/cook.yaml:6",
        "sources.yaml:1",
        "sources.yaml:1",
        "topics/egg.yaml:1",
        "topics/egg.yaml:1",
        "topics/egg.yaml:2",
    ]


def test_faults_show_hostile_text_harmlessly() -> None:
    found = faults(topics__egg=TOPIC + '"\\e[31mred": x\n' + f"{'k' * 500}: x\n")
    assert all(text.isprintable() and len(text) < 200 for text in found)


# Whatever bytes come

PATHS = st.sampled_from(
    [
        "roles/a.yaml",
        "topics/a.yaml",
        "terms/a.yaml",
        "comparisons/a--b.yaml",
        "intents/role.yaml",
        "lexicon.yaml",
        "figures.yaml",
        "sources.yaml",
        "odd/a.yaml",
    ]
)
KEYS = "id a roles phrasings answer sections skills text figures role sources kinds intent places"
VALUES = "NO {role} 2026-11 -1 true null *a &a << !!str - | >"
WORDS = st.sampled_from((*KEYS.split(), *VALUES.split()))
TREES = st.recursive(
    WORDS | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(WORDS, inner, max_size=4).map(
            lambda pairs: f"{{{', '.join(f'{key}: {value}' for key, value in pairs.items())}}}"
        )
    ),
    max_leaves=12,
)
LINES = st.lists(st.tuples(WORDS, TREES), max_size=6).map(
    lambda pairs: "\n".join(f"{key}: {value}" for key, value in pairs).encode(errors="replace")
)


@given(st.dictionaries(PATHS | st.text(max_size=12), st.binary(max_size=200) | LINES, max_size=4))
def test_whatever_the_files_hold_there_is_knowledge_or_a_list_of_faults(files: dict[str, bytes]) -> None:
    assert read_all_or_say_why(files)


def read_all_or_say_why(files: dict[str, bytes]) -> bool:
    """Return whether loading gave knowledge, or faults that say where they are."""
    try:
        knowledge = load_knowledge(files)
    except KnowledgeError as error:
        return bool(error.faults) and all(fault.line >= 1 and fault.message for fault in error.faults)
    return bool(knowledge.topics or knowledge.roles)


# What grows old

TODAY = date(2026, 11, 24)


def old(today: date = TODAY, months: int | None = None, **files: str) -> list[str]:
    named = {f"{name.replace('__', '/')}.yaml": content.encode() for name, content in files.items()}
    return [str(fault) for fault in aged(named, today, months)]


@pytest.mark.parametrize(
    ("changed", "last"),
    [
        ({"period": "2020-2022"}, 2026),
        ({"period": "May 2022"}, 2026),
        ({"kind": "advertised_pay", "period": "2022"}, 2026),
        ({"kind": "growth", "unit": "percent", "period": "2016-2026"}, 2026),
    ],
)
def test_a_figure_is_of_use_until_its_shelf_life_ends(changed: dict[str, str], last: int) -> None:
    text = figure(**changed)
    assert old(date(last, 12, 31), figures=text) == []
    (fault,) = old(date(last + 1, 1, 1), figures=text)
    assert fault.startswith(f"figures.yaml:2: a figure of {changed['period']} is older than its shelf life, ")
    assert fault.endswith(f"which ended with {last}; replace it by a newer one, or mark it `dated: true`")


@pytest.mark.parametrize("changed", [{"dated": "true"}, {"period": "lately"}, {"kind": "guess"}])
def test_a_figure_that_is_marked_or_cannot_be_dated_does_not_grow_old(changed: dict[str, str]) -> None:
    assert old(figures=figure(**({"period": "1999"} | changed))) == []


def test_what_nobody_reviewed_for_so_long_is_listed() -> None:
    files = {
        "topics__egg": TOPIC + "reviewed: 2025-05\n",
        "topics__rice": TOPIC.replace("egg", "rice") + "reviewed: 2025-04\n",
        "topics__soup": TOPIC.replace("egg", "soup"),
        "topics__tea": TOPIC.replace("egg", "tea") + "reviewed: lately\n",
    }
    assert old(months=18, **files) == [
        "topics/rice.yaml:4: last reviewed 2025-04; read it, then write reviewed: 2026-11",
        "topics/soup.yaml:1: never reviewed; read it, then write reviewed: with year and month",
    ]
