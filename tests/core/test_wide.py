"""Wide numbers: operators that enclose exact fractions, functions that enclose mpmath, remainders that keep signs."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from actcli.core.headtail import Unsure
from actcli.core.wide import Wide, power_of_two, two_prod, wide
from actcli.core.wide_functions import WideArithmetic

M = WideArithmetic()
TWO = Fraction(2)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Wide numbers are worked on as the engine does it: what NumPy says of the way there is nobody's concern."""
    with np.errstate(all="ignore"):
        yield


def fields(number: Wide, place: int) -> tuple[float, float, float, float, int]:
    """High, low, least, most and exponent of one element."""

    def at(field: Any) -> Any:
        values = np.ravel(field)
        return values[place if values.size > 1 else 0].item()

    return at(number.high), at(number.low), at(number.least), at(number.most), at(number.exponent)


def ends(number: Wide, place: int) -> tuple[Fraction, Fraction, Fraction]:
    """The number without its remainder, and the two ends that its remainder leaves, of one element."""
    high, low, least, most, exponent = fields(number, place)
    if not (high or low or least or most):
        # The exponent of an exact zero may be anything.
        return (Fraction(0),) * 3
    unit = TWO**exponent / number.denominator
    middle = Fraction(high) + Fraction(low)
    return middle * unit, (middle + Fraction(least)) * unit, (middle + Fraction(most)) * unit


def holds(number: Wide, place: int, true: Fraction) -> bool:
    """Whether the element is exactly the fraction, or has it strictly between its ends."""
    middle, low, high = ends(number, place)
    return middle == true if low == high else low < true < high


def is_exact(number: Wide) -> bool:
    return bool(np.all(number.least == 0) and np.all(number.most == 0))


DOUBLES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.tuples(st.integers(-(2**53), 2**53), st.integers(-1074, 970)).map(lambda t: math.ldexp(*t)),
    st.integers(-8, 8).map(float),
    st.floats(-4, 4),
)
RATIONALS = st.one_of(
    st.integers(-(10**6), 10**6),
    st.fractions(max_denominator=10**4),
    st.fractions(),
    st.integers(2**60, 2**200).map(lambda n: Fraction(n, n // 3 + 1)),
    st.tuples(st.floats(-1, 1), st.integers(-3000, 3000)).map(lambda t: Fraction(t[0]) * TWO ** t[1]),
)
REMAINDERS = st.one_of(
    st.just((0.0, 0.0)),
    st.tuples(
        st.sampled_from([(0.0, 1.0), (-1.0, 0.0), (-1.0, 1.0), (0.5, 2.0), (-3.0, -1.0)]), st.integers(55, 900)
    ).map(lambda t: (t[0][0] * 2.0 ** -t[1], t[0][1] * 2.0 ** -t[1])),
)
SHARES = st.integers(1, 2**20 - 1).map(lambda n: Fraction(n, 2**20))


@st.composite
def numbers(draw: st.DrawFn, size: int) -> tuple[Wide, list[Fraction]]:
    """An array of wide numbers with some that are not known exactly, and a fraction that each holds."""
    doubles = draw(st.lists(DOUBLES, min_size=size, max_size=size))
    remainders = draw(st.lists(REMAINDERS, min_size=size, max_size=size))
    shares = draw(st.lists(SHARES, min_size=size, max_size=size))
    exact = Wide.exactly(np.array(doubles))
    least, most = (np.array([pair[side] for pair in remainders]) for side in (0, 1))
    number = exact.widened(least, most)
    trues = []
    for place, share in enumerate(shares):
        _, low, high = ends(number, place)
        trues.append(low + (high - low) * share)
    return number, trues


# --- from and to -----------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(st.lists(DOUBLES, min_size=1, max_size=6))
def test_floats_are_exact(values: list[float]) -> None:
    """A float64 of any size is that number and nothing else; its value is the float again."""
    number = Wide.exactly(np.array(values))
    assert is_exact(number)
    assert [ends(number, place)[0] for place in range(len(values))] == list(map(Fraction, values))
    assert number.value.tolist() == values
    assert number.signs().tolist() == [(value > 0) - (value < 0) for value in values]


@settings(deadline=None, max_examples=120)
@given(RATIONALS)
def test_constants(value: Fraction | int) -> None:
    """A rational constant is enclosed, and exact where its numerator has 106 bits and its odd denominator 52."""
    number = Wide.constant(value)
    assert holds(number, 0, Fraction(value))
    numerator, denominator = Fraction(value).as_integer_ratio()
    size = abs(numerator) // (numerator & -numerator or 1)
    odd = denominator // (denominator & -denominator)
    assert is_exact(number) or size.bit_length() > 106 or odd > 2**52
    middle, low, high = ends(number, 0)
    assert max(high - middle, middle - low) <= abs(middle) * TWO**-103
    assert low >= middle or high <= middle


@settings(deadline=None, max_examples=50)
@given(RATIONALS.filter(bool), REMAINDERS)
def test_a_denominator_is_divided_out(value: Fraction | int, remainder: tuple[float, float]) -> None:
    """`resolved` is the same number without a denominator of its own."""
    number = Wide.constant(value).widened(*map(np.float64, remainder))
    plain = number.resolved()
    assert plain.denominator == 1
    _, low, high = ends(number, 0)
    assert all(holds(plain, 0, low + (high - low) * share) for share in (Fraction(1, 2), Fraction(1, 10**9)))


@settings(deadline=None, max_examples=50)
@given(DOUBLES, DOUBLES)
def test_two_prod_is_exact(a: float, b: float) -> None:
    """A product of two float64 near 1 and its error are the exact product."""
    a, b = math.frexp(a)[0], math.frexp(b)[0]
    product, error = two_prod(np.float64(a), np.float64(b))
    assert Fraction(float(product)) + Fraction(float(error)) == Fraction(a) * Fraction(b)


def test_powers_of_two() -> None:
    """2**exponent is exact from -1000 to 1000, and what lies beyond is cut to these."""
    exponents = np.array([-(2**60), -1001, -1000, -1, 0, 1, 999, 1000, 1001, 2**60])
    wanted = [2.0**-1000] * 3 + [0.5, 1.0, 2.0, 2.0**999] + [2.0**1000] * 3
    assert power_of_two(exponents).tolist() == wanted


# --- operators -------------------------------------------------------------------------------------------------------

BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@settings(deadline=None, max_examples=80)
@given(st.integers(1, 4).flatmap(lambda size: st.tuples(numbers(size), numbers(size))))
def test_operators_enclose(operands: tuple[tuple[Wide, list[Fraction]], tuple[Wide, list[Fraction]]]) -> None:
    """Sums, products and quotients hold the exact rational results, whatever the sizes; what needs no remainder and
    has operands without one is exact; a quotient by what may be zero has no ends."""
    (a, u), (b, v) = operands
    for name, apply in BINARY.items():
        result = apply(a, b)
        for place, (x, y) in enumerate(zip(u, v, strict=True)):
            _, low, high = ends(b, place)
            if name == "/" and low <= 0 <= high:
                continue
            if name == "/" and not np.isfinite(result.least[place]):
                assert low != high
                continue
            assert holds(result, place, apply(x, y)), name


@settings(deadline=None, max_examples=80)
@given(numbers(2), RATIONALS, st.integers(0, 7))
def test_operators_with_constants_enclose(operand: tuple[Wide, list[Fraction]], c: Fraction | int, power: int) -> None:
    """So do they with ints and Fractions on either side, and so do signs, sizes and powers."""
    a, u = operand
    results: list[tuple[Wide, Callable[[Fraction], Fraction]]] = [
        (a + c, lambda x: x + c),
        (c + a, lambda x: c + x),
        (a - c, lambda x: x - c),
        (c - a, lambda x: c - x),
        (a * c, lambda x: x * c),
        (c * a, lambda x: c * x),
        (-a, lambda x: -x),
        (+a, lambda x: x),
        (a**power, lambda x: x**power),
    ]
    if c:
        results.append((a / c, lambda x: x / Fraction(c)))
    for place, x in enumerate(u):
        for result, true in results:
            assert holds(result, place, true(x))
    certain = [place for place in range(2) if not ends(a, place)[1] <= 0 <= ends(a, place)[2]]
    if certain:
        b = a.take(np.array(certain))
        size, inverse, negative = abs(b), c / b, b**-2
        for place, at in enumerate(certain):
            assert holds(size, place, abs(u[at]))
            if np.isfinite(inverse.least[place]):
                assert holds(inverse, place, c / u[at])
            if np.isfinite(negative.least[place]):
                assert holds(negative, place, u[at] ** -2)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from("+-*/"), min_size=1, max_size=6), st.data())
def test_chains_of_operators_enclose(steps: list[str], data: st.DataObject) -> None:
    """Whatever a few operations with floats and rationals in a row have made of a number, the exact result is held."""
    start = data.draw(st.lists(DOUBLES, min_size=2, max_size=2))
    number, trues = Wide.exactly(np.array(start)), list(map(Fraction, start))
    for step in steps:
        if data.draw(st.booleans()):
            doubles = data.draw(st.lists(DOUBLES.filter(bool), min_size=2, max_size=2))
            other: Any = Wide.exactly(np.array(doubles))
            beside = list(map(Fraction, doubles))
        else:
            other = data.draw(RATIONALS.filter(bool))
            beside = [Fraction(other)] * 2
        number = BINARY[step](number, other)
        trues = [BINARY[step](x, y) for x, y in zip(trues, beside, strict=True)]
        assert all(holds(number, place, true) for place, true in enumerate(trues))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: math.ldexp(round(x), -10)), min_size=1, max_size=5))
def test_rational_pieces_are_exact(values: list[float]) -> None:
    """Pieces with rational coefficients stay exact, denominators and all: x/6 + 1/2, x (x + 3)/6, x/2 + x^2/4."""
    x = Wide.exactly(np.array(values))
    half = Fraction(1, 2)
    pieces = [
        (x / 6 + half, lambda u: u / 6 + half),
        (x * (x + 3) / 6, lambda u: u * (u + 3) / 6),
        (x / 2 + x * x / 4, lambda u: u / 2 + u * u / 4),
        (Fraction(2, 7) * x - x / 3, lambda u: Fraction(2, 7) * u - u / 3),
    ]
    for piece, true in pieces:
        assert is_exact(piece)
        assert [ends(piece, place)[0] for place in range(len(values))] == [true(Fraction(value)) for value in values]


@settings(deadline=None, max_examples=50)
@given(DOUBLES.filter(bool), st.floats(0.5, 4), st.integers(-5000, -60), st.booleans())
def test_remainders_keep_their_sign(x: float, factor: float, below: int, more: bool) -> None:
    """A little more than a float, or less, stays that through sums, products and signs, however little it is."""
    exponent = math.frexp(x)[1] + below
    least, most = (0.0, 1.0) if more else (-1.0, 0.0)
    little = Wide.between(np.array([least]), np.array([most]), np.int64(exponent))
    number = Wide.exactly(np.array([x])) + little

    def leans(result: Wide, up: bool) -> bool:
        return bool(result.least[0] >= 0) if up else bool(result.most[0] <= 0)

    assert leans(number, more)
    assert leans(-number, not more)
    assert leans(number * 2, more)
    assert leans(number / 4, more)
    assert leans(number * Wide.exactly(np.array([factor])), more)
    assert leans(number * number, more == (x > 0))
    assert leans(little * Wide.exactly(np.array([-factor])), not more)
    assert leans(little + little, more)
    assert leans(number - Fraction(x), more)
    assert not leans(number, not more)


@settings(deadline=None, max_examples=80)
@given(numbers(1), numbers(1) | DOUBLES.map(lambda x: (Wide.exactly(np.array([x])), [Fraction(x)])))
def test_comparisons(a: tuple[Wide, list[Fraction]], b: tuple[Wide, list[Fraction]]) -> None:
    """A comparison that is decided is that of the numbers; one of exact numbers always is."""
    for compare in (operator.gt, operator.ge, operator.lt, operator.le):
        try:
            assert compare(a[0], b[0]).tolist() == [compare(a[1][0], b[1][0])]
        except Unsure:
            assert not (is_exact(a[0]) and is_exact(b[0]))


def test_signs_that_remainders_leave_open() -> None:
    """What may be on either side of zero has no sign; what is a little more or less than zero has one."""
    zero = np.zeros(1)
    assert Wide.between(zero, zero + 1, np.int64(-5)).signs().tolist() == [1.0]
    assert Wide.between(zero - 1, zero, np.int64(-5)).signs().tolist() == [-1.0]
    with pytest.raises(Unsure):
        Wide.between(zero - 1, zero + 1, np.int64(-5)).signs()
    with pytest.raises(Unsure):
        abs(Wide.exactly(zero + 1e-30).widened(zero - 1.0, zero))


@settings(deadline=None, max_examples=50)
@given(numbers(6), st.permutations(range(6)), st.integers(1, 5))
def test_taken_apart_and_joined(operand: tuple[Wide, list[Fraction]], order: list[int], cut: int) -> None:
    """Elements that are taken and joined again are in their places, whatever the parts' denominators."""
    a, u = operand
    first, second = np.array(order[:cut]), np.array(order[cut:])
    parts: list[tuple[Any, Any]] = [(first, a.take(first) / 3), (second, a.take(second) * Fraction(2, 7))]
    joined = Wide.joined(parts, (6,))
    for place in range(6):
        assert holds(joined, place, u[place] / 3 if place in order[:cut] else u[place] * Fraction(2, 7))
    same = Wide.joined([(first, a.take(first)), (second, a.take(second))], (6,))
    assert [ends(same, place) for place in range(6)] == [ends(a, place) for place in range(6)]
    spread = Wide.joined([(first, Fraction(5, 3)), (second, 0)], (6,))
    assert all(holds(spread, place, Fraction(5, 3) if place in order[:cut] else Fraction(0)) for place in range(6))


def test_numbers_of_other_kinds() -> None:
    """An int and a Fraction are numbers; what is none is left to its own operators."""
    assert wide(3).value == 3.0
    assert wide(Fraction(1, 3)).denominator == 3
    number = wide(np.array([]).size)
    for apply in BINARY.values():
        with pytest.raises(TypeError):
            apply(number, 0.5)
        with pytest.raises(TypeError):
            apply("a", number)


# --- functions -------------------------------------------------------------------------------------------------------


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


def encloses(result: Wide, place: int, name: str, x: Fraction) -> bool:
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
@settings(deadline=None, max_examples=20)
@given(xs=st.lists(POINTS, min_size=1, max_size=3))
def test_functions_enclose(name: str, xs: list[float]) -> None:
    """Of exact float64, tiny and huge ones too, alone or in a crowd, a function's enclosure holds mpmath's value."""
    xs = [in_domain(name, x) for x in xs]
    result = getattr(M, name)(Wide.exactly(np.array(xs)))
    assert [x for place, x in enumerate(xs) if not encloses(result, place, name, Fraction(x))] == []


@pytest.mark.parametrize("name", REFERENCE)
@settings(deadline=None, max_examples=20)
@given(x=POINTS, remainder=REMAINDERS, share=SHARES)
def test_functions_of_what_is_not_known_exactly(
    name: str, x: float, remainder: tuple[float, float], share: Fraction
) -> None:
    """Of a number with a remainder, the enclosure holds the values of all that it may be; or Unsure is raised."""
    x = in_domain(name, x)
    number = Wide.exactly(np.array([x])).widened(*map(np.atleast_1d, remainder))
    _, low, high = ends(number, 0)
    true = low + (high - low) * share
    if name in ("exp", "expm1") and true > LARGEST_POWER:
        return
    if (name in POSITIVE and low <= 0) or (name == "log1p" and low <= -1):
        return
    try:
        result = getattr(M, name)(number)
    except Unsure:
        assert low != high
        return
    assert not np.isfinite(result.least[0] + result.most[0]) or encloses(result, 0, name, true)


@pytest.mark.parametrize("name", [name for name in REFERENCE if name not in {"log", "sqrt", "mills"}])
@settings(deadline=None, max_examples=20)
@given(
    side=st.sampled_from([(0.0, 1.0), (-1.0, 0.0), (-1.0, 1.0), (0.5, 1.0), (-1.0, -0.25)]),
    exponent=st.integers(-1500, -45),
    share=SHARES,
)
def test_functions_of_nothing_but_a_remainder(
    name: str, side: tuple[float, float], exponent: int, share: Fraction
) -> None:
    """Of a number of which only an interval about zero is known, the enclosure holds the values at all in it."""
    number = Wide.between(*(np.array([end]) for end in side), np.int64(exponent))
    _, low, high = ends(number, 0)
    true = low + (high - low) * share
    try:
        result = getattr(M, name)(number)
    except Unsure:
        return
    assert not np.isfinite(result.least[0] + result.most[0]) or encloses(result, 0, name, true)


@pytest.mark.parametrize("name", REFERENCE)
def test_what_a_series_leaves_off(name: str) -> None:
    """At powers of two, where little else is rounded, what a series leaves off is on the side that is said."""
    xs = [sign * 2.0**exponent for exponent in (-41, -44, -50, -77, -100, -130) for sign in (1, -1)]
    xs = [x for x in xs if x > 0 or name not in POSITIVE]
    result = getattr(M, name)(Wide.exactly(np.array(xs)))
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
    result = getattr(M, name)(Wide.exactly(np.array([x])))
    if limit:
        _, low, high = ends(result, 0)
        assert low < limit == high if side < 0 else low == limit < high
    else:
        assert fields(result, 0)[:3] == (0.0, 0.0, 0.0)
        assert result.most[0] > 0
    assert result.signs()[0] == (math.copysign(1.0, limit) if limit else side)


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
            with pytest.raises(Unsure):
                getattr(M, name)(Wide.exactly(np.array(x)))


def test_nothing_at_all() -> None:
    """An array of no elements gives one."""
    for name in REFERENCE:
        result = getattr(M, name)(Wide.exactly(np.empty(0)))
        assert np.shape(result.high + np.zeros(0)) == (0,)
