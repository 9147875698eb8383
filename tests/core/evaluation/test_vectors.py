"""softmax, log_softmax and their Jacobians: within one ulp of mpmath, limits, axes and batches."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import actcli
from actcli.number_formats import FLOATS
from tests.support.oracle import FORMATS
from tests.support.tiers import examples

NAMES = ("softmax", "log_softmax")
each_name = pytest.mark.parametrize("name", NAMES)
each_format = pytest.mark.parametrize("dtype", FORMATS)

DEEP = 2400
"""Bits that hold the difference of any two float64 exactly, and a probability of 1 - 2^-1000 beside it."""


class Truth:
    """The two functions and their Jacobians at one vector of finite numbers, to `bits` bits."""

    def __init__(self, x: Sequence[float], bits: int) -> None:
        with mpmath.workprec(bits):
            numbers = [mpmath.mpf(value) for value in x]
            top = max(numbers)
            self.shifted = [value - top for value in numbers]
            self.powers = [mpmath.exp(value) for value in self.shifted]
            self.total = mpmath.fsum(self.powers)
            first = numbers.index(top)
            self.beyond = mpmath.fsum(self.powers[:first] + self.powers[first + 1 :])
            """The total less 1, which may be far below it."""
        self.bits = bits

    def value(self, name: str, i: int) -> Any:
        with mpmath.workprec(self.bits):
            if name == "softmax":
                return self.powers[i] / self.total
            return self.shifted[i] - mpmath.log1p(self.beyond)

    def slope(self, name: str, i: int, j: int) -> Any:
        with mpmath.workprec(self.bits):
            share = self.powers[j] / self.total
            # 1 - s, without cancelling: what all others have.
            others = [power for place, power in enumerate(self.powers) if place != j]
            factor = mpmath.fsum(others) / self.total if i == j else -share
            return factor * self.powers[i] / self.total if name == "softmax" else factor


def far(got: float, true: Any, dtype: str) -> bool:
    """Whether `got` is more than one unit in the last place away from the truth."""
    grid = FORMATS[dtype]
    with mpmath.workprec(DEEP):
        if not math.isfinite(got):
            over = abs(true) > mpmath.mpf(grid.largest.numerator) / grid.largest.denominator
            wanted = grid.beyond * (-1 if true < 0 else 1)
            return not (over and repr(got) == repr(wanted).replace("-nan", "nan"))
        place = max(mpmath.mag(true) - grid.precision, grid.least) if true else grid.least
        return bool(abs(mpmath.mpf(got) - true) > mpmath.ldexp(1, place))


def faults(x: Sequence[float], dtype: str, bits: int = 400, most: int = 1000) -> list[str]:
    """A line for each value and slope, of `most` each at most, that is not within a unit in the last place."""
    truth = Truth(x, bits)
    size = len(x)
    found = []
    pairs = list(itertools.product(range(size), range(size)))
    if len(pairs) > most:
        pairs = [*random.Random(size).sample(pairs, most), (0, 0)]
    for name in NAMES:
        values = actcli.evaluate(name, np.array(x), dtype=dtype).astype(np.float64)
        assert values.shape == (size,)
        found += [
            f"{name}[{i}] of {x[:9]}: {values[i]!r}"
            for i in range(size)
            if far(float(values[i]), truth.value(name, i), dtype)
        ]
        slopes = actcli.gradient(name, np.array(x), dtype=dtype).astype(np.float64)
        assert slopes.shape == (size, size)
        found += [
            f"d{name}[{i}]/dx[{j}] of {x[:9]}: {slopes[i, j]!r}"
            for i, j in pairs
            if far(float(slopes[i, j]), truth.slope(name, i, j), dtype)
        ]
    return found


def rounded(x: Sequence[float], dtype: str) -> list[float]:
    """x as values of the format, those that are too large made its largest."""
    largest = float(FORMATS[dtype].largest)
    values: list[float] = FLOATS[dtype].round(np.clip(np.array(x, dtype=np.float64), -largest, largest)).tolist()
    return values


# --- how right -------------------------------------------------------------------------------------------------------

SHAPES = {
    "single": [0.7],
    "single zero": [0.0],
    "single negative": [-1e30],
    "two": [0.1, 0.2],
    "equal": [1.5] * 7,
    "all zero": [0.0, -0.0, 0.0],
    "dominated": [0.0, -1000.0, -999.5, 1.0],
    "1000 apart": [500.0, -500.0],
    "1 - 1e-30": [0.0, -69.0],
    "1 - 1e-30 in the middle": [-70.0, 3.0, -65.0, -66.5],
    "1 - 1e-300": [690.0, 0.0, -0.5],
    "two tops": [40.0, 40.0, -40.0],
    "nearly equal tops": [40.0, 39.96875, -1.0],
    "tiny": [1e-30, -1e-30, 3e-20, 0.0],
    "large": [3000.0, -20000.0, 2999.0, 57344.0],
}


@pytest.mark.parametrize("x", SHAPES.values(), ids=SHAPES)
@each_format
def test_within_one_unit(x: list[float], dtype: str) -> None:
    """Values and Jacobians are within one unit in the last place for vectors of every kind."""
    assert faults(rounded(x, dtype), dtype) == []


EXTREMES = {
    "huge": [1.7e308, -1.7e308, 1e308, 1.6999999999e308],
    "huge and equal": [1.7e308] * 3,
    "huge apart": [1e300, -1e300, 0.0, 1e-300],
    "beyond exp": [1e17, 0.0, -1e30],
    "subnormal": [5e-324, -5e-324, 1e-310, 0.0],
    "subnormal results": [0.0, -740.0, -744.4, -745.0, -708.5],
    "at underflow": [0.0, -745.1332191019411, -745.1332191019412, -745.2],
    "twice": [0.0, -372.5, -372.6, -745.0],
}


@pytest.mark.parametrize("x", EXTREMES.values(), ids=EXTREMES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_extremes_within_one_unit(x: list[float], dtype: str) -> None:
    """Values and Jacobians are within one unit at the ends of the exponent range."""
    assert faults(rounded(x, dtype), dtype, DEEP) == []


@settings(deadline=None, max_examples=examples(40))
@given(
    st.lists(st.floats(-1, 1, width=16), min_size=1, max_size=6),
    st.sampled_from([2.0**-30, 0.25, 4.0, 64.0, 1024.0, 40000.0]),
    st.sampled_from(list(FORMATS)),
)
def test_random_within_one_unit(x: list[float], scale: float, dtype: str) -> None:
    """Values and Jacobians are within one unit for random vectors of any spread, in every format."""
    assert faults(rounded([value * scale for value in x], dtype), dtype) == []


@settings(deadline=None, max_examples=examples(15))
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=4))
def test_any_floats_within_one_unit(x: list[float]) -> None:
    """Values and Jacobians are within one unit for vectors of any finite float64."""
    assert faults(x, "float64", DEEP) == []


def test_long_vectors() -> None:
    """A sum of a thousand elements loses none of them, in values and in derivatives."""
    dice = np.random.default_rng(2024)
    x = (dice.normal(size=1000) * 4).tolist()
    truth = Truth(x, 300)
    for name in NAMES:
        values = actcli.evaluate(name, x)
        assert not [i for i in range(1000) if far(float(values[i]), truth.value(name, i), "float64")]
    assert faults((dice.normal(size=130) * 5).tolist(), "float64", 300, 500) == []


def test_dominated_elements_count() -> None:
    """A thousand small shares next to a large one count: their sum is 1 - s."""
    x = [37.0, *([0.0] * 99)]
    with mpmath.workprec(200):
        rest = 99 * mpmath.exp(-37)
        slope = rest / (1 + rest) ** 2
        assert not far(float(actcli.gradient("softmax", x)[0, 0]), slope, "float64")
        assert not far(float(actcli.gradient("log_softmax", x)[0, 0]), rest / (1 + rest), "float64")
        assert not far(float(actcli.evaluate("log_softmax", x)[0]), -mpmath.log1p(rest), "float64")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8, 64, 1000, 4096, 5000])
def test_equal_elements(size: int) -> None:
    """n equal elements give 1/n and -log n each; a single element gives exactly 1 and derivative 0."""
    for x in (0.0, -3.5, 1e300):
        shares = actcli.evaluate("softmax", np.full(size, x))
        assert set(shares.tolist()) == {1 / size}
        logs = actcli.evaluate("log_softmax", np.full(size, x))
        with mpmath.workprec(200):
            assert not [value for value in set(logs.tolist()) if far(value, -mpmath.log(size), "float64")]
    if size == 1:
        assert actcli.gradient("softmax", [3.0]).tolist() == [[0.0]]
        assert actcli.gradient("log_softmax", [3.0]).tolist() == [[0.0]]


# --- what is not finite ----------------------------------------------------------------------------------------------

INF = math.inf


@pytest.mark.parametrize(
    ("x", "shares", "logs"),
    [
        ([0.0, -INF], [1.0, 0.0], [0.0, -INF]),
        ([-INF, -3.5, -INF], [0.0, 1.0, 0.0], [-INF, 0.0, -INF]),
        ([2.0, -INF, 2.0], [0.5, 0.0, 0.5], [-math.log(2), -INF, -math.log(2)]),
        ([INF, 0.0, 5.0], [1.0, 0.0, 0.0], [0.0, -INF, -INF]),
        ([-INF, INF], [0.0, 1.0], [-INF, 0.0]),
        ([INF], [1.0], [0.0]),
    ],
)
@each_format
def test_infinite_elements(x: list[float], shares: list[float], logs: list[float], dtype: str) -> None:
    """An element at -inf has no share and a single one at +inf has all; the others are not affected."""
    if dtype == "float8_e4m3fn":
        # This format has no infinities: what would be one is nan, and so are all that it goes into.
        assert np.isnan(actcli.evaluate("softmax", x, dtype=dtype)).all()
        return
    assert actcli.evaluate("softmax", x, dtype=dtype).astype(np.float64).tolist() == shares
    assert (
        actcli.evaluate("log_softmax", x, dtype=dtype).astype(np.float64).tolist()
        == FLOATS[dtype].round(np.array(logs)).tolist()
    )


@pytest.mark.parametrize(
    ("x", "slopes", "log_slopes"),
    [
        (
            [0.0, -INF, 0.0],
            [[0.25, 0, -0.25], [0, 0, 0], [-0.25, 0, 0.25]],
            [[0.5, 0, -0.5], [-0.5, 1, -0.5], [-0.5, 0, 0.5]],
        ),
        ([7.0, INF], [[0, 0], [0, 0]], [[1, -1], [0, 0]]),
        ([INF, -INF], [[0, 0], [0, 0]], [[0, 0], [-1, 1]]),
        ([INF], [[0]], [[0]]),
    ],
)
def test_jacobians_at_infinite_elements(
    x: list[float], slopes: list[list[float]], log_slopes: list[list[float]]
) -> None:
    """The Jacobians there are the limits of those at finite vectors."""
    assert actcli.gradient("softmax", x).tolist() == slopes
    assert actcli.gradient("log_softmax", x).tolist() == log_slopes


@pytest.mark.parametrize(
    "x", [[INF, INF], [INF, 0.0, INF, -INF], [-INF], [-INF, -INF], [math.nan, 1.0], [math.nan, INF], [1.0, -math.nan]]
)
@each_name
def test_vectors_without_a_limit(name: str, x: list[float]) -> None:
    """Two elements at +inf, nothing but -inf, or any nan give nan, without affecting other vectors."""
    assert np.isnan(actcli.evaluate(name, x)).all()
    assert np.isnan(actcli.gradient(name, x)).all()
    beside = [0.0] * (len(x) - 1) + [1.0]
    for function in (actcli.evaluate, actcli.gradient):
        both = function(name, np.array([beside, x, beside]))
        assert np.isnan(both[1]).all()
        assert exactly(both[0]) == exactly(both[2]) == exactly(function(name, beside))


# --- axes and batches ------------------------------------------------------------------------------------------------


def exactly(values: NDArray[Any]) -> bytes:
    """The bits of an array."""
    return np.ascontiguousarray(values).tobytes()


@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 3, 4), (2, 1, 3, 2), (1, 1), (4, 1), (1, 0, 3), (0, 3)], ids=str)
@each_name
def test_axes_of_arrays(name: str, shape: tuple[int, ...]) -> None:
    """Along any axis each vector gives its own results, and the Jacobian's axes come last."""
    x = np.random.default_rng(7).normal(size=shape) * 5
    for axis in range(len(shape)):
        if not shape[axis]:
            continue
        values = actcli.evaluate(name, x, axis=axis)
        slopes = actcli.gradient(name, x, axis=axis)
        assert exactly(values) == exactly(actcli.evaluate(name, x, axis=axis - len(shape)))
        assert exactly(slopes) == exactly(actcli.gradient(f"{name}:dim={axis - len(shape)}", x))
        rest = shape[:axis] + shape[axis + 1 :]
        assert values.shape == shape
        assert slopes.shape == (*rest, shape[axis], shape[axis])
        for place in np.ndindex(*rest):
            along = (*place[:axis], slice(None), *place[axis:])
            assert exactly(values[along]) == exactly(actcli.evaluate(name, x[along]))
            assert exactly(slopes[place]) == exactly(actcli.gradient(name, x[along]))


@each_name
@pytest.mark.parametrize(("shape", "axis"), [((0,), 0), ((3, 0), 1), ((0, 3), 0), ((2, 0, 3), -2)], ids=str)
def test_empty_vectors(name: str, shape: tuple[int, ...], axis: int) -> None:
    """A vector of no elements has no values and an empty Jacobian."""
    x = np.zeros(shape)
    rest = tuple(size for place, size in enumerate(shape) if place != axis % len(shape))
    assert actcli.evaluate(name, x, axis=axis).shape == shape
    assert actcli.gradient(name, x, axis=axis).shape == (*rest, 0, 0)


ROWS = [
    [0.5, -1.25, 3.0, 0.1, 2.0],
    [0.0, -1000.0, 1000.0, 3.0, 3.0],
    [1e308, -1e308, 0.0, 5.0, 1e308],
    [math.nan, 1.0, 2.0, 3.0, 4.0],
    [math.inf, 1.0, 2.0, -math.inf, 4.0],
    [-math.inf, 1.0, 2.0, -math.inf, 4.0],
    [5e-324, 0.0, -0.0, 1e-310, 1e-30],
    [1.0] * 5,
    [0.0, -745.0, -740.0, -372.5, -69.0],
]


@each_name
@pytest.mark.parametrize("function", [actcli.evaluate, actcli.gradient])
def test_result_independent_of_other_vectors(name: str, function: Any) -> None:
    """A vector's results have the same bits whatever other vectors are evaluated with it."""
    dice = np.random.default_rng(11)
    usual = dice.normal(size=(1500, 5)) * 6
    alone = [exactly(function(name, row)) for row in ROWS]
    places = dice.choice(len(usual), size=len(ROWS), replace=False)
    crowd = usual.copy()
    crowd[places] = ROWS
    among = function(name, crowd)
    assert [exactly(among[place]) for place in places] == alone
    shuffled = dice.permutation(len(ROWS))
    assert [exactly(row) for row in function(name, np.array(ROWS)[shuffled])] == [alone[place] for place in shuffled]
    rest = np.setdiff1d(np.arange(len(usual)), places)
    assert exactly(among[rest]) == exactly(function(name, usual)[rest]) == exactly(function(name, usual[rest]))
    for place in rest[:40]:
        assert exactly(among[place]) == exactly(function(name, usual[place]))


@settings(deadline=None, max_examples=examples(30))
@given(
    st.integers(1, 12).flatmap(
        lambda size: st.lists(
            st.lists(st.floats(-800, 800) | st.floats(width=16), min_size=size, max_size=size), min_size=1, max_size=6
        )
    ),
    st.sampled_from(NAMES),
)
def test_any_rows_give_the_bits_of_single_vectors(rows: list[list[float]], name: str) -> None:
    """Any vectors, finite or not, give together the bits that each gives alone."""
    for function in (actcli.evaluate, actcli.gradient):
        together = function(name, np.array(rows))
        assert [exactly(row) for row in together] == [exactly(function(name, row)) for row in rows]
