"""Dots in character cells.

A cell holds 2x4 dots as braille, 2x2 as blocks, one as ASCII. Each curve has a layer of its own, so that it
is known which cells several curves share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor

from actcli.display.plot.axis import Scale
from actcli.display.plot.curves import Piece

__all__ = ["CHARSETS", "Canvas", "Charset", "column_of", "row_of"]


@dataclass(frozen=True)
class Charset:
    """How a character set draws.

    dots     dots in a cell, across and down
    bits     the bit of each dot, by row and column
    cells    the character of each combination of bits; None for ASCII, where it says which curve it is
    empty    a cell without a dot
    axes     the lines y = 0, x = 0, and where they cross; "" to draw them as rows of dots
    frame    the y-axis, a tick on it, the corner, the x-axis, a tick on it
    """

    dots: tuple[int, int]
    bits: tuple[tuple[int, ...], ...]
    cells: str | None
    empty: str
    axes: str
    frame: str


_BRAILLE = "".join(map(chr, range(0x2800, 0x2900)))
_BRAILLE_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))

CHARSETS = {
    "braille": Charset((2, 4), _BRAILLE_BITS, _BRAILLE, "⠀", "", "│┤└─┬"),
    "block": Charset((2, 2), ((1, 2), (4, 8)), " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█", " ", "┄┆┼", "│┤└─┬"),
    "ascii": Charset((1, 1), ((1,),), None, " ", ".::", "|++-+"),
}
"""The character sets by name."""


def dot_columns(x: Iterable[float], scale: Scale, columns: int, charset: Charset) -> list[float]:
    """The places of `x` in dots from the left edge; the ends of the scale are in the outermost dots."""
    return scale.places(x, 0.5, columns * charset.dots[0] - 0.5)


def dot_rows(y: Iterable[float], scale: Scale, rows: int, charset: Charset) -> list[float]:
    """The places of `y` in dots from the upper edge; the ends of the scale are half a cell from the edges.

    Where a cell has several dots down, half a cell is between two of them; all is moved up by half a dot, so
    that what is a little beside an end of the scale is drawn on one line with it.
    """
    down = charset.dots[1]
    top = max(down / 2 - 0.5, 0.5)
    return scale.places(y, (rows - 1) * down + top, top)


def column_of(x: float, scale: Scale, columns: int, charset: Charset) -> int:
    """The column of cells, from 0 on the left, that `x` is in."""
    return floor(dot_columns((x,), scale, columns, charset)[0]) // charset.dots[0]


def row_of(y: float, scale: Scale, rows: int, charset: Charset) -> int:
    """The row of cells, from 0 at the top, that `y` is in."""
    return floor(dot_rows((y,), scale, rows, charset)[0]) // charset.dots[1]


class Canvas:
    """`columns` by `rows` cells for curves, x and y running along the two scales.

    layers   for each curve the cells it goes through, by column and row, with the bits of its dots
    heights  for each curve its height in each column it goes through, in cells from the upper edge
    """

    def __init__(self, columns: int, rows: int, charset: Charset, x: Scale, y: Scale) -> None:
        self.columns = columns
        self.rows = rows
        self.charset = charset
        self._x = x
        self._y = y
        self.layers: list[dict[tuple[int, int], int]] = []
        self.heights: list[dict[int, float]] = []

    def add(self, pieces: list[Piece]) -> None:
        """Draw a curve on a new layer."""
        self.layers.append({})
        self.heights.append({})
        for piece in pieces:
            x = dot_columns((x for x, _ in piece.points), self._x, self.columns, self.charset)
            y = dot_rows((y for _, y in piece.points), self._y, self.rows, self.charset)
            self._draw(x, y)

    def zero_lines(self) -> dict[tuple[int, int], str]:
        """The characters of the lines y = 0 and x = 0, as far as they are within the scales."""
        row = row_of(0.0, self._y, self.rows, self.charset) if self._y.low <= 0 <= self._y.high else None
        column = None
        if self._x.low < 0 <= self._x.high:  # At the left edge the frame is line enough.
            column = column_of(0.0, self._x, self.columns, self.charset)
        if not self.charset.axes:
            return self._dotted(row, column)
        lines = {(i, row): self.charset.axes[0] for i in range(self.columns)} if row is not None else {}
        if column is not None:
            lines |= {(column, j): self.charset.axes[2 if j == row else 1] for j in range(self.rows)}
        return lines

    def _dotted(self, row: int | None, column: int | None) -> dict[tuple[int, int], str]:
        """The zero lines as rows of single dots, the finest that the character set has."""
        across, down = self.charset.dots
        bits: dict[tuple[int, int], int] = {}
        if row is not None:
            level = floor(dot_rows((0.0,), self._y, self.rows, self.charset)[0]) % down
            bits = {(i, row): self.charset.bits[level][0] for i in range(self.columns)}
        if column is not None:
            side = floor(dot_columns((0.0,), self._x, self.columns, self.charset)[0]) % across
            upright = sum(self.charset.bits[level][side] for level in range(0, down, 2))
            for j in range(self.rows):
                bits[column, j] = bits.get((column, j), 0) | upright
        return {place: (self.charset.cells or "")[value] for place, value in bits.items()}

    def _draw(self, x: list[float], y: list[float]) -> None:
        """Join the points, by one dot in each column of dots where the curve is not steep.

        A line is drawn through the curve's heights at the centres of the columns, through its ends, and
        through the points where it turns.
        """
        at = floor(x[0]), floor(y[0])
        self._fill(at, at)
        centre = at[0] + 0.5 if x[0] < at[0] + 0.5 else at[0] + 1.5
        last = len(x) - 1
        for i in range(1, last + 1):
            x0, x1 = x[i - 1], x[i]
            y0, y1 = y[i - 1], y[i]
            while centre <= x1:
                height = y0 + (y1 - y0) * ((centre - x0) / (x1 - x0)) if x1 > x0 else y1
                to = floor(centre), floor(height)
                self._fill(at, to)
                at = to
                centre += 1
            if i == last or y0 < y1 > y[i + 1] or y0 > y1 < y[i + 1]:
                to = floor(x1), floor(y1)
                self._fill(at, to)
                at = to

    def _fill(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Dots from `start` to `end`, at most one column apart: half the way up is in either column."""
        (x0, y0), (x1, y1) = start, end
        if x0 == x1:
            self._rise(x0, y0, y1)
        elif abs(y1 - y0) <= 1:
            self._rise(x1, y1, y1)
        elif y0 < y1:
            middle = (y0 + y1) // 2
            self._rise(x0, y0, middle)
            self._rise(x1, middle + 1, y1)
        else:
            middle = (y0 + y1 + 1) // 2
            self._rise(x0, middle, y0)
            self._rise(x1, y1, middle - 1)

    def _rise(self, x: int, y0: int, y1: int) -> None:
        """Dots in one column from y0 to y1, as far as they are on the canvas."""
        across, down = self.charset.dots
        low, high = (y0, y1) if y0 <= y1 else (y1, y0)
        if low < 0:
            low = 0
        if high >= self.rows * down:
            high = self.rows * down - 1
        if low > high:
            return
        layer, bits = self.layers[-1], self.charset.bits
        column = x // across
        for y in range(low, high + 1):
            place = column, y // down
            layer[place] = layer.get(place, 0) | bits[y % down][x % across]
        self.heights[-1][column] = (low + high + 1) / (2 * down)
