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
def test_offers(shell: Shell, line: str, expected: set[str]) -> None:
    """TAB offers exactly the words that are valid at the cursor."""
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
def test_offered_options(shell: Shell, line: str, there: tuple[set[str], set[str]]) -> None:
    """After a hyphen TAB offers the options of the command, but none after --."""
    found = set(shell.tab(line).offers)
    assert there[0] <= found
    assert not there[1] & found


@named(("line", "expected"), (cases.LINES | cases.SPELLINGS).items())
def test_completed_line(shell: Shell, line: str, expected: str) -> None:
    """TAB completes the word, quoted or not."""
    assert shell.tab(line).line == expected


def test_columns_are_quoted_and_never_expanded(shell: Shell, folder: Path) -> None:
    """A column name is inserted so that the shell reads it literally; no text of a file is executed."""
    assert sorted(shell.tab("actcli eval relu -i data.csv -c ").offers) == sorted(NAMES)
    for name in NAMES:
        start = name[0] if name[0].isalnum() else f"\\{name[0]}"
        line = shell.tab(f"actcli eval relu -i data.csv -c {start}").line
        shell.run(f"print -rn -- {line.removeprefix('actcli eval relu -i data.csv -c ')}> {folder}/.got")
        assert (folder / ".got").read_text() == name
    assert sorted(os.listdir(folder)) == sorted({".setup", ".got", "notes.txt", *cases.EXACTLY["actcli eval relu -i "]})


def test_given_options_are_not_offered(shell: Shell) -> None:
    """An option that is given is not offered again, unless it may be repeated."""
    found = set(shell.tab("actcli eval relu --format csv -p a=1 --all -").offers)
    assert not {"--format", "--all"} & found
    assert {"--param", "--column", "--input"} <= found


def test_autoload(scripts: Path, folder: Path) -> None:
    """The first TAB loads the script from a folder of fpath, where the wheel installs it."""
    shell = zsh(scripts / "_actcli", folder, f"fpath=({scripts} $fpath); compinit -u -D")
    try:
        assert shell.tab("actcli eval leaky").line == "actcli eval leaky_relu "
        assert shell.tab("actcli eval leaky_relu:n").line == "actcli eval leaky_relu:negative_slope="
    finally:
        shell.close()


def test_redirection_after_the_cursor(shell: Shell) -> None:
    """The columns are those of the file of a < after the cursor."""
    line = "actcli eval relu -c  < sub/deep.csv"
    assert shell.tab(line, left=15).line.replace("  ", " ") == "actcli eval relu -c deep < sub/deep.csv"


def test_before_compinit(scripts: Path, folder: Path) -> None:
    """Sourcing the script before compinit prints nothing."""
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed here")
    command = ["zsh", "-f", "-c", f"source {scripts / '_actcli'}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_independent_of_programs(scripts: Path, folder: Path) -> None:
    """The offers are the same when PATH has no programs, not even Python."""
    shell = zsh(scripts / "_actcli", folder)
    try:
        shell.run("PATH=/nowhere")
        assert shell.tab("actcli eval leaky_relu:neg").line == "actcli eval leaky_relu:negative_slope="
        assert shell.tab("actcli eval relu -i data.csv -c log").line == "actcli eval relu -i data.csv -c logit "
        assert shell.tab("actcli eval relu -i da").line == "actcli eval relu -i data.csv "
    finally:
        shell.close()
