"""Decision regions: on which side of its border a classifier puts each part of a plane, as a map of characters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from actcli.display.plot.glyphs import join_cells
from actcli.display.terminal import Terminal
from actcli.text import escape, shorten, text_width

__all__ = ["Region", "shades", "side_by_side"]

_GAP = 4
_LEAST = 16
_STYLES = {1: "32", -1: "35", 0: ""}


@dataclass(frozen=True)
class Region:
    """A map under its titles.

    out      what a classifier decides at the middles of the map's cells, row by row from its upper left
    points   x and y of points that lie on it;  classes  +1 or -1 for each
    scores   for each point 1 if it is classified so, 1/2 if it is left undecided, 0 if it is wrong
    across   where the map begins and ends;  up  its lower and upper end
    """

    titles: Sequence[str]
    out: Sequence[Sequence[float]]
    points: Sequence[Sequence[float]]
    classes: Sequence[float]
    scores: Sequence[float]
    across: tuple[float, float]
    up: tuple[float, float]

    def lines(self, terminal: Terminal) -> list[str]:
        """A shade where `out` is above 0, a dot where it is below, `?` where it is neither.

        Points are `x` for class +1 and `o` for -1, in capitals where the classifier is wrong, `*` where undecided.
        """
        cells = [[_shade(value, terminal) for value in row] for row in self.out]
        rows, columns = len(cells), len(cells[0])
        # The wrong ones last, so that none of them is hidden.
        for score, known, (x, y) in sorted(zip(self.scores, self.classes, self.points, strict=True), reverse=True):
            column = _cell((x - self.across[0]) / (self.across[1] - self.across[0]), columns)
            row = _cell((self.up[1] - y) / (self.up[1] - self.up[0]), rows)
            letter = "x" if known > 0 else "o"
            mark = letter if score == 1 else "*" if score else letter.upper()
            cells[row][column] = mark, (1 if known > 0 else -1)
        return [
            *(shorten(escape(title, unicode=terminal.unicode), columns, unicode=terminal.unicode)
              for title in self.titles),
            *(join_cells([(text, _STYLES[sign]) for text, sign in row], terminal.color) for row in cells),
        ]  # fmt: skip

    def halved(self) -> Region:
        """The map at half its width: every other column of it."""
        return replace(self, out=[row[::2] for row in self.out])


def shades(terminal: Terminal) -> tuple[str, str]:
    """The characters for where `out` is above 0, and below."""
    return _shade(1.0, terminal)[0], _shade(-1.0, terminal)[0]


def side_by_side(maps: Sequence[Region], terminal: Terminal) -> str:
    """The maps next to each other, at half their width if that lets all stand so; else below each other as far as they
    do not fit; "" if not even one does.
    """
    width = max(len(each.out[0]) for each in maps)
    half = (width + 1) // 2
    if _beside(maps, width) > terminal.width >= _beside(maps, half) and half >= _LEAST:
        maps, width = [each.halved() for each in maps], half
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


def _beside(maps: Sequence[Region], width: int) -> int:
    return len(maps) * (width + _GAP) - _GAP


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
