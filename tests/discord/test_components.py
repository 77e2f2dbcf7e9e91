"""Buttons and selects: every one that is rendered works, for the asker, for others, and after a restart."""

from __future__ import annotations

import pytest

from bot.advisor.knowledge import Section
from bot.advisor.reading import Intent
from bot.frontends.discord.custom_ids import decode
from bot.frontends.discord.publisher import DiscordPublisher
from bot.frontends.phrases import say
from tests.discord.shown import answers, components, custom_ids, last, mention
from tests.fakes_discord import a_delivery, a_job

QUESTIONS = (
    "what skills",
    "pay",
    "pay in norway",
    "how do they differ",
    "both",
    "how do i switch",
    "what suits me",
    "jobs",
    "do i need a phd",
    "what is mlops",
    "actuary",
    "what can you do",
    "thanks",
    "which",
    "pizza",
    "hm",
)


async def press(person, message, component):
    """Press a component as a person would, and return what came of it."""
    custom_id = component["custom_id"]
    if component["type"] == 3:
        return await person.select(message, [component["options"][-1]["value"]], custom_id=custom_id)
    return await person.click(message, custom_id=custom_id)


def stored(place, channel):
    """Return the newest message of a channel as it is stored."""
    messages = place.env.backend.messages[channel.id]
    return messages[max(messages)]


async def show_everything(place):
    """Make the bot show every kind of message, each in a channel of its own."""
    channels = []
    for number, question in enumerate(QUESTIONS):
        channel = place.guild.create_text_channel(f"q{number}")
        await place.alice.send(channel, mention(place, question))
        channels.append(channel)
    publisher = DiscordPublisher(place.env.bot, place.world.asking)
    deliveries = ((a_job(),), (a_job(role=None),), (a_job(role="actuary", url=None),), (a_job(1), a_job(2)))
    for number, jobs in enumerate(deliveries):
        channel = place.guild.create_text_channel(f"job{number}")
        await publisher.publish(a_delivery(channel.id, *jobs, nonce=f"nonce-{number}"))
        channels.append(channel)
    return channels


@pytest.mark.parametrize("presser", ["alice", "bob"])
async def test_every_rendered_component_works_after_a_restart(place, presser):
    place.world.jobs.kept = {f"job-{number}": a_job(number) for number in (1, 2)}
    channels = await show_everything(place)
    shown = [(channel, stored(place, channel)) for channel in channels]
    pressable = [
        (channel, message.id, component)
        for channel, message in shown
        for component in components(message)
        if "custom_id" in component
    ]
    assert len(pressable) > 60
    before = {message.id: message.components for _, message in shown}
    await place.env.restart_bot(place.world.client())
    person = getattr(place, presser)
    for channel, message_id, component in pressable:
        place.env.backend.messages[channel.id][message_id].components = before[message_id]
        message = channel.history()[-1]
        told = len(answers(place))
        result = await press(person, message, component)
        assert result.acknowledged, component
        assert len(answers(place)) == told + 1, component
        assert last(place) != say("stale"), component
        assert not last(place).startswith("Something went wrong"), component


async def test_the_askers_press_edits_in_place(place):
    await place.alice.send(place.channel, mention(place, "what skills"))
    message = place.channel.last_message
    await place.alice.click(message, label="Pay")
    assert [m.id for m in place.channel.history()][-1] == message.id
    assert "## Data Engineer · Pay" in last(place)
    assert place.world.asking.readings[-1][1].user == place.alice.id


async def test_another_persons_press_is_answered_in_private(place):
    await place.alice.send(place.channel, mention(place, "what skills"))
    message, before = place.channel.last_message, stored(place, place.channel).components
    result = await place.bob.click(message, label="Pay")
    assert result.response.ephemeral
    assert "## Data Engineer · Pay" in last(place)
    assert place.env.backend.messages[place.channel.id][message.id].components == before


async def test_what_is_shown_in_private_belongs_to_who_pressed(place):
    await place.alice.send(place.channel, mention(place, "what skills"))
    private = (await place.bob.click(place.channel.last_message, label="Pay")).response
    assert all(decode(i, place.world.asking).asker == place.bob.id for i in custom_ids(private))
    result = await place.bob.select(private, ["tools"], custom_id=custom_ids(private)[0])
    assert result.acknowledged
    assert "## Data Engineer · Tools" in last(place)


async def test_the_select_shows_another_section(place):
    await place.alice.send(place.channel, mention(place, "what skills"))
    message = place.channel.last_message
    await place.alice.select(message, ["interview"])
    reading = place.world.asking.readings[-1][0]
    assert (reading.intent, reading.section) == (Intent.ROLE, Section.INTERVIEW)


async def test_the_select_of_a_comparison_keeps_its_roles(place):
    await place.alice.send(place.channel, mention(place, "how do they differ"))
    await place.alice.select(place.channel.last_message, ["salary"])
    assert "Data Scientist vs Machine Learning Engineer · Pay" in last(place)


async def test_not_what_i_asked_offers_the_runners_up(place):
    await place.alice.send(place.channel, mention(place, "what skills"))
    await place.alice.click(place.channel.last_message, label=say("feedback.not_asked"))
    assert say("choices.instead_title") in last(place)
    labels = [c["label"] for c in components(stored(place, place.channel)) if c["type"] == 2]
    assert labels == ["Data Scientist vs Machine Learning…", "Do you need a PhD?", "What is MLOps?"]


async def test_not_what_i_asked_without_runners_up_asks_for_other_words(place):
    await place.alice.send(place.channel, mention(place, "pay"))
    await place.alice.click(place.channel.last_message, label=say("feedback.not_asked"))
    assert say("choices.none") in last(place)


async def test_helpful_is_thanked_for_in_private_and_logged_without_a_name(place, caplog):
    caplog.set_level("INFO")
    await place.alice.send(place.channel, mention(place, "what skills"))
    result = await place.alice.click(place.channel.last_message, label=say("feedback.helpful"))
    assert result.response.ephemeral
    assert last(place) == say("feedback.thanks")
    assert "role/data-engineer/skills" in caplog.text
    assert str(place.alice.id) not in "".join(r.message for r in caplog.records if r.name.endswith("presses"))


async def test_a_choice_is_answered_in_place(place):
    await place.alice.send(place.channel, mention(place, "which"))
    await place.alice.click(place.channel.last_message, label="Do you need a PhD?")
    assert "## Do you need a PhD?" in last(place)


async def test_a_jobs_compare_button_takes_a_neighbour(place):
    publisher = DiscordPublisher(place.env.bot, place.world.asking)
    await publisher.publish(a_delivery(place.channel.id))
    result = await place.bob.click(place.channel.last_message, label=say("job.compare"))
    assert result.response.ephemeral
    assert "Data Engineer vs Data Scientist" in last(place)


async def test_a_button_of_an_older_version_says_so(place):
    await place.alice.send(place.channel, mention(place, "what skills"))
    message = stored(place, place.channel)
    for component in _walk(message.components):
        if component.get("label") == "Pay":
            component["custom_id"] = "role:skills:data-engineer"
    result = await place.alice.click(place.channel.last_message, custom_id="role:skills:data-engineer")
    assert result.response.ephemeral
    assert last(place) == say("stale")


@pytest.mark.parametrize(
    "custom_id",
    [
        "1a0;o-,no-such-topic",
        "1a0;",
        "1s0;r-de",
        "1w0;",
    ],
)
async def test_a_button_for_what_is_gone_says_so(place, custom_id):
    await place.alice.send(place.channel, mention(place, "what skills"))
    for component in _walk(stored(place, place.channel).components):
        if component.get("label") == "Pay":
            component["custom_id"] = custom_id
    await place.alice.click(place.channel.last_message, custom_id=custom_id)
    assert last(place) == say("stale")


async def test_a_failing_press_is_told_with_a_reference(place, caplog):
    await place.alice.send(place.channel, mention(place, "what skills"))
    place.world.asking.failing = RuntimeError("boom")
    result = await place.alice.click(place.channel.last_message, label="Pay")
    assert result.response.ephemeral
    assert last(place).startswith(say("fault.unexpected", reference=""))
    assert "boom" in caplog.text


async def test_long_text_can_be_shown_whole(place):
    await place.alice.send(place.channel, mention(place, "both"))
    assert "Terraform" not in last(place)
    await place.alice.click(place.channel.last_message, label=say("label.whole"))
    assert "## Data Engineer · Skills" in last(place)
    assert "Terraform" in last(place)
    assert "## Data Engineer · Pay" in last(place)


def _walk(parts):
    for part in parts:
        yield part
        yield from _walk(part.get("components") or [])
