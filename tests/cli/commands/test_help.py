"""actcli help: topics, the list of them, the help of a command, and the suggestion after an unknown word."""

from __future__ import annotations

import doctest
import re

import pytest

from actcli.cli.app import SUBCOMMANDS
from actcli.cli.topics import RELATED_WORDS, TOPICS, read_topic, summary_of, topic_path
from actcli.core.expressions.functions import ELEMENTARY, RESERVED
from actcli.number_formats import FLOATS
from tests.support.processes import environ, spawn
from tests.support.transcripts import INDENTED, commands, executed
from tests.test_imports import HEAVY, imported

named = pytest.mark.parametrize
topics = named("topic", TOPICS)


@topics
def test_examples_are_true(topic: str) -> None:
    """Every command of a topic prints exactly what is shown below it."""
    text = read_topic(topic)
    assert executed(text, INDENTED) == text, "python -m tests.regenerate documents updates it"


def test_a_wrong_example_is_found() -> None:
    """The check can fail: a wrong digit in an example is corrected."""
    text = read_topic("activations")
    wrong = text.replace("-2.0,-0.4\n", "-2.0,-0.5\n")
    assert wrong != text
    assert executed(wrong, INDENTED) == text


def test_the_python_session_is_true() -> None:
    """Every line of the Python session of the topic python gives what is shown below it."""
    test = doctest.DocTestParser().get_doctest(read_topic("python"), {}, "python.txt", "python.txt", 0)
    assert len(test.examples) > 5
    assert doctest.DocTestRunner().run(test).failed == 0


def test_every_file_is_a_topic() -> None:
    """Every text file of the package is a topic of the list, and every topic has a file."""
    folder = topic_path(TOPICS[0]).parent
    assert {path.stem for path in folder.glob("*.txt")} == set(TOPICS)


def test_list_of_topics() -> None:
    """`actcli help` lists each topic with its summary in one line."""
    outcome = spawn("help")
    assert (outcome.code, outcome.err) == (0, "")
    for topic in TOPICS:
        assert re.search(rf"^  {topic} +{re.escape(summary_of(topic))}$", outcome.out, re.MULTILINE)


@topics
@named("columns", [40, 80])
def test_text_fits_the_terminal(topic: str, columns: int) -> None:
    """A topic is wrapped to the terminal, except for examples in a narrow one: their output is shown as it is."""
    outcome = spawn("help", topic, env=environ(COLUMNS=str(columns)))
    assert (outcome.code, outcome.err) == (0, "")
    assert "\x1b" not in outcome.out
    examples = () if columns == 80 else ("    ",)
    assert [line for line in outcome.out.splitlines() if len(line) > columns and not line.startswith(examples)] == []


@topics
def test_text_is_complete(topic: str) -> None:
    """The page of a topic has every word of its file, in order."""
    page = spawn("help", topic).out
    source = re.sub(r"^# (.*)$", r"\1:", read_topic(topic), flags=re.MULTILINE)
    assert page.replace("\\\n", " ").split() == f"{topic} - {source}".split()


@named("command", SUBCOMMANDS)
def test_help_of_a_command(command: str) -> None:
    """`actcli help COMMAND` prints the same as `actcli COMMAND -h`."""
    assert spawn("help", command) == spawn(command, "-h")


@named(
    ("word", "answer"),
    [
        ("fromulas", "; did you mean formulas?"),
        ("expressions", "; did you mean formulas?"),
        ("DTYPES", "; did you mean numbers?"),
        ("evla", "; did you mean eval?"),
        ("zzzzzz", "; actcli help lists the topics"),
        ("3", "; actcli help lists the topics"),
    ],
)
def test_unknown_topic(word: str, answer: str) -> None:
    """An unknown topic exits with status 2 and one line that suggests the nearest topic or command."""
    outcome = spawn("help", word)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"actcli: unknown help topic '{word}'{answer}\n")


def test_related_words_are_not_topics() -> None:
    """Every related word leads to a topic, and is neither a topic nor a command."""
    assert set(RELATED_WORDS.values()) == set(TOPICS)
    assert set(RELATED_WORDS) & {*TOPICS, *SUBCOMMANDS} == set()


@named("args", [("help",), ("help", "formulas"), ("help", "grad"), ("help", "fromulas")], ids=" ".join)
def test_topics_need_neither_numpy_nor_rich(args: tuple[str, ...]) -> None:
    """Topics, their list and errors are printed without importing NumPy or rich."""
    assert set() == imported(*args) & HEAVY


def test_formulas_names_every_function() -> None:
    """The topic formulas names every function and word of the formula language."""
    words = set(re.findall(r"\w+", read_topic("formulas")))
    assert {*ELEMENTARY, *RESERVED} <= words


def test_numbers_names_every_format() -> None:
    """The topic numbers names every number format."""
    assert set(FLOATS) <= set(re.findall(r"\w+", read_topic("numbers")))


@topics
def test_examples_use_the_tool(topic: str) -> None:
    """Every example is a command of actcli, or shows a file that one reads."""
    assert all("actcli " in command or command.startswith("cat ") for command in commands(read_topic(topic), INDENTED))
