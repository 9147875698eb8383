"""Numeric columns read from CSV."""

from __future__ import annotations

import pytest

from actcli.errors import DataError
from actcli.number_formats import FLOATS
from actcli.streams.csv.column_reader import ColumnBlock, non_numeric_cell_error, read_columns
from actcli.streams.csv.plan import FilterOptions


class Pieces:
    """A source that gives the bytes of a file in pieces of a few bytes."""

    name = "data.csv"

    def __init__(self, data: bytes, size: int) -> None:
        self.data, self.size, self.position = data, size, 0

    def read_some(self) -> bytes:
        piece = self.data[self.position : self.position + self.size]
        self.position += len(piece)
        return piece


def read(data: bytes, *columns: str, size: int = 7, header: bool | None = None) -> list[ColumnBlock]:
    options = FilterOptions(columns=columns, header=header)
    return list(read_columns(Pieces(data, size), options, FLOATS["float64"]))


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_columns_and_lines(size: int) -> None:
    """The chosen columns come in order with the line of each row, for reads of any size, without blank lines."""
    pieces = read(b'a,b,c\n1,"x\ny",2\n\n3,z,4\n', "c", "a", size=size)
    assert [line for piece in pieces for line in piece.lines] == [2, 5]
    assert [value for piece in pieces for value in piece.columns[0].values.tolist()] == [2.0, 4.0]
    assert [value for piece in pieces for value in piece.columns[1].values.tolist()] == [1.0, 3.0]
    assert pieces[0].names == ["c", "a"]


def test_without_a_header() -> None:
    """Without a header the names of columns are numbers, and the first row is data."""
    (piece,) = read(b"1,2\n3,4\n", "2", size=100, header=False)
    assert (piece.names, piece.lines, piece.columns[0].values.tolist()) == (["2"], [1, 2], [2.0, 4.0])


def test_no_rows() -> None:
    """An empty file and a header alone have no rows."""
    assert read(b"", "1") == []
    assert read(b"a,b\n", "a") == []


def test_ragged_row() -> None:
    """A ragged row is an error after the rows before it."""
    rows = read_columns(Pieces(b"a,b\n1,2\n3\n", 100), FilterOptions(columns=("a",)), FLOATS["float64"])
    assert next(rows).lines == [2]
    with pytest.raises(DataError, match=r"^data\.csv:3: 1 cell, but the header has 2$"):
        next(rows)


def test_non_numeric_cell() -> None:
    """The error of the first non-numeric cell names its line and column."""
    (piece,) = read(b"a,b\n1,2\nx,y\n", "a", "b", size=100)
    assert str(non_numeric_cell_error(piece, "data.csv")) == "data.csv:3: column 'a': 'x' is not a number"
    assert non_numeric_cell_error(read(b"a\n1\n", "a", size=100)[0], "data.csv") is None
