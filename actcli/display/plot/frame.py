"""A frame: curves, zero lines, the y-axis, and the names of the curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from actcli.display.plot.axis import RowAxis, Scale, row_axis
from actcli.display.plot.canvas import Canvas, Charset, row_of
from actcli.display.plot.curves import Curve, check_range, pieces, shown_range
from actcli.display.plot.glyphs import DIM, Line, curve_cells, curve_style, mark, place_letters
from actcli.text import escape, shorten, text_width

__all__ = ["Frame"]

_LEGEND_GAP = "   "


class Frame:
    """Curves in `height` lines: a legend if the names do not fit next to the plot, the plot, and the frame below it.

    left   columns of the y-axis, frame included
    right  columns of the names to the right of the plot
    """

    def __init__(
        self,
        curves: Sequence[Curve],
        y_range: tuple[float, float] | None,
        x: Scale,
        width: int,
        height: int,
        charset: Charset,
        first_number: int = 0,
        logarithmic: bool = False,
    ) -> None:
        self._first = first_number
        self._logarithmic = logarithmic
        if logarithmic:
            curves = [replace(curve, y=[math.log10(y) if y > 0 else math.nan for y in curve.y]) for curve in curves]
        self._x = x
        self._width = width
        self._charset = charset
        unicode = charset.cells is not None
        self._names = [escape(curve.label, unicode=unicode) for curve in curves]
        limits = float(x.low), float(x.high)
        self._pieces = [pieces(curve, limits) for curve in curves]
        if y_range is None:
            y_range = shown_range(self._pieces, limits)
        low, high = check_range("y", y_range)
        if logarithmic and high - low < 1:
            low, high = math.floor(low), math.floor(low) + math.ceil(high - math.floor(low))  # with a power of ten
        self._rows = height - 1
        self._y = self._y_axis(low, high)
        self._ends = self._name_rows()
        self._legend: list[Line] = []
        if self._ends is None:
            self._legend = self._packed_names(max(self._rows // 3, 1))
            self._rows -= len(self._legend)
            self._y = self._y_axis(low, high)
        self.left = max((len(label) + 1 for label in self._y.labels.values()), default=0) + 1
        self.right = max(map(text_width, self._names), default=-1) + 1 if self._ends else 0

    # --- layout ---------------------------------------------------------------------------------------------

    def _name_rows(self) -> dict[int, int] | None:
        """Return the number of the curve that ends in each row; None if the names do not fit at the curves' ends."""
        if not any(self._names):
            return {}
        rows: dict[int, int] = {}
        for number, found in enumerate(self._pieces):
            if not found or text_width(self._names[number]) > self._width // 6:
                return None
            x, y = found[-1].points[-1]
            row = row_of(y, self._y.scale, self._rows, self._charset)
            if self._x.fraction(x) < 1 - 1 / self._width or not 0 <= row < self._rows or row in rows:
                return None
            rows[row] = number
        return rows

    def _packed_names(self, max_lines: int) -> list[Line]:
        """Return the legend: names with their marks on at most `max_lines` lines; `+3` means three more."""
        count = len(self._names)
        unicode = self._charset.cells is not None
        reserve = text_width(f"{_LEGEND_GAP}+{count}") if count > 1 else 0
        lines: list[Line] = [[]]
        for number, name in enumerate(self._names):
            entry = f"{mark(self._first + number, count, self._charset)} {name}".strip()
            entry = shorten(entry, self._width - reserve, unicode=unicode)
            if lines[-1] and _width(lines[-1]) + len(_LEGEND_GAP) + text_width(entry) > self._width:
                lines.append([])
            if lines[-1]:
                lines[-1].append((_LEGEND_GAP, ""))
            lines[-1].append((entry, curve_style(self._first + number)))
        omitted = sum((len(line) + 1) // 2 for line in lines[max_lines:])
        if omitted:
            last = lines[max_lines - 1]
            while _width(last) + reserve > self._width:
                del last[-2:]
                omitted += 1
            last += [(_LEGEND_GAP, ""), (f"+{omitted}", "")]
        return lines[:max_lines]

    def _y_axis(self, low: float, high: float) -> RowAxis:
        target = min(max(self._rows / 3.5, 3), 7)
        return row_axis(low, high, self._rows, target, self._width // 2 - 2, logarithmic=self._logarithmic)

    # --- lines ----------------------------------------------------------------------------------------------

    def lines(self, left: int, right: int, ticks: set[int]) -> list[Line]:
        """Return the lines of the frame, with the plot between `left` and `right` columns and `ticks` on its x-axis."""
        columns = self._width - left - right
        canvas = Canvas(columns, self._rows, self._charset, self._x, self._y.scale)
        for found in self._pieces:
            canvas.add(found)
        cells = {position: (text, DIM) for position, text in canvas.zero_lines(not self._logarithmic).items()}
        cells |= curve_cells(canvas, self._first)
        if self._ends is None and self._charset.cells is not None and len(self._names) > 1:
            cells |= place_letters(canvas, self._first)
        y_axis, y_tick, corner, x_axis, x_tick = tuple(self._charset.frame)
        labels = self._y.labels
        empty = self._charset.empty, ""
        lines = list(self._legend)
        for row in range(self._rows):
            axis = labels[row].rjust(left - 2) + " " + y_tick if row in labels else " " * (left - 1) + y_axis
            lines.append([(axis, ""), *(cells.get((column, row), empty) for column in range(columns))])
            if self._ends and row in self._ends:
                lines[-1].append((" " + self._names[self._ends[row]], curve_style(self._first + self._ends[row])))
        bottom = "".join(x_tick if column in ticks else x_axis for column in range(columns))
        return [*lines, [(" " * (left - 1) + corner + bottom, "")]]


def _width(line: Line) -> int:
    return sum(text_width(text) for text, _ in line)
