"""career-bot ask, as people and other programs use it."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.advisor.knowledge import Section
from bot.advisor.loading import load_knowledge
from bot.advisor.reading import Intent, Outcome, Reading
from bot.app import load_advisor
from bot.cli.ask import as_record
from bot.config import default_knowledge
from bot.folder import read_folder
from bot.services.ask import AskService, NoOpenings, Reply

COOKING = Path(__file__).parent.parent / "data" / "cooking"
FIELDS = ("intent", "roles", "section", "topic", "term", "filters", "confidence")
KEYS = {"outcome", *FIELDS, "text", "sources", "also", "choices"}
EMPTY = {"roles": [], "section": None, "topic": None, "term": None, "filters": {}}
MLE, DS = "machine-learning-engineer", "data-scientist"


@pytest.fixture(scope="module")
def service():
    return AskService(load_advisor(default_knowledge()), NoOpenings(), lambda: 0.0)


@pytest.fixture
def asked(environment, tmp_path):
    """Return what `ask` answers as a process: exit code, standard output and standard error, each as text."""

    def ask(*words, lines="", **variables):
        done = subprocess.run(
            [sys.executable, "-m", "bot", "ask", *words],
            input=lines if isinstance(lines, bytes) else lines.encode(),
            capture_output=True,
            env=environment | variables,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return ask


QUESTIONS = (
    "MLE vs DS pay",
    "difference between a data scientist and a machine learning engineer",
    "what is a data engineer",
    "what skills does a data engineer need",
    "how do I go from data analyst to data engineer",
    "how do I go from data engineer to data analyst",
    "what is MLOps?",
    "do I need a PhD?",
    "senior remote full-time data engineer jobs in Germany",
    "freelance data engineer jobs in Germany",
    "open jobs for data engineers",
    "what is the capital of France",
    "how do I bake a pizza",
)


@pytest.fixture(scope="module")
def records(environment, tmp_path_factory):
    """Return question -> what other programs read about it, all of one process."""
    lines = "".join(json.dumps({"id": question, "question": question}) + "\n" for question in QUESTIONS)
    command = [sys.executable, "-m", "bot", "ask", "--jsonl"]
    folder = tmp_path_factory.mktemp("asking")
    done = subprocess.run(
        command, input=lines.encode(), capture_output=True, env=environment, cwd=folder, timeout=120, check=True
    )
    read = map(json.loads, done.stdout.splitlines())
    return {record.pop("id"): record for record in read}


@pytest.fixture
def answer(records):
    """Return what is answered to one of QUESTIONS, as other programs read it."""
    return records.__getitem__


@pytest.fixture
def json_answer(career_bot):
    """Return what `ask --json` prints for a question."""

    def ask(question, *options):
        code, out, err = career_bot("ask", question, "--json", *options)
        assert (code, err) == (0, "")
        assert out.count("\n") == 1
        return json.loads(out)

    return ask


def test_an_answer_is_printed_as_markdown(career_bot):
    code, out, err = career_bot("ask", "MLE vs DS pay")
    assert (code, err) == (0, "")
    assert out.startswith("## Machine Learning Engineer vs Data Scientist · Pay\n")


def test_a_question_needs_no_quotes(career_bot):
    assert career_bot("ask", "MLE", "vs", "DS", "pay") == career_bot("ask", "MLE vs DS pay")


def test_an_answer_has_every_field(answer):
    record = answer("MLE vs DS pay")
    assert set(record) == KEYS
    assert record["outcome"] == "answer"
    assert record["intent"] == "compare"
    assert set(record["roles"]) == {MLE, DS}
    assert record["section"] == "salary"
    assert (record["topic"], record["term"], record["filters"]) == (None, None, {})
    assert 0 <= record["confidence"] <= 1
    assert record["text"].startswith("## ")
    assert (record["also"], record["choices"]) == ([], [])


def test_sources_are_named_with_address_and_date(answer):
    sources = answer("MLE vs DS pay")["sources"]
    assert sources
    for source in sources:
        assert set(source) == {"id", "title", "url", "date"}
        assert source["title"]
        assert source["date"] is None or len(source["date"]) == len("2026-11-24")


def test_the_sources_of_an_answer_stand_in_its_text_too(answer):
    record = answer("MLE vs DS pay")
    assert "-# " in record["text"]


def test_a_comparison_without_a_section_has_none(answer):
    record = answer("difference between a data scientist and a machine learning engineer")
    assert (record["intent"], record["section"]) == ("compare", None)


def test_a_role_without_a_section_is_an_overview(answer):
    record = answer("what is a data engineer")
    assert (record["intent"], record["roles"], record["section"]) == ("role", ["data-engineer"], "overview")


def test_a_transition_keeps_the_order_of_its_roles(answer):
    there = answer("how do I go from data analyst to data engineer")
    back = answer("how do I go from data engineer to data analyst")
    assert there["intent"] == back["intent"] == "transition"
    assert there["roles"] == ["data-analyst", "data-engineer"] == back["roles"][::-1]


def test_a_topic_and_a_term_fill_their_own_fields(answer):
    term = answer("what is MLOps?")
    assert (term["intent"], term["term"], term["topic"], term["roles"]) == ("term", "mlops", None, [])
    topic = answer("do I need a PhD?")
    assert (topic["intent"], topic["term"]) == ("topic", None)
    assert topic["topic"]


def test_filters_are_written_as_the_contract_says(answer):
    record = answer("senior remote full-time data engineer jobs in Germany")
    assert record["intent"] == "jobs"
    assert record["filters"] == {"country": "DE", "level": "senior", "remote": True, "employment": "full-time"}


def test_freelance_is_contract(answer):
    assert answer("freelance data engineer jobs in Germany")["filters"] == {"country": "DE", "employment": "contract"}


def test_without_a_store_no_jobs_are_made_up(answer):
    record = answer("open jobs for data engineers")
    assert record["intent"] == "jobs"
    assert "http" not in record["text"]


@pytest.mark.parametrize("question", ["what is the capital of France", "how do I bake a pizza"])
def test_what_is_out_of_scope_is_declined_with_empty_fields(question, answer):
    record = answer(question)
    assert set(record) == KEYS
    assert (record["outcome"], record["intent"]) == ("decline", "out_of_scope")
    assert {name: record[name] for name in EMPTY} == EMPTY
    assert (record["sources"], record["also"], record["choices"]) == ([], [], [])
    assert record["text"].startswith("## I can't help with that")


def test_a_vague_question_is_asked_back(service):
    vague = ("which", "job", "data", "salary", "remote", "what now", "python or", "is it worth it")
    readings = [service.advisor.read(question, ()) for question in vague]
    assert Outcome.CHOICES in {reading.outcome for reading in readings}


def test_choices_have_no_intent_and_each_has_a_label(service):
    readings = (
        Reading(Intent.ROLE, roles=("data-engineer",), section=Section.SALARY, confidence=0.4),
        Reading(Intent.COMPARE, roles=(MLE, DS), confidence=0.3),
        Reading(Intent.TERM, term="mlops", confidence=0.2),
    )
    record = as_record(Reply(Reading(None, Outcome.CHOICES, confidence=0.4, choices=readings)), service)
    assert set(record) == KEYS
    assert (record["outcome"], record["intent"]) == ("choices", None)
    assert {name: record[name] for name in EMPTY} == EMPTY
    assert [set(choice) for choice in record["choices"]] == [{*FIELDS, "label"}] * 3
    assert all(choice["label"] in record["text"] for choice in record["choices"])
    assert [choice["intent"] for choice in record["choices"]] == ["role", "compare", "term"]


async def test_the_runners_up_of_an_answer_are_no_choices(service):
    runner_up = Reading(Intent.TERM, term="mlops", confidence=0.2)
    reading = Reading(Intent.TOPIC, topic=next(iter(service.advisor.knowledge.topics)), choices=(runner_up,))
    assert as_record(Reply(reading), service)["choices"] == []


def test_a_second_question_in_the_same_message_is_answered_too(service):
    also = Reading(Intent.TERM, term="mlops", confidence=0.9)
    reading = Reading(Intent.ROLE, roles=("data-engineer",), section=Section.OVERVIEW, also=(also,))
    record = as_record(Reply(reading), service)
    assert [set(other) for other in record["also"]] == [set(FIELDS)]
    assert record["also"][0]["term"] == "mlops"


def test_explaining_says_how_it_was_understood(career_bot):
    code, out, _ = career_bot("ask", "senior data engineer pay in Germany", "--explain")
    assert code == 0
    explained = out.splitlines()
    assert any(line.startswith("answer: role ") and "country DE" in line for line in explained)


def test_explaining_shows_the_phrasings_that_are_most_like_it(career_bot):
    _, out, _ = career_bot("ask", "how much do data enginers earn in Germany", "--explain")
    explained = [line.strip() for line in out.splitlines()]
    assert "read as: how much do {role} earn in {place}" in explained
    alike = [line for line in explained if line.startswith("like: ")]
    assert len(alike) == 3
    assert "which asks for role.salary (" in alike[0]


def test_without_a_question_it_says_what_to_type(career_bot):
    code, out, err = career_bot("ask")
    assert (code, out) == (2, "")
    assert "career-bot ask" in err


def test_a_question_beside_a_stream_is_wrong_usage(career_bot):
    assert career_bot("ask", "hi", "--jsonl")[0] == 2


def test_an_unknown_option_is_wrong_usage(career_bot):
    code, out, err = career_bot("ask", "hi", "--yaml")
    assert (code, out) == (2, "")
    assert "--yaml" in err


def test_a_knowledge_folder_that_is_missing_is_exit_code_2(career_bot, tmp_path):
    code, out, err = career_bot("ask", "hi", "--knowledge", tmp_path / "nowhere")
    assert (code, out) == (2, "")
    assert str(tmp_path / "nowhere") in err


def test_knowledge_with_faults_is_exit_code_1_and_names_them(career_bot, tmp_path):
    (tmp_path / "bad" / "topics").mkdir(parents=True)
    (tmp_path / "bad" / "topics" / "one.yaml").write_text("id: One!\nanswer: 5\n")
    code, out, err = career_bot("ask", "hi", "--knowledge", tmp_path / "bad")
    assert (code, out) == (1, "")
    assert "topics/one.yaml:1" in err


def test_another_knowledge_base_is_served(json_answer):
    record = json_answer("how lng do i boil an eg", "--knowledge", str(COOKING))
    assert (record["outcome"], record["intent"], record["topic"]) == ("answer", "topic", "boil-eggs")
    assert "six minutes" in record["text"]


def test_another_knowledge_base_can_be_set(json_answer, monkeypatch):
    monkeypatch.setenv("CAREER_BOT_KNOWLEDGE", str(COOKING))
    assert json_answer("how do I cook rice")["topic"] == "cook-rice"


def test_another_knowledge_base_knows_nothing_of_this_one(json_answer):
    assert json_answer("MLE vs DS pay", "--knowledge", str(COOKING))["outcome"] != "answer"


def test_asking_makes_no_database(career_bot, home, tmp_path, monkeypatch):
    database = tmp_path / "data" / "career-bot.db"
    monkeypatch.setenv("CAREER_BOT_DATABASE_URL", f"sqlite:///{database}")
    career_bot("ask", "open jobs", "--json")
    monkeypatch.delenv("CAREER_BOT_DATABASE_URL")
    career_bot("ask", "open jobs", "--json")
    assert not database.parent.exists()
    assert list(home.rglob("*.db")) == []
    assert list(tmp_path.iterdir()) == []


STREAM = (
    {"id": "x1", "question": "MLE vs DS pay"},
    {"id": 2, "question": "and their skills?", "context": ["MLE vs DS pay"]},
    {"question": "what is a data enginer"},
    {"id": "x4", "question": "how do I bake a pizza", "context": None},
)


def test_a_stream_is_answered_in_order(piped):
    code, out, err = piped("\n".join(map(json.dumps, STREAM)) + "\n", "ask", "--jsonl")
    assert (code, err) == (0, "")
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["id"] for record in records] == ["x1", 2, None, "x4"]
    assert all(set(record) == {"id", *KEYS} for record in records)
    assert [record["intent"] for record in records] == ["compare", "compare", "role", "out_of_scope"]
    assert records[1]["section"] == "skills"
    assert set(records[1]["roles"]) == {MLE, DS}


def test_a_question_of_a_stream_is_no_context_of_the_next(piped):
    lines = '{"id": 1, "question": "MLE vs DS pay"}\n{"id": 2, "question": "and their skills?"}\n'
    _, out, _ = piped(lines, "ask", "--jsonl")
    assert json.loads(out.splitlines()[1])["roles"] == []


BAD_LINES = {
    "not json": (b"what is a data engineer", None),
    "cut": (b'{"id": "b", "question": "what', None),
    "no object": (b'["b", "what is a data engineer"]', None),
    "no question": (b'{"id": "b"}', "b"),
    "a question that is no text": (b'{"id": "b", "question": 5}', "b"),
    "a context that is no list": (b'{"id": "b", "question": "pay?", "context": "MLE"}', "b"),
    "a context with something else": (b'{"id": "b", "question": "pay?", "context": [1]}', "b"),
    "not UTF-8": (b'{"id": "b", "question": "\xff"}', None),
    "too deep": (b"[" * 100_000, None),
    "not a number": (b'{"id": NaN, "question": "pay?"}', None),
}


def test_bad_lines_are_answered_in_their_place_and_the_exit_code_is_1(piped):
    good = b'{"id": "good", "question": "what is a data engineer"}'
    lines = b"\n".join(line for bad, _ in BAD_LINES.values() for line in (bad, good))
    code, out, err = piped(lines, "ask", "--jsonl")
    assert (code, err) == (1, "")
    records = [json.loads(line) for line in out.splitlines()]
    refused, answered = records[::2], records[1::2]
    assert {name: record["id"] for name, record in zip(BAD_LINES, refused, strict=True)} == {
        name: expected for name, (_, expected) in BAD_LINES.items()
    }
    assert all(set(record) == {"id", "error"} and record["error"] for record in refused)
    assert all(record["intent"] == "role" for record in answered)


def test_a_process_with_a_bad_line_ends_with_1(asked):
    code, out, err = asked("--jsonl", "--knowledge", str(COOKING), lines='{\n{"id": 1, "question": "hi"}\n')
    assert (code, err) == (1, "")
    assert [json.loads(line)["id"] for line in out.splitlines()] == [None, 1]


def test_blank_lines_are_passed_over(piped):
    code, out, _ = piped('\n  \n{"id": 1, "question": "hi"}\n\n', "ask", "--jsonl", "--knowledge", COOKING)
    assert code == 0
    assert len(out.splitlines()) == 1


def test_an_empty_stream_is_answered_with_nothing(piped):
    assert piped("", "ask", "--jsonl", "--knowledge", COOKING) == (0, "", "")


def test_half_a_surrogate_pair_comes_back_as_it_was(asked):
    code, out, _ = asked("--jsonl", lines='{"id": "\\ud83d", "question": "MLE pay \\ud83d"}\n')
    assert code == 0
    assert json.loads(out)["id"] == "\ud83d"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_terminal_that_knows_only_ascii_is_no_fault(asked, options):
    code, out, err = asked("MLE vs DS pay", *options, PYTHONIOENCODING="ascii")
    assert (code, err) == (0, "")
    assert "Machine Learning Engineer" in out


def test_each_answer_is_there_before_the_next_question_is_read(environment, tmp_path):
    command = [sys.executable, "-m", "bot", "ask", "--jsonl", "--knowledge", str(COOKING)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, cwd=tmp_path, **pipes) as process:
        watchdog = threading.Timer(120, process.kill)
        watchdog.start()
        try:
            for number in range(3):
                process.stdin.write(json.dumps({"id": number, "question": "how do I cook rice"}).encode() + b"\n")
                process.stdin.flush()
                assert json.loads(process.stdout.readline())["id"] == number
            process.stdin.close()
            assert process.wait() == 0
        finally:
            watchdog.cancel()
            process.kill()


def test_a_reader_that_leaves_early_is_no_traceback(environment, tmp_path):
    command = [sys.executable, "-m", "bot", "ask", "--jsonl", "--knowledge", str(COOKING)]
    lines = b'{"id": 1, "question": "how do I cook rice"}\n' * 400
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, cwd=tmp_path, **pipes) as process:
        process.stdout.close()
        _, err = process.communicate(lines, timeout=120)
    assert b"Traceback" not in err


def test_one_question_is_answered_as_in_a_stream(json_answer, answer):
    question = "what skills does a data engineer need"
    assert json_answer(question) == answer(question)


def test_every_country_of_a_filter_is_an_upper_case_code():
    places = load_knowledge(read_folder(default_knowledge())).lexicon.places
    assert all(len(code) == 2 and code.isupper() for code in places)
