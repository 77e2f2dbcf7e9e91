"""From a Reading to an Answer, on a knowledge base about kitchens."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.advisor import NEXT_STEPS, Advisor
from bot.advisor.answer import (
    Answer,
    Choose,
    Facts,
    Figures,
    Gap,
    NoFigure,
    NotDescribed,
    Openings,
    Prose,
    Suggestions,
    Summaries,
)
from bot.advisor.knowledge import Figure, FigureKind, Knowledge, Section
from bot.advisor.reading import Intent, Outcome, Reading
from bot.jobs.job import Job
from bot.language.facets import NO_FILTERS, Filters, Level

PAY = Section.SALARY
REMOTE = Filters(remote=True)
ENTRY = Filters(level=Level.ENTRY)
CHEF_PAY = Reading(Intent.ROLE, roles=("chef",), section=PAY)
JOB = Job("j1", "Head Chef", "Inn", "listing", datetime(2026, 11, 1, tzinfo=UTC), role="chef")


def overview(role: str) -> Reading:
    return Reading(Intent.ROLE, roles=(role,), section=Section.OVERVIEW)


def answered(advisor: Advisor, reading: Reading, question: str = "") -> Answer:
    return advisor.answer(reading, Facts(), question=question)


def figures_of(answer: Answer) -> list[tuple[str, float]]:
    return [
        (figure.role, figure.middle)
        for block in answer.blocks
        if isinstance(block, Figures)
        for figure in block.figures
    ]


def kinds(answer: Answer) -> list[type]:
    return [type(block) for block in answer.blocks]


@pytest.mark.parametrize(
    "reading",
    [
        overview("chef"),
        Reading(Intent.COMPARE, roles=("chef", "waiter")),
        Reading(Intent.TRANSITION, roles=("waiter", "chef")),
        Reading(Intent.FIT),
        Reading(Intent.JOBS, roles=("chef",)),
        Reading(Intent.TOPIC, topic="school"),
        Reading(Intent.TERM, term="roux"),
        Reading(Intent.HELP, kind="usage"),
        Reading(Intent.SMALLTALK, kind="thanks"),
    ],
    ids=lambda reading: reading.intent,
)
def test_every_intent_is_answered_with_something(advisor: Advisor, reading: Reading) -> None:
    answer = answered(advisor, reading)
    assert answer.blocks
    assert answer.reading == reading
    assert answer.intent is reading.intent


def test_question_out_of_scope_is_answered_by_nothing_but_what_comes_near(advisor: Advisor) -> None:
    near = Reading(Intent.JOBS)
    answer = answered(advisor, Reading(Intent.OUT_OF_SCOPE, outcome=Outcome.DECLINE, choices=(near,)))
    assert (answer.blocks, answer.next_steps) == ((), (near,))


def test_question_asked_back_offers_its_choices(advisor: Advisor) -> None:
    choices = (overview("chef"), overview("waiter"))
    answer = answered(advisor, Reading(None, outcome=Outcome.CHOICES, choices=choices))
    assert (answer.blocks, answer.next_steps, answer.intent) == ((), choices, Intent.OUT_OF_SCOPE)


@pytest.mark.parametrize("section", [section for section in Section if section not in {PAY, Section.OUTLOOK}])
def test_section_of_a_role_is_its_text(advisor: Advisor, section: Section) -> None:
    answer = answered(advisor, Reading(Intent.ROLE, roles=("waiter",), section=section))
    assert answer.titles == ("Waiter",)
    assert answer.blocks == (Prose(advisor.knowledge.roles["waiter"].sections[section].text),)
    assert answer.sources == ()


def test_role_without_a_section_gets_its_overview(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.ROLE, roles=("chef",)))
    assert answer.blocks == (Prose(advisor.knowledge.roles["chef"].sections[Section.OVERVIEW].text),)


def test_role_leads_on_to_its_neighbour_its_jobs_and_its_pay(advisor: Advisor) -> None:
    assert answered(advisor, overview("chef")).next_steps == (
        Reading(Intent.COMPARE, roles=("chef", "pastry-cook")),
        Reading(Intent.JOBS, roles=("chef",)),
        CHEF_PAY,
    )


def test_pay_leads_on_to_how_to_get_there(advisor: Advisor) -> None:
    assert answered(advisor, CHEF_PAY).next_steps[-1] == Reading(Intent.TRANSITION, roles=("chef",))


def test_role_whose_neighbours_have_no_profile_leads_on_without_comparing(knowledge: Knowledge) -> None:
    alone = replace(knowledge.roles["chef"], related=(replace(knowledge.roles["chef"].related[0], id="sommelier"),))
    lonely = Advisor(replace(knowledge, roles={**knowledge.roles, "chef": alone}))
    assert [step.intent for step in answered(lonely, overview("chef")).next_steps] == [Intent.JOBS, Intent.ROLE]


def test_pay_is_shown_with_the_sources_of_every_figure(advisor: Advisor) -> None:
    answer = answered(advisor, CHEF_PAY)
    assert kinds(answer) == [Figures, Prose]
    assert figures_of(answer) == [("chef", 60_000), ("chef", 58_000), ("chef", 40_000)]
    assert [source.id for source in answer.sources] == ["guild", "census", "survey"]


def test_pay_in_a_place_is_that_place_only(advisor: Advisor) -> None:
    answer = answered(advisor, replace(CHEF_PAY, filters=Filters(country="FR")))
    assert figures_of(answer) == [("chef", 45_000)]
    assert [source.id for source in answer.sources] == ["guild"]


@pytest.mark.parametrize("filters", [Filters(country="BR"), Filters(country="DE"), Filters(remote=True)])
def test_pay_that_is_unknown_is_said_so_beside_what_is_known(advisor: Advisor, filters: Filters) -> None:
    answer = answered(advisor, replace(CHEF_PAY, filters=filters))
    assert answer.blocks[0] == NoFigure("chef", filters)
    assert figures_of(answer) == [("chef", 60_000), ("chef", 58_000), ("chef", 40_000)]


def test_where_the_pay_of_a_level_is_unknown_the_pay_of_that_country_is_shown(advisor: Advisor) -> None:
    filters = Filters(country="FR", level=Level.ENTRY)
    answer = answered(advisor, replace(CHEF_PAY, filters=filters))
    assert answer.blocks[0] == NoFigure("chef", filters)
    assert figures_of(answer) == [("chef", 45_000)]


def test_pay_of_a_role_without_any_figure_is_unknown(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.ROLE, roles=("waiter",), section=PAY))
    assert answer.blocks[0] == NoFigure("waiter", NO_FILTERS)
    assert figures_of(answer) == []


def test_outlook_is_shown_with_its_projections_current_ones_first(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.ROLE, roles=("chef",), section=Section.OUTLOOK))
    assert figures_of(answer) == [("chef", 15), ("chef", 6)]
    assert [source.id for source in answer.sources] == ["census", "survey"]


def test_outlook_without_a_projection_is_told_in_words(advisor: Advisor) -> None:
    assert kinds(answered(advisor, Reading(Intent.ROLE, roles=("waiter",), section=Section.OUTLOOK))) == [Prose]


def test_sources_of_a_section_are_cited_once_and_unknown_ones_are_not(knowledge: Knowledge) -> None:
    chef = knowledge.roles["chef"]
    cited = replace(chef.sections[PAY], sources=("survey", "guild", "nowhere"))
    roles = {**knowledge.roles, "chef": replace(chef, sections={**chef.sections, PAY: cited})}
    answer = answered(Advisor(replace(knowledge, roles=roles)), CHEF_PAY)
    assert [source.id for source in answer.sources] == ["guild", "census", "survey"]


def test_role_without_a_profile_is_known_and_not_yet_described(advisor: Advisor) -> None:
    answer = answered(advisor, overview("sommelier"))
    assert answer.titles == ("Sommelier",)
    assert answer.blocks == (NotDescribed("sommelier", "Sommelier"),)
    assert answer.next_steps == ()


def test_pay_of_a_role_without_a_profile_is_shown_with_its_source(knowledge: Knowledge, advisor: Advisor) -> None:
    poured = Figure("sommelier", FigureKind.ADVERTISED_PAY, "guild", "USD/year", "US", "2025", 52_000)
    known = Advisor(replace(knowledge, figures=(*knowledge.figures, poured)), trained=advisor.interpreter.trained)
    answer = answered(known, Reading(Intent.ROLE, roles=("sommelier",), section=PAY))
    assert answer.blocks == (NotDescribed("sommelier", "Sommelier"), Figures((poured,)))
    assert [source.id for source in answer.sources] == ["guild"]


def test_unknown_pay_of_a_role_without_a_profile_is_said_so(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.ROLE, roles=("sommelier",), section=PAY))
    assert answer.blocks == (NotDescribed("sommelier", "Sommelier"), NoFigure("sommelier", NO_FILTERS))


def test_comparison_leads_on_to_each_role_and_to_their_pay(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.COMPARE, roles=("chef", "waiter")))
    assert answer.titles == ("Head Chef", "Waiter")
    assert answer.next_steps == (
        overview("chef"),
        overview("waiter"),
        Reading(Intent.COMPARE, roles=("chef", "waiter"), section=PAY),
    )


def test_comparison_of_pay_cites_its_figures_and_does_not_lead_to_itself(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.COMPARE, roles=("chef", "waiter"), section=PAY))
    assert kinds(answer) == [NoFigure, Figures, Summaries, Choose]
    assert [source.id for source in answer.sources] == ["guild", "census"]
    assert answer.next_steps == (overview("chef"), overview("waiter"))


def test_editors_words_on_two_roles_are_used_in_either_order_and_cited(advisor: Advisor) -> None:
    for roles in (("chef", "pastry-cook"), ("pastry-cook", "chef")):
        answer = answered(advisor, Reading(Intent.COMPARE, roles=roles))
        assert answer.blocks[1] == Prose("One leads the kitchen, the other the oven.")
        assert [source.id for source in answer.sources] == ["guild"]


def test_comparison_with_a_role_that_is_not_described_tells_the_other(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.COMPARE, roles=("chef", "sommelier")))
    assert answer.titles == ("Head Chef", "Sommelier")
    assert kinds(answer) == [NotDescribed, Prose]


def test_comparison_of_three_names_the_one_that_is_not_described(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.COMPARE, roles=("chef", "sommelier", "waiter")))
    assert answer.blocks[0] == NotDescribed("sommelier", "Sommelier")
    assert isinstance(answer.blocks[-1], Choose)
    assert [line.role for line in answer.blocks[-1].lines] == ["chef", "waiter"]


def test_move_between_two_roles_leads_on_to_skills_comparison_and_jobs(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.TRANSITION, roles=("waiter", "chef")))
    assert kinds(answer) == [Gap, Prose]
    assert answer.next_steps == (
        Reading(Intent.ROLE, roles=("chef",), section=Section.SKILLS),
        Reading(Intent.COMPARE, roles=("waiter", "chef")),
        Reading(Intent.JOBS, roles=("chef",)),
    )


def test_way_into_a_role_needs_no_origin(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.TRANSITION, roles=("chef",)))
    assert kinds(answer) == [Prose]
    assert [step.intent for step in answer.next_steps] == [Intent.ROLE, Intent.JOBS]


def test_move_from_a_role_that_is_not_described_tells_how_to_start(advisor: Advisor) -> None:
    assert kinds(answered(advisor, Reading(Intent.TRANSITION, roles=("sommelier", "chef")))) == [NotDescribed, Prose]


@pytest.mark.parametrize("roles", [("chef", "sommelier"), ("sommelier",)])
def test_move_to_a_role_that_is_not_described_says_so(advisor: Advisor, roles: tuple[str, ...]) -> None:
    answer = answered(advisor, Reading(Intent.TRANSITION, roles=roles))
    assert answer.blocks == (NotDescribed("sommelier", "Sommelier"),)


def test_fit_suggests_roles_by_what_is_asked_and_leads_on_to_them(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.FIT), "i want to carry plates and meet guests")
    (suggestions,) = answer.blocks
    assert isinstance(suggestions, Suggestions)
    assert suggestions.lines[0].role == "waiter"
    assert answer.next_steps == tuple(overview(line.role) for line in suggestions.lines)


def test_fit_among_roles_that_are_named_suggests_these(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.FIT, roles=("waiter", "chef")), "i like menus")
    assert answer.next_steps == (overview("chef"), overview("waiter"))


def test_open_jobs_are_the_facts_that_were_found(advisor: Advisor) -> None:
    reading = Reading(Intent.JOBS, roles=("chef",))
    answer = advisor.answer(reading, Facts((JOB,), total=7))
    assert answer.blocks == (Openings((JOB,), 7),)
    assert answer.titles == ("Head Chef",)


@pytest.mark.parametrize(
    ("roles", "asked", "steps"),
    [
        (("chef",), NO_FILTERS, (CHEF_PAY, REMOTE, ENTRY)),
        (("chef",), Filters(country="NO"), (CHEF_PAY, NO_FILTERS, replace(REMOTE, country="NO"))),
        ((), NO_FILTERS, (REMOTE, ENTRY)),
        ((), REMOTE, (NO_FILTERS, replace(ENTRY, remote=True))),
        ((), ENTRY, (NO_FILTERS, replace(ENTRY, remote=True))),
    ],
)
def test_open_jobs_lead_to_the_pay_of_their_role_and_to_wider_and_narrower_searches(
    advisor: Advisor, roles: tuple[str, ...], asked: Filters, steps: tuple[Reading | Filters, ...]
) -> None:
    answer = answered(advisor, Reading(Intent.JOBS, roles=roles, filters=asked))
    assert answer.next_steps == tuple(
        Reading(Intent.JOBS, roles=roles, filters=step) if isinstance(step, Filters) else step for step in steps
    )


def test_topic_is_told_with_its_source_and_leads_on_to_related_ones_and_described_roles(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.TOPIC, topic="night-work"))
    assert answer.titles == ("Working at night",)
    assert answer.blocks == (Prose("Mostly yes.\n\n- **Weekends**: too"),)
    assert [source.id for source in answer.sources] == ["guild"]
    assert answer.next_steps == (Reading(Intent.TOPIC, topic="school"), overview("chef"))


def test_term_is_told_and_leads_on_to_roles_and_related_terms(advisor: Advisor) -> None:
    answer = answered(advisor, Reading(Intent.TERM, term="roux"))
    assert answer.titles == ("Roux",)
    assert answer.blocks == (Prose("Flour cooked in fat."),)
    assert answer.next_steps == (overview("chef"), Reading(Intent.TERM, term="sous-vide"))
    assert answered(advisor, Reading(Intent.TERM, term="sous-vide")).next_steps == ()


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Reading(Intent.HELP, kind="usage"), "Words about usage."),
        (Reading(Intent.SMALLTALK, kind="greeting"), "Words about greeting."),
        (Reading(Intent.SMALLTALK, kind="thanks"), "Words about thanks."),
        (Reading(Intent.SMALLTALK), "Words about greeting."),
        (Reading(Intent.SMALLTALK, kind="unheard"), "Words about greeting."),
    ],
)
def test_help_and_small_talk_are_said_in_the_words_of_the_knowledge_base(
    advisor: Advisor, reading: Reading, words: str
) -> None:
    assert answered(advisor, reading).blocks == (Prose(words),)


ROLES = st.lists(st.sampled_from(["chef", "pastry-cook", "waiter", "sommelier"]), min_size=1, max_size=4, unique=True)


@given(
    st.sampled_from([Intent.ROLE, Intent.COMPARE, Intent.TRANSITION, Intent.FIT, Intent.JOBS]),
    ROLES,
    st.sampled_from([None, *Section]),
    st.sampled_from([NO_FILTERS, Filters(country="FR"), Filters(country="BR"), Filters(year=2019)]),
)
def test_every_shown_figure_is_cited_and_every_next_step_can_be_answered(
    advisor: Advisor, intent: Intent, roles: list[str], section: Section | None, filters: Filters
) -> None:
    answer = answered(advisor, Reading(intent, roles=tuple(roles), section=section, filters=filters))
    cited = {source.id for source in answer.sources}
    assert {f.source for block in answer.blocks if isinstance(block, Figures) for f in block.figures} <= cited
    assert len(answer.next_steps) <= max(NEXT_STEPS, len(roles))
    for step in answer.next_steps:
        assert answered(advisor, step).blocks


@pytest.mark.parametrize(
    ("message", "main", "second"),
    [
        (
            "what is a chef? any openings for a waiter?",
            Reading(Intent.JOBS, roles=("waiter",)),
            overview("chef"),
        ),
        (
            "explain the job chef. is culinary school worth it?",
            Reading(Intent.TOPIC, topic="school"),
            overview("chef"),
        ),
        (
            "is culinary school worth it? what is a waiter?",
            overview("waiter"),
            Reading(Intent.TOPIC, topic="school"),
        ),
        (
            "what is roux? also what is a sommelier?",
            Reading(Intent.TERM, term="roux"),
            overview("sommelier"),
        ),
    ],
)
def test_second_question_of_a_message_is_answered_too(
    advisor: Advisor, message: str, main: Reading, second: Reading
) -> None:
    reading = advisor.read(message)
    (also,) = reading.also
    both = ((main, second), (second, main))
    for found, expected in zip((reading, also), both[reading.intent is not main.intent], strict=True):
        assert (found.outcome, found.intent) == (Outcome.ANSWER, expected.intent)
        assert (found.roles, found.section) == (expected.roles, expected.section)
        assert (found.topic, found.term) == (expected.topic, expected.term)
    assert also.choices == ()


@pytest.mark.parametrize(
    "message",
    [
        "what is a chef?",
        "hello, what is a chef?",
        "what is a chef? who won the match?",
        "what is a chef pay and what is a waiter pay",
        "any openings for a chef? any openings for a waiter?",
        "i like baking which job suits me? any openings for a chef?",
        "who won the match? thanks",
        "what is a chef? " * 7,
        "what is a chef? any openings for a waiter? " + "and so on " * 20,
    ],
)
def test_message_that_asks_one_thing_has_no_second_question(advisor: Advisor, message: str) -> None:
    assert advisor.read(message).also == ()


def test_question_that_can_mean_nothing_here_is_declined(knowledge: Knowledge) -> None:
    about_roles = tuple(intent for intent in knowledge.intents if intent.intent in {"role", "compare"})
    narrow = Advisor(replace(knowledge, intents=about_roles, topics={}))
    reading = narrow.read("good morning")
    assert (reading.outcome, reading.intent, reading.choices) == (Outcome.DECLINE, Intent.OUT_OF_SCOPE, ())
    assert narrow.read("chef pay").roles == ("chef",)


HOSTILE = {
    "zero width": "\u200b" * 6_000,
    "zero width in words": "c\u200bh\u200be\u200bf pay " * 600,
    "links that are not closed": "[a](" * 1_500,
    "links": "https://x.y/" * 500,
    "zalgo": ("c" + "\u0335\u0321\u0489" * 5 + "h") * 350,
    "emoji": "🙂" * 6_000,
    "family emoji": "👨\u200d👩\u200d👧" * 1_200,
    "fences": "`" * 6_000,
    "quotes": "> " * 3_000,
    "digits": "9" * 6_000,
    "amounts": "$1k " * 1_500,
    "years": "2024 " * 1_200,
    "right to left": "\u202e" * 5_996 + "chef",
    "surrogates": "\ud800" * 6_000,
    "brackets": "<" * 6_000,
    "slots": "{role} " * 850,
    "lines": "\n" * 6_000,
    "sentences": "why? " * 1_200,
    "dashes": "a -- " * 1_200,
    "apostrophes": "a'" * 3_000,
    "nulls": "\0" * 6_000,
    "joined questions": "and " * 1_500,
    "unknown words": "".join(f"qz{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}xv " for n in range(850)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_message_is_read_and_answered(advisor: Advisor, name: str) -> None:
    reading = advisor.read(HOSTILE[name], [CHEF_PAY])
    assert 0 <= reading.confidence <= 1
    assert advisor.answer(reading, Facts(), question=HOSTILE[name]).reading == reading


@pytest.mark.parametrize("name", ["zero width", "emoji", "links", "fences", "nulls", "surrogates"])
def test_message_without_a_word_is_declined(advisor: Advisor, name: str) -> None:
    assert advisor.read(HOSTILE[name]).outcome is Outcome.DECLINE


def test_invisible_characters_do_not_hide_a_question(advisor: Advisor) -> None:
    reading = advisor.read("wh\u200bat is a c\u00adhef\u202e?")
    assert (reading.intent, reading.roles, reading.section) == (Intent.ROLE, ("chef",), Section.OVERVIEW)
