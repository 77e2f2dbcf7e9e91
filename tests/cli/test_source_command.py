"""career-bot jobs source: what an operator types, sees, and gets as an exit code."""

import pytest

ADDRESS = "https://boards.example.com/fern"


@pytest.fixture
def run(career_bot, tmp_path, monkeypatch):
    """Run career-bot jobs source in this process, on a database of its own."""
    monkeypatch.setenv("CAREER_BOT_DATABASE_URL", f"sqlite:///{tmp_path}/career-bot.db")
    return lambda *words: career_bot("jobs", "source", *words)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A file of sources with one in it."""
    path = tmp_path / "sources.yaml"
    path.write_text(f"sources:\n  - {{name: oak, address: '{ADDRESS}'}}\n", encoding="utf-8")
    monkeypatch.setenv("CAREER_BOT_SOURCES", str(path))


def test_a_source_is_added_and_listed(run):
    added = run("add", "fern", ADDRESS, "--every", "90m", "--featured", "matching", "--matching", "data engineer")
    assert added == (0, "fern is asked every 90m, at first at the bot's next look\n", "")
    code, out, _ = run("list")
    (_, row) = out.splitlines()
    assert code == 0
    assert row.split()[:4] == ["fern", "on", "0", "90m"]
    assert "matching: data engineer" in row


def test_a_list_of_none_says_how_to_add_one(run):
    assert run("list")[:2] == (0, "there are no sources; career-bot jobs source add NAME ADDRESS makes one\n")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("fern", ADDRESS), 'there is a source "fern" already; remove it first, or take another name'),
        (("Oak", ADDRESS), 'name: "Oak" is not made of at most 40 small letters, digits and hyphens'),
        (("oak", ADDRESS, "--every", "often"), '"often" is no interval; write 30m, 6h or 1d'),
        (("oak", ADDRESS, "--format", "fax"), 'there is no format "fax"; known are auto, greenhouse,'),
    ],
)
def test_what_cannot_be_added_is_told(run, words, fault):
    run("add", "fern", ADDRESS)
    code, _, err = run("add", *words)
    assert (code, fault in err) == (1, True)


def test_a_source_is_paused_resumed_and_removed(run):
    run("add", "fern", ADDRESS, "--format", "auto")
    said = [run(verb, "fern")[1].strip() for verb in ("resume", "pause", "pause", "resume", "remove")]
    assert said == [
        "fern is not paused",
        "fern is paused",
        "fern is paused already",
        "fern is asked at the bot's next look",
        "fern is removed",
    ]


@pytest.mark.parametrize("verb", ["pause", "resume", "remove"])
def test_an_unknown_source_is_told_with_those_that_are_known(run, verb):
    assert 'there is no source "elm"; there are none' in run(verb, "elm")[2]
    run("add", "fern", ADDRESS)
    code, _, err = run(verb, "elm")
    assert (code, 'there is no source "elm"; there are fern' in err) == (1, True)


def test_a_source_of_the_file_is_not_removed(run, file):
    run("list")
    code, _, err = run("remove", "oak")
    assert (code, "oak stands in the file of sources; take it out there, or pause it" in err) == (1, True)
    assert "oak" in run("list")[1]
