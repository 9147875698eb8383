"""Kinks as columns of a table: their positions, and the derivatives on both sides and at the kink."""

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

FLOAT64_DIGITS = 17
"""Significant digits that distinguish any two float64."""

SAME_DERIVATIVE_RTOL = 1e-13
"""Relative difference that the rounding of x explains: a kink may lie between two float64."""


def kink_columns(kinks: Sequence[NumericKink], digits: int) -> list[TableColumn]:
    """Return columns of x, the left derivative, the subgradient and the right derivative.

    Derivatives have more than `digits` digits where fewer would hide the kink.
    """
    rows = [_distinguishable((kink.left, kink.given, kink.right), digits) for kink in kinks]
    columns = [TableColumn("x", [significant(kink.at, digits) for kink in kinks], True)]
    for index, header in enumerate(("left f'", "subgradient", "right f'")):
        columns.append(TableColumn(header, [row[index] for row in rows], True))
    return columns


def _distinguishable(derivatives: Sequence[float], digits: int) -> list[str]:
    """Return the derivatives with the fewest digits, at least `digits`, that show which of them differ."""
    for count in range(digits, FLOAT64_DIGITS):
        texts = [significant(value, count) for value in derivatives]
        neighbours = zip(pairwise(texts), pairwise(derivatives), strict=True)
        if all(
            text[0] != text[1] or math.isclose(*values, rel_tol=SAME_DERIVATIVE_RTOL) for text, values in neighbours
        ):
            break
    return texts
