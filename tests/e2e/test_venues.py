"""Jobs in a forum and in an announcement channel, by a real process."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.jobs.query import ANYTHING
from bot.store.opening import open_store
from tests.e2e.listing import announced, import_jobs, switch_on
from tests.e2e.process import START_SECONDS, Installation
from tests.loopback.messages import CROSSPOSTED, text_of
from tests.loopback.server import LoopbackDiscord
from tests.loopback.waiting import eventually
from tests.loopback.world import Kind, Permission

JOBS = range(3)


async def test_a_forum_gets_a_thread_a_job_and_an_announcement_channel_what_is_published(
    installation: Installation, server: LoopbackDiscord, tmp_path: Path
):
    guild, [general] = server.guild_with_channels("general")
    forum = server.world.add_channel(guild, "openings", kind=Kind.FORUM)
    news = server.world.add_channel(guild, "news", kind=Kind.ANNOUNCEMENT)
    admin = server.world.add_member(guild, "admin", Permission.MANAGE_GUILD)
    bot = await installation.run()
    await switch_on(server, admin, forum, news, where=general)
    await import_jobs(installation, tmp_path, JOBS)
    await eventually(
        lambda: all(set(announced(server, channel)) == set(JOBS) for channel in (forum, news)), seconds=START_SECONDS
    )
    names = [thread.channel.name for thread in server.world.threads(forum)]
    assert sorted(names) == [
        "Data Engineer No 0 · Night Shift Ltd",
        *(f"Data Engineer No {n} · Loopback Ltd" for n in JOBS[1:]),
    ]
    await eventually(
        lambda: all(message["flags"] & CROSSPOSTED for message in server.from_bot(news)), seconds=START_SECONDS
    )
    assert announced(server, news).total() == announced(server, forum).total() == len(JOBS)
    assert (await bot.stop()).code == 0
    assert server.unknown == []


async def test_the_archived_thread_of_a_closed_job_says_so_and_is_archived_again(
    installation: Installation, server: LoopbackDiscord, tmp_path: Path
):
    guild, [general] = server.guild_with_channels("general")
    forum = server.world.add_channel(guild, "openings", kind=Kind.FORUM)
    bot = await installation.run()
    await switch_on(server, server.world.add_member(guild, "admin", Permission.MANAGE_GUILD), forum, where=general)
    await import_jobs(installation, tmp_path, range(1))
    await eventually(lambda: announced(server, forum), seconds=START_SECONDS)
    [thread] = server.world.threads(forum)
    thread.archived = True
    async with open_store(installation.settings["CAREER_BOT_DATABASE_URL"]) as store:
        [job], _ = await store.jobs.search(ANYTHING)
        assert await store.jobs.close(job.id, datetime.now(UTC)) is not None
    await eventually(lambda: "~~Data Engineer No 0~~" in text_of(server.from_bot(forum)[0]), seconds=START_SECONDS)
    await eventually(lambda: thread.archived, seconds=START_SECONDS)
    changes = server.record.matching(f"PATCH /channels/{thread.channel.id}$")
    assert [request.json for request in changes] == [{"archived": False}, {"archived": True}]
    assert (await bot.stop()).code == 0
