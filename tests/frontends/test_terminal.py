"""Chat in a terminal: typed lines in, Markdown out, shown no wider than reads well."""

import io

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.cells import cell_len
from rich.console import Console

from bot.app import load_advisor
from bot.config import default_knowledge
from bot.frontends import terminal
from bot.frontends.phrases import say
from bot.frontends.terminal import COMMANDS, WIDEST, AdvisorCompleter, Chat, answer_lines, chat, show
from bot.services.ask import AskService, NoOpenings

MLE_VS_DS = "## Machine Learning Engineer vs Data Scientist"


@pytest.fixture(scope="module")
def advisor():
    return load_advisor(default_knowledge())


@pytest.fixture
def service(advisor):
    return AskService(advisor, NoOpenings(), lambda: 0.0)


@pytest.fixture
def conversation(service):
    return Chat(service)


def first_line(text):
    return text.splitlines()[0]


def steps_in(text):
    """Return the numbered next steps below an answer."""
    return [line for line in text.splitlines() if line[:1].isdigit() and line[1:3] == ". "]


async def test_a_question_is_answered(conversation):
    text = await conversation.respond("whats the diffrence between MLE and data scientst")
    assert first_line(text) == MLE_VS_DS


async def test_an_answer_ends_with_numbered_next_steps(conversation):
    text = await conversation.respond("what does a data engineer do")
    assert [line[:3] for line in steps_in(text)] == ["1. ", "2. ", "3. "]
    assert text.endswith(steps_in(text)[-1])


async def test_a_number_takes_that_step(conversation):
    text = await conversation.respond("/compare MLE, DS")
    number = next(line[0] for line in steps_in(text) if "Pay" in line)
    assert first_line(await conversation.respond(number)) == f"{MLE_VS_DS} · Pay"


async def test_a_number_means_the_steps_of_the_last_answer(conversation):
    await conversation.respond("what does a data engineer do")
    after = await conversation.respond("/compare MLE, DS")
    assert "Machine Learning Engineer" in steps_in(after)[0]
    assert first_line(await conversation.respond("1")) == "## Machine Learning Engineer · Overview"


@pytest.mark.parametrize("number", ["0", "99", "-1"])
async def test_a_number_without_a_step_is_read_as_a_question(conversation, number):
    await conversation.respond("what does a data engineer do")
    assert await conversation.respond(number)


async def test_what_is_declined_leaves_no_steps(conversation):
    await conversation.respond("what does a data engineer do")
    assert steps_in(await conversation.respond("what is the capital of France")) == []


async def test_choices_are_numbered_once_and_a_number_takes_one(service):
    vague = ("which", "job", "data", "salary", "remote", "what now", "python or", "is it worth it")
    for question in vague:
        conversation = Chat(service)
        text = await conversation.respond(question)
        if say("choices.title") in text:
            break
    numbers = [line[:2] for line in steps_in(text)]
    assert len(numbers) >= 2
    assert numbers == [f"{number}." for number in range(1, len(numbers) + 1)]
    assert say("choices.title") not in await conversation.respond("1")


async def test_a_follow_up_is_understood(conversation):
    await conversation.respond("what does a data engineer do")
    assert first_line(await conversation.respond("and the pay?")) == "## Data Engineer · Pay"


@pytest.mark.parametrize("line", ["", "   ", "\t"])
async def test_an_empty_line_is_answered_with_nothing(conversation, line):
    assert await conversation.respond(line) == ""


@pytest.mark.parametrize("line", ["/quit", "/exit", "  /quit  "])
async def test_quitting_ends_it(conversation, line):
    assert await conversation.respond(line) is None


async def test_slash_ask_is_a_question(conversation):
    assert first_line(await conversation.respond("/ask MLE vs DS")) == MLE_VS_DS
    assert await conversation.respond("/ask") == say("empty_question")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("/compare MLE, DS", MLE_VS_DS),
        ("/compare machine learning enginer, data scientst", MLE_VS_DS),
        ("/compare MLE, DS salary", f"{MLE_VS_DS} · Pay"),
        ("/compare MLE, DS Getting started", f"{MLE_VS_DS} · Getting started"),
        ("/compare MLE, DS, DE", f"{MLE_VS_DS} vs Data Engineer"),
        ("/role data engineer", "## Data Engineer · Overview"),
        ("/role data engineer skills", "## Data Engineer · Skills"),
        ("/role DE", "## Data Engineer · Overview"),
        ("/role DE, DS", "## Data Engineer · Overview"),
        ("/jobs", "## Open jobs"),
        ("/jobs data engineer", "## Open jobs · Data Engineer"),
        ("/help", f"## {say('heading.help')}"),
    ],
)
async def test_every_command_is_answered(conversation, line, title):
    assert first_line(await conversation.respond(line)) == title


async def test_help_shows_what_licences_ask_for(conversation):
    assert "O\\*NET® is a trademark" in await conversation.respond("/help")


@pytest.mark.parametrize("line", ["/compare", "/compare MLE", "/compare MLE, MLE", "/compare MLE, qqqq"])
async def test_comparing_needs_two_roles(conversation, line):
    assert await conversation.respond(line) == say("terminal.roles_wanted")


@pytest.mark.parametrize("line", ["/role", "/role qqqqqqq", "/role skills"])
async def test_a_role_has_to_be_named(conversation, line):
    assert await conversation.respond(line) == say("terminal.role_wanted")


async def test_no_more_than_four_roles_are_compared(conversation):
    text = await conversation.respond("/compare MLE, DS, DE, data analyst, AI engineer")
    assert first_line(text).count(" vs ") == 3


async def test_an_unknown_command_names_those_there_are(conversation):
    text = await conversation.respond("/dance now")
    assert "/dance" in text
    assert all(command in text for command in COMMANDS)


def completions(service, typed):
    found = AdvisorCompleter(service).get_completions(Document(typed), CompleteEvent(completion_requested=True))
    return [typed[: len(typed) + completion.start_position] + completion.text for completion in found]


def test_a_slash_completes_to_every_command(service):
    assert completions(service, "/") == list(COMMANDS)


def test_the_beginning_of_a_command_is_completed(service):
    assert completions(service, "/co") == ["/compare"]


def test_roles_are_completed_after_commands_that_take_them(service):
    assert "/role Data Engineer" in completions(service, "/role data eng")


def test_the_second_role_is_completed_behind_the_first(service):
    found = completions(service, "/compare Data Engineer, data sci")
    assert found[0] == "/compare Data Engineer, Data Scientist"


def test_a_mistyped_role_is_completed(service):
    assert "/role Data Scientist" in completions(service, "/role data scientst")


@pytest.mark.parametrize("typed", ["", "data eng", "/dance data", "/help da"])
def test_elsewhere_nothing_is_completed(service, typed):
    assert completions(service, typed) == []


def shown(text, width):
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    show(text, console)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 100])
@pytest.mark.parametrize("line", ["/compare MLE, DS salary", "/role DE skills", "/help", "what is MLOps?"])
async def test_nothing_is_wider_than_the_console_or_reads_well(conversation, line, width):
    lines = shown(await conversation.respond(line), width)
    assert lines
    assert max(map(cell_len, lines)) <= min(width, WIDEST)


@pytest.mark.parametrize("width", [40, 100])
async def test_all_words_of_an_answer_are_shown(conversation, width):
    text = await conversation.respond("/role DE skills")
    words = " ".join(shown(text, width)).split()
    wanted = [word for word in text.replace("*", "").replace("#", "").split() if word.isalpha()]
    assert [word for word in wanted if word not in words] == []


def test_marks_are_not_shown_as_typed():
    lines = shown("## A title\n- **Bold**: text", 100)
    assert "#" not in "".join(lines)
    assert "**" not in "".join(lines)


def test_small_lines_stand_in_their_place_and_show_no_hidden_address():
    text = "first\n-# Source: [One](https://one.example) · [Two](https://two.example) (2026)\n\nsecond"
    lines = [line.strip() for line in shown(text, 100) if line.strip()]
    assert lines == ["first", "Source: One · Two (2026)", "second"]


def test_text_that_looks_like_markup_is_shown_as_it_is():
    assert shown("-# Source: [red]x[/red]", 100)[-1].strip().startswith("Source: ")


@pytest.fixture
def printed(monkeypatch):
    """Return a list of all that is shown."""
    texts = []
    monkeypatch.setattr(terminal, "show", texts.append)
    return texts


async def talk(service, typed, history=None):
    with create_pipe_input() as pipe:
        pipe.send_text(typed)
        await chat(service, history, (pipe, DummyOutput()))


async def test_a_whole_conversation(service, printed):
    await talk(service, "MLE vs DS\n/role DE\n/quit\n")
    assert [first_line(text) for text in printed[1:-1]] == [MLE_VS_DS, "## Data Engineer · Overview"]
    assert (printed[0], printed[-1]) == (say("terminal.welcome"), say("terminal.goodbye"))


@pytest.mark.parametrize("key", ["\x04", "\x03"], ids=["Ctrl-D", "Ctrl-C"])
async def test_a_key_ends_it(service, printed, key):
    await talk(service, f"MLE vs DS\n{key}")
    assert printed[-1] == say("terminal.goodbye")


async def test_what_was_typed_is_there_the_next_time(service, printed, tmp_path):
    history = tmp_path / "state" / "chat-history"
    await talk(service, "MLE vs DS\n/quit\n", history)
    assert "MLE vs DS" in list(FileHistory(history).load_history_strings())
    await talk(service, "\x1b[A\x1b[A\n/quit\n", history)
    assert [first_line(text) for text in printed].count(MLE_VS_DS) == 2


async def test_a_history_that_cannot_be_kept_is_no_fault(service, printed, tmp_path):
    (tmp_path / "file").write_text("in the way")
    await talk(service, "/quit\n", tmp_path / "file" / "chat-history")
    assert printed[-1] == say("terminal.goodbye")


def test_without_a_file_the_history_is_only_remembered():
    assert isinstance(terminal._history(None), InMemoryHistory)


async def test_lines_from_elsewhere_are_answered_one_by_one(service, printed):
    await answer_lines(service, ["MLE vs DS\n", "/role DE\n", "/quit\n", "/help\n"])
    assert [first_line(text) for text in printed] == [MLE_VS_DS, "## Data Engineer · Overview"]
