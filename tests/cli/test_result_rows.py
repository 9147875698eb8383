"""Where results of values and ranges go, and how they look there."""

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
def test_formats(form: str, expected: str) -> None:
    """Every format, as it leaves into a pipe."""
    assert rows("eval", "relu", "-f", form, *X) == expected


@named("name", ["a.xlsx", "a.parquet", "a.PNG", "a.csv.zip"])
@named(
    "line",
    [
        "eval relu 1",
        "eval relu -i data.csv",
        "compare relu gelu",
        "table relu gelu",
        "table relu --plot",
        "show relu",
        "list",
    ],
)
def test_an_ending_that_promises_something_else(
    line: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file for another program is not filled with CSV, unless -f says so."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text("x\n1\n")
    assert fault(*line.split(), "-o", name).endswith(f"'{name}' can be csv, tsv, json, jsonl, md, or what -f says")
    assert os.listdir() == ["data.csv"]
    assert rows("eval", "relu", "1", "-f", "csv", "-o", name) == ""
    assert (tmp_path / name).read_text() == "x,relu(x)\n1.0,1.0\n"


def test_a_table_in_a_pipe() -> None:
    """A table in a pipe has no colour, and its numbers are aligned at the decimal point."""
    lines = rows("eval", "relu", "-f", "table", *X).splitlines()
    assert [line.split() for line in lines if "─" not in line] == [["x", "relu(x)"], ["-2", "0"], ["0.5", "0.5"]]
    assert lines[2].index("2") == lines[3].index("0")


def test_a_table_without_unicode() -> None:
    """Where stdout cannot be sent box drawing, a table is ASCII."""
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
def test_machine_formats_never_drop_a_digit(form: str) -> None:
    """0.1 + 0.2 keeps its seventeen digits."""
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
def test_numbers_are_spelled_as_repr_spells(number: str, spelled: str) -> None:
    """Machine formats write numbers as Python's repr does."""
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
    """float32 is written with the digits that float32 reads back, smaller formats with those that float64 does."""
    args = ("eval", "identity", number, "--dtype", dtype, "-f")
    assert rows(*args, "plain") == f"{spelled}\n"
    assert rows(*args, "hex") == f"{pattern}\n"


def test_json_reads_back() -> None:
    """json is one array of objects keyed by header, whose numbers read back; what JSON lacks are strings."""
    found = json.loads(rows("eval", "identity", "-f", "json", "1e-5", "nan", "inf", "-inf"))
    assert found == [{"x": v, "identity(x)": v} for v in (1e-5, "nan", "inf", "-inf")]


def test_vectors_have_places() -> None:
    """The places of a vector are whole numbers in every format."""
    assert json.loads(rows("eval", "softmax", "1", "1", "-f", "json"))[1] == {"i": 2, "x": 1.0, "softmax(x)": 0.5}
    assert rows("eval", "softmax", "1", "1", "-f", "hex") == "3fe0000000000000\n" * 2
    assert rows("eval", "softmax", "1", "1", "-f", "md").splitlines()[2] == "|   1 |   1 |        0.5 |"


def test_plain_has_one_row_a_line() -> None:
    """Several results of one x are separated by one space."""
    assert rows("grad", "relu", "--sides", "-f", "plain", "0") == "0.0 0.0 1.0\n"


# --- digits ---------------------------------------------------------------------------------------------------


def test_precision() -> None:
    """table and md show 6 significant digits, or as many as --precision says."""
    args = ("eval", "identity", "3.14159265358979", "-f")
    assert "| 3.14159 |" in rows(*args, "md")
    assert "| 3.14 |" in rows(*args, "md", "--precision", "3")
    assert "3.14159265358979" in rows(*args, "table", "--precision", "17")


@named("form", ["csv", "tsv", "json", "jsonl", "plain", "hex"])
def test_precision_is_not_for_machines(form: str) -> None:
    """--precision beside a format that has every digit is a usage error, not silence."""
    assert fault("eval", "relu", "-f", form, "--precision", "3", "1").startswith("--precision goes with")


def test_precision_with_no_format() -> None:
    """Where the format is left to the place, a pipe gets every digit."""
    assert rows("eval", "identity", "--precision", "2", "3.14159") == "x,identity(x)\n3.14159,3.14159\n"


@named("digits", ["0", "18", "x", "-1", "1.5"])
def test_silly_precisions(digits: str) -> None:
    """Digits are from 1 to 17."""
    assert fault("eval", "relu", "--precision", digits, "1").startswith("--precision takes a whole number from 1 to 17")


# --- names ----------------------------------------------------------------------------------------------------


def test_naming_the_new_column() -> None:
    """--as names the new column; several are named in their order."""
    assert rows("eval", "relu", "1", "--as", "y") == "x,y\n1.0,1.0\n"
    names = ("--as", "s", "--as", "left", "--as", "right")
    assert rows("grad", "relu", "--sides", "0", *names) == "x,s,left,right\n0.0,0.0,0.0,1.0\n"
    assert rows("eval", "relu", "0.5", "--as", "i") == "x,i\n0.5,0.5\n"
    assert rows("eval", "relu", "1", "--as", "a, b") == 'x,"a, b"\n1.0,1.0\n'


@named(
    ("args", "says"),
    [
        (("eval", "relu", "1", "--as", "x"), "there is a column of that name already"),
        (("eval", "softmax", "1", "2", "--as", "i"), "there is a column of that name already"),
        (("eval", "relu", "1", "--as", "a", "--as", "b"), "--as gives 2 names, but 1 column is new: relu(x)"),
        (("grad", "relu", "--sides", "1", "--as", "a"), "--as gives 1 name, but 3 columns are new"),
        (
            ("grad", "relu", "--sides", "1", "--as", "a", "--as", "b", "--as", "a"),
            "there is a column of that name already",
        ),
    ],
    ids=str,
)
def test_names_that_do_not_fit(args: tuple[str, ...], says: str) -> None:
    """A name that is taken, and too many or too few names, are usage errors."""
    assert says in fault(*args)


# --- files ----------------------------------------------------------------------------------------------------


@named(
    ("name", "begins"),
    [
        ("y.csv", "x,relu(x)\n"),
        ("y.tsv", "x\trelu(x)\n"),
        ("y.json", "[\n{"),
        ("y.jsonl", '{"x": 1.0'),
        ("y.md", "|   x |"),
        ("y.hex", "3ff0000000000000\n"),
        ("y.dat", "x,relu(x)\n"),
        ("y", "x,relu(x)\n"),
        ("y.TSV", "x\trelu(x)\n"),
    ],
)
def test_the_ending_sets_the_format(tmp_path: Path, name: str, begins: str) -> None:
    """-o FILE writes what the file's ending says, and nothing to stdout."""
    assert rows("eval", "relu", "1", "-o", str(tmp_path / name)) == ""
    assert (tmp_path / name).read_text().startswith(begins)


def test_a_format_goes_before_an_ending(tmp_path: Path) -> None:
    """-f decides, whatever the file is called."""
    rows("eval", "relu", "1", "-o", str(tmp_path / "y.csv"), "-f", "plain")
    assert (tmp_path / "y.csv").read_text() == "1.0\n"


def test_packed_files(tmp_path: Path) -> None:
    """.gz is packed, and the ending before it sets the format; the same run gives the same bytes."""
    path = tmp_path / "y.tsv.gz"
    rows("eval", "relu", "1", "-o", str(path))
    first = path.read_bytes()
    assert gzip.decompress(first) == b"x\trelu(x)\n1.0\t1.0\n"
    rows("eval", "relu", "1", "-o", str(path))
    assert path.read_bytes() == first


def test_stdout_by_name() -> None:
    """`-o -` is stdout."""
    assert rows("eval", "relu", "1", "-o", "-") == "x,relu(x)\n1.0,1.0\n"


def test_a_table_in_a_file(tmp_path: Path) -> None:
    """A table in a file has no colour unless it is asked for."""
    path = tmp_path / "y.txt"
    rows("eval", "relu", "1", "-o", str(path), "-f", "table")
    assert "\x1b" not in path.read_text()
    rows("eval", "relu", "1", "-o", str(path), "-f", "table", "--color", "always")
    assert "\x1b" in path.read_text()


def test_a_failing_run_leaves_the_file(tmp_path: Path) -> None:
    """A usage error leaves an existing file as it was, and no litter beside it."""
    path = tmp_path / "y.csv"
    path.write_text("mine")
    fault("eval", "relu", "x", "-o", str(path))
    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == ["y.csv"]


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    """A file that is replaced keeps its mode."""
    path = tmp_path / "y.csv"
    path.write_text("mine")
    path.chmod(0o640)
    rows("eval", "relu", "1", "-o", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@named("name", ["", ".", "none/y.csv", "y.csv/"])
def test_files_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    """A directory, a place that is not there, and no name at all are one line and exit code 1."""
    path = f"{tmp_path}/{name}" if name else ""
    outcome = run("eval", "relu", "1", "-o", path)
    assert outcome.code == 1
    assert outcome.err.startswith(f"actcli: cannot write '{path}': ")
    assert outcome.err.count("\n") == 1


# --- the delimiter --------------------------------------------------------------------------------------------


@named(("typed", "meant"), [(";", ";"), ("tab", "\t"), ("\\t", "\t"), ("|", "|"), (".", ".")])
def test_csv_with_another_delimiter(typed: str, meant: str) -> None:
    """-d sets the delimiter of CSV; a number that holds it is quoted."""
    text = rows("eval", "relu", "0.5", "-d", typed)
    assert list(csv.reader(io.StringIO(text), delimiter=meant)) == [["x", "relu(x)"], ["0.5", "0.5"]]


@named("delimiter", ["", ";;", '"', "\n", "é"])
def test_delimiters_that_are_none(delimiter: str) -> None:
    """A delimiter is one ASCII character other than a quote or a line end."""
    assert fault("eval", "relu", "1", "-d", delimiter).startswith("the delimiter must be one ASCII character")


def test_a_delimiter_without_csv() -> None:
    """-d beside a format that has no delimiter is a usage error."""
    assert fault("eval", "relu", "1", "-d", ";", "-f", "json") == "-d goes with CSV, not with the format json"
