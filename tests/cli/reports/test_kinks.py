"""Kinks as columns: the requested digits, and more where those hide a kink."""

from __future__ import annotations

from actcli.cli.reports.kinks import kink_columns
from actcli.core.analysis.breakpoints import NumericKink


def shown(*corners: NumericKink, digits: int = 6) -> dict[str, list[str]]:
    return {column.header: list(column.cells) for column in kink_columns(corners, digits)}


def test_kink_columns() -> None:
    """x and the three derivatives have a column each, every kink a row."""
    assert shown(NumericKink(0.0, 0.0, 0.0, 1.0), NumericKink(6.0, 1.0, 0.0, 0.0)) == {
        "x": ["0", "6"],
        "left f'": ["0", "1"],
        "subgradient": ["0", "0"],
        "right f'": ["1", "0"],
    }


def test_close_derivatives_get_more_digits() -> None:
    """Derivatives that differ beyond the requested digits get more of them, unless rounding of x explains it."""
    near = shown(NumericKink(20.0, 0.9999999979, 0.9999999979, 1.0))
    assert (near["left f'"], near["right f'"]) == (["0.999999998"], ["1"])
    rounded = shown(NumericKink(1.5, 2.8284271247461903, 2.82842712474619, -2.0))
    assert (rounded["left f'"], rounded["subgradient"]) == (["2.82843"], ["2.82843"])
    assert shown(NumericKink(0.0, 1 / 3, 1 / 3, 1.0), digits=3)["left f'"] == ["0.333"]
