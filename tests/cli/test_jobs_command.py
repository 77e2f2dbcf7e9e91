"""career-bot jobs, db and doctor: what an operator types, sees, and gets as an exit code."""

import io
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.database import examine
from bot.errors import StoreUnavailableError
from bot.store import maintenance

DATA = Path(__file__).parent.parent / "data"
LISTING = DATA / "listing.txt"


@pytest.fixture
def database(alone, tmp_path, monkeypatch):
    """Return the path of a database that is not there yet, which every command uses."""
    path = tmp_path / "data" / "career-bot.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAREER_BOT_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("CAREER_BOT_KNOWLEDGE", str(DATA / "cooking"))
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    return path


@pytest.fixture
def run(database, career_bot):
    """Run career-bot in this process, on that database."""
    return career_bot


def ids(run):
    return [record["id"] for record in json.loads(run("jobs", "list", "--json")[1])]


def test_an_article_is_imported_with_a_note_about_impossible_pay(run):
    code, out, err = run("jobs", "import", LISTING)
    assert (code, err) == (0, "")
    assert "4 new, 0 changed, 0 unchanged, 0 merged, 0 irrelevant, 0 refused" in out
    assert "pay USD 9999999K - 9999999K is implausible: kept as unknown" in out
    assert "Deep Learning – Imaging Specialist" in out


def test_importing_twice_stores_nothing_more(run):
    run("jobs", "import", LISTING)
    code, out, _ = run("jobs", "import", LISTING)
    assert (code, out.splitlines()[-1]) == (0, "0 new, 0 changed, 4 unchanged, 0 merged, 0 irrelevant, 0 refused")


def test_what_is_listed_as_json_is_imported_back_from_standard_input(run, monkeypatch):
    run("jobs", "import", LISTING)
    _, listed, _ = run("jobs", "list", "--json")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(listed.encode()), encoding="ascii"))
    code, out, _ = run("jobs", "import", "-")
    assert (code, out.splitlines()[-1]) == (0, "0 new, 0 changed, 4 unchanged, 0 merged, 0 irrelevant, 0 refused")


def test_good_records_go_in_and_bad_ones_are_named_with_exit_code_1(run, tmp_path):
    file = tmp_path / "jobs.json"
    file.write_text('[{"title": "A", "company": "B"},\n {"title": 5}]', encoding="utf-8")
    code, out, err = run("jobs", "import", file)
    assert (code, out.splitlines()[-1]) == (1, "1 new, 0 changed, 0 unchanged, 0 merged, 0 irrelevant, 1 refused")
    assert err == f"{file}: record 2, line 2: refused: title is not text\n"


def test_roles_are_recognised_by_the_knowledge(run, monkeypatch, tmp_path):
    monkeypatch.delenv("CAREER_BOT_KNOWLEDGE")
    run("jobs", "import", LISTING)
    roles = {record["title"]: record["role"] for record in json.loads(run("jobs", "list", "--json")[1])}
    assert roles["Junior Data Analyst (Café Chain)"] == "data-analyst"


def test_a_file_without_jobs_says_so(run, tmp_path):
    (tmp_path / "prose.txt").write_text("Nothing here.")
    code, out, _ = run("jobs", "import", "prose.txt")
    assert (code, out.splitlines()) == (
        0,
        ["prose.txt: no job was found", "0 new, 0 changed, 0 unchanged, 0 merged, 0 irrelevant, 0 refused"],
    )


BOARD = [
    {"position": "Data Engineer", "slug": "a", "company": "Loam", "url": "https://loam.example.com/1"},
    {"position": "", "slug": "b", "company": "Loam"},
    {"position": "Plumber", "slug": "c", "company": "Loam"},
]


def test_a_board_is_told_by_its_content_and_what_is_refused_is_written_to_a_file(run, tmp_path, monkeypatch):
    monkeypatch.delenv("CAREER_BOT_KNOWLEDGE")
    (tmp_path / "board.json").write_text(json.dumps(BOARD))
    code, out, err = run("jobs", "import", "board.json", "--refused", "refused.jsonl")
    assert (code, out.splitlines()[-1]) == (1, "1 new, 0 changed, 0 unchanged, 0 merged, 1 irrelevant, 1 refused")
    assert "irrelevant: record 3: Plumber, Loam: its title names no role that is known" in out
    assert "board.json: record 2: refused: title is missing" in err
    kept = [json.loads(line) for line in (tmp_path / "refused.jsonl").read_text().splitlines()]
    assert kept == [{"place": "record 2", "reason": "title is missing"}]


def test_a_page_of_several_says_so(run, tmp_path):
    job = {
        "slug": "a",
        "company_name": "Loam",
        "title": "Data Engineer",
        "job_types": [],
        "url": "https://loam.example.com/1",
    }
    page = {"data": [job], "links": {"next": "https://board.example.com?page=2"}, "meta": {"current_page": 1}}
    (tmp_path / "page.json").write_text(json.dumps(page))
    assert "one page of several" in run("jobs", "import", "page.json")[1]


def test_many_jobs_are_stored_in_batches_and_listed_in_part(run, tmp_path):
    rows = "".join(f"Data Analyst,Loam {number},Oslo\n" for number in range(1_200))
    (tmp_path / "many.csv").write_text(f"title,company,location\n{rows}")
    code, out, _ = run("jobs", "import", "many.csv")
    assert (code, out.splitlines()[-1]) == (0, "1200 new, 0 changed, 0 unchanged, 0 merged, 0 irrelevant, 0 refused")
    assert "… and 1170 more" in out


def test_knowledge_without_roles_calls_no_job_irrelevant(run, tmp_path):
    (tmp_path / "board.json").write_text(json.dumps(BOARD))
    assert run("jobs", "import", "board.json")[1].endswith(
        "2 new, 0 changed, 0 unchanged, 0 merged, 0 irrelevant, 1 refused\n"
    )


def test_every_format_is_listed(run):
    code, out, _ = run("jobs", "formats")
    assert code == 0
    assert {"greenhouse", "rss", "markdown", "listing"} <= set(out.split())


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("ftp://jobs.example/list", None, "ftp://jobs.example/list cannot be read"),
        ("missing.txt", None, "missing.txt cannot be read: No such file or directory"),
        ("bad.txt", b"first\nsecond \xff", "bad.txt is not UTF-8 text (line 2)"),
    ],
)
def test_what_cannot_be_read_is_wrong_usage(run, tmp_path, path, content, said):
    if content is not None:
        (tmp_path / path).write_bytes(content)
    code, _, err = run("jobs", "import", path)
    assert code == 2
    assert said in err


@pytest.mark.parametrize("url", ["http://127.0.0.1/board.json", "https://169.254.169.254/latest", "http://localhost/"])
def test_an_address_of_this_machine_or_its_network_is_not_asked(run, url):
    code, out, err = run("jobs", "import", url)
    assert (code, out) == (1, "")
    assert "is not a public web server" in err


def test_a_file_that_is_too_large_is_wrong_usage(run, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.cli.jobs.LARGEST_FILE", 3)
    (tmp_path / "large.txt").write_text("four")
    assert run("jobs", "import", "large.txt")[0] == 2


def test_an_empty_list_says_how_to_fill_it_and_is_an_empty_array_in_json(run):
    assert "jobs import" in run("jobs", "list")[1]
    assert json.loads(run("jobs", "list", "--json")[1]) == []


def test_jobs_are_listed_with_what_is_known_of_them(run):
    run("jobs", "import", LISTING)
    _, out, _ = run("jobs", "list")
    line = next(line for line in out.splitlines() if "Platform Engineer" in line)
    assert "featured" in line
    assert "Fern & Co" in line
    assert "€70k–€95k" in line


def test_a_long_list_is_cut_with_the_number_of_the_rest(run, tmp_path):
    many = [{"title": f"Job {number}", "company": "[bold]Fern"} for number in range(40)]
    (tmp_path / "many.json").write_text(json.dumps(many))
    code, out, _ = run("jobs", "import", "many.json")
    assert code == 0
    assert "… and 10 more" in out
    assert "[bold]Fern" in out


def test_closed_jobs_are_listed_only_with_all(run):
    run("jobs", "import", LISTING)
    first = ids(run)[0]
    assert "is closed; it was withdrawn from 0 channels" in run("jobs", "close", first)[1]
    assert first not in ids(run)
    assert "closed" in run("jobs", "list", "--all")[1]
    assert "is closed already" in run("jobs", "close", first)[1]


def test_featuring_takes_the_start_of_an_id_and_says_what_happens(run, tmp_path):
    (tmp_path / "one.json").write_text('[{"title": "A", "company": "B"}]')
    run("jobs", "import", "one.json")
    job = ids(run)[0]
    assert "it is announced in 0 channels at the bot's next look" in run("jobs", "feature", job[:3].upper())[1]
    assert "is featured already" in run("jobs", "feature", job)[1]


def test_a_closed_job_cannot_be_featured(run):
    run("jobs", "import", LISTING)
    first = ids(run)[0]
    run("jobs", "close", first)
    code, _, err = run("jobs", "feature", first)
    assert code == 1
    assert "closed jobs are not announced" in err


def test_an_unknown_id_suggests_near_ones(run):
    run("jobs", "import", LISTING)
    first = ids(run)[0]
    code, _, err = run("jobs", "feature", first[:-1] + "-")
    assert code == 1
    assert f"did you mean {first}" in err
    assert "jobs list shows them" in run("jobs", "feature", "-")[2]


def test_a_start_that_several_ids_share_names_them(run, tmp_path):
    many = [{"title": f"Job {number}", "company": "Fern"} for number in range(40)]
    (tmp_path / "many.json").write_text(json.dumps(many))
    run("jobs", "import", "many.json")
    found = ids(run)
    shared = next(
        letter for letter in "abcdefghijklmnopqrstuvwxyz" if sum(each.startswith(letter) for each in found) > 1
    )
    code, _, err = run("jobs", "close", shared)
    assert code == 1
    assert f'several ids begin with "{shared}"' in err


def test_a_database_that_cannot_be_used_is_one_line_and_exit_code_1(run, database):
    database.mkdir(parents=True)
    code, out, err = run("jobs", "list")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "is a folder" in err


def test_a_database_is_upgraded_checked_and_copied(run, database, tmp_path):
    assert run("db", "check")[0] == 1
    assert "upgraded to revision" in run("db", "upgrade")[1]
    assert "is at revision" in run("db", "upgrade")[1]
    run("jobs", "import", LISTING)
    assert run("db", "check") == (0, f"{database}: sound\n", "")
    assert run("db", "backup", tmp_path / "copy.db")[0] == 0
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM jobs").fetchone() == (4,)
    copy.close()
    code, _, err = run("db", "backup", tmp_path / "copy.db")
    assert code == 1
    assert "exists already" in err


def test_a_backup_that_fails_leaves_nothing_behind(run, database, tmp_path):
    run("db", "upgrade")
    code, _, err = run("db", "backup", tmp_path / "missing" / "copy.db")
    assert (code, err.count("\n")) == (1, 1)
    assert run("db", "backup", "/proc/copy.db")[0] == 1


def test_damage_is_found(run, database):
    run("db", "upgrade")
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("INSERT INTO delivery_jobs VALUES (5, 'channel:1', 'none')")
    connection.close()
    code, _, err = run("db", "check")
    assert code == 1
    assert "delivery_jobs: row 1 refers to a missing row of" in err


def test_the_doctor_finds_a_sound_installation_sound(run, database):
    code, out, _ = run("doctor")
    assert code == 0
    assert f"ok   database {database}: made when it is first needed" in out
    assert "warn no Discord token is set" in out
    assert not database.exists()
    run("db", "upgrade")
    assert f"ok   database {database}: writable" in run("doctor")[1]


def test_the_doctor_never_shows_the_token(run, monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    _, out, err = run("doctor")
    assert "ok   a Discord token is set" in out
    assert "very-secret" not in out + err


def test_the_doctor_names_what_fails_and_what_to_do(run, database, monkeypatch, tmp_path):
    database.parent.write_text("a file")
    monkeypatch.setenv("CAREER_BOT_KNOWLEDGE", str(tmp_path / "none"))
    code, out, _ = run("doctor")
    assert code == 1
    assert out.count("fail ") == 2
    assert "name another file in CAREER_BOT_DATABASE_URL" in out


def test_the_doctor_counts_the_faults_of_knowledge(run, monkeypatch, tmp_path):
    folder = Path(shutil.copytree(DATA / "cooking", tmp_path / "cooking"))
    next(folder.rglob("*.yaml")).write_text("nonsense: 1")
    monkeypatch.setenv("CAREER_BOT_KNOWLEDGE", str(folder))
    assert "fail knowledge has" in run("doctor")[1]


def test_the_doctor_names_bad_settings(run, monkeypatch):
    monkeypatch.setenv("CAREER_BOT_ANNOUNCE_SECONDS", "soon")
    code, out, _ = run("doctor")
    assert code == 1
    assert "fail CAREER_BOT_ANNOUNCE_SECONDS" in out


def test_the_doctor_says_when_a_database_is_old(database):
    database.parent.mkdir()
    sqlite3.connect(database).close()
    assert any(finding.level == "warn" and "newest revision" in finding.text for finding in examine())


@pytest.mark.parametrize(
    ("version", "sound"),
    [((3, 40, 1), False), ((3, 44, 6), True), ((3, 50, 6), False), ((3, 51, 3), True), ((3, 52, 0), True)],
)
def test_versions_of_sqlite_that_can_damage_a_wal_are_known(version, sound):
    assert maintenance.is_sound_sqlite(version) is sound


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(StoreUnavailableError, match="is a folder"):
        maintenance.check_writable(tmp_path)


@pytest.mark.process
def test_listing_jobs_imports_neither_discord_nor_alembic(run, database):
    run("db", "upgrade")
    code = (
        "import sys; sys.argv[1:] = ['jobs', 'list', '--json']\n"
        "from bot.cli import main\n"
        "main(); print(sorted({'discord', 'alembic', 'ftfy', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"[]\n[]\n"


@pytest.fixture
def stocked(run, tmp_path):
    rows = [
        {"title": "Senior Data Engineer", "company": "Fern", "place": "Oslo", "text": "Airflow", "level": "senior"},
        {"title": "Senior Data Engineer", "company": "Fern", "place": "Bergen", "source_id": "2", "level": "senior"},
        {"title": "Data Analyst", "company": "Moss", "pay": "USD 60K - 80K", "posted": "2024-01-05"},
    ]
    (tmp_path / "jobs.json").write_text(json.dumps(rows))
    code, out, _ = run("jobs", "import", "jobs.json")
    assert (code, out.splitlines()[-1]) == (0, "2 new, 0 changed, 0 unchanged, 1 merged, 0 irrelevant, 0 refused")
    return run


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (["senior", "data", "engineer"], ["Senior Data Engineer"]),
        (["airflow"], ["Senior Data Engineer"]),
        (["--company", "mo"], ["Data Analyst"]),
        (["--since", "2024-02-01"], ["Senior Data Engineer"]),
        (["--paid"], ["Data Analyst"]),
        (["analyst $100k"], []),
        (["--limit", "1", "--page", "2"], ["Data Analyst"]),
    ],
)
def test_open_jobs_are_searched_by_words_and_options(stocked, words, titles):
    code, out, _ = stocked("jobs", "search", "--json", *words)
    assert (code, [job["title"] for job in json.loads(out)]) == (0, titles)


def test_a_search_that_finds_nothing_says_so(stocked):
    assert stocked("jobs", "search", "rust")[:2] == (0, "no open job fits\n")


def test_a_job_is_shown_with_its_places_and_the_evidence_for_its_copies(stocked):
    job = json.loads(stocked("jobs", "search", "airflow", "--json")[1])[0]
    code, out, _ = stocked("jobs", "show", job["id"][:6])
    assert code == 0
    for part in ("Oslo; Bergen", "new", "senior", "the same company, 100 % alike in the title", "Airflow"):
        assert part in out


def test_what_is_exported_is_imported_back_and_a_file_is_not_overwritten(stocked, tmp_path):
    assert stocked("jobs", "export", "out.jsonl")[:2] == (0, "2 jobs written to out.jsonl\n")
    assert stocked("jobs", "import", "out.jsonl")[1].splitlines()[-1].startswith("0 new, 0 changed, 2 unchanged")
    code, _, err = stocked("jobs", "export", "out.jsonl")
    assert (code, "there already" in err) == (1, True)
