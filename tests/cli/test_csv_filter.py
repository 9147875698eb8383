"""The CSV filter, from the shell's side: what comes in leaves as it came, with one new column."""

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
    """What a run that goes well writes, byte for byte."""
    outcome = run(*args, stdin=stdin)
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out.encode("utf-8", "surrogateescape")


# --- fidelity -------------------------------------------------------------------------------------------------


def test_only_the_new_column_is_new() -> None:
    """Every other byte leaves as it came: quotes, blanks, line ends, BOM, invalid UTF-8, 0.10 and 007."""
    assert run_bytes("eval", "relu", "-c", COLUMN, stdin=REAL) == (
        b'\xef\xbb\xbfid,"pre ""activation""",note,amount,"relu(pre ""activation"")"\r\n'
        b'007,-1.5,"two\r\nlines, and a comma",0.10,0.0\r\n'
        b'008, 2e0 ,"a ""quoted"" word",1e5,2.0\r\n'
        b"\r\n"
        b'"009","0.25",caf\xe9 \xff,-0,0.25\r\n'
        b"010,,empty,00,\r\n"
        b'011,-inf,no line end,"3",0.0'
    )


def test_replacing_a_column() -> None:
    """--replace puts the result in its column's place, under its old header or the name of --as."""
    replaced = run_bytes("eval", "relu", "-c", COLUMN, "--replace", stdin=REAL)
    assert replaced.startswith(
        b'\xef\xbb\xbfid,"pre ""activation""",note,amount\r\n007,0.0,"two\r\nlines, and a comma",0.10\r\n'
    )
    assert rows("eval", "relu", "--replace", "--as", "y", stdin="z,n\n-1,a\n") == "y,n\n0.0,a\n"


def test_a_filter_stays_a_filter(tmp_path: Path) -> None:
    """Through a file and back, packed or not, in place or not, the bytes are those of the pipe."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv.gz"
    source.write_bytes(REAL)
    expected = run_bytes("eval", "relu", "-c", COLUMN, stdin=REAL)
    rows("eval", "relu", "-c", COLUMN, "-i", str(source), "-o", str(target))
    assert gzip.decompress(target.read_bytes()) == expected
    rows("eval", "relu", "-c", COLUMN, "-i", str(source), "--in-place")
    assert source.read_bytes() == expected
    assert sorted(os.listdir(tmp_path)) == ["in.csv", "out.csv.gz"]


def test_python_reads_what_was_written() -> None:
    """The csv module reads the old cells unchanged and the new one beside them."""
    before = list(csv.reader(io.StringIO(REAL.decode("utf-8-sig", "replace"), newline="")))
    after_bytes = run_bytes("grad", "relu", "-c", COLUMN, stdin=REAL)
    after = list(csv.reader(io.StringIO(after_bytes.decode("utf-8-sig", "replace"), newline="")))
    assert [row[:-1] for row in after if row] == [row for row in before if row]
    assert [row[-1] for row in after if row] == [f"relu_grad({COLUMN})", "0.0", "1.0", "1.0", "", "0.0"]


def test_other_formats() -> None:
    """-f jsonl gives an object a line, the cells as strings; -f plain the results alone."""
    data = "z,n\n-1,a\n,b\n2,c\n"
    assert [json.loads(line) for line in rows("eval", "relu", "-f", "jsonl", stdin=data).splitlines()] == [
        {"z": "-1", "n": "a", "relu(z)": 0.0},
        {"z": "", "n": "b", "relu(z)": None},
        {"z": "2", "n": "c", "relu(z)": 2.0},
    ]
    assert rows("eval", "relu", "-f", "plain", "-c", "z", stdin=data) == "0.0\nnan\n2.0\n"


# --- which column ---------------------------------------------------------------------------------------------


@named("column", ["z", "2", "-1", "+2"])
def test_choosing_a_column(column: str) -> None:
    """A column goes by its name or its place, counted from either end."""
    assert rows("eval", "relu", "-c", column, stdin="n,z\n5,-1\n") == "n,z,relu(z)\n5,-1,0.0\n"


def test_a_name_goes_before_a_place() -> None:
    """A header that reads as a place is a name first."""
    assert rows("eval", "relu", "-c", "2", stdin="2,b\n-1,5\n") == "2,b,relu(2)\n-1,5,0.0\n"
    assert rows("eval", "relu", "-c", "-1", stdin="-1,b\n-1,5\n") == "-1,b,relu(-1)\n-1,5,0.0\n"


@named("columns", [("-c", "a,b"), ("-c", "a", "-c", "b"), ("-c", "1,2"), ("-c", '"a",b')], ids=str)
def test_several_columns(columns: tuple[str, ...]) -> None:
    """Several columns come as one CSV record or by repeating -c; each gives a new one."""
    assert rows("eval", "relu", *columns, stdin="a,b\n1,-1\n") == "a,b,relu(a),relu(b)\n1,-1,1.0,0.0\n"


def test_the_only_number() -> None:
    """Without -c it is the only column that starts with a number."""
    assert rows("eval", "relu", stdin="n,z\nx,-1\n") == "n,z,relu(z)\nx,-1,0.0\n"


@named(
    ("args", "data", "says"),
    [
        ((), "a,b\n1,2\n", "2 columns start with a number: choose with -c from 2 columns: 'a', 'b'"),
        ((), "a,b\nx,y\n", "no column starts with a number: choose with -c from 2 columns: 'a', 'b'"),
        (("-c", "logti"), "id,logit\n1,2\n", "unknown column 'logti': did you mean 'logit'?"),
        (("-c", "3"), "a,b\n1,2\n", "unknown column 3"),
        (("-c", "a"), "a,a\n1,2\n", "2 columns are named 'a': choose by index (1, 2)"),
        (("-c", "a", "-c", "1"), "a,b\n1,2\n", "column 'a' is chosen twice"),
    ],
)
def test_columns_that_are_not_there(args: tuple[str, ...], data: str, says: str) -> None:
    """A column that is not there, or not to be told, is a usage error that helps; nothing has gone out."""
    assert fault("eval", "relu", *args, stdin=data).startswith(says)
    assert run("eval", "relu", *args, stdin=data).out == ""


def test_a_header_that_exists() -> None:
    """A new header that is there already is an error."""
    assert "relu(z)" in fault("eval", "relu", "-c", "z", stdin="z,relu(z)\n1,2\n")
    assert "'n'" in fault("eval", "relu", "-c", "z", "--as", "n", stdin="z,n\n1,2\n")


def test_headers() -> None:
    """The new header is SPEC(col), SPEC_grad(col) or SPEC_grad_PARAM(col), quoted where it needs to be."""
    data = "z\n-2\n"
    assert rows("grad", "LeakyReLU", stdin=data).splitlines()[0] == "z,leaky_relu_grad(z)"
    assert rows("grad", "lrelu", "--wrt", "alpha", stdin=data) == "z,leaky_relu_grad_negative_slope(z)\n-2,-2.0\n"
    assert rows("eval", "hard_tanh:min=-3,max=3", stdin=data) == 'z,"hard_tanh:min=-3,max=3(z)"\n-2,-2.0\n'
    assert rows("eval", "relu", "--as", "y", stdin=data) == "z,y\n-2,0.0\n"


def test_files_without_a_header() -> None:
    """--no-header: the first row is data, and no header goes out; a single number is no header either."""
    assert rows("eval", "relu", "--no-header", "-c", "2", stdin="a,-1\nb,2\n") == "a,-1,0.0\nb,2,2.0\n"
    assert rows("eval", "relu", stdin="-3\n-2\n") == "-3,0.0\n-2,0.0\n"
    assert rows("eval", "relu", "--header", stdin="2020\n-2\n") == "2020,relu(2020)\n-2,0.0\n"


# --- delimiters -----------------------------------------------------------------------------------------------


@named("delimiter", ["tab", "\\t", "\t"])
def test_tabs(delimiter: str) -> None:
    """-d is for what comes in and what goes out alike."""
    assert rows("eval", "relu", "-d", delimiter, "-c", "z", stdin="z\tn\n-1\ta,b\n") == "z\tn\trelu(z)\n-1\ta,b\t0.0\n"


def test_tsv_means_tab(tmp_path: Path) -> None:
    """A file that ends in .tsv has tabs, packed or not; -d goes before it."""
    data = "z\tn\n-1\ta\n"
    (tmp_path / "a.tsv").write_text(data)
    (tmp_path / "a.tsv.gz").write_bytes(gzip.compress(data.encode()))
    for name in ("a.tsv", "a.tsv.gz"):
        assert rows("eval", "relu", "-i", str(tmp_path / name)) == "z\tn\trelu(z)\n-1\ta\t0.0\n"
        rows("eval", "relu", "-i", str(tmp_path / name), "-o", str(tmp_path / "b.tsv"))
        assert (tmp_path / "b.tsv").read_text() == "z\tn\trelu(z)\n-1\ta\t0.0\n"
    (tmp_path / "c.tsv").write_text("z;n\n-1;a\n")
    assert rows("eval", "relu", "-d", ";", "-i", str(tmp_path / "c.tsv")) == "z;n;relu(z)\n-1;a;0.0\n"


@named(
    ("args", "says"),
    [
        (("-f", "json"), "x comes as CSV, so the format can be csv, jsonl or plain, and not json (-f json)"),
        (("-f", "table"), "and not table (-f table)"),
        (("-f", "md"), "and not md (-f md)"),
        (("-f", "hex"), "and not hex (-f hex)"),
        (("-f", "tsv"), "-f tsv asks for tabs, but the CSV has ',', in and out: say -d tab, or -f csv"),
        (("-o", "y.md"), "and not md (the ending of 'y.md')"),
        (("-o", "y.tsv"), "the ending of 'y.tsv' asks for tabs"),
        (("--precision", "3"), "--precision goes with the formats table and md"),
    ],
    ids=str,
)
def test_formats_that_a_filter_does_not_have(args: tuple[str, ...], says: str) -> None:
    """From CSV come csv, jsonl and plain; anything else is a usage error, never silence."""
    assert says in fault("eval", "relu", *args, stdin="z\n1\n")


# --- bad data -------------------------------------------------------------------------------------------------


def test_a_bad_cell_is_named() -> None:
    """A cell that is no number is named by file, line and column; the rows before it have gone out."""
    outcome = run("eval", "relu", "-c", "z", stdin='z,n\n1,"two\nlines"\n1_000,b\n')
    assert outcome.code == 1
    assert outcome.out == 'z,n,relu(z)\n1,"two\nlines",1.0\n'
    assert outcome.err == "actcli: <stdin>:4: column 'z': '1_000' is not a number\n"


def test_a_bad_cell_of_a_file(tmp_path: Path) -> None:
    """A file goes by the name that it was given under."""
    path = tmp_path / "a.csv"
    path.write_text("z\nabc\n")
    assert fault("eval", "relu", "-i", str(path), code=1) == f"{path}:2: column 'z': 'abc' is not a number"


def test_on_error() -> None:
    """--on-error nan writes nan, skip drops the row; both count at the end."""
    data = "z,n\n1,a\nx,b\n,c\ny,d\n"
    outcome = run("eval", "relu", "-c", "z", "--on-error", "nan", stdin=data)
    assert outcome == (
        0,
        "z,n,relu(z)\n1,a,1.0\nx,b,nan\n,c,\ny,d,nan\n",
        "actcli: 2 cells that are no number became nan\n",
    )
    outcome = run("eval", "relu", "-c", "z", "--on-error", "skip", stdin=data)
    assert outcome == (0, "z,n,relu(z)\n1,a,1.0\n,c,\n", "actcli: 2 rows with a cell that is no number left out\n")
    outcome = run("eval", "relu", "-c", "z", "--on-error", "skip", stdin="z\nx\n")
    assert outcome.err == "actcli: 1 row with a cell that is no number left out\n"
    assert run("eval", "relu", "-c", "z", "--on-error", "nan", stdin="z\n1\n").err == ""


@named(
    ("data", "says"),
    [
        ("a,b\n1,2\n3\n", "<stdin>:3: 1 cell, but the header has 2"),
        ("a,b\n1,2\n3,4,5\n", "<stdin>:3: 3 cells, but the header has 2"),
        ('a,b\n1,"2\n', "<stdin>:2: unclosed quote"),
    ],
)
def test_broken_rows(data: str, says: str) -> None:
    """A ragged row and an unclosed quote are always errors."""
    for way in ("fail", "nan", "skip"):
        assert fault("eval", "relu", "-c", "a", "--on-error", way, stdin=data, code=1).startswith(says)


@named(
    ("data", "expected"),
    [("", ""), ("\n\n", "\n\n"), ("z\n", "z,relu(z)\n"), ("z", "z,relu(z)"), ("z\r\n", "z,relu(z)\r\n")],
)
def test_little_or_nothing(data: str, expected: str) -> None:
    """Nothing in, nothing out; only a header in, the header with the new name out."""
    assert rows("eval", "relu", stdin=data) == expected


@named("args", [(), ("-f", "jsonl"), ("-f", "plain")], ids=str)
def test_nothing_at_all_in_any_format(args: tuple[str, ...]) -> None:
    """Zero bytes in are zero bytes out."""
    assert rows("eval", "relu", *args, stdin="") == ""


# --- vectors --------------------------------------------------------------------------------------------------


def test_a_row_is_a_vector() -> None:
    """Of a vector activation each row's chosen columns are one vector, with an output for each."""
    assert rows("eval", "softmax", "-c", "a,b", stdin="a,n,b\n3,x,3\n,y,1\n") == (
        "a,n,b,softmax(a),softmax(b)\n3,x,3,0.5,0.5\n,y,1,,\n"
    )


# --- dtypes ---------------------------------------------------------------------------------------------------


def test_cells_are_rounded_once_to_the_dtype() -> None:
    """Digits a hair beyond a tie of the dtype round away from it, though their nearest float64 is the tie."""
    tie = "1.00048828125"
    data = f"z\n{tie}\n{tie}{'0' * 30}1\n"
    assert rows("eval", "identity", "--dtype", "float16", "-f", "plain", stdin=data) == "1.0\n1.0009765625\n"


# --- files ----------------------------------------------------------------------------------------------------


def test_the_input_is_not_overwritten(tmp_path: Path) -> None:
    """-o naming the input, by whatever name, is refused."""
    path = tmp_path / "a.csv"
    path.write_text("z\n1\n")
    (tmp_path / "link.csv").symlink_to(path)
    for target in (path, tmp_path / "link.csv", tmp_path / "." / "a.csv"):
        assert "is the input file" in fault("eval", "relu", "-i", str(path), "-o", str(target))
    outcome = shell(f"actcli eval relu < {path} -o {path}")
    assert (outcome.code, "is the input file" in outcome.err) == (2, True)
    assert path.read_text() == "z\n1\n"


def test_a_failing_run_leaves_the_file(tmp_path: Path) -> None:
    """Bad data half-way leaves an existing -o file, and the file of --in-place, as they were, and no litter."""
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_text("z\n1\nx\n")
    target.write_text("mine")
    fault("eval", "relu", "-i", str(source), "-o", str(target), code=1)
    fault("eval", "relu", "-i", str(source), "--in-place", code=1)
    assert (source.read_text(), target.read_text()) == ("z\n1\nx\n", "mine")
    assert sorted(os.listdir(tmp_path)) == ["a.csv", "b.csv"]


def test_in_place_is_for_files(tmp_path: Path) -> None:
    """--in-place needs a regular file, no -o, and stays CSV."""
    path = tmp_path / "a.csv"
    path.write_text("z\n1\n")
    assert fault("eval", "relu", "--in-place", stdin="z\n1\n").startswith("--in-place rewrites the file of -i")
    assert fault("eval", "relu", "--in-place", "-i", "-", stdin="z\n1\n").startswith(
        "--in-place rewrites the file of -i"
    )
    assert fault("eval", "relu", "--in-place", "-i", str(path), "-o", "x").startswith(
        "--in-place rewrites the file of -i"
    )
    assert "leaves a CSV a CSV" in fault("eval", "relu", "--in-place", "-i", str(path), "-f", "plain")
    assert "a regular file" in fault("eval", "relu", "--in-place", "-i", "/dev/null")
    for name in ("/dev/fd/3", "/dev/stdin", "/proc/self/fd/3"):
        assert "by its own name, which" in fault("eval", "relu", "--in-place", "-i", name)
    assert path.read_text() == "z\n1\n"


def test_tabs_and_the_ending_of_csv(tmp_path: Path) -> None:
    """Tabs do not go into a file whose ending says commas unless that is asked for."""
    source, target = tmp_path / "a.tsv", tmp_path / "b.csv"
    source.write_text("a\tz\n1\t2\n")
    start = ["eval", "relu", "-c", "z", "-i", str(source), "-o", str(target)]
    assert "asks for commas, but the CSV has tabs, in and out: say -d tab, or -f csv" in fault(*start)
    assert not target.exists()
    for more in (["-f", "csv"], ["-d", "tab"]):
        rows(*start, *more)
        assert target.read_text() == "a\tz\trelu(z)\n1\t2\t2.0\n"


# --- a slow producer ------------------------------------------------------------------------------------------


def test_a_row_comes_out_at_once() -> None:
    """A row that a slow producer writes comes out before the next one is written."""
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


# --- what is computed once, row by row -------------------------------------------------------------------------------


def test_drawn_slopes_follow_the_rows() -> None:
    """In a long file, too, the rows draw one after the other, as the values of an array do."""
    x = np.random.default_rng(3).normal(0, 4, 30_000).round(3)
    text = "x\n" + "".join(f"{value!r}\n" for value in x.tolist())
    found = [float(line.split(",")[1]) for line in rows("eval", "rrelu", "--seed", "5", stdin=text).splitlines()[1:]]
    assert found == actcli.evaluate("rrelu", x, seed=5).tolist()


def test_a_formula_goes_as_quickly_as_an_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a long file a formula gives the bytes that the entry gives, by the quick way too."""
    text = "x\n" + "".join(f"{k / 1000!r}\n" for k in range(-9_000, 9_000))
    made = []
    kernel = FastKernel.__call__
    monkeypatch.setattr(FastKernel, "__call__", lambda self, block: made.append(kernel(self, block)) or made[-1])
    assert rows("eval", "1 / (1 + exp(-x))", "--as", "y", stdin=text) == rows(
        "eval", "sigmoid", "--as", "y", stdin=text
    )
    assert len(made) >= 2
    assert None not in made


def test_what_is_not_known_is_counted_once() -> None:
    """Of a formula that cancels the results that are not known are counted, however many rows there are."""
    text = "x\n" + "0.5\n" * 9_000 + "oops\n"
    outcome = run("eval", "sin(x)**2 + cos(x)**2 - 1", "--on-error", "nan", stdin=text)
    assert outcome.code == 0
    assert "actcli: 9000 results are nan" in outcome.err
