"""Scaled double-doubles: operators enclose exact fractions, comparisons, and remainders keep their sign."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.core.arithmetic.remainder_intervals import power_of_two
from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd
from actcli.core.arithmetic.signals import Undecided
from actcli.error_free import two_prod
from tests.support.scaled_numbers import (
    DOUBLES,
    RATIONALS,
    REMAINDERS,
    TWO,
    contains,
    endpoints,
    fields,
    is_exact,
    numbers,
)
from tests.support.tiers import examples


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Turn NumPy's warnings off, as the evaluation does: nan and inf in a remainder mean undecided."""
    with np.errstate(all="ignore"):
        yield


# --- from and to -----------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=examples(50))
@given(st.lists(DOUBLES, min_size=1, max_size=6))
def test_floats_are_exact(values: list[float]) -> None:
    """from_float is exact for a float64 of any size, and value returns that float64."""
    number = ScaledDD.from_float(np.array(values))
    assert is_exact(number)
    assert [endpoints(number, position)[0] for position in range(len(values))] == list(map(Fraction, values))
    assert number.value.tolist() == values
    assert number.signs().tolist() == [(value > 0) - (value < 0) for value in values]


@settings(deadline=None, max_examples=examples(120))
@given(RATIONALS)
def test_constants_are_enclosed(value: Fraction | int) -> None:
    """A rational constant is enclosed, and exact if its numerator has 106 bits and its odd denominator 52."""
    number = ScaledDD.from_rational(value)
    assert contains(number, 0, Fraction(value))
    numerator, denominator = Fraction(value).as_integer_ratio()
    size = abs(numerator) // (numerator & -numerator or 1)
    odd = denominator // (denominator & -denominator)
    assert is_exact(number) or size.bit_length() > 106 or odd > 2**52
    middle, low, high = endpoints(number, 0)
    assert max(high - middle, middle - low) <= abs(middle) * TWO**-103
    assert low >= middle or high <= middle


@settings(deadline=None, max_examples=examples(50))
@given(RATIONALS.filter(bool), REMAINDERS)
def test_divide_out_keeps_the_number(value: Fraction | int, remainder: tuple[float, float]) -> None:
    """divide_out returns a number with the denominator 1 that encloses the same values."""
    number = ScaledDD.from_rational(value).add_error(*map(np.float64, remainder))
    plain = number.divide_out()
    assert plain.denominator == 1
    _, low, high = endpoints(number, 0)
    assert all(contains(plain, 0, low + (high - low) * share) for share in (Fraction(1, 2), Fraction(1, 10**9)))


@settings(deadline=None, max_examples=examples(50))
@given(DOUBLES, DOUBLES)
def test_two_prod_is_exact(a: float, b: float) -> None:
    """two_prod returns two floats whose sum is the exact product of float64 near 1."""
    a, b = math.frexp(a)[0], math.frexp(b)[0]
    product, error = two_prod(np.float64(a), np.float64(b))
    assert Fraction(float(product)) + Fraction(float(error)) == Fraction(a) * Fraction(b)


def test_powers_of_two() -> None:
    """power_of_two is exact from -1000 to 1000 and clips exponents beyond."""
    exponents = np.array([-(2**60), -1001, -1000, -1, 0, 1, 999, 1000, 1001, 2**60])
    wanted = [2.0**-1000] * 3 + [0.5, 1.0, 2.0, 2.0**999] + [2.0**1000] * 3
    assert power_of_two(exponents).tolist() == wanted


# --- operators -------------------------------------------------------------------------------------------------------

BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@settings(deadline=None, max_examples=examples(80))
@given(st.integers(1, 4).flatmap(lambda size: st.tuples(numbers(size), numbers(size))))
def test_operators_enclose(operands: tuple[tuple[ScaledDD, list[Fraction]], tuple[ScaledDD, list[Fraction]]]) -> None:
    """Sums, differences, products and quotients enclose the exact rational results, for operands of any size; a
    quotient is unbounded if its divisor may be zero."""
    (a, u), (b, v) = operands
    for name, apply in BINARY.items():
        result = apply(a, b)
        for position, (x, y) in enumerate(zip(u, v, strict=True)):
            _, low, high = endpoints(b, position)
            if name == "/" and low <= 0 <= high:
                continue
            if name == "/" and not np.isfinite(result.rem_lo[position]):
                assert low != high
                continue
            assert contains(result, position, apply(x, y)), name


@settings(deadline=None, max_examples=examples(80))
@given(numbers(2), RATIONALS, st.integers(0, 7))
def test_operators_with_constants_enclose(
    operand: tuple[ScaledDD, list[Fraction]], c: Fraction | int, power: int
) -> None:
    """Operators with an int or Fraction on either side enclose the exact results, as do signs, abs and powers."""
    a, u = operand
    results: list[tuple[ScaledDD, Callable[[Fraction], Fraction]]] = [
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
    for position, x in enumerate(u):
        for result, true in results:
            assert contains(result, position, true(x))
    certain = [position for position in range(2) if not endpoints(a, position)[1] <= 0 <= endpoints(a, position)[2]]
    if certain:
        b = a.take(np.array(certain))
        size, inverse, negative = abs(b), c / b, b**-2
        for position, at in enumerate(certain):
            assert contains(size, position, abs(u[at]))
            if np.isfinite(inverse.rem_lo[position]):
                assert contains(inverse, position, c / u[at])
            if np.isfinite(negative.rem_lo[position]):
                assert contains(negative, position, u[at] ** -2)


@settings(deadline=None, max_examples=examples(80))
@given(st.lists(st.sampled_from("+-*/"), min_size=1, max_size=6), st.data())
def test_chains_of_operators_enclose(steps: list[str], data: st.DataObject) -> None:
    """A sequence of up to six operations with floats and rationals encloses the exact result."""
    start = data.draw(st.lists(DOUBLES, min_size=2, max_size=2))
    number, trues = ScaledDD.from_float(np.array(start)), list(map(Fraction, start))
    for step in steps:
        if data.draw(st.booleans()):
            doubles = data.draw(st.lists(DOUBLES.filter(bool), min_size=2, max_size=2))
            other: Any = ScaledDD.from_float(np.array(doubles))
            others = list(map(Fraction, doubles))
        else:
            other = data.draw(RATIONALS.filter(bool))
            others = [Fraction(other)] * 2
        number = BINARY[step](number, other)
        trues = [BINARY[step](x, y) for x, y in zip(trues, others, strict=True)]
        assert all(contains(number, position, true) for position, true in enumerate(trues))


@settings(deadline=None, max_examples=examples(80))
@given(
    st.integers(-900, -1),
    st.floats(1, 2),
    st.integers(1, 4),
    st.tuples(st.floats(0.5, 4), st.integers(-3000, 3000)).map(lambda t: Fraction(t[0]) * TWO ** t[1]),
)
def test_operators_enclose_after_cancellation(exponent: int, factor: float, power: int, c: Fraction) -> None:
    """Powers, quotients and sums of (1 + x) - 1 enclose the exact results, however much of the 1 was cancelled."""
    x = math.ldexp(factor, exponent)
    number = (ScaledDD.from_float(np.array([x])) + 1) - 1
    results: list[tuple[ScaledDD, Callable[[Fraction], Fraction]]] = [
        (number**power, lambda u: u**power),
        (1 / number, lambda u: 1 / u),
        (1 / number**power + c, lambda u: 1 / u**power + c),
        (number**power - c, lambda u: u**power - c),
        (number * (number - c) * c, lambda u: u * (u - c) * c),
    ]
    # Where digits of x were lost the remainder says so; the true value is then some number near x.
    for result, true in results:
        assert contains(result, 0, true(Fraction(x)))


@settings(deadline=None, max_examples=examples(50))
@given(st.floats(0.5, 1), st.integers(900, 1000))
def test_long_products_keep_their_digits(factor: float, power: int) -> None:
    """The powers that a formula may have neither underflow nor lose the remainder's enclosure."""
    number = ScaledDD.from_float(np.array([factor])) ** power
    assert contains(number, 0, Fraction(factor) ** power)
    assert contains(number * number * TWO ** (2 * power), 0, (2 * Fraction(factor)) ** (2 * power))


@pytest.mark.parametrize("a", [(-(2.0**-900), 1.0), (-1.0, 2.0**-900), (-(2.0**-900), 2.0**-900), (0.0, 2.0**-900)])
@pytest.mark.parametrize("b", [(0.0, 2.0**-900), (-(2.0**-900), 0.0), (-(2.0**-900), 2.0**-800), (0.0, 1.0)])
def test_products_of_tiny_remainders_enclose(a: tuple[float, float], b: tuple[float, float]) -> None:
    """The product of two remainders encloses all products, also where those of the endpoints underflow."""
    zero = np.int64(0)
    x, y = (ScaledDD.from_interval(np.array([low]), np.array([high]), zero) for low, high in (a, b))
    _, low, high = endpoints(x * y, 0)
    for u in a:
        for v in b:
            true = Fraction(u) * Fraction(v) * Fraction(2**20 - 1, 2**20)
            assert low < true < high if true else low <= 0 <= high


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("c", [Fraction(1, 3), Fraction(-7), Fraction(10) ** 400, Fraction(-1, 10**400)])
def test_numbers_without_upper_bound(sign: int, c: Fraction) -> None:
    """What may be any number above its digits stays so in sums and products, and divides a number to about 0."""
    huge = ScaledDD.from_float(np.array([1.0])).add_error(np.zeros(1), np.full(1, np.inf)) * sign
    big = Fraction(10) ** 500 * sign

    def contains_open(number: ScaledDD, true: Fraction) -> bool:
        hi, lo, rem_lo, rem_hi, exponent = fields(number, 0)
        offset = true * number.denominator / TWO**exponent - Fraction(hi) - Fraction(lo)
        return (rem_lo == -math.inf or Fraction(rem_lo) < offset) and (rem_hi == math.inf or offset < Fraction(rem_hi))

    assert contains_open(huge, big)
    assert contains_open(huge + c, big + c)
    assert contains_open(huge * c, big * c)
    assert contains_open(huge * huge, big * big)
    assert contains_open(huge * (huge + c), big * (big + c))
    assert contains_open(c / huge, c / big)
    assert contains_open(huge / huge, Fraction(1, 10**300))
    assert (c / huge).signs().tolist() == [1.0 if c * sign > 0 else -1.0]


@settings(deadline=None, max_examples=examples(50))
@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: math.ldexp(round(x), -10)), min_size=1, max_size=5))
def test_rational_pieces_are_exact(values: list[float]) -> None:
    """Polynomials with rational coefficients are exact: x/6 + 1/2, x (x + 3)/6, x/2 + x^2/4."""
    x = ScaledDD.from_float(np.array(values))
    half = Fraction(1, 2)
    pieces = [
        (x / 6 + half, lambda u: u / 6 + half),
        (x * (x + 3) / 6, lambda u: u * (u + 3) / 6),
        (x / 2 + x * x / 4, lambda u: u / 2 + u * u / 4),
        (Fraction(2, 7) * x - x / 3, lambda u: Fraction(2, 7) * u - u / 3),
    ]
    for piece, true in pieces:
        assert is_exact(piece)
        assert [endpoints(piece, position)[0] for position in range(len(values))] == [
            true(Fraction(value)) for value in values
        ]


@settings(deadline=None, max_examples=examples(50))
@given(DOUBLES.filter(bool), st.floats(0.5, 4), st.integers(-5000, -60), st.booleans())
def test_remainders_keep_their_sign(x: float, factor: float, below: int, more: bool) -> None:
    """A remainder of known sign keeps it through sums, products and negation, however small it is."""
    exponent = math.frexp(x)[1] + below
    rem_lo, rem_hi = (0.0, 1.0) if more else (-1.0, 0.0)
    tiny = ScaledDD.from_interval(np.array([rem_lo]), np.array([rem_hi]), np.int64(exponent))
    number = ScaledDD.from_float(np.array([x])) + tiny

    def has_side(result: ScaledDD, up: bool) -> bool:
        return bool(result.rem_lo[0] >= 0) if up else bool(result.rem_hi[0] <= 0)

    assert has_side(number, more)
    assert has_side(-number, not more)
    assert has_side(number * 2, more)
    assert has_side(number / 4, more)
    assert has_side(number * ScaledDD.from_float(np.array([factor])), more)
    assert has_side(number * number, more == (x > 0))
    assert has_side(tiny * ScaledDD.from_float(np.array([-factor])), not more)
    assert has_side(tiny + tiny, more)
    assert has_side(number - Fraction(x), more)
    assert not has_side(number, not more)


def test_sum_keeps_a_remainder_larger_than_vanishing_digits() -> None:
    """A sum encloses the exact result when one term's digits are too small to be kept but its remainder is not."""
    remainder = np.array([2.0**-100])
    residue = ScaledDD.from_float(np.array([1.0])).add_error(-remainder, remainder) + Fraction(2.0**-930) - 1
    _, low, high = endpoints(residue + 2**15, 0)
    assert low < 2**15 - TWO**-101
    assert high > 2**15 + TWO**-101


@settings(deadline=None, max_examples=examples(80))
@given(numbers(1), numbers(1) | DOUBLES.map(lambda x: (ScaledDD.from_float(np.array([x])), [Fraction(x)])))
def test_comparisons(a: tuple[ScaledDD, list[Fraction]], b: tuple[ScaledDD, list[Fraction]]) -> None:
    """A comparison gives that of the true numbers or is undecided; for exact numbers it is always decided."""
    for compare in (operator.gt, operator.ge, operator.lt, operator.le):
        try:
            assert compare(a[0], b[0]).tolist() == [compare(a[1][0], b[1][0])]
        except Undecided:
            assert not (is_exact(a[0]) and is_exact(b[0]))


def test_signs_of_remainders() -> None:
    """A remainder on one side of zero has its sign; one on both sides is undecided."""
    zero = np.zeros(1)
    assert ScaledDD.from_interval(zero, zero + 1, np.int64(-5)).signs().tolist() == [1.0]
    assert ScaledDD.from_interval(zero - 1, zero, np.int64(-5)).signs().tolist() == [-1.0]
    with pytest.raises(Undecided):
        ScaledDD.from_interval(zero - 1, zero + 1, np.int64(-5)).signs()
    with pytest.raises(Undecided):
        abs(ScaledDD.from_float(zero + 1e-30).add_error(zero - 1.0, zero))


@settings(deadline=None, max_examples=examples(50))
@given(numbers(6), st.permutations(range(6)), st.integers(1, 5))
def test_take_and_scatter(operand: tuple[ScaledDD, list[Fraction]], order: list[int], cut: int) -> None:
    """scatter restores the elements of take to their positions, for parts with different denominators."""
    a, u = operand
    first, second = np.array(order[:cut]), np.array(order[cut:])
    parts: list[tuple[Any, Any]] = [(first, a.take(first) / 3), (second, a.take(second) * Fraction(2, 7))]
    joined = ScaledDD.scatter(parts, (6,))
    for position in range(6):
        assert contains(joined, position, u[position] / 3 if position in order[:cut] else u[position] * Fraction(2, 7))
    same = ScaledDD.scatter([(first, a.take(first)), (second, a.take(second))], (6,))
    assert [endpoints(same, position) for position in range(6)] == [endpoints(a, position) for position in range(6)]
    spread = ScaledDD.scatter([(first, Fraction(5, 3)), (second, 0)], (6,))
    assert all(
        contains(spread, position, Fraction(5, 3) if position in order[:cut] else Fraction(0)) for position in range(6)
    )


def test_operands_of_other_types() -> None:
    """An int and a Fraction are converted; a float or str raises TypeError."""
    assert as_scaled_dd(3).value == 3.0
    assert as_scaled_dd(Fraction(1, 3)).denominator == 3
    number = as_scaled_dd(np.array([]).size)
    for apply in BINARY.values():
        with pytest.raises(TypeError):
            apply(number, 0.5)
        with pytest.raises(TypeError):
            apply("a", number)
