"""Properties of an output stream."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator
from typing import TextIO

import pytest

from actcli.display.terminal import Terminal, is_terminal


class Stream(io.StringIO):
    """A stream in memory that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


class Bare:
    """A stream with only `write`."""

    def write(self, text: str) -> int:
        return len(text)


def resize(stream: TextIO, columns: int, lines: int) -> None:
    fcntl.ioctl(stream.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


@pytest.fixture
def tty() -> Iterator[TextIO]:
    """Yield the terminal side of a pseudo-terminal."""
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        yield stream
    os.close(master)


@pytest.mark.parametrize(
    ("color", "environ", "expected"),
    [
        ("auto", {}, True),
        ("auto", {"TERM": "xterm-256color"}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ("auto", {"TERM": "dumb", "CLICOLOR_FORCE": "1"}, True),
        ("auto", {"TERM": "dumb", "FORCE_COLOR": "0"}, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {"CLICOLOR": "0"}, False),
        ("auto", {"CLICOLOR": "1"}, True),
        ("auto", {"CLICOLOR": ""}, True),
        ("auto", {"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, True),
        ("auto", {"CLICOLOR": "1", "TERM": "dumb"}, False),
        ("auto", {"CLICOLOR": "1", "NO_COLOR": "1"}, False),
        ("always", {"CLICOLOR": "0"}, True),
    ],
)
def test_color_on_a_terminal(color: str, environ: dict[str, str], expected: bool) -> None:
    """The option decides, then NO_COLOR, then FORCE_COLOR, then whether the terminal is dumb."""
    assert expected == Terminal.of(Stream(), color, environ).color  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": ""}, False),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"CLICOLOR_FORCE": "0"}, False),
        ({"CLICOLOR": "1"}, False),
        ({"FORCE_COLOR": "0", "CLICOLOR_FORCE": "1"}, True),
    ],
)
def test_color_in_a_pipe(environ: dict[str, str], expected: bool) -> None:
    """A stream that is not a terminal has colour only if the environment forces it."""
    assert expected == Terminal.of(io.StringIO(), "auto", environ).color


def test_size_of_the_terminal(tty: TextIO) -> None:
    """Without COLUMNS and LINES the terminal reports its size."""
    resize(tty, 123, 45)
    terminal = Terminal.of(tty, environ={})
    assert (terminal.width, terminal.height) == (123, 45)
    assert terminal.color


def test_terminal_without_size(tty: TextIO) -> None:
    """A terminal that reports 0 by 0 counts as 80 by 24."""
    resize(tty, 0, 0)
    terminal = Terminal.of(tty, environ={})
    assert (terminal.width, terminal.height) == (80, 24)


def test_columns_and_lines_override_the_size(tty: TextIO) -> None:
    """COLUMNS and LINES override the size that the terminal reports."""
    resize(tty, 123, 45)
    terminal = Terminal.of(tty, environ={"COLUMNS": "60", "LINES": "20"})
    assert (terminal.width, terminal.height) == (60, 20)


SILLY = ["0", "00", "-5", "10001", "1000000000", "9" * 5000, "wide", "", " 80", "8e1", "\uff18\uff10", "²"]


@pytest.mark.parametrize("silly", SILLY)
def test_invalid_sizes_are_ignored(tty: TextIO, silly: str) -> None:
    """An invalid COLUMNS or LINES is ignored."""
    resize(tty, 123, 45)
    environ = {"COLUMNS": silly, "LINES": silly}
    assert (Terminal.of(tty, environ=environ).width, Terminal.of(tty, environ=environ).height) == (123, 45)
    assert (Terminal.of(Bare(), environ=environ).width, Terminal.of(Bare(), environ=environ).height) == (
        80,
        24,
    )


def test_stream_with_only_write() -> None:
    """A stream without isatty, fileno and encoding is 80 by 24, without colour, with Unicode."""
    assert Terminal(color=False, width=80, height=24, unicode=True) == Terminal.of(Bare(), environ={})


def test_closed_stream() -> None:
    """A closed stream is not a terminal, and no exception is raised."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    stream.close()
    assert not is_terminal(stream)
    assert Terminal.of(stream, environ={}).width == 80


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", True), ("utf-16", True), ("ascii", False), ("latin-1", False), ("cp437", False)],
)
def test_unicode_depends_on_the_encoding(encoding: str, expected: bool) -> None:
    """Unicode is used only if the encoding has all drawing characters."""
    terminal = Terminal.of(io.TextIOWrapper(io.BytesIO(), encoding=encoding), environ={})
    assert expected == terminal.unicode
    assert ("braille" if expected else "ascii") == terminal.charset


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "POSIX"}, False),
        ({"LANG": "C.UTF-8"}, True),
        ({"LANG": "en_US.utf8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "de_DE@euro"}, False),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "C", "LC_CTYPE": ""}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C", "LC_ALL": "en_US.UTF-8"}, True),
        ({"LANG": "C", "LC_MESSAGES": "en_US.UTF-8"}, False),
        ({"LANG": "C", "PYTHONIOENCODING": "utf-8"}, True),
    ],
)
def test_unicode_depends_on_the_locale(tty: TextIO, environ: dict[str, str], expected: bool) -> None:
    """LC_ALL, else LC_CTYPE, else LANG decides whether characters beyond ASCII are written."""
    assert expected == Terminal.of(tty, environ=environ).unicode


def test_unknown_encoding() -> None:
    """A stream with an encoding unknown to Python receives ASCII."""
    stream = Bare()
    stream.encoding = "klingon-8"  # type: ignore[attr-defined]
    assert not Terminal.of(stream, environ={}).unicode


def test_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `environ` the environment of the process applies."""
    monkeypatch.setenv("COLUMNS", "57")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = Terminal.of(io.StringIO())
    assert (terminal.width, terminal.color) == (57, True)
