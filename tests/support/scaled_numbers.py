"""Scaled double-doubles in tests: exact values and endpoints of single elements, and Hypothesis strategies."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

from actcli.core.arithmetic.scaled_dd import ScaledDD

TWO = Fraction(2)


def fields(number: ScaledDD, position: int) -> tuple[float, float, float, float, int]:
    """Return hi, lo, rem_lo, rem_hi and exponent of one element."""

    def at(field: Any) -> Any:
        values = np.ravel(field)
        return values[position if values.size > 1 else 0].item()

    return at(number.hi), at(number.lo), at(number.rem_lo), at(number.rem_hi), at(number.exponent)


def endpoints(number: ScaledDD, position: int) -> tuple[Fraction, Fraction, Fraction]:
    """Return one element without its remainder, and the endpoints of its enclosure."""
    hi, lo, rem_lo, rem_hi, exponent = fields(number, position)
    if not (hi or lo or rem_lo or rem_hi):
        # The exponent of an exact zero has no meaning and may be out of range.
        return (Fraction(0),) * 3
    unit = TWO**exponent / number.denominator
    middle = Fraction(hi) + Fraction(lo)
    return middle * unit, (middle + Fraction(rem_lo)) * unit, (middle + Fraction(rem_hi)) * unit


def contains(number: ScaledDD, position: int, true: Fraction) -> bool:
    """Return whether one element is exactly the fraction, or encloses it strictly."""
    middle, low, high = endpoints(number, position)
    return middle == true if low == high else low < true < high


def is_exact(number: ScaledDD) -> bool:
    """Return whether all elements have no remainder."""
    return bool(np.all(number.rem_lo == 0) and np.all(number.rem_hi == 0))


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
def numbers(draw: st.DrawFn, size: int) -> tuple[ScaledDD, list[Fraction]]:
    """Draw a ScaledDD array, some elements with a remainder, and a true value for each element."""
    doubles = draw(st.lists(DOUBLES, min_size=size, max_size=size))
    remainders = draw(st.lists(REMAINDERS, min_size=size, max_size=size))
    shares = draw(st.lists(SHARES, min_size=size, max_size=size))
    exact = ScaledDD.from_float(np.array(doubles))
    rem_lo, rem_hi = (np.array([pair[side] for pair in remainders]) for side in (0, 1))
    number = exact.add_error(rem_lo, rem_hi)
    trues = []
    for position, share in enumerate(shares):
        _, low, high = endpoints(number, position)
        trues.append(low + (high - low) * share)
    return number, trues
