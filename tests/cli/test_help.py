"""Help: examples that run, grouped options, every width."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from actcli.cli.app import SUBCOMMANDS
from actcli.cli.completion import command_tree
from actcli.cli.help import HEADINGS, format_examples
from tests.support.processes import COMMAND, environ, rows, spawn
from tests.support.tiers import sampled

named = pytest.mark.parametrize
commands = named("command", SUBCOMMANDS)


def examples(*command: str) -> list[str]:
    """Return the lines under Examples, which follow the usage."""
    usage, _, rest = rows(*command, "-h").partition("\n\n")
    assert usage.startswith(f"Usage: {' '.join(['actcli', *command])} ")
    head, *lines = rest.partition("\n\n")[0].splitlines()
    assert head == "Examples:"
    return [line.removeprefix("  ") for line in lines]


EXAMPLES = [line for command in ((), *((name,) for name in SUBCOMMANDS)) for line in examples(*command)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a directory with the files that the examples name."""
    (tmp_path / "data.csv").write_text("id,logit\n1,-0.5\n2,2.25\n")
    (tmp_path / "kernel.csv").write_text("x,out\n0,0\n1,0.8413447\n")
    (tmp_path / "kernel").write_text("#!/bin/sh\ncat kernel.csv\n")
    (tmp_path / "kernel").chmod(0o755)
    return tmp_path


@named("line", sampled(EXAMPLES, 10))
def test_every_example_runs(line: str, folder: Path) -> None:
    """Every example of every help runs unchanged in its shell and writes nothing to stderr."""
    shell = next((word for word in ("zsh", "fish") if f"completion {word}" in line), "bash")
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    tool = shlex.join(COMMAND)
    start = f"function actcli; {tool} $argv; end" if shell == "fish" else f'actcli() {{ {tool} "$@"; }}'
    if shell == "zsh":
        start += "; autoload -Uz compinit; compinit -u -D"
    done = subprocess.run(
        [shell, *(["--no-config"] if shell == "fish" else []), "-c", f"{start}\n{line}"],
        cwd=folder, env=environ(HOME=str(folder)), capture_output=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    quiet = "source" in line or "=$(" in line or " -o " in line
    assert bool(done.stdout) is not quiet


@commands
def test_every_command_has_examples(command: str) -> None:
    """A command's help begins with at least three examples of the command."""
    found = examples(command)
    assert len(found) >= 3
    assert all(f"actcli {command}" in line for line in found)


@named("args", [("-h",), ("--help",), ()], ids=str)
def test_help_of_the_program(args: tuple[str, ...]) -> None:
    """`-h`, `--help` and no argument print the examples and the commands."""
    text = rows(*args)
    assert text == rows("-h")
    for command in SUBCOMMANDS:
        assert re.search(rf"^  {command} +\w", text, re.MULTILINE)


@commands
def test_short_and_long_help_agree(command: str) -> None:
    """`-h` and `--help` print the same text."""
    assert rows(command, "-h") == rows(command, "--help")


def test_options_are_grouped() -> None:
    """The options are grouped under Input, Computation, CSV, Output and Options."""
    sections = re.split(r"^(\S.*):$", rows("eval", "-h"), flags=re.MULTILINE)
    under = dict(zip(sections[1::2], sections[2::2], strict=True))
    for heading, options in {
        "Input": ["--range", "-n", "--step", "--all", "-i, --input"],
        "Computation": ["--dtype", "-p, --param"],
        "CSV": ["-c, --column", "--header / --no-header", "-d", "--on-error", "--na", "--decimal", "--in-place"],
        "Output": ["-o, --output", "-f, --format", "--precision", "--as", "--color"],
        "Options": ["-h, --help"],
    }.items():
        for option in options:
            assert re.search(rf"^  {re.escape(option)}\b", under[heading], re.MULTILINE), option


@named("command", ["", *SUBCOMMANDS])
def test_help_fits_80_columns(command: str) -> None:
    """No line of a help text is longer than 80 columns."""
    assert max(map(len, rows(*command.split(), "-h").splitlines())) <= 80


@named("command", ["", *SUBCOMMANDS])
@named("columns", [40, 60])
def test_help_fits_a_narrow_terminal(command: str, columns: int) -> None:
    """In a narrow terminal no line is wider than the terminal."""
    text = spawn(*command.split(), "-h", env=environ(COLUMNS=str(columns))).out
    assert [line for line in text.splitlines() if len(line) > columns] == []


@named("command", [command_tree.root(), *command_tree.commands()], ids=lambda command: command.name)
@named("width", [36, 56])
def test_wrapped_examples_are_the_same_command(command: command_tree.Command, width: int) -> None:
    """A wrapped example is the same command to a shell and breaks only between words."""
    lines = format_examples(command.examples, width)
    assert max(map(len, lines)) <= width
    joined = re.sub(r" \\\n +", " ", "\n".join(line for line in lines if not line.startswith("#")))
    assert joined.splitlines() == [example.partition("  # ")[0].rstrip() for example in command.examples]


def test_groups_have_one_order() -> None:
    """Common groups have the same order in every help, after those of one command."""
    for command in SUBCOMMANDS:
        found = re.findall(r"^(\S.*):$", rows(command, "-h"), re.MULTILINE)
        common = [heading for heading in found if heading in HEADINGS]
        assert common == [heading for heading in HEADINGS if heading in common]
        assert found[-len(common) :] == common


def test_help_states_the_default_points() -> None:
    """The help states the command's own default number of points."""
    points = {
        command: re.findall(r"Number of points \(default (\d+)\)", rows(command, "-h")) for command in SUBCOMMANDS
    }
    assert {command: found for command, found in points.items() if found} == {
        "eval": ["21"], "grad": ["21"], "table": ["13"], "compare": ["13"],
    }  # fmt: skip


def test_notes_follow_the_options() -> None:
    """Notes for few users follow the options."""
    text = rows("eval", "-h")
    assert text.index("RFC 4180") > text.index("--help")


@named("columns", ["0", "-5", "1", "99999", "abc", "", "1e3"])
def test_help_with_invalid_columns(columns: str) -> None:
    """An invalid COLUMNS gives lines of a readable width."""
    outcome = spawn("eval", "-h", env=environ(COLUMNS=columns))
    assert (outcome.code, outcome.err) == (0, "")
    widest = max(len(line) for line in outcome.out.splitlines() if "actcli" not in line)
    assert 20 <= widest <= 100
