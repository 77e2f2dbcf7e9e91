"""career-bot knowledge: what contributors see of their faults, and how they start new entries."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.advisor.formats import Kind, schema
from bot.advisor.knowledge import Section
from bot.advisor.loading import load_knowledge
from bot.errors import KnowledgeError
from bot.folder import read_folder

COOKING = Path(__file__).parent.parent / "data" / "cooking"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the cooking topics."""
    return Path(shutil.copytree(COOKING, tmp_path / "cooking"))


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(career_bot: Command) -> Command:
    """Run `career-bot knowledge` in this process, and return its exit code, standard output and standard error."""
    return partial(career_bot, "knowledge")


def spoil(folder: Path) -> None:
    """Give two files of the folder a fault each."""
    rice = folder / "topics" / "cook-rice.yaml"
    rice.write_text(rice.read_text().replace("related_topics: [boil-eggs]", "related_topics: [boil-egs]"))
    (folder / "topics" / "boil-eggs.yaml").write_text("id: boil-eggs\nphrasings: [eggs]\n")


def test_a_good_folder_is_summed_up_in_one_line(run: Command, folder: Path) -> None:
    code, out, err = run("check", folder)
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert "5 topics" in out
    assert out.endswith("0 faults\n")


def test_every_fault_is_named_with_place_and_remedy(run: Command, folder: Path) -> None:
    spoil(folder)
    code, out, err = run("check", folder)
    assert (code, out) == (1, "")
    lines = err.splitlines()
    assert lines[0].startswith('cooking/topics/boil-eggs.yaml:1: "answer" is missing; add it: ')
    assert lines[1] == 'cooking/topics/cook-rice.yaml:17: unknown topic "boil-egs"; did you mean "boil-eggs"?'
    assert lines[2].endswith(", 2 faults")


def test_places_are_shown_as_one_would_type_them(run: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(folder)
    assert run("check", folder)[2].startswith("cooking/topics/boil-eggs.yaml:1: ")
    monkeypatch.chdir("/")
    assert run("check", folder)[2].startswith(f"{folder.relative_to('/')}/topics/boil-eggs.yaml:1: ")
    monkeypatch.chdir(folder / "topics")
    assert run("check", folder)[2].startswith(f"{folder}/topics/boil-eggs.yaml:1: ")


def test_faults_come_as_json_too(run: Command, folder: Path) -> None:
    spoil(folder)
    code, out, err = run("check", folder, "--json")
    assert (code, err) == (1, "")
    report = json.loads(out)
    assert report["faults"][1] == {
        "path": "topics/cook-rice.yaml",
        "line": 17,
        "message": 'unknown topic "boil-egs"',
        "remedy": 'did you mean "boil-eggs"?',
    }
    assert report["counts"]["topics"] == 5


def test_a_good_folder_as_json_has_counts_and_no_faults(run: Command, folder: Path) -> None:
    code, out, _ = run("check", folder, "--json")
    report = json.loads(out)
    assert (code, report["faults"]) == (0, [])
    assert (report["counts"]["topics"], report["counts"]["phrasings"]) == (5, 35)


def test_what_needs_review_is_listed_and_is_no_fault(run: Command, folder: Path) -> None:
    code, out, err = run("check", folder, "--stale", 18)
    assert (code, err) == (0, "")
    assert out.splitlines()[0].startswith("cooking/topics/boil-eggs.yaml:1: never reviewed; ")
    assert len(out.splitlines()) == 6
    report = json.loads(run("check", folder, "--stale", 18, "--json")[1])
    assert [entry["message"] for entry in report["stale"]] == ["never reviewed"] * 5


def test_a_figure_past_its_shelf_life_is_a_fault(run: Command, folder: Path) -> None:
    (folder / "figures.yaml").write_text(
        "figures:\n"
        "  - {role: chef, kind: employee_pay, source: ads, unit: USD/year, place: US, period: 2009, middle: 9}\n"
    )
    (folder / "lexicon.yaml").write_text("roles:\n  - {id: chef, title: Chef}\n")
    (folder / "sources.yaml").write_text("sources:\n  - {id: ads, title: Adverts, publisher: A, licence: CC0-1.0}\n")
    code, _, err = run("check", folder)
    assert code == 1
    assert err.startswith("cooking/figures.yaml:2: a figure of 2009 is older than its shelf life")
    assert load_knowledge(read_folder(folder)).figures, "the bot serves it all the same"


def test_the_shipped_folder_is_checked_by_default(run: Command) -> None:
    code, out, _ = run("check")
    assert code == 0
    assert "roles" in out


@pytest.mark.parametrize("command", ["check", "stats", "schema"])
def test_a_missing_folder_is_wrong_usage(run: Command, tmp_path: Path, command: str) -> None:
    code, out, err = run(command, tmp_path / "nowhere")
    assert (code, out) == (2, "")
    assert "does not exist" in err


def test_an_empty_folder_is_wrong_usage(run: Command, tmp_path: Path) -> None:
    code, _, err = run("check", tmp_path)
    assert code == 2
    assert "holds no .yaml file" in err


def test_a_file_instead_of_a_folder_is_wrong_usage(run: Command, folder: Path) -> None:
    assert run("check", folder / "topics" / "boil-eggs.yaml")[0] == 2


def test_schemas_are_written_once(run: Command, folder: Path) -> None:
    assert run("schema", "--check", folder)[0] == 1
    assert run("schema", folder)[1] == "9 of 9 schemas written\n"
    assert run("schema", folder)[1] == "all 9 schemas are up to date\n"
    assert run("schema", "--check", folder)[0] == 0
    assert json.loads((folder / "schema" / "topic.json").read_text())["required"] == ["id", "phrasings", "answer"]


def test_a_stale_schema_is_found_and_not_touched(run: Command, folder: Path) -> None:
    run("schema", folder)
    stale = folder / "schema" / "role.json"
    stale.write_text("{}")
    code, _, err = run("schema", folder, "--check")
    assert code == 1
    assert "role.json" in err
    assert stale.read_text() == "{}"


def test_statistics_say_what_is_covered(run: Command, folder: Path) -> None:
    code, out, _ = run("stats", folder)
    assert code == 0
    assert "5 topics" in out
    assert "phrasings of a topic: 6 to 8, half have 7 or more" in out
    assert "never reviewed: 5" in out


def test_statistics_come_as_json_too(run: Command) -> None:
    report = json.loads(run("stats", "--json")[1])
    assert report["counts"]["roles"] == len(report["roles"])
    engineer = report["roles"]["data-engineer"]
    assert list(engineer["sections"]) == [section.value for section in Section]
    assert engineer["sections"]["skills"]["tags"] == 12
    assert engineer["figures"]["employee_pay"] == 1
    assert set(report["phrasings"]) == {section.value for section in Section}
    assert min(report["phrasings"].values()) >= 8


@pytest.mark.parametrize("kind", ["role", "topic", "term"])
def test_a_new_entry_is_yaml_whose_gaps_lead_on(run: Command, folder: Path, kind: str) -> None:
    code, out, _ = run("new", kind, "new-entry", folder)
    path = f"{kind}s/new-entry.yaml"
    assert code == 0
    assert path in out
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(read_folder(folder))
    assert {fault.path for fault in caught.value.faults} == {path}
    assert all(fault.message.endswith("is still to be written") and fault.remedy for fault in caught.value.faults)


@pytest.mark.parametrize("kind", ["role", "topic", "term"])
def test_a_new_entry_fits_the_schema_that_editors_use(run: Command, folder: Path, kind: str) -> None:
    run("new", kind, "new-entry", folder)
    document = yaml.safe_load((folder / f"{kind}s" / "new-entry.yaml").read_text())
    jsonschema.validate(document, schema(Kind(kind)), cls=jsonschema.Draft202012Validator)
    assert document.get("code", "ne") == "ne"


def test_a_new_topic_is_good_once_its_gaps_are_filled(run: Command, folder: Path) -> None:
    run("new", "topic", "melt-butter", folder)
    path = folder / "topics" / "melt-butter.yaml"
    filled = path.read_text().replace("phrasings: [TODO]", "phrasings: [how do I melt butter]")
    path.write_text(
        filled.replace("answer: TODO", "answer: Slowly.").replace("# related_topics:", "related_topics: []")
    )
    assert run("check", folder)[0] == 0


def test_a_new_role_asks_for_all_twelve_sections(run: Command, folder: Path) -> None:
    run("new", "role", "pastry-chef", folder)
    assert run("check", folder)[2].count('"text" is still to be written') == 12


def test_an_entry_is_never_overwritten(run: Command, folder: Path) -> None:
    before = (folder / "topics" / "boil-eggs.yaml").read_text()
    code, _, err = run("new", "topic", "boil-eggs", folder)
    assert code == 1
    assert "exists already" in err
    assert (folder / "topics" / "boil-eggs.yaml").read_text() == before


@pytest.mark.parametrize("entry_id", ["Boil", "boil_eggs", "../boil", "boil eggs", "-", "é"])
def test_a_bad_id_is_wrong_usage(run: Command, folder: Path, entry_id: str) -> None:
    code, _, _ = run("new", "topic", "--", entry_id, folder)
    assert code == 2
    assert len(list(folder.rglob("*.yaml"))) == 5


def test_an_unknown_kind_is_wrong_usage(run: Command, folder: Path) -> None:
    assert run("new", "recipe", "boil", folder)[0] == 2
