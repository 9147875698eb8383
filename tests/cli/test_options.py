"""Shared options and the types of their values."""

from __future__ import annotations

from pathlib import Path

import pytest

import actcli
from actcli.cli.options import FORMATS, Options
from actcli.number_formats import FLOATS
from actcli.streams import table_writers
from tests.support.processes import fault, rows, run

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
        ("--dtype", "bflaot16", "bfloat16"),
        ("--dtype", "q1,14", None),
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


SHORT = [("fp32", "float32"), ("F64", "float64"), ("half", "float16"), ("bf16", "bfloat16"), ("e4m3", "float8_e4m3fn"),
         ("E5M2", "float8_e5m2")]  # fmt: skip


@named(("short", "name"), SHORT)
def test_short_dtypes(short: str, name: str, tmp_path: Path) -> None:
    """Every command and the Python functions take short names of dtypes."""
    path = tmp_path / "x.csv"
    path.write_text("x,y\n0.1,0.1\n0.7,0.7\n")
    for line in ("eval silu 0.1", "grad silu 0.1", "table silu tanh", "compare silu tanh 0.1 0.7",
                 f"compare relu -i {path} -c x --y y", f"eval silu -i {path} -c x", "table silu --plot"):  # fmt: skip
        assert rows(*line.split(), "--dtype", short) == rows(*line.split(), "--dtype", name), line
    for function in (actcli.evaluate, actcli.gradient):
        ours, theirs = function("silu", [0.1, 2], dtype=short), function("silu", [0.1, 2], dtype=name)
        assert ours.dtype == theirs.dtype
        assert ours.tolist() == theirs.tolist()


@named("short", ["q7", "q15", "Q31"])
def test_short_fixed_point(short: str) -> None:
    """table takes CMSIS's names of fixed point; other commands say that fixed point is for tables."""
    assert run("table", "tanh", "--dtype", short) == run("table", "tanh", "--dtype", f"q0.{short[1:]}")
    assert fault("eval", "tanh", "1", "--dtype", short).startswith(f"--dtype q0.{short[1:]} requires actcli table")
    with pytest.raises(ValueError, match="unknown dtype"):
        actcli.evaluate("tanh", 1.0, dtype=short)
