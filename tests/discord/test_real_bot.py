"""The real bot, unmodified, in a simulated Discord: knowledge, database, schedule and components together."""

import asyncio
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import simcord

import bot.app
from bot.app import create_discord_bot, load_advisor, open_app, recognition_by
from bot.config import default_knowledge, read_config
from bot.errors import AlreadyRunningError, StuckError
from bot.frontends.phrases import say
from bot.health import heartbeat_file
from bot.services.collect import CollectService
from bot.services.ports import UnauthorisedError
from bot.sources.reading import read_document
from bot.store.deliveries import DeliveryRepository
from bot.store.opening import open_store
from tests.discord.forums import create_forum, tags_of, threads_of
from tests.discord.shown import answers, components, last, mention

MLE, DS, DE = "Machine Learning Engineer", "Data Scientist", "Data Engineer"
ANNOUNCE_SECONDS = 60
STEP_SECONDS = 5
BUTTON, SELECT = 2, 3


class Following:
    """A clock that follows the simulation once there is one, `ahead` of it; it starts where the simulation does."""

    def __init__(self):
        self.env = None
        self.ahead = timedelta(0)

    def __call__(self):
        return (self.env.now() if self.env else datetime(2026, 1, 1, tzinfo=UTC)) + self.ahead


@pytest.fixture(scope="session")
def current_database(tmp_path_factory):
    """Return a database at the newest revision, to be copied: migrating each anew would cost most of the time."""
    path = tmp_path_factory.mktemp("current") / "career-bot.db"

    async def make():
        async with open_store(f"sqlite:///{path}"):
            pass

    asyncio.run(make())
    return path


@pytest.fixture(scope="module")
def advisor():
    return load_advisor(default_knowledge())


@pytest.fixture(autouse=True)
def knowledge_is_loaded_once(advisor, monkeypatch):
    """Let every bot of these tests share the advisor, which never changes: loading it takes most of a start."""
    monkeypatch.setattr(bot.app, "make_advisor", lambda *_: advisor)


@pytest.fixture
def config(tmp_path, current_database):
    path = tmp_path / "career-bot.db"
    shutil.copy(current_database, path)
    return replace(read_config({}), database_url=f"sqlite:///{path}", announce_seconds=ANNOUNCE_SECONDS)


@pytest.fixture
def clock():
    return Following()


@pytest.fixture
def simcord_bot(config, clock):
    return create_discord_bot(config, clock=clock)


@pytest.fixture
def place(place, clock):
    clock.env = place.env
    return place


@pytest.fixture
def bring(config, clock, advisor):
    """Import jobs beside the running bot, as `career-bot jobs import` does, and return them."""
    recognition = recognition_by(lambda: advisor.interpreter.recogniser)

    async def bring(*records):
        async with open_store(config.database_url) as store:
            report = await CollectService(store.jobs, read_document, clock, recognition).import_text(
                json.dumps(records)
            )
        assert report.refused == ()
        return report.new

    return bring


def a_record(number=1, **more):
    """Return a featured job as the JSON of an import."""
    record = {
        "title": f"Senior Data Engineer {number}",
        "company": "Fern & Co",
        "place": "Berlin",
        "countries": ["DE"],
        "employment": ["full-time"],
        "level": "senior",
        "url": f"https://jobs.example.com/{number}",
        "featured": True,
    }
    return record | more


async def pass_time(place, seconds):
    """Let time pass in small steps, as the simulation needs where a database is written on the way."""
    for _ in range(round(seconds / STEP_SECONDS)):
        await place.env.advance_time(STEP_SECONDS)


def announced(channel):
    """Return the text of what stands in a channel, message by message."""
    return [json.dumps(components(message)) for message in channel._env.backend.messages[channel.id].values()]


def stored(place, channel):
    """Return the newest message of a channel as it is stored."""
    messages = place.env.backend.messages[channel.id]
    return messages[max(messages)]


def labels(message):
    return [component["label"] for component in components(message) if component["type"] == BUTTON]


async def ask(place, text, *, who=None, channel=None):
    """Mention the bot with a question, and return the text of its answer."""
    before = len(answers(place))
    await (who or place.alice).send(channel or place.channel, mention(place, text))
    assert len(answers(place)) == before + 1
    return last(place)


async def test_a_mention_with_typos_is_answered(place):
    text = await ask(place, "whats the diffrence between a data scientst and ML engineer?")
    assert f"{DS} vs {MLE}" in text
    assert "Choose" in text


async def test_an_answer_names_its_sources(place):
    assert "Source" in await ask(place, "what does a data engineer earn in the US")


async def test_a_topic_is_answered(place):
    assert "PhD" in await ask(place, "do i need a phd")


async def test_a_term_is_answered(place):
    assert "## MLOps" in await ask(place, "what is mlops")


async def test_what_is_out_of_scope_is_declined(place):
    assert say("decline.title") in await ask(place, "what is the capital of France")


async def test_a_bare_mention_shows_help(place):
    assert say("help.title") in await ask(place, "")


async def test_slash_ask_is_answered(place):
    await place.alice.slash(place.channel, "ask", question="what skils does a data enginer need")
    assert f"## {DE} · Skills" in last(place)


async def test_a_follow_up_is_understood_for_its_asker_only(place):
    await ask(place, "what does a data engineer do")
    assert f"## {DE} · Pay" in await ask(place, "and the pay?")
    assert DE not in (await ask(place, "and the pay?", who=place.bob)).splitlines()[0]


async def test_a_reply_to_an_answer_goes_on_from_it_whoever_asked(place):
    await ask(place, "what does a data engineer do")
    about_engineers = place.channel.last_message
    await ask(place, "what does a data scientist do")
    await place.bob.send(place.channel, "and the pay?", reply_to=about_engineers)
    assert f"## {DE} · Pay" in last(place)
    await place.alice.send(place.channel, "in germany?", reply_to=place.channel.last_message)
    assert f"## {DE} · Pay" in last(place)
    assert "Germany" in last(place)


async def test_a_follow_up_across_channels_is_none(place):
    await ask(place, "what does a data engineer do")
    other = place.guild.create_text_channel("elsewhere")
    assert f"## {DE}" not in await ask(place, "and the pay?", channel=other)


async def test_comparing_two_roles(place):
    await place.alice.slash(place.channel, "compare", first="data scientist", second="MLE")
    assert f"## {DS} vs {MLE}" in last(place)
    assert "Both" in last(place)


async def test_comparing_three_roles_in_one_section(place):
    options = {"first": "data scientist", "second": "machine learning enginer", "third": "DE", "section": "skills"}
    await place.alice.slash(place.channel, "compare", **options)
    assert f"## {DS} vs {MLE} vs {DE} · Skills" in last(place)


async def test_comparing_pay_tells_figures_with_their_place(place):
    await place.alice.slash(place.channel, "compare", first="DS", second="DE", section="salary")
    assert "US" in last(place)
    assert "adverts" in last(place)


async def test_the_same_role_twice_gets_a_kind_line(place):
    result = await place.alice.slash(place.channel, "compare", first="data engineer", second="DE")
    assert last(place) == say("same_role", role=DE)
    assert result.response.ephemeral


async def test_a_role_in_other_words_is_found(place):
    await place.alice.slash(place.channel, "role", role="machne lerning enginere")
    assert f"## {MLE} · Overview" in last(place)


async def test_a_role_with_a_section(place):
    await place.alice.slash(place.channel, "role", role="data-engineer", section="getting_started")
    assert f"## {DE} · Getting started" in last(place)


async def test_a_role_that_is_none_is_told(place):
    result = await place.alice.slash(place.channel, "role", role="xylophone tuner")
    assert last(place) == say("unknown_role", text="xylophone tuner")
    assert result.response.ephemeral


@pytest.mark.parametrize(
    ("command", "option"), [("role", "role"), ("compare", "first"), ("compare", "fourth"), ("jobs search", "role")]
)
async def test_roles_are_suggested_while_typing(place, command, option):
    choices = await place.alice.autocomplete(place.channel, command, option, "data eng")
    assert choices[0] == {"name": DE, "value": "data-engineer"}


@pytest.mark.parametrize("typed", ["", "d", "data", "qqqqqqqq", "ML", "\u202e", "x" * 100])
async def test_suggestions_are_few_short_and_distinct(place, typed):
    choices = await place.alice.autocomplete(place.channel, "role", "role", typed)
    assert len(choices) <= 25
    assert len({choice["value"] for choice in choices}) == len(choices)
    assert all(1 <= len(choice["name"]) <= 100 for choice in choices)


async def test_a_suggestion_that_is_chosen_is_understood(place):
    for choice in await place.alice.autocomplete(place.channel, "role", "role", "scien"):
        await place.alice.slash(place.channel, "role", role=choice["value"])
        assert last(place) != say("unknown_role", text=choice["value"])


async def test_an_uncertain_question_offers_choices_and_a_press_answers(place):
    vague = ("which", "job", "data", "salary", "remote", "what now", "python or", "is it worth it")
    for number, question in enumerate(vague):
        channel = place.guild.create_text_channel(f"vague{number}")
        if say("choices.title") in await ask(place, question, channel=channel):
            break
    else:
        pytest.fail("nothing was asked back")
    message = channel.last_message
    offered = [component for component in components(stored(place, channel)) if component["type"] == BUTTON]
    assert 2 <= len(offered) <= 5
    await place.alice.click(message, custom_id=offered[0]["custom_id"])
    assert say("choices.title") not in last(place)
    assert len(channel.history()) == 2


async def test_not_what_i_asked_offers_the_runners_up(place):
    await ask(place, "what does a data engineer earn")
    await place.alice.click(place.channel.last_message, label=say("feedback.not_asked"))
    assert say("choices.instead_title") in last(place)
    others = [c for c in components(stored(place, place.channel)) if c["type"] == BUTTON]
    assert others
    await place.alice.click(place.channel.last_message, custom_id=others[0]["custom_id"])
    assert say("choices.instead_title") not in last(place)


async def test_the_askers_press_edits_in_place(place):
    await ask(place, "what does a data engineer do")
    message = place.channel.last_message
    await place.alice.select(message, ["salary"])
    assert f"## {DE} · Pay" in last(place)
    assert place.channel.last_message.id == message.id


async def test_another_persons_press_is_answered_in_private(place):
    await ask(place, "what does a data engineer do")
    message = stored(place, place.channel)
    before = message.components
    result = await place.bob.select(place.channel.last_message, ["salary"])
    assert result.response.ephemeral
    assert f"## {DE} · Pay" in last(place)
    assert place.env.backend.messages[place.channel.id][message.id].components == before


async def test_without_jobs_the_latest_are_none(place):
    await place.alice.slash(place.channel, "jobs latest")
    assert say("openings.none") in last(place)


async def test_imported_jobs_are_shown(place, bring):
    await bring(a_record(1), a_record(2, title="Research Scientist", place="Lyon", countries=["FR"]))
    await place.alice.slash(place.channel, "jobs latest")
    assert "Senior Data Engineer 1" in last(place)
    assert "Research Scientist" in last(place)
    assert "Fern & Co" in last(place)


async def test_jobs_are_searched_by_role_and_filters(place, bring):
    await bring(a_record(1), a_record(2, title="Research Scientist"), a_record(3, place="Lyon", countries=["FR"]))
    await place.alice.slash(place.channel, "jobs search", role="data enginer", country="Germany", level="senior")
    assert "Senior Data Engineer 1" in last(place)
    assert "Research Scientist" not in last(place)
    assert "Senior Data Engineer 3" not in last(place)


async def test_a_question_about_jobs_finds_them(place, bring):
    await bring(a_record(1))
    assert "Senior Data Engineer 1" in await ask(place, "any data engineer jobs in germany?")


async def switch_on(place, channel):
    await place.admin.slash(channel, "announce on")
    assert last(place).startswith(f"<#{channel.id}>")


async def test_a_featured_job_is_announced_once_in_every_channel_that_wants_it(place, bring):
    wanting = [place.channel, place.guild.create_text_channel("jobs")]
    other = place.guild.create_text_channel("quiet")
    for channel in wanting:
        await switch_on(place, channel)
    told = [len(announced(channel)) for channel in wanting]
    await bring(a_record(1), a_record(2), a_record(3, featured=False))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    for channel, before in zip(wanting, told, strict=True):
        new = announced(channel)[before:]
        assert len(new) == 2
        assert sum("Senior Data Engineer 1" in text for text in new) == 1
        assert sum("Senior Data Engineer 2" in text for text in new) == 1
    await pass_time(place, 5 * ANNOUNCE_SECONDS)
    assert [len(announced(channel)) for channel in wanting] == [before + 2 for before in told]
    assert announced(other) == []


async def test_in_a_forum_each_job_is_a_thread_that_is_edited_when_the_job_closes(place, bring):
    forum = create_forum(place, "Data Engineer", "Senior", "France")
    await switch_on(place, forum)
    jobs = await bring(a_record(1), a_record(2))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    threads = threads_of(place, forum)
    assert {thread.name for thread in threads} == {f"Senior Data Engineer {n} · Fern & Co" for n in (1, 2)}
    assert [tags_of(place, thread) for thread in threads] == [["Data Engineer", "Senior"]] * 2
    await place.admin.slash(place.channel, "job close", job=jobs[0].id)
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    assert "~~Senior Data Engineer" in last(place)
    await pass_time(place, 5 * ANNOUNCE_SECONDS)
    assert len(threads_of(place, forum)) == 2


async def test_a_thread_whose_answer_was_lost_is_found_and_not_begun_again(place, bring, monkeypatch):
    forum = create_forum(place)
    await switch_on(place, forum)
    request = place.env.bot.http.request

    async def lose(route, **more):
        monkeypatch.setattr(place.env.bot.http, "request", request)
        await request(route, **more)
        raise ConnectionResetError

    async def ask(route, **more):
        return await (lose if route.path == "/channels/{channel_id}/threads" else request)(route, **more)

    monkeypatch.setattr(place.env.bot.http, "request", ask)
    await bring(a_record(1))
    await pass_time(place, 4 * ANNOUNCE_SECONDS)
    assert len(threads_of(place, forum)) == 1
    await place.admin.slash(place.channel, "announce status")
    assert "1 sent, 0 waiting" in last(place)


async def test_in_an_announcement_channel_jobs_that_come_together_are_one_message_that_is_published(place, bring):
    news = place.guild.create_news_channel("news")
    await switch_on(place, news)
    await bring(a_record(1), a_record(2), a_record(3))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    _, message = announced(news)
    assert all(f"Senior Data Engineer {number}" in message for number in (1, 2, 3))
    published = [request.path for request in place.env.http_requests if request.path.endswith("/crosspost")]
    assert published == [f"/channels/{news.id}/messages/{stored(place, news).id}/crosspost"]


async def test_switching_on_announces_the_newest_three_that_wait(place, bring):
    await bring(*(a_record(number) for number in range(5)))
    await switch_on(place, place.channel)
    assert say("announce.planned.many", count=3) in last(place)
    before = len(announced(place.channel))
    await pass_time(place, 3 * ANNOUNCE_SECONDS)
    assert len(announced(place.channel)) == before + 3


async def test_a_source_is_added_listed_paused_resumed_and_removed(place):
    async def use(command, **options):
        await place.admin.slash(place.channel, f"source {command}", **options)
        return last(place)

    added = await use("add", name="fern", address="https://boards.example.com/fern", format="greenhouse")
    assert "**fern** every 6h" in added
    assert "**fern** · on · no open job" in await use("list")
    assert await use("pause", name="fern") == say("sources.paused", name="fern")
    assert "**fern** · **paused**" in await use("list")
    assert await use("resume", name="fern") == say("sources.resumed", name="fern")
    assert await use("remove", name="fern") == say("sources.removed", name="fern")
    assert say("sources.none") in await use("list")


async def test_a_job_is_added_announced_edited_and_closed(place):
    await switch_on(place, place.channel)
    shown = await place.admin.slash(place.channel, "job add")
    await place.admin.submit_modal(shown, {"title": "Senior Data Engineer", "company": "Oak", "place": "Oslo, hybrid"})
    assert last(place).startswith(say("curate.added", title="Senior Data Engineer", company="Oak"))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    assert "Senior Data Engineer" in announced(place.channel)[-1]
    (choice,) = await place.admin.autocomplete(place.channel, "job edit", "job", "oa")
    shown = await place.admin.slash(place.channel, "job edit", job=choice["value"])
    values = {"title": "Lead Data Engineer", "company": "Oak", "place": "Oslo, hybrid"}
    await place.admin.submit_modal(shown, values)
    assert last(place) == say("curate.changed", title="Lead Data Engineer", company="Oak")
    await place.admin.slash(place.channel, "job close", job=choice["value"][:6])
    assert last(place) == say("curate.closed.none", title="Lead Data Engineer", company="Oak")
    posts = len(announced(place.channel))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    assert sum("~~Lead Data Engineer~~" in text for text in announced(place.channel)) == 1
    assert len(announced(place.channel)) == posts
    await place.admin.slash(place.channel, "jobs why", job=choice["value"])
    assert "Sent in a post <t:" in last(place)


async def test_nothing_is_announced_after_switching_off(place, bring):
    await switch_on(place, place.channel)
    await place.admin.slash(place.channel, "announce off")
    before = len(announced(place.channel))
    await bring(a_record(1))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    assert len(announced(place.channel)) == before


async def test_the_status_counts_what_was_sent(place, bring):
    await switch_on(place, place.channel)
    await bring(a_record(1))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    await place.admin.slash(place.channel, "announce status")
    assert "1 sent, 0 waiting" in last(place)


async def test_a_deleted_channel_is_paused_with_that_reason(place, bring):
    jobs = place.guild.create_text_channel("jobs")
    await switch_on(place, jobs)
    place.env.backend.delete_channel(jobs.id)
    await place.env.settle()
    await bring(a_record(1))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    await place.admin.slash(place.channel, "announce status")
    assert say("announce.reason.channel-gone") in last(place)
    [told] = place.env.backend.messages[place.admin.user.dm_channel.id].values()
    assert say("announce.reason.channel-gone") in told.content


async def test_an_alert_comes_as_one_direct_message_whose_button_stops_it(place, bring, clock):
    await place.alice.slash(place.channel, "alerts add", jobs="data engineer", hour=9)
    await bring(a_record(1), a_record(2, title="Data Engineer, Streaming"))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    direct = place.alice.user.dm_channel
    assert direct.last_message is None
    clock.ahead = timedelta(days=1)
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    [message] = place.env.backend.messages[direct.id].values()
    assert say("digest.title", count=2) in json.dumps(components(message))
    await place.alice.user.click(direct.last_message, label=say("alerts.stop"))
    await place.alice.slash(place.channel, "alerts list")
    assert say("announce.state.off") in last(place)


async def test_a_refused_token_ends_the_bot_and_says_why(place, bring):
    await switch_on(place, place.channel)
    await bring(a_record(1))
    place.env.inject_error("POST", "/channels/*/messages", status=401, code=0)
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    assert isinstance(place.env.bot.failure, UnauthorisedError)
    assert place.env.bot.is_closed()


QUESTIONS = (
    "what does a data engineer do",
    "MLE vs DS",
    "MLE vs DS pay",
    "how do I go from data analyst to data engineer",
    "which role suits me if I like maths",
    "data engineer jobs",
    "do I need a PhD",
    "what is MLOps",
    "which",
    "what is the capital of France",
    "help",
)


async def restart(place, config, clock):
    """End the bot and start another on the same database."""
    await place.env.bot.close()
    await place.env.restart_bot(create_discord_bot(config, clock=clock))


async def press(person, message, component):
    """Press a component as a person would, and return what came of it."""
    custom_id = component["custom_id"]
    if component["type"] == SELECT:
        return await person.select(message, [component["options"][-1]["value"]], custom_id=custom_id)
    return await person.click(message, custom_id=custom_id)


async def test_every_component_works_after_a_restart(place, bring, config, clock):
    jobs = place.guild.create_text_channel("jobs")
    await switch_on(place, jobs)
    await bring(a_record(1), a_record(2, url=None, level=None))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    channels = [jobs]
    for number, question in enumerate(QUESTIONS):
        channels.append(place.guild.create_text_channel(f"q{number}"))
        await ask(place, question, channel=channels[-1])
    shown = [
        (channel, message, [c for c in components(message) if "custom_id" in c])
        for channel in channels
        for message in place.env.backend.messages[channel.id].values()
    ]
    before = {message.id: message.components for _, message, _ in shown}
    assert sum(len(pressable) for _, _, pressable in shown) > 40

    await restart(place, config, clock)
    for channel, message, pressable in shown:
        for component in pressable:
            kept = place.env.backend.messages[channel.id][message.id]
            kept.components = before[message.id]
            target = next(m for m in channel.history() if m.id == message.id)
            told = len(answers(place))
            result = await press(place.alice, target, component)
            assert result.acknowledged, component
            assert len(answers(place)) == told + 1, component
            assert last(place) != say("stale"), component
            assert "went wrong" not in last(place), component


async def test_a_saved_job_is_still_there_after_a_restart(place, bring, config, clock):
    (job,) = await bring(a_record(1))
    await place.alice.slash(place.channel, "jobs show", job=job.id)
    await place.alice.click(place.channel.last_message, label=say("job.save"))
    assert last(place) == say("saved.told.new")
    await restart(place, config, clock)
    await place.alice.slash(place.channel, "saved")
    assert "Senior Data Engineer 1" in last(place)
    await place.bob.slash(place.channel, "saved")
    assert last(place).endswith(say("saved.none"))


async def test_nothing_is_announced_twice_after_a_restart(place, bring, config, clock):
    await switch_on(place, place.channel)
    await bring(a_record(1))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    before = len(announced(place.channel))
    await restart(place, config, clock)
    await pass_time(place, 5 * ANNOUNCE_SECONDS)
    assert len(announced(place.channel)) == before


async def test_what_was_imported_while_the_bot_was_away_is_announced_when_it_is_back(place, bring, config, clock):
    await switch_on(place, place.channel)
    before = len(announced(place.channel))
    await place.env.bot.close()
    await bring(a_record(1))
    await place.env.restart_bot(create_discord_bot(config, clock=clock))
    await pass_time(place, 2 * ANNOUNCE_SECONDS)
    assert len(announced(place.channel)) == before + 1


def synced(place):
    return [r for r in place.env.http_requests if r.method == "PUT" and r.path.endswith("/commands")]


async def test_the_commands_are_sent_once(place, config, clock):
    assert len(synced(place)) == 1
    await restart(place, config, clock)
    assert len(synced(place)) == 1
    await place.alice.slash(place.channel, "ask", question="what is mlops")
    assert "## MLOps" in last(place)


async def test_a_heartbeat_is_left_beside_the_database(place, config):
    await place.env.advance_time(1)
    assert heartbeat_file(config.database_url).exists()


@pytest.fixture
def announcing_hangs(monkeypatch):
    """Have the first question of each run to the database answered in days, which to the simulation is a known wait."""

    async def hang(*_):
        await asyncio.sleep(1_000_000)

    monkeypatch.setattr(DeliveryRepository, "is_idle", hang)


def told_owner(place):
    return [r for r in place.env.http_requests if r.method == "POST" and "stood still" in str(r.json)]


async def test_announcing_that_hangs_ends_the_heartbeat_and_is_told_to_the_owner_once(announcing_hangs, place, config):
    await pass_time(place, 170)
    assert heartbeat_file(config.database_url).exists()
    assert told_owner(place) == []
    await pass_time(place, 600)
    assert not heartbeat_file(config.database_url).exists()
    assert len(told_owner(place)) == 1


async def test_where_that_is_set_the_bot_ends_with_an_error_when_announcing_hangs(
    announcing_hangs, config, clock, monkeypatch
):
    armed = []
    monkeypatch.setattr(bot.app, "exit_soon", lambda: armed.append(True))
    client = create_discord_bot(replace(config, exit_when_stuck=True), clock=clock)
    async with simcord.run(client, check_errors=False) as env:
        clock.env = env
        for _ in range(40):
            await env.advance_time(STEP_SECONDS)
            if client.is_closed():
                break
        assert client.is_closed()
    assert isinstance(client.failure, StuckError)
    assert armed == [True]


async def test_a_second_bot_on_the_same_database_is_refused(config):
    async with open_app(config):
        with pytest.raises(AlreadyRunningError):
            async with simcord.run(create_discord_bot(config)):
                pytest.fail("two run")


async def test_hostile_questions_are_answered_like_any_other(place):
    for text in ("@everyone what is mlops", "`" * 500, "\u202e\u200b" * 300, "[x](javascript:alert(1))", "A" * 1900):
        await ask(place, text)
        assert "went wrong" not in last(place)
        assert place.channel.last_message.mentions == []
        assert not place.channel.last_message.mention_everyone
