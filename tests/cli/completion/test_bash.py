"""Completion in a real bash, in a terminal."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.completion import cases
from tests.cli.completion.conftest import NAMES
from tests.cli.completion.shells import Shell, bash

named = pytest.mark.parametrize


@pytest.fixture(scope="module")
def shell(scripts: Path, folder: Path) -> Iterator[Shell]:
    shell = bash(scripts / "actcli.bash", folder)
    yield shell
    shell.close()


@named(("line", "expected"), cases.EXACTLY.items())
def test_offers(shell: Shell, line: str, expected: set[str]) -> None:
    """TAB offers exactly the words that are valid at the cursor."""
    # Files are quoted by readline, columns here.
    read = unquoted if line.endswith(("-c ", "--y ")) else str
    found = [read(cases.bare(line, offer)) for offer in shell.tab(line).offers]
    assert sorted(found) == sorted(expected)


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
    """TAB completes the word, quoted or not, also where bash splits it at @, : or =."""
    assert shell.tab(line).line == expected


def test_columns_are_quoted_and_never_expanded(shell: Shell, folder: Path) -> None:
    """A column name is inserted so that the shell reads it literally; no text of a file is executed."""
    offers = shell.tab("actcli eval relu -i data.csv -c ").offers
    assert [unquoted(offer.replace("$'", "'")) for offer in offers] == NAMES
    for offer in offers:
        assert shell.tab(f"actcli eval relu -i data.csv -c {offer}").line.startswith(
            f"actcli eval relu -i data.csv -c {offer}"
        )
        shell.run(f": {offer}")
    assert sorted(os.listdir(folder)) == sorted({".setup", "notes.txt", *cases.EXACTLY["actcli eval relu -i "]})


def test_given_options_are_not_offered(shell: Shell) -> None:
    """An option that is given is not offered again, unless it may be repeated."""
    found = set(shell.tab("actcli eval relu --format csv -p a=1 --all -").offers)
    assert not {"--format", "--all"} & found
    assert {"--param", "--column", "--input"} <= found


def test_cursor_in_the_middle(shell: Shell) -> None:
    """The text after the cursor is ignored."""
    assert shell.tab("actcli eval leaky -f csv", left=7).line == "actcli eval leaky_relu -f csv"


def test_redirection_after_the_cursor(shell: Shell) -> None:
    """The columns are those of the file of a < after the cursor."""
    line = "actcli eval relu -c  < sub/deep.csv"
    assert shell.tab(line, left=15).line == "actcli eval relu -c deep < sub/deep.csv"
    assert shell.tab("actcli eval relu -c  ; cat < sub/deep.csv", left=21).offers == []


def test_redirections(shell: Shell) -> None:
    """After < and > TAB completes any file."""
    assert shell.tab("actcli eval relu 1 > no").line == "actcli eval relu 1 > notes.txt "
    assert shell.tab("actcli eval relu 1 >no").line == "actcli eval relu 1 >notes.txt "
    assert shell.tab("actcli eval relu < no").line == "actcli eval relu < notes.txt "


PASSING = "BASH|COMP_|_=|LINENO|PIPESTATUS|READLINE|RANDOM|SRANDOM|SECONDS|EPOCH|PPID|FUNCNAME"
STATE = f"{{{{ (set -o posix; set; set +o; shopt; complete -p) | grep -Ev '^({PASSING})' >{{}}; }}}} 2>/dev/null"


@named(
    "setting",
    [
        "set -u",
        "set -f; shopt -s nullglob",
        "set +f; shopt -s failglob",
        "IFS=ea",
        "shopt -s nocasematch extglob",
        "shopt -u extglob hostcomplete",
        "COMP_WORDBREAKS=' '",
        "COMP_WORDBREAKS=$' \\t\\n:'",
        "set -e",
        "set -euo pipefail",
        "set -o noclobber -o noexec; set +o noexec",
    ],
)
def test_settings_of_the_shell(scripts: Path, folder: Path, tmp_path: Path, setting: str) -> None:
    """The script works under any setting of the shell, and changes no setting and no variable."""
    shell = bash(scripts / "actcli.bash", folder, setting)
    try:
        # The first TAB has bash itself set a variable or two.
        shell.tab("actcli ")
        shell.run(STATE.format(tmp_path / "before"))
        for line in ("actcli eval leaky_relu:neg", "actcli eval LeakyReLU@on", "actcli eval relu --format=pl"):
            assert shell.tab(line).line == cases.LINES[line]
        for line in ("actcli eval re", "actcli eval relu -i data.csv -c ", "actcli eval leaky_relu -p ", "actcli -"):
            assert shell.tab(line).offers
        for line in ("actcli table gelu -2 re", "actcli eval relu 1 -o x -f js", "actcli completion "):
            assert shell.tab(line).offers
        for line in ("actcli eval relu xyz", "actcli eval -p ", "actcli eval relu -i missing.csv -c ", "actcli no "):
            assert not shell.tab(line).offers
        shell.run(STATE.format(tmp_path / "after"))
    finally:
        shell.close()
    before, after = ((tmp_path / name).read_text() for name in ("before", "after"))
    assert len(before) > 1000
    assert before == after


def test_independent_of_programs(scripts: Path, folder: Path) -> None:
    """The offers are the same when PATH has no programs, not even Python."""
    shell = bash(scripts / "actcli.bash", folder, "PATH=/nowhere")
    try:
        assert shell.tab("actcli eval leaky_relu:neg").line == "actcli eval leaky_relu:negative_slope="
        assert shell.tab("actcli eval relu -i data.csv -c log").line == "actcli eval relu -i data.csv -c logit "
        assert shell.tab("actcli eval relu -i da").line == "actcli eval relu -i data.csv "
    finally:
        shell.close()


def test_locale_without_utf8(scripts: Path, folder: Path) -> None:
    """With LC_ALL=C, bytes beyond ASCII are quoted as bytes."""
    shell = bash(scripts / "actcli.bash", folder, LC_ALL="C")
    try:
        assert shell.tab("actcli eval relu -i data.csv -c ").offers[8] == "$'\\303\\251t\\303\\251'"
    finally:
        shell.close()
