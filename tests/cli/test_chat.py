"""career-bot chat with questions that are not typed, such as from a pipe."""

from pathlib import Path

import pytest

COOKING = Path(__file__).parent.parent / "data" / "cooking"


@pytest.fixture
def chat(piped):
    """Return what a chat about cooking prints when it is fed from a pipe: exit code, output, faults."""
    return lambda lines: piped(lines, "chat", "--knowledge", COOKING)


def test_each_line_is_answered(chat):
    code, out, err = chat(b"how do I cook rice\nhow long do I boil an egg\n")
    assert (code, err) == (0, "")
    assert out.index("How do I cook rice?") < out.index("How long do eggs boil?")


def test_quit_ends_it_before_the_end(chat):
    code, out, _ = chat(b"how do I cook rice\n/quit\nhow do I sharpen a kitchen knife\n")
    assert code == 0
    assert "cook rice" in out
    assert "whetstone" not in out
    assert "1000 grit" not in out


def test_a_number_takes_the_next_step(chat):
    code, out, _ = chat(b"how do I cook rice\n1\n")
    assert code == 0
    assert "How long do eggs boil?" in out


def test_what_is_no_text_is_read_as_well_as_it_can_be(chat):
    code, out, err = chat(b"how do I cook rice \xff\xfe\n")
    assert (code, err) == (0, "")
    assert "How do I cook rice?" in out


def test_an_empty_pipe_is_no_fault(chat):
    assert chat(b"") == (0, "", "")


def test_nothing_is_kept_of_what_was_piped(chat, home):
    chat(b"how do I cook rice\n")
    assert list(home.rglob("chat-history")) == []


def test_a_knowledge_folder_that_is_missing_is_exit_code_2(career_bot, tmp_path):
    code, out, err = career_bot("chat", "--knowledge", tmp_path / "nowhere")
    assert (code, out) == (2, "")
    assert "nowhere" in err


def test_an_unknown_option_is_exit_code_2(career_bot):
    assert career_bot("chat", "--loud")[0] == 2
