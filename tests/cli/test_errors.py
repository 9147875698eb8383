"""Error messages: one line, printable, of limited length."""

from __future__ import annotations

import errno

import pytest

from actcli.cli.errors import suggestion
from actcli.text import join_or
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
def test_long_arguments_are_shortened(args: tuple[str, ...]) -> None:
    """A message quotes at most 200 characters of the user's text."""
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
def test_control_characters_of_arguments_are_escaped(args: tuple[str, ...], text: str) -> None:
    """Control characters of an argument are escaped in messages."""
    message = fault(*(arg.format(text) for arg in args))
    assert message.isprintable()


def test_control_characters_of_files_are_escaped() -> None:
    """Text of a file is escaped and shortened to 200 characters in messages."""
    message = fault("eval", "relu", "-c", "1", stdin=b'a\n"\x1b[31m' + b"q" * 10_000 + b'"\n', code=1)
    assert message.startswith("<stdin>:2: column 'a': '\\x1b[31mqqq")
    assert message.isprintable()
    assert len(message) < 260


def test_internal_error_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug is reported in one line with its place and status 1, never as a traceback."""

    def broken(*args: object) -> None:
        raise ZeroDivisionError("oh\nno")

    monkeypatch.setattr("actcli.cli.commands.eval.bind", broken)
    message = fault("eval", "relu", "1", code=1)
    assert message.startswith("internal error, please report it: ZeroDivisionError: oh\\nno (test_errors.py:")


def chained(error: Exception, cause: Exception) -> Exception:
    """Return `error` as it is raised by `raise error from cause`."""
    error.__cause__ = cause
    return error


@named(
    ("error", "says"),
    [
        (MemoryError(), "out of memory"),
        (ImportError("libblas.so: failed to map segment from shared object"), "out of memory"),
        (ImportError("numpy.so: cannot open shared object file: Cannot allocate memory"), "out of memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory", "/usr/lib/click"), "out of memory"),
        (SystemError("<built-in function compile> returned NULL without setting an exception"), "out of memory"),
        (OSError(errno.EMFILE, "Too many open files", "/usr/lib/click.py"), "too many open files"),
        (OSError(errno.ENFILE, "Too many open files in system"), "too many open files"),
        (ImportError("libm.so: cannot open shared object file: Too many open files"), "too many open files"),
        (chained(ImportError("broken"), OSError(errno.EMFILE, "Too many open files")), "too many open files"),
        (chained(KeyError("numpy"), MemoryError()), "out of memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "cannot write '<stdout>': No space left"),
        (PermissionError(errno.EACCES, "Permission denied", "/usr/lib/a\nb"), "cannot read '/usr/lib/a\\nb': Perm"),
    ],
    ids=repr,
)
def test_resource_exhaustion_is_one_line(monkeypatch: pytest.MonkeyPatch, error: Exception, says: str) -> None:
    """Lack of memory, descriptors or disk space is an error of one line with status 1, also where imports fail."""

    def broken(*args: object) -> None:
        raise error

    monkeypatch.setattr("actcli.cli.commands.eval.bind", broken)
    assert fault("eval", "relu", "1", code=1).startswith(says)


def test_usage_error_writes_nothing_to_stdout() -> None:
    """A usage error writes nothing to stdout."""
    assert run("eval", "relu", "1", "-f", "cvs").out == ""


def test_join_or() -> None:
    """Words are joined as in a sentence."""
    assert [join_or(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a or b", "a, b or c"]


def test_suggestion_ignores_case() -> None:
    """The nearest word is suggested in any case, and none if none is similar."""
    assert suggestion("CVS", ["csv", "tsv"]) == "; did you mean csv?"
    assert suggestion("xyzzy", ["csv", "tsv"]) == ""
