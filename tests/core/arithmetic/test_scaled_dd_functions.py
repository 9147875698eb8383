"""Functions of scaled double-doubles: they enclose mpmath's values, for inexact arguments too, and keep signs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
from actcli.core.arithmetic.scaled_dd_rounding import round_certainly
from actcli.core.arithmetic.scaled_dd_unbounded import UnboundedScaledDDArithmetic
from actcli.core.arithmetic.signals import Undecided
from actcli.number_formats import FLOATS
from tests.support.scaled_numbers import REMAINDERS, SHARES, TWO, endpoints, fields
from tests.support.tiers import examples, sampled

M = ScaledDDArithmetic()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Turn NumPy's warnings off, as the evaluation does: nan and inf in a remainder mean undecided."""
    with np.errstate(all="ignore"):
        yield


def normal(x: Any) -> Any:
    return mills(-x) * density(x) if x < -(10**6) else mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def density(x: Any) -> Any:
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mp.pi)


def mills(t: Any) -> Any:
    if t < 10**6:
        return normal(-t) / density(t)
    terms = [1 / t]
    while abs(terms[-1]) > terms[0] * mpmath.eps:
        terms.append(-terms[-1] * (2 * len(terms) - 1) / (t * t))
    return mpmath.fsum(terms)


def softplus(x: Any) -> Any:
    return max(x, 0) + mpmath.log1p(mpmath.exp(-abs(x)))


REFERENCE: dict[str, Callable[[Any], Any]] = {
    "abs": abs,
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "cosigmoid": lambda x: 1 / (1 + mpmath.exp(x)),
    "tanh": mpmath.tanh,
    "tanh_softplus": lambda x: mpmath.tanh(softplus(x)),
    "tanhshrink": lambda x: x - mpmath.tanh(x),
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "softplus": softplus,
    "logcosh": lambda x: mpmath.log(mpmath.cosh(x)),
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "atan": mpmath.atan,
    "asinh": mpmath.asinh,
    "phi": density,
    "ndtr": normal,
    "mills": mills,
    "erf": mpmath.erf,
}
POSITIVE = {"log", "sqrt", "mills"}

LIMITS: dict[str, Callable[[Fraction], tuple[Any, int]]] = {
    "sigmoid": lambda x: (1, -1),
    "cosigmoid": lambda x: (1, -1),
    "tanh": lambda x: (1, -1) if x > 0 else (-1, 1),
    "tanh_softplus": lambda x: (1, -1),
    "tanhshrink": lambda x: (x - 1, 1) if x > 0 else (x + 1, -1),
    "softplus": lambda x: (x, 1),
    "expm1": lambda x: (-1, 1),
    "ndtr": lambda x: (1, -1),
    "erf": lambda x: (1, -1) if x > 0 else (-1, 1),
}
"""Nonzero limits, and -1 or 1 for a function that stays below or above its limit."""
ASYMPTOTIC = 800
"""Beyond this |x| mpmath's precision cannot distinguish a function from its limit."""


def limit_of(name: str, x: Fraction) -> tuple[Any, int] | None:
    """Return the limit that f(x) is indistinguishable from, and the side of it; None if |x| <= ASYMPTOTIC."""
    towards_zero = x > 0 if name in ("cosigmoid", "expm1") else x < 0 and name not in ("tanh", "tanhshrink", "erf")
    return LIMITS[name](x) if abs(x) > ASYMPTOTIC and name in LIMITS and not towards_zero else None


LARGEST_POWER = 2**39
"""e to this power stands for all larger powers."""
UNDERFLOW = mpmath.ldexp(mpf(1), -1060)
"""Relative size of terms that may underflow in the computation of an enclosure."""


def exact_mpf(value: Fraction) -> Any:
    """Return a fraction whose denominator is a power of two as an exact mpf."""
    numerator, denominator = value.as_integer_ratio()
    return mpmath.ldexp(mpf(numerator), 1 - denominator.bit_length())


def bits_for(name: str, x: Fraction) -> int:
    """Return a precision at which mpmath's value is correct to all compared bits, despite cancellation."""
    numerator, denominator = x.as_integer_ratio()
    small = max(0, denominator.bit_length() - numerator.bit_length()) if x else 0
    return 1300 + 2 * numerator.bit_length() + (2 * small if name in ("tanhshrink", "logcosh") else 0)


def encloses(result: ScaledDD, position: int, name: str, x: Fraction) -> bool:
    """Return whether one element encloses the function's value at x strictly, or is exactly that."""
    hi, lo, rem_lo, rem_hi, exponent = fields(result, position)
    with mp.workprec(bits_for(name, x)):
        middle = mpf(hi) + mpf(lo)
        unit = mpmath.ldexp(mpf(1), exponent)
        bottom, top = (middle + rem_lo) * unit / result.denominator, (middle + rem_hi) * unit / result.denominator
        known = limit_of(name, x)
        if known is not None:
            limit, side = known
            limit = exact_mpf(Fraction(limit))
            return bool(bottom < limit <= top if side < 0 else bottom <= limit < top)
        true = REFERENCE[name](exact_mpf(x))
        slack = UNDERFLOW * unit
        return bool(bottom == true == top) if rem_lo == rem_hi else bool(bottom - slack < true < top + slack)


POINTS = st.one_of(
    st.floats(-40, 40),
    st.floats(-ASYMPTOTIC, ASYMPTOTIC),
    st.tuples(st.floats(-307, 307), st.sampled_from((-1, 1))).map(lambda t: t[1] * 10.0 ** t[0]),
    st.tuples(st.integers(-1074, 1023), st.sampled_from((-1, 1))).map(lambda t: math.ldexp(t[1], t[0])),
    st.sampled_from(
        [2.0**-40, 0.25, 14.0, 20.0, 60.0, 100.0, 3000.0, 2.0**40, 2.0**39, 2.0**100, 1e-300, 1e300]
    ).flatmap(
        lambda x: st.sampled_from([x, math.nextafter(x, 0), math.nextafter(x, math.inf), -x, -math.nextafter(x, 0)])
    ),
    st.floats(allow_nan=False, allow_infinity=False),
)


def in_domain(name: str, x: float) -> float:
    if name in POSITIVE:
        return abs(x) or 1.0
    if name == "log1p":
        return x if x > -1 else -1 / x if x < -1 else 0.5
    return min(x, float(LARGEST_POWER)) if name in ("exp", "expm1") else x


@pytest.mark.parametrize("name", REFERENCE)
@settings(deadline=None, max_examples=examples(20))
@given(xs=st.lists(POINTS, min_size=1, max_size=3))
def test_functions_enclose(name: str, xs: list[float]) -> None:
    """Each function of exact float64 of any size encloses mpmath's value, for single elements and arrays."""
    xs = [in_domain(name, x) for x in xs]
    result = getattr(M, name)(ScaledDD.from_float(np.array(xs)))
    assert [x for position, x in enumerate(xs) if not encloses(result, position, name, Fraction(x))] == []


@pytest.mark.parametrize("name", REFERENCE)
@settings(deadline=None, max_examples=examples(20))
@given(x=POINTS, remainder=REMAINDERS, share=SHARES)
def test_functions_of_inexact_arguments(name: str, x: float, remainder: tuple[float, float], share: Fraction) -> None:
    """A function encloses its values for every number within the argument's remainder, or raises Undecided."""
    x = in_domain(name, x)
    number = ScaledDD.from_float(np.array([x])).add_error(*map(np.atleast_1d, remainder))
    _, low, high = endpoints(number, 0)
    true = low + (high - low) * share
    if name in ("exp", "expm1") and true > LARGEST_POWER:
        return
    if (name in POSITIVE and low <= 0) or (name == "log1p" and low <= -1):
        return
    try:
        result = getattr(M, name)(number)
    except Undecided:
        assert low != high
        return
    assert not np.isfinite(result.rem_lo[0] + result.rem_hi[0]) or encloses(result, 0, name, true)


@pytest.mark.parametrize("name", [name for name in REFERENCE if name not in {"log", "sqrt", "mills"}])
@settings(deadline=None, max_examples=examples(20))
@given(
    side=st.sampled_from([(0.0, 1.0), (-1.0, 0.0), (-1.0, 1.0), (0.5, 1.0), (-1.0, -0.25)]),
    exponent=st.integers(-1500, -45),
    share=SHARES,
)
def test_functions_of_remainders_alone(name: str, side: tuple[float, float], exponent: int, share: Fraction) -> None:
    """A function encloses its values for every number of an argument that is only an interval around zero."""
    number = ScaledDD.from_interval(*(np.array([end]) for end in side), np.int64(exponent))
    _, low, high = endpoints(number, 0)
    true = low + (high - low) * share
    try:
        result = getattr(M, name)(number)
    except Undecided:
        return
    assert not np.isfinite(result.rem_lo[0] + result.rem_hi[0]) or encloses(result, 0, name, true)


@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize("x", [0.0, 2.0**-60, 1.0, 9.0])
@pytest.mark.parametrize("width", sampled([2.0**-44, 2.0**-30, 2.0**-8, 0.5], 1))
def test_functions_of_wide_remainders(name: str, x: float, width: float) -> None:
    """A function encloses its values at both ends of a remainder of any width, or is undecided."""
    number = ScaledDD.from_float(np.array([x])).add_error(np.array([-width]), np.array([width]))
    _, low, high = endpoints(number, 0)
    if name in POSITIVE and low <= 0:
        return
    try:
        result = getattr(M, name)(number)
    except Undecided:
        return
    for share in (Fraction(1, 2**30), Fraction(1, 2), 1 - Fraction(1, 2**30)):
        true = low + (high - low) * share
        assert not np.isfinite(result.rem_lo[0] + result.rem_hi[0]) or encloses(result, 0, name, true)


@pytest.mark.parametrize("name", REFERENCE)
def test_truncation_errors_have_the_right_sign(name: str) -> None:
    """The truncation error of a Taylor series is enclosed at powers of two, where few other roundings hide it."""
    xs = [sign * 2.0**exponent for exponent in (-41, -44, -50, -77, -100, -130) for sign in (1, -1)]
    xs = [x for x in xs if x > 0 or name not in POSITIVE]
    result = getattr(M, name)(ScaledDD.from_float(np.array(xs)))
    assert [x for position, x in enumerate(xs) if not encloses(result, position, name, Fraction(x))] == []


@pytest.mark.parametrize(
    ("name", "x", "limit", "side"),
    [
        ("tanh", 1e10, 1.0, -1),
        ("tanh", -1e300, -1.0, 1),
        ("exp", -1e30, 0.0, 1),
        ("exp", -1.7e308, 0.0, 1),
        ("exp", 1e-320, 1.0, 1),
        ("exp", -5e-324, 1.0, -1),
        ("expm1", -1e9, -1.0, 1),
        ("sigmoid", 1e-310, 0.5, 1),
        ("sigmoid", -5e-324, 0.5, -1),
        ("sigmoid", 1e6, 1.0, -1),
        ("sigmoid", -1e15, 0.0, 1),
        ("cosigmoid", 1e-310, 0.5, -1),
        ("softplus", 1e5, 1e5, 1),
        ("softplus", -1e15, 0.0, 1),
        ("tanhshrink", 2.0**53, 2.0**53 - 1, 1),
        ("tanhshrink", -1e5, -99999.0, -1),
        ("ndtr", 1e-310, 0.5, 1),
        ("ndtr", -1e-310, 0.5, -1),
        ("ndtr", 1e5, 1.0, -1),
        ("ndtr", -1e10, 0.0, 1),
        ("erf", 1e5, 1.0, -1),
        ("erf", -1e300, -1.0, 1),
        ("phi", 1e100, 0.0, 1),
    ],
)
def test_side_of_limit(name: str, x: float, limit: float, side: int) -> None:
    """A function closer to a limit than any digits show is enclosed on the right side of it."""
    result = getattr(M, name)(ScaledDD.from_float(np.array([x])))
    if limit:
        _, low, high = endpoints(result, 0)
        assert low < limit == high if side < 0 else low == limit < high
    else:
        assert fields(result, 0)[:3] == (0.0, 0.0, 0.0)
        assert result.rem_hi[0] > 0
    assert result.signs()[0] == (math.copysign(1.0, limit) if limit else side)


@pytest.mark.parametrize(
    ("name", "x", "limit", "side"),
    [
        ("softplus", 7.0 * 2.0**37, 7.0 * 2.0**37, 1),
        ("softplus", 2.0**45, 2.0**45, 1),
        ("tanhshrink", 2.0**53, 2.0**53 - 3, 1),
        ("tanh", -(2.0**-600), -(2.0**-600), 1),
        ("sinh", 2.0**-600, 2.0**-600, 1),
        ("sin", 2.0**-300, 2.0**-300, -1),
        ("atan", -(2.0**-300), -(2.0**-300), 1),
        ("asinh", 2.0**-300, 2.0**-300, -1),
        ("expm1", 2.0**-1000, 2.0**-1000, 1),
        ("log1p", -(2.0**-1000), -(2.0**-1000), -1),
    ],
)
@pytest.mark.parametrize("others", [[], [-3.0, 0.5]], ids=["single", "array"])
def test_side_of_limit_with_denominator(name: str, x: float, limit: float, side: int, others: list[float]) -> None:
    """3 f(x/3) is enclosed on the right side of its limit, since x/3 keeps its denominator without rounding."""
    others = [abs(x) / 4 for x in others] if name == "log1p" else others
    result = getattr(UnboundedScaledDDArithmetic(), name)(ScaledDD.from_float(np.array([x, *others])) / 3) * 3
    _, low, high = endpoints(result, 0)
    assert low < high <= limit if side < 0 else limit <= low < high


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_sine_of_large_arguments(name: str) -> None:
    """A sine or cosine is known to 60 bits up to |x| = 2^40, and enclosed in [-1, 1] beyond."""
    xs = [3001.5, -1e6, 2.0**30 + 0.1, -(2.0**39)]
    result = getattr(M, name)(ScaledDD.from_float(np.array(xs)))
    assert [x for position, x in enumerate(xs) if not encloses(result, position, name, Fraction(x))] == []
    bounds = [endpoints(result, position) for position in range(len(xs))]
    assert all(high - low < TWO**-60 for _, low, high in bounds)
    _, low, high = endpoints(getattr(M, name)(ScaledDD.from_float(np.array([2.0**50]))), 0)
    assert low < -1 < 1 < high


def test_arithmetic_constants() -> None:
    """number() is exact for a fraction, and pi is enclosed to 100 bits."""
    assert endpoints(M.number(Fraction(1, 3)), 0)[0] == Fraction(1, 3)
    _, low, high = endpoints(M.pi, 0)
    with mp.workprec(600):
        assert exact_mpf(low) < mp.pi < exact_mpf(high)
    assert high - low < TWO**-100


def test_outside_the_domain() -> None:
    """sqrt and log raise Undecided for an array with an element that is not positive."""
    for name in ("sqrt", "log"):
        for x in ([0.0], [-1.0], [1.0, -1e-300]):
            with pytest.raises(Undecided):
                getattr(M, name)(ScaledDD.from_float(np.array(x)))


def test_empty_arrays() -> None:
    """Each function returns an empty array for an empty array."""
    for name in REFERENCE:
        result = getattr(M, name)(ScaledDD.from_float(np.empty(0)))
        assert np.shape(result.hi + np.zeros(0)) == (0,)


@settings(deadline=None, max_examples=examples(50))
@given(st.floats(2.0**38, 1e308), st.floats(1.001, 4))
def test_huge_powers_are_known_only_from_below(x: float, factor: float) -> None:
    """A power beyond the exponents of int64 overflows, divides to 0, and is never told from a larger one."""
    power, larger = (M.exp(ScaledDD.from_float(np.array([value]))) for value in (x, x * factor))
    float64 = FLOATS["float64"]
    overflow, undecided = round_certainly(power * Fraction(1, 10**400) - 7, (1,), float64)
    assert overflow.tolist() == [math.inf]
    assert undecided.tolist() == [False]
    inverse, undecided = round_certainly(Fraction(-(10**400)) / power, (1,), float64)
    assert repr(inverse.tolist()) == "[-0.0]"
    assert undecided.tolist() == [False]
    ratio, undecided = round_certainly(larger / power, (1,), float64)
    assert undecided.tolist() == [True] or ratio.tolist() == [math.inf]
    difference, undecided = round_certainly(power - larger, (1,), float64)
    assert undecided.tolist() == [True] or difference.tolist() == [-math.inf]
    try:
        logarithm, undecided = round_certainly(M.log(power), (1,), float64)
        assert undecided.tolist() == [True] or logarithm.tolist() == [x]
    except Undecided:
        pass
