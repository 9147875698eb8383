"""Curves: samples, pieces, and the range of y."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actcli.display.plot.curves import Curve, check_range, pieces, sample_points, shown_range

Drawn = Callable[[str, tuple[float, float], int], Curve]
LARGEST = sys.float_info.max
WIDTH = 80
X = (-5.0, 5.0)
COLUMN = 10 / WIDTH


def test_lengths_must_agree() -> None:
    """A curve needs as many y as x."""
    with pytest.raises(ValueError, match="2 x but 1 y"):
        Curve("f", [0.0, 1.0], [0.0])


def test_x_must_ascend() -> None:
    """The x of a curve ascend; equal neighbours are allowed."""
    with pytest.raises(ValueError, match="'f': x must ascend"):
        Curve("f", [1.0, 0.0], [0.0, 1.0])
    Curve("f", [0.0, 0.0], [0.0, 1.0])


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_x_must_be_finite(bad: float) -> None:
    """The x of a curve are finite; its y need not be."""
    with pytest.raises(ValueError, match="x must be finite"):
        Curve("f", [bad], [0.0])
    Curve("f", [0.0], [bad])


@pytest.mark.parametrize("limits", [(1.0, 1.0), (1.0, 0.0), (math.nan, 1.0), (0.0, math.inf)])
def test_ranges_must_ascend(limits: tuple[float, float]) -> None:
    """A range must be finite and ascending."""
    with pytest.raises(ValueError, match="a range of x from"):
        check_range("x", limits)
    with pytest.raises(ValueError, match="a range of x from"):
        sample_points(limits, WIDTH)


def test_sample_points() -> None:
    """Samples include both ends and 0, exceed the columns in number, and are symmetric if the range is."""
    x = sample_points(X, WIDTH)
    assert (x[0], x[-1]) == X
    assert 0.0 in x
    assert len(x) > 2 * WIDTH
    assert x == [-value for value in reversed(x)]
    assert max(after - before for before, after in pairwise(x)) <= COLUMN / 2


def test_sample_points_include_breakpoints() -> None:
    """Each breakpoint in range is sampled, with close points on either side."""
    x = sample_points(X, WIDTH, [1 / 3, 3.0, 7.0])
    assert 7.0 not in x
    for point in (1 / 3, 3.0):
        at = x.index(point)
        assert 0 < point - x[at - 1] < COLUMN / 100
        assert 0 < x[at + 1] - point < COLUMN / 100


def test_sample_points_need_a_column() -> None:
    """A width below 1 raises ValueError."""
    with pytest.raises(ValueError, match="width must be at least 1, not 0"):
        sample_points(X, 0)


finite = st.floats(allow_nan=False, allow_infinity=False)
ranges = st.tuples(finite, finite).filter(lambda pair: pair[0] < pair[1])


@given(ranges, st.integers(1, 200), st.lists(st.floats()))
def test_sample_points_ascend(limits: tuple[float, float], width: int, breakpoints: list[float]) -> None:
    """For any range the points ascend strictly from end to end and include every breakpoint."""
    x = sample_points(limits, width, breakpoints)
    assert (x[0], x[-1]) == limits
    assert all(before < after for before, after in pairwise(x))
    assert all(point in x for point in breakpoints if limits[0] <= point <= limits[1])


def cuts(curve: Curve) -> list[tuple[float, float]]:
    """Return the first and the last x of each piece of a curve."""
    return [(piece.points[0][0], piece.points[-1][0]) for piece in pieces(curve, X)]


def test_continuous_curve_is_one_piece(drawn: Drawn) -> None:
    """Kinks and steep parts do not cut a curve."""
    for name in ("relu", "gelu", "tanh", "steep", "spike"):
        assert cuts(drawn(name, X, WIDTH)) == [X]


def test_breaks_cut_the_curve(drawn: Drawn) -> None:
    """No line touches a break: the value there is a piece of its own."""
    left, middle, right = cuts(drawn("sign", X, WIDTH))
    assert middle == (0.0, 0.0)
    assert left[1] < 0 < right[0]


@pytest.mark.parametrize("gap", [math.nan, math.inf, -math.inf])
def test_gaps_cut_the_curve(gap: float) -> None:
    """No line crosses nan or infinity."""
    curve = Curve("f", [0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 0.0, gap, 0.0, 0.0])
    assert cuts(curve) == [(0.0, 1.0), (3.0, 4.0)]


def test_data_is_not_cut() -> None:
    """Points that alternate are joined: a curve is cut only where it is known to jump."""
    assert cuts(Curve("data", [-2.0, -1.0, 0.0, 1.0], [0.0, 1.0, -9.0, -8.0])) == [(-2.0, 1.0)]


def test_points_outside_the_range_are_omitted() -> None:
    """Points outside the range of x are not drawn."""
    assert cuts(Curve("f", [-6.0, -5.0, 5.0, 6.0], [0.0] * 4)) == [(-5.0, 5.0)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("relu", (0.0, 5.0)),
        ("sign", (-1.0, 1.0)),
        ("one", (0.0, 2.0)),
        ("zero", (-1.0, 1.0)),
        ("nothing", (-1.0, 1.0)),
        ("sqrt", (0.0, math.sqrt(5))),
        ("spike", (0.0, 1.0)),
    ],
)
def test_shown_range(drawn: Drawn, name: str, expected: tuple[float, float]) -> None:
    """The range of y is that of the data; a constant gets room on one side."""
    assert shown_range([pieces(drawn(name, X, WIDTH), X)], X) == expected


@pytest.mark.parametrize("name", ["tan", "1/x", "log"])
def test_poles_are_cut_off(drawn: Drawn, name: str) -> None:
    """The range of y does not follow a curve into a pole."""
    low, high = shown_range([pieces(drawn(name, X, WIDTH), X)], X)
    assert -5 < low < -1
    assert 1.5 < high < 5


def test_close_poles_leave_a_range() -> None:
    """The range of y is that between the poles, however close they are."""
    poles = [k / 10 for k in range(-50, 51)]
    x = sample_points(X, WIDTH, poles)
    y = [1 / math.tan(10 * math.pi * value) if abs(value * 10 - round(value * 10)) > 1e-9 else math.nan for value in x]
    low, high = shown_range([pieces(Curve("f", x, y, poles), X)], X)
    assert -10 < low < -0.5
    assert 0.5 < high < 10


def test_steep_end_is_not_a_pole() -> None:
    """A bounded curve that is steep before a jump is shown completely."""
    x = sample_points(X, WIDTH, [0.0])
    y = [math.exp(50 * value) if value < 0 else 0.0 for value in x]
    assert shown_range([pieces(Curve("f", x, y, [0.0]), X)], X)[1] > 0.99


@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 5e-324, -5e-324, 1e300])
def test_extreme_constants(value: float) -> None:
    """A constant of any size has a finite range of y that contains it."""
    low, high = shown_range([pieces(Curve("c", [0.0, 1.0], [value, value]), X)], X)
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low <= value <= high
    assert low < high


def test_no_curves() -> None:
    """Without curves the range of y is -1 to 1."""
    assert shown_range([], X) == (-1.0, 1.0)
