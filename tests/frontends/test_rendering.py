"""Messages: one container, within Discord's limits, with what leads on as buttons."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.advisor.answer import Answer, NotDescribed, Prose
from bot.advisor.knowledge import Section
from bot.advisor.reading import OTHER_LANGUAGE, Intent, Outcome, Reading
from bot.frontends.discord.custom_ids import Action, decode
from bot.frontends.discord.rendering import PHONE_LINES, Renderer, cut_at_lines, cut_line
from bot.frontends.phrases import say
from bot.services.ask import Reply
from tests.discord.requests_schema import components_of, faults_of, text_of
from tests.fakes_discord import ONET, FakeAsking

ASKER = 2**63
NAMES = FakeAsking()
RENDERER = Renderer(NAMES)
SKILLS = Reading(Intent.ROLE, roles=("data-engineer",), section=Section.SKILLS)
QUESTIONS = (
    "skills",
    "pay",
    "norway",
    "differ",
    "both",
    "switch",
    "suits",
    "jobs",
    "phd",
    "mlops",
    "actuary",
    "what can you do",
    "thanks",
    "which",
    "pizza",
    "hm",
)


def sent(layout) -> dict:
    """Return a layout as the body of a message, checked against the schema."""
    body = {"components": layout.to_components(), "flags": 1 << 15, "allowed_mentions": {"parse": []}}
    request = SimpleNamespace(method="PATCH", path="/channels/1/messages/1", json=body)
    assert faults_of(request) == []
    return body


def pressed(body, kind=2):
    """Return what the components of a kind (2 button, 3 select) mean, by label."""
    return {
        component.get("label", component.get("placeholder")): decode(component["custom_id"], NAMES)
        for component in components_of(body)
        if component["type"] == kind and "custom_id" in component
    }


@pytest.mark.parametrize("question", QUESTIONS)
async def test_every_kind_of_reply_keeps_to_discords_limits(question):
    body = sent(RENDERER.reply(await NAMES.ask(question, None), ASKER, asked=True))
    assert len(body["components"]) == 1
    assert all(press is not None for press in (pressed(body) | pressed(body, 3)).values())


async def test_an_answer_has_title_text_sources_sections_steps_and_feedback():
    body = sent(RENDERER.reply(await NAMES.ask("skills", None), ASKER, asked=True))
    (container,) = body["components"]
    kinds = [component["type"] for component in container["components"]]
    assert kinds == [10, 14, 10, 1, 1, 1]
    assert list(pressed(body)) == ["vs Data Scientist", "Open jobs", "Pay", "Helpful", "Not what I asked"]
    (select,) = pressed(body, 3).values()
    assert select.action is Action.SECTION


async def test_the_select_offers_the_other_eleven_sections():
    body = sent(RENDERER.reply(await NAMES.ask("skills", None), ASKER))
    (select,) = (component for component in components_of(body) if component["type"] == 3)
    assert {option["value"] for option in select["options"]} == set(Section) - {Section.SKILLS}


async def test_not_what_i_asked_holds_the_runners_up():
    reply = await NAMES.ask("skills", None)
    press = pressed(sent(RENDERER.reply(reply, ASKER, asked=True)))["Not what I asked"]
    assert press.readings == reply.reading.choices


async def test_a_reading_that_was_chosen_has_no_feedback():
    body = sent(RENDERER.reply(await NAMES.answer(SKILLS, None), ASKER))
    assert "Helpful" not in pressed(body)


async def test_a_role_without_a_code_has_no_select():
    body = sent(RENDERER.reply(await NAMES.ask("actuary", None), ASKER))
    assert pressed(body, 3) == {}


def test_a_role_that_is_not_described_has_no_select():
    answer = Answer(SKILLS, ("Data Engineer",), (NotDescribed("data-engineer", "Data Engineer"),))
    assert pressed(sent(RENDERER.reply(Reply(SKILLS, (answer,)), ASKER)), 3) == {}


async def test_choices_are_at_most_four_buttons():
    reply = await NAMES.ask("which", None)
    choices = (*reply.reading.choices, *reply.reading.choices, replace(SKILLS, section=Section.TOOLS))
    body = sent(RENDERER.reply(Reply(replace(reply.reading, choices=choices)), ASKER))
    assert len(pressed(body)) == 4
    assert all(press.action is Action.SHOW for press in pressed(body).values())


def test_without_runners_up_the_asker_is_told_to_ask_again():
    assert say("choices.none") in text_of(sent(RENDERER.instead((), ASKER)))


async def test_a_decline_offers_what_is_close_and_what_the_bot_can_do():
    body = sent(RENDERER.reply(await NAMES.ask("hm", None), ASKER))
    assert [press.readings[0].intent for press in pressed(body).values()] == [Intent.TOPIC, Intent.HELP]


def test_long_text_is_cut_and_can_be_shown_whole():
    text = "An opening sentence.\n\n" + "\n".join(
        f"- **Point {n}**: some words about it that fill a line" for n in range(20)
    )
    reply = Reply(SKILLS, (Answer(SKILLS, ("Data Engineer",), (Prose(text),), (ONET,)),))
    body = sent(RENDERER.reply(reply, ASKER))
    assert "Point 4" in text_of(body)
    assert "Point 19" not in text_of(body)
    assert pressed(body)[say("label.whole")].action is Action.WHOLE
    whole = sent(RENDERER.whole_reply(reply, ASKER))
    assert "Point 19" in text_of(whole)
    assert say("label.whole") not in pressed(whole)


def test_text_beyond_discords_room_is_cut_at_a_sentence():
    reply = Reply(SKILLS, (Answer(SKILLS, ("Data Engineer",), (Prose("One more sentence. " * 400),), (ONET,)),))
    body = sent(RENDERER.whole_reply(reply, ASKER))
    assert "One more sentence. …" in text_of(body)


def test_a_whole_reply_without_answers_is_the_reply():
    reply = Reply(Reading(Intent.OUT_OF_SCOPE, Outcome.DECLINE))
    assert sent(RENDERER.whole_reply(reply, ASKER)) == sent(RENDERER.reply(reply, ASKER))


def test_a_decline_because_of_the_language_says_so_and_offers_help():
    reading = Reading(Intent.OUT_OF_SCOPE, Outcome.DECLINE, kind=OTHER_LANGUAGE)
    text = text_of(sent(RENDERER.reply(Reply(reading), ASKER)))
    assert say("decline.other_language") in text
    assert say("decline.text") not in text


def test_at_most_three_answers_are_shown():
    answers = tuple(Answer(SKILLS, (f"Role {n}",), (Prose("Text."),)) for n in range(5))
    text = text_of(sent(RENDERER.reply(Reply(SKILLS, answers), ASKER)))
    assert "Role 2" in text
    assert "Role 3" not in text


def test_help_names_every_command():
    text = text_of(sent(RENDERER.help()))
    assert "\n-# Includes O\\*NET data." in text
    for command in ("/ask", "/role", "/compare", "/jobs", "/saved", "/announce"):
        assert command in text


def test_lines_are_cut_to_a_phones_height_but_never_to_nothing():
    text = "\n".join(["x" * 600, "second", "third"])
    assert cut_at_lines(text, PHONE_LINES) == "x" * 600 + "\nsecond"
    assert cut_at_lines("short", 1) == "short"


def test_a_line_of_facts_loses_its_last_facts_first():
    assert cut_line("one · two · three", 10) == "one · two"
    assert cut_line("a single long fact", 10) == "a single…"
