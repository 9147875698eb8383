"""One-sided series: Taylor coefficients, powers and logarithms agree with mpmath at small t."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from mpmath import mp, mpf

from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.expressions.formal_arithmetic import FormalArithmetic
from actcli.core.expressions.formal_number import plain_value
from actcli.core.expressions.series import Series, Truncated
from actcli.core.expressions.series_arithmetic import SeriesArithmetic
from tests.support.tiers import sampled

LENGTH = 6

FUNCTIONS = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "sqrt": mp.sqrt,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "asinh": mp.asinh,
    "atan": mp.atan,
    "erf": mp.erf,
    "erfc": mp.erfc,
    "ndtr": mp.ncdf,
    "phi": lambda v: mp.exp(-v * v / 2) / mp.sqrt(2 * mp.pi),
    "sigmoid": lambda v: 1 / (1 + mp.exp(-v)),
    "softplus": lambda v: mp.log(1 + mp.exp(v)),
    "tanh_softplus": lambda v: mp.tanh(mp.log(1 + mp.exp(v))),
    "mills": lambda v: mp.ncdf(-v) * mp.exp(v * v / 2) * mp.sqrt(2 * mp.pi),
    "logcosh": lambda v: mp.log(mp.cosh(v)),
    "tanhshrink": lambda v: v - mp.tanh(v),
}


def arithmetic(length: int = LENGTH) -> SeriesArithmetic:
    return SeriesArithmetic(FormalArithmetic(UnboundedBallArithmetic(60)), length)


def summed(series: Any, t: Any) -> Any:
    """Return the known terms of a series at t, by mpmath."""
    if isinstance(series, int | Fraction):
        return mpf(Fraction(series).numerator) / Fraction(series).denominator
    total = mpf(0)
    for (exponent, log_power), coefficient in series.terms:
        value = plain_value(coefficient)
        middle = value if isinstance(value, Fraction) else Fraction(sum(map(Fraction, value.endpoints())) / 2)
        power = t ** (mpf(exponent.numerator) / exponent.denominator) * mp.log(1 / t) ** -log_power
        total += mpf(middle.numerator) / middle.denominator * power
    return total


def rest(series: Series, t: Any) -> Any:
    """Return a bound of the unknown terms, with coefficients up to 10,000 and powers of a logarithm."""
    order = Fraction(min(series.order, 2 * LENGTH))
    return 10_000 * (t * mp.log(1 / t)) ** (mpf(order.numerator) / order.denominator)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("at", sampled(["0", "1", "-1/2", "5/4"], 2))
@pytest.mark.parametrize("side", [-1, 1])
def test_functions(name: str, at: str, side: int) -> None:
    """The known terms of a function next to a point agree with mpmath up to the order that the series states."""
    point, m = Fraction(at), arithmetic()
    with mp.workdps(100):
        t = mpf(10) ** -8
        x = mpf(point.numerator) / point.denominator + side * t
        try:
            series = getattr(m, name)(m.around(point, side))
        except OutsideDomain:
            assert name in ("log", "sqrt")
            assert x < 0
            return
        assert series.order >= LENGTH
        assert abs(summed(series, t) - FUNCTIONS[name](x)) < rest(series, t)


COMPOSED = {
    "log(x * x + x)": lambda t: mp.log(t * t + t),
    "sqrt(x) * sin(x) / x": lambda t: mp.sqrt(t) * mp.sin(t) / t,
    "exp(-3 * log(x) + x)": lambda t: mp.exp(t) / t**3,
    "x * log(x) + exp(x * log(x))": lambda t: t * mp.log(t) + t**t,
    "atan(1 / x)": lambda t: mp.atan(1 / t),
    "tanh(1 / x) + exp(-1 / x)": lambda t: mp.tanh(1 / t) + mp.exp(-1 / t),
    "softplus(2 / x) * x": lambda t: mp.log(1 + mp.exp(2 / t)) * t,
    "cos(sqrt(x))": lambda t: mp.cos(mp.sqrt(t)),
    "(1 - cos(x)) / (x * x)": lambda t: (1 - mp.cos(t)) / t**2,
    "1 / (sin(x) + x * x)": lambda t: 1 / (mp.sin(t) + t * t),
}


@pytest.mark.parametrize("text", COMPOSED)
def test_compositions(text: str) -> None:
    """Roots, poles, logarithms and flat functions combine: all known terms agree with mpmath."""
    m = arithmetic()
    names = {name: getattr(m, name) for name in FUNCTIONS}
    series = eval(text, {**names, "x": m.around(Fraction(0), 1)})
    with mp.workdps(100):
        t = mpf(10) ** -10
        assert abs(summed(series, t) - COMPOSED[text](t)) < rest(series, t)
        assert series.order > 2


def test_comparisons() -> None:
    """A comparison is decided by the dominating term, and Truncated is raised where all known terms cancel."""
    m = arithmetic()
    x = m.around(Fraction(0), 1)
    assert x > 0
    assert -x < x * x
    assert m.log(x) < -(10**9)
    assert x * m.log(x) < 0
    assert m.exp(x) > 1 + x
    assert m.sin(x) < x
    assert x - x == 0
    with pytest.raises(Truncated):
        assert m.sin(x) ** 2 + m.cos(x) ** 2 == 1
    with pytest.raises(Undecided):
        m.sin(1 / x)
    with pytest.raises(OutsideDomain):
        m.sqrt(-x)


def test_limits() -> None:
    """A series states its limit, that of its derivative, and the sign of an infinite derivative."""
    m = arithmetic()
    x = m.around(Fraction(0), 1)
    root = m.sqrt(x) + 2
    assert root.limit() == 2
    assert root.limit_of_derivative() is None
    assert root.growth() == 1
    assert (x * m.log(x)).growth() == -1
    assert (1 / m.log(x)).growth() == -1
    assert (3 - x * x).limit_of_derivative() == 0
    with pytest.raises(OutsideDomain):
        (1 / x).limit()


def test_powers_stay_short() -> None:
    """A high power keeps few terms."""
    power = arithmetic().around(Fraction(1, 3), 1) ** 1000
    assert isinstance(power, Series)
    assert len(power.terms) <= 40
    assert math.isfinite(power.order)
