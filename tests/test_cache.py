"""Trained heads are kept between starts; whatever stands in the way, they are trained anew."""

import io
import os
from pathlib import Path

import numpy as np
import pytest

from bot import app
from bot.advisor.intent import TrainedHead
from bot.cache import PARTS, keep_heads, key_of, read_heads

FILES = {"topics/rice.yaml": b"id: rice", "topics/eggs.yaml": b"id: eggs"}


def a_head(seed=0):
    return TrainedHead(**{part: np.arange(6, dtype=np.float32) + seed for part in PARTS})


def same(one, other):
    return set(one) == set(other) and all(
        np.array_equal(getattr(one[name], part), getattr(other[name], part)) for name in one for part in PARTS
    )


def test_what_was_kept_is_read_back(tmp_path):
    heads = {"intent": a_head(), "a.name.with.dots": a_head(7)}
    keep_heads(tmp_path, "key", heads)
    assert same(read_heads(tmp_path, "key"), heads)


def test_the_folder_is_made_when_it_is_missing(tmp_path):
    keep_heads(tmp_path / "a" / "b", "key", {"intent": a_head()})
    assert read_heads(tmp_path / "a" / "b", "key")


def test_nothing_kept_is_nothing_read(tmp_path):
    assert read_heads(tmp_path / "missing", "key") is None


def test_another_key_is_not_read(tmp_path):
    keep_heads(tmp_path, "key", {"intent": a_head()})
    assert read_heads(tmp_path, "another") is None


def test_only_the_newest_few_are_kept(tmp_path):
    for age in range(10):
        keep_heads(tmp_path, f"{age}", {"intent": a_head()})
        os.utime(tmp_path / f"heads-{age}", (age, age))
    assert {file.name for file in tmp_path.iterdir()} == {"heads-9", "heads-8", "heads-7", "heads-6"}


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    keep_heads(tmp_path, "key", {"intent": a_head()})
    assert (tmp_path / "notes.txt").read_text() == "mine"


def flipped(content):
    damaged = bytearray(content)
    damaged[len(content) // 2] ^= 0xFF
    return bytes(damaged)


def other_arrays(_):
    stream = io.BytesIO()
    np.savez_compressed(stream, **{"intent.weights": np.zeros(3)})
    return stream.getvalue()


DAMAGES = {
    "empty": lambda _: b"",
    "a byte": lambda content: content[:1],
    "its beginning": lambda content: content[:60],
    "half": lambda content: content[: len(content) // 2],
    "all but a byte": lambda content: content[:-1],
    "a byte more": lambda content: content + b"x",
    "a flipped byte": flipped,
    "something else": lambda _: b"not heads at all, but long enough to be some",
    "other arrays": other_arrays,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_counts_as_none(damage, tmp_path):
    keep_heads(tmp_path, "key", {"intent": a_head()})
    file = tmp_path / "heads-key"
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    assert read_heads(tmp_path, "key") is None


def test_a_folder_in_the_place_of_the_file_counts_as_none(tmp_path):
    (tmp_path / "heads-key").mkdir()
    assert read_heads(tmp_path, "key") is None
    keep_heads(tmp_path, "key", {"intent": a_head()})


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    keep_heads(tmp_path / "file" / "folder", "key", {"intent": a_head()})
    assert read_heads(tmp_path / "file" / "folder", "key") is None


def test_the_key_is_the_same_for_the_same_files_in_any_order():
    assert key_of(FILES) == key_of(dict(reversed(FILES.items())))


@pytest.mark.parametrize(
    "files",
    [
        {},
        FILES | {"topics/eggs.yaml": b"id: egg"},
        FILES | {"topics/tea.yaml": b""},
        {"topics/rice.yaml": b"id: rice", "topics/egg.yaml": b"id: eggs"},
        {"topics/rice.yaml": b"id: eggs", "topics/eggs.yaml": b"id: rice"},
    ],
)
def test_any_change_of_the_files_is_another_key(files):
    assert key_of(files) != key_of(FILES)


def test_each_encoder_and_none_have_keys_of_their_own():
    assert len({key_of(FILES), key_of(FILES, "one"), key_of(FILES, "another")}) == 3
    assert key_of(FILES, "one") == key_of(dict(FILES), "one")


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Return the folder where the advisor's heads are kept."""
    monkeypatch.setattr(app, "cache_folder", lambda: tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def trainings(monkeypatch):
    """Return a list that tells for each advisor that was made whether it came with trained heads."""
    made = []
    advisor = app.Advisor

    def watched(knowledge, *, encoder=None, trained=None):
        made.append(trained is not None)
        return advisor(knowledge, encoder=encoder, trained=trained)

    monkeypatch.setattr(app, "Advisor", watched)
    return made


@pytest.fixture
def folder(tmp_path):
    """Return a copy of a small knowledge base."""
    topics = tmp_path / "knowledge" / "topics"
    topics.mkdir(parents=True)
    for file in (Path(__file__).parent / "data" / "cooking" / "topics").iterdir():
        (topics / file.name).write_bytes(file.read_bytes())
    return tmp_path / "knowledge"


QUESTION = "how long do i boil an egg"


def test_the_second_start_does_not_train_and_reads_the_same(kept, trainings, folder):
    readings = [app.load_advisor(folder).read(QUESTION, ()) for _ in range(2)]
    assert trainings == [False, True]
    assert readings[0] == readings[1]
    assert readings[0].topic == "boil-eggs"


def test_changed_knowledge_is_trained_anew(kept, trainings, folder):
    app.load_advisor(folder)
    (folder / "topics" / "cook-rice.yaml").unlink()
    (folder / "topics" / "boil-eggs.yaml").write_text(
        "id: boil-eggs\nphrasings: [is my egg done]\nanswer: Six minutes.\n"
    )
    app.load_advisor(folder)
    assert trainings == [False, False]


def test_a_damaged_file_is_trained_anew_and_replaced(kept, trainings, folder):
    app.load_advisor(folder)
    (file,) = kept.iterdir()
    file.write_bytes(b"damaged")
    assert app.load_advisor(folder).read(QUESTION, ()).topic == "boil-eggs"
    app.load_advisor(folder)
    assert trainings == [False, False, True]


def test_where_nothing_can_be_kept_every_start_trains(tmp_path, monkeypatch, trainings, folder):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(app, "cache_folder", lambda: tmp_path / "file" / "kept")
    assert app.load_advisor(folder).read(QUESTION, ()).topic == "boil-eggs"
    app.load_advisor(folder)
    assert trainings == [False, False]
