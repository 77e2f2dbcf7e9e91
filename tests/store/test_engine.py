import asyncio
import re
import shutil
import sqlite3
import subprocess
import sys
import threading

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from bot.errors import AlreadyRunningError, StoreUnavailableError
from bot.store.engine import database_path
from bot.store.opening import open_bot_store, open_store
from bot.store.tables import metadata
from bot.store.upgrading import HEAD, MIGRATIONS, revision, upgrade


async def pragma(store, name):
    async with store.database.reading() as connection:
        return (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()


async def test_a_database_is_made_with_its_folder(url):
    async with open_store(url):
        assert database_path(url).is_file()


async def test_the_file_is_kept_safe_and_only_the_bot_checkpoints(url):
    async with open_store(url) as store:
        names = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint")
        assert [await pragma(store, name) for name in names] == ["wal", 2, 1, 0]
    async with open_bot_store(url) as store:
        assert [await pragma(store, name) for name in names] == ["wal", 2, 1, 4_000]


async def test_a_cancelled_transaction_leaves_nothing_and_the_next_one_begins(store):
    entered = asyncio.Event()

    async def write():
        async with store.database.transaction() as connection:
            await connection.execute(text("INSERT INTO meta VALUES ('torn', '1')"))
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.meta.set("next", "2")
    assert [await store.meta.get(key) for key in ("torn", "next")] == [None, "2"]


async def test_a_hundred_cancels_at_any_point_tear_nothing(store):
    async def pair(number):
        async with store.database.transaction() as connection:
            await connection.execute(text("INSERT INTO meta VALUES (:key, 'x')"), {"key": f"a{number}"})
            await connection.execute(text("INSERT INTO meta VALUES (:key, 'x')"), {"key": f"b{number}"})

    for number in range(100):
        task = asyncio.create_task(pair(number))
        for _ in range(number):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with store.database.reading() as connection:
        keys = {key for (key,) in await connection.execute(text("SELECT key FROM meta"))}
    assert {key[1:] for key in keys if key[0] == "a"} == {key[1:] for key in keys if key[0] == "b"}
    await store.meta.set("alive", "yes")


async def test_writers_wait_for_each_other(store):
    async def add():
        async with store.database.transaction() as connection:
            number = (await connection.execute(text("SELECT count(*) FROM meta"))).scalar_one()
            await asyncio.sleep(0)
            await connection.execute(text("INSERT INTO meta VALUES (:key, '')"), {"key": f"{number:03}"})

    await asyncio.gather(*(add() for _ in range(30)))
    async with store.database.reading() as connection:
        assert (await connection.execute(text("SELECT max(key) FROM meta"))).scalar_one() == "029"


async def test_a_reader_sees_one_state(store):
    await store.meta.set("key", "before")
    async with store.database.reading() as connection:
        first = (await connection.execute(text("SELECT value FROM meta"))).scalar_one()
        await store.meta.set("key", "after")
        assert (await connection.execute(text("SELECT value FROM meta"))).scalar_one() == first == "before"
    assert await store.meta.get("key") == "after"


@pytest.mark.parametrize("bad", ["sqlite:///:memory:", "sqlite://", "postgresql://host/x", "nonsense"])
async def test_an_address_that_names_no_file_is_refused(bad):
    with pytest.raises(StoreUnavailableError, match="sqlite:///FILE"):
        async with open_store(bad):
            pass


async def refused(url, opening=open_store):
    with pytest.raises(StoreUnavailableError) as caught:
        async with opening(url):
            pass
    return str(caught.value)


async def test_a_folder_in_place_of_the_file_is_named(tmp_path):
    assert await refused(f"sqlite:///{tmp_path}") == f"{tmp_path}: is a folder; name a file in CAREER_BOT_DATABASE_URL"
    assert "is a folder" in await refused(f"sqlite:///{tmp_path}", open_bot_store)


@pytest.mark.parametrize("opening", [open_store, open_bot_store])
async def test_a_folder_that_cannot_be_made_is_named(tmp_path, opening):
    (tmp_path / "file").write_text("")
    assert "the folder cannot be made" in await refused(f"sqlite:///{tmp_path / 'file' / 'x.db'}", opening)


async def test_a_file_that_cannot_be_written_is_named():
    for opening in (open_store, open_bot_store):
        assert "/proc" in await refused("sqlite:////proc/career-bot.db", opening)


async def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "x.db").write_bytes(b"no database at all " * 100)
    assert "it is no SQLite database" in await refused(f"sqlite:///{tmp_path / 'x.db'}")


async def test_a_damaged_database_is_named(url):
    async with open_store(url):
        pass
    path = database_path(url)
    data = bytearray(path.read_bytes())
    data[100:4096] = b"\x55" * 3996
    path.write_bytes(data)
    assert "it is damaged" in await refused(url)


async def test_somebody_elses_database_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    assert "holds other data" in await refused(f"sqlite:///{tmp_path / 'x.db'}")


async def test_a_database_of_a_newer_program_is_left_alone(url):
    async with open_store(url) as store, store.database.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "newer career-bot (revision 9999" in await refused(url)


async def test_a_full_disk_is_named(store):
    async with store.database.reading() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()

    async def fill():
        async with store.database.transaction() as connection:
            await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            await connection.execute(text("INSERT INTO meta VALUES ('big', :value)"), {"value": "x" * 100_000})

    with pytest.raises(StoreUnavailableError, match="the disk is full"):
        await fill()


async def test_a_second_bot_on_the_same_database_is_refused_until_the_first_has_ended(url):
    async with open_bot_store(url):
        with pytest.raises(AlreadyRunningError, match="already runs on"):
            async with open_bot_store(url):
                pass
        async with open_store(url):
            pass
    async with open_bot_store(url):
        pass


HOLD = """
import asyncio, sys
from bot.store.opening import open_bot_store
async def main():
    async with open_bot_store(sys.argv[1]):
        print("open", flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.mark.process
async def test_a_killed_bot_leaves_no_lock_behind(url):
    process = subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"open\n"
        with pytest.raises(AlreadyRunningError):
            async with open_bot_store(url):
                pass
    finally:
        process.kill()
        process.communicate()
    async with open_bot_store(url):
        pass


async def test_the_newest_revision_is_what_alembic_says():
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


async def test_migrating_gives_the_tables_of_the_program(store, tmp_path):
    async with store.database.reading() as connection:
        schema = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%' AND name NOT LIKE 'sqlite_%'"
        migrated = {name: sorted(normal(sql)) for name, sql in await connection.execute(text(schema))}
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        made = {name: sorted(normal(sql)) for name, sql in connection.execute(text(schema))}
    engine.dispose()
    assert migrated == made


def normal(sql):
    """Return the parts of a statement; a column that was added later stands on the line of the one before it."""
    parts = re.split(r"\n|,(?=\s*\w+ (?:TEXT|INTEGER|FLOAT|BLOB)\b)", sql)
    return [part for part in (part.strip(" ,\t") for part in parts) if part]


async def test_an_open_database_needs_no_second_upgrade(store):
    assert await revision(store.database) == HEAD
    assert not await upgrade(store.database)


OPEN = """
import asyncio, sys
from bot.store.opening import open_store
async def main():
    async with open_store(sys.argv[1]) as store:
        await store.meta.set(sys.argv[2], "1")
    print("alembic" in sys.modules)
asyncio.run(main())
"""


@pytest.mark.process
async def test_processes_that_upgrade_at_once_all_end_well(url):
    processes = [
        subprocess.Popen([sys.executable, "-c", OPEN, url, str(number)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for number in range(4)
    ]
    ended = [(process.communicate()[1].decode(), process.returncode) for process in processes]
    assert ended == [("", 0)] * 4
    again = subprocess.run([sys.executable, "-c", OPEN, url, "again"], capture_output=True, check=True)
    assert again.stdout == b"False\n"


@pytest.mark.process
def test_migrations_work_from_wherever_the_package_lies(tmp_path, url):
    package = tmp_path / "100% elsewhere" / "bot"
    shutil.copytree(
        MIGRATIONS.parents[1], package, ignore=shutil.ignore_patterns("__pycache__", "frontends", "advisor", "cli")
    )
    done = subprocess.run([sys.executable, "-c", OPEN, url, "x"], cwd=package.parent, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"True\n", b"")


async def test_opening_and_closing_fifty_times_leaves_no_thread_behind(url):
    async with open_store(url):
        pass
    before = set(threading.enumerate())
    for _ in range(50):
        async with open_store(url):
            pass
    left = [thread for thread in set(threading.enumerate()) - before if not thread.name.startswith("asyncio_")]
    for thread in left:
        thread.join(timeout=5)
    assert not any(thread.is_alive() for thread in left)
