"""career-bot eval --report: a page that stands alone, holds the figures and lets no question become markup."""

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import matplotlib as mpl
import pytest

COOKING = Path(__file__).parent.parent / "data" / "cooking"
RICE = {"intent": "topic", "topic": "cook-rice"}
EGGS = {"intent": "topic", "topic": "boil-eggs"}
OUTSIDE = {"intent": "out_of_scope"}
HOSTILE = "how do I cook rice &amp; </q><script>alert(1)</script> \u202e"
RECORDS = [
    {"id": "r", "question": "how do I cook rice", "expect": RICE},
    {"id": "w", "question": "how do I cook rice", "expect": EGGS},
    {"id": "o", "question": "what is the capital of France", "style": "off-topic", "expect": OUTSIDE},
    {"id": "</li><b>", "question": HOSTILE, "style": "<i>$\\frac$ \u4e2d\u0000", "expect": EGGS},
]
VOID = {"meta"}
TIMES = re.compile(r"[\d.]+ ms")


class Page(HTMLParser):
    """What a browser would see: elements, attributes, visible text; asserts that every element is closed in turn."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text, self._open = [], [], "", []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.text += " "
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open and self._open[-1] != "style":
            self.text += data


@pytest.fixture
def evaluated(career_bot, tmp_path):
    """Score questions about cooking with a report; return the page as it was written, and the exit code and streams."""

    def run(*records, options=(), name="report.html"):
        file, report = tmp_path / "labelled.jsonl", tmp_path / name
        file.write_text("\n".join(json.dumps(record) for record in records) + "\n")
        done = career_bot("eval", file, "--knowledge", COOKING, "--report", report, *options)
        return (report.read_text(encoding="utf-8") if report.exists() else ""), done

    return run


def words(text):
    return " ".join(Page(text).text.split())


def test_the_page_holds_the_figures_with_what_they_are_counted_over(evaluated):
    text, (code, _, err) = evaluated(*RECORDS)
    assert (code, err) == (0, "")
    shown = words(text)
    for figure in (
        "right 33.3% 1 of 3 in scope with an entry",
        "with right filters 100.0% 1 of 1 right answers",
        "asked back 0.0% 0 of 3 in scope with an entry",
        "confidently wrong 66.7% 2 of 3 in scope",
        "out of scope: declined 100.0% 1 of 1 out of scope",
        "out of scope: answered 0.0% 0 of 1 out of scope",
        "out-of-scope precision 100.0% 1 of 1 declined are out of scope",
        "out-of-scope recall 100.0% 1 of 1 out of scope are declined",
        "over 3 answers",
        "In use: 3 of 3 in-scope questions are answered, 2 of 3 of these answers are wrong.",
    ):
        assert figure in shown
    assert re.search(r"to read one [\d.]+ ms p50; p95 [\d.]+ ms, p99 [\d.]+ ms", shown)


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(evaluated):
    text, _ = evaluated(*RECORDS)
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [value for name, value in page.attributes if name in {"href", "src"} and not value.startswith("#")]
    assert "://" not in text
    assert "@import" not in text


def test_questions_ids_and_styles_are_shown_as_text(evaluated):
    text, _ = evaluated(*RECORDS)
    shown = words(text)
    assert "how do I cook rice &amp; </q><script>alert(1)</script>" in shown
    assert "</li><b>" in shown
    assert "<i>$\\frac$ \u4e2d" in shown
    assert "\u202e" not in text
    assert "\0" not in text


def test_ids_of_the_plots_are_there_once_and_every_reference_finds_its_own(evaluated):
    text, _ = evaluated(*RECORDS)
    page = Page(text)
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', text)) <= set(ids)
    assert page.tags.count("svg") == 4


def test_plots_take_their_colours_from_the_page_so_that_dark_mode_changes_them(evaluated):
    text, _ = evaluated(*RECORDS)
    drawn = "".join(re.findall(r"(?s)<svg.*?</svg>", text))
    used = set(re.findall(r"var\((--[a-z-]+)\)", drawn))
    assert {"--ink", "--accent", "--right", "--wrong"} <= used
    assert "#0102" not in drawn
    assert all(f"{name}:" in text for name in used)
    assert "prefers-color-scheme: dark" in text


def test_confusions_and_wrong_answers_stand_with_expected_got_and_confidence(evaluated):
    text, _ = evaluated(*RECORDS)
    shown = words(text)
    assert "topic.boil-eggs → topic.cook-rice 2×" in shown
    assert "Confidently wrong (2)" in shown
    assert re.search(r"expected topic boil-eggs got topic cook-rice [01]\.\d\d", shown)
    assert "Out of scope, yet answered (0)" in shown


def test_equal_results_make_equal_pages_but_for_the_times(evaluated):
    first, _ = evaluated(*RECORDS, name="first.html")
    second, _ = evaluated(*RECORDS, name="second.html")
    assert TIMES.sub("", first) == TIMES.sub("", second)


def test_the_user_s_own_style_of_plots_changes_nothing(evaluated):
    plain, _ = evaluated(*RECORDS)
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red"}):
        styled, _ = evaluated(*RECORDS)
        assert mpl.rcParams["font.size"] == 30
    assert TIMES.sub("", plain) == TIMES.sub("", styled)


@pytest.mark.parametrize(
    ("half", "told", "right"),
    [
        ("odd", "from the first on (the odd half): 2 questions", "1 of 1"),
        ("even", "from the second on (the even half): 2 questions", "0 of 2"),
    ],
)
def test_a_half_of_the_questions_is_scored_and_named(evaluated, half, told, right):
    text, (_, out, _) = evaluated(*RECORDS, options=("--half", half))
    assert told in words(text)
    assert f"right {100 * int(right[0]):.1f}% {right} in scope" in words(text)
    assert "2 questions, " in out


def test_a_half_that_is_none_is_exit_code_2(evaluated):
    text, (code, out, err) = evaluated(*RECORDS, options=("--half", "third"))
    assert (text, code, out) == ("", 2, "")
    assert "third" in err


def test_what_changed_against_before_is_on_the_page(evaluated, tmp_path):
    results = tmp_path / "results.jsonl"
    evaluated(*RECORDS[:3], options=("--json", results))
    swapped = [RECORDS[0] | {"expect": EGGS}, RECORDS[1] | {"expect": RICE}, RECORDS[2]]
    text, _ = evaluated(*swapped, options=("--compare", results))
    shown = words(text)
    assert "1 better, 1 worse, of 3 questions in both." in shown
    better, worse = shown.index("Better"), shown.index("Worse")
    assert better < shown.index("how do I cook rice w") < worse < shown.index("how do I cook rice r")


def test_a_note_stands_in_the_head_and_no_time_of_writing_does(evaluated):
    text, _ = evaluated(*RECORDS, options=("--note", "2026-11-24 & <main>"))
    assert "2026-11-24 & <main>" in words(text)
    without, _ = evaluated(*RECORDS)
    assert not re.search(r"\b20\d\d-\d\d", without)


def test_a_file_without_questions_makes_a_page_too(evaluated):
    text, (code, _, err) = evaluated()
    assert (code, err) == (0, "")
    assert "right none 0 of 0 in scope with an entry" in words(text)


def test_only_the_largest_of_many_styles_are_drawn(evaluated):
    many = [RECORDS[0] | {"id": str(n), "style": f"style {n}"} for n in range(31)]
    text, _ = evaluated(*many)
    assert "The 30 largest of 31." in words(text)


def test_without_matplotlib_it_says_in_a_line_what_to_install_and_scores_nothing(evaluated, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    text, (code, out, err) = evaluated(*RECORDS)
    assert (text, code, out) == ("", 2, "")
    assert err.count("\n") == 1
    assert "pip install 'matplotlib>=3.10'" in err


def test_a_page_that_cannot_be_written_is_named(evaluated):
    _, (code, _, err) = evaluated(*RECORDS, name="nowhere/report.html")
    assert code == 1
    assert "nowhere" in err
    assert "Traceback" not in err


def test_precision_recall_and_the_slowest_of_a_hundred_are_in_the_terminal(evaluated):
    _, (_, out, _) = evaluated(*RECORDS)
    assert "              precision   100.0% (1 of 1 declined)\n" in out
    assert "              recall      100.0% (1 of 1 out of scope)\n" in out
    assert re.search(r"to read one .* [\d.]+ ms for one in twenty, [\d.]+ ms for one in a hundred\n", out)
