"""career-bot eval: labelled questions in, rates and an exit code out."""

import json
from pathlib import Path

import pytest

COOKING = Path(__file__).parent.parent / "data" / "cooking"

RIGHT = {"id": "r", "question": "how do I cook rice", "expect": {"intent": "topic", "topic": "cook-rice"}}
WRONG = {"id": "w", "question": "how do I cook rice", "expect": {"intent": "topic", "topic": "boil-eggs"}}
OUTSIDE = {
    "id": "o",
    "question": "what is the capital of France",
    "style": "off-topic",
    "expect": {"intent": "out_of_scope"},
}
MISSING = {"id": "m", "question": "MLE pay", "expect": {"intent": "role", "roles": ["machine-learning-engineer"]}}


@pytest.fixture
def scored(career_bot, tmp_path):
    """Return what eval makes of some labelled questions about cooking."""

    def score(*records, options=()):
        file = tmp_path / "labelled.jsonl"
        file.write_text("\n".join(json.dumps(record) for record in records) + "\n\n")
        return career_bot("eval", file, "--knowledge", COOKING, *options)

    return score


def rates(out):
    """Return the summary's lines by their name."""
    summary = out[out.index("\nright  ") :].splitlines()
    return {line[:24].strip(): line[24:].split("%")[0].strip() for line in summary if "%" in line}


def test_all_right_is_100_percent(scored):
    code, out, err = scored(RIGHT)
    assert (code, err) == (0, "")
    assert rates(out)["right"] == "100.0"
    assert rates(out)["confidently wrong"] == "0.0"


def test_a_wrong_answer_is_confidently_wrong(scored):
    _, out, _ = scored(RIGHT, WRONG)
    assert rates(out)["right"] == "50.0"
    assert rates(out)["confidently wrong"] == "50.0"


def test_another_reading_that_is_accepted_is_right(scored):
    _, out, _ = scored(WRONG | {"accept": [RIGHT["expect"]]})
    assert rates(out)["right"] == "100.0"


def test_questions_about_entries_that_are_missing_are_told_apart(scored):
    _, out, _ = scored(RIGHT, MISSING)
    assert "2 questions, 1 in scope counted, 1 lack an entry" in out
    assert rates(out)["right"] == "100.0"


def test_what_is_out_of_scope_is_counted_by_how_it_ended(scored):
    _, out, _ = scored(RIGHT, OUTSIDE)
    found = rates(out)
    ended = [float(found[name]) for name in ("out of scope: declined", "asked back", "answered")]
    assert sum(ended) == 100
    assert ended[2] == 0


def test_intents_and_styles_have_a_line_each(scored):
    _, out, _ = scored(RIGHT, OUTSIDE)
    begun = [line.split()[0] for line in out.splitlines() if line]
    for name in ("topic", "out_of_scope", "plain", "off-topic"):
        assert name in begun


def test_earlier_questions_are_context(scored):
    _, out, _ = scored(RIGHT | {"context": ["how long do I boil an egg"]})
    assert rates(out)["right"] == "100.0"


@pytest.mark.parametrize("floor", ["right=1", "right=0.75", "wrong=0", "wrong=0.08", "declined=0"])
def test_a_floor_that_is_met_is_exit_code_0(scored, floor):
    assert scored(RIGHT, OUTSIDE, options=("--floor", floor))[0] == 0


@pytest.mark.parametrize(
    ("floor", "name"), [("right=0.75", "right"), ("wrong=0.08", "wrong"), ("declined=0.85", "declined")]
)
def test_a_floor_that_is_not_met_is_exit_code_1_and_is_named(scored, floor, name):
    code, out, err = scored(RIGHT, WRONG, options=("--floor", floor))
    assert code == 1
    assert rates(out)["right"] == "50.0"
    assert err.startswith(f"floor not met: {name} is ")
    assert err.count("\n") == 1


def test_every_floor_that_is_not_met_is_named(scored):
    options = ("--floor", "right=0.75", "--floor", "wrong=0.08", "--floor", "right=0.4")
    _, _, err = scored(RIGHT, WRONG, options=options[:4])
    assert err.count("floor not met") == 2


@pytest.mark.parametrize(
    "floor", ["right", "right=", "right=much", "left=0.5", "=0.5", "right=nan", "wrong=8", "right=-1"]
)
def test_a_floor_that_makes_no_sense_is_exit_code_2(scored, floor):
    code, out, err = scored(RIGHT, options=("--floor", floor))
    assert (code, out) == (2, "")
    assert floor in err


def test_every_question_is_written_to_a_file(scored, tmp_path):
    results = tmp_path / "results.jsonl"
    scored(RIGHT, WRONG, MISSING, options=("--json", results))
    written = [json.loads(line) for line in results.read_text().splitlines()]
    assert [(record["id"], record["right"], record["described"]) for record in written] == [
        ("r", True, True),
        ("w", False, True),
        ("m", False, False),
    ]
    assert written[0]["outcome"] == "answer"
    assert written[0]["topic"] == "cook-rice"
    assert 0 <= written[0]["confidence"] <= 1


def test_what_changed_against_before_is_told(scored, tmp_path):
    results = tmp_path / "results.jsonl"
    scored(RIGHT, WRONG, OUTSIDE, options=("--json", results))
    swapped = [RIGHT | {"expect": WRONG["expect"]}, WRONG | {"expect": RIGHT["expect"]}, OUTSIDE, MISSING]
    _, out, _ = scored(*swapped, options=("--compare", results))
    assert out[out.index("\nagainst before") :].splitlines() == [
        "",
        "against before: 1 better, 1 worse, of 3 questions in both",
        "+ w how do I cook rice",
        "- r how do I cook rice",
    ]


@pytest.mark.parametrize("content", ["not JSON", '{"id": "r"}', "[]", "3"])
def test_a_file_that_eval_did_not_write_cannot_be_compared_with(scored, tmp_path, content):
    other = tmp_path / "other.jsonl"
    other.write_text(content)
    code, _, err = scored(RIGHT, options=("--compare", other))
    assert code == 1
    assert f"{other} was not written by `eval --json`" in err


def test_what_was_answered_instead_is_shown_with_how_long_reading_takes(scored):
    _, out, _ = scored(RIGHT, WRONG)
    lines = out.splitlines()
    assert "topic.boil-eggs                   topic.cook-rice                       1" in lines
    (taken,) = [line for line in lines if line.startswith("to read one ")]
    assert " ms in the middle, " in taken
    assert any(line.startswith("calibration error ") for line in lines)


def test_a_file_that_cannot_be_written_is_named(scored, tmp_path):
    code, _, err = scored(RIGHT, options=("--json", tmp_path / "nowhere" / "results.jsonl"))
    assert code == 1
    assert str(tmp_path / "nowhere") in err


def test_wrong_ones_are_listed_when_asked_for(scored):
    _, out, _ = scored(RIGHT, WRONG, options=("--wrong",))
    assert "w how do I cook rice" in out
    assert "boil-eggs" in out
    assert "\nr how do I cook rice" not in out


BAD = {
    "not json": b"{",
    "no object": b"[1, 2]",
    "a number": b"5",
    "no id": b'{"question": "x", "expect": {"intent": "topic"}}',
    "no question": b'{"id": "1", "expect": {"intent": "topic"}}',
    "a question that is no text": b'{"id": "1", "question": 5, "expect": {"intent": "topic"}}',
    "no label": b'{"id": "1", "question": "x"}',
    "a label that is no object": b'{"id": "1", "question": "x", "expect": "topic"}',
    "a label without an intent": b'{"id": "1", "question": "x", "expect": {"topic": "cook-rice"}}',
    "accepted without an intent": b'{"id": "1", "question": "x", "expect": {"intent": "topic"}, "accept": [{}]}',
    "a context that is no text": b'{"id": "1", "question": "x", "expect": {"intent": "topic"}, "context": [1]}',
    "not UTF-8": b'{"id": "1", "question": "\xff", "expect": {"intent": "topic"}}',
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_line_is_named_with_its_number(fault, career_bot, tmp_path):
    file = tmp_path / "labelled.jsonl"
    file.write_bytes(json.dumps(RIGHT).encode() + b"\n\n" + BAD[fault] + b"\n")
    code, out, err = career_bot("eval", file, "--knowledge", COOKING)
    assert (code, out) == (1, "")
    assert err.startswith(f"{file}:3: not a labelled question")
    assert "Traceback" not in err


def test_a_file_that_is_missing_is_exit_code_2(career_bot, tmp_path):
    code, out, err = career_bot("eval", tmp_path / "missing.jsonl")
    assert (code, out) == (2, "")
    assert "missing.jsonl" in err


def test_a_folder_is_no_file_of_questions(career_bot, tmp_path):
    assert career_bot("eval", tmp_path)[0] == 2


def test_a_knowledge_folder_that_is_missing_is_exit_code_2(career_bot, tmp_path):
    (tmp_path / "labelled.jsonl").write_text("")
    assert career_bot("eval", tmp_path / "labelled.jsonl", "--knowledge", tmp_path / "nowhere")[0] == 2


def test_a_file_without_questions_has_no_rates_to_be_proud_of(scored):
    code, out, _ = scored(options=("--floor", "right=0.1"))
    assert code == 1
    assert "0 questions, 0 in scope counted, 0 lack an entry" in out


def test_the_golden_questions_meet_the_floor(career_bot):
    file = Path(__file__).parent.parent / "golden" / "dev.jsonl"
    floors = ("--floor", "right=0.75", "--floor", "wrong=0.08", "--floor", "declined=0.85")
    code, out, err = career_bot("eval", file, *floors)
    assert (code, err) == (0, "")
    counted = int(out.split(" in scope counted")[0].rpartition(" ")[2])
    assert counted >= 230
