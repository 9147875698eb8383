"""Rounding of scaled double-doubles: certain results are correctly rounded, and decidable elements are certain."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.scaled_dd_rounding import round_certainly
from actcli.number_formats import FLOATS, Format
from tests.support.oracle import FORMATS, Grid, nearest
from tests.support.tiers import examples

TWO = Fraction(2)
TINY = 2.0**-400
each_format = pytest.mark.parametrize("name", FORMATS)


def rounded(number: ScaledDD, name: str) -> tuple[list[float], list[bool]]:
    """Return the rounded elements, and which of them are certain, as lists."""
    with np.errstate(all="ignore"):
        shape = np.shape(number.hi + number.lo)
        out, undecided = round_certainly(number, shape, FLOATS[name])
    assert out.shape == undecided.shape == shape
    return out.ravel().tolist(), (~undecided).ravel().tolist()


def one(value: Fraction, side: int = 0) -> ScaledDD:
    """Return an array of one number of at most 106 bits, or of a number slightly above or below it."""
    exponent = value.numerator.bit_length() - value.denominator.bit_length() if value else 0
    scaled = value / TWO**exponent
    high = float(scaled)
    low = float(scaled - Fraction(high))
    assert Fraction(high) + Fraction(low) == scaled
    ends = (0.0, TINY) if side > 0 else (-TINY, 0.0) if side < 0 else (0.0, 0.0)
    return ScaledDD(*(np.array([field]) for field in (high, low, exponent, *ends)))


def tiny(exponent: int) -> Fraction:
    """Return a number within the remainder that `one` adds to a number below 2**exponent."""
    return Fraction(TINY) * TWO**exponent / 3


def may_be_undecided(value: Fraction, name: str) -> bool:
    """Return whether a number lies so far below a power of two that it may be undecided.

    The quantum there is half of that above, and only a number within a fifth of the latter must be certain.
    """
    size = abs(value)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    exponent += size > TWO**exponent
    step = quantum(FORMATS[name], exponent)
    return step / 6 < TWO**exponent - size < step


def agrees(found: float, true: Fraction, name: str) -> bool:
    """Return whether a number is the true one correctly rounded, including the sign of a zero."""
    return repr(found) == repr(nearest(true, FORMATS[name])).replace("-nan", "nan")


def check(value: Fraction, name: str, side: int = 0) -> None:
    """Check that a number, or one slightly above or below it, is certain and correctly rounded."""
    (found,), (certain,) = rounded(one(value, side), name)
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    if certain:
        assert agrees(found, value + side * tiny(exponent), name)
    else:
        assert may_be_undecided(value, name)


def quantum(grid: Grid, exponent: int) -> Fraction:
    """Return the distance between the grid's numbers from 2**exponent on."""
    return TWO ** max(exponent + 1 - grid.precision, grid.least)


def exponents(grid: Grid) -> st.SearchStrategy[int]:
    """Draw exponents from below the grid's smallest number to above its largest."""
    top = math.frexp(float(grid.largest))[1]
    return st.one_of(
        st.integers(grid.least - 3, top + 1),
        st.integers(grid.least - 2, grid.least + grid.precision + 1),
        st.integers(top - 2, top),
        st.integers(-3, 3).map(lambda k: min(max(k, grid.least), top)),
    )


FORMAT_AND_EXPONENT = st.sampled_from(list(FORMATS)).flatmap(
    lambda name: st.tuples(st.just(name), exponents(FORMATS[name]))
)
SIDES = st.sampled_from([-1, 0, 1])
SIGNS = st.sampled_from([-1, 1])


@settings(deadline=None, max_examples=examples(150))
@given(FORMAT_AND_EXPONENT, st.integers(2**105, 2**106 - 1), SIGNS, SIDES)
def test_random_numbers(at: tuple[str, int], mantissa: int, sign: int, side: int) -> None:
    """Numbers of 106 bits are correctly rounded, over the range of each format."""
    name, exponent = at
    check(sign * mantissa * TWO ** (exponent - 105), name, side)


@settings(deadline=None, max_examples=examples(150))
@given(FORMAT_AND_EXPONENT, st.integers(0), SIGNS, SIDES)
def test_ties(at: tuple[str, int], bits: int, sign: int, side: int) -> None:
    """An exact tie is rounded to even; with a remainder of known sign it is rounded to that side."""
    name, exponent = at
    grid = FORMATS[name]
    step = quantum(grid, exponent)
    whole = bits % 2 ** (grid.precision - 1) + TWO**exponent // step if step < TWO**exponent else bits % 2
    check(sign * (whole + Fraction(1, 2)) * step, name, side)


@settings(deadline=None, max_examples=examples(100))
@given(FORMAT_AND_EXPONENT, st.integers(0), SIGNS, SIDES)
def test_numbers_of_the_format(at: tuple[str, int], bits: int, sign: int, side: int) -> None:
    """A number of the format is rounded to itself, also with a tiny remainder and at powers of two."""
    name, exponent = at
    grid = FORMATS[name]
    step = quantum(grid, exponent)
    whole = bits % 2 ** (grid.precision - 1) + TWO**exponent // step if step < TWO**exponent else 1
    check(sign * whole * step, name, side)


@settings(deadline=None, max_examples=examples(100))
@given(FORMAT_AND_EXPONENT, st.integers(0, 60), SIGNS, SIDES)
def test_powers_of_two_from_below(at: tuple[str, int], below: int, sign: int, side: int) -> None:
    """Numbers just below a power of two, where the quantum is half as large, are correctly rounded."""
    name, exponent = at
    step = quantum(FORMATS[name], exponent)
    assume(TWO**exponent >= step)
    check(sign * (TWO**exponent - step / 4), name, side)
    check(sign * (TWO**exponent - step / 4 - step / 2**40), name, side)
    check(sign * (TWO**exponent - step / TWO ** (below + 1)), name, side)


def test_power_of_two_minus_remainder() -> None:
    """A power of two minus a remainder is certain for a remainder below a fifth of the quantum. A certain result is
    right at both ends of the remainder."""
    for shift in range(45, 70):
        number = ScaledDD(*(np.array([field]) for field in (0.5, 0.0, 1, -(2.0**-shift), 0.0)))
        out, certain = rounded(number, "float64")
        if certain[0]:
            assert {nearest(1 - TWO ** (1 - shift) * share, FORMATS["float64"]) for share in (0, 1)} == set(out)
        assert certain == [True] or shift < 57


@each_format
def test_overflow(name: str) -> None:
    """Numbers from half a quantum above the largest one overflow as the format defines; others are rounded to it."""
    grid = FORMATS[name]
    half = quantum(grid, math.frexp(float(grid.largest))[1] - 1) / 2
    for sign in (1, -1):
        for value, side in ((grid.largest, 1), (grid.largest + half, -1), (grid.largest + half, 1)):
            check(sign * value, name, sign * side)
        check(sign * (grid.largest + half), name)
        check(sign * grid.largest * 2, name)
        check(sign * TWO**1024, name)
        check(sign * TWO**5000, name)
        check(sign * TWO ** (2**20), name)


@each_format
def test_underflow(name: str) -> None:
    """Numbers up to half the smallest one are rounded to a zero of their sign; larger ones to the smallest."""
    least = TWO ** FORMATS[name].least
    for sign in (1, -1):
        for side in (1, 0, -1):
            check(sign * least / 2, name, side)
            check(sign * least, name, side)
            check(sign * 3 * least / 2, name, side)
            check(sign * least / 4, name, side)
            check(sign * least / 2**900, name, side)
            check(sign * least / 2**20_000, name, side)


@each_format
def test_zero(name: str) -> None:
    """An exact zero is +0.0; a remainder without digits is a zero of its sign if it is small enough."""
    least = FORMATS[name].least
    assert list(map(repr, rounded(one(Fraction(0)), name)[0])) == ["0.0"]
    for side, sign in (((0.0, 1.0), "0.0"), ((-1.0, 0.0), "-0.0")):
        for exponent in (least - 3, least - 60, least - 3000, -(10**12)):
            number = ScaledDD.from_interval(np.array([side[0]]), np.array([side[1]]), np.int64(exponent))
            out, certain = rounded(number, name)
            assert (repr(out[0]), certain) == (sign, [True])
        wide = ScaledDD.from_interval(np.array([side[0]]), np.array([side[1]]), np.int64(least + 2))
        assert rounded(wide, name)[1] == [False]
    either = ScaledDD.from_interval(np.array([-1.0]), np.array([1.0]), np.int64(least - 60))
    assert rounded(either, name)[1] == [False]


@settings(deadline=None, max_examples=examples(100))
@given(FORMAT_AND_EXPONENT, st.integers(2**105, 2**106 - 1), SIGNS, st.integers(20, 120), st.tuples(SIDES, SIDES))
def test_certain_results_hold_at_both_endpoints(
    at: tuple[str, int], mantissa: int, sign: int, shift: int, sides: tuple[int, int]
) -> None:
    """A certain result is the correct rounding of both endpoints, for a remainder of any size."""
    name, exponent = at
    value = sign * mantissa * TWO ** (exponent - 105)
    number = one(value)
    rem_lo, rem_hi = sorted((sides[0] * 2.0**-shift, sides[1] * 2.0**-shift))
    out, certain = rounded(number.add_error(rem_lo, rem_hi), name)
    unit = TWO ** int(number.exponent[0])
    spread = [Fraction(rem_lo) * unit, Fraction(rem_hi) * unit]
    # The remainder is an open interval: its endpoints are excluded.
    inward = (spread[1] - spread[0]) / 10**9
    ends = [nearest(value + spread[0] + inward, FORMATS[name]), nearest(value + spread[1] - inward, FORMATS[name])]
    if certain[0]:
        assert list(map(repr, out * 2)) == [repr(end).replace("-nan", "nan") for end in ends]


@settings(deadline=None, max_examples=examples(100))
@given(
    st.sampled_from(list(FORMATS)),
    st.sampled_from([3, 5, 6, 7, 10, 12, 100, 2**40 + 1, 3**32]),
    st.integers(-(2**53), 2**53),
    st.integers(-80, 4),
    SIDES,
)
def test_denominators(name: str, denominator: int, top: int, exponent: int, side: int) -> None:
    """Numbers with a denominator are rounded as the rational numbers that they are."""
    number = one(top * TWO**exponent)
    value = top * TWO**exponent / denominator
    number = ScaledDD(number.hi, number.lo, number.exponent, number.rem_lo, number.rem_hi, denominator)
    (found,), (certain,) = rounded(number, name)
    assert agrees(found, value, name) if certain else may_be_undecided(value, name)
    if side and top:
        shifted = one(top * TWO**exponent, side)
        number = ScaledDD(shifted.hi, shifted.lo, shifted.exponent, shifted.rem_lo, shifted.rem_hi, denominator)
        (found,), (certain,) = rounded(number, name)
        true = value + side * tiny(int(shifted.exponent[0])) / denominator
        assert agrees(found, true, name) if certain else may_be_undecided(value, name)


@settings(deadline=None, max_examples=examples(60))
@given(st.integers(1, 2**53 - 1), st.integers(-60, -48), SIGNS, st.integers(0, 20))
def test_ties_of_a_sixth(multiple: int, exponent: int, sign: int, below: int) -> None:
    """x/6 + 1/2 is correctly rounded at and next to its ties, x = 6 k 2^e near 2^-54."""
    x = sign * float(6 * (multiple >> below)) * 2.0**exponent
    for near in (x, math.nextafter(x, math.inf), math.nextafter(x, -math.inf)):
        number = ScaledDD.from_float(np.array([near])) / 6 + Fraction(1, 2)
        true = Fraction(near) / 6 + Fraction(1, 2)
        for name in ("float64", "float32"):
            (found,), (certain,) = rounded(number, name)
            assert agrees(found, true, name) if certain else may_be_undecided(true, name)


def test_ties_of_a_sixth_next_to_one_half() -> None:
    """x/6 + 1/2 is correctly rounded, and nearly always certain, for all x = 6 k 2^e with small k and e near -54."""
    xs = [sign * 6 * k * 2.0**e for k in range(1, 40) for e in (-53, -54, -55, -56) for sign in (1, -1)]
    out, certain = rounded(ScaledDD.from_float(np.array(xs)) / 6 + Fraction(1, 2), "float64")
    trues = [Fraction(x) / 6 + Fraction(1, 2) for x in xs]
    for found, is_certain, true in zip(out, certain, trues, strict=True):
        assert agrees(found, true, "float64") if is_certain else may_be_undecided(true, "float64")
    assert sum(certain) >= len(xs) - 3


@settings(deadline=None, max_examples=examples(40))
@given(st.sampled_from(list(FORMATS)), st.data())
def test_result_independent_of_batch(name: str, data: st.DataObject) -> None:
    """Each element of an array, of any shape, is rounded as it is alone."""
    grid = FORMATS[name]
    parts = [
        one(
            data.draw(SIGNS) * data.draw(st.integers(2**52, 2**53)) * TWO ** (data.draw(exponents(grid)) - 52),
            data.draw(SIDES),
        )
        for _ in range(6)
    ]
    fields = [
        np.concatenate([getattr(part, field) for part in parts])
        for field in ("hi", "lo", "exponent", "rem_lo", "rem_hi")
    ]
    alone = [rounded(part, name) for part in parts]
    out, certain = rounded(ScaledDD(*(field.reshape(2, 3) for field in fields)), name)
    assert list(map(repr, out)) == [repr(values[0]) for values, _ in alone]
    assert certain == [certain[0] for _, certain in alone]


def test_constants_are_broadcast() -> None:
    """A constant is rounded once and broadcast to the requested shape."""
    for number, value in ((ScaledDD.from_rational(Fraction(1, 3)), 1 / 3), (ScaledDD.from_rational(-6), -6.0)):
        out, undecided = round_certainly(number, (2, 3), FLOATS["float64"])
        assert out.tolist() == [[value] * 3] * 2
        assert not undecided.any()


def test_formats_agree() -> None:
    """actcli's formats have the parameters of the test oracle's."""
    assert list(FLOATS) == list(FORMATS)
    for name, grid in FORMATS.items():
        fmt: Format = FLOATS[name]
        same: Any = (fmt.precision, fmt.least_exponent, Fraction(fmt.largest))
        assert same == (grid.precision, grid.least, grid.largest)
