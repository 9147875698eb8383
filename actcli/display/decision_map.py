"""Decision maps: the class that a classifier predicts for each part of a plane, drawn with characters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from actcli.display.plot.glyphs import join_cells
from actcli.display.terminal import Terminal
from actcli.text import escape, shorten, text_width

__all__ = ["DecisionMap", "shades", "side_by_side"]

_GAP = 4
"""Columns between maps."""
_MIN_HALVED_WIDTH = 16
"""Columns below which a map is not halved to fit next to others."""
_STYLES = {1: "32", -1: "35", 0: ""}
"""ANSI colours per class: green, magenta, none if undecided."""


@dataclass(frozen=True)
class DecisionMap:
    """A map with its titles.

    titles   lines above the map
    out      the classifier's output at the centres of the map's cells, row by row from the upper left
    points   (x, y) of the points drawn on the map
    classes  +1 or -1 per point
    scores   per point 1 if it is classified correctly, 1/2 if undecided, 0 if wrong
    across   x at the left and right edges
    up       y at the lower and upper edges
    """

    titles: Sequence[str]
    out: Sequence[Sequence[float]]
    points: Sequence[Sequence[float]]
    classes: Sequence[float]
    scores: Sequence[float]
    across: tuple[float, float]
    up: tuple[float, float]

    def lines(self, terminal: Terminal) -> list[str]:
        """Return the titles and the map: a shade where `out` is positive, a dot where negative, else `?`.

        Points are `x` for class +1 and `o` for -1, in capitals if misclassified, and `*` if undecided.
        """
        cells = [[_shade(value, terminal) for value in row] for row in self.out]
        rows, columns = len(cells), len(cells[0])
        # Wrong points are drawn last, so that none of them is hidden.
        for score, label, (x, y) in sorted(zip(self.scores, self.classes, self.points, strict=True), reverse=True):
            column = _cell((x - self.across[0]) / (self.across[1] - self.across[0]), columns)
            row = _cell((self.up[1] - y) / (self.up[1] - self.up[0]), rows)
            letter = "x" if label > 0 else "o"
            mark = letter if score == 1 else "*" if score else letter.upper()
            cells[row][column] = mark, (1 if label > 0 else -1)
        return [
            *(shorten(escape(title, unicode=terminal.unicode), columns, unicode=terminal.unicode)
              for title in self.titles),
            *(join_cells([(text, _STYLES[sign]) for text, sign in row], terminal.color) for row in cells),
        ]  # fmt: skip

    def halved(self) -> DecisionMap:
        """Return the map at half its width: every second column."""
        return replace(self, out=[row[::2] for row in self.out])


def shades(terminal: Terminal) -> tuple[str, str]:
    """Return the characters for positive and negative output."""
    return _shade(1.0, terminal)[0], _shade(-1.0, terminal)[0]


def side_by_side(maps: Sequence[DecisionMap], terminal: Terminal) -> str:
    """Return the maps in rows, as many in a row as fit; "" if a single map is too wide.

    They are halved if that puts all of them in one row.
    """
    width = max(len(each.out[0]) for each in maps)
    half = (width + 1) // 2
    if _row_width(maps, width) > terminal.width >= _row_width(maps, half) and half >= _MIN_HALVED_WIDTH:
        maps, width = [each.halved() for each in maps], half
    if width > terminal.width:
        return ""
    across = (terminal.width + _GAP) // (width + _GAP)
    blocks = []
    for start in range(0, len(maps), across):
        row = maps[start : start + across]
        lines = zip_longest(*(each.lines(terminal) for each in row), fillvalue="")
        # Only titles need padding. They have no escape sequences, which would count as width.
        blocks.append("\n".join((" " * _GAP).join(_padded(text, width) for text in line).rstrip() for line in lines))
    return "\n\n".join(blocks)


def _row_width(maps: Sequence[DecisionMap], width: int) -> int:
    return len(maps) * (width + _GAP) - _GAP


def _padded(text: str, width: int) -> str:
    """Return a title padded to `width`; a line of the map, which has escape sequences, as it is."""
    return text + " " * (width - text_width(text)) if "\x1b" not in text else text


def _cell(share: float, count: int) -> int:
    """Return the index of the cell, of `count`, at this share of an axis."""
    return min(max(math.floor(share * count), 0), count - 1)


def _shade(value: float, terminal: Terminal) -> tuple[str, int]:
    """Return the character for an output, and its sign."""
    if value > 0:
        return ("░" if terminal.unicode else ":"), 1
    if value < 0:
        return ("·" if terminal.unicode else "."), -1
    return "?", 0
