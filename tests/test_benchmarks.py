"""The benchmarks: public sets and figures that were worked out by hand; hostile sources, scaled down."""

import json
import random
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import collecting, fan_out, subscribing
from tests.benchmarks import hostile_sources as hostile
from tests.benchmarks.intents import auroc, figures, report, right_above, threshold
from tests.benchmarks.methods import AdvisorMatcher, Matcher, knowledge_of
from tests.benchmarks.scaling import ENTRIES, recombined
from tests.benchmarks.sets import (
    Draw,
    Labelled,
    LabelledSet,
    SetError,
    draw,
    mistyped,
    read_banking77,
    read_clinc150,
)
from tests.benchmarks.table import Line, shown

TRAIN = [
    ["where is my new card", "card"],
    ["has my card been posted", "card"],
    ["what is the exchange rate", "rate"],
    ["how many dollars for a euro", "rate"],
]
TEST = [
    ["is my new card posted", "card"],
    ["exchange rate of dollars", "rate"],
    ["my card", "card"],
    ["my card", "rate"],
]
CLINC = {"train": TRAIN, "test": TEST, "oos_test": [["sing a lullaby", "oos"], ["zebra", "oos"]], "val": [["a", "b"]]}


def written(folder: Path, **parts: object) -> Path:
    """Write a set in the format of CLINC150 with some parts replaced."""
    (folder / "clinc150.json").write_text(json.dumps(CLINC | parts), encoding="utf-8")
    return folder


def banking(folder: Path, train: str, test: str = "text,category\nmy card,card\n") -> Path:
    """Write a set in the format of Banking77."""
    (folder / "banking77_train.csv").write_text(train, encoding="utf-8")
    (folder / "banking77_test.csv").write_text(test, encoding="utf-8")
    return folder


def test_clinc150_is_read_from_its_file(tmp_path):
    found = read_clinc150(written(tmp_path))

    assert found.train[0] == Labelled("where is my new card", "card")
    assert (len(found.train), len(found.test), found.outside) == (4, 4, ("sing a lullaby", "zebra"))


def test_banking77_is_read_from_two_files_with_line_breaks_in_texts(tmp_path):
    found = read_banking77(banking(tmp_path, 'text,category\n"where, please,\nis it",card\n'))

    assert found.train == (Labelled("where, please, is it", "card"),)
    assert found.test == (Labelled("my card", "card"),)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"test": None}, 'clinc150.json: "test" is no list with anything in it'),
        ({"oos_test": []}, 'clinc150.json: "oos_test" is no list with anything in it'),
        ({"train": [["a", "card"], ["b"]]}, 'clinc150.json: item 2 of "train" is not [text, label]'),
        ({"train": [["a", 3]]}, 'clinc150.json: item 1 of "train" is not [text, label]'),
        ({"test": [["a", "loan"]]}, 'clinc150.json: the label "loan" is tested and never learnt'),
    ],
)
def test_a_part_of_clinc150_that_is_not_as_it_should_be_is_named(tmp_path, parts, fault):
    with pytest.raises(SetError) as raised:
        read_clinc150(written(tmp_path, **parts))

    assert str(raised.value).startswith(fault)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"{", "clinc150.json: not JSON"),
        (b"[]", "clinc150.json: not a mapping"),
        (b"\xff", "clinc150.json: not UTF-8 from byte 0 on"),
    ],
)
def test_a_file_that_is_not_clinc150_is_named(tmp_path, content, fault):
    (tmp_path / "clinc150.json").write_bytes(content)

    with pytest.raises(SetError) as raised:
        read_clinc150(tmp_path)

    assert str(raised.value).startswith(fault)


@pytest.mark.parametrize(
    ("train", "fault"),
    [
        ("text,label\na,b\n", "banking77_train.csv: line 1 is not text,category"),
        ("", "banking77_train.csv: line 1 is not text,category"),
        ("text,category\n", "banking77_train.csv: it holds no question"),
        ("text,category\na,card\nb\n", "banking77_train.csv: line 3 is not a text and a category"),
        ('text,category\n"a"b,card\n', "banking77_train.csv: line 2 is not CSV"),
    ],
)
def test_a_file_of_banking77_that_is_not_as_it_should_be_is_named(tmp_path, train, fault):
    with pytest.raises(SetError) as raised:
        read_banking77(banking(tmp_path, train))

    assert str(raised.value).startswith(fault)


def test_a_draw_holds_so_many_phrasings_of_each_label_and_is_the_same_for_a_seed():
    texts = tuple(Labelled(f"{label} question {number}", label) for label in "ab" for number in range(30))
    of = LabelledSet("made up", texts, texts, ("out",))

    drawn = draw(of, phrasings=5, questions=10, seed=1)

    assert [sum(each.label == label for each in drawn.phrasings) for label in "ab"] == [5, 5]
    assert (len(drawn.asked), len(drawn.mistyped), drawn.outside) == (10, 10, ("out",))
    assert drawn == draw(of, phrasings=5, questions=10, seed=1)
    assert drawn != draw(of, phrasings=5, questions=10, seed=2)


def test_all_questions_are_asked_for_zero_and_all_phrasings_drawn_where_there_are_few(tmp_path):
    drawn = draw(read_clinc150(written(tmp_path)), phrasings=20, questions=0, seed=0)

    assert (len(drawn.phrasings), len(drawn.asked), len(drawn.outside)) == (4, 4, 2)


def test_a_phrasing_that_means_two_things_or_holds_a_brace_is_drawn_once_or_never():
    train = (Labelled("Same", "a"), Labelled("same", "b"), Labelled("a {slot}", "a"), Labelled("other", "b"))

    drawn = draw(LabelledSet("made up", train, train), phrasings=5, questions=0, seed=0)

    assert {(each.text, each.label) for each in drawn.phrasings} == {("Same", "a"), ("other", "b")}


def test_a_typo_changes_one_or_two_letters_and_nothing_without_letters():
    chance = random.Random(5)

    assert all(abs(len(mistyped("where is it?", chance)) - 12) <= 2 for _ in range(200))
    assert {mistyped("ab", chance)[:1] for _ in range(200)} > {"a", "b"}
    assert mistyped("123?", chance) == "123?"


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order():
    assert auroc([0.9, 0.5], [0.5, 0.1]) == (1 + 1 + 0.5 + 1) / 4


def test_the_threshold_leaves_out_the_share_that_is_to_be_declined():
    outside = [number / 100 for number in range(100)]

    assert threshold(outside, 0.91) == 0.90
    assert right_above(0.90, [True, True, False, True], [0.95, 0.90, 0.99, 0.91]) == 0.5


SURE = {"q1": 0.9, "q2": 0.4, "q3": 0.8, "q4": 0.2, "x": 0.3}
BEST = {"q1": "abc", "q2": "bca", "q3": "cab", "q4": "cba", "t1": "a", "t2": "a", "t3": "a", "t4": "d"}


class Told:
    """A matcher that knows nothing and says what is written above."""

    def sureness(self, question):
        return SURE[question]

    def ranked(self, question):
        return list(BEST[question])


def test_the_figures_are_those_worked_out_by_hand():
    matcher: Matcher = Told()
    asked = tuple(Labelled(f"q{number}", label) for number, label in enumerate("abad", start=1))

    found = figures(matcher, Draw((), asked, ("t1", "t2", "t3", "t4"), ("x",)))

    assert (found.top1, found.top3, found.top1_mistyped) == (2 / 4, 3 / 4, 3 / 4)
    assert (found.auroc, found.right_when_sure) == (3 / 4, 2 / 4)


def test_the_advisor_knows_each_label_as_a_topic(tmp_path):
    drawn = draw(read_clinc150(written(tmp_path)), phrasings=5, questions=0, seed=0)

    found = figures(AdvisorMatcher(drawn.phrasings), drawn)

    # The fourth question is the third one with the other label: 3 of 4 right, and both labels among the first three.
    assert (found.top1, found.top3, found.auroc) == (3 / 4, 1.0, 1.0)


def test_a_label_becomes_a_topic_with_its_phrasings():
    files = knowledge_of((Labelled("yes", "a?"), Labelled("- 5: o'clock 🙂", "b"), Labelled("no", "a?")))

    assert sorted(files) == ["lexicon.yaml", "topics/topic-0.yaml", "topics/topic-1.yaml"]
    assert AdvisorMatcher((Labelled("yes", "a?"), Labelled("- 5: o'clock 🙂", "b"))).ranked("yes")[0] == "a?"


def test_a_set_that_is_malformed_gives_a_line_and_the_other_one_still_runs(tmp_path):
    banking(written(tmp_path), "nothing\n")

    tables = list(report(tmp_path, {"the advisor": AdvisorMatcher}, draws=2, questions=0, phrasings=(2,)))

    assert tables[0].startswith(
        "CLINC150, 2 phrasings of each of 2 labels: 4 questions and 2 out of scope, draws: 2\n\n| method "
    )
    assert "\n| the advisor | 75.0 ± 0.0 | 100.0   | " in tables[0]
    assert tables[1] == "Banking77 is left out: banking77_train.csv: line 1 is not text,category; fetch it anew"


def test_a_package_that_is_missing_is_named_in_its_row(tmp_path):
    def missing(_phrasings):
        raise ModuleNotFoundError("No module named 'scarce'", name="scarce")

    (clinc, _) = report(written(tmp_path), {"rare": missing}, draws=1, questions=0, phrasings=(2,))

    assert "| rare   | scarce is not installed |" in clinc


def test_without_any_set_the_command_says_so_and_fails(tmp_path, capsys):
    code = benchmarks.main(["--sets", str(tmp_path), "--encoder", str(tmp_path / "none")])

    said = capsys.readouterr().out
    assert code == 1
    assert "Without an encoder: " in said
    assert "CLINC150 is left out: clinc150.json: there is no such file" in said
    assert "Banking77 is left out: banking77_train.csv: there is no such file" in said


def test_recombined_phrasings_are_different_and_spread_over_all_entries():
    phrasings = [f"how {number} and then {number}" for number in range(600)]

    examples = recombined(phrasings, 3_000)

    assert len({tokens for _, tokens in examples}) == 3_000
    assert len({label for label, _ in examples}) == ENTRIES
    assert examples == recombined(phrasings, 3_000)


def test_a_promise_is_shown_as_kept_or_not():
    text = shown([Line("fast", 1.0, "ms", kept=True), Line("slow", 9.0, "ms", 3.0, "the other", kept=False)])

    assert [line.split()[-1] for line in text.splitlines()] == ["PASS", "FAIL"]
    assert "3.00 x the other" in text


SCALED_DOWN = 3_000


def outcome(*, refused=True, seconds=0.1, python=1.0, process=1.0):
    return hostile.Outcome("bomb", "no", refused, seconds, python, process)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (outcome(), True),
        (outcome(python=None, process=None), True),
        (outcome(refused=False), False),
        (outcome(seconds=0.5), False),
        (outcome(python=50.0), False),
        (outcome(process=50.0), False),
    ],
)
def test_what_is_hostile_has_to_be_refused_quickly_and_in_little_memory(found, kept):
    assert found.kept is kept
    assert hostile.shown([found]).split()[-1] == ("PASS" if kept else "FAIL")


def test_addresses_and_redirects_are_refused():
    found = [*hostile.ask_addresses(), *hostile.ask_redirects()]

    assert len(found) > 100
    assert [each.name for each in found if not each.refused] == []


def test_an_address_that_may_be_dialled_is_told_and_not_dialled():
    (found,) = hostile.ask_addresses({"public": ["http://user.example/"]})
    assert found.refused

    (found,) = hostile.ask_addresses({"public": ["http://1.1.1.1/"]})
    assert (found.refused, found.said) == (False, "may dial 1.1.1.1 port 80")


def test_what_is_read_as_a_job_or_raises_was_not_refused():
    assert not hostile.read("json", '[{"title": "Data Analyst", "company": "Fern"}]').refused

    *_, found = hostile.measured("worse", lambda: 1 // 0)
    assert (found.refused, found.said) == (False, "ZeroDivisionError: integer division or modulo by zero")


def test_the_memory_of_a_bomb_is_its_own():
    def unfold():
        return hostile.Verdict(f"{len(bytes(60 * hostile.MIB))}", refused=True)

    first, last = hostile.measured("large", unfold)

    assert first.python_mib is None
    assert 60 <= last.python_mib < 61
    assert not last.kept


def test_answers_and_every_sixth_document_are_refused_in_a_scaled_down_run():
    names = [*hostile.ANSWERS, *list(hostile.BOMBS)[::6]]

    found = hostile.in_processes(names, SCALED_DOWN, give_up=3)

    assert [each.name for each in found] == names
    assert [each.name for each in found if not each.refused] == []
    assert any(each.python_mib for each in found)


def test_a_bomb_that_does_not_end_is_given_up():
    (found,) = hostile.in_processes(["silence"], SCALED_DOWN, give_up=0.1)

    assert (found.refused, found.said) == (False, "nothing within 0.1 seconds")


def test_a_report_with_one_promise_that_was_not_kept_fails():
    report = benchmarks.Report()
    report.show("good", "table", kept=True)
    assert report.kept
    report.show("bad", "table", kept=False)
    report.show("good", "table", kept=True)
    assert not report.kept


def test_jobs_are_stored_and_found_in_a_scaled_down_run():
    lines = {line.name: line for line in collecting.measure(size=1_000, asked=20)}
    assert lines["1,000 new jobs"].measured > 0
    assert lines["a search, p99"].measured >= lines["a search, p50"].measured
    assert lines["the file"].measured > 0
    assert [line.kept for line in lines.values() if line.name == "a search, p99"] != [None]


def test_subscriptions_are_matched_in_a_scaled_down_run():
    lines = {line.name: line for line in subscribing.measure(size=500, new=10, looks=2)}
    assert lines["what they want of these"].measured > 0
    assert lines["a look with nothing to do, median"].measured > 0


def test_a_job_is_fanned_out_in_a_scaled_down_run():
    lines = {line.name: line for line in fan_out.measure(channels=400)}
    assert lines["one job for 400 channels"].measured >= 400 / 40 - 1
    assert lines["requests in the worst second"].kept
