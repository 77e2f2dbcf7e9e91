"""The sentence encoder, with the real model: what its rows say, what it refuses, and what it adds to an advisor."""

import logging
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from bot import app
from bot.config import EncoderFolder, read_config
from bot.encoder import BATCH, OnnxEncoder, fingerprint, has_files
from bot.errors import EncoderError, SettingsError

ROOT = Path(__file__).parent.parent
PAY = "how much does it pay"
NOISE = 1e-2
"""The model computes in 8 bits and scales them by what else is in the batch; so much of each number is noise."""


@pytest.fixture(scope="module")
def encoder(encoder_folder):
    return OnnxEncoder(encoder_folder)


@pytest.fixture
def copy(encoder_folder, tmp_path):
    """Return a copy of the encoder that a test may spoil."""
    return Path(shutil.copytree(encoder_folder, tmp_path / "encoder"))


def many(count):
    return [f"how much does job number {number} pay {'really ' * (number % 7)}" for number in range(count)]


def test_rows_have_unit_length(encoder):
    rows = encoder([PAY, "salary", "my cat is ill"])
    assert rows.shape == (3, encoder.dimensions)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_what_means_the_same_is_nearer_than_what_does_not(encoder):
    pay, salary, cat = encoder([PAY, "salary", "my cat is ill"])
    assert pay @ salary > pay @ cat + 0.3


def test_a_text_alone_and_among_others_has_the_same_row(encoder):
    alone = encoder([PAY])[0]
    np.testing.assert_allclose(encoder([*many(20), PAY, "a " * 100])[20], alone, atol=NOISE)


def test_many_texts_come_back_in_their_order(encoder):
    texts = many(3 * BATCH + 1)
    rows = encoder(texts)
    for number in (0, 1, BATCH, 3 * BATCH):
        np.testing.assert_allclose(rows[number], encoder([texts[number]])[0], atol=5 * NOISE)
        assert int((rows @ encoder([texts[number]])[0]).argmax()) == number


def test_many_texts_encoded_again_have_the_very_same_rows(encoder):
    texts = many(BATCH + 1)
    first = encoder(texts)
    np.testing.assert_array_equal(encoder([*reversed(texts), texts[0]])[::-1][1:], first)


def test_no_text_gives_no_row(encoder):
    assert encoder([]).shape == (0, encoder.dimensions)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "x y " * 1_500, "a" * 6_000, "\ud83d", "\0", "给我看数据工程师的薪水", "🦀" * 500]
)
def test_any_text_gives_a_finite_row(encoder, text):
    (row,) = encoder([text])
    assert np.isfinite(row).all()
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


def test_only_the_beginning_of_a_long_text_is_read(encoder):
    long = "what does a data engineer earn " * 200
    np.testing.assert_array_equal(encoder([long]), encoder([long + "my cat is ill"]))


def test_a_copy_has_the_same_fingerprint_and_a_changed_file_another(encoder, copy):
    assert fingerprint(copy) == encoder.fingerprint
    with (copy / "tokenizer.json").open("ab") as file:
        file.write(b"\n")
    assert fingerprint(copy) != encoder.fingerprint


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    assert not has_files(copy)
    with pytest.raises(EncoderError, match=rf"holds no {name}; career-bot encoder fetch"):
        OnnxEncoder(copy)


def test_two_missing_files_are_both_named(tmp_path):
    with pytest.raises(EncoderError, match=r"no model\.onnx and no tokenizer\.json"):
        OnnxEncoder(tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("part", [0, 10, 100_000])
def test_a_broken_file_is_named_in_one_line(copy, name, part):
    (copy / name).write_bytes((copy / name).read_bytes()[:part])
    with pytest.raises(EncoderError) as caught:
        OnnxEncoder(copy)
    assert str(copy / name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_in_the_place_of_a_file_counts_as_missing(copy):
    (copy / "model.onnx").unlink()
    (copy / "model.onnx").mkdir()
    with pytest.raises(EncoderError, match=r"no model\.onnx"):
        OnnxEncoder(copy)


TOPICS = {
    "salary": ("how much does it pay", "what is the salary", "how well is it paid", "what would i earn"),
    "ill-pets": ("my cat is ill", "the dog has a fever", "my rabbit does not eat", "is my hamster sick"),
    "flat": ("how do i find a flat", "what does an apartment cost to rent", "where can i live near the office"),
    "travel": ("which train goes to the airport", "how long is the flight", "when does the bus leave"),
}
PARAPHRASE = "wages and income"


@pytest.fixture
def knowledge(tmp_path):
    """Return a small folder of knowledge."""
    topics = tmp_path / "knowledge" / "topics"
    topics.mkdir(parents=True)
    for name, phrasings in TOPICS.items():
        lines = "".join(f"  - {phrasing}\n" for phrasing in phrasings)
        (topics / f"{name}.yaml").write_text(f"id: {name}\nphrasings:\n{lines}answer: Yes.\n")
    return topics.parent


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Return the folder where trained heads are kept."""
    monkeypatch.setattr(app, "cache_folder", lambda: tmp_path / "kept")
    return tmp_path / "kept"


def test_a_paraphrase_without_a_common_word_is_understood_with_the_encoder_only(
    knowledge, kept, encoder_folder, monkeypatch
):
    assert not set(PARAPHRASE.split()) & {word for texts in TOPICS.values() for text in texts for word in text.split()}
    monkeypatch.setenv("CAREER_BOT_ENCODER", str(encoder_folder))
    meant = app.load_advisor(knowledge).interpreter.ranked(PARAPHRASE)
    monkeypatch.setenv("CAREER_BOT_ENCODER", "off")
    worded = app.load_advisor(knowledge).interpreter.ranked(PARAPHRASE)
    assert meant[0].topic == "salary"
    assert meant[0].confidence > 3 * meant[1].confidence
    assert worded[0].topic != "salary"


def test_heads_that_were_trained_with_and_without_an_encoder_are_kept_apart(knowledge, kept, encoder):
    readings = [app.make_advisor(knowledge, each).read(PARAPHRASE) for each in (encoder, None, encoder, None)]
    assert len(list(kept.iterdir())) == 2
    assert readings[:2] == readings[2:]
    assert readings[0] != readings[1]


def test_training_with_an_encoder_is_announced_once(knowledge, kept, encoder, caplog):
    caplog.set_level(logging.INFO, "bot.app")
    for _ in range(2):
        app.make_advisor(knowledge, encoder)
    (record,) = caplog.records
    assert "Training with the encoder, once" in record.message


async def test_a_reload_goes_on_with_the_model_that_was_loaded(knowledge, kept, encoder_folder, tmp_path, monkeypatch):
    loads, load = [], app.load_encoder
    monkeypatch.setattr(app, "load_encoder", lambda setting: loads.append(setting) or load(setting))
    settings = read_config(
        {
            "CAREER_BOT_ENCODER": str(encoder_folder),
            "CAREER_BOT_KNOWLEDGE": str(knowledge),
            "CAREER_BOT_DATABASE_URL": f"sqlite:///{tmp_path}/career-bot.db",
        }
    )
    async with app.open_app(settings) as opened:
        assert await opened.reload.reload() == ()
        assert opened.ask.advisor.interpreter.ranked(PARAPHRASE)[0].topic == "salary"
    assert loads == [settings.encoder]


def test_the_setting_off_loads_none(encoder_folder):
    assert app.load_encoder(read_config({"CAREER_BOT_ENCODER": "off"}).encoder) is None


def test_an_encoder_in_the_default_folder_is_used_without_being_set(encoder_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    shutil.copytree(encoder_folder, tmp_path / "career-bot" / "encoder")
    assert app.load_encoder(read_config({}).encoder).fingerprint == fingerprint(encoder_folder)


@pytest.mark.parametrize("there", [None, (), ("model.onnx",)])
def test_a_default_folder_without_both_files_is_passed_over_in_silence(copy, there, caplog):
    for file in copy.iterdir():
        if file.name not in (there or ()):
            file.unlink()
    if there is None:
        copy.rmdir()
    assert app.load_encoder(EncoderFolder(copy, required=False)) is None
    assert caplog.records == []


def test_a_broken_encoder_in_the_default_folder_is_one_warning(copy, caplog):
    (copy / "model.onnx").write_bytes(b"broken")
    assert app.load_encoder(EncoderFolder(copy, required=False)) is None
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert str(copy / "model.onnx") in record.message


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_broken_encoder_that_was_set_is_a_fault_of_the_settings(copy, name):
    (copy / name).write_bytes(b"broken")
    with pytest.raises(SettingsError, match=rf"CAREER_BOT_ENCODER: .*{name}"):
        app.load_encoder(read_config({"CAREER_BOT_ENCODER": str(copy)}).encoder)


def test_a_missing_folder_that_was_set_is_a_fault_of_the_settings(tmp_path):
    with pytest.raises(SettingsError, match=r"CAREER_BOT_ENCODER: .*nowhere"):
        app.load_encoder(read_config({"CAREER_BOT_ENCODER": str(tmp_path / "nowhere")}).encoder)


def in_a_process(code, *path, **variables):
    """Run Python code in a process that finds modules in `path` first; return standard output and error."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (*path, ROOT)))} | variables
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout, done.stderr


LOAD = """
    import sys
    from pathlib import Path
    from bot.app import load_encoder
    from bot.config import EncoderFolder, read_config
    print(load_encoder({}))
    print(sorted({{"onnxruntime", "tokenizers", "huggingface_hub", "bot.encoder"}} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "setting", ["None", "read_config({}).encoder", "read_config({'CAREER_BOT_ENCODER': 'off'}).encoder"]
)
def test_without_an_encoder_none_of_its_packages_is_imported(setting):
    assert in_a_process(LOAD.format(setting))[0] == "None\n[]\n"


def test_an_encoder_needs_no_client_of_the_hub(encoder_folder):
    out, _ = in_a_process(LOAD.format(f"EncoderFolder(Path({str(encoder_folder)!r}), required=True)"))
    assert out.splitlines()[1] == "['bot.encoder', 'onnxruntime', 'tokenizers']"


@pytest.fixture
def without_onnxruntime(tmp_path):
    """Return a folder of modules in which onnxruntime is as if it were not installed."""
    (tmp_path / "onnxruntime.py").write_text("raise ModuleNotFoundError('No module', name='onnxruntime')\n")
    return tmp_path


def test_an_encoder_without_its_packages_is_a_warning_where_nobody_set_it(encoder_folder, without_onnxruntime):
    folder = f"EncoderFolder(Path({str(encoder_folder)!r}), required=False)"
    out, err = in_a_process(LOAD.format(folder), without_onnxruntime)
    assert out.startswith("None\n")
    (line,) = err.splitlines()
    assert "onnxruntime is not installed; pip install" in line
