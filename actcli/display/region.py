"""Decision regions: on which side of its border a classifier puts each part of a plane, as a map of characters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from actcli.display.plot.cells import join_cells
from actcli.display.terminal import Terminal
from actcli.display.text import escaped, shortened, text_width

__all__ = ["Region", "side_by_side"]

_GAP = 4
_STYLES = {1: "32", -1: "35", 0: ""}


@dataclass(frozen=True)
class Region:
    """A map under its title.

    out      what a classifier decides at the middles of the map's cells, row by row from its upper left
    points   x and y of points that lie on it;  classes  +1 or -1 for each;  right  whether it is classified so
    across   where the map begins and ends;  up  its lower and upper end
    """

    title: str
    out: Sequence[Sequence[float]]
    points: Sequence[Sequence[float]]
    classes: Sequence[float]
    right: Sequence[bool]
    across: tuple[float, float]
    up: tuple[float, float]

    def lines(self, terminal: Terminal) -> list[str]:
        """A shade where `out` is above 0, a dot where it is below, `?` where it is neither.

        Points are `x` for class +1 and `o` for -1, in capitals where the classifier is wrong.
        """
        cells = [[_shade(value, terminal) for value in row] for row in self.out]
        rows, columns = len(cells), len(cells[0])
        # The wrong ones last, so that none of them is hidden.
        for right, known, (x, y) in sorted(zip(self.right, self.classes, self.points, strict=True), reverse=True):
            column = _cell((x - self.across[0]) / (self.across[1] - self.across[0]), columns)
            row = _cell((self.up[1] - y) / (self.up[1] - self.up[0]), rows)
            letter = "x" if known > 0 else "o"
            cells[row][column] = (letter if right else letter.upper()), (1 if known > 0 else -1)
        title = shortened(escaped(self.title, unicode=terminal.unicode), columns, unicode=terminal.unicode)
        return [title, *(join_cells([(text, _STYLES[sign]) for text, sign in row], terminal.color) for row in cells)]


def side_by_side(maps: Sequence[Region], terminal: Terminal) -> str:
    """The maps next to each other as far as they fit, else below each other; "" if not even one does."""
    width = max(len(each.out[0]) for each in maps)
    if width > terminal.width:
        return ""
    across = (terminal.width + _GAP) // (width + _GAP)
    blocks = []
    for start in range(0, len(maps), across):
        row = maps[start : start + across]
        lines = zip_longest(*(each.lines(terminal) for each in row), fillvalue="")
        # Only titles are shorter than the map, and have no colour that would count as width.
        blocks.append("\n".join((" " * _GAP).join(_padded(text, width) for text in line).rstrip() for line in lines))
    return "\n\n".join(blocks)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - text_width(text)) if "\x1b" not in text else text


def _cell(share: float, count: int) -> int:
    return min(max(math.floor(share * count), 0), count - 1)


def _shade(value: float, terminal: Terminal) -> tuple[str, int]:
    if value > 0:
        return ("░" if terminal.unicode else ":"), 1
    if value < 0:
        return ("·" if terminal.unicode else "."), -1
    return "?", 0
