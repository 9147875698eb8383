"""Writers of tables."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.streams.table_writers import FORMATS, Column, write_table
from tests.support.filtering import RecordingSink

COLUMNS = [
    Column("x", ["-1.5", "0.0", "1e-05"]),
    Column("what, so", ['a "b"', "c|d", "é\n"], number=False),
    Column("f(x)", ["nan", "-inf", "2.0"], result=True),
]


def written(format: str, columns: list[Column], **more: str) -> str:
    sink = RecordingSink()
    write_table(format, columns, sink, **more)
    return sink.data.decode("utf-8", "surrogateescape")


EXPECTED = {
    "csv": 'x,"what, so",f(x)\n-1.5,"a ""b""",nan\n0.0,c|d,-inf\n1e-05,"é\n",2.0\n',
    "tsv": 'x\twhat, so\tf(x)\n-1.5\t"a ""b"""\tnan\n0.0\tc|d\t-inf\n1e-05\t"é\n"\t2.0\n',
    "json": '[\n{"x": -1.5, "what, so": "a \\"b\\"", "f(x)": "nan"},\n'
    '{"x": 0.0, "what, so": "c|d", "f(x)": "-inf"},\n'
    '{"x": 1e-05, "what, so": "é\\n", "f(x)": 2.0}\n]\n',
    "jsonl": '{"x": -1.5, "what, so": "a \\"b\\"", "f(x)": "nan"}\n'
    '{"x": 0.0, "what, so": "c|d", "f(x)": "-inf"}\n'
    '{"x": 1e-05, "what, so": "é\\n", "f(x)": 2.0}\n',
    "md": "|     x | what, so | f(x) |\n"
    "| ----: | -------- | ---: |\n"
    '|  -1.5 | a "b"    |  nan |\n'
    "|   0.0 | c\\|d     | -inf |\n"
    "| 1e-05 | é\\n      |  2.0 |\n",
    "plain": "nan\n-inf\n2.0\n",
}
EMPTY = {
    "csv": "x,f(x)\n",
    "tsv": "x\tf(x)\n",
    "json": "[]\n",
    "jsonl": "",
    "md": "|   x | f(x) |\n| --: | ---: |\n",
    "plain": "",
}


@pytest.mark.parametrize("format", FORMATS)
def test_each_format(format: str) -> None:
    """Numbers, words and non-finite numbers are written as the format requires."""
    assert EXPECTED[format] == written(format, COLUMNS)


@pytest.mark.parametrize("format", FORMATS)
def test_no_rows(format: str) -> None:
    """Without rows the header, or the empty table, is still written."""
    assert EMPTY[format] == written(format, [Column("x", []), Column("f(x)", [], result=True)])


@pytest.mark.parametrize("format", FORMATS)
def test_many_rows_are_written_in_blocks(format: str) -> None:
    """Rows beyond one block are neither lost nor doubled, and no write holds them all."""
    writes: list[bytes] = []

    class Sink(RecordingSink):
        def write(self, data: bytes) -> None:
            writes.append(data)

    texts = [str(i) for i in range(20_000)]
    write_table(format, [Column("x", texts, result=True)], Sink())
    assert len(writes) >= 3
    lines = b"".join(writes).decode().splitlines()
    assert texts == [line.strip('{}|[], "x:') for line in lines if any(c.isdigit() for c in line)]


def test_csv_quotes_for_delimiter() -> None:
    """A cell is quoted where required, a number too if it contains the delimiter."""
    columns = [Column("a;b", ["1.5"]), Column("c,d", ["x"], number=False)]
    assert written("csv", columns, delimiter=";") == '"a;b";c,d\n1.5;x\n'
    assert written("csv", columns, delimiter=".") == 'a;b.c,d\n"1.5".x\n'


def test_csv_has_no_blank_rows() -> None:
    """A row of one empty cell is written with quotes, not as a blank line."""
    assert written("csv", [Column("f(x)", ["", "1.0"])]) == 'f(x)\n""\n1.0\n'


def test_plain_separates_results_by_spaces() -> None:
    """Result columns are written in one row, separated by one space."""
    columns = [Column("x", ["1"]), Column("f", ["2"], result=True), Column("g", ["3"], result=True)]
    assert written("plain", columns) == "2 3\n"


def test_md_escapes_headers_and_control_characters() -> None:
    """A pipe in a header does not divide a column, and an escape sequence is escaped."""
    assert written("md", [Column("a|b\x1b[2J", [], number=False)]).splitlines(True)[0] == "| a\\|b\\x1b[2J |\n"


def test_non_utf8_header_is_preserved() -> None:
    """A header from an argument that is not UTF-8 is written as the bytes typed."""
    assert written("csv", [Column("caf\udce9", [])]) == "caf\udce9\n"


def test_invalid_arguments() -> None:
    """Columns of several lengths, no columns, no result and an unknown format are errors."""
    for columns in ([], [Column("a", ["1"]), Column("b", [])]):
        with pytest.raises(ValueError, match="one length"):
            written("csv", columns)
    with pytest.raises(ValueError, match="plain"):
        written("plain", [Column("a", ["1"])])
    with pytest.raises(KeyError):
        written("xml", COLUMNS)


tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.text(), min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(tables, st.sampled_from([",", ";", "\t", "e"]))
def test_csv_reads_back(rows: list[list[str]], delimiter: str) -> None:
    """Python's csv module reads every text back."""
    columns = [Column(column[0], column[1:], number=False) for column in map(list, zip(*rows, strict=True))]
    text = written("csv", columns, delimiter=delimiter)
    assert rows == list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@given(tables)
def test_json_reads_back(rows: list[list[str]]) -> None:
    """Python's json module reads every text back, from json and from jsonl."""
    columns = [Column(str(i), column, number=False) for i, column in enumerate(map(list, zip(*rows, strict=True)))]
    expected = [{str(i): cell for i, cell in enumerate(row)} for row in rows]
    assert expected == json.loads(written("json", columns))
    assert expected == [json.loads(line) for line in written("jsonl", columns).splitlines()]


@given(tables)
def test_md_has_one_line_per_row(rows: list[list[str]]) -> None:
    """A Markdown table has one line per row, all of one length, for any cells."""
    columns = [Column("h", column, number=False) for column in map(list, zip(*rows, strict=True))]
    lines = written("md", columns).splitlines()
    assert len(rows) + 2 == len(lines)
    assert len({len(line) for line in lines}) == 1
