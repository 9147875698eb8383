"""Activations that are stochastic in training: for each element the slope left of 0 is drawn anew, or what is added.

The drawn numbers follow from the seed alone, on every machine: they are the raw words of PCG64 in their order.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.arithmetic.double_double import truncate26
from actcli.core.catalogue.registry import entries
from actcli.error_free import two_sum
from actcli.errors import ParameterError

if TYPE_CHECKING:
    from actcli.core.evaluation.elementwise import Quantity
    from actcli.core.spec import BoundActivation
    from actcli.number_formats import Floats, Format

__all__ = ["SeededNoise", "randomized_relu"]

_UNIT = 2.0**-53
_GUMBEL = "-log(-log(x))"


class SeededNoise:
    """What is drawn, one after the other: slopes, evenly between the two parameters that the entry names, or noise.

    Raises ParameterError if the activation draws nothing.
    """

    def __init__(self, bound: BoundActivation, seed: int) -> None:
        entry = bound.activation
        if "stochastic" not in entry.kinds:
            those = " and ".join(entry.name for entry in entries().values() if "stochastic" in entry.kinds)
            raise ParameterError(f"{entry.name} draws nothing in training, so it takes no seed ({those} do)")
        self._words = np.random.PCG64(seed)
        if entry.random_slope_range is not None:
            low, high = (bound.values[name] for name in entry.random_slope_range)
            assert isinstance(low, Fraction)
            assert isinstance(high, Fraction)
            self._low, self._high = float(low), float(high)

    def take(self, count: int) -> Floats:
        """The next `count` slopes."""
        parts = (self._words.random_raw(count) >> np.uint64(11)) * _UNIT
        return np.clip(self._low + (self._high - self._low) * parts, self._low, self._high)

    def with_gumbel_noise(self, x: Floats, fmt: Format) -> Floats:
        """x with Gumbel noise, a number for each element, the sum rounded once to `fmt`.

        The noise is -log(-log(u)), rounded to float64, of u drawn evenly from the odd multiples of 2^-53 up to 1.
        """
        from actcli.core.evaluation.elementwise import Quantity, evaluate
        from actcli.core.spec import parse
        from actcli.number_formats import FLOATS

        odd = (self._words.random_raw(x.size) >> np.uint64(12)) * 2.0 + 1.0
        even = np.asarray(odd * _UNIT, dtype=np.float64)
        noise = evaluate(Quantity(parse(_GUMBEL)), even, FLOATS["float64"]).reshape(x.shape)
        with np.errstate(all="ignore"):
            return np.where(np.isfinite(x), fmt.round(*two_sum(x, noise)), x)


def randomized_relu(quantity: Quantity, x: Floats, slopes: Floats, fmt: Format) -> Floats:
    """x where it is above 0 and slope * x elsewhere, or the slope of that, rounded once to `fmt`.

    x, slopes  float64 arrays of one shape; x holds values of `fmt`, slopes any numbers
    """
    if quantity.order:
        # At 0 itself the slope is the drawn one, or 1 where the framework has it so.
        ones = quantity.side > 0 or (quantity.side == 0 and dict(quantity.bound.kinks).get(Fraction(0)) == 1)
        right = x >= 0 if ones else x > 0
        out = np.where(right, 1.0, fmt.round(slopes))
    else:
        out = np.where(x > 0, x, _products(slopes, x, fmt))
        out[(x == 0) & ~np.signbit(x)] = 0.0
    out[np.isnan(x)] = math.nan
    return out


def _products(slopes: Floats, x: Floats, fmt: Format) -> Floats:
    """slope * x, rounded once; a slope of 0 makes it +0.0 everywhere."""
    with np.errstate(all="ignore"):
        if fmt.name == "float64":
            products = slopes * x
        else:
            # Either half of the slope times x is exact: x has at most 24 bits.
            head = truncate26(slopes)
            products = fmt.round(*two_sum(head * x, (slopes - head) * x))
            products = np.where(np.isfinite(x), products, fmt.round(slopes * x))
    products[slopes == 0] = 0.0
    return products
