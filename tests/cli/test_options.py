"""Shared options and the types of their values."""

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
        ("-f", "mem", "hex"),
        ("--dtype", "flaot32", "float32"),
        ("--dtype", "bf16", "bfloat16"),
        ("--dtype", "q1.14", None),
        ("--color", "allways", "always"),
        ("--on-error", "nna", "nan"),
        ("--on-error", "skp", "skip"),
        ("--decimal", ";", None),
    ],
)
def test_invalid_choice_has_suggestion(option: str, word: str, near: str | None) -> None:
    """An invalid choice is an error that lists the choices and suggests the nearest."""
    message = fault("eval", "relu", option, word, "1")
    assert f", not '{word}'" in message
    assert near is None or message.endswith(f"; did you mean {near}?")


@named("word", ["svg", "PNG", "pdf"])
def test_pictures_are_text(word: str) -> None:
    """A picture as the format is an error that says how plots are drawn."""
    for args in (("table", "relu", "--plot"), ("table", "relu"), ("compare", "relu", "gelu"), ("eval", "relu", "1")):
        message = fault(*args, "-f", word)
        assert message.endswith(f", not '{word}'; a plot is text (actcli table ... --plot)")


def test_formats_match_the_writers() -> None:
    """The formats are those of the writers and those of the command line."""
    assert set(FORMATS) == {*table_writers.FORMATS, "auto", "table", "hex"}
    assert all(form in fault("eval", "relu", "-f", "xyzzy", "1") for form in FORMATS)


def test_dtypes_are_listed() -> None:
    """The error for an unknown dtype lists every float format."""
    assert all(name in fault("eval", "relu", "--dtype", "xyzzy", "1") for name in FLOATS)


def test_every_dtype_is_accepted() -> None:
    """Every float format is accepted."""
    assert {rows("eval", "relu", "--dtype", name, "-f", "plain", "1.5") for name in FLOATS} == {"1.5\n"}


@named(("typed", "meant"), [(None, None), (";", ";"), ("tab", "\t"), ("\\t", "\t"), ("t", "t")])
def test_spellings_of_tab(typed: str | None, meant: str | None) -> None:
    """A tab may be written as `tab` or backslash t."""
    assert Options(delimiter=typed).separator == meant


def test_counts_accept_a_plus_sign() -> None:
    """A count accepts a plus sign."""
    assert rows("eval", "relu", "--range", "0:1", "-n", "+3", "-f", "plain") == "0.0\n0.5\n1.0\n"
