"""What is said when something is wrong: one line, fit for a terminal, and not too long."""

from __future__ import annotations

import pytest

from actcli.cli.errors import join_or, suggestion
from tests.support.processes import fault, run

named = pytest.mark.parametrize

LONG = "q" * 10_000


@named(
    "args",
    [
        ("eval", LONG, "1"),
        ("eval", f"leaky_relu:{LONG}=1", "1"),
        ("eval", f"leaky_relu:alpha={LONG}", "1"),
        ("eval", f"leaky_relu:{LONG}", "1"),
        ("eval", "leaky_relu", "-p", LONG, "1"),
        ("eval", "leaky_relu", "-p", f"{LONG}=1", "1"),
        ("eval", "leaky_relu", "-p", f"alpha={LONG}", "1"),
        ("grad", "leaky_relu", "--wrt", LONG, "1"),
        ("eval", "relu", LONG),
        ("eval", "relu", "1" * 10_000 + "_"),
        ("eval", "relu", "-f", LONG, "1"),
        ("eval", "relu", "--dtype", LONG, "1"),
        ("eval", "relu", "-n", LONG, "--range", "0:1"),
        ("eval", "relu", "--range", LONG),
        ("eval", "relu", "--range", "0:1", "--step", LONG),
        ("eval", "relu", "1", "--as", LONG, "--as", LONG),
        ("eval", "relu", "1", "-d", LONG),
        ("eval", "relu", f"--{LONG}"),
        ("eval", "relu", f"--all={LONG}"),
        ("eval", "relu", "-i", LONG, "1"),
        ("eval", "relu", "-i", LONG, "-i", LONG),
        (LONG, "1"),
        ("relu", LONG),
    ],
    ids=lambda args: " ".join(args)[:50],
)
def test_long_words_are_shortened(args: tuple[str, ...]) -> None:
    """At most 200 characters of what the user wrote are said again."""
    message = fault(*args)
    assert max(message.count(letter) for letter in "q1") <= 201


@named("text", ["\x1b[31mred", "bell\x07", "two\nlines", "\x9b31m", "\u202egnp.exe", "nul\x01", "\udcff", "\r"])
@named(
    "args",
    [
        ("eval", "{}", "1"),
        ("eval", "leaky_relu:{}=1", "1"),
        ("eval", "leaky_relu:alpha={}", "1"),
        ("eval", "relu", "{}"),
        ("eval", "relu", "-f", "{}", "1"),
        ("eval", "relu", "--{}"),
        ("eval", "relu", "--all={}"),
        ("eval", "leaky_relu", "-p", "{}", "1"),
        ("grad", "leaky_relu", "--wrt", "{}", "1"),
        ("eval", "relu", "1", "-o", "x.csv", "-f", "csv", "-i", "{}"),
        ("{}",),
        ("relu", "{}"),
    ],
    ids=" ".join,
)
def test_control_characters_are_spelled_out(args: tuple[str, ...], text: str) -> None:
    """No text from an argument reaches the terminal raw."""
    message = fault(*(arg.format(text) for arg in args))
    assert message.isprintable()


def test_control_characters_of_a_file_are_spelled_out() -> None:
    """No text from a file reaches the terminal raw in an error, nor more than 200 characters of it."""
    message = fault("eval", "relu", "-c", "1", stdin=b'a\n"\x1b[31m' + b"q" * 10_000 + b'"\n', code=1)
    assert message.startswith("<stdin>:2: column 'a': '\\x1b[31mqqq")
    assert message.isprintable()
    assert len(message) < 260


def test_an_internal_fault_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program itself is one line that says where, and exit code 1; never a traceback."""

    def broken(*args: object) -> None:
        raise ZeroDivisionError("oh\nno")

    monkeypatch.setattr("actcli.cli.commands.eval.bind", broken)
    message = fault("eval", "relu", "1", code=1)
    assert message.startswith("internal error, please report it: ZeroDivisionError: oh\\nno (test_errors.py:")


@named(("error", "says"), [(MemoryError(), "out of memory"), (OSError(28, "No space left on device"), "No space left")])
def test_running_out_is_one_line(monkeypatch: pytest.MonkeyPatch, error: Exception, says: str) -> None:
    """Out of memory, or of room, is one line and exit code 1."""

    def broken(*args: object) -> None:
        raise error

    monkeypatch.setattr("actcli.cli.commands.eval.bind", broken)
    assert says in fault("eval", "relu", "1", code=1)


def test_nothing_on_stdout_when_words_are_wrong() -> None:
    """A usage error writes nothing to stdout."""
    assert run("eval", "relu", "1", "-f", "cvs").out == ""


def test_either() -> None:
    """Words are listed as a person would."""
    assert [join_or(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a or b", "a, b or c"]


def test_suggestion() -> None:
    """The nearest word is suggested whatever its case; none if none is near."""
    assert suggestion("CVS", ["csv", "tsv"]) == "; did you mean csv?"
    assert suggestion("xyzzy", ["csv", "tsv"]) == ""
