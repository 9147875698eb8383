"""Exponents of scaled double-doubles: their fields in other units, and kept near 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.core.arithmetic.remainder_intervals import TINY, power_of_two

if TYPE_CHECKING:
    from actcli.core.arithmetic.array_types import Floats, Integers

    Fields = tuple[Floats, Floats, Integers, Floats, Floats]

__all__ = ["MIN_DIGIT", "absorb_faint", "normalize", "shift_to"]

MIN_DIGIT = 2.0**-940
"""Digits smaller than this, in a number of size 1, become part of the remainder. Products of larger ones and their
errors, down to 2^-940 2^-106 = 2^-1046, are still exact float64."""

_MAX_DRIFT = 2.0**8
"""An |hi| within this factor of 1 is not rescaled: errors of its products with MIN_DIGIT, down to 2^-1054, are exact.
"""


def shift_to(
    exponent: Integers, hi: Floats, lo: Floats, own_exponent: Integers, rem_lo: Floats, rem_hi: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return hi, lo, rem_lo and rem_hi in units of 2**exponent, at least the number's own; tiny digits go into the
    remainder.

    A shift beyond +-MAX_POWER is clipped. The digits, which are near 1, are then below MIN_DIGIT and vanish.
    """
    shift = own_exponent - exponent
    if not np.any(shift):
        return hi, lo, rem_lo, rem_hi
    scale = power_of_two(shift)
    new_hi, new_lo, new_rem_lo, new_rem_hi = (field * scale for field in (hi, lo, rem_lo, rem_hi))
    # Endpoints that may have underflowed are moved outward: to +-TINY, or to 0 where that is outward.
    new_rem_lo = np.where(np.abs(new_rem_lo) < TINY, np.where(rem_lo < 0, -TINY, 0.0), new_rem_lo)
    new_rem_hi = np.where(np.abs(new_rem_hi) < TINY, np.where(rem_hi > 0, TINY, 0.0), new_rem_hi)
    new_lo, new_rem_lo, new_rem_hi = _without_faint_lo(new_lo, lo, new_rem_lo, new_rem_hi)
    vanishes = (np.abs(new_hi) < MIN_DIGIT) & (hi != 0)
    if np.any(vanishes):
        new_hi, new_lo = np.where(vanishes, 0.0, new_hi), np.where(vanishes, 0.0, new_lo)
        # With a remainder below half of hi the number has hi's sign and is below 1.5 hi + lo; a larger one is added.
        is_minor = np.maximum(np.abs(rem_lo), np.abs(rem_hi)) * 2 <= np.abs(hi)
        below, above = np.where(hi < 0, 2 * MIN_DIGIT, 0.0), np.where(hi > 0, 2 * MIN_DIGIT, 0.0)
        new_rem_lo = np.where(vanishes, np.where(is_minor, 0.0, new_rem_lo) - below, new_rem_lo)
        new_rem_hi = np.where(vanishes, np.where(is_minor, 0.0, new_rem_hi) + above, new_rem_hi)
    return new_hi, new_lo, new_rem_lo, new_rem_hi


def _without_faint_lo(lo: Floats, true_lo: Floats, rem_lo: Floats, rem_hi: Floats) -> tuple[Floats, Floats, Floats]:
    """Return lo, rem_lo and rem_hi with a lo below MIN_DIGIT in the remainder; true_lo has the sign of lo, if not 0."""
    is_faint = (np.abs(lo) < MIN_DIGIT) & (true_lo != 0)
    if not np.any(is_faint):
        return lo, rem_lo, rem_hi
    rem_lo = rem_lo - np.where(is_faint & (true_lo < 0), MIN_DIGIT, 0.0)
    rem_hi = rem_hi + np.where(is_faint & (true_lo > 0), MIN_DIGIT, 0.0)
    return np.where(is_faint, 0.0, lo), rem_lo, rem_hi


def absorb_faint(hi: Floats, lo: Floats, exponent: Integers, rem_lo: Floats, rem_hi: Floats) -> Fields:
    """Return the fields of the same number with a lo below MIN_DIGIT in the remainder."""
    lo, rem_lo, rem_hi = _without_faint_lo(lo, lo, rem_lo, rem_hi)
    return hi, lo, exponent, rem_lo, rem_hi


def normalize(hi: Floats, lo: Floats, exponent: Integers, rem_lo: Floats, rem_hi: Floats) -> Fields:
    """Return the fields of the same number with |hi| near 1, if it is not 0.

    A sum that cancels has a small hi, and so has a long product. Without this, products of such digits underflow to 0
    without any remainder, and a sum takes digits for larger ones where their shift is clipped.
    """
    size = np.abs(hi)
    if size.min(initial=1.0) >= 1 / _MAX_DRIFT and size.max(initial=1.0) <= _MAX_DRIFT:
        return hi, lo, exponent, rem_lo, rem_hi
    is_far = ((size < 1 / _MAX_DRIFT) | (size > _MAX_DRIFT)) & (size > 0) & np.isfinite(size)
    shift = np.where(is_far, np.frexp(size)[1], 0)
    new_lo, new_rem_lo, new_rem_hi = (np.ldexp(field, -shift) for field in (lo, rem_lo, rem_hi))
    # Upward all is exact, or overflows outward. Downward, endpoints that may have underflowed are moved outward.
    is_down = shift > 0
    if np.any(is_down):
        is_tiny = is_down & (np.abs(new_rem_lo) < TINY)
        new_rem_lo = np.where(is_tiny, np.where(rem_lo < 0, -TINY, 0.0), new_rem_lo)
        is_tiny = is_down & (np.abs(new_rem_hi) < TINY)
        new_rem_hi = np.where(is_tiny, np.where(rem_hi > 0, TINY, 0.0), new_rem_hi)
        new_lo, new_rem_lo, new_rem_hi = _without_faint_lo(new_lo, lo, new_rem_lo, new_rem_hi)
    return np.ldexp(hi, -shift), new_lo, exponent + shift, new_rem_lo, new_rem_hi
