"""What a button means survives in 100 characters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Reading
from bot.frontends.discord.custom_ids import MAX_LENGTH, Action, Press, decode, encode
from bot.language.facets import Employment, Filters, Level

LARGEST_ID = 2**64 - 1
FULL = Filters("DE", Level.EXECUTIVE, remote=True, employment=Employment.INTERNSHIP, salary_min=9_999_999, year=2049)


class FourLetterCodes:
    """Every role has the longest code there may be."""

    def code_of(self, role: str) -> str | None:
        return role if len(role) == 4 else None

    def role_coded(self, code: str) -> str | None:
        return code if len(code) == 4 else None


CODES = FourLetterCodes()
ROLES = ("aaaa", "bbbb", "cccc", "dddd")


def readings():
    """Return a strategy for every kind of reading that a component can hold."""
    filters = st.builds(
        Filters,
        country=st.none() | st.sampled_from(["DE", "US", "NO"]),
        level=st.none() | st.sampled_from(Level),
        remote=st.none() | st.booleans(),
        employment=st.none() | st.sampled_from(Employment),
        salary_min=st.none() | st.integers(0, 9_999_999),
        year=st.none() | st.integers(1980, 2049),
    )
    sections = st.none() | st.sampled_from(Section)
    ids = st.from_regex(r"[a-z][a-z0-9-]{0,29}", fullmatch=True)
    roles = st.lists(st.sampled_from(ROLES), max_size=4, unique=True).map(tuple)
    return st.one_of(
        st.builds(
            Reading,
            st.sampled_from([Intent.ROLE, Intent.COMPARE, Intent.TRANSITION, Intent.JOBS]),
            roles=roles,
            section=sections,
            filters=filters,
        ),
        st.builds(Reading, st.just(Intent.TOPIC), topic=ids),
        st.builds(Reading, st.just(Intent.TERM), term=ids),
        st.builds(Reading, st.sampled_from([Intent.HELP, Intent.SMALLTALK]), kind=ids),
        st.builds(Reading, st.just(Intent.FIT)),
    )


@given(readings(), st.sampled_from(Action), st.integers(0, LARGEST_ID))
def test_a_press_comes_back_as_it_went(reading, action, asker):
    press = Press(action, asker, (reading,))
    custom_id = encode(press, CODES)
    assert custom_id is not None
    assert len(custom_id) <= MAX_LENGTH
    assert decode(custom_id, CODES) == press


@given(st.lists(readings(), max_size=5).map(tuple), st.integers(0, LARGEST_ID))
def test_runners_up_that_do_not_fit_are_dropped_from_the_end(several, asker):
    custom_id = encode(Press(Action.NOT_ASKED, asker, several), CODES)
    assert custom_id is not None
    assert len(custom_id) <= MAX_LENGTH
    kept = decode(custom_id, CODES)
    assert kept is not None
    assert kept.readings == several[: len(kept.readings)]


LONGEST = [
    Press(action, LARGEST_ID, (reading,), marker)
    for action in Action
    for marker in ("", "f" * 25)
    for reading in (
        Reading(Intent.COMPARE, roles=ROLES, section=Section.GETTING_STARTED, filters=FULL),
        Reading(Intent.JOBS, roles=ROLES, filters=FULL),
        Reading(Intent.TRANSITION, roles=ROLES[:2], filters=FULL),
        Reading(Intent.TOPIC, topic="x" * 45),
        Reading(Intent.TERM, term="x" * 45),
        Reading(Intent.HELP, kind="x" * 45),
    )
]


@pytest.mark.parametrize("press", LONGEST)
def test_the_longest_of_every_kind_fits(press):
    custom_id = encode(press, CODES)
    assert custom_id is not None
    assert len(custom_id) <= MAX_LENGTH
    decoded = decode(custom_id, CODES)
    assert decoded is not None
    assert (decoded.action, decoded.asker, decoded.marker) == (press.action, press.asker, press.marker)
    assert replace(decoded.readings[0], filters=Filters()) == replace(press.readings[0], filters=Filters())


def test_every_action_has_a_letter_of_its_own_that_never_changes():
    letters = {"a", "w", "s", "c", "h", "n", "f", "p", "j", "u", "k", "l", "r", "t", "x"}
    assert {action.value for action in Action} == letters


def test_filters_are_dropped_rather_than_exceed():
    long_name = Reading(Intent.TOPIC, topic="x" * 60, filters=FULL)
    custom_id = encode(Press(Action.SHOW, LARGEST_ID, (long_name,)), CODES)
    assert custom_id is not None
    assert len(custom_id) <= MAX_LENGTH
    decoded = decode(custom_id, CODES)
    assert decoded is not None
    assert decoded.readings[0].topic == "x" * 60
    assert decoded.readings[0].filters.year is None


@pytest.mark.parametrize(
    "reading",
    [
        Reading(Intent.ROLE, roles=("no-code",)),
        Reading(Intent.OUT_OF_SCOPE),
        Reading(None),
        Reading(Intent.TOPIC, topic="x" * 61),
        Reading(Intent.TOPIC, topic="what somebody typed?"),
    ],
)
def test_what_has_no_short_form_has_no_button(reading):
    assert encode(Press(Action.SHOW, 1, (reading,)), CODES) is None


@pytest.mark.parametrize(
    "custom_id",
    [
        "",
        "1",
        "0a1;r-aaaa",
        "2a1;r-aaaa",
        "1q1;r-aaaa",
        "1a1;?-aaaa",
        "1a1;r?aaaa",
        "1a1;r-gone.aaa",
        "1a1;r",
        "1a!!;r-aaaa",
        "1a1;r-aaaa,,z9",
        "1a1;r-aaaa,,lq",
        "1a1;r-aaaa,,pé!",
        "1a1;r-aaaa,,cde",
        "1a1;o-,what is this?",
        "\U0001f4a5" * 30,
        "role:skills:data-engineer",
    ],
)
def test_garbled_and_older_ids_mean_nothing(custom_id):
    assert decode(custom_id, CODES) is None


@given(st.text(max_size=100))
def test_any_text_is_either_a_press_or_nothing(text):
    decode(text, CODES)
