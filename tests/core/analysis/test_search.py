"""Bisection to neighbouring floats, and zooming on a maximum."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from actcli.core.analysis.search import bisect, bisect_sign_changes, bisect_steps, zoom
from actcli.core.evaluation.number_line import neighbours


@pytest.mark.parametrize(
    ("inside", "outside"), [(0.0, 2.0), (2.0, 0.0), (-1e300, 1e300), (-1.7e308, 1.7e308), (5e-324, 1.0)]
)
def test_bisect_ends_at_neighbouring_floats(inside: float, outside: float) -> None:
    """bisect returns neighbours, of which the first satisfies the predicate and the second does not."""
    ascending = inside < outside

    def holds(x: float) -> bool:
        return (x <= 0.7) == ascending

    a, b = bisect(holds, inside, outside)
    assert holds(a)
    assert not holds(b)
    assert math.nextafter(a, b) == b


def test_sign_change_between_the_largest_numbers() -> None:
    """bisect_sign_changes works on an interval whose length is beyond float64."""
    low, high = bisect_sign_changes(
        lambda x: np.where(x <= 1e307, -1.0, 1.0), np.array([-1.7e308]), np.array([1.7e308])
    )
    assert (low, high) == (1e307, math.nextafter(1e307, math.inf))


def test_neighbours_of_the_largest_number_raise_no_warning() -> None:
    """The number after the largest float64 is infinite."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        below, above = neighbours(np.array([1.7976931348623157e308, 0.0]))
    assert below.tolist() == [1.7976931348623155e308, -5e-324]
    assert above.tolist() == [math.inf, 5e-324]


def test_bisect_fractions_stops_after_the_given_halvings() -> None:
    """With fractions bisect halves the interval as often as asked."""
    a, b = bisect(lambda x: 3 * x <= 1, Fraction(0), Fraction(1), 60)
    assert a <= Fraction(1, 3) < b
    assert b - a == Fraction(1, 2**60)


def test_sign_changes_are_between_neighbours() -> None:
    """bisect_sign_changes returns the neighbours around irrational zeros, and a midpoint twice if f is 0 there."""

    def f(x: Any) -> Any:
        return np.where(x < 5, x * x - 2, 7.5 - x)

    low, high = bisect_sign_changes(f, np.array([1.0, -2.0, 6.0]), np.array([2.0, -1.0, 9.0]))
    assert np.nextafter(low[:2], high[:2]).tolist() == high[:2].tolist()
    assert Fraction(low[0]) ** 2 < 2 < Fraction(high[0]) ** 2
    assert Fraction(low[1]) ** 2 > 2 > Fraction(high[1]) ** 2
    assert (low[2], high[2]) == (7.5, 7.5)


def test_steps_are_followed_in_parallel() -> None:
    """bisect_steps shrinks each interval to the neighbours between which the function jumps."""
    jumps = np.array([0.3, 1.7])
    low, high = np.array([0.0, 1.0]), np.array([1.0, 2.0])

    def f(x: np.ndarray) -> np.ndarray:
        return np.where(x >= jumps, 1.0, 0.0)

    low, high, at_low, at_high = bisect_steps(f, low, high, f(low), f(high))
    assert high.tolist() == jumps.tolist()
    assert low.tolist() == np.nextafter(jumps, -math.inf).tolist()
    assert (at_low.tolist(), at_high.tolist()) == ([0.0, 0.0], [1.0, 1.0])


def test_zoom_finds_a_narrow_peak() -> None:
    """zoom finds the maximum near the best of the first points to the last digits."""
    peak = math.pi / 4

    def nearby(_: np.ndarray, best: float, step: int) -> np.ndarray:
        return best + np.linspace(-1, 1, 33) / 8**step

    largest, at = zoom(lambda x: 1 - np.abs(x - peak), nearby, np.arange(4.0), 20)
    assert at == pytest.approx(peak, rel=1e-15)
    assert largest == pytest.approx(1, rel=1e-15)


def test_zoom_keeps_the_best_point() -> None:
    """zoom returns the best of the first points if no finer point is better."""
    assert zoom(lambda x: -np.abs(x), lambda x, best, step: x + 1, np.array([-1.0, 0.0]), 3) == (0.0, 0.0)
