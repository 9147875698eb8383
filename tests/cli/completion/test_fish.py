"""Completion in a real fish: as it answers `complete -C`, which is what TAB asks, and in a terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.completion import cases
from tests.cli.completion.conftest import NAMES
from tests.cli.completion.shells import Shell, fish
from tests.support.child_processes import PATIENCE

named = pytest.mark.parametrize

ASK = """
source $argv[1]
for line in $argv[2..-1]
    for offer in (complete -C $line)
        string split -m 1 -f 1 \\t -- $offer
    end
    echo ===
end
"""


@pytest.fixture(scope="module")
def answers(scripts: Path, folder: Path) -> dict[str, list[str]]:
    """What is offered for every line, asked at once."""
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed here")
    lines = [*cases.EXACTLY, *cases.OPTIONS]
    command = ["fish", "--no-config", "-c", ASK, str(scripts / "actcli.fish"), *lines]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert done.stderr == ""
    return dict(zip(lines, (text.splitlines() for text in done.stdout.split("===\n")), strict=False))


@named(("line", "expected"), cases.EXACTLY.items())
def test_offers(answers: dict[str, list[str]], line: str, expected: set[str]) -> None:
    """TAB offers exactly the words that are valid at the cursor; fish hides those that begin with a dot."""
    visible = {word for word in expected if not word.startswith(".")}
    assert {cases.bare(line, offer).rstrip("/") for offer in answers[line]} == visible


@named(("line", "there"), cases.OPTIONS.items())
def test_offered_options(answers: dict[str, list[str]], line: str, there: tuple[set[str], set[str]]) -> None:
    """After a hyphen TAB offers the options of the command, but none after --."""
    found = set(answers[line])
    assert there[0] <= found
    assert not there[1] & found


def test_descriptions(scripts: Path, folder: Path) -> None:
    """An option is offered once, with its description; its values have none."""
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed here")
    asked = "source $argv[1]; for line in $argv[2..-1]; complete -C $line; end"
    lines = ["actcli eval relu -f js", "actcli eval relu -i sub/deep.csv -c ", "actcli eval relu --colu"]
    command = ["fish", "--no-config", "-c", asked, str(scripts / "actcli.fish"), *lines]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert [line.partition("\t")[::2] for line in done.stdout.splitlines()] == [
        ("json", ""),
        ("jsonl", ""),
        ("deep", ""),
        (
            "--column",
            "Column: a name, an index (-1 is the last), a range (2-5), a pattern ('u*'), or several of these (a,2-5).",
        ),
    ]


@pytest.fixture(scope="module")
def shell(scripts: Path, folder: Path) -> Iterator[Shell]:
    shell = fish(scripts / "actcli.fish", folder)
    yield shell
    shell.close()


@named(("line", "expected"), cases.LINES.items())
def test_completed_line(shell: Shell, line: str, expected: str) -> None:
    """TAB completes the word, quoted or not."""
    assert shell.tab(line).line == expected


def test_columns_are_quoted_and_never_expanded(shell: Shell, folder: Path) -> None:
    """A column name is inserted so that the shell reads it literally; no text of a file is executed."""
    for name in NAMES:
        start = name[0] if name[0].isalnum() else f"\\{name[0]}"
        line = shell.tab(f"actcli eval relu -i data.csv -c {start}").line
        shell.run(f"printf %s {line.removeprefix('actcli eval relu -i data.csv -c ')}> {folder}/.got")
        assert (folder / ".got").read_text() == name
    assert "pwned" not in os.listdir(folder)


def test_independent_of_programs(scripts: Path, folder: Path) -> None:
    """The offers are the same when PATH has no programs, not even Python."""
    shell = fish(scripts / "actcli.fish", folder)
    try:
        shell.run("set PATH /nowhere")
        assert shell.tab("actcli eval leaky_relu:neg").line == "actcli eval leaky_relu:negative_slope="
        assert shell.tab("actcli eval relu -i data.csv -c log").line == "actcli eval relu -i data.csv -c logit "
        assert shell.tab("actcli eval relu -i da").line == "actcli eval relu -i data.csv "
    finally:
        shell.close()
