"""Output on a terminal: tables, colour, progress, escaped control characters."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import environ, in_terminal, rows, spawn

named = pytest.mark.parametrize

BOLD = "\x1b[1m"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_terminal_shows_a_table() -> None:
    """Rows are a table on a terminal and CSV in a pipe."""
    outcome = in_terminal("eval", "relu", "-2", "0.5")
    lines = [line.split() for line in ESCAPE.sub("", outcome.out).splitlines()]
    assert outcome.code == 0
    assert [lines[0], *lines[2:]] == [["x", "relu(x)"], ["-2", "0"], ["0.5", "0.5"]]
    assert set("".join(lines[1])) == {"─"}
    assert spawn("eval", "relu", "-2", "0.5").out == "x,relu(x)\n-2.0,0.0\n0.5,0.5\n"


def test_only_stdout_decides_the_format() -> None:
    """With only stdin or stderr on a terminal the format is CSV."""
    outcome = in_terminal("eval", "relu", "1", stdout=subprocess.PIPE)
    assert (outcome.code, outcome.out) == (0, "")


def test_narrow_terminal_keeps_all_digits() -> None:
    """A narrow terminal never shortens a number."""
    for width in (12, 20, 40):
        shown = ESCAPE.sub("", in_terminal("eval", "gelu", "--precision", "17", "0.1", width=width).out)
        assert "…" not in shown
        assert "0.1000000000000000" in shown
        assert max(len(line) for line in shown.splitlines()) <= max(width, 24)


# --- colour ---------------------------------------------------------------------------------------------------


@named(
    ("flag", "env", "colored"),
    [
        (None, {}, True),
        ("auto", {}, True),
        ("never", {}, False),
        ("always", {"NO_COLOR": "1"}, True),
        (None, {"NO_COLOR": "1"}, False),
        (None, {"NO_COLOR": ""}, True),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("never", {"FORCE_COLOR": "1"}, False),
        (None, {"TERM": "dumb"}, False),
        (None, {"CLICOLOR": "0"}, False),
        (None, {"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, True),
        (None, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ],
)
def test_colour_precedence(flag: str | None, env: dict[str, str], colored: bool) -> None:
    """--color overrides NO_COLOR, which overrides FORCE_COLOR, which overrides the terminal."""
    option = [] if flag is None else ["--color", flag]
    outcome = in_terminal("eval", "relu", "1", *option, env=environ(**env))
    assert (outcome.code, ("\x1b" in outcome.out)) == (0, colored)


@named(
    ("flag", "env", "colored"),
    [
        (None, {}, False),
        ("always", {}, True),
        (None, {"FORCE_COLOR": "1"}, True),
        (None, {"CLICOLOR_FORCE": "1"}, True),
        (None, {"FORCE_COLOR": "0"}, False),
        (None, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_in_a_pipe(flag: str | None, env: dict[str, str], colored: bool) -> None:
    """A table in a pipe has colour only if the option or the environment requires it."""
    option = [] if flag is None else ["--color", flag]
    outcome = spawn("eval", "relu", "1", "-f", "table", *option, env=environ(**env))
    assert (outcome.code, ("\x1b" in outcome.out)) == (0, colored)


@named("form", ["csv", "json", "md", "plain", "hex"])
def test_machine_formats_have_no_colour(form: str) -> None:
    """Formats for programs never have colour."""
    assert "\x1b" not in spawn("eval", "relu", "1", "-f", form, "--color", "always").out


# --- keyboard input -------------------------------------------------------------------------------------------


@named("command", ["eval", "grad"])
def test_missing_x_on_a_terminal(command: str) -> None:
    """Without x on a terminal the run ends with a usage error instead of waiting for input."""
    outcome = in_terminal(command, "relu")
    assert outcome == (2, "actcli: x is missing: give numbers, --range A:B, -i FILE, or CSV on stdin\n", "")


def test_csv_from_a_terminal() -> None:
    """`-i -` reads CSV from a terminal and writes each row at once."""
    outcome = in_terminal("eval", "relu", "-i", "-", keys=[("", b"-3\n"), ("-3,0.0\n".strip(), b"\x04")])
    assert (outcome.code, outcome.out) == (0, "-3\n-3,0.0\n")


def test_ctrl_c() -> None:
    """Ctrl-C ends the run silently with status 130, and the prompt starts on a new line."""
    outcome = in_terminal("eval", "relu", "-i", "-", keys=[("", b"-3\n"), ("-3,0.0", b"\x03")])
    assert (outcome.code, outcome.out) == (130, "-3\n-3,0.0\n^C\n")


# --- control characters ---------------------------------------------------------------------------------------


def test_control_characters_of_a_file_are_escaped(tmp_path: Path) -> None:
    """Control characters in a CSV are escaped on a terminal and unchanged in a pipe."""
    path = tmp_path / "a.csv"
    path.write_bytes(b'\xef\xbb\xbfz,n\r\n1,\x1b[31mred\x07\n2,"a\ttab\rand \xe2\x80\xae\x9b"\n3,caf\xc3\xa9\n')
    outcome = in_terminal("eval", "relu", "-c", "z", "-i", str(path))
    assert outcome.out.replace("\r", "") == (
        '\ufeffz,n,relu(z)\n1,\\x1b[31mred\\x07,1.0\n2,"a\ttab\\rand \\u202e\\x9b",2.0\n3,café,3.0\n'
    )
    assert "\x1b[31mred\x07" in rows("eval", "relu", "-c", "z", "-i", str(path))


def test_control_characters_of_arguments_are_escaped() -> None:
    """Control characters in a header are escaped in tables, and in CSV on a terminal."""
    for form in ("table", "csv", "json", "md"):
        outcome = in_terminal("eval", "relu", "1", "--as", "\x1b]0;title\x07", "-f", form, "--color", "never")
        assert outcome.code == 0
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", outcome.out), form


# --- progress -------------------------------------------------------------------------------------------------


class Recorder:
    """A progress bar that records its size and the bytes reported."""

    def __init__(self) -> None:
        self.total: object = None
        self.stream: object = None
        self.done = 0

    def __call__(self, total: object, stream: object) -> Recorder:
        self.total, self.stream = total, stream
        return self

    def __enter__(self) -> Any:
        return self.advance

    def __exit__(self, *fault: object) -> None:
        pass

    def advance(self, count: int) -> None:
        self.done += count


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Replace the progress bar by a recorder."""
    recorder = Recorder()
    monkeypatch.setattr("actcli.cli.csv_input.Progress", recorder)
    return recorder


def test_file_reports_progress(tmp_path: Path, bar: Recorder) -> None:
    """A run on a file reports its size and all of its bytes to the progress bar."""
    path = tmp_path / "a.csv"
    path.write_text("z\n" + "1.25\n" * 300_000)
    err: list[object] = []

    def spy(total: object, stream: object) -> Recorder:
        err.append(stream is sys.stderr)
        return bar(total, stream)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("actcli.cli.csv_input.Progress", spy)
        rows("eval", "relu", "-i", str(path), "-o", str(tmp_path / "b.csv"))
    assert err == [True]
    assert bar.total == bar.done == path.stat().st_size


def test_progress_bar_on_a_terminal(tmp_path: Path) -> None:
    """A run of more than a second shows bytes, rate and time left, and erases them at the end."""
    path = tmp_path / "a.csv"
    path.write_text("z\n" + "1.25\n" * 300_000)
    clock = "import itertools, time; time.monotonic = itertools.count(step=0.5).__next__"
    command = [sys.executable, "-P", "-c", f"{clock}; from actcli.cli import main; main()"]
    outcome = in_terminal("eval", "relu", "-i", str(path), stdout=subprocess.DEVNULL, command=command)
    assert outcome.code == 0
    first, *_, last, end = outcome.out.split("\r")
    assert first == end == ""
    assert re.search(r"%  [0-9.]+ [kM]B of 1\.5 MB  [0-9.]+ [kM]B/s  0:0[0-9] left", outcome.out)
    assert last.strip() == ""


def test_pipe_reports_no_size(bar: Recorder) -> None:
    """A pipe has no size and shows no progress bar."""
    rows("eval", "relu", stdin="z\n1\n")
    assert bar.stream is None


def test_short_run_writes_nothing_to_stderr(tmp_path: Path) -> None:
    """A short run writes nothing to stderr, even on a terminal."""
    path = tmp_path / "a.csv"
    path.write_text("z\n1\n")
    outcome = in_terminal("eval", "relu", "-i", str(path), stdout=subprocess.DEVNULL)
    assert (outcome.code, outcome.out) == (0, "")
