"""Completion in a real zsh, in a terminal."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.completion import cases
from tests.cli.completion.conftest import NAMES
from tests.cli.completion.shells import Shell, zsh

named = pytest.mark.parametrize


@pytest.fixture(scope="module")
def shell(scripts: Path, folder: Path) -> Iterator[Shell]:
    shell = zsh(scripts / "_actcli", folder)
    yield shell
    shell.close()


@named(("line", "expected"), cases.EXACTLY.items())
def test_what_is_offered(shell: Shell, line: str, expected: set[str]) -> None:
    """TAB offers just what fits where the cursor stands."""
    answer = shell.tab(line)
    # Where nothing fits, zsh offers options.
    read = unquoted if line.endswith("-i ") else str
    found = {read(cases.bare(line, offer)).rstrip("=/") for offer in answer.offers if not offer.startswith("-")}
    if len(expected) == 1:
        # The only one is taken at once, and offers may tell of what it then leads to.
        assert answer.line.rstrip(" =/").endswith(min(expected).rstrip("=").split("/")[-1].replace(" ", "\\ "))
    else:
        assert found == {word.rstrip("=") for word in expected}


def unquoted(offer: str) -> str:
    (word,) = shlex.split(offer)
    return word


@named(("line", "there"), cases.OPTIONS.items())
def test_options(shell: Shell, line: str, there: tuple[set[str], set[str]]) -> None:
    """A hyphen offers the options of the command, unless they have ended."""
    found = set(shell.tab(line).offers)
    assert there[0] <= found
    assert not there[1] & found


@named(("line", "expected"), (cases.LINES | cases.SPELLINGS).items())
def test_what_stands_on_the_line(shell: Shell, line: str, expected: str) -> None:
    """TAB completes the word, quoted or not."""
    assert shell.tab(line).line == expected


def test_columns_are_quoted_and_never_run(shell: Shell, folder: Path) -> None:
    """Every column name is inserted such that the shell reads it as itself; none of them is ever run."""
    assert sorted(shell.tab("actcli eval relu -i data.csv -c ").offers) == sorted(NAMES)
    for name in NAMES:
        start = name[0] if name[0].isalnum() else f"\\{name[0]}"
        line = shell.tab(f"actcli eval relu -i data.csv -c {start}").line
        shell.run(f"print -rn -- {line.removeprefix('actcli eval relu -i data.csv -c ')}> {folder}/.got")
        assert (folder / ".got").read_text() == name
    assert sorted(os.listdir(folder)) == sorted({".setup", ".got", "notes.txt", *cases.EXACTLY["actcli eval relu -i "]})


def test_options_are_offered_once(shell: Shell) -> None:
    """An option that is given is not offered again, unless it may be repeated."""
    found = set(shell.tab("actcli eval relu --format csv -p a=1 --all -").offers)
    assert not {"--format", "--all"} & found
    assert {"--param", "--column", "--input"} <= found


def test_it_is_loaded_when_it_is_needed(scripts: Path, folder: Path) -> None:
    """From a folder of fpath, where the wheel puts it, the first TAB loads it."""
    shell = zsh(scripts / "_actcli", folder, f"fpath=({scripts} $fpath); compinit -u -D")
    try:
        assert shell.tab("actcli eval leaky").line == "actcli eval leaky_relu "
        assert shell.tab("actcli eval leaky_relu:n").line == "actcli eval leaky_relu:negative_slope="
    finally:
        shell.close()


def test_a_redirection_behind_the_cursor(shell: Shell) -> None:
    """The file that a < behind the cursor names has the columns."""
    line = "actcli eval relu -c  < sub/deep.csv"
    assert shell.tab(line, left=15).line.replace("  ", " ") == "actcli eval relu -c deep < sub/deep.csv"


def test_before_compinit(scripts: Path, folder: Path) -> None:
    """Where completion has not been set up, sourcing the script says nothing."""
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed here")
    command = ["zsh", "-f", "-c", f"source {scripts / '_actcli'}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_program_is_needed(scripts: Path, folder: Path) -> None:
    """Where there is no program at all, Python or another, all is offered as ever."""
    shell = zsh(scripts / "_actcli", folder)
    try:
        shell.run("PATH=/nowhere")
        assert shell.tab("actcli eval leaky_relu:neg").line == "actcli eval leaky_relu:negative_slope="
        assert shell.tab("actcli eval relu -i data.csv -c log").line == "actcli eval relu -i data.csv -c logit "
        assert shell.tab("actcli eval relu -i da").line == "actcli eval relu -i data.csv "
    finally:
        shell.close()
