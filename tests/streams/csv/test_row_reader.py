"""Records: the rows of a block, their cells and lines."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actcli.errors import DataError, UsageError
from actcli.streams.csv.block_reader import BlockReader
from actcli.streams.csv.cells import cell_text
from actcli.streams.csv.row_reader import Record, delimiter_byte, split
from tests.support.filtering import Pieces, cut, oracle, places
from tests.support.tiers import examples


def tokens(pieces: list[bytes], delimiter: bytes = b",") -> tuple[list[Record], str | None]:
    """All records of the pieces, and the message they ended with."""
    found: list[Record] = []
    try:
        for block in BlockReader(Pieces(pieces), delimiter):
            found += split(block, delimiter)
    except DataError as caught:
        return found, str(caught)
    return found, None


def test_record_has_line_bytes_and_cells() -> None:
    """Cells keep their quotes, rows their line end, and line ends inside quotes are counted."""
    data = b'a,"b,""c"""\r\n\n"x\ny",\n 1 ,"2"z"\r\n\xff\x00,last'
    expected = [
        Record(1, b'a,"b,""c"""', [b"a", b'"b,""c"""'], b"\r\n"),
        Record(2, b"", [b""], b"\n"),
        Record(3, b'"x\ny",', [b'"x\ny"', b""], b"\n"),
        Record(5, b' 1 ,"2"z"', [b" 1 ", b'"2"z"'], b"\r\n"),
        Record(6, b"\xff\x00,last", [b"\xff\x00", b"last"], b""),
    ]
    assert (expected, None) == tokens([data])


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "\x00", "]", "^", "-", "\\", "."])
def test_any_ascii_character_delimits(delimiter: str) -> None:
    """Every ASCII delimiter separates, and is an ordinary byte inside quotes."""
    d = delimiter_byte(delimiter)
    data = b'a%b"b%bc"%b"d""e"\n1%b%b3\n' % (d, d, d, d, d)
    found, error = tokens([data], d)
    assert error is None
    assert [[b"a", b'"b%bc"' % d, b'"d""e"'], [b"1", b"", b"3"]] == [record.cells for record in found]


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\r", "\n", "é", "\x1b["])
def test_invalid_delimiters(delimiter: str) -> None:
    """A delimiter must be one ASCII character except quote, CR and LF."""
    with pytest.raises(UsageError, match="the delimiter must be one ASCII character") as caught:
        delimiter_byte(delimiter)
    assert str(caught.value).isprintable()


nasty = st.text(alphabet=',"\n\r a1', max_size=40).map(str.encode)


@settings(max_examples=examples(1000))
@given(nasty, places)
@example(b',"a', [])
@example(b'a,"b"",\n",c\n', [5])
def test_records_agree_with_oracle(data: bytes, where: list[int]) -> None:
    """Rows, cells, lines and errors are those of a reader that goes byte by byte, for reads of any size."""
    rows, line = oracle(data, b",")
    found, error = tokens(cut(data, where))
    assert [(row.line, row.body, row.cells, row.ending) for row in rows] == found
    assert [row.texts for row in rows] == [[cell_text(cell) for cell in record.cells] for record in found]
    assert (line is None) == (error is None)
    assert error is None or error.startswith(f"FILE:{line}: ")


@settings(max_examples=examples(500))
@given(nasty)
def test_oracle_agrees_with_csv_module(data: bytes) -> None:
    """Without an error, the csv module reads the same cells as the oracle."""
    rows, line = oracle(data, b",")
    if line is None:
        read = list(csv.reader(io.StringIO(data.decode("latin-1"), newline="")))
        assert read == [[text.decode("latin-1") for text in row.texts] if row.body else [] for row in rows]
