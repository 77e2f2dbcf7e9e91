"""The file of sources: what it says, and every fault of it with its line."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.jobs.polling import EVERY, Featuring, Origin, Source
from bot.sources.configured import read_sources

OPERATORS = Path(__file__).parents[2] / "docs" / "operators.md"


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "sources.yaml"
        path.write_text(text)
        return path

    return write


def faults(path):
    with pytest.raises(SettingsError) as raised:
        read_sources(path, required=True)
    return [fault.removeprefix(f"{path}:") for fault in raised.value.faults]


def test_a_source_says_what_it_is_and_the_rest_has_defaults(written):
    path = written("sources:\n  - {name: fern, address: 'https://a.example/jobs'}\n")
    assert read_sources(path, required=True) == (
        Source("fern", "https://a.example/jobs", every=EVERY, featured=Featuring.BY_HAND, origin=Origin.FILE),
    )


def test_the_documented_example_is_read(written):
    example = re.search(r"```yaml\n(sources:.*?)```", OPERATORS.read_text(), re.DOTALL)
    fern, moss = read_sources(written(example[1]), required=True)
    assert (fern.featured, fern.matching, fern.every) == (
        Featuring.MATCHING, "senior data engineer germany", timedelta(hours=6),
    )  # fmt: skip
    assert (moss.company, moss.form, moss.daily) == ("Moss", "lever", 12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {name: Fern!, address: 'https://a.example'}", ['1: name: "Fern!" is not made of']),
        ("- name: a\n  address: ftp://a.example", ['2: address: "ftp://a.example" is not an http(s) address']),
        ("- name: a\n  address: 'http://['", ['2: address: "http://[" is not an http(s) address']),
        ("- {name: a, address: 'https://a.example', every: often}", ["1: every: write an interval such as"]),
        ("- {name: a, address: 'https://a.example', every: 5m}", ["1: every: a source is asked every 15m"]),
        ("- {name: a, address: 'https://a.example', format: xls}", ["1: format: there is no such format"]),
        ("- {name: a, address: 'https://a.example', daily: 0}", ["1: daily: at least one request"]),
        ("- {name: a, address: 'https://a.example', featured: matching}", ["1: matching: it says which jobs"]),
        ("- {name: a, address: 'https://a.example', matching: analyst}", ["1: matching: it says which jobs"]),
        ("- {name: a, adress: 'https://a.example'}", ["1: address: Field required", "1: adress: Extra inputs"]),
        (
            "- {name: a, address: 'https://a.example'}\n- {name: a, address: 'https://b.example'}",
            ['2: name: "a" is there twice'],
        ),
        ("sources: everything", ["1: sources: a list of sources is expected"]),
        ("- [", ["1: this is not YAML"]),
    ],
)
def test_every_fault_is_told_with_its_line(written, text, said):
    found = faults(written(text))
    assert len(found) == len(said)
    for told, start in zip(found, said, strict=True):
        assert told.startswith(start)


def test_all_faults_are_told_at_once(written):
    text = "- {name: A, address: 'https://a.example'}\n- {name: b, address: x}\n- {name: c, every: y}\n"
    assert [fault.partition(":")[0] for fault in faults(written(text))] == ["1", "2", "3", "3"]


def test_a_file_that_must_be_there_is_missed_and_another_is_not(tmp_path):
    path = tmp_path / "none.yaml"
    assert read_sources(path, required=False) == ()
    with pytest.raises(SettingsError, match="there is no such file"):
        read_sources(path, required=True)


def test_a_file_may_list_nothing_but_is_not_empty(written):
    assert read_sources(written("sources: []\n"), required=True) == ()
    assert faults(written("# nothing yet\n")) == ["1: the file is empty; write an entry, or remove the file"]
