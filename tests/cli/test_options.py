"""The options that commands share."""

from __future__ import annotations

import pytest

from actcli.cli.options import FORMATS, Options
from actcli.number_formats import FLOATS
from actcli.streams import table_writers
from tests.support.processes import fault, rows

named = pytest.mark.parametrize


@named(
    ("option", "word", "near"),
    [
        ("-f", "cvs", "csv"),
        ("--format", "jsno", "json"),
        ("-f", "CSV", "csv"),
        ("-f", "markdown", None),
        ("--dtype", "flaot32", "float32"),
        ("--dtype", "bf16", "bfloat16"),
        ("--dtype", "q1.14", None),
        ("--color", "allways", "always"),
        ("--on-error", "nna", "nan"),
        ("--on-error", "skp", "skip"),
    ],
)
def test_a_word_that_is_none_of_several(option: str, word: str, near: str | None) -> None:
    """A wrong format, dtype or the like is answered with those that there are, and the nearest."""
    message = fault("eval", "relu", option, word, "1")
    assert f", not '{word}'" in message
    assert near is None or message.endswith(f"; did you mean {near}?")


def test_all_formats_are_listed() -> None:
    """The formats are those that streams writes, and those that are made here."""
    assert set(FORMATS) == {*table_writers.FORMATS, "auto", "table", "hex"}
    assert all(form in fault("eval", "relu", "-f", "xyzzy", "1") for form in FORMATS)


def test_all_dtypes_are_listed() -> None:
    """The dtypes are the floating-point formats; fixed point is for tables."""
    assert all(name in fault("eval", "relu", "--dtype", "xyzzy", "1") for name in FLOATS)


def test_every_dtype_works() -> None:
    """Each dtype is taken."""
    assert {rows("eval", "relu", "--dtype", name, "-f", "plain", "1.5") for name in FLOATS} == {"1.5\n"}


@named(("typed", "meant"), [(None, None), (";", ";"), ("tab", "\t"), ("\\t", "\t"), ("t", "t")])
def test_the_separator(typed: str | None, meant: str | None) -> None:
    """A tab, hard to type in a shell, has names."""
    assert Options(delimiter=typed).separator == meant


def test_counts_may_have_a_plus() -> None:
    """+3 is 3."""
    assert rows("eval", "relu", "--range", "0:1", "-n", "+3", "-f", "plain") == "0.0\n0.5\n1.0\n"
