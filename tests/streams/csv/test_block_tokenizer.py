"""Row ends and cell boundaries found with array operations, against a reader that goes byte by byte."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actcli.streams.csv.block_tokenizer import last_row_end, regular_row_end, tokenise
from actcli.streams.csv.blocks import Block
from actcli.streams.csv.row_reader import split
from tests.support.filtering import oracle
from tests.support.tiers import examples


def regular(data: bytes) -> tuple[int, int]:
    """Return the end of the last regular row of `data`, and that of its regular part."""
    return regular_row_end(data, len(data), ord(","))


def found(data: bytes, width: int, delimiter: str = ",") -> list[list[bytes]] | None:
    """Return the cells of a regular block, row by row."""
    cells = tokenise(np.frombuffer(data, np.uint8), ord(delimiter), width)
    if cells is None:
        return None
    starts = cells.starts(np.arange(width))
    return [
        [data[a:b] for a, b in zip(row_starts, row_ends, strict=True)]
        for row_starts, row_ends in zip(starts.tolist(), cells.ends.tolist(), strict=True)
    ]


nasty = st.text(alphabet=',"\n\r a1', max_size=60).map(str.encode)
cells = st.sampled_from([b"a", b"1", b"", b'""', b'"a,b"', b'"a\nb"', b'"a""b"', b'"a"b', b'"a\r\nb"', b'x""', b"\r"])


@st.composite
def rows(draw: st.DrawFn) -> bytes:
    """Draw rows of one width."""
    width = draw(st.integers(1, 4))
    ending = draw(st.sampled_from([b"\n", b"\r\n"]))
    table = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5))
    return b"".join(b",".join(row) + ending for row in table)


@settings(max_examples=examples(2000))
@given(st.one_of(nasty, rows(), st.tuples(rows(), nasty).map(b"".join)))
@example(b'""","\n')
@example(b'"\n",a\n')
@example(b'a"b,c"\n')
@example(b'"a"\n"b"')
@example(b'1,"a\r\n"\r')
def test_regular_row_end_is_a_row_end_of_the_oracle(data: bytes) -> None:
    """The regular part holds whole rows as the oracle reads them, up to the last row end in it."""
    if not data:
        return
    end, stop = regular(data)
    assert end <= stop <= len(data)
    ends, at = [], 0
    for row in oracle(data, b",")[0]:
        at += len(row.body + row.ending)
        ends += [at] * bool(row.ending)
    assert end == max((e for e in ends if e <= stop), default=0)
    assert last_row_end(data[:end], end) == end if end else True


@settings(max_examples=examples(1000))
@given(st.one_of(nasty, rows()), st.integers(1, 4))
def test_regular_part_ends_at_irregular_byte(data: bytes, width: int) -> None:
    """The regular part ends at a quote inside a bare cell or at a CR without LF, and otherwise with the data."""
    if data:
        _, stop = regular(data)
        assert stop == len(data) or data[stop : stop + 1] in (b'"', b"\r")
        assert data[stop : stop + 2] != b"\r\n"


@settings(max_examples=examples(2000))
@given(st.one_of(nasty, rows()), st.integers(1, 4))
@example(b'""","\n', 1)
@example(b'"\n",a\n', 1)
def test_tokenise_finds_cells_of_the_oracle(data: bytes, width: int) -> None:
    """Cells are those of the oracle, or None: of whole, regular rows of one width without blank lines."""
    data = data[: regular(data)[0]] if data else data
    got = found(data, width) if data else None
    expected, error = oracle(data, b",")
    assert error is None
    is_table = all(row.body and row.ending and len(row.cells) == width for row in expected)
    assert got == ([row.cells for row in expected] if is_table and data else None)
    if got is not None:
        assert [record.cells for record in split(Block(1, data), b",")] == got


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    "row", [b"1,2,3", b'1,"a,b",3', b'"a""b",,"c"', b'"",,', b'"a\nb","\r\n","""x"""', b'1,"a"b,3', b"\xff,\x00, "]
)
def test_common_rows_are_regular(row: bytes, ending: bytes) -> None:
    """Quoted cells, embedded line ends, escaped quotes and any bytes are regular."""
    data = (row + ending) * 3
    assert regular(data) == (len(data), len(data))
    assert found(data, 3) == [list(record.cells) for record in split(Block(1, data), b",")]


@pytest.mark.parametrize("data", [b"1,2", b"1,2\n\n3,4\n", b"1\n", b"1,2,3\n"])
def test_tokenise_rejects_ragged_blank_and_open_rows(data: bytes) -> None:
    """A row of another width, a blank line or a missing line end gives None, also after regular rows."""
    assert found(data, 2) is None
    assert found(b"1,2\n" + data, 2) is None


@pytest.mark.parametrize(("data", "stop"), [(b'1,a"b\n', 3), (b"1,\r2\n", 2), (b'1,"\r"\n', 3), (b"1,2\r", 3)])
def test_irregular_bytes_end_the_regular_part(data: bytes, stop: int) -> None:
    """Rows before an irregular byte are regular, that of the byte and those after it are not."""
    assert regular(b"1,2\n" + data + b"3,4\n") == (4, 4 + stop)


def test_row_end_before_many_line_ends_in_quotes() -> None:
    """The row end before an unfinished cell is found, however many line ends the cell has."""
    for count in (50, 5000):
        assert regular(b'1,2\n1,"' + b"\n" * count)[0] == 4
        assert regular(b'1,2\n1,"' + b'""\n' * count)[0] == 4
    assert regular(b"1,2") == (0, 3)
