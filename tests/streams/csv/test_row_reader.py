"""The tokeniser."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actcli.errors import DataError, UsageError
from actcli.streams.csv import row_reader as module
from actcli.streams.csv.cells import cell_text
from actcli.streams.csv.row_reader import Block, Record, Rows, delimiter_byte, split
from tests.support.filtering import Pieces, cut, oracle, places
from tests.support.tiers import examples

BOM = b"\xef\xbb\xbf"


def tokens(pieces: list[bytes], delimiter: bytes = b",") -> tuple[list[Record], str | None]:
    """All records of the pieces, and the message they ended with."""
    found: list[Record] = []
    try:
        for block in Rows(Pieces(pieces), delimiter):
            found += split(block, delimiter)
    except DataError as error:
        return found, str(error)
    return found, None


def test_a_record_has_its_line_its_bytes_and_its_cells() -> None:
    """Cells keep their quotes, rows their own line end, and lines inside quotes are counted."""
    data = b'a,"b,""c"""\r\n\n"x\ny",\n 1 ,"2"z"\r\n\xff\x00,last'
    expected = [
        Record(1, b'a,"b,""c"""', [b"a", b'"b,""c"""'], b"\r\n"),
        Record(2, b"", [b""], b"\n"),
        Record(3, b'"x\ny",', [b'"x\ny"', b""], b"\n"),
        Record(5, b' 1 ,"2"z"', [b" 1 ", b'"2"z"'], b"\r\n"),
        Record(6, b"\xff\x00,last", [b"\xff\x00", b"last"], b""),
    ]
    assert (expected, None) == tokens([data])


def test_rows_come_with_the_read_that_completes_them() -> None:
    """Each read's whole rows are one block, and what is left waits for the next."""
    source = Pieces([b'a,b\n1,"', b"x\n", b'"', b"\n2,", b"3\n4,5"])
    assert [Block(1, b"a,b\n"), Block(2, b'1,"x\n"\n'), Block(4, b"2,3\n"), Block(5, b"4,5")] == list(
        Rows(source, b",")
    )


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_bom_is_set_aside(size: int) -> None:
    """A byte order mark is in no row, however it is cut, and a quote after it opens a cell."""
    data = BOM + b'"a\nb",c\n'
    rows = Rows(Pieces([data[i : i + size] for i in range(0, len(data), size)]), b",")
    assert [Block(1, b'"a\nb",c\n')] == list(rows)
    assert rows.bom == BOM


@pytest.mark.parametrize("data", [b"", b"\xef", b"\xef\xbb", b"\xef\xbb1\n", b"\xefa"])
def test_what_is_no_bom_is_data(data: bytes) -> None:
    """The beginning of a byte order mark alone is data."""
    rows = Rows(Pieces(cut(data, [1, 2])), b",")
    assert data == b"".join(block.data for block in rows)
    assert rows.bom == b""


@pytest.mark.parametrize(
    ("data", "rows", "said"),
    [
        (b'a\n"b\nc', 1, "FILE:2: unclosed quote"),
        (b'a\n"b\n\n",x\n1,"c""\nd', 2, "FILE:5: unclosed quote"),
        (b'"', 0, "FILE:1: unclosed quote"),
        (b"a\rb\rc\r", 0, "FILE:1: a CR that no LF follows"),
        (b'a\n"q\n",b\n1\r2\n', 2, "FILE:4: a CR that no LF follows"),
        (b"a\n1\r", 1, "FILE:2: a CR that no LF follows"),
        (b"a\n1\r\r\n", 1, "FILE:2: a CR that no LF follows"),
        (b'a\r"b"\n', 0, "FILE:1: a CR that no LF follows"),
        (b'"a"\r,b\n', 0, "FILE:1: a CR that no LF follows"),
    ],
)
def test_faults_name_the_line_where_the_row_starts(data: bytes, rows: int, said: str) -> None:
    """An unclosed quote and a CR that ends no row are reported after every row before them."""
    found, fault = tokens([data])
    assert rows == len(found)
    assert fault is not None
    assert fault.startswith(said)
    assert fault.isprintable()


def test_a_cr_alone_is_found_before_the_end() -> None:
    """A file whose lines end in CR is refused at its first read, not when all of it is in memory."""
    source = Pieces([b"1\r2\r3\r"] * 10)
    with pytest.raises(DataError):
        list(Rows(source, b","))
    assert source.position == 6


def test_a_row_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row beyond the limit is an error with a guess at why, instead of all the memory there is."""
    monkeypatch.setattr(module, "_LONGEST_ROW", 1000)
    found, fault = tokens([b"a\n", b'"b\n', *[b"c\n" * 100] * 20])
    assert len(found) == 1
    assert fault == "FILE:2: a row of more than 20 MB: is a quote unclosed?"
    assert tokens([b"c" * 300] * 4) == ([], "FILE:1: a row of more than 20 MB")


@pytest.mark.parametrize("delimiter", [";", "\t", "|", " ", "\x00", "]", "^", "-", "\\", "."])
def test_any_ascii_character_delimits(delimiter: str) -> None:
    """Every delimiter separates, and is an ordinary byte inside quotes."""
    d = delimiter_byte(delimiter)
    data = b'a%b"b%bc"%b"d""e"\n1%b%b3\n' % (d, d, d, d, d)
    found, fault = tokens([data], d)
    assert fault is None
    assert [[b"a", b'"b%bc"' % d, b'"d""e"'], [b"1", b"", b"3"]] == [record.cells for record in found]


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\r", "\n", "é", "\x1b["])
def test_other_delimiters_are_refused(delimiter: str) -> None:
    """A delimiter is one ASCII character, no quote and no line end."""
    with pytest.raises(UsageError, match="the delimiter is one ASCII character") as caught:
        delimiter_byte(delimiter)
    assert str(caught.value).isprintable()


nasty = st.text(alphabet=',"\n\r a1', max_size=40).map(str.encode)


@settings(max_examples=examples(1000))
@given(nasty, places)
@example(b',"a', [])
@example(b'a,"b"",\n",c\n', [5])
def test_every_input_is_read_as_the_oracle_reads_it(data: bytes, where: list[int]) -> None:
    """Rows, cells, lines and faults are those of a reader that goes byte by byte, whatever the reads."""
    rows, line = oracle(data, b",")
    found, fault = tokens(cut(data, where))
    assert [(row.line, row.body, row.cells, row.ending) for row in rows] == found
    assert [row.texts for row in rows] == [[cell_text(cell) for cell in record.cells] for record in found]
    assert (line is None) == (fault is None)
    assert fault is None or fault.startswith(f"FILE:{line}: ")


@settings(max_examples=examples(500))
@given(nasty)
def test_the_oracle_agrees_with_the_csv_module(data: bytes) -> None:
    """Where there is no fault, the csv module reads the same cells (a lone CR is none to it)."""
    rows, line = oracle(data, b",")
    if line is None:
        read = list(csv.reader(io.StringIO(data.decode("latin-1"), newline="")))
        assert read == [[text.decode("latin-1") for text in row.texts] if row.body else [] for row in rows]


class CountingBuffer(bytearray):
    """A buffer that counts the bytes that are searched."""

    searched = 0

    def find(self, wanted: bytes, start: int = 0) -> int:  # type: ignore[override]
        found = super().find(wanted, start)
        CountingBuffer.searched += (len(self) if found < 0 else found + 1) - start
        return found

    def rfind(self, wanted: bytes, start: int, end: int) -> int:  # type: ignore[override]
        found = super().rfind(wanted, start, end)
        CountingBuffer.searched += end - max(start, found)
        return found

    def count(self, wanted: bytes, start: int, end: int) -> int:  # type: ignore[override]
        CountingBuffer.searched += end - start
        return super().count(wanted, start, end)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> type[CountingBuffer]:
    """Count the bytes that the tokeniser searches."""
    monkeypatch.setattr(CountingBuffer, "searched", 0)
    monkeypatch.setattr(module, "bytearray", CountingBuffer, raising=False)
    return CountingBuffer


@pytest.mark.parametrize(("size", "piece"), [(2_000_000, 65536), (20_000, 1)])
@pytest.mark.parametrize("filling", [b"x", b"\n", b'""', b"x\r\n", b","])
def test_work_is_linear_in_a_long_cell(size: int, piece: int, filling: bytes, counting: type[CountingBuffer]) -> None:
    """Each byte of a cell of megabytes is searched a few times at most, in reads of any size."""
    data = b'1,"' + filling * (size // len(filling)) + b'"\n'
    found, fault = tokens([data[i : i + piece] for i in range(0, len(data), piece)])
    assert len(data) // 2 <= counting.searched <= 6 * len(data)
    assert fault is None
    assert [len(data) - 3] == [len(record.cells[1]) for record in found]


@pytest.mark.parametrize("filling", [b"x", b'x"'])
def test_work_is_linear_in_a_long_line_without_quotes(filling: bytes, counting: type[CountingBuffer]) -> None:
    """The same for a line of ordinary bytes and for one that is full of quotes which open nothing."""
    data = filling * 100_000
    found, _ = tokens([data[i : i + 7] for i in range(0, len(data), 7)])
    assert len(data) // 2 <= counting.searched <= 6 * len(data)
    assert [data] == [record.body for record in found]


@pytest.mark.parametrize(
    "pieces", [lambda data: [data], lambda data: cut(data, range(len(data)))], ids=["whole", "bytes"]
)
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            gzip.compress(b"z\n1\n", mtime=0),
            "the data is packed with gzip: unpack it (zcat FILE | ...), or read a file whose",
        ),
        ("z\n1\n".encode("utf-16"), "the text is UTF-16: convert it (iconv -f utf-16 -t utf-8 FILE | ...)"),
        (b"\xfe\xff" + "z\n1\n".encode("utf-16-be"), "the text is UTF-16: convert it"),
    ],
    ids=["gzip", "UTF-16", "UTF-16 the other way"],
)
def test_what_is_no_csv_yet(pieces: Callable[[bytes], list[bytes]], data: bytes, said: str) -> None:
    """Packed data and UTF-16 are known by their first bytes, and it is said what makes CSV of them."""
    found, fault = tokens(pieces(data))
    assert found == []
    assert str(fault).startswith(f"cannot read 'FILE': {said}")
