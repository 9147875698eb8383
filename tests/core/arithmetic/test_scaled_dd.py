"""Wide numbers: operators that enclose exact fractions, comparisons, and remainders that keep their sign."""

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

from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd, power_of_two
from actcli.core.arithmetic.signals import Undecided
from actcli.error_free import two_prod
from tests.support.scaled_numbers import DOUBLES, RATIONALS, REMAINDERS, TWO, ends, holds, is_exact, numbers
from tests.support.tiers import examples


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Wide numbers are worked on as the engine does it: what NumPy says of the way there is nobody's concern."""
    with np.errstate(all="ignore"):
        yield


# --- from and to -----------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=examples(50))
@given(st.lists(DOUBLES, min_size=1, max_size=6))
def test_floats_are_exact(values: list[float]) -> None:
    """A float64 of any size is that number and nothing else; its value is the float again."""
    number = ScaledDD.from_float(np.array(values))
    assert is_exact(number)
    assert [ends(number, place)[0] for place in range(len(values))] == list(map(Fraction, values))
    assert number.value.tolist() == values
    assert number.signs().tolist() == [(value > 0) - (value < 0) for value in values]


@settings(deadline=None, max_examples=examples(120))
@given(RATIONALS)
def test_constants(value: Fraction | int) -> None:
    """A rational constant is enclosed, and exact where its numerator has 106 bits and its odd denominator 52."""
    number = ScaledDD.from_rational(value)
    assert holds(number, 0, Fraction(value))
    numerator, denominator = Fraction(value).as_integer_ratio()
    size = abs(numerator) // (numerator & -numerator or 1)
    odd = denominator // (denominator & -denominator)
    assert is_exact(number) or size.bit_length() > 106 or odd > 2**52
    middle, low, high = ends(number, 0)
    assert max(high - middle, middle - low) <= abs(middle) * TWO**-103
    assert low >= middle or high <= middle


@settings(deadline=None, max_examples=examples(50))
@given(RATIONALS.filter(bool), REMAINDERS)
def test_a_denominator_is_divided_out(value: Fraction | int, remainder: tuple[float, float]) -> None:
    """`resolved` is the same number without a denominator of its own."""
    number = ScaledDD.from_rational(value).add_error(*map(np.float64, remainder))
    plain = number.divide_out()
    assert plain.denominator == 1
    _, low, high = ends(number, 0)
    assert all(holds(plain, 0, low + (high - low) * share) for share in (Fraction(1, 2), Fraction(1, 10**9)))


@settings(deadline=None, max_examples=examples(50))
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


@settings(deadline=None, max_examples=examples(80))
@given(st.integers(1, 4).flatmap(lambda size: st.tuples(numbers(size), numbers(size))))
def test_operators_enclose(operands: tuple[tuple[ScaledDD, list[Fraction]], tuple[ScaledDD, list[Fraction]]]) -> None:
    """Sums, products and quotients hold the exact rational results, whatever the sizes; what needs no remainder and
    has operands without one is exact; a quotient by what may be zero has no ends."""
    (a, u), (b, v) = operands
    for name, apply in BINARY.items():
        result = apply(a, b)
        for place, (x, y) in enumerate(zip(u, v, strict=True)):
            _, low, high = ends(b, place)
            if name == "/" and low <= 0 <= high:
                continue
            if name == "/" and not np.isfinite(result.rem_lo[place]):
                assert low != high
                continue
            assert holds(result, place, apply(x, y)), name


@settings(deadline=None, max_examples=examples(80))
@given(numbers(2), RATIONALS, st.integers(0, 7))
def test_operators_with_constants_enclose(
    operand: tuple[ScaledDD, list[Fraction]], c: Fraction | int, power: int
) -> None:
    """So do they with ints and Fractions on either side, and so do signs, sizes and powers."""
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
    for place, x in enumerate(u):
        for result, true in results:
            assert holds(result, place, true(x))
    certain = [place for place in range(2) if not ends(a, place)[1] <= 0 <= ends(a, place)[2]]
    if certain:
        b = a.take(np.array(certain))
        size, inverse, negative = abs(b), c / b, b**-2
        for place, at in enumerate(certain):
            assert holds(size, place, abs(u[at]))
            if np.isfinite(inverse.rem_lo[place]):
                assert holds(inverse, place, c / u[at])
            if np.isfinite(negative.rem_lo[place]):
                assert holds(negative, place, u[at] ** -2)


@settings(deadline=None, max_examples=examples(80))
@given(st.lists(st.sampled_from("+-*/"), min_size=1, max_size=6), st.data())
def test_chains_of_operators_enclose(steps: list[str], data: st.DataObject) -> None:
    """Whatever a few operations with floats and rationals in a row have made of a number, the exact result is held."""
    start = data.draw(st.lists(DOUBLES, min_size=2, max_size=2))
    number, trues = ScaledDD.from_float(np.array(start)), list(map(Fraction, start))
    for step in steps:
        if data.draw(st.booleans()):
            doubles = data.draw(st.lists(DOUBLES.filter(bool), min_size=2, max_size=2))
            other: Any = ScaledDD.from_float(np.array(doubles))
            beside = list(map(Fraction, doubles))
        else:
            other = data.draw(RATIONALS.filter(bool))
            beside = [Fraction(other)] * 2
        number = BINARY[step](number, other)
        trues = [BINARY[step](x, y) for x, y in zip(trues, beside, strict=True)]
        assert all(holds(number, place, true) for place, true in enumerate(trues))


@settings(deadline=None, max_examples=examples(50))
@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: math.ldexp(round(x), -10)), min_size=1, max_size=5))
def test_rational_pieces_are_exact(values: list[float]) -> None:
    """Pieces with rational coefficients stay exact, denominators and all: x/6 + 1/2, x (x + 3)/6, x/2 + x^2/4."""
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
        assert [ends(piece, place)[0] for place in range(len(values))] == [true(Fraction(value)) for value in values]


@settings(deadline=None, max_examples=examples(50))
@given(DOUBLES.filter(bool), st.floats(0.5, 4), st.integers(-5000, -60), st.booleans())
def test_remainders_keep_their_sign(x: float, factor: float, below: int, more: bool) -> None:
    """A little more than a float, or less, stays that through sums, products and signs, however little it is."""
    exponent = math.frexp(x)[1] + below
    least, most = (0.0, 1.0) if more else (-1.0, 0.0)
    little = ScaledDD.from_interval(np.array([least]), np.array([most]), np.int64(exponent))
    number = ScaledDD.from_float(np.array([x])) + little

    def leans(result: ScaledDD, up: bool) -> bool:
        return bool(result.rem_lo[0] >= 0) if up else bool(result.rem_hi[0] <= 0)

    assert leans(number, more)
    assert leans(-number, not more)
    assert leans(number * 2, more)
    assert leans(number / 4, more)
    assert leans(number * ScaledDD.from_float(np.array([factor])), more)
    assert leans(number * number, more == (x > 0))
    assert leans(little * ScaledDD.from_float(np.array([-factor])), not more)
    assert leans(little + little, more)
    assert leans(number - Fraction(x), more)
    assert not leans(number, not more)


def test_sum_keeps_a_remainder_larger_than_vanishing_digits() -> None:
    """A sum encloses the exact result when one term's digits are too small to be kept but its remainder is not."""
    remainder = np.array([2.0**-100])
    residue = ScaledDD.from_float(np.array([1.0])).add_error(-remainder, remainder) + Fraction(2.0**-930) - 1
    _, low, high = ends(residue + 2**15, 0)
    assert low < 2**15 - TWO**-101
    assert high > 2**15 + TWO**-101


@settings(deadline=None, max_examples=examples(80))
@given(numbers(1), numbers(1) | DOUBLES.map(lambda x: (ScaledDD.from_float(np.array([x])), [Fraction(x)])))
def test_comparisons(a: tuple[ScaledDD, list[Fraction]], b: tuple[ScaledDD, list[Fraction]]) -> None:
    """A comparison that is decided is that of the numbers; one of exact numbers always is."""
    for compare in (operator.gt, operator.ge, operator.lt, operator.le):
        try:
            assert compare(a[0], b[0]).tolist() == [compare(a[1][0], b[1][0])]
        except Undecided:
            assert not (is_exact(a[0]) and is_exact(b[0]))


def test_signs_that_remainders_leave_open() -> None:
    """What may be on either side of zero has no sign; what is a little more or less than zero has one."""
    zero = np.zeros(1)
    assert ScaledDD.from_interval(zero, zero + 1, np.int64(-5)).signs().tolist() == [1.0]
    assert ScaledDD.from_interval(zero - 1, zero, np.int64(-5)).signs().tolist() == [-1.0]
    with pytest.raises(Undecided):
        ScaledDD.from_interval(zero - 1, zero + 1, np.int64(-5)).signs()
    with pytest.raises(Undecided):
        abs(ScaledDD.from_float(zero + 1e-30).add_error(zero - 1.0, zero))


@settings(deadline=None, max_examples=examples(50))
@given(numbers(6), st.permutations(range(6)), st.integers(1, 5))
def test_taken_apart_and_joined(operand: tuple[ScaledDD, list[Fraction]], order: list[int], cut: int) -> None:
    """Elements that are taken and joined again are in their places, whatever the parts' denominators."""
    a, u = operand
    first, second = np.array(order[:cut]), np.array(order[cut:])
    parts: list[tuple[Any, Any]] = [(first, a.take(first) / 3), (second, a.take(second) * Fraction(2, 7))]
    joined = ScaledDD.scatter(parts, (6,))
    for place in range(6):
        assert holds(joined, place, u[place] / 3 if place in order[:cut] else u[place] * Fraction(2, 7))
    same = ScaledDD.scatter([(first, a.take(first)), (second, a.take(second))], (6,))
    assert [ends(same, place) for place in range(6)] == [ends(a, place) for place in range(6)]
    spread = ScaledDD.scatter([(first, Fraction(5, 3)), (second, 0)], (6,))
    assert all(holds(spread, place, Fraction(5, 3) if place in order[:cut] else Fraction(0)) for place in range(6))


def test_numbers_of_other_kinds() -> None:
    """An int and a Fraction are numbers; what is none is left to its own operators."""
    assert as_scaled_dd(3).value == 3.0
    assert as_scaled_dd(Fraction(1, 3)).denominator == 3
    number = as_scaled_dd(np.array([]).size)
    for apply in BINARY.values():
        with pytest.raises(TypeError):
            apply(number, 0.5)
        with pytest.raises(TypeError):
            apply("a", number)
