"""Kinks as the columns of a table: where they are, and the slopes on their two sides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from actcli.display.numbers import significant
from actcli.display.table import TableColumn

if TYPE_CHECKING:
    from actcli.core.analysis.breakpoints import NumericKink

__all__ = ["kink_columns"]

_ALL = 17
_SAME = 1e-13
"""The digits that tell any two float64 apart, and what is no difference: a kink may lie between two float64."""


def kink_columns(corners: Sequence[NumericKink], digits: int) -> list[TableColumn]:
    """A column each for x and the slopes left, given and right; with more than `digits` where those hide a kink."""
    rows = [(corner.left, corner.given, corner.right) for corner in corners]
    slopes = [_told_apart(row, digits) for row in rows]
    columns = [TableColumn("x", [significant(corner.at, digits) for corner in corners], True)]
    for place, side in enumerate(("left", "given", "right")):
        columns.append(TableColumn(f"slope {side}", [row[place] for row in slopes], True))
    return columns


def _told_apart(slopes: Sequence[float], digits: int) -> list[str]:
    """The slopes to as few digits, from `digits` on, as show which of them differ by more than x may be off."""
    for count in range(digits, _ALL):
        texts = [significant(value, count) for value in slopes]
        neighbours = zip(pairwise(texts), pairwise(slopes), strict=True)
        if all(text[0] != text[1] or math.isclose(*values, rel_tol=_SAME) for text, values in neighbours):
            break
    return texts
