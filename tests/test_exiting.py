"""The process ends, whatever hangs in it."""

import subprocess
import sys

import pytest

HANGING = """
import threading
from bot.exiting import exit_soon
exit_soon(0.1)
threading.Thread(target=threading.Event().wait).start()
"""


@pytest.mark.process
def test_a_thread_that_never_returns_does_not_keep_the_process():
    ended = subprocess.run([sys.executable, "-c", HANGING], check=False, timeout=60)
    assert ended.returncode == 1


@pytest.mark.process
def test_a_process_that_ends_before_is_not_waited_for():
    ended = subprocess.run(
        [sys.executable, "-c", "from bot.exiting import exit_soon; exit_soon(1000)"], check=False, timeout=60
    )
    assert ended.returncode == 0
