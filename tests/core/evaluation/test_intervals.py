"""Interval arithmetic: every result encloses, against exact rational arithmetic and mpmath."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actcli.core.analysis.inferred_facts import properties_of
from actcli.core.evaluation.enclosures import Cells, Enclosures
from actcli.core.evaluation.interval_functions import IntervalArithmetic
from actcli.core.evaluation.intervals import Intervals, number
from actcli.core.spec import parse
from tests.support.tiers import examples

named = pytest.mark.parametrize

finite = st.floats(allow_nan=False, allow_infinity=False)


def interval(a: float, b: float, lo_open: bool = False, hi_open: bool = False) -> Intervals:
    low, high = np.array([min(a, b)]), np.array([max(a, b)])
    return Intervals(low, high, np.array([lo_open]), np.array([hi_open]), np.array([0]))


def contains(x: Intervals, value: Fraction) -> bool:
    """Return whether the interval contains an exact number; an open end is not part of it."""

    def at_least(low: float, is_open: bool, number: Fraction) -> bool:
        if math.isinf(low):
            return low < 0
        return number > Fraction(low) or (number == Fraction(low) and not is_open)

    low, high = float(x.lo[0]), float(x.hi[0])
    return at_least(low, bool(x.lo_open[0]), value) and at_least(-high, bool(x.hi_open[0]), -value)


@given(finite, finite, finite, finite)
@settings(max_examples=examples(300), deadline=None)
def test_operations_enclose(a: float, b: float, c: float, d: float) -> None:
    """Sums, products, quotients and powers contain the exact results at the ends of their operands."""
    x, y = interval(a, b), interval(c, d)
    for u in (Fraction(a), Fraction(b)):
        assert contains(abs(x), abs(u))
        assert contains(x**2, u**2)
        assert contains(x**3, u**3)
        for v in (Fraction(c), Fraction(d)):
            assert contains(x + y, u + v)
            assert contains(x - y, u - v)
            assert contains(x * y, u * v)
            if v and min(c, d) * max(c, d) > 0:
                assert contains(x / y, u / v)


@named("op", [abs, lambda x: x**2, lambda x: x**3, lambda x: -x, lambda x: 1 / x, lambda x: x * x, lambda x: x + x])
@named(("lo_open", "hi_open"), [(False, True), (True, False)])
@given(st.integers(-9, 9), st.integers(-9, 9))
@example(-2, 2)
@settings(max_examples=examples(50), deadline=None)
def test_closed_end_stays_a_value(op: Callable[[Any], Any], lo_open: bool, hi_open: bool, a: int, b: int) -> None:
    """The result of an interval with one open end contains the result at the other end."""
    at = Fraction(max(a, b) if lo_open else min(a, b))
    if a != b and at:
        assert contains(op(interval(a, b, lo_open, hi_open)), Fraction(op(at)))


@given(st.one_of(st.integers(0, 10**6).map(float), st.floats(0, allow_infinity=False)), st.floats(0, 100))
@settings(max_examples=examples(300), deadline=None)
def test_square_root_encloses(a: float, width: float) -> None:
    """The square of the ends of a square root enclose the operand: all its numbers have their roots in between."""
    root = IntervalArithmetic().sqrt(interval(a, a + width))
    assert Fraction(float(root.lo[0])) ** 2 <= Fraction(a)
    assert math.isinf(root.hi[0]) or Fraction(float(root.hi[0])) ** 2 >= Fraction(a + width)


@given(finite, finite)
@settings(max_examples=examples(100), deadline=None)
def test_exact_results_are_points(a: float, b: float) -> None:
    """A sum or product of single numbers that is a float64 of usual size is that number, and closed."""
    for result, exact in ((interval(a, a) + interval(b, b), Fraction(a) + Fraction(b)),):
        if abs(exact) < 2**1000 and Fraction(float(exact)) == exact:
            assert (result.lo[0], result.hi[0]) == (float(exact), float(exact))
            assert not result.lo_open[0]
            assert not result.hi_open[0]


@named("value", [Fraction(1, 3), Fraction(-2, 7), Fraction(10) ** 400, Fraction(1, 10**400), Fraction(3)])
def test_numbers_are_enclosed(value: Fraction) -> None:
    """An exact number lies strictly inside its interval, or is it."""
    found = number(value)
    assert (found.lo == found.hi == value) or found.lo < value < found.hi


def test_one_mark_stands_for_all_elements() -> None:
    """Products are the same whether each end is marked as open or closed, or one mark stands for all of them."""
    low, high = np.array([-2.0, 0.0, 1.0]), np.array([-1.0, 3.0, 1.0])
    marks, flags = np.zeros(3, dtype=bool), np.zeros(3, dtype=int)
    single = Intervals(np.array(2.0), np.array(3.0))
    forms = [Intervals(low, high), Intervals(low, high, marks, marks, flags), Intervals(low, high, False, marks)]
    for other, expected in (
        (Intervals(low, high, marks, marks, flags), ([1.0, 0.0, 1.0], [4.0, 9.0, 1.0])),
        (Intervals(low, high), ([1.0, 0.0, 1.0], [4.0, 9.0, 1.0])),
        (single, ([-6.0, 0.0, 2.0], [-2.0, 9.0, 3.0])),
    ):
        for form in forms:
            for product in (form * other, other * form):
                assert (product.lo.tolist(), product.hi.tolist()) == expected


@named("text", ["mod(-1, x) - log(x)", "mod(1, x)", "(x - x) * ceil(x)", "floor(1 / x) / x", "round(x) * sin(x)"])
def test_facts_of_integer_functions(text: str) -> None:
    """A product with an integer function has facts."""
    assert properties_of(parse(text)).properties.odd in (True, False)


def test_underflow_keeps_its_sign() -> None:
    """A product of positive numbers that underflows is still positive."""
    product = interval(1e-200, 1e-200) * interval(1e-200, 1e-180)
    assert product.signs() == (False, False, True)


FORMULAS: dict[str, Callable[[Any], Any]] = {
    "exp(-x**2)": lambda x: mpmath.exp(-(x**2)),
    "x * sigmoid(x)": lambda x: x / (1 + mpmath.exp(-x)),
    "tanh(x) - atan(x)": lambda x: mpmath.tanh(x) - mpmath.atan(x),
    "log(1 + x**2)": lambda x: mpmath.log(1 + x**2),
    "sin(3 * x) * cos(x)": lambda x: mpmath.sin(3 * x) * mpmath.cos(x),
    "sqrt(1 + exp(x)) / (2 + sin(x))": lambda x: mpmath.sqrt(1 + mpmath.exp(x)) / (2 + mpmath.sin(x)),
    "erf(x) + cosh(x) - sinh(x / 2)": lambda x: mpmath.erf(x) + mpmath.cosh(x) - mpmath.sinh(x / 2),
    "softplus(x)": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "gelu(x)": lambda x: x * mpmath.ncdf(x),
    "expm1(x) * asinh(x) + x**3": lambda x: mpmath.expm1(x) * mpmath.asinh(x) + x**3,
    "x**5 - x**-2": lambda x: x**5 - x**-2,
    "(2 + cos(x))**1.7": lambda x: (2 + mpmath.cos(x)) ** mpmath.mpf("1.7"),
    "max(x, cos(x))": lambda x: max(x, mpmath.cos(x)),
    "abs(x - 0.3) + min(x, 0.7)": lambda x: abs(x - mpmath.mpf("0.3")) + min(x, mpmath.mpf("0.7")),
    "where(x > 1, x**2, sin(x))": lambda x: x**2 if x > 1 else mpmath.sin(x),
    "clip(exp(x), 0.5, 2)": lambda x: min(max(mpmath.exp(x), mpmath.mpf("0.5")), 2),
    "tan(x / 9) + erfc(x)": lambda x: mpmath.tan(x / 9) + mpmath.erfc(x),
    "mish(x)": lambda x: x * mpmath.tanh(mpmath.log(1 + mpmath.exp(x))),
    "exp(x) * mod(6, x)": lambda x: mpmath.exp(x) * (6 - x * mpmath.floor(6 / x)),
    "x * floor(2 * x) + ceil(x) * sin(x)": lambda x: x * mpmath.floor(2 * x) + mpmath.ceil(x) * mpmath.sin(x),
    "cos(round(x)) / (ceil(x * x) + 1)": lambda x: mpmath.cos(mpmath.nint(x)) / (mpmath.ceil(x * x) + 1),
    "mod(x, 1.5)**2 - sqrt(1 + mod(x, 2))": lambda x: (x - 1.5 * mpmath.floor(x / 1.5)) ** 2 - mpmath.sqrt(1 + x % 2),
}


def random_cells(seed: int) -> Cells:
    rng = np.random.default_rng(seed)
    low = np.concatenate([rng.uniform(-6, 6, 40), rng.choice([-1.0, 1.0], 20) * 2.0 ** rng.uniform(-40, 2, 20)])
    high = low + np.abs(low) * 2.0 ** rng.uniform(-30, 1, low.size)
    closed = np.zeros(low.size, dtype=bool)
    return Cells(low, high, closed, closed)


@named("text", FORMULAS)
def test_values_and_derivatives_are_enclosed(text: str) -> None:
    """Enclosures over cells contain f, f' and f'' at points inside, away from kinks, as mpmath computes them."""
    f = FORMULAS[text]
    enclosures = Enclosures(parse(text))
    cells = random_cells(7)
    found = [enclosures.value(cells), enclosures.derivative(cells), enclosures.second_derivative(cells)]
    with mpmath.workdps(150):
        for i in range(cells.size):
            for share in ("0.03", "0.5", "0.9"):
                low, high = mpmath.mpf(cells.lo[i]), mpmath.mpf(cells.hi[i])
                x = low + (high - low) * mpmath.mpf(share)
                step = mpmath.mpf("1e-20") * max(abs(x), mpmath.mpf("1e-15"))
                before, at, after = f(x - step), f(x), f(x + step)
                second = (after - 2 * at + before) / step**2
                has_kink = abs(second) > 1e12
                for order, value in enumerate((at, (after - before) / (2 * step), second)):
                    if order and has_kink:
                        continue
                    error = mpmath.mpf("1e-12") * (1 + abs(value)) if order else 0
                    assert found[order].lo[i] - error <= value <= found[order].hi[i] + error


@named(
    ("text", "low", "high", "value"),
    [
        ("(x**2 - 2)**1.7", 1.0, 2.0, 0),
        ("abs(x**3 - 2)**0.3", 1.0, 2.0, 0),
        ("max(x - 3, 0)**1.7", 1.0, 2.0, 0),
        ("(x - 2)**1.7", 2.0, 3.0, 0),
        ("max(x - 3, 0)**(x - 1)", 1.5, 2.0, 0),
        ("max(x - 3, 0)**(x - 1)", 0.5, 2.0, 1),
    ],
)
def test_powers_of_zero_are_enclosed(text: str, low: float, high: float, value: int) -> None:
    """The power of a base that may be 0 contains 0 for positive exponents, and 1 for the exponent 0."""
    closed = np.zeros(1, dtype=bool)
    cells = Cells(np.array([low]), np.array([high]), closed, closed)
    assert contains(Enclosures(parse(text)).value(cells), Fraction(value))


def test_enclosures_are_narrow() -> None:
    """Over narrow cells, enclosures are narrow: no result is the whole line by accident."""
    low = np.linspace(0.1, 5, 50)
    closed = np.zeros(50, dtype=bool)
    cells = Cells(low, low + 1e-6, closed, closed)
    for text in FORMULAS:
        enclosures = Enclosures(parse(text))
        for found in (enclosures.value(cells), enclosures.derivative(cells)):
            widths = (found.hi - found.lo) / np.maximum(1.0, np.abs(found.lo))
            assert np.median(widths) < 1e-3, text
