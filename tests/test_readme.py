"""The documents are true: transcripts are executed, quoted code is current, named files and commands exist."""

from __future__ import annotations

import doctest
import html
import importlib.util
import os
import re
from pathlib import Path

import pytest

from actcli.cli.app import SUBCOMMANDS
from actcli.cli.topics import TOPICS
from tests.regenerate import PARTS, main
from tests.support.transcripts import commands, executed
from tests.write_pictures import FOLDER, LINES, PICTURES, text_of, transcript
from tests.write_readme import DOCUMENTS, README, ROOT, quoted

TEXT = README.read_text(encoding="utf-8")
ALL = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in DOCUMENTS}
UPDATE = "python -m tests.regenerate documents updates it"

documents = pytest.mark.parametrize("document", ALL)


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of README.md in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


# --- README.md -----------------------------------------------------------------------------------------------------


def test_transcripts() -> None:
    """Every command of every transcript prints exactly what is shown below it."""
    assert executed(TEXT) == TEXT, UPDATE


def test_a_wrong_transcript_is_found() -> None:
    """The check can fail: a wrong digit in a transcript is corrected."""
    block = next(block for block in blocks("console") if "008," in block)
    text = f"```console\n{block}```\n"
    wrong = text.replace("0.25,0.1405", "0.25,0.1406")
    assert wrong != text
    assert executed(wrong) == text


@pytest.mark.parametrize(
    "word",
    ["eval", "grad", "table", "compare", "show", "demo", "--range", "-c ", "-i ", "-f plain", "--sides", "--dtype"],
)
def test_transcripts_show(word: str) -> None:
    """The walkthroughs use the commands, sources and options that most users need."""
    assert word in " ".join(commands(TEXT))


def test_python_session() -> None:
    """Every line of the Python session gives what is shown below it."""
    (session,) = blocks("pycon")
    test = doctest.DocTestParser().get_doctest(session, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_set_up_commands() -> None:
    """One line creates an environment, installs and evaluates; the other installs the test extra and runs pytest."""
    first, second = blocks("sh")
    start = "python3 -m venv .venv && .venv/bin/pip install --quiet "
    assert first == f"{start}. && .venv/bin/actcli eval relu -- -2 0 3\n"
    assert second == f"{start}'.[test]' && .venv/bin/pytest -n auto\n"


def test_ci_finds_the_test_command() -> None:
    """`.ci/run` is executable, and its pattern finds the test command in README.md."""
    gate = ROOT / ".ci" / "run"
    assert os.access(gate, os.X_OK)
    (pattern,) = re.findall(r"grep -m 1 '(.*?)'", gate.read_text())
    assert re.findall(pattern, TEXT, re.MULTILINE) == blocks("sh")[1].splitlines()


def test_workflow_runs_the_checks() -> None:
    """The workflow of GitHub runs `.ci/run`."""
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    assert re.findall(r"^ +run: (bash .*)$", workflow, re.MULTILINE) == ["bash .ci/run"]


def test_readme_is_short() -> None:
    """README.md has at most 250 lines, of at most 120 characters."""
    lines = TEXT.splitlines()
    assert len(lines) <= 250
    assert [line for line in lines if len(line) > 120] == []


def test_readme_leads_to_all_documents() -> None:
    """README.md links every other document."""
    targets = set(re.findall(r"\]\(([\w./]+)\)", TEXT))
    assert {name for name in ALL if name != "README.md"} <= targets


# --- all documents -------------------------------------------------------------------------------------------------


@documents
def test_named_files_exist(document: str) -> None:
    """Every file and folder that a document names in code style exists."""
    paths = re.findall(r"`((?:actcli|tests|completions|\.ci|\.github|\.pictures)(?:/[\w.*-]+)*/?)`", ALL[document])
    assert [path for path in paths if not list(ROOT.glob(path.rstrip("/")))] == []


@documents
def test_links_lead_somewhere(document: str) -> None:
    """Every relative link and picture of a document is a file of the repository."""
    targets = re.findall(r"\]\(([^)]+)\)", ALL[document])
    folder = (ROOT / document).parent
    assert [target for target in targets if ":" not in target and not (folder / target).exists()] == []


@documents
def test_named_modules_exist(document: str) -> None:
    """Every module that a document runs with `python -m` exists."""
    modules = re.findall(r"python -m ((?:tests|actcli)[\w.]*)", ALL[document])
    assert [module for module in modules if importlib.util.find_spec(module) is None] == []


@documents
def test_named_commands_exist(document: str) -> None:
    """Every command and every help topic that a document names exists."""
    words = re.findall(r"`actcli ([a-z]+)(?: ([a-z]+))?", ALL[document])
    assert [word for word, _ in words if word not in SUBCOMMANDS] == []
    assert [topic for word, topic in words if word == "help" and topic and topic not in TOPICS] == []


@documents
def test_quoted_source_is_current(document: str) -> None:
    """Code that a document quotes from a source file is the present source."""
    assert quoted(ALL[document]) == ALL[document], UPDATE


@documents
def test_no_paths_of_this_machine(document: str) -> None:
    """A document names no path of the machine on which it was written."""
    assert str(Path.home()) not in ALL[document]
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", ALL[document])


# --- generated files ------------------------------------------------------------------------------------------------


def test_parts_are_documented() -> None:
    """The table of generated files in tests/README.md has every part of tests.regenerate."""
    section = ALL["tests/README.md"].partition("## Generated files")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(PARTS)


def test_unknown_part() -> None:
    """An unknown part is an error that lists the parts, before anything is written."""
    with pytest.raises(SystemExit, match="unknown part 'nonsense': the parts are tables, documents, "):
        main(["pictures", "nonsense"])


# --- pictures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_current(name: str) -> None:
    """A picture has the characters and the dots that a terminal shows of its command, and README.md shows it."""
    picture = (FOLDER / name).read_text(encoding="utf-8")
    expected = transcript(name)
    assert text_of(picture) == expected, "python -m tests.regenerate pictures updates it"
    letters = "".join(html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture))
    assert sorted(letters) == sorted(re.sub(rf"[\s\u2800-\u28ff{LINES}]", "", expected))
    dots = sum(int.bit_count(ord(character) - 0x2800) for character in expected if "\u2800" <= character <= "\u28ff")
    assert picture.count("h0") == dots > 100
    assert f".pictures/{name}" in TEXT


def test_no_other_pictures() -> None:
    """Every file in the folder of pictures is one of them."""
    assert {path.name for path in FOLDER.iterdir()} == set(PICTURES)
