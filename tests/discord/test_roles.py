"""/role and /compare."""

from __future__ import annotations

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent, Reading
from bot.frontends.phrases import say
from tests.discord.shown import last


def asked(place) -> Reading:
    """Return the reading that was answered last."""
    return place.world.asking.readings[-1][0]


async def test_role_shows_its_overview(place):
    await place.alice.slash(place.channel, "role", role="data-engineer")
    assert asked(place) == Reading(Intent.ROLE, roles=("data-engineer",), section=Section.OVERVIEW)


async def test_role_shows_a_section(place):
    await place.alice.slash(place.channel, "role", role="data-engineer", section="salary")
    assert "## Data Engineer · Pay" in last(place)


async def test_free_text_names_a_role(place):
    await place.alice.slash(place.channel, "role", role="data ENGINEER")
    assert asked(place).roles == ("data-engineer",)


async def test_an_unknown_role_is_said_to_be_unknown(place):
    result = await place.alice.slash(place.channel, "role", role="wizard")
    assert result.ephemeral
    assert last(place) == say("unknown_role", text="wizard")


async def test_compare_takes_two_to_four_roles_and_a_section(place):
    await place.alice.slash(
        place.channel, "compare", first="ds", second="de", third="mle", fourth="rs", section="skills"
    )
    roles = ("data-scientist", "data-engineer", "machine-learning-engineer", "research-scientist")
    assert asked(place) == Reading(Intent.COMPARE, roles=roles, section=Section.SKILLS)


async def test_compare_without_a_section_compares_the_whole(place):
    await place.alice.slash(place.channel, "compare", first="ds", second="de")
    assert asked(place).section is None
    assert "Data Scientist vs Data Engineer" in last(place)


async def test_the_same_role_twice_gets_one_kind_line(place):
    result = await place.alice.slash(place.channel, "compare", first="ds", second="Data Scientist")
    assert result.ephemeral
    assert last(place) == say("same_role", role="Data Scientist")


async def test_an_unknown_role_in_a_comparison_is_named(place):
    await place.alice.slash(place.channel, "compare", first="ds", second="wizard")
    assert last(place) == say("unknown_role", text="wizard")


async def test_roles_are_suggested_while_typing(place):
    choices = await place.alice.autocomplete(place.channel, "role", "role", "data")
    assert [(choice["name"], choice["value"]) for choice in choices] == [
        ("Data Engineer", "data-engineer"),
        ("Data Scientist", "data-scientist"),
    ]


async def test_every_role_option_suggests(place):
    for option in ("first", "second", "third", "fourth"):
        assert await place.alice.autocomplete(place.channel, "compare", option, "scien")
    assert await place.alice.autocomplete(place.channel, "jobs search", "role", "scien")


async def test_at_most_25_roles_are_suggested(place):
    place.world.asking.suggest_roles = lambda _: tuple((f"role-{n}", f"Role {n}" * 40) for n in range(40))
    choices = await place.alice.autocomplete(place.channel, "role", "role", "")
    assert len(choices) == 25
    assert all(len(choice["name"]) <= 100 for choice in choices)
