"""Taylor series of scaled double-doubles near 0, whose truncation error of known sign becomes the remainder."""

from __future__ import annotations

import numpy as np

from actcli.core.arithmetic.remainder_intervals import MAX_POWER, TINY, power_of_two
from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.signals import Undecided

__all__ = ["TAYLOR_LIMIT", "add_truncation_error", "enclose_if_narrow", "require_size", "scale_remainder"]

TAYLOR_LIMIT = 2.0**-40
"""Taylor series are used for |x| below this. The omitted terms after the first are then at most 2^-40 times the first:
the ratio of two terms is at most |x| in every series here."""

_ERR_TRUNCATION = 2.0**-38
"""Relative error of the first omitted term as the truncation error: 2^-40 for the others, the rest for roundings."""


def add_truncation_error(terms: ScaledDD, x: ScaledDD, power: int, coefficient: float) -> ScaledDD:
    """Add the truncation error coefficient * x**power * (1 +- 2^-38) to the remainder of `terms`, a series in x."""
    x = x.divide_out()
    shift = power * x.exponent - terms.exponent
    error = x.hi**power * coefficient * terms.denominator * power_of_two(shift)
    # Where the power of two was clipped the error is smaller than computed, but has its sign: it lies between 0 and it.
    near = np.where(shift < -MAX_POWER, 0.0, error * (1 - _ERR_TRUNCATION))
    far = error * (1 + _ERR_TRUNCATION)
    spread = np.maximum(np.abs(x.rem_lo), np.abs(x.rem_hi))
    if not np.any(spread):
        return terms.add_error(np.minimum(near, far), np.maximum(near, far))
    # A remainder of x changes the truncation error by less than 2^-80 of its effect on the terms, which SLACK covers.
    # Only the sign of the error is lost where x may be 2^-40 of its digits' size, or less.
    loose = 2 * np.abs(far) + TINY
    is_vague = np.abs(x.hi) < 2.0**40 * spread
    near, far = np.where(is_vague, -loose, near), np.where(is_vague, loose, far)
    return enclose_if_narrow(x, terms.add_error(np.minimum(near, far), np.maximum(near, far)))


def enclose_if_narrow(x: ScaledDD, result: ScaledDD) -> ScaledDD:
    """Return a function's result at x, with an infinite remainder where x itself has one above TAYLOR_LIMIT.

    Such an x may be anywhere around 0, where the formula near 0 does not hold.
    """
    is_wide = np.maximum(np.abs(x.rem_lo), np.abs(x.rem_hi)) * power_of_two(x.exponent) > TAYLOR_LIMIT
    if not np.any(is_wide):
        return result
    unbounded = np.where(is_wide, np.inf, 0.0)
    return result.add_error(-unbounded, unbounded)


def scale_remainder(
    x: ScaledDD, *, negative: tuple[float, float] = (1.0, 1.0), positive: tuple[float, float] = (1.0, 1.0)
) -> ScaledDD:
    """Return f(x) of an x without digits, where f(x) / x lies between two factors on either side of 0.

    negative, positive  the factors of the endpoints nearer to -inf and to +inf, for x of that sign
    """
    x = x.divide_out()
    low = np.where(x.rem_lo < 0, negative[0], positive[0]) * x.rem_lo
    high = np.where(x.rem_hi > 0, positive[1], negative[1]) * x.rem_hi
    return enclose_if_narrow(x, ScaledDD.from_interval(low, high, x.exponent))


def require_size(x: ScaledDD) -> None:
    """Raise Undecided where |x| may be less than (1 - 2^-10) |x.hi|: it may then lie on the other side of a limit."""
    inward = np.where(x.hi > 0, -x.rem_lo, x.rem_hi)
    if not np.all(inward <= 2.0**-10 * np.abs(x.hi)):
        raise Undecided
