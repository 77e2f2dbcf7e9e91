"""career-bot salaries import: figures of advertised pay from a public file, the same bytes each time."""

import gzip
from pathlib import Path

import pytest

from bot.advisor.loading import load_knowledge
from bot.folder import read_folder

HEADER = (
    "work_year,experience_level,employment_type,job_title,salary,salary_currency,salary_in_usd,"
    "employee_residence,remote_ratio,company_location,company_size"
)
BEFORE = "figures: []\n"


def advert(low: int) -> list[str]:
    """Return the two lines of one advert."""
    return [f"2025,SE,FT,Head Chef,{amount},USD,{amount},US,0,US,M" for amount in (low + 20_000, low)]


LINES = [HEADER, *(line for number in range(12) for line in advert(40_000 + 1_000 * number))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a knowledge base that knows one role, and which title in the adverts it is."""
    folder = tmp_path / "kitchen"
    (folder / "topics").mkdir(parents=True)
    (folder / "topics" / "night.yaml").write_text("id: night\nphrasings: [do cooks work at night]\nanswer: Often.\n")
    (folder / "lexicon.yaml").write_text("roles:\n  - {id: chef, title: Chef, aliases: [head chef]}\n")
    (folder / "sources.yaml").write_text("sources:\n  - {id: ads, title: Adverts, publisher: A, licence: CC0-1.0}\n")
    (folder / "salary_titles.yaml").write_text("source: ads\ntitles:\n  - {role: chef, title: Head Chef}\n")
    (folder / "salaries.yaml").write_text(BEFORE)
    return folder


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


def test_figures_are_written_that_the_knowledge_base_then_holds(career_bot, folder, tmp_path):
    code, out, err = career_bot("salaries", "import", written(tmp_path / "ads.csv", LINES), "--knowledge", folder)
    assert (code, err) == (0, "")
    assert out.startswith("24 rows, 0 refused; 12 distinct adverts of 1 roles; 3 figures in ")
    whole, *_ = load_knowledge(read_folder(folder)).figures
    assert (whole.role, whole.low, whole.middle, whole.high, whole.sample) == ("chef", 51_100, 55_500, 59_900, 12)


def test_the_same_file_gives_the_same_bytes_packed_or_not(career_bot, folder, tmp_path):
    plain = written(tmp_path / "ads.csv", LINES)
    packed = tmp_path / "ads.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    found = []
    for path in (plain, packed, plain):
        assert career_bot("salaries", "import", path, "--knowledge", folder)[0] == 0
        found.append((folder / "salaries.yaml").read_bytes())
    assert found[0] == found[1] == found[2] != BEFORE.encode()


def test_a_bad_line_is_named_and_the_good_ones_go_in(career_bot, folder, tmp_path):
    lines = [*LINES, "2025,SE,FT,Head Chef,lots,USD,lots,US,0,US,M", "2025,SE", *advert(90_000)]
    code, out, err = career_bot("salaries", "import", written(tmp_path / "ads.csv", lines), "--knowledge", folder)
    assert code == 1
    assert err.splitlines() == [
        f'{tmp_path}/ads.csv:26: refused: salary_in_usd is "lots", not a number',
        f"{tmp_path}/ads.csv:27: refused: it has 2 fields, not 11",
    ]
    assert out.startswith("28 rows, 2 refused; 13 distinct adverts")
    assert load_knowledge(read_folder(folder)).figures[0].sample == 13


def test_many_bad_lines_are_counted_after_the_first(career_bot, folder, tmp_path):
    lines = [*LINES, *["x,y"] * 1_030]
    code, _, err = career_bot("salaries", "import", written(tmp_path / "ads.csv", lines), "--knowledge", folder)
    assert code == 1
    assert len(err.splitlines()) == 21
    assert err.splitlines()[-1] == "… and 1,010 more lines"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "its first line lacks work_year, "),
        (b"title,pay\nChef,3\n", "its first line lacks work_year, "),
        ("\n".join(LINES[:9]).encode(), "too few adverts"),
        (gzip.compress("\n".join(LINES).encode())[:-20], "cannot be read to its end"),
        (HEADER.encode() + b"\n\xff\xfe,1\n", "cannot be read to its end"),
        (b"\x1f\x8bnothing", "cannot be read to its end"),
    ],
)
def test_a_file_that_is_not_such_a_file_changes_nothing(career_bot, folder, tmp_path, content, said):
    file = tmp_path / "ads.csv"
    file.write_bytes(content)
    code, out, err = career_bot("salaries", "import", file, "--knowledge", folder)
    assert (code, out) == (1, "")
    assert said in err
    assert (folder / "salaries.yaml").read_text() == BEFORE


def test_a_broken_salaries_file_does_not_stand_in_its_own_way(career_bot, folder, tmp_path):
    (folder / "salaries.yaml").write_text("figures: [broken\n")
    assert career_bot("salaries", "import", written(tmp_path / "ads.csv", LINES), "--knowledge", folder)[0] == 0
    assert load_knowledge(read_folder(folder)).figures


def test_without_titles_it_says_what_is_missing(career_bot, folder, tmp_path):
    (folder / "salary_titles.yaml").unlink()
    code, _, err = career_bot("salaries", "import", written(tmp_path / "ads.csv", LINES), "--knowledge", folder)
    assert code == 1
    assert "salary_titles.yaml" in err


def test_a_full_disk_is_told_and_leaves_all_as_it_was(career_bot, folder, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    before = sorted(folder.iterdir())
    monkeypatch.setattr("os.fdopen", full)
    code, _, err = career_bot("salaries", "import", written(tmp_path / "ads.csv", LINES), "--knowledge", folder)
    assert code == 1
    assert "salaries.yaml cannot be written (No space left on device)" in err
    assert (folder / "salaries.yaml").read_text() == BEFORE
    assert sorted(folder.iterdir()) == before
