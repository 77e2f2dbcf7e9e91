"""career-bot encoder: what it finds, and how it fetches, from a real server that has the shape of the hub."""

import hashlib
import json
import shutil
import subprocess
import sys
import textwrap
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.cli.encoder import KNOWN, REPOSITORY, REVISION, SOURCES
from bot.encoder import MODEL, TOKENIZER

FETCH = f"""
    import sys
    from bot.cli import encoder, main
    # Nobody ships 90 MB for a test: the pinned model is the one in 8 bits here.
    encoder.KNOWN[{MODEL!r}] = dict(reversed(encoder.KNOWN[{MODEL!r}].items()))
    sys.argv = ["career-bot", "encoder", "fetch", *sys.argv[1:]]
    main()
"""


class Hub:
    """Files as the hub serves them, at a revision; it notes which were asked for, and may claim another size."""

    def __init__(self, folder):
        self.files = {
            f"/{REPOSITORY}/resolve/{REVISION}/{SOURCES[name]}": (folder / name).read_bytes()
            for name in (MODEL, TOKENIZER)
        }
        self.sent = []
        self.claimed_size = None

    def spoil(self, name):
        path = next(path for path in self.files if path.endswith(SOURCES[name]))
        spoilt = bytearray(self.files[path])
        spoilt[-1] ^= 1
        self.files[path] = bytes(spoilt)


@pytest.fixture
def hub(encoder_folder):
    hub = Hub(encoder_folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self.head()

        def do_GET(self):
            content = self.head()
            if content:
                hub.sent.append(self.path.rpartition("/")[2])
                self.wfile.write(content)
                self.close_connection = True

        def head(self):
            content = hub.files.get(self.path)
            self.send_response(200 if content else 404)
            if content:
                self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
                self.send_header("X-Repo-Commit", REVISION)
            else:
                self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("Content-Length", str((hub.claimed_size or len(content)) if content else 0))
            self.end_headers()
            return content

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hub.address = f"http://127.0.0.1:{server.server_port}"
        yield hub
        server.shutdown()


@pytest.fixture
def fetch(hub, environment, tmp_path):
    """Run `career-bot encoder fetch` as a process that takes the loopback server for the hub."""

    def run(*words, before="", **more):
        variables = environment | {"HF_ENDPOINT": hub.address, "HF_HOME": str(tmp_path / "hub")} | more
        return subprocess.run(
            [sys.executable, "-c", before + textwrap.dedent(FETCH), *map(str, words)],
            cwd=tmp_path,
            env=variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def names(folder):
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def refused(done):
    """Return the one line with which a fetch gave up."""
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    return line


def test_both_files_are_fetched_and_can_be_used(fetch, career_bot, tmp_path, encoder_folder, monkeypatch):
    folder = tmp_path / "new" / "encoder"
    done = fetch("--to", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "model.onnx: fetched",
        "tokenizer.json: fetched",
        f"set CAREER_BOT_ENCODER={folder} to use it",
    ]
    assert names(folder) == [MODEL, TOKENIZER]
    for name in (MODEL, TOKENIZER):
        assert (folder / name).read_bytes() == (encoder_folder / name).read_bytes()
        assert (folder / name).stat().st_mode & 0o777 == 0o644
    monkeypatch.setenv("CAREER_BOT_ENCODER", str(folder))
    assert json.loads(career_bot("encoder", "status", "--json")[1])["used"]


def test_without_to_the_folder_that_is_set_gets_the_files(fetch, tmp_path):
    done = fetch(CAREER_BOT_ENCODER=str(tmp_path / "mine"))
    assert "is used from the next start on" in done.stdout
    assert names(tmp_path / "mine") == [MODEL, TOKENIZER]


def test_without_a_setting_the_users_data_folder_gets_the_files(fetch, tmp_path):
    fetch(XDG_DATA_HOME=str(tmp_path / "data"))
    assert names(tmp_path / "data" / "career-bot" / "encoder") == [MODEL, TOKENIZER]


def test_a_second_fetch_keeps_what_is_there_and_asks_for_nothing(fetch, hub, tmp_path):
    fetch("--to", tmp_path / "encoder")
    before = [(file.stat().st_ino, file.stat().st_mtime_ns) for file in (tmp_path / "encoder").iterdir()]
    hub.sent.clear()
    done = fetch("--to", tmp_path / "encoder")
    assert done.returncode == 0
    assert done.stdout.count("kept") == 2
    assert hub.sent == []
    assert [(file.stat().st_ino, file.stat().st_mtime_ns) for file in (tmp_path / "encoder").iterdir()] == before


def test_only_the_file_that_is_missing_or_broken_is_fetched(fetch, hub, tmp_path, encoder_folder):
    folder = shutil.copytree(encoder_folder, tmp_path / "encoder")
    (folder / TOKENIZER).write_bytes(b"half of it")
    assert fetch("--to", folder).returncode == 0
    assert hub.sent == ["tokenizer.json"]
    assert (folder / TOKENIZER).read_bytes() == (encoder_folder / TOKENIZER).read_bytes()


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
def test_a_wrong_byte_is_refused_and_nothing_is_left(fetch, hub, tmp_path, name):
    hub.spoil(name)
    line = refused(fetch("--to", tmp_path / "encoder"))
    assert line.startswith(f"{name} came with sha256 ")
    assert "try again" in line
    assert names(tmp_path / "encoder") == []


def test_a_wrong_byte_leaves_what_was_there(fetch, hub, tmp_path):
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / MODEL).write_bytes(b"my own")
    hub.spoil(TOKENIZER)
    refused(fetch("--to", tmp_path / "encoder"))
    assert (tmp_path / "encoder" / MODEL).read_bytes() == b"my own"
    assert names(tmp_path / "encoder") == [MODEL]


def test_a_file_that_the_hub_does_not_have_is_named_with_its_address(fetch, hub, tmp_path):
    hub.files = {}
    line = refused(fetch("--to", tmp_path / "encoder"))
    assert f"{hub.address}/{REPOSITORY}/resolve/{REVISION}/onnx/model.onnx answers 404" in line
    assert names(tmp_path / "encoder") == []


def test_without_a_network_it_says_how_to_do_without(fetch, tmp_path):
    line = refused(fetch("--to", tmp_path / "encoder", HF_ENDPOINT="http://127.0.0.1:9"))
    assert "cannot be fetched" in line
    assert "docs/operators.md" in line
    assert names(tmp_path / "encoder") == []


def test_a_hub_that_is_switched_off_by_its_own_variable_is_told(fetch, tmp_path):
    assert "cannot be fetched" in refused(fetch("--to", tmp_path / "encoder", HF_HUB_OFFLINE="1"))


def test_a_file_larger_than_what_is_free_is_not_begun(fetch, hub, tmp_path):
    hub.claimed_size = 2**60
    line = refused(fetch("--to", tmp_path / "encoder"))
    assert "the disk is full" in line
    assert "--to" in line
    assert (hub.sent, names(tmp_path / "encoder")) == ([], [])


def test_a_disk_that_takes_no_more_is_told(fetch, tmp_path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
    line = refused(fetch("--to", tmp_path / "encoder", before=limit))
    assert "cannot be written" in line
    assert names(tmp_path / "encoder") == []


def test_a_file_in_the_place_of_the_folder_is_told(fetch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "cannot be written" in refused(fetch("--to", tmp_path / "file"))


def test_a_missing_package_is_named_with_what_to_install(fetch, tmp_path):
    (tmp_path / "huggingface_hub.py").write_text("raise ModuleNotFoundError('No module', name='huggingface_hub')\n")
    before = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    line = refused(fetch("--to", tmp_path / "encoder", before=before))
    assert line.startswith("huggingface_hub is not installed; pip install ")
    assert names(tmp_path / "encoder") == []


def test_what_is_fetched_is_pinned_by_its_whole_checksum():
    assert len(REVISION) == 40
    assert {len(sha256) for known in KNOWN.values() for sha256 in known} == {64}


def status_of(career_bot):
    code, out, err = career_bot("encoder", "status", "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_status_of_an_encoder_in_use(career_bot, encoder_folder, monkeypatch):
    monkeypatch.setenv("CAREER_BOT_ENCODER", str(encoder_folder))
    found = status_of(career_bot)
    assert (found["folder"], found["used"], found["why_not"], found["dimensions"]) == (
        str(encoder_folder),
        True,
        None,
        384,
    )
    assert found["files"][MODEL] == {
        "sha256": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
        "known": "all-MiniLM-L6-v2 in 8 bits",
    }
    assert found["files"][TOKENIZER]["known"] == "all-MiniLM-L6-v2"
    assert found["milliseconds"] > 0
    assert all(found["packages"].values())


def test_the_status_in_words(career_bot, encoder_folder, monkeypatch):
    monkeypatch.setenv("CAREER_BOT_ENCODER", str(encoder_folder))
    lines = career_bot("encoder", "status")[1].splitlines()
    assert lines[0] == f"folder           {encoder_folder}"
    assert "384 dimensions" in lines[-2]
    assert lines[-1] == "used             yes"


def test_the_status_without_an_encoder_says_how_to_get_one(career_bot, home):
    found = status_of(career_bot)
    assert found["folder"] == str(home / "data" / "career-bot" / "encoder")
    assert found["files"] == {MODEL: None, TOKENIZER: None}
    assert not found["used"]
    assert "career-bot encoder fetch" in found["why_not"]
    assert "not there" in career_bot("encoder", "status")[1]


def test_the_status_of_one_that_is_off(career_bot, monkeypatch):
    monkeypatch.setenv("CAREER_BOT_ENCODER", "off")
    found = status_of(career_bot)
    assert (found["folder"], found["used"], found["why_not"]) == (None, False, "CAREER_BOT_ENCODER is off")


def test_the_status_of_a_model_that_nobody_knows(career_bot, encoder_folder, tmp_path, monkeypatch):
    folder = Path(shutil.copytree(encoder_folder, tmp_path / "encoder"))
    (folder / MODEL).write_bytes(b"broken")
    monkeypatch.setenv("CAREER_BOT_ENCODER", str(folder))
    found = status_of(career_bot)
    assert found["files"][MODEL]["known"] is None
    assert "cannot be used" in found["why_not"]
    assert "a model of your own" in career_bot("encoder", "status")[1]


def test_a_question_with_an_encoder_that_was_set_and_is_broken_is_wrong_usage(career_bot, tmp_path, monkeypatch):
    monkeypatch.setenv("CAREER_BOT_ENCODER", str(tmp_path))
    code, out, err = career_bot("ask", "hello")
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith(f"CAREER_BOT_ENCODER: {tmp_path} holds no model.onnx")
