"""Rounding of scaled double-doubles: Ziv's test with an enclosed remainder, which also decides exact ties.

The number is scaled so that the format's quantum (unit in the last place) is 1. Its two neighbours are then a whole
number n and n + 1, and the result depends on the side of n + 1/2. A remainder of known sign decides that even at the
tie itself. An element is undecided if its enclosure contains the tie or does not lie within the two neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.core.arithmetic.remainder_intervals import SLACK, power_of_two
from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.error_free import two_prod, two_sum

if TYPE_CHECKING:
    from actcli.core.arithmetic.array_types import Bools, Floats
    from actcli.number_formats import Format

__all__ = ["round_certainly"]

MAX_REMAINDER = 0.2
"""Largest remainder, in quanta, with which a rounding may be certain.

The number is then between n - 0.2 and n + 1.2, so that n or n + 1 is nearest. Below a power of two the quantum is half
as large. A number less than a quarter of the larger quantum below that power rounds to it in either grid."""

_INFINITE_EXPONENT = 1100
"""Numbers of at least 2^1099 overflow in every format; ldexp needs no larger exponent."""


def round_certainly(number: ScaledDD, shape: tuple[int, ...], fmt: Format) -> tuple[Floats, Bools]:
    """Return `number` correctly rounded to `fmt`, as an array of `shape`, and a mask of the undecided elements."""
    with np.errstate(all="ignore"):
        # A tie of a rational number is decided by its numerator, which is exact where the quotient is not. Where the
        # numerator's remainder is too large, the quotient may still decide.
        out, undecided = _round_numerator(number, shape, fmt)
        if number.denominator != 1 and undecided.any():
            again, still_undecided = _round_numerator(number.divide_out(), shape, fmt)
            out, undecided = np.where(undecided, again, out), undecided & still_undecided
    return out, undecided


def _round_numerator(number: ScaledDD, shape: tuple[int, ...], fmt: Format) -> tuple[Floats, Bools]:
    """Round the numerator, in units of quantum / denominator. Returns and parameters are those of `round_certainly`."""
    high, low = two_sum(number.hi, number.lo)
    sign = np.where(high < 0, -1.0, 1.0)
    high, low = high * sign, low * sign
    rem_lo = np.where(sign > 0, number.rem_lo, -number.rem_hi)
    rem_hi = np.where(sign > 0, number.rem_hi, -number.rem_lo)
    fraction, fraction_exponent = np.frexp(high / number.denominator)
    exponent = fraction_exponent + number.exponent
    quantum = np.maximum(exponent - fmt.precision, fmt.least_exponent)
    scale = power_of_two(number.exponent - quantum)
    scaled, low, rem_lo, rem_hi = (field * scale for field in (high, low, rem_lo, rem_hi))
    whole, distance = _distance_to_tie(scaled, low, number.denominator)
    rounds_up, is_certain = _round_up(distance, rem_lo, rem_hi, whole)
    limit = MAX_REMAINDER * number.denominator
    # Only high can be a power of two with the number itself below it (see MAX_REMAINDER).
    is_certain &= (fraction != 0.5) | (low + rem_lo > -limit) | (quantum == fmt.least_exponent)
    is_certain &= (np.abs(rem_lo) < limit) & (np.abs(rem_hi) < limit)
    clipped = np.clip(quantum, -3000, _INFINITE_EXPONENT).astype(np.int64)
    rounded = np.where(exponent > _INFINITE_EXPONENT, np.inf, np.ldexp(whole + rounds_up, clipped))
    # The sign of a zero is that of the number, which must be known.
    size = np.maximum(np.abs(number.rem_lo), np.abs(number.rem_hi))
    is_certain &= (rounded != 0) | (rem_lo == rem_hi) | (high > 2 * size)
    # A number that is at least half of its digits, with any positive remainder, overflows if that half does.
    inward = np.where(sign > 0, -number.rem_lo, number.rem_hi)
    overflows = (exponent - 2 >= np.frexp(fmt.largest)[1]) & (2 * inward <= high)
    rounded, is_certain = np.where(overflows, np.inf, rounded), is_certain | overflows
    # nan with a remainder of 0 stands for a point outside the domain. Failed computations have a nan remainder too.
    is_outside = np.isnan(number.hi) & (number.rem_lo == 0) & (number.rem_hi == 0)
    rounded, is_certain = np.where(is_outside, np.nan, rounded), is_certain | is_outside
    zero, zero_is_certain = _round_remainder(number, fmt)
    is_zero = high == 0
    out = np.where(is_zero, zero, fmt.round(rounded * sign))
    return np.broadcast_to(out, shape), np.broadcast_to(~np.where(is_zero, zero_is_certain, is_certain), shape)


def _distance_to_tie(scaled: Floats, low: Floats, denominator: int) -> tuple[Floats, Floats]:
    """Return n = floor((scaled + low) / denominator) and the signed distance to the tie n + 1/2, times the denominator.

    The distance has one rounding error; it is nan where it would have more.
    """
    if denominator == 1:
        whole = np.floor(scaled)
        over = scaled - whole
        correction = np.where((over == 0) & (low < 0), -1.0, 0.0)
        return whole + correction, ((over - correction) - 0.5) + low
    whole = np.floor(scaled / denominator)
    product, error = two_prod(whole, np.asarray(float(denominator)))
    over, e1 = two_sum(scaled - product, -error)
    over, e2 = two_sum(over, np.asarray(-0.5 * denominator))
    rest = (e1 + e2) + low
    rest = np.where((e1 + e2 != 0) & (low != 0), np.nan, rest)
    near = over + rest
    half = 0.5 * denominator
    correction = np.where(near < -half, -1.0, np.where(near >= half, 1.0, 0.0))
    # `rest` is added last: the correction is exact without it, and the distance then has one rounding error.
    return whole + correction, (over - correction * denominator) + rest


def _round_up(distance: Floats, rem_lo: Floats, rem_hi: Floats, whole: Floats) -> tuple[Bools, Bools]:
    """Return whether to round up, and whether that is certain. Exact ties go to even.

    At a distance of 0 the sign of the remainder decides. SLACK covers the rounding of the distance and of the sums.
    """
    reliable = distance * (1 - SLACK)
    is_tie = (distance == 0) & (rem_lo == rem_hi)
    rounds_up = np.where(is_tie, whole % 2 == 1, (distance > 0) | ((distance == 0) & (rem_lo >= 0)))
    is_above = (reliable + rem_lo > 0) | ((distance == 0) & (rem_lo >= 0))
    is_below = (reliable + rem_hi < 0) | ((distance == 0) & (rem_hi <= 0))
    return rounds_up, is_tie | np.where(rounds_up, is_above, is_below)


def _round_remainder(number: ScaledDD, fmt: Format) -> tuple[Floats, Bools]:
    """Return the rounding of a number without digits: a zero with the sign of its remainder, and where it is certain.

    It is certain below 2^(least_exponent - 2), half of the largest number that rounds to zero.
    """
    is_exact = number.rem_lo == number.rem_hi
    bound = np.maximum(np.abs(number.rem_lo), np.abs(number.rem_hi))
    bound_exponent = np.frexp(bound)[1] + number.exponent
    zero = np.where((number.rem_hi <= 0) & ~is_exact, -0.0, 0.0)
    is_one_sided = (number.rem_lo >= 0) | (number.rem_hi <= 0)
    return zero, is_exact | (is_one_sided & (bound_exponent < fmt.least_exponent - 1))
