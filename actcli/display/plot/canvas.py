"""Canvas: dots in character cells.

A cell holds 2x4 dots in braille, 2x2 in blocks, one in ASCII. Each curve has its own layer, so that shared cells are
known.
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
    """The characters of a plot.

    dots     dots per cell, across and down
    bits     the bit of each dot, by row and column
    cells    the character of each combination of bits; None for ASCII, where the character identifies the curve
    empty    the character of a cell without dots
    axes     characters of y = 0, of x = 0 and of their crossing; "" to draw them as dots
    frame    characters of the y-axis, a tick on it, the corner, the x-axis, a tick on it
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
    """Return the positions of `x` in dots from the left edge; the ends of the scale are in the outermost dots."""
    return scale.positions(x, 0.5, columns * charset.dots[0] - 0.5)


def dot_rows(y: Iterable[float], scale: Scale, rows: int, charset: Charset) -> list[float]:
    """Return the positions of `y` in dots from the upper edge; the ends of the scale are half a cell from the edges.

    If a cell has several dots down, its middle lies between two of them. All positions are moved up by half a dot, so
    that values close to an end of the scale share its row of dots.
    """
    down = charset.dots[1]
    top = max(down / 2 - 0.5, 0.5)
    return scale.positions(y, (rows - 1) * down + top, top)


def column_of(x: float, scale: Scale, columns: int, charset: Charset) -> int:
    """Return the column of cells, from 0 at the left, that contains `x`."""
    return floor(dot_columns((x,), scale, columns, charset)[0]) // charset.dots[0]


def row_of(y: float, scale: Scale, rows: int, charset: Charset) -> int:
    """Return the row of cells, from 0 at the top, that contains `y`."""
    return floor(dot_rows((y,), scale, rows, charset)[0]) // charset.dots[1]


class Canvas:
    """A canvas of `columns` by `rows` cells; `x` and `y` are the scales of its axes.

    layers   per curve, the bits of its dots by (column, row)
    heights  per curve, its height by column, in cells from the upper edge
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
            if len(piece.points) == 1 and len(pieces) < self.columns:
                self._thicken(floor(x[0]), floor(y[0]))

    def zero_lines(self, horizontal: bool = True) -> dict[tuple[int, int], str]:
        """Return the characters of the lines y = 0 and x = 0 by (column, row), as far as they are within the scales.

        horizontal  whether to include the line y = 0
        """
        has_row = horizontal and self._y.low <= 0 <= self._y.high
        row = row_of(0.0, self._y, self.rows, self.charset) if has_row else None
        column = None
        if self._x.low < 0 <= self._x.high:  # At the left edge the frame is the line.
            column = column_of(0.0, self._x, self.columns, self.charset)
        if not self.charset.axes:
            return self._zero_dots(row, column)
        lines = {(i, row): self.charset.axes[0] for i in range(self.columns)} if row is not None else {}
        if column is not None:
            lines |= {(column, j): self.charset.axes[2 if j == row else 1] for j in range(self.rows)}
        return lines

    def _zero_dots(self, row: int | None, column: int | None) -> dict[tuple[int, int], str]:
        """Return the zero lines as rows of single dots."""
        across, down = self.charset.dots
        bits: dict[tuple[int, int], int] = {}
        if row is not None:
            level = floor(dot_rows((0.0,), self._y, self.rows, self.charset)[0]) % down
            bits = {(i, row): self.charset.bits[level][0] for i in range(self.columns)}
        if column is not None:
            side = floor(dot_columns((0.0,), self._x, self.columns, self.charset)[0]) % across
            vertical = sum(self.charset.bits[level][side] for level in range(0, down, 2))
            for j in range(self.rows):
                bits[column, j] = bits.get((column, j), 0) | vertical
        return {cell: (self.charset.cells or "")[value] for cell, value in bits.items()}

    def _thicken(self, x: int, y: int) -> None:
        """Set all dots next to a lone point that are in its cell: one dot would be lost among those of the axes."""
        across, down = self.charset.dots
        for column in range(x // across * across, x // across * across + across):
            self._set_column(column, max(y - 1, y // down * down), min(y + 1, y // down * down + down - 1))

    def _draw(self, x: list[float], y: list[float]) -> None:
        """Join the points, with one dot per column of dots where the curve is not steep.

        The line goes through the curve's heights at the centres of the columns, its ends and its extrema.
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
            if i == last or y0 < y1 >= y[i + 1] or y0 > y1 <= y[i + 1]:
                to = floor(x1), floor(y1)
                self._fill(at, to)
                at = to

    def _fill(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Set the dots from `start` to `end`, at most one column apart; each column gets half of the height."""
        (x0, y0), (x1, y1) = start, end
        if x0 == x1:
            self._set_column(x0, y0, y1)
        elif abs(y1 - y0) <= 1:
            self._set_column(x1, y1, y1)
        elif y0 < y1:
            middle = (y0 + y1) // 2
            self._set_column(x0, y0, middle)
            self._set_column(x1, middle + 1, y1)
        else:
            middle = (y0 + y1 + 1) // 2
            self._set_column(x0, middle, y0)
            self._set_column(x1, y1, middle - 1)

    def _set_column(self, x: int, y0: int, y1: int) -> None:
        """Set the dots of one column from y0 to y1, as far as they are on the canvas."""
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
            cell = column, y // down
            layer[cell] = layer.get(cell, 0) | bits[y % down][x % across]
        self.heights[-1][column] = (low + high + 1) / (2 * down)
