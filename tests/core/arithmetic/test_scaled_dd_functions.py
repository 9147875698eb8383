"""Functions of wide numbers: they enclose mpmath, also of what is not known exactly, and keep signs."""

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
from actcli.core.arithmetic.scaled_dd_unbounded import UnboundedScaledDDArithmetic
from actcli.core.arithmetic.signals import Undecided
from tests.support.scaled_numbers import REMAINDERS, SHARES, TWO, ends, fields
from tests.support.tiers import examples

M = ScaledDDArithmetic()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Wide numbers are worked on as the engine does it: what NumPy says of the way there is nobody's concern."""
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
"""Limits that are not 0, which nothing tells from the function far out, and the side on which it stays."""
FAR = 800
"""How far out that is."""


def limit_of(name: str, x: Fraction) -> tuple[Any, int] | None:
    """The limit that the function is beside at x, and -1 or 1 for below or above it; None if x is not far out."""
    towards_zero = x > 0 if name in ("cosigmoid", "expm1") else x < 0 and name not in ("tanh", "tanhshrink", "erf")
    return LIMITS[name](x) if abs(x) > FAR and name in LIMITS and not towards_zero else None


LARGEST_POWER = 2**39
"""e to more than this stands for all that is larger."""
UNSEEN = mpmath.ldexp(mpf(1), -1060)
"""What is less than this part of a number underflows on the way."""


def exact_mpf(value: Fraction) -> Any:
    """The fraction, whose denominator is a power of two, as a number of mpmath with all its bits."""
    numerator, denominator = value.as_integer_ratio()
    return mpmath.ldexp(mpf(numerator), 1 - denominator.bit_length())


def bits_for(name: str, x: Fraction) -> int:
    """The precision at which mpmath gives all that is looked at, also where its own way there cancels."""
    numerator, denominator = x.as_integer_ratio()
    small = max(0, denominator.bit_length() - numerator.bit_length()) if x else 0
    return 1300 + 2 * numerator.bit_length() + (2 * small if name in ("tanhshrink", "logcosh") else 0)


def encloses(result: ScaledDD, place: int, name: str, x: Fraction) -> bool:
    """Whether the element's ends have the function's value at x strictly between them, or it is exactly that."""
    high, low, least, most, exponent = fields(result, place)
    with mp.workprec(bits_for(name, x)):
        middle = mpf(high) + mpf(low)
        unit = mpmath.ldexp(mpf(1), exponent)
        bottom, top = (middle + least) * unit / result.denominator, (middle + most) * unit / result.denominator
        known = limit_of(name, x)
        if known is not None:
            limit, side = known
            limit = exact_mpf(Fraction(limit))
            return bool(bottom < limit <= top if side < 0 else bottom <= limit < top)
        true = REFERENCE[name](exact_mpf(x))
        slack = UNSEEN * unit
        return bool(bottom == true == top) if least == most else bool(bottom - slack < true < top + slack)


POINTS = st.one_of(
    st.floats(-40, 40),
    st.floats(-FAR, FAR),
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
    """Of exact float64, tiny and huge ones too, alone or in a crowd, a function's enclosure holds mpmath's value."""
    xs = [in_domain(name, x) for x in xs]
    result = getattr(M, name)(ScaledDD.from_float(np.array(xs)))
    assert [x for place, x in enumerate(xs) if not encloses(result, place, name, Fraction(x))] == []


@pytest.mark.parametrize("name", REFERENCE)
@settings(deadline=None, max_examples=examples(20))
@given(x=POINTS, remainder=REMAINDERS, share=SHARES)
def test_functions_of_what_is_not_known_exactly(
    name: str, x: float, remainder: tuple[float, float], share: Fraction
) -> None:
    """Of a number with a remainder, the enclosure holds the values of all that it may be; or Unsure is raised."""
    x = in_domain(name, x)
    number = ScaledDD.from_float(np.array([x])).add_error(*map(np.atleast_1d, remainder))
    _, low, high = ends(number, 0)
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
def test_functions_of_nothing_but_a_remainder(
    name: str, side: tuple[float, float], exponent: int, share: Fraction
) -> None:
    """Of a number of which only an interval about zero is known, the enclosure holds the values at all in it."""
    number = ScaledDD.from_interval(*(np.array([end]) for end in side), np.int64(exponent))
    _, low, high = ends(number, 0)
    true = low + (high - low) * share
    try:
        result = getattr(M, name)(number)
    except Undecided:
        return
    assert not np.isfinite(result.rem_lo[0] + result.rem_hi[0]) or encloses(result, 0, name, true)


@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize("x", [0.0, 2.0**-60, 1.0, 9.0])
@pytest.mark.parametrize("width", [2.0**-44, 2.0**-30, 2.0**-8, 0.5])
def test_functions_of_wide_remainders(name: str, x: float, width: float) -> None:
    """A function encloses its values at both ends of a remainder of any width, or is undecided."""
    number = ScaledDD.from_float(np.array([x])).add_error(np.array([-width]), np.array([width]))
    _, low, high = ends(number, 0)
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
def test_what_a_series_leaves_off(name: str) -> None:
    """At powers of two, where little else is rounded, what a series leaves off is on the side that is said."""
    xs = [sign * 2.0**exponent for exponent in (-41, -44, -50, -77, -100, -130) for sign in (1, -1)]
    xs = [x for x in xs if x > 0 or name not in POSITIVE]
    result = getattr(M, name)(ScaledDD.from_float(np.array(xs)))
    assert [x for place, x in enumerate(xs) if not encloses(result, place, name, Fraction(x))] == []


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
def test_just_beside_a_number(name: str, x: float, limit: float, side: int) -> None:
    """What is nearer to a number than bits tell is known to lie on one side of it, the right one."""
    result = getattr(M, name)(ScaledDD.from_float(np.array([x])))
    if limit:
        _, low, high = ends(result, 0)
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
@pytest.mark.parametrize("crowd", [[], [-3.0, 0.5]], ids=["alone", "in a crowd"])
def test_just_beside_a_number_of_thirds(name: str, x: float, limit: float, side: int, crowd: list[float]) -> None:
    """Three times a function of x/3 is known to lie on one side of a number, as the third is not rounded on the way."""
    crowd = [abs(x) / 4 for x in crowd] if name == "log1p" else crowd
    result = getattr(UnboundedScaledDDArithmetic(), name)(ScaledDD.from_float(np.array([x, *crowd])) / 3) * 3
    _, low, high = ends(result, 0)
    assert low < high <= limit if side < 0 else limit <= low < high


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_turns_are_taken_off(name: str) -> None:
    """Of an x up to 2^40 a sine or cosine is known to more digits than a float64 has; beyond, that it is one."""
    xs = [3001.5, -1e6, 2.0**30 + 0.1, -(2.0**39)]
    result = getattr(M, name)(ScaledDD.from_float(np.array(xs)))
    assert [x for place, x in enumerate(xs) if not encloses(result, place, name, Fraction(x))] == []
    bounds = [ends(result, place) for place in range(len(xs))]
    assert all(high - low < TWO**-60 for _, low, high in bounds)
    _, low, high = ends(getattr(M, name)(ScaledDD.from_float(np.array([2.0**50]))), 0)
    assert low < -1 < 1 < high


def test_constants_of_the_arithmetic() -> None:
    """A number of the arithmetic is that number, and pi is enclosed to 100 bits."""
    assert ends(M.number(Fraction(1, 3)), 0)[0] == Fraction(1, 3)
    _, low, high = ends(M.pi, 0)
    with mp.workprec(600):
        assert exact_mpf(low) < mp.pi < exact_mpf(high)
    assert high - low < TWO**-100


def test_outside_the_domain() -> None:
    """Roots and logarithms of what is not positive are not for this reading."""
    for name in ("sqrt", "log"):
        for x in ([0.0], [-1.0], [1.0, -1e-300]):
            with pytest.raises(Undecided):
                getattr(M, name)(ScaledDD.from_float(np.array(x)))


def test_nothing_at_all() -> None:
    """An array of no elements gives one."""
    for name in REFERENCE:
        result = getattr(M, name)(ScaledDD.from_float(np.empty(0)))
        assert np.shape(result.hi + np.zeros(0)) == (0,)
