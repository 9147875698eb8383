"""Help: worked examples that run, options under headings, in any width."""

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
    """The lines under Examples, which is the first thing after the usage."""
    usage, _, rest = rows(*command, "-h").partition("\n\n")
    assert usage.startswith(f"Usage: {' '.join(['actcli', *command])} ")
    head, *lines = rest.partition("\n\n")[0].splitlines()
    assert head == "Examples:"
    return [line.removeprefix("  ") for line in lines]


EXAMPLES = [line for command in ((), *((name,) for name in SUBCOMMANDS)) for line in examples(*command)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the examples name."""
    (tmp_path / "data.csv").write_text("id,logit\n1,-0.5\n2,2.25\n")
    (tmp_path / "kernel.csv").write_text("x,out\n0,0\n1,0.8413447\n")
    return tmp_path


@named("line", sampled(EXAMPLES, 10))
def test_every_example_runs(line: str, folder: Path) -> None:
    """Every example of every help runs as it stands, in the shell that it is for, and says nothing on stderr."""
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
    """A command's help opens with three examples or more, which use it."""
    found = examples(command)
    assert len(found) >= 3
    assert all(f"actcli {command}" in line for line in found)


@named("args", [("-h",), ("--help",), ()], ids=str)
def test_help(args: tuple[str, ...]) -> None:
    """`-h`, `--help` and nothing at all print what there is: the examples, then the commands."""
    text = rows(*args)
    assert text == rows("-h")
    for command in SUBCOMMANDS:
        assert re.search(rf"^  {command} +\w", text, re.MULTILINE)


@commands
def test_both_flags(command: str) -> None:
    """`-h` and `--help` are the same."""
    assert rows(command, "-h") == rows(command, "--help")


def test_options_stand_under_headings() -> None:
    """Options stand where a user looks: where x comes from, what is computed, CSV, where results go."""
    sections = re.split(r"^(\S.*):$", rows("eval", "-h"), flags=re.MULTILINE)
    under = dict(zip(sections[1::2], sections[2::2], strict=True))
    for heading, options in {
        "Input": ["--range", "-n", "--step", "--all", "-i, --input"],
        "Computation": ["--dtype", "-p, --param"],
        "CSV": ["-c, --column", "--header / --no-header", "-d", "--on-error", "--in-place"],
        "Output": ["-o, --output", "-f, --format", "--precision", "--as", "--color"],
        "Options": ["-h, --help"],
    }.items():
        for option in options:
            assert re.search(rf"^  {re.escape(option)}\b", under[heading], re.MULTILINE), option


@named("command", ["", *SUBCOMMANDS])
def test_help_fits_the_terminal(command: str) -> None:
    """No line of any help is longer than 80 columns."""
    assert max(map(len, rows(*command.split(), "-h").splitlines())) <= 80


@named("command", ["", *SUBCOMMANDS])
@named("columns", [40, 60])
def test_help_in_a_narrow_terminal(command: str, columns: int) -> None:
    """In a narrow terminal nothing is wider than it, examples and lists included."""
    text = spawn(*command.split(), "-h", env=environ(COLUMNS=str(columns))).out
    assert [line for line in text.splitlines() if len(line) > columns] == []


@named("command", [command_tree.root(), *command_tree.commands()], ids=lambda command: command.name)
@named("width", [36, 56])
def test_narrow_examples_are_the_same(command: command_tree.Command, width: int) -> None:
    """An example that is put on several lines is the same command to a shell, and parted between words only."""
    lines = format_examples(command.examples, width)
    assert max(map(len, lines)) <= width
    joined = re.sub(r" \\\n +", " ", "\n".join(line for line in lines if not line.startswith("#")))
    assert joined.splitlines() == [example.partition("  # ")[0].rstrip() for example in command.examples]


def test_headings_stand_in_one_order() -> None:
    """What commands have in common stands in the same order everywhere, behind what only one of them has."""
    for command in SUBCOMMANDS:
        found = re.findall(r"^(\S.*):$", rows(command, "-h"), re.MULTILINE)
        common = [heading for heading in found if heading in HEADINGS]
        assert common == [heading for heading in HEADINGS if heading in common]
        assert found[-len(common) :] == common


def test_help_names_only_its_own_defaults() -> None:
    """The number of points that a range has is the command's own."""
    points = {command: re.findall(r"Number of points \((\d+)\)", rows(command, "-h")) for command in SUBCOMMANDS}
    assert {command: found for command, found in points.items() if found} == {
        "eval": ["21"], "grad": ["21"], "table": ["13"], "compare": ["13"],
    }  # fmt: skip


def test_notes_stand_at_the_end() -> None:
    """What few people need to know stands behind the options."""
    text = rows("eval", "-h")
    assert text.index("RFC 4180") > text.index("--help")


@named("columns", ["0", "-5", "1", "99999", "abc", "", "1e3"])
def test_help_in_silly_columns(columns: str) -> None:
    """Whatever COLUMNS says, help has lines of a width that can be read."""
    outcome = spawn("eval", "-h", env=environ(COLUMNS=columns))
    assert (outcome.code, outcome.err) == (0, "")
    widest = max(len(line) for line in outcome.out.splitlines() if "actcli" not in line)
    assert 20 <= widest <= 100
