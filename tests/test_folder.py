"""Reading a knowledge folder from disk."""

from pathlib import Path

import pytest

from bot.advisor.loading import load_knowledge
from bot.advisor.yaml_reading import MAX_BYTES
from bot.errors import KnowledgeError, SettingsError
from bot.folder import read_folder


def write(path: Path, text: str = "id: a\n") -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_files_are_named_by_their_path_within_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "topics" / "a.yaml", "id: é\n")
    write(tmp_path / "lexicon.yaml", "places: {}\n")
    write(tmp_path / "README.md")
    write(tmp_path / "topics" / "b.YML")
    assert read_folder(tmp_path) == {
        "lexicon.yaml": b"places: {}\n",
        "topics/a.yaml": "id: é\n".encode(),
        "topics/b.YML": b"id: a\n",
    }


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "topics" / "a.yaml")
    write(tmp_path / "topics" / ".b.yaml")
    write(tmp_path / ".git" / "c.yaml")
    assert list(read_folder(tmp_path)) == ["topics/a.yaml"]


def test_links_are_followed_only_within_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "secret.yaml")
    inside = tmp_path / "inside"
    write(inside / "topics" / "a.yaml")
    (inside / "topics" / "b.yaml").symlink_to(inside / "topics" / "a.yaml")
    (inside / "topics" / "c.yaml").symlink_to(tmp_path / "outside" / "secret.yaml")
    (inside / "topics" / "d.yaml").symlink_to(inside / "topics" / "gone.yaml")
    (inside / "terms").symlink_to(tmp_path / "outside")
    (inside / "roles").symlink_to(inside)
    assert list(read_folder(inside)) == ["topics/a.yaml", "topics/b.yaml"]


def test_a_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "real" / "topics" / "a.yaml")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert list(read_folder(tmp_path / "link")) == ["topics/a.yaml"]


def test_a_file_that_is_too_large_is_not_read_whole_but_reported(tmp_path: Path) -> None:
    write(tmp_path / "topics" / "a.yaml", "#" * (3 * MAX_BYTES))
    files = read_folder(tmp_path)
    assert len(files["topics/a.yaml"]) == MAX_BYTES + 1
    with pytest.raises(KnowledgeError, match="the file is larger than"):
        load_knowledge(files)


@pytest.mark.parametrize("name", ["nowhere", "file.yaml"])
def test_a_folder_that_is_none_cannot_be_used(tmp_path: Path, name: str) -> None:
    write(tmp_path / "file.yaml")
    with pytest.raises(SettingsError, match="does not exist"):
        read_folder(tmp_path / name)


def test_an_empty_folder_cannot_be_used(tmp_path: Path) -> None:
    write(tmp_path / "README.md")
    with pytest.raises(SettingsError, match=r"holds no \.yaml file"):
        read_folder(tmp_path)


def test_the_cooking_topics_are_a_knowledge_base() -> None:
    knowledge = load_knowledge(read_folder(Path(__file__).parent / "data" / "cooking"))
    assert set(knowledge.topics) == {"boil-eggs", "cook-rice", "sharpen-knives", "sourdough-starter", "thicken-sauce"}
    assert all(6 <= len(topic.phrasings) <= 8 for topic in knowledge.topics.values())
    assert not any((knowledge.roles, knowledge.terms, knowledge.intents, knowledge.figures))
