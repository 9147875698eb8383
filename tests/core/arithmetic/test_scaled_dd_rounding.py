"""Rounding wide numbers: what is said to be certain is the correctly rounded number, and what can be certain is."""

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
LITTLE = 2.0**-400
each_format = pytest.mark.parametrize("name", FORMATS)


def settled(number: ScaledDD, name: str) -> tuple[list[float], list[bool]]:
    """The numbers and which of them are certain, as lists."""
    with np.errstate(all="ignore"):
        shape = np.shape(number.hi + number.lo)
        out, unsure = round_certainly(number, shape, FLOATS[name])
    assert out.shape == unsure.shape == shape
    return out.ravel().tolist(), (~unsure).ravel().tolist()


def one(value: Fraction, side: int = 0) -> ScaledDD:
    """A number of 106 bits at most as an array of one, or one that is a little more or less than it."""
    exponent = value.numerator.bit_length() - value.denominator.bit_length() if value else 0
    scaled = value / TWO**exponent
    high = float(scaled)
    low = float(scaled - Fraction(high))
    assert Fraction(high) + Fraction(low) == scaled
    ends = (0.0, LITTLE) if side > 0 else (-LITTLE, 0.0) if side < 0 else (0.0, 0.0)
    return ScaledDD(*(np.array([field]) for field in (high, low, exponent, *ends)))


def little(exponent: int) -> Fraction:
    """Some number within what `one` leaves open of a number below 2**exponent."""
    return Fraction(LITTLE) * TWO**exponent / 3


def beneath_a_power(value: Fraction, name: str) -> bool:
    """Whether a number lies so far below a power of two that it may be left to the exact reading.

    The quantum there is half of that above: only what is less than a fifth of the latter away need be certain.
    """
    size = abs(value)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    exponent += size > TWO**exponent
    step = quantum(FORMATS[name], exponent)
    return step / 6 < TWO**exponent - size < step


def agrees(found: float, true: Fraction, name: str) -> bool:
    """Whether a number is the one that the truth rounds to, with the sign of a zero."""
    return repr(found) == repr(nearest(true, FORMATS[name])).replace("-nan", "nan")


def check(value: Fraction, name: str, side: int = 0) -> None:
    """A number, or one just beside it, is certain and correctly rounded."""
    (found,), (sure,) = settled(one(value, side), name)
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    if sure:
        assert agrees(found, value + side * little(exponent), name)
    else:
        assert beneath_a_power(value, name)


def quantum(grid: Grid, exponent: int) -> Fraction:
    """The distance of the grid's numbers from 2**exponent on."""
    return TWO ** max(exponent + 1 - grid.precision, grid.least)


def exponents(grid: Grid) -> st.SearchStrategy[int]:
    """Exponents of the grid's numbers, from below its least to above its largest."""
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
    """Numbers of 106 bits, of every size that a format knows, are rounded to nearest once."""
    name, exponent = at
    check(sign * mantissa * TWO ** (exponent - 105), name, side)


@settings(deadline=None, max_examples=examples(150))
@given(FORMAT_AND_EXPONENT, st.integers(0), SIGNS, SIDES)
def test_ties(at: tuple[str, int], bits: int, sign: int, side: int) -> None:
    """An exact tie goes to the even neighbour; a little more or less goes up or down, however little."""
    name, exponent = at
    grid = FORMATS[name]
    step = quantum(grid, exponent)
    whole = bits % 2 ** (grid.precision - 1) + TWO**exponent // step if step < TWO**exponent else bits % 2
    check(sign * (whole + Fraction(1, 2)) * step, name, side)


@settings(deadline=None, max_examples=examples(100))
@given(FORMAT_AND_EXPONENT, st.integers(0), SIGNS, SIDES)
def test_numbers_of_the_format(at: tuple[str, int], bits: int, sign: int, side: int) -> None:
    """A number of the format is itself, and so is what is a little beside it: at powers of two too."""
    name, exponent = at
    grid = FORMATS[name]
    step = quantum(grid, exponent)
    whole = bits % 2 ** (grid.precision - 1) + TWO**exponent // step if step < TWO**exponent else 1
    check(sign * whole * step, name, side)


@settings(deadline=None, max_examples=examples(100))
@given(FORMAT_AND_EXPONENT, st.integers(0, 60), SIGNS, SIDES)
def test_powers_of_two_from_below(at: tuple[str, int], below: int, sign: int, side: int) -> None:
    """Just below a power of two, where the neighbours are half as far apart, rounding is to the nearer all the same."""
    name, exponent = at
    step = quantum(FORMATS[name], exponent)
    assume(TWO**exponent >= step)
    check(sign * (TWO**exponent - step / 4), name, side)
    check(sign * (TWO**exponent - step / 4 - step / 2**40), name, side)
    check(sign * (TWO**exponent - step / TWO ** (below + 1)), name, side)


def test_just_below_a_power_of_two_by_a_remainder() -> None:
    """A power of two less a remainder is certain where the remainder is less than a quarter of a quantum, and what is
    said to be certain is right for every number that it may be."""
    for shift in range(45, 70):
        number = ScaledDD(*(np.array([field]) for field in (0.5, 0.0, 1, -(2.0**-shift), 0.0)))
        out, sure = settled(number, "float64")
        if sure[0]:
            assert {nearest(1 - TWO ** (1 - shift) * share, FORMATS["float64"]) for share in (0, 1)} == set(out)
        assert sure == [True] or shift < 57


@each_format
def test_overflow(name: str) -> None:
    """From half a quantum beyond the largest number on a result is what the format makes of it; below it is that."""
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
    """Up to half the least number results are zeros of their sign, from there on it; the tie is a zero."""
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
    """An exact zero is +0.0; what is nothing but a remainder is a zero of its sign if it is small enough."""
    least = FORMATS[name].least
    assert list(map(repr, settled(one(Fraction(0)), name)[0])) == ["0.0"]
    for side, sign in (((0.0, 1.0), "0.0"), ((-1.0, 0.0), "-0.0")):
        for exponent in (least - 3, least - 60, least - 3000, -(10**12)):
            number = ScaledDD.from_interval(np.array([side[0]]), np.array([side[1]]), np.int64(exponent))
            out, sure = settled(number, name)
            assert (repr(out[0]), sure) == (sign, [True])
        wide = ScaledDD.from_interval(np.array([side[0]]), np.array([side[1]]), np.int64(least + 2))
        assert settled(wide, name)[1] == [False]
    either = ScaledDD.from_interval(np.array([-1.0]), np.array([1.0]), np.int64(least - 60))
    assert settled(either, name)[1] == [False]


@settings(deadline=None, max_examples=examples(100))
@given(FORMAT_AND_EXPONENT, st.integers(2**105, 2**106 - 1), SIGNS, st.integers(20, 120), st.tuples(SIDES, SIDES))
def test_what_is_certain_is_right(
    at: tuple[str, int], mantissa: int, sign: int, shift: int, sides: tuple[int, int]
) -> None:
    """With a remainder of any size, a number that is said to be certain is right at both ends of the remainder."""
    name, exponent = at
    value = sign * mantissa * TWO ** (exponent - 105)
    number = one(value)
    least, most = sorted((sides[0] * 2.0**-shift, sides[1] * 2.0**-shift))
    out, sure = settled(number.add_error(least, most), name)
    unit = TWO ** int(number.exponent[0])
    spread = [Fraction(least) * unit, Fraction(most) * unit]
    # The ends themselves are not among the numbers that it may be, where there are others.
    inward = (spread[1] - spread[0]) / 10**9
    ends = [nearest(value + spread[0] + inward, FORMATS[name]), nearest(value + spread[1] - inward, FORMATS[name])]
    if sure[0]:
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
    """Numbers with a denominator of their own are rounded as the rational numbers that they are."""
    number = one(top * TWO**exponent)
    value = top * TWO**exponent / denominator
    beside = ScaledDD(number.hi, number.lo, number.exponent, number.rem_lo, number.rem_hi, denominator)
    (found,), (sure,) = settled(beside, name)
    assert agrees(found, value, name) if sure else beneath_a_power(value, name)
    if side and top:
        open_ = one(top * TWO**exponent, side)
        beside = ScaledDD(open_.hi, open_.lo, open_.exponent, open_.rem_lo, open_.rem_hi, denominator)
        (found,), (sure,) = settled(beside, name)
        true = value + side * little(int(open_.exponent[0])) / denominator
        assert agrees(found, true, name) if sure else beneath_a_power(value, name)


@settings(deadline=None, max_examples=examples(60))
@given(st.integers(1, 2**53 - 1), st.integers(-60, -48), SIGNS, st.integers(0, 20))
def test_ties_of_a_sixth(multiple: int, exponent: int, sign: int, below: int) -> None:
    """x/6 + 1/2 is exact and its ties are decided, at multiples of 6 and powers of two about 2^-54, and beside them."""
    x = sign * float(6 * (multiple >> below)) * 2.0**exponent
    for place in (x, math.nextafter(x, math.inf), math.nextafter(x, -math.inf)):
        number = ScaledDD.from_float(np.array([place])) / 6 + Fraction(1, 2)
        true = Fraction(place) / 6 + Fraction(1, 2)
        for name in ("float64", "float32"):
            (found,), (sure,) = settled(number, name)
            assert agrees(found, true, name) if sure else beneath_a_power(true, name)


def test_ties_of_a_sixth_at_the_last_bits() -> None:
    """So are they at 6 k 2^-54 and 6 k 2^-55 for every small k: half of them are ties of 1/2 and its neighbours."""
    xs = [sign * 6 * k * 2.0**e for k in range(1, 40) for e in (-53, -54, -55, -56) for sign in (1, -1)]
    out, sure = settled(ScaledDD.from_float(np.array(xs)) / 6 + Fraction(1, 2), "float64")
    trues = [Fraction(x) / 6 + Fraction(1, 2) for x in xs]
    for found, certain, true in zip(out, sure, trues, strict=True):
        assert agrees(found, true, "float64") if certain else beneath_a_power(true, "float64")
    assert sum(sure) >= len(xs) - 3


@settings(deadline=None, max_examples=examples(40))
@given(st.sampled_from(list(FORMATS)), st.data())
def test_elements_do_not_mind_each_other(name: str, data: st.DataObject) -> None:
    """Numbers of all sizes in one array are rounded as each is alone, in any shape."""
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
    alone = [settled(part, name) for part in parts]
    out, sure = settled(ScaledDD(*(field.reshape(2, 3) for field in fields)), name)
    assert list(map(repr, out)) == [repr(values[0]) for values, _ in alone]
    assert sure == [certain[0] for _, certain in alone]


def test_a_constant_is_spread() -> None:
    """A number without a dimension fills the shape that is asked for."""
    for number, value in ((ScaledDD.from_rational(Fraction(1, 3)), 1 / 3), (ScaledDD.from_rational(-6), -6.0)):
        out, unsure = round_certainly(number, (2, 3), FLOATS["float64"])
        assert out.tolist() == [[value] * 3] * 2
        assert not unsure.any()


def test_formats_agree() -> None:
    """The formats here are those of the reference."""
    assert list(FLOATS) == list(FORMATS)
    for name, grid in FORMATS.items():
        fmt: Format = FLOATS[name]
        same: Any = (fmt.precision, fmt.least_exponent, Fraction(fmt.largest))
        assert same == (grid.precision, grid.least, grid.largest)
