"""The CSV filter from the shell: input passes through unchanged, with one new column."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import select
from pathlib import Path

import numpy as np
import pytest

import actcli
from actcli.cli import csv_table
from actcli.streams.csv.fast_path import FastKernel
from tests.support.child_processes import PATIENCE
from tests.support.processes import fault, process, rows, run, shell

named = pytest.mark.parametrize

REAL = (
    b'\xef\xbb\xbfid,"pre ""activation""",note,amount\r\n'
    b'007,-1.5,"two\r\nlines, and a comma",0.10\r\n'
    b'008, 2e0 ,"a ""quoted"" word",1e5\r\n'
    b"\r\n"
    b'"009","0.25",caf\xe9 \xff,-0\r\n'
    b"010,,empty,00\r\n"
    b'011,-inf,no line end,"3"'
)
"""A BOM, CRLF, quotes in the header and in cells, an embedded line end, invalid UTF-8, a blank line, a missing value,
and a last line without an end.
"""

COLUMN = 'pre "activation"'


def run_bytes(*args: str, stdin: bytes) -> bytes:
    """Return the bytes that a successful run writes."""
    outcome = run(*args, stdin=stdin)
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out.encode("utf-8", "surrogateescape")


# --- unchanged bytes ------------------------------------------------------------------------------------------


def test_input_bytes_pass_through() -> None:
    """Every input byte passes through: quotes, blanks, line ends, BOM, invalid UTF-8, 0.10 and 007."""
    assert run_bytes("eval", "relu", "-c", COLUMN, stdin=REAL) == (
        b'\xef\xbb\xbfid,"pre ""activation""",note,amount,"relu(pre ""activation"")"\r\n'
        b'007,-1.5,"two\r\nlines, and a comma",0.10,0.0\r\n'
        b'008, 2e0 ,"a ""quoted"" word",1e5,2.0\r\n'
        b"\r\n"
        b'"009","0.25",caf\xe9 \xff,-0,0.25\r\n'
        b"010,,empty,00,\r\n"
        b'011,-inf,no line end,"3",0.0'
    )


def test_replace() -> None:
    """--replace puts the result in the place of its column, under its old header or the name of --as."""
    replaced = run_bytes("eval", "relu", "-c", COLUMN, "--replace", stdin=REAL)
    assert replaced.startswith(
        b'\xef\xbb\xbfid,"pre ""activation""",note,amount\r\n007,0.0,"two\r\nlines, and a comma",0.10\r\n'
    )
    assert rows("eval", "relu", "--replace", "--as", "y", stdin="z,n\n-1,a\n") == "y,n\n0.0,a\n"


def test_files_and_pipes_give_the_same_bytes(tmp_path: Path) -> None:
    """A file, compressed or not, in place or not, gets the bytes of the pipe."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv.gz"
    source.write_bytes(REAL)
    expected = run_bytes("eval", "relu", "-c", COLUMN, stdin=REAL)
    rows("eval", "relu", "-c", COLUMN, "-i", str(source), "-o", str(target))
    assert gzip.decompress(target.read_bytes()) == expected
    rows("eval", "relu", "-c", COLUMN, "-i", str(source), "--in-place")
    assert source.read_bytes() == expected
    assert sorted(os.listdir(tmp_path)) == ["in.csv", "out.csv.gz"]


def test_output_is_readable_by_the_csv_module() -> None:
    """The csv module reads the old cells unchanged and the new one after them."""
    before = list(csv.reader(io.StringIO(REAL.decode("utf-8-sig", "replace"), newline="")))
    after_bytes = run_bytes("grad", "relu", "-c", COLUMN, stdin=REAL)
    after = list(csv.reader(io.StringIO(after_bytes.decode("utf-8-sig", "replace"), newline="")))
    assert [row[:-1] for row in after if row] == [row for row in before if row]
    assert [row[-1] for row in after if row] == [f"relu_grad({COLUMN})", "0.0", "1.0", "1.0", "", "0.0"]


def test_jsonl_and_plain() -> None:
    """-f jsonl writes an object per line, -f json an array of them; -f plain writes the results only."""
    data = "z,n\n-1,a\n,b\n2,c\n"
    objects = [
        {"z": -1, "n": "a", "relu(z)": 0.0},
        {"z": "", "n": "b", "relu(z)": None},
        {"z": 2, "n": "c", "relu(z)": 2.0},
    ]
    assert [json.loads(line) for line in rows("eval", "relu", "-f", "jsonl", stdin=data).splitlines()] == objects
    assert json.loads(rows("eval", "relu", "-f", "json", stdin=data)) == objects
    assert rows("eval", "relu", "-f", "plain", "-c", "z", stdin=data) == "0.0\nnan\n2.0\n"


TABLE = """\
id      z  n   silu(z)
──────────────────────
 1  -1.50  a  -0.27364
 2    .5   b   0.31123
 3         c
"""
MARKDOWN = """\
|  id |     z | n   |  silu(z) |
| --: | ----: | --- | -------: |
|   1 | -1.50 | a   | -0.27364 |
|   2 |    .5 | b   |  0.31123 |
|   3 |       | c   |          |
"""


@named(("form", "expected"), [("table", TABLE), ("md", MARKDOWN)], ids=str)
def test_tables_of_csv(form: str, expected: str, tmp_path: Path) -> None:
    """A small file can be read as a table: results rounded, other cells as they are, numbers to the right."""
    data = "id,z,n\n1,-1.50,a\n2,.5,b\n\n3,,c\n"
    args = ("eval", "silu", "-c", "z", "--precision", "5")
    assert rows(*args, "-f", form, stdin=data) == expected
    target = tmp_path / "out.md"
    assert rows(*args, "-o", str(target), stdin=data) == ""
    assert target.read_text() == MARKDOWN


def test_tables_of_csv_are_rows_of_text() -> None:
    """A table shows new names, replaced columns and exact digits; it numbers columns without a header."""
    start = ("-c", "1", "-f", "table")
    assert rows("eval", "relu", *start, "--replace", stdin="z,z\n-1,\x1b[2J\n").split("\n")[2] == "0  \\x1b[2J"
    assert rows("eval", "relu", *start, "--no-header", stdin="-1,2\n").split("\n")[0] == " 1  2  3"
    assert rows("eval", "exp", *start, "--digits", "20", stdin="z\n1\n").split()[-1] == "2.7182818284590452354"
    assert rows("eval", "relu", *start, "--as", "y", stdin="z\n").split() == ["z", "y", "────"]
    assert rows("eval", "relu", *start, stdin="") == ""
    assert fault("eval", "relu", *start, stdin="z\nx\n", code=1) == "<stdin>:2: column 'z': 'x' is not a number"


def test_long_tables_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than a table can hold are an error with a remedy, and nothing is written."""
    monkeypatch.setattr(csv_table, "_MAX_BYTES", 200)
    got = run("eval", "relu", "-f", "table", stdin="z\n" + "1\n" * 40)
    assert (got.code, got.out) == (1, "")
    assert "<stdin> has more rows than a table can hold: use -f csv" in got.err


# --- column selection -----------------------------------------------------------------------------------------


@named("column", ["z", "2", "-1", "+2"])
def test_column_by_name_or_position(column: str) -> None:
    """A column is selected by name, or by position from either end."""
    assert rows("eval", "relu", "-c", column, stdin="n,z\n5,-1\n") == "n,z,relu(z)\n5,-1,0.0\n"


def test_name_takes_precedence_over_position() -> None:
    """A header that looks like a position is selected by name first."""
    assert rows("eval", "relu", "-c", "2", "--header", stdin="2,b\n-1,5\n") == "2,b,relu(2)\n-1,5,0.0\n"
    assert rows("eval", "relu", "-c", "-1", "--header", stdin="-1,b\n-1,5\n") == "-1,b,relu(-1)\n-1,5,0.0\n"


@named("columns", [("-c", "a,b"), ("-c", "a", "-c", "b"), ("-c", "1,2"), ("-c", '"a",b')], ids=str)
def test_several_columns(columns: tuple[str, ...]) -> None:
    """Several columns, as one CSV record or by repeated -c, each give a new column."""
    assert rows("eval", "relu", *columns, stdin="a,b\n1,-1\n") == "a,b,relu(a),relu(b)\n1,-1,1.0,0.0\n"


def test_default_column_is_the_only_numeric_one() -> None:
    """Without -c the only column that starts with a number is selected."""
    assert rows("eval", "relu", stdin="n,z\nx,-1\n") == "n,z,relu(z)\nx,-1,0.0\n"


@named(
    ("args", "data", "says"),
    [
        ((), "a,b\n1,2\n", "2 columns start with a number: choose with -c from 2 columns ('a', 'b')"),
        ((), "a,b\nx,y\n", "no column starts with a number: choose with -c from 2 columns ('a', 'b')"),
        (("-c", "logti"), "id,logit\n1,2\n", "unknown column 'logti': did you mean 'logit'?"),
        (("-c", "3"), "a,b\n1,2\n", "unknown column 3"),
        (("-c", "a"), "a,a\n1,2\n", "2 columns are named 'a': choose by index (1, 2)"),
        (("-c", "a", "-c", "1"), "a,b\n1,2\n", "column 'a' is chosen twice"),
    ],
)
def test_missing_or_ambiguous_column(args: tuple[str, ...], data: str, says: str) -> None:
    """A missing or ambiguous column is a usage error with a hint, and nothing is written."""
    assert fault("eval", "relu", *args, stdin=data).startswith(says)
    assert run("eval", "relu", *args, stdin=data).out == ""


def test_existing_header_is_an_error() -> None:
    """A new header that already exists is an error."""
    assert "relu(z)" in fault("eval", "relu", "-c", "z", stdin="z,relu(z)\n1,2\n")
    assert "'n'" in fault("eval", "relu", "-c", "z", "--as", "n", stdin="z,n\n1,2\n")


def test_header_of_the_new_column() -> None:
    """The new header is SPEC(col), SPEC_grad(col) or SPEC_grad_PARAM(col), quoted where necessary."""
    data = "z\n-2\n"
    assert rows("grad", "LeakyReLU", stdin=data).splitlines()[0] == "z,leaky_relu_grad(z)"
    assert rows("grad", "lrelu", "--wrt", "alpha", stdin=data) == "z,leaky_relu_grad_negative_slope(z)\n-2,-2.0\n"
    assert rows("eval", "hard_tanh:min=-3,max=3", stdin=data) == 'z,"hard_tanh:min=-3,max=3(z)"\n-2,-2.0\n'
    assert rows("eval", "relu", "--as", "y", stdin=data) == "z,y\n-2,0.0\n"


def test_no_header() -> None:
    """With --no-header, or if the first row is a single number, the first row is data and no header is written."""
    assert rows("eval", "relu", "--no-header", "-c", "2", stdin="a,-1\nb,2\n") == "a,-1,0.0\nb,2,2.0\n"
    assert rows("eval", "relu", stdin="-3\n-2\n") == "-3,0.0\n-2,0.0\n"
    assert rows("eval", "relu", "--header", stdin="2020\n-2\n") == "2020,relu(2020)\n-2,0.0\n"


# --- delimiters -----------------------------------------------------------------------------------------------


@named("delimiter", ["tab", "\\t", "\t"])
def test_delimiter_of_input_and_output(delimiter: str) -> None:
    """-d sets the delimiter of input and output."""
    assert rows("eval", "relu", "-d", delimiter, "-c", "z", stdin="z\tn\n-1\ta,b\n") == "z\tn\trelu(z)\n-1\ta,b\t0.0\n"


def test_tsv_extension_means_tabs(tmp_path: Path) -> None:
    """A .tsv file, compressed or not, has tabs; -d takes precedence."""
    data = "z\tn\n-1\ta\n"
    (tmp_path / "a.tsv").write_text(data)
    (tmp_path / "a.tsv.gz").write_bytes(gzip.compress(data.encode()))
    for name in ("a.tsv", "a.tsv.gz"):
        assert rows("eval", "relu", "-i", str(tmp_path / name)) == "z\tn\trelu(z)\n-1\ta\t0.0\n"
        rows("eval", "relu", "-i", str(tmp_path / name), "-o", str(tmp_path / "b.tsv"))
        assert (tmp_path / "b.tsv").read_text() == "z\tn\trelu(z)\n-1\ta\t0.0\n"
    (tmp_path / "c.tsv").write_text("z;n\n-1;a\n")
    assert rows("eval", "relu", "-d", ";", "-i", str(tmp_path / "c.tsv")) == "z;n;relu(z)\n-1;a;0.0\n"


# --- bad data -------------------------------------------------------------------------------------------------


def test_non_numeric_cell_is_located() -> None:
    """A non-numeric cell is an error with file, line and column; the rows before it are written."""
    outcome = run("eval", "relu", "-c", "z", stdin='z,n\n1,"two\nlines"\n1_000,b\n')
    assert outcome.code == 1
    assert outcome.out == 'z,n,relu(z)\n1,"two\nlines",1.0\n'
    assert outcome.err == "actcli: <stdin>:4: column 'z': '1_000' is not a number: remove the thousands separators\n"


def test_error_names_the_file_as_given(tmp_path: Path) -> None:
    """An error names the file as the user gave it."""
    path = tmp_path / "a.csv"
    path.write_text("z\nabc\n")
    assert fault("eval", "relu", "-i", str(path), code=1) == f"{path}:2: column 'z': 'abc' is not a number"


def test_on_error_nan_and_skip() -> None:
    """--on-error nan writes nan and skip drops the row; both are counted on stderr."""
    data = "z,n\n1,a\nx,b\n,c\ny,d\n"
    outcome = run("eval", "relu", "-c", "z", "--on-error", "nan", stdin=data)
    assert outcome == (
        0,
        "z,n,relu(z)\n1,a,1.0\nx,b,nan\n,c,\ny,d,nan\n",
        "actcli: replaced 2 non-numeric cells by nan\n",
    )
    outcome = run("eval", "relu", "-c", "z", "--on-error", "skip", stdin=data)
    assert outcome == (0, "z,n,relu(z)\n1,a,1.0\n,c,\n", "actcli: skipped 2 rows with non-numeric cells\n")
    outcome = run("eval", "relu", "-c", "z", "--on-error", "skip", stdin="z\nx\n")
    assert outcome.err == "actcli: skipped 1 row with non-numeric cells\n"
    assert run("eval", "relu", "-c", "z", "--on-error", "nan", stdin="z\n1\n").err == ""


@named(
    ("data", "says"),
    [
        ("a,b\n1,2\n3\n", "<stdin>:3: 1 cell, but the header has 2"),
        ("a,b\n1,2\n3,4,5\n", "<stdin>:3: 3 cells, but the header has 2"),
        ('a,b\n1,"2\n', "<stdin>:2: unclosed quote"),
    ],
)
def test_malformed_rows_are_errors(data: str, says: str) -> None:
    """A ragged row, unless it is skipped, and an unclosed quote are errors."""
    for way in ("fail", "nan") if "cell" in says else ("fail", "nan", "skip"):
        assert fault("eval", "relu", "-c", "a", "--on-error", way, stdin=data, code=1).startswith(says)


@named(
    ("data", "expected"),
    [("", ""), ("\n\n", "\n\n"), ("z\n", "z,relu(z)\n"), ("z", "z,relu(z)"), ("z\r\n", "z,relu(z)\r\n")],
)
def test_empty_input(data: str, expected: str) -> None:
    """Empty input gives empty output; a lone header gives the header with the new name."""
    assert rows("eval", "relu", stdin=data) == expected


@named("args", [(), ("-f", "jsonl"), ("-f", "plain")], ids=str)
def test_empty_input_in_every_format(args: tuple[str, ...]) -> None:
    """Zero bytes of input give zero bytes of output in every format."""
    assert rows("eval", "relu", *args, stdin="") == ""


# --- vectors --------------------------------------------------------------------------------------------------


def test_vector_activation_of_a_row() -> None:
    """A vector activation treats the chosen columns of a row as one vector."""
    assert rows("eval", "softmax", "-c", "a,b", stdin="a,n,b\n3,x,3\n,y,1\n") == (
        "a,n,b,softmax(a),softmax(b)\n3,x,3,0.5,0.5\n,y,1,,\n"
    )


# --- dtypes ---------------------------------------------------------------------------------------------------


def test_cells_are_rounded_once_to_the_dtype() -> None:
    """A cell just above a tie of the dtype rounds up, though its nearest float64 is the tie."""
    tie = "1.00048828125"
    data = f"z\n{tie}\n{tie}{'0' * 30}1\n"
    assert rows("eval", "identity", "--dtype", "float16", "-f", "plain", stdin=data) == "1.0\n1.0009765625\n"


# --- files ----------------------------------------------------------------------------------------------------


def test_output_must_not_be_the_input(tmp_path: Path) -> None:
    """-o with the input under any name is refused, and the message names --in-place."""
    path = tmp_path / "a.csv"
    path.write_text("z\n1\n")
    (tmp_path / "link.csv").symlink_to(path)
    for target in (path, tmp_path / "link.csv", tmp_path / "." / "a.csv"):
        assert "is the input file" in fault("eval", "relu", "-i", str(path), "-o", str(target))
    outcome = shell(f"actcli eval relu < {path} -o {path}")
    assert (outcome.code, "is the input file" in outcome.err) == (2, True)
    assert path.read_text() == "z\n1\n"


def test_failed_run_leaves_files_unchanged(tmp_path: Path) -> None:
    """A data error leaves the file of -o or --in-place unchanged, without partial files."""
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text("z\n1\nx\n")
    target.write_text("mine")
    fault("eval", "relu", "-i", str(source), "-o", str(target), code=1)
    fault("eval", "relu", "-i", str(source), "--in-place", code=1)
    assert (source.read_text(), target.read_text()) == ("z\n1\nx\n", "mine")
    assert sorted(os.listdir(tmp_path)) == ["a.csv", "b.csv"]


def test_in_place_requirements(tmp_path: Path) -> None:
    """--in-place requires a regular file and CSV as format, and cannot be combined with -o."""
    path = tmp_path / "a.csv"
    path.write_text("z\n1\n")
    assert fault("eval", "relu", "--in-place", stdin="z\n1\n").startswith("--in-place requires -i FILE")
    assert fault("eval", "relu", "--in-place", "-i", "-", stdin="z\n1\n").startswith("--in-place requires -i FILE")
    assert fault("eval", "relu", "--in-place", "-i", str(path), "-o", "x").startswith("--in-place requires -i FILE")
    assert "--in-place cannot be combined with -f plain" in fault(
        "eval", "relu", "--in-place", "-i", str(path), "-f", "plain"
    )
    assert "a regular file" in fault("eval", "relu", "--in-place", "-i", "/dev/null")
    for name in ("/dev/fd/3", "/dev/stdin", "/proc/self/fd/3"):
        assert "under its own name, not" in fault("eval", "relu", "--in-place", "-i", name)
    assert path.read_text() == "z\n1\n"


# --- a slow producer ------------------------------------------------------------------------------------------


def test_rows_are_written_at_once() -> None:
    """A row of a slow producer is written before the next one arrives."""
    with process("eval", "relu") as running:
        assert running.stdin is not None
        assert running.stdout is not None
        received = b""
        for sent, expected in [(b"z\n", b""), (b"-1\n", b"z,relu(z)\n-1,0.0\n"), (b"2\n", b"2,2.0\n")]:
            running.stdin.write(sent)
            running.stdin.flush()
            while len(received) < len(expected):
                assert select.select([running.stdout], [], [], PATIENCE)[0], "nothing came"
                received += os.read(running.stdout.fileno(), 4096)
            assert received == expected
            received = b""
        running.stdin.close()
        assert running.wait(PATIENCE) == 0


# --- state across rows -----------------------------------------------------------------------------------------------


def test_random_slopes_follow_the_rows() -> None:
    """Rows of a long file use the random numbers in order, as the values of an array do."""
    x = np.random.default_rng(3).normal(0, 4, 30_000).round(3)
    text = "x\n" + "".join(f"{value!r}\n" for value in x.tolist())
    found = [float(line.split(",")[1]) for line in rows("eval", "rrelu", "--seed", "5", stdin=text).splitlines()[1:]]
    assert found == actcli.evaluate("rrelu", x, seed=5).tolist()


def test_formula_uses_the_fast_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """A formula uses the fast path and gives the bytes of the equivalent entry."""
    text = "x\n" + "".join(f"{k / 1000!r}\n" for k in range(-9_000, 9_000))
    made = []
    kernel = FastKernel.__call__
    monkeypatch.setattr(FastKernel, "__call__", lambda self, block: made.append(kernel(self, block)) or made[-1])
    assert rows("eval", "1 / (1 + exp(-x))", "--as", "y", stdin=text) == rows(
        "eval", "sigmoid", "--as", "y", stdin=text
    )
    assert len(made) >= 2
    assert None not in made


def test_undecided_results_are_counted_once() -> None:
    """Undecided results of a formula are counted once, whatever the number of rows."""
    text = "x\n" + "0.5\n" * 9_000 + "oops\n"
    outcome = run("eval", "sin(x)**2 + cos(x)**2 - 1", "--on-error", "nan", stdin=text)
    assert outcome.code == 0
    assert "actcli: 9000 results are nan" in outcome.err
