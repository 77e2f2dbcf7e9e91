"""The locked requirements: every package with its hashes, from wherever the reader's package index is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LOCKS = sorted((ROOT / "requirements").iterdir())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_address_and_no_index(lock):
    text = lock.read_text(encoding="utf-8")

    assert not re.search(r"https?:|file:|--(?:extra-)?index(?:-url)?\b|--find-links|--trusted-host", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_of_a_lock_is_pinned_and_has_hashes(lock):
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n?", "", lock.read_text(encoding="utf-8")).strip())

    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z0-9,-]+\])?==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_what_runs_is_a_part_of_what_is_tested():
    run, dev = (set(pins(ROOT / "requirements" / name)) for name in ("run.lock", "dev.lock"))

    assert run <= dev


def pins(lock: Path) -> list[str]:
    return re.findall(r"(?m)^[a-z0-9._-]+(?:\[[a-z0-9,-]+\])?==\S+", lock.read_text(encoding="utf-8"))


def test_there_is_no_lock_that_names_an_index():
    assert not (ROOT / "uv.lock").exists()
