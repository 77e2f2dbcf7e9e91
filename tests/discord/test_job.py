"""/job: who may change jobs by hand, what the forms ask and say, and that nothing that was typed is lost."""

from __future__ import annotations

from types import SimpleNamespace

import discord
import pytest
from simcord.actors import _dispatch_actor_interaction

from bot.errors import StoreUnavailableError
from bot.frontends.discord.job_form import MAX_KEPT, OPEN_SECONDS
from bot.frontends.phrases import say
from bot.jobs.by_hand import BY_HAND, Field
from bot.jobs.job import JobState
from tests.discord.requests_schema import components_of
from tests.discord.shown import answers, last
from tests.fakes_discord import NOW, a_job

TITLE, COMPANY = "Senior Data Engineer", "Fern & Co"
TYPED = {
    "title": TITLE,
    "company": COMPANY,
    "link": "https://jobs.example.com/1",
    "place": "Oslo, hybrid",
    "pay": "€60k - 80k a year",
}
COMMANDS = {"job add": {}, "job edit": {"job": "job-1"}, "job close": {"job": "job-1"}}
HOSTILE = "**bold** @everyone <@1> [click](https://evil.example) `code`"
HOSTILE_SHOWN = "\\*\\*bold\\*\\* \\@everyone \\<\\@1\\> \\[click\\](https\\://evil.example) \\`code\\`"
NAMED = {"title": TITLE, "company": COMPANY}
KEPT = {"title": "Senior Data Engineer", "company": "Northwind Analytics"}


@pytest.fixture
def kept(world):
    """The jobs that are kept: one, at first."""
    world.jobs.kept = {"job-1": a_job()}
    return world.jobs.kept


async def open_form(place, command="job add", who=None, **options):
    """Use a command that shows a form, and return what showed it."""
    shown = await (who or place.admin).slash(place.channel, command, **options)
    assert shown.modal, last(place)
    return shown


async def send(place, shown, /, who=None, **values):
    """Send a form with what stands in it but for `values`, and return what the bot says, to one person only."""
    result = await (who or place.admin).submit_modal(shown, prefilled(shown) | values)
    assert result.ephemeral
    return last(place)


def prefilled(shown):
    """Return what stands in a form."""
    inputs = [label["component"] for label in shown.modal["components"]]
    return {each["custom_id"]: each.get("value") or "" for each in inputs}


async def press_correct(place, who=None):
    """Press the button under the last message, and return what came of it."""
    return await (who or place.admin).click(newest(place, who), label=say("curate.correct"))


def newest(place, who=None):
    return place.channel.history(viewer=who or place.admin)[-1]


def has_button(place):
    sent = components_of(place.env.http_requests[-1].json)
    return any(component.get("label") == say("curate.correct") for component in sent)


def let_everybody_in(place):
    """Allow the commands to everybody, as an admin can in the server's settings."""
    commands = place.env.backend.commands[None]
    next(command for (name, _), command in commands.items() if name == "job")["default_member_permissions"] = None


async def test_manage_server_is_declared_and_servers_only(place):
    commands = place.env.backend.commands[None]
    command = next(command for (name, _), command in commands.items() if name == "job")
    assert int(command["default_member_permissions"]) == discord.Permissions(manage_guild=True).value
    assert "job add" not in place.alice.available_commands(place.channel)
    assert "job add" not in place.admin.user.available_commands()


@pytest.mark.parametrize("command", COMMANDS)
async def test_manage_server_is_checked_even_where_server_settings_let_somebody_in(place, kept, command):
    let_everybody_in(place)
    before = dict(kept)
    result = await place.alice.slash(place.channel, command, **COMMANDS[command])
    assert (result.ephemeral, result.modal) == (True, None)
    assert (answers(place), kept) == ([say("curators.needs_manage")], before)


@pytest.mark.parametrize("command", COMMANDS)
async def test_in_several_servers_an_admin_may_nothing(place, kept, command):
    place.env.create_guild("Elsewhere")
    await place.admin.slash(place.channel, command, **COMMANDS[command])
    assert answers(place) == [say("curators.not_yours")]


@pytest.mark.parametrize("command", COMMANDS)
async def test_in_several_servers_the_owner_may_all(place, kept, command):
    place.env.create_guild("Elsewhere")
    place.env.bot.application.owner = SimpleNamespace(id=place.admin.id)
    result = await place.admin.slash(place.channel, command, **COMMANDS[command])
    assert result.modal or last(place) == say("curate.closed.none", **KEPT)


async def test_somebody_who_may_no_longer_when_the_form_is_sent_changes_nothing(place, world):
    shown = await open_form(place)
    place.env.create_guild("Elsewhere")
    assert await send(place, shown, **TYPED) == say("curators.not_yours")
    assert world.jobs.kept == {}


async def test_somebody_who_may_no_longer_gets_no_form_again(place):
    await send(place, await open_form(place), title="!", company=COMPANY)
    place.env.create_guild("Elsewhere")
    assert (await press_correct(place)).modal is None
    assert last(place) == say("curators.not_yours")


async def test_jobs_are_suggested_to_nobody_who_may_not_use_them(place, kept):
    let_everybody_in(place)
    assert await place.alice.autocomplete(place.channel, "job edit", "job", "") == []


@pytest.mark.parametrize("command", ["job edit", "job close"])
async def test_jobs_are_suggested_by_title_and_company(place, kept, command):
    kept["job-2"] = a_job(2, title="Analytics Lead", company="Oak")
    assert await place.admin.autocomplete(place.channel, command, "job", "oak") == [
        {"name": "Analytics Lead · Oak", "value": "job-2"}
    ]
    assert len(await place.admin.autocomplete(place.channel, command, "job", "")) == 2


async def test_hostile_and_long_jobs_are_suggested_as_text_that_fits(place, kept):
    kept["job-1"] = a_job(title="@everyone\n" + "x" * 190, company="y" * 200)
    (choice,) = await place.admin.autocomplete(place.channel, "job edit", "job", "@everyone")
    assert len(choice["name"]) <= 100
    assert "\n" not in choice["name"]


async def test_the_form_for_a_new_job_is_empty_and_says_what_goes_where(place):
    modal = (shown := await open_form(place)).modal
    assert modal["title"] == say("command.job.add_title")
    assert [label["label"] for label in modal["components"]] == [say(f"curate.field.{field.value}") for field in Field]
    assert [label["component"]["required"] for label in modal["components"]] == [True, True, False, False, False]
    assert set(prefilled(shown).values()) == {""}


async def test_a_job_that_is_sent_is_in_and_featured(place, world):
    text = await send(place, await open_form(place), **TYPED)
    assert text == f"{say('curate.added', **NAMED)}\n{say('curate.featured')}"
    (job,) = world.jobs.kept.values()
    assert (job.title, job.source, job.role, job.countries) == (TITLE, BY_HAND, "data-engineer", ("NO",))
    assert (job.featured, job.hybrid, job.first_seen) == (True, True, NOW)


async def test_a_job_may_be_added_without_being_featured(place, world):
    text = await send(place, await open_form(place, featured=False), title=f" {TITLE} ", company=COMPANY)
    assert text == f"{say('curate.added', **NAMED)}\n{say('curate.not_featured')}"
    (job,) = world.jobs.kept.values()
    assert (job.title, job.featured, job.url, job.place, job.pay) == (TITLE, False, None, None, None)


async def test_a_job_outside_known_roles_is_taken_in_with_a_line_that_says_so(place, world):
    text = await send(place, await open_form(place), **TYPED | {"title": "Head Gardener"})
    assert text.splitlines()[1:] == [say("curate.featured"), say("curate.outside")]
    assert [job.role for job in world.jobs.kept.values()] == [None]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "!?"),
        ("company", "—"),
        ("link", "jobs.example.com"),
        ("link", "https://me@example.com"),
        ("pay", "a lot of money"),
        ("pay", "60k"),
    ],
)
async def test_each_fault_is_told_with_what_to_do(place, world, field, text):
    said = await send(place, await open_form(place), **TYPED | {field: text})
    faults = [line for line in said.splitlines() if line.startswith("- **")]
    assert said.startswith(say("curate.faulty"))
    assert faults == [f"- {say(f'curate.fault.{field}')}"]
    assert world.jobs.kept == {}


async def test_all_faults_are_told_at_once(place):
    said = await send(place, await open_form(place), title="!", company="?", link="x", place="", pay="y")
    assert [field for field in Field if say(f"curate.fault.{field.value}") in said] == [
        Field.TITLE,
        Field.COMPANY,
        Field.LINK,
        Field.PAY,
    ]


async def test_what_was_typed_is_shown_and_stands_in_the_form_that_corrects_it(place, world):
    wrong = TYPED | {"pay": "plenty"}
    said = await send(place, await open_form(place, featured=False), **wrong)
    assert "Title: Senior Data Engineer" in said
    assert "Pay: plenty" in said
    again = await press_correct(place)
    assert prefilled(again) == wrong
    assert say("curate.added", **NAMED) in await send(place, again, pay="€60k a year")
    assert [job.featured for job in world.jobs.kept.values()] == [False]


async def test_a_form_can_be_corrected_more_than_once(place, world):
    await send(place, await open_form(place), **TYPED | {"pay": "plenty"})
    await send(place, await press_correct(place), pay="more")
    again = await press_correct(place)
    assert prefilled(again)["pay"] == "more"
    await send(place, again, pay="")
    assert len(world.jobs.kept) == 1


async def test_after_a_restart_what_was_typed_still_stands_in_the_message(place, world):
    await send(place, await open_form(place), **TYPED | {"pay": "plenty"})
    await place.env.restart_bot(world.client())
    assert (await press_correct(place)).modal is None
    assert last(place) == say("curate.forgotten")


async def test_as_many_forms_as_there_is_room_for_are_kept(place):
    await send(place, await open_form(place), title="!", company=COMPANY)
    forms = place.env.bot._desk.forms._kept
    (first,) = forms
    forms |= {f"other-{number}": forms[first] for number in range(MAX_KEPT)}
    await send(place, await open_form(place), title="?", company=COMPANY)
    assert len(forms) == MAX_KEPT
    assert first not in forms


async def test_what_was_typed_is_not_lost_when_the_database_is_away(place, world):
    world.jobs.failing = StoreUnavailableError("away")
    said = await send(place, await open_form(place), **TYPED)
    assert said.startswith(say("curate.not_lost"))
    assert say("fault.unavailable", reference="")[:40] in answers(place)[-2]
    assert len(place.env.errors) == 1
    world.jobs.failing = None
    assert prefilled(again := await press_correct(place)) == TYPED
    assert say("curate.added", **NAMED) in await send(place, again)


async def test_a_form_that_nobody_sends_is_forgotten(place):
    await open_form(place)
    modals = place.env.bot._connection._view_store._modals
    assert len(modals) == 1
    await place.env.advance_time(OPEN_SECONDS + 1)
    assert len(modals) == 0


async def test_hostile_text_is_shown_as_text_and_pings_nobody(place, world):
    hostile = {"title": HOSTILE, "company": HOSTILE, "link": HOSTILE, "place": HOSTILE, "pay": HOSTILE}
    said = await send(place, await open_form(place), **hostile)
    assert said.count(HOSTILE_SHOWN) == 5
    assert "curate" not in said
    text = await send(place, await press_correct(place), link="", pay="")
    assert text.startswith(say("curate.added", title=HOSTILE_SHOWN, company=HOSTILE_SHOWN))
    assert [job.title for job in world.jobs.kept.values()] == [HOSTILE]


async def test_4000_characters_in_each_field_are_refused_kindly(place, world):
    """No client lets anybody type so much; a payload can."""
    shown = await open_form(place)
    modal = shown.modal
    sent = [
        {"type": 18, "component": {"type": 4, "custom_id": label["component"]["custom_id"], "value": "*" * 3_999 + "x"}}
        for label in modal["components"]
    ]
    data = {"custom_id": modal["custom_id"], "components": sent}
    result = await _dispatch_actor_interaction(place.admin, 5, place.channel, data)
    assert result.ephemeral
    assert all(say(f"curate.fault.{field.value}") in last(place) for field in Field)
    again = await press_correct(place)
    longest = {label["component"]["custom_id"]: label["component"]["max_length"] for label in modal["components"]}
    assert prefilled(again) == {field: "*" * length for field, length in longest.items()}


async def test_a_known_job_is_told_and_may_be_corrected(place, world):
    await send(place, await open_form(place), **TYPED)
    said = await send(place, await open_form(place), **TYPED | {"title": "Other"})
    assert said.startswith(f"{say('curate.known', **NAMED)}\n{say('curate.featured')}")
    assert prefilled(await press_correct(place))["title"] == "Other"
    assert len(world.jobs.kept) == 1


async def test_a_job_that_was_closed_by_hand_is_not_added_again(place, world):
    await send(place, await open_form(place), **TYPED)
    (job,) = world.jobs.kept
    await place.admin.slash(place.channel, "job close", job=job)
    assert (await send(place, await open_form(place), **TYPED)).startswith(say("curate.closed_before", **NAMED))
    assert [each.state for each in world.jobs.kept.values()] == [JobState.CLOSED]


@pytest.mark.parametrize("text", ["job-1", "JOB", " job-1 "])
async def test_the_form_for_a_known_job_has_the_job_as_it_is(place, kept, text):
    shown = await open_form(place, "job edit", job=text)
    assert shown.modal["title"] == say("command.job.edit_title")
    assert prefilled(shown) == {
        "title": "Senior Data Engineer",
        "company": "Northwind Analytics",
        "link": "https://jobs.example.com/apply/1",
        "place": "Berlin, Germany",
        "pay": "USD 60000 - 120000 a year",
    }


async def test_a_changed_job_is_stored_and_marked_as_edited(place, kept):
    said = await send(place, await open_form(place, "job edit", job="job-1"), title="Lead Data Engineer")
    assert said == say("curate.changed", title="Lead Data Engineer", company="Northwind Analytics")
    assert kept["job-1"] == a_job(title="Lead Data Engineer", level=None, edited=True)


async def test_a_change_that_leaves_all_known_roles_is_told(place, kept):
    said = await send(place, await open_form(place, "job edit", job="job-1"), title="Head Gardener")
    assert said.splitlines()[1:] == [say("curate.outside")]


async def test_a_form_that_is_sent_as_it_was_changes_nothing(place, kept):
    said = await send(place, await open_form(place, "job edit", job="job-1"))
    assert (said, kept) == (say("curate.same", **KEPT), {"job-1": a_job()})


async def test_a_fault_in_a_change_is_told_and_corrected(place, kept):
    said = await send(place, await open_form(place, "job edit", job="job-1"), pay="much")
    assert say("curate.fault.pay") in said
    assert kept == {"job-1": a_job()}
    await send(place, await press_correct(place), pay="")
    assert kept["job-1"] == a_job(pay=None, edited=True)


async def test_a_job_that_is_closed_while_the_form_is_open_is_not_changed(place, kept):
    shown = await open_form(place, "job edit", job="job-1")
    kept["job-1"] = closed = a_job(state=JobState.CLOSED)
    said = await send(place, shown, title="A long new title")
    assert said.startswith(say("curate.closed_meanwhile"))
    assert "Title: A long new title" in said
    assert not has_button(place)
    assert kept == {"job-1": closed}


async def test_a_job_that_is_gone_while_the_form_is_open_is_told(place, kept):
    shown = await open_form(place, "job edit", job="job-1")
    kept.clear()
    assert (await send(place, shown, title="New")).startswith(say("curate.closed_meanwhile"))


async def test_two_people_who_edit_different_parts_both_have_their_way(place, kept):
    second = other_admin(place)
    mine = await open_form(place, "job edit", job="job-1")
    theirs = await open_form(place, "job edit", who=second, job="job-1")
    await send(place, theirs, who=second, place="Bergen")
    await send(place, mine, title="Lead Data Engineer")
    assert (kept["job-1"].title, kept["job-1"].place) == ("Lead Data Engineer", "Bergen")


async def test_who_edits_the_same_part_later_sees_the_first_before_replacing_it(place, kept):
    second = other_admin(place)
    mine = await open_form(place, "job edit", job="job-1")
    theirs = await open_form(place, "job edit", who=second, job="job-1")
    await send(place, theirs, who=second, title="Lead @everyone", place="Bergen")
    said = await send(place, mine, title="Principal Data Engineer")
    assert said.startswith(say("curate.conflict", title="Lead \\@everyone", company="Northwind Analytics"))
    assert kept["job-1"].title == "Lead @everyone"
    again = await press_correct(place)
    assert (prefilled(again)["title"], prefilled(again)["place"]) == ("Principal Data Engineer", "Bergen")
    await send(place, again)
    assert (kept["job-1"].title, kept["job-1"].place) == ("Principal Data Engineer", "Bergen")


def other_admin(place):
    role = place.guild.create_role("more admins", permissions=discord.Permissions(manage_guild=True))
    return place.guild.add_member(place.env.create_user("second"), roles=[role])


@pytest.mark.parametrize(
    ("waiting", "phrase"), [(0, "curate.closed.none"), (1, "curate.closed.one"), (1_200, "curate.closed.many")]
)
async def test_closing_says_from_how_many_channels_it_was_withdrawn(place, world, kept, waiting, phrase):
    world.jobs.waiting = waiting
    result = await place.admin.slash(place.channel, "job close", job="job-1")
    assert (result.ephemeral, last(place)) == (True, say(phrase, **KEPT, count=waiting))
    assert kept["job-1"].state is JobState.CLOSED


@pytest.mark.parametrize("command", ["job edit", "job close"])
async def test_a_job_that_is_closed_already_is_told(place, kept, command):
    await place.admin.slash(place.channel, "job close", job="job-1")
    await place.admin.slash(place.channel, command, job="job-1")
    assert last(place) == say("curate.already_closed", **KEPT)


@pytest.mark.parametrize("command", ["job edit", "job close"])
async def test_what_names_no_job_is_told(place, kept, command):
    result = await place.admin.slash(place.channel, command, job="elm **@here**")
    assert result.ephemeral
    assert last(place) == say("curate.unknown", text="elm \\*\\*\\@here\\*\\*")


@pytest.mark.parametrize("command", ["job edit", "job close"])
async def test_what_names_several_jobs_is_told(place, kept, command):
    kept["job-2"] = a_job(2)
    await place.admin.slash(place.channel, command, job="job-")
    assert last(place) == say("curate.ambiguous", text="job-")
    assert {job.state for job in kept.values()} == {JobState.OPEN}


async def test_nothing_is_answered_in_public(place, kept):
    await send(place, await open_form(place), **TYPED)
    await send(place, await open_form(place), title="!", company="!")
    await send(place, await open_form(place, "job edit", job="job-1"), title="Lead")
    await place.admin.slash(place.channel, "job close", job="job-1")
    assert len(answers(place)) == 4
    assert place.channel.history(viewer=place.bob) == []
