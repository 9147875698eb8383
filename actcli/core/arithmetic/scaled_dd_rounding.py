"""Rounding a wide number: where its remainder leaves no doubt, ties included, the number of the format it rounds to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.remainder_intervals import SLACK, power_of_two
from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.error_free import two_prod, two_sum

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["round_certainly"]

_MAX_REMAINDER = 0.2
"""Remainders must stay below this part of the quantum for the two neighbours to be the right ones."""


def round_certainly(number: ScaledDD, shape: tuple[int, ...], fmt: Format) -> tuple[Floats, Bools]:
    """`number` rounded to fmt, and which elements are not certain."""
    with np.errstate(all="ignore"):
        # A tie of a rational number is one of its numerator, which is exact where the quotient is not.
        out, unsure = _round_certainly(number, shape, fmt)
        if number.denominator != 1 and unsure.any():
            again, still = _round_certainly(number.divide_out(), shape, fmt)
            out, unsure = np.where(unsure, again, out), unsure & still
    return out, unsure


def _round_certainly(number: ScaledDD, shape: tuple[int, ...], fmt: Format) -> tuple[Floats, Bools]:
    with np.errstate(all="ignore"):
        high, low = two_sum(number.hi, number.lo)
        sign = np.where(high < 0, -1.0, 1.0)
        high, low = high * sign, low * sign
        least = np.where(sign > 0, number.rem_lo, -number.rem_hi)
        most = np.where(sign > 0, number.rem_hi, -number.rem_lo)
        fraction, exponent = np.frexp(high / number.denominator)
        place = exponent + number.exponent
        quantum = np.maximum(place - fmt.precision, fmt.least_exponent)
        scale = power_of_two(number.exponent - quantum)
        scaled, low, least, most = (field * scale for field in (high, low, least, most))
        whole, beyond = _distance_to_tie(scaled, low, number.denominator)
        up, sure = _round_up(beyond, least, most, whole)
        # Just below a power of two the quantum is half as large: only what is nearly that power is certain there.
        sure &= (
            (fraction != 0.5) | (low + least > -_MAX_REMAINDER * number.denominator) | (quantum == fmt.least_exponent)
        )
        sure &= (np.abs(least) < _MAX_REMAINDER * number.denominator) & (
            np.abs(most) < _MAX_REMAINDER * number.denominator
        )
        largest = np.minimum(place, 2000)
        rounded = np.where(largest > 1100, np.inf, np.ldexp(whole + up, np.clip(quantum, -3000, 1100).astype(np.int64)))
        # A zero whose sign is not known may be of either.
        sure &= (rounded != 0) | (least == most) | (high > 2 * np.maximum(np.abs(number.rem_lo), np.abs(number.rem_hi)))
        # Nothing that goes wrong on the way is nan without a remainder that is nan too.
        outside = np.isnan(number.hi) & (number.rem_lo == 0) & (number.rem_hi == 0)
        rounded, sure = np.where(outside, np.nan, rounded), sure | outside
        zero, certain = _round_remainder(number, fmt)
        nothing = high == 0
        out = np.where(nothing, zero, fmt.round(rounded * sign))
        return np.broadcast_to(out, shape), np.broadcast_to(~np.where(nothing, certain, sure), shape)


def _distance_to_tie(scaled: Any, low: Any, denominator: int) -> tuple[Any, Any]:
    """The whole part n of (scaled + low) / denominator, and how far that is beyond n + 1/2, times the denominator.

    nan where the difference is not exact.
    """
    if denominator == 1:
        whole = np.floor(scaled)
        over = scaled - whole
        off = np.where((over == 0) & (low < 0), -1.0, 0.0)
        return whole + off, ((over - off) - 0.5) + low
    whole = np.floor(scaled / denominator)
    product, error = two_prod(whole, np.float64(denominator))  # type: ignore[arg-type]
    over, e1 = two_sum(scaled - product, -error)
    over, e2 = two_sum(over, -0.5 * denominator)
    rest = (e1 + e2) + low
    rest = np.where((e1 + e2 != 0) & (low != 0), np.nan, rest)
    near = over + rest
    off = np.where(near < -0.5 * denominator, -1.0, np.where(near >= 0.5 * denominator, 1.0, 0.0))
    # What is near a half only shows once the whole is right: the rest is added last.
    return whole + off, (over - off * denominator) + rest


def _round_up(beyond: Any, least: Any, most: Any, whole: Any) -> tuple[Any, Any]:
    """Whether to round up, and whether that is certain: a remainder that is only above a tie, or below, decides it."""
    firm = beyond * (1 - SLACK)
    tie = (beyond == 0) & (least == most)
    up = np.where(tie, whole % 2 == 1, (beyond > 0) | ((beyond == 0) & (least >= 0)))
    above = (firm + least > 0) | ((beyond == 0) & (least >= 0))
    below = (firm + most < 0) | ((beyond == 0) & (most <= 0))
    return up, tie | np.where(up, above, below)


def _round_remainder(number: ScaledDD, fmt: Format) -> tuple[Any, Any]:
    """What a number without digits rounds to: zero, with the sign of its remainder, if that is small enough."""
    exact = number.rem_lo == number.rem_hi
    bound = np.maximum(np.abs(number.rem_lo), np.abs(number.rem_hi))
    reach = np.frexp(bound)[1] + number.exponent
    signed = np.where((number.rem_hi <= 0) & ~exact, -0.0, 0.0)
    one_sided = (number.rem_lo >= 0) | (number.rem_hi <= 0)
    return signed, exact | (one_sided & (reach < fmt.least_exponent - 1))
