"""Rows of values and ranges: formats, digits, headers, files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import stat
from pathlib import Path

import pytest

from tests.support.processes import fault, rows, run

named = pytest.mark.parametrize

X = ("--", "-2", "0.5")


@named(
    ("form", "expected"),
    [
        ("csv", "x,relu(x)\n-2.0,0.0\n0.5,0.5\n"),
        ("tsv", "x\trelu(x)\n-2.0\t0.0\n0.5\t0.5\n"),
        ("json", '[\n{"x": -2.0, "relu(x)": 0.0},\n{"x": 0.5, "relu(x)": 0.5}\n]\n'),
        ("jsonl", '{"x": -2.0, "relu(x)": 0.0}\n{"x": 0.5, "relu(x)": 0.5}\n'),
        ("plain", "0.0\n0.5\n"),
        ("hex", "0000000000000000\n3fe0000000000000\n"),
        ("md", "|   x | relu(x) |\n| --: | ------: |\n|  -2 |       0 |\n| 0.5 |     0.5 |\n"),
        ("auto", "x,relu(x)\n-2.0,0.0\n0.5,0.5\n"),
    ],
)
def test_every_format_in_a_pipe(form: str, expected: str) -> None:
    """Every format has its documented form in a pipe."""
    assert rows("eval", "relu", "-f", form, *X) == expected


def test_table_in_a_pipe() -> None:
    """A table in a pipe has no colour, and numbers are aligned at the decimal point."""
    lines = rows("eval", "relu", "-f", "table", *X).splitlines()
    assert [line.split() for line in lines if "─" not in line] == [["x", "relu(x)"], ["-2", "0"], ["0.5", "0.5"]]
    assert lines[2].index("2") == lines[3].index("0")


def test_table_without_unicode() -> None:
    """A table is ASCII if stdout cannot encode box drawing."""
    import sys

    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    from actcli.cli.main import run as run_here

    saved, sys.stdout = sys.stdout, stream
    try:
        assert run_here(["eval", "relu", "-f", "table", "1"]) == 0
    finally:
        sys.stdout = saved
    assert stream.buffer.getvalue().isascii()  # type: ignore[attr-defined]


@named("form", ["csv", "tsv", "json", "jsonl", "plain"])
def test_machine_formats_keep_all_digits(form: str) -> None:
    """Formats for programs write all seventeen digits of 0.1 + 0.2."""
    assert "0.30000000000000004" in rows("eval", "identity", "-f", form, "0.30000000000000004")


@named(
    ("number", "spelled"),
    [
        ("3", "3.0"),
        ("1e-5", "1e-05"),
        ("1e16", "1e+16"),
        ("123456789012345678", "1.2345678901234568e+17"),
        ("-0", "-0.0"),
    ],
)
def test_numbers_equal_repr(number: str, spelled: str) -> None:
    """Formats for programs write numbers as Python's repr does."""
    assert rows("eval", "identity", "-f", "plain", "--", number) == f"{spelled}\n"


@named(
    ("dtype", "number", "spelled", "pattern"),
    [
        ("float32", "0.1", "0.1", "3dcccccd"),
        ("float32", "16777217", "16777216.0", "4b800000"),
        ("float16", "0.1", "0.0999755859375", "2e66"),
        ("bfloat16", "0.1", "0.10009765625", "3dcd"),
        ("float8_e4m3fn", "0.1", "0.1015625", "1d"),
        ("float8_e5m2", "0.1", "0.09375", "2e"),
    ],
)
def test_digits_and_patterns_of_each_dtype(dtype: str, number: str, spelled: str, pattern: str) -> None:
    """float32 has its shortest round-trip digits, smaller formats those of float64."""
    args = ("eval", "identity", number, "--dtype", dtype, "-f")
    assert rows(*args, "plain") == f"{spelled}\n"
    assert rows(*args, "hex") == f"{pattern}\n"


def test_json_round_trips() -> None:
    """json is an array of objects keyed by header that round-trips; non-finite numbers are strings."""
    found = json.loads(rows("eval", "identity", "-f", "json", "1e-5", "nan", "inf", "-inf"))
    assert found == [{"x": v, "identity(x)": v} for v in (1e-5, "nan", "inf", "-inf")]


def test_vector_indices_are_integers() -> None:
    """The index column of a vector is written as integers in every format."""
    assert json.loads(rows("eval", "softmax", "1", "1", "-f", "json"))[1] == {"i": 2, "x": 1.0, "softmax(x)": 0.5}
    assert rows("eval", "softmax", "1", "1", "-f", "hex") == "3fe0000000000000\n" * 2
    assert rows("eval", "softmax", "1", "1", "-f", "md").splitlines()[2] == "|   1 |   1 |        0.5 |"


def test_plain_has_one_row_per_line() -> None:
    """plain separates several results of one x by one space."""
    assert rows("grad", "relu", "--sides", "-f", "plain", "0") == "0.0 0.0 1.0\n"


# --- digits ---------------------------------------------------------------------------------------------------


def test_precision_of_tables() -> None:
    """table and md have 6 significant digits, or those of --precision."""
    args = ("eval", "identity", "3.14159265358979", "-f")
    assert "| 3.14159 |" in rows(*args, "md")
    assert "| 3.14 |" in rows(*args, "md", "--precision", "3")
    assert "3.14159265358979" in rows(*args, "table", "--precision", "17")


@named("digits", ["0", "18", "x", "-1", "1.5"])
def test_invalid_precisions(digits: str) -> None:
    """--precision accepts integers from 1 to 17 only."""
    assert fault("eval", "relu", "--precision", digits, "1").startswith("--precision: expected an integer from 1 to 17")


# --- headers --------------------------------------------------------------------------------------------------


def test_as_names_the_new_columns() -> None:
    """--as names the new columns in their order."""
    assert rows("eval", "relu", "1", "--as", "y") == "x,y\n1.0,1.0\n"
    names = ("--as", "s", "--as", "left", "--as", "right")
    assert rows("grad", "relu", "--sides", "0", *names) == "x,s,left,right\n0.0,0.0,0.0,1.0\n"
    assert rows("eval", "relu", "0.5", "--as", "i") == "x,i\n0.5,0.5\n"
    assert rows("eval", "relu", "1", "--as", "a, b") == 'x,"a, b"\n1.0,1.0\n'


@named(
    ("args", "says"),
    [
        (("eval", "relu", "1", "--as", "x"), "a column of that name already exists"),
        (("eval", "softmax", "1", "2", "--as", "i"), "a column of that name already exists"),
        (("eval", "relu", "1", "--as", "a", "--as", "b"), "--as gives 2 names, but 1 new column is written: relu(x)"),
        (("grad", "relu", "--sides", "1", "--as", "a"), "--as gives 1 name, but 3 new columns are written"),
        (
            ("grad", "relu", "--sides", "1", "--as", "a", "--as", "b", "--as", "a"),
            "a column of that name already exists",
        ),
    ],
    ids=str,
)
def test_invalid_column_names(args: tuple[str, ...], says: str) -> None:
    """Existing names, and too many or too few names, are usage errors."""
    assert says in fault(*args)


# --- files ----------------------------------------------------------------------------------------------------


def test_gz_output(tmp_path: Path) -> None:
    """.gz is compressed reproducibly, and the extension before it sets the format."""
    path = tmp_path / "y.tsv.gz"
    rows("eval", "relu", "1", "-o", str(path))
    first = path.read_bytes()
    assert gzip.decompress(first) == b"x\trelu(x)\n1.0\t1.0\n"
    rows("eval", "relu", "1", "-o", str(path))
    assert path.read_bytes() == first


def test_dash_is_stdout() -> None:
    """`-o -` is stdout."""
    assert rows("eval", "relu", "1", "-o", "-") == "x,relu(x)\n1.0,1.0\n"


def test_table_in_a_file(tmp_path: Path) -> None:
    """A table in a file has colour only with --color always."""
    path = tmp_path / "y.txt"
    rows("eval", "relu", "1", "-o", str(path), "-f", "table")
    assert "\x1b" not in path.read_text()
    rows("eval", "relu", "1", "-o", str(path), "-f", "table", "--color", "always")
    assert "\x1b" in path.read_text()


def test_usage_error_leaves_the_file(tmp_path: Path) -> None:
    """A usage error leaves an existing file unchanged, without partial files."""
    path = tmp_path / "y.csv"
    path.write_text("mine")
    fault("eval", "relu", "x", "-o", str(path))
    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == ["y.csv"]


def test_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    """A file that is replaced keeps its mode."""
    path = tmp_path / "y.csv"
    path.write_text("mine")
    path.chmod(0o640)
    rows("eval", "relu", "1", "-o", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@named("name", ["", ".", "none/y.csv", "y.csv/"])
def test_unwritable_files(tmp_path: Path, name: str) -> None:
    """A directory, a missing directory and an empty name are errors of one line with status 1."""
    path = f"{tmp_path}/{name}" if name else ""
    outcome = run("eval", "relu", "1", "-o", path)
    assert outcome.code == 1
    assert outcome.err.startswith(f"actcli: cannot write '{path}': ")
    assert outcome.err.count("\n") == 1


# --- the delimiter --------------------------------------------------------------------------------------------


@named(("typed", "meant"), [(";", ";"), ("tab", "\t"), ("\\t", "\t"), ("|", "|"), (".", ".")])
def test_delimiter_of_csv(typed: str, meant: str) -> None:
    """-d sets the delimiter of CSV; a number that contains it is quoted."""
    text = rows("eval", "relu", "0.5", "-d", typed)
    assert list(csv.reader(io.StringIO(text), delimiter=meant)) == [["x", "relu(x)"], ["0.5", "0.5"]]


@named("delimiter", ["", ";;", '"', "\n", "é"])
def test_invalid_delimiters(delimiter: str) -> None:
    """A delimiter is one ASCII character other than a quote or a line end."""
    assert fault("eval", "relu", "1", "-d", delimiter).startswith("the delimiter must be one ASCII character")
