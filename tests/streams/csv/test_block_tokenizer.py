"""Cells found in arrays: where `records` finds them, or nowhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actcli.streams.csv.block_tokenizer import last_row_end, tokenise
from actcli.streams.csv.row_reader import Block, split
from tests.support.filtering import oracle
from tests.support.tiers import examples


def found(data: bytes, width: int, delimiter: str = ",") -> list[list[bytes]] | None:
    """The cells, row by row."""
    cells = tokenise(np.frombuffer(data, np.uint8), ord(delimiter), width)
    if cells is None:
        return None
    columns = [
        [data[a:b] for a, b in zip(cells.starts(c).tolist(), cells.ends[:, c].tolist(), strict=True)]
        for c in range(width)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


nasty = st.text(alphabet=',"\n\r a1', max_size=60).map(str.encode)
cells = st.sampled_from([b"a", b"1", b"", b'""', b'"a,b"', b'"a\nb"', b'"a""b"', b'"a"b', b'"a\r\nb"', b'x""', b"\r"])


@st.composite
def rows(draw: st.DrawFn) -> bytes:
    """Rows of one width, or nearly."""
    width = draw(st.integers(1, 4))
    ending = draw(st.sampled_from([b"\n", b"\r\n"]))
    table = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5))
    return b"".join(b",".join(row) + ending for row in table)


@settings(max_examples=examples(2000))
@given(st.one_of(nasty, rows()), st.integers(1, 4))
@example(b'""","\n', 1)
@example(b'"\n",a\n', 1)
@example(b'a"b,c"\n', 2)
def test_cells_are_where_the_plain_way_finds_them(data: bytes, width: int) -> None:
    """What is found is every cell, of rows that are all whole and of that width; blank lines are not for here."""
    got = found(data, width)
    if got is not None:
        expected, fault = oracle(data, b",")
        assert fault is None
        assert [row.cells for row in expected] == got
        assert all(row.body and row.ending and len(row.cells) == width for row in expected)
        assert [record.cells for record in split(Block(1, data), b",")] == got


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    "row", [b"1,2,3", b'1,"a,b",3', b'"a""b",,"c"', b'"",,', b'"a\nb","\r\n","""x"""', b'1,"a"b,3', b"\xff,\x00, "]
)
def test_regular_rows_are_found(row: bytes, ending: bytes) -> None:
    """What most files are made of is not left to the plain way."""
    data = (row + ending) * 3
    assert found(data, 3) == [list(record.cells) for record in split(Block(1, data), b",")]


@pytest.mark.parametrize(
    "data", [b"", b"1,2", b"1,2\n\n3,4\n", b"1\n", b"1,2,3\n", b'1,a"b\n', b"1,\r2\n", b'1,"2\n', b'1,"\r"\n']
)
def test_irregular_rows_are_not(data: bytes) -> None:
    """Anything else is not found at all, also behind rows that are regular."""
    assert found(data, 2) is None
    assert found(b"1,2\n" + data, 2) is None or not data


@settings(max_examples=examples(1000))
@given(st.one_of(nasty, st.tuples(rows(), nasty).map(b"".join)))
def test_the_last_row_ends_outside_quotes(data: bytes) -> None:
    """Where the bytes up to the end that is found are regular, they are whole rows, and no whole row comes after."""
    end = last_row_end(data)
    assert end == 0 or data[end - 1 : end] == b"\n"
    whole, fault = oracle(data[:end], b",")
    everything, broken = oracle(data, b",")
    if all(found(row.body + b"\n", len(row.cells)) for row in whole) and fault is None and broken is None:
        assert sum(len(row.body + row.ending) for row in whole) == end
        rest = [row for row in everything[len(whole) :] if row.ending]
        assert not rest or any(b'"' in row.body for row in rest) or end == 0


def test_many_line_ends_in_quotes() -> None:
    """A last cell of many lines is stepped over; one of too many is not, and then nothing is said."""
    assert last_row_end(b'1,2\n1,"' + b"\n" * 50) == 4
    assert last_row_end(b'1,2\n1,"' + b"\n" * 500) == 0
    assert last_row_end(b"1,2") == 0
