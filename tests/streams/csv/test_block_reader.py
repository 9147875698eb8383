"""The block reader: where blocks of whole rows end, whatever the reads."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actcli.errors import DataError
from actcli.streams.csv import block_reader
from actcli.streams.csv.block_reader import BlockReader
from actcli.streams.csv.block_tokenizer import regular_row_end
from actcli.streams.csv.blocks import Block
from actcli.streams.csv.row_reader import Record, split
from tests.support.filtering import Pieces, cut, oracle, places
from tests.support.tiers import examples

BOM = b"\xef\xbb\xbf"


def read(pieces: list[bytes], is_file: bool = False) -> tuple[list[Block], str | None]:
    """Return all blocks of the pieces, and the message they ended with."""
    found: list[Block] = []
    try:
        found.extend(BlockReader(Pieces(pieces), b",", is_file))
    except DataError as caught:
        return found, str(caught)
    return found, None


def records(pieces: list[bytes]) -> tuple[list[Record], str | None]:
    """Return all records of the pieces, and the message they ended with."""
    found, error = read(pieces)
    return [record for block in found for record in split(block, b",")], error


@pytest.fixture
def quick_to_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Follow single quotes only as far as necessary before array operations are tried again."""
    monkeypatch.setattr(block_reader, "_IRREGULAR_BYTES", 1)


def test_rows_come_with_read_that_completes_them() -> None:
    """The whole rows of a read are one block, and the rest waits for the next read."""
    source = Pieces([b'a,b\n1,"', b"x\n", b'"', b"\n2,", b"3\n4,5"])
    found = [(block.line, block.data) for block in BlockReader(source, b",")]
    assert found == [(1, b"a,b\n"), (2, b'1,"x\n"\n'), (4, b"2,3\n"), (5, b"4,5")]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_bom_is_set_aside(size: int) -> None:
    """A byte order mark is in no block, for reads of any size, and a quote after it opens a cell."""
    data = BOM + b'"a\nb",c\n'
    rows = BlockReader(Pieces([data[i : i + size] for i in range(0, len(data), size)]), b",")
    assert [(block.line, block.data) for block in rows] == [(1, b'"a\nb",c\n')]
    assert rows.lead == BOM


@pytest.mark.parametrize("data", [b"", b"\xef", b"\xef\xbb", b"\xef\xbb1\n", b"\xefa"])
def test_partial_bom_is_data(data: bytes) -> None:
    """The first bytes of a byte order mark alone are data."""
    rows = BlockReader(Pieces(cut(data, [1, 2])), b",")
    assert data == b"".join(block.data for block in rows)
    assert rows.lead == b""


@pytest.mark.parametrize(
    ("data", "rows", "message"),
    [
        (b'a\n"b\nc', 1, "FILE:2: unclosed quote"),
        (b'a\n"b\n\n",x\n1,"c""\nd', 2, "FILE:5: unclosed quote"),
        (b'"', 0, "FILE:1: unclosed quote"),
        (b"a\rb\rc\r", 0, "FILE:1: bare CR"),
        (b'a\n"q\n",b\n1\r2\n', 2, "FILE:4: bare CR"),
        (b"a\n1\r", 1, "FILE:2: bare CR"),
        (b"a\n1\r\r\n", 1, "FILE:2: bare CR"),
        (b'a\r"b"\n', 0, "FILE:1: bare CR"),
        (b'"a"\r,b\n', 0, "FILE:1: bare CR"),
    ],
)
def test_errors_name_line_where_row_starts(data: bytes, rows: int, message: str) -> None:
    """An unclosed quote and a bare CR are reported after every row before them."""
    found, error = records([data])
    assert rows == len(found)
    assert error is not None
    assert error.startswith(message)
    assert error.isprintable()


def test_bare_cr_is_found_at_once() -> None:
    """A file whose lines end in CR is rejected at its first read."""
    source = Pieces([b"1\r2\r3\r"] * 10)
    with pytest.raises(DataError):
        list(BlockReader(source, b","))
    assert source.position == 6


@pytest.mark.parametrize("pieces", [1, 7, 10_000], ids=["bytes", "pieces", "one read"])
def test_row_above_limit_is_an_error(monkeypatch: pytest.MonkeyPatch, pieces: int) -> None:
    """A row above the limit is an error after the rows before it, even if a single read completes it."""
    monkeypatch.setattr(block_reader, "_MAX_ROW_BYTES", 1000)

    def ended(data: bytes) -> tuple[int, str | None]:
        found, error = records([data[i : i + pieces] for i in range(0, len(data), pieces)])
        return len(found), error

    message = "a row of more than 20 MB"
    assert ended(b'a\n"b\n' + b"c\n" * 1000) == (1, f"FILE:2: {message}: is a quote unclosed?")
    assert ended(b"c" * 1200) == (0, f"FILE:1: {message}")
    assert ended(b"a\n" + b"c" * 1000 + b"\nb\n") == (1, f"FILE:2: {message}")
    assert ended(b"a\n" + b'"' + b"c" * 1000 + b'"\nb\n') == (
        1,
        f"FILE:2: {message}: is a quote unclosed?",
    )
    assert ended(b"a\n" + b"c" * 999 + b"\nb\n") == (3, None)
    assert ended(b"a\n" + b"c" * 1000) == (2, None)


nasty = st.text(alphabet=',"\n\r a1', max_size=60).map(str.encode)


@settings(max_examples=examples(1000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nasty, places, st.booleans())
@example(b',"a', [], False)
@example(b'a,"b"",\n",c\n', [5], False)
def test_blocks_are_whole_rows_of_the_oracle(
    quick_to_retry: None, data: bytes, where: list[int], is_file: bool
) -> None:
    """Blocks are whole rows of a reader that goes byte by byte, and end with its error, whatever the reads."""
    rows, line = oracle(data, b",")
    found, error = read(cut(data, where), is_file)
    assert [row.line for row in rows if row.line in {block.line for block in found}] == [b.line for b in found]
    assert b"".join(row.body + row.ending for row in rows) == b"".join(bytes(block.data) for block in found)
    assert (line is None) == (error is None)
    assert error is None or error.startswith(f"FILE:{line}: ")
    for block in found:
        size = len(block.data)
        assert not block.is_regular or regular_row_end(bytes(block.data), size, ord(","))[1] == size


def test_block_sizes() -> None:
    """The first block is small, later ones grow to 1 MB, and blocks of short rows stay small."""
    found, _ = read([(b'1,"a, b",3'.ljust(80) + b"\n") * 50_000])
    assert len(found[0].data) <= 1 << 12
    assert 1 << 19 < max(len(block.data) for block in found) <= 1 << 20
    assert len(found) < 12
    found, _ = read([b"1\n" * 500_000])
    assert max(len(block.data) for block in found) <= 3 << 15


def test_file_blocks_are_not_small() -> None:
    """From a file, rows wait for the next read until there are enough for a large block."""
    found, _ = read([b"1,2\n" * 1000] * 100, is_file=True)
    assert min(len(block.data) for block in found[1:-1]) > 1 << 14
    found, _ = read([b"1,2\n" * 1000] * 100)
    assert len(found) == 100


def test_irregular_rows_are_isolated() -> None:
    """Few bytes around a quote in a bare cell are in irregular blocks."""
    row = b'1,"a, b",3\n'
    found, _ = read([row * 50_000 + b'5" pipe,1,2\n' + row * 50_000])
    assert sum(len(block.data) for block in found if not block.is_regular) < 20_000
    assert sum(len(block.data) for block in found) == 100_000 * len(row) + 12


class CountingBuffer(bytearray):
    """A buffer that counts the bytes that are searched."""

    searched = 0

    def find(self, wanted: bytes, start: int, end: int) -> int:  # type: ignore[override]
        found = super().find(wanted, start, end)
        CountingBuffer.searched += (end if found < 0 else found + 1) - start
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
    """Count the bytes that the reader searches."""
    monkeypatch.setattr(CountingBuffer, "searched", 0)
    monkeypatch.setattr(block_reader, "bytearray", CountingBuffer, raising=False)

    def count(data: bytes, stop: int, delimiter: int) -> tuple[int, int]:
        CountingBuffer.searched += stop
        return regular_row_end(bytes(data), stop, delimiter)

    monkeypatch.setattr(block_reader, "regular_row_end", count)
    return CountingBuffer


@pytest.mark.parametrize(("size", "piece"), [(2_000_000, 65536), (20_000, 1)])
@pytest.mark.parametrize("filling", [b"x", b"\n", b'""', b"x\r\n", b","])
def test_work_is_linear_in_long_cell(size: int, piece: int, filling: bytes, counting: type[CountingBuffer]) -> None:
    """Each byte of a cell of megabytes is searched at most a few times, for reads of any size."""
    data = b'1,"' + filling * (size // len(filling)) + b'"\n'
    found, error = records([data[i : i + piece] for i in range(0, len(data), piece)])
    assert len(data) // 2 <= counting.searched <= 6 * len(data)
    assert error is None
    assert [len(data) - 3] == [len(record.cells[1]) for record in found]


@pytest.mark.parametrize("filling", [b"x", b'x"'])
def test_work_is_linear_in_long_line(filling: bytes, counting: type[CountingBuffer]) -> None:
    """Each byte of a long line, of ordinary bytes or quotes in bare cells, is searched at most a few times."""
    data = filling * 100_000
    found, _ = records([data[i : i + 7] for i in range(0, len(data), 7)])
    assert len(data) // 2 <= counting.searched <= 6 * len(data)
    assert [data] == [record.body for record in found]
