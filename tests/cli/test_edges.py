"""Unusual environments: Python flags, closed streams, terminal sizes, encodings, systems without POSIX."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.child_processes import PATIENCE
from tests.support.processes import environ, in_terminal, process, shell, spawn
from tests.support.tiers import sampled

named = pytest.mark.parametrize

RUNS = {
    "rows": "grad gelu 0.5 -2",
    "filter": "eval relu -i data.csv",
    "table": "table relu gelu --range -2:2 -n 3 -f table",
    "plot": "table gelu tanh --plot --grad",
    "compare": "compare relu gelu",
    "list": "list gelu -f table",
    "show": "show gelu",
    "demo": "demo linearity",
    "help": "eval -h",
    "topic": "help formulas",
    "completion": "completion zsh",
}
looks = named("run", [RUNS[name] for name in ("table", "plot", "compare", "list", "show", "demo", "help")])


def runs(keep: int, offset: int = 0) -> pytest.MarkDecorator:
    """Parametrize a test by RUNS, of which the default tier runs a sample."""
    return named("run", sampled(RUNS.values(), keep, offset=offset), ids=RUNS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data.csv").write_text("logit\n-1\n2\n")
    return tmp_path


# --- Python flags and home directories ------------------------------------------------------------------------


@runs(3)
def test_python_optimized(run: str, folder: Path) -> None:
    """Under python -OO the output is unchanged."""
    expected = spawn(*run.split(), cwd=folder)
    command = [sys.executable, "-OO", "-P", "-W", "error", "-m", "actcli", *run.split()]
    done = subprocess.run(command, cwd=folder, env=environ(), capture_output=True, text=True, check=False, input="")
    if "-h" not in run:
        assert done.stdout == expected.out
    assert (done.returncode, done.stderr) == (0, "")


@runs(2)
@named("home", [None, "/nowhere"])
def test_unwritable_home(run: str, home: str | None, folder: Path) -> None:
    """A missing or read-only home directory changes no output."""
    env = {name: value for name, value in environ().items() if name not in ("HOME", "TMPDIR")}
    env |= {} if home is None else {"HOME": home}
    assert spawn(*run.split(), cwd=folder, env=env) == spawn(*run.split(), cwd=folder)


# --- streams --------------------------------------------------------------------------------------------------


@runs(2, 1)
@named("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_unneeded_closed_streams(run: str, closed: str, folder: Path) -> None:
    """A closed stdin or stderr changes nothing where it is not needed; a closed stdout is an error of one line."""
    outcome = shell(f"actcli {run} {closed}", cwd=folder)
    if ">&-" in closed.replace("2>&-", ""):
        told = "" if "2>&-" in closed else "actcli: cannot write '<stdout>': it is closed\n"
        assert outcome == (1, "", told)
    else:
        assert outcome == (0, spawn(*run.split(), cwd=folder).out, "")


@named(
    ("run", "code"),
    [
        ("eval relu 1", 0),
        ("eval relu -i data.csv", 0),
        ("compare relu gelu", 0),
        ("compare relu -i kernel.csv -c x --y out", 0),
        ("compare relu -i kernel.csv -c x --y out --max-ulp 1", 3),
        ("table relu --plot", 0),
        ("show gelu", 0),
        ("list", 0),
        ("demo linearity", 0),
    ],
)
@named("name", sampled(["f.txt", "f.json"], 1))
def test_output_file_with_closed_stdout(run: str, code: int, name: str, folder: Path) -> None:
    """With stdout closed, -o is written and the status is unchanged."""
    (folder / "kernel.csv").write_text("x,out\n1,2\n")
    form = "-f csv" if "-i data.csv" in run else ""
    if "--plot" in run and name.endswith("json"):
        form = "-f table"
    outcome = shell(f"actcli {run} {form} -o {name}", cwd=folder)
    expected = (folder / name).read_text()
    (folder / name).unlink()
    assert outcome == (code, "", "")
    assert shell(f"actcli {run} {form} -o {name} >&-", cwd=folder) == outcome
    assert (folder / name).read_text() == expected


# --- terminals ------------------------------------------------------------------------------------------------


@looks
@named("columns", sampled(["1", "0", "-5", "99999", "abc", ""], 2))
def test_extreme_terminal_sizes(run: str, columns: str, folder: Path) -> None:
    """Extreme COLUMNS and LINES cause no error; only a plot has a minimum size."""
    env = environ(COLUMNS=columns, LINES=columns)
    outcome = spawn(*run.split(), cwd=folder, env=env)
    if "--plot" in run and columns == "1":
        assert outcome == (2, "", "actcli: a plot takes at least 20 columns and 11 lines, and not 1 and 1\n")
    else:
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out


@looks
@named("env", sampled([{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}], 1), ids=str)
def test_ascii_terminal(run: str, env: dict[str, str], folder: Path) -> None:
    """On an ASCII terminal the output is ASCII."""
    outcome = in_terminal(*run.split(), env=environ(**env), cwd=folder)
    assert outcome.code == 0
    assert outcome.out.isascii()
    assert len(outcome.out.splitlines()) >= 3


@named(
    ("env", "is_ascii"),
    [
        ({"LANG": "C"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "C.UTF-8", "LC_CTYPE": "C"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_locale_of_a_plot(env: dict[str, str], is_ascii: bool) -> None:
    """LC_ALL, else LC_CTYPE, else LANG selects the characters, although Python changes LC_CTYPE in the C locale."""
    bare = {name: value for name, value in environ().items() if name not in ("LC_ALL", "LC_CTYPE", "LANG")}
    assert spawn("table", "gelu", "--plot", env={**bare, **env}).out.isascii() == is_ascii


@looks
@named("env", sampled([{"NO_COLOR": "1"}, {"TERM": "dumb"}], 1), ids=str)
def test_no_escape_sequences_without_colour(run: str, env: dict[str, str], folder: Path) -> None:
    """Without colour, or on a dumb terminal, the text is that of the coloured output without escape sequences."""
    outcome = in_terminal(*run.split(), env=environ(**env), cwd=folder)
    colored = in_terminal(*run.split(), cwd=folder)
    assert outcome.code == 0
    assert "\x1b" not in outcome.out
    if "compare" not in run:  # A plot without colour marks its curves with letters.
        assert re.sub(r"\x1b\[[0-9;]*m", "", colored.out) == outcome.out


@looks
def test_forty_columns_fit(run: str, folder: Path) -> None:
    """In 40 columns every line fits and no digit is lost, except in examples."""
    outcome = in_terminal(*run.split(), width=40, env=environ(NO_COLOR="1"), cwd=folder)
    assert outcome.code == 0
    assert [line for line in outcome.out.splitlines() if len(line) > 40 and "actcli" not in line] == []


@looks
def test_ci_log(run: str, folder: Path) -> None:
    """In a CI log there are no escape sequences and no overlong lines."""
    env = {name: value for name, value in environ(CI="true", TERM="").items() if name != "LC_ALL"}
    outcome = spawn(*run.split(), cwd=folder, env=env, stdin=None)
    assert (outcome.code, outcome.err) == (0, "")
    assert "\x1b" not in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 100


@pytest.mark.skipif(not hasattr(signal, "SIGWINCH"), reason="the system's terminals tell no new size")
def test_resized_terminal() -> None:
    """Resizing the terminal neither ends the run nor writes anything."""
    with process("eval", "relu") as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"z\n1\n")
        running.stdin.flush()
        assert [running.stdout.readline() for _ in range(2)] == [b"z,relu(z)\n", b"1,1.0\n"]
        running.send_signal(signal.SIGWINCH)
        out, err = running.communicate(b"2\n", timeout=PATIENCE)
    assert (running.returncode, out, err) == (0, b"2,2.0\n", b"")


ASCII = environ(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
"""A locale whose encoding is ASCII to Python, too."""


@named(
    ("line", "answer"),
    [
        ("eval relu \u22122", "'\\u22122' is not a number: use a hyphen as the minus sign"),
        ("eval r\xe9lu 1", "no activation is called 'r\\xe9lu'; did you mean relu, rrelu or relu6?"),
        ("eval relu -i n\xe9.csv", "cannot read 'n\\xe9.csv': No such file or directory"),
    ],
)
def test_ascii_locale(line: str, answer: str, tmp_path: Path) -> None:
    """In an ASCII locale arguments are still read as UTF-8 and escaped consistently."""
    outcome = spawn(*line.split(), env=ASCII, cwd=tmp_path)
    assert outcome.err == f"actcli: {answer}\n"


def test_file_names_in_an_ascii_locale(tmp_path: Path) -> None:
    """In an ASCII locale files and columns have the same names as in UTF-8."""
    (tmp_path / "n\xe9.csv").write_text("\xe9,b\n1,2\n", encoding="utf-8")
    args = ("eval", "relu", "-i", "n\xe9.csv", "-c", "\xe9", "-o", "\xfc.csv")
    assert spawn(*args, env=ASCII, cwd=tmp_path) == (0, "", "")
    assert (tmp_path / "\xfc.csv").read_text(encoding="utf-8") == "\xe9,b,relu(\xe9)\n1,2,1.0\n"


# --- systems --------------------------------------------------------------------------------------------------

ELSEWHERE = """
import os, signal, sys
import numpy, click, rich.console
for name in ("fcntl", "termios", "resource", "pty", "tty", "pwd", "grp"):
    sys.modules[name] = None
for module, names in (
    (signal, "SIGPIPE SIGHUP SIGWINCH SIGALRM SIGCHLD SIGUSR1 SIGKILL SIGSTOP"),
    (os, "fork forkpty wait waitpid WIFEXITED chown fchown fchmod getuid geteuid getgid uname mkfifo pipe2 splice"
         " sched_getaffinity sendfile posix_fadvise pread pwrite O_CLOEXEC O_NONBLOCK O_DIRECTORY O_NOFOLLOW setsid"),
):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
from actcli.cli import main
main()
"""


@runs(3)
@named("to", [[], ["-o", "out.csv"]], ids=["stdout", "file"])
def test_system_without_posix(run: str, to: list[str], folder: Path) -> None:
    """Without fcntl, fork and SIGPIPE, as on Windows, the output is unchanged."""
    if to and run not in (RUNS["rows"], RUNS["filter"]):
        pytest.skip("nothing new beside rows")
    expected = spawn(*run.split(), *to, cwd=folder)
    written = (folder / "out.csv").read_text() if to else ""
    command = [sys.executable, "-P", "-c", ELSEWHERE, *run.split(), *to]
    done = subprocess.run(command, cwd=folder, env=environ(), capture_output=True, text=True, check=False, input="")
    assert (done.returncode, done.stdout, done.stderr) == (0, expected.out, "")
    assert not to or (folder / "out.csv").read_text() == written
