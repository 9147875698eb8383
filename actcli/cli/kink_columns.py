"""Kinks as the columns of a table: where they are, and the slopes on their two sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actcli.display.numbers import significant
from actcli.display.table import TableColumn

if TYPE_CHECKING:
    from actcli.core.shape import Corner

__all__ = ["kink_columns"]

_ALL = 17
"""The digits that tell any two float64 apart."""


def kink_columns(corners: Sequence[Corner], digits: int) -> list[TableColumn]:
    """A column each for x and the slopes left, given and right; with more than `digits` where those hide a kink."""
    rows = [(corner.left, corner.given, corner.right) for corner in corners]
    slopes = [_told_apart(row, digits) for row in rows]
    columns = [TableColumn("x", [significant(corner.at, digits) for corner in corners], True)]
    for place, side in enumerate(("left", "given", "right")):
        columns.append(TableColumn(f"slope {side}", [row[place] for row in slopes], True))
    return columns


def _told_apart(slopes: Sequence[float], digits: int) -> list[str]:
    """The slopes to as few digits, from `digits` on, as show which of them differ."""
    for count in range(digits, _ALL):
        texts = [significant(value, count) for value in slopes]
        if len(set(texts)) == len(set(slopes)):
            return texts
    return [significant(value, _ALL) for value in slopes]
