"""Residuals: by how many units in the last place the exact results differ from the correctly rounded ones."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.maxima import exact_value
from actcli.core.arithmetic.dd_functions import DOUBLE_DOUBLE
from actcli.core.arithmetic.double_double import DoubleDouble, as_double_double
from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.arithmetic.remainder_intervals import power_of_two
from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.escalation import escalate
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.core.evaluation.quantity import Quantity
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["residuals"]

_BLOCK_SIZE = 2048

_MAX_ERROR = 2.0**-10
"""The error of a residual, in units in the last place, with which it counts as known."""

_DIGITS = 100
"""Precision of the subtraction from the exact value, where neither array path knows the element."""


def residuals(quantity: Quantity, x: Floats, rounded: Floats, unit: Floats, fmt: Format) -> Floats:
    """Return (exact - rounded) / unit, a number from -1/2 to 1/2, with an error of at most 2^-10.

    x        float64 array of values of fmt
    rounded  the correctly rounded results
    unit     their units in the last place
    """
    if fmt.name != "float64":
        # The float64 result is within 2^-29 units of a narrower format.
        fine = evaluate(quantity, x, FLOATS["float64"])
        return np.where(np.isfinite(fine) & np.isfinite(rounded), (fine - rounded) / unit, 0.0)
    out = np.zeros_like(x)
    ordinary = np.isfinite(rounded) & np.isfinite(x)
    for at, derivative in quantity.kink_derivatives():
        here = x == (float(at) if float(at) == at else np.nan)
        for i in np.flatnonzero(here & ordinary).tolist():
            out[i] = float((derivative - Fraction(float(rounded[i]))) / Fraction(float(unit[i])))
        ordinary &= ~here
    # Sorted by magnitude, the elements that underflow share blocks.
    indices = np.flatnonzero(ordinary)
    indices = indices[np.argsort(np.abs(x[indices]), kind="stable")]
    inputs = x[indices], rounded[indices], unit[indices]

    def finish(undecided: NDArray[np.intp]) -> Floats:
        return _ball_residuals(quantity, *(column[undecided] for column in inputs))

    def fast(block: Sequence[Floats]) -> tuple[Floats, Bools]:
        return _double_double_residuals(quantity, *block)

    def accurate(block: Sequence[Floats]) -> tuple[Floats, Bools]:
        return _scaled_residuals(quantity, *block)

    # Rounding keeps a residual within half a unit.
    out[indices] = np.clip(escalate(fast, accurate, inputs, finish, block_size=_BLOCK_SIZE), -0.5, 0.5)
    return out


def _double_double_residuals(quantity: Quantity, x: Floats, rounded: Floats, unit: Floats) -> tuple[Floats, Bools]:
    with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
        result = as_double_double(quantity(DOUBLE_DOUBLE, DoubleDouble.from_float(x)))
        error = result.error_bound()
    with np.errstate(all="ignore"):
        residual = ((result.hi - rounded) + result.lo) / unit
        return residual, ~np.broadcast_to(error < _MAX_ERROR * unit, x.shape)


def _scaled_residuals(quantity: Quantity, x: Floats, rounded: Floats, unit: Floats) -> tuple[Floats, Bools]:
    with np.errstate(all="ignore"):
        arithmetic = quantity.bound.function.scaled_arithmetic()
        result = as_scaled_dd(quantity(arithmetic, ScaledDD.from_float(x))).divide_out()
        scale = power_of_two(result.exponent - (np.frexp(unit)[1] - 1))
        residual = (result.hi * scale - rounded / unit) + result.lo * scale
        error = np.maximum(np.abs(result.rem_lo), np.abs(result.rem_hi)) * scale
        return residual, ~np.broadcast_to(np.isfinite(residual) & (error < _MAX_ERROR), x.shape)


def _ball_residuals(quantity: Quantity, x: Floats, rounded: Floats, unit: Floats) -> Floats:
    found = []
    with localcontext(decimal_context(_DIGITS)):
        for at, near, size in zip(x.tolist(), rounded.tolist(), unit.tolist(), strict=True):
            exact = exact_value(quantity, Fraction(at))
            found.append(0.0 if exact is None else float((exact - Decimal(near)) / Decimal(size)))
    return np.array(found)
