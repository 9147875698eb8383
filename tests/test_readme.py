"""README.md says what is: its transcripts are executed, its list is the catalogue's, its commands exist."""

from __future__ import annotations

import doctest
import html
import os
import re
from pathlib import Path

import numpy as np
import pytest

import actcli
from actcli.core.catalogue import activation
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import BoundActivation, Quantity
from actcli.number_formats import FLOATS
from tests.write_pictures import FOLDER, LINES, PICTURES, shown, text_of, unstyled
from tests.write_readme import README, commands, executed, listed

TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def test_the_transcripts_are_what_the_tool_prints() -> None:
    """Every command of every transcript prints exactly what stands below it."""
    assert executed(TEXT) == TEXT, "python -m tests.write_readme brings it up to date"


def test_a_wrong_transcript_is_found() -> None:
    """The check can fail: one digit changed in a transcript is put right again."""
    block = next(block for block in blocks("console") if "3.0,3.0\n" in block)
    text = f"```console\n{block}```\n"
    assert executed(text.replace("3.0,3.0\n", "3.0,3.1\n")) == text


def test_the_transcripts_show_every_command() -> None:
    """The tour shows eval and grad, the main formats, sources and options, and every demonstration."""
    shown = " ".join(commands(TEXT))
    for word in (
        "eval",
        "grad",
        "--range",
        "-c ",
        "-i ",
        "-f json",
        "-f plain",
        "-f hex",
        "--sides",
        "--wrt",
        "--dtype",
        "demo linearity",
        "demo threshold",
        "demo training",
        "demo dying-relu",
    ):
        assert word in shown


def test_the_list_is_the_catalogue() -> None:
    """The list of activations is the one that the catalogue gives."""
    assert listed(TEXT) == TEXT, "python -m tests.write_readme brings it up to date"
    assert all(f"| `{name}` |" in TEXT for name in actcli.names())


def test_the_python_session_is_true() -> None:
    """Every line of the Python session gives what stands below it."""
    sessions = blocks("pycon")
    assert len(sessions) == 1
    test = doctest.DocTestParser().get_doctest(sessions[0], {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_two_commands() -> None:
    """One line makes an environment, installs and evaluates; the other installs the test extra and runs pytest."""
    first, second = blocks("sh")
    start = "python3 -m venv .venv && .venv/bin/pip install --quiet "
    assert first == f"{start}. && .venv/bin/actcli eval relu -- -2 0 3\n"
    assert second == f"{start}'.[test]' && .venv/bin/pytest -n auto\n"


def test_the_gate_is_there() -> None:
    """`.ci/run`, which the page speaks of, can be run, and finds the test command in it."""
    gate = README.parent / ".ci" / "run"
    assert "`.ci/run`" in TEXT
    assert os.access(gate, os.X_OK)
    (pattern,) = re.findall(r"grep -m 1 '(.*?)'", gate.read_text())
    assert re.findall(pattern, TEXT, re.MULTILINE) == blocks("sh")[1].splitlines()


def test_the_example_entry_is_an_entry() -> None:
    """The entry that is shown as an example computes what the catalogue's own does."""
    (example,) = blocks("python")
    entry = eval(example, vars(activation))
    x = np.linspace(-5, 5, 101)
    found = evaluate(Quantity(BoundActivation(entry, {}, entry.name), order=1), x, FLOATS["float64"])
    assert found.tolist() == actcli.gradient(entry.name, x).tolist()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:actcli|tests)(?:/[\w.]+)*)`", TEXT)) - {"actcli"}))
def test_files_that_are_named_exist(path: str) -> None:
    """Every file and folder that the page names is there."""
    assert (README.parent / path).exists()


def test_no_paths_of_this_machine() -> None:
    """The page names no path of the machine that it was written on."""
    assert str(Path.home()) not in TEXT
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", TEXT)


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_show_what_is(name: str) -> None:
    """A picture has the characters, and the dots, that a terminal shows of its command, and the page shows it."""
    picture = (FOLDER / name).read_text(encoding="utf-8")
    expected = f"$ {PICTURES[name]}\n{unstyled(shown(PICTURES[name]))}"
    assert text_of(picture) == expected, "python -m tests.write_pictures brings it up to date"
    letters = "".join(html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture))
    assert sorted(letters) == sorted(re.sub(rf"[\s\u2800-\u28ff{LINES}]", "", expected))
    dots = sum(int.bit_count(ord(character) - 0x2800) for character in expected if "\u2800" <= character <= "\u28ff")
    assert picture.count("h0") == dots > 100
    assert f".pictures/{name}" in TEXT


def test_no_other_pictures() -> None:
    """Every picture is one that is shown."""
    assert {path.name for path in FOLDER.iterdir()} == set(PICTURES)
