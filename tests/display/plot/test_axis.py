"""The scale and the ticks of an axis."""

from __future__ import annotations

import math
import re
import sys
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actcli.display.plot.axis import Scale, row_axis, tick_choices
from tests.support.tiers import examples

LARGEST = sys.float_info.max
finite = st.floats(allow_nan=False, allow_infinity=False)
ranges = st.tuples(finite, finite).filter(lambda pair: pair[0] < pair[1])


@pytest.mark.parametrize(
    ("low", "high", "value", "expected"),
    [
        (-5.0, 5.0, 0.0, 0.5),
        (0.0, 5e-324, 5e-324, 1.0),
        (-LARGEST, LARGEST, 0.0, 0.5),
        (1.0, 1.0 + 2**-52, 1.0, 0.0),
        (-1.0, 1.0, 5.0, 3.0),
        (0.0, 1e-300, 1e300, 1e6),
        (0.0, 1e-300, -math.inf, -1e6),
    ],
)
def test_fraction_is_affine(low: float, high: float, value: float, expected: float) -> None:
    """fraction() is affine for any finite range, and limited to a million axis lengths."""
    assert Scale(low, high).fraction(value) == expected


@given(ranges, finite)
def test_fraction_is_accurate(limits: tuple[float, float], value: float) -> None:
    """fraction() agrees with exact arithmetic for any range."""
    low, high = limits
    exact = (Fraction(value) - Fraction(low)) / (Fraction(high) - Fraction(low))
    held = float(min(max(exact, Fraction(-(10**6))), Fraction(10**6)))
    assert Scale(low, high).fraction(value) == pytest.approx(held, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "max_ticks", "target", "expected"),
    [
        (-5.0, 5.0, 25, 6, "-5.0 -2.5 0.0 2.5 5.0"),
        (-6.0, 6.0, 25, 6, "-6 -4 -2 0 2 4 6"),
        (-8.0, 8.0, 25, 6, "-8 -6 -4 -2 0 2 4 6 8"),
        (-10.0, 10.0, 25, 6, "-10 -5 0 5 10"),
        (-3.0, 3.0, 25, 6, "-3 -2 -1 0 1 2 3"),
        (0.0, 1.0, 25, 6, "0.0 0.2 0.4 0.6 0.8 1.0"),
        (-0.3, 5.1, 10, 6, "0 1 2 3 4 5"),
        (0.001, 0.002, 10, 6, "0.0010 0.0012 0.0014 0.0016 0.0018 0.0020"),
        (0.0, 1e-5, 10, 6, "0.0 0.2e-5 0.4e-5 0.6e-5 0.8e-5 1.0e-5"),
        (-1e300, 1e300, 10, 5, "-1.0e300 -0.5e300 0.0 0.5e300 1.0e300"),
        (0.0, 65504.0, 10, 4, "0 20000 40000 60000"),
        (0.0, 5e-324, 10, 4, "0 5e-324"),
        (1.0, 1.0 + 2**-51, 10, 3, "1 1+2e-16 1+4e-16"),
        (0.4, 0.6, 1, 1, "0.5"),
    ],
)
def test_best_ticks(low: float, high: float, max_ticks: int, target: float, expected: str) -> None:
    """The best ticks are multiples of 1, 2, 2.5 or 5 times a power of ten, at both ends if possible."""
    best = tick_choices(low, high, max_ticks, target)[0]
    assert " ".join(tick.label for tick in best) == expected


@given(ranges, st.integers(1, 30), st.floats(1, 12))
def test_all_tick_choices(limits: tuple[float, float], max_ticks: int, target: float) -> None:
    """Every choice lies within the axis, has one round step, contains 0 if in range, and has equal decimals."""
    low, high = limits
    for ticks in tick_choices(low, high, max_ticks, target):
        assert 1 <= len(ticks) <= max_ticks
        values = [exact(tick.label) for tick in ticks]
        assert all(low <= tick.value <= high for tick in ticks)
        assert [float(value) for value in values] == [tick.value for tick in ticks]
        steps = {after - before for before, after in pairwise(values)}
        assert len(steps) <= 1
        for step in steps:
            while step >= 10:
                step /= 10
            while step < 1:
                step *= 10
            assert step in (1, 2, Fraction(5, 2), 5)
        if len(ticks) > 1 and low <= 0 <= high:
            assert 0 in values
        labels = [tick.label.partition("e")[0] for tick in ticks]
        is_sum = any(re.search(r"[^e][+-]", tick.label) for tick in ticks)
        assert is_sum or len({len(label.partition(".")[2]) for label in labels}) == 1
        assert not any(label.startswith("-") and not label.strip("-0.") for label in labels)


def exact(label: str) -> Fraction:
    """Return the number that a label denotes: `1.5e-3` or a sum such as `1-5e-16`."""
    return sum((Fraction(part) for part in re.findall(r"[+-]?(?:e[+-]|[^+-])+", label.strip())), Fraction(0))


near = st.builds(lambda a, b: (a, a + b), st.floats(-1e6, 1e6), st.floats(1e-9, 1.0))


@settings(max_examples=examples(300))
@given(st.one_of(ranges, near), st.integers(3, 60), st.integers(10, 60))
@example((-0.17, 6.0), 22, 38)
@example((1.0, 1.0 + 2**-51), 10, 38)
@example((-LARGEST, LARGEST), 9, 38)
@example((0.0, 5e-324), 12, 38)
def test_ticks_are_in_the_middles_of_rows(limits: tuple[float, float], rows: int, max_chars: int) -> None:
    """Every label is the exact value in the middle of its row, the rows have equal distances, and 0 has a row."""
    low, high = limits
    axis = row_axis(low, high, rows, 5, max_chars)
    bottom, top = Fraction(axis.scale.low), Fraction(axis.scale.high)
    unit = (top - bottom) / (rows - 1)
    assert bottom - unit / 4 <= low
    assert high <= top + unit / 4
    assert all(0 <= row < rows for row in axis.labels)
    assert [exact(label) for label in axis.labels.values()] == [top - row * unit for row in axis.labels]
    assert all(len(label) <= max_chars for label in axis.labels.values())
    steps = {abs(after - before) for before, after in pairwise(axis.labels)}
    assert len(steps) <= 1
    assert all(step >= 2 for step in steps)
    if axis.labels and bottom <= 0 <= top:
        assert (top / unit).denominator == 1


@settings(max_examples=examples(300))
@given(st.floats(-100, 100), st.floats(0.01, 100), st.integers(5, 60))
def test_an_axis_of_rows_is_well_used(low: float, size: float, rows: int) -> None:
    """Ordinary ranges have at least two ticks, except on five rows, and use more than half of the rows."""
    axis = row_axis(low, low + size, rows, min(max(rows / 3.5, 3), 7), 38)
    assert len(axis.labels) >= (2 if rows > 5 else 1)
    assert size > (0.35 if rows < 9 else 0.5) * float(axis.scale.high - axis.scale.low)


@pytest.mark.parametrize(
    ("low", "high", "rows", "labels"),
    [
        (-1.0, 1.0, 21, "1.0 0.5 0.0 -0.5 -1.0"),
        (-1e300, 1e300, 13, "1.0e300 0.5e300 0.0 -0.5e300 -1.0e300"),
        (0.0, 1e-300, 11, "1.0e-300 0.8e-300 0.6e-300 0.4e-300 0.2e-300 0.0"),
        (1.0, 1.0 + 4e-15, 9, "1+4e-15 1+3e-15 1+2e-15 1+1e-15 1"),
        (0.0, 65504.0, 9, "80000 60000 40000 20000 0"),
        (0.0001, 0.0002, 11, "2.0e-4 1.8e-4 1.6e-4 1.4e-4 1.2e-4 1.0e-4"),
        (1e15, 1e15 + 4, 9, "1e15+4 1e15+3 1e15+2 1e15+1 1e15"),
    ],
)
def test_labels_are_short_and_exact(low: float, high: float, rows: int, labels: str) -> None:
    """Labels have equally many decimals, one exponent, and a distance from a round number where that is shorter."""
    found = row_axis(low, high, rows, 5, 38).labels
    assert " ".join(found[row].strip() for row in sorted(found)) == labels
    assert len({len(label) for label in found.values()}) == 1


def test_labels_are_aligned() -> None:
    """Signs, exponents and distances do not move the digits before them, and 0 is below the other mantissas."""
    found = row_axis(-1e300, 1e300, 13, 5, 38).labels
    assert [found[row] for row in sorted(found)] == [" 1.0e300", " 0.5e300", " 0.0    ", "-0.5e300", "-1.0e300"]


def test_labels_without_room_are_omitted() -> None:
    """If no label fits, the rows keep their round values."""
    axis = row_axis(1.23456, 1.23457, 11, 4, 3)
    assert axis.labels == {}
    assert (Fraction(axis.scale.high) * 10**7).denominator == 1
