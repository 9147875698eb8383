"""Stochastic activations as in training: a random slope for each x <= 0 (rrelu), or Gumbel noise added to each x.

The random numbers depend only on the seed, on every machine: they are the raw words of PCG64 in their order.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.dd_functions import DOUBLE_DOUBLE
from actcli.core.arithmetic.double_double import truncate26
from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
from actcli.core.catalogue.registry import entries
from actcli.core.evaluation.arbitrary_precision import evaluate_many
from actcli.core.evaluation.escalation import correctly_rounded
from actcli.error_free import two_sum
from actcli.errors import ParameterError
from actcli.number_formats import FLOATS
from actcli.text import join_or

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.core.evaluation.quantity import BoundActivation, Quantity
    from actcli.number_formats import Floats, Format

__all__ = ["SeededNoise", "randomized_relu"]

_UNIT = 2.0**-53
"""Spacing of the uniform random numbers in [0, 1)."""


class SeededNoise:
    """A stream of random slopes between the two parameters that the entry names, or of Gumbel noise.

    Raises ParameterError if the activation is not stochastic, or if a parameter is beyond the range of float64.
    """

    def __init__(self, bound: BoundActivation, seed: int) -> None:
        entry = bound.activation
        if "stochastic" not in entry.kinds:
            names = join_or([entry.name for entry in entries().values() if "stochastic" in entry.kinds])
            raise ParameterError(f"{entry.name} is not random in training: a seed requires {names}")
        try:
            self._words = np.random.PCG64(seed)
        except (TypeError, ValueError):
            raise ParameterError("seed: expected a whole number of at least 0") from None
        if entry.random_slope_range is not None:
            low, high = (bound.values[name] for name in entry.random_slope_range)
            assert isinstance(low, Fraction)
            assert isinstance(high, Fraction)
            try:
                self._low, self._high = float(low), float(high)
            except OverflowError:
                names = " and ".join(entry.random_slope_range)
                raise ParameterError(f"{entry.name}: a seed requires {names} in the range of float64") from None

    def take(self, count: int) -> Floats:
        """Return the next `count` slopes, uniform in [low, high]."""
        uniform = (self._words.random_raw(count) >> np.uint64(11)) * _UNIT
        return np.clip(self._low + (self._high - self._low) * uniform, self._low, self._high)

    def with_gumbel_noise(self, x: Floats, fmt: Format) -> Floats:
        """Return x plus Gumbel noise, one number for each element; the sum is rounded once to `fmt`.

        The noise is -log(-log(u)), correctly rounded to float64, with u uniform on the odd multiples of 2^-53 below 1.
        """
        odd = (self._words.random_raw(x.size) >> np.uint64(12)) * 2.0 + 1.0
        noise = _gumbel_quantile(np.asarray(odd * _UNIT, dtype=np.float64)).reshape(x.shape)
        with np.errstate(all="ignore"):
            return np.where(np.isfinite(x), fmt.round(*two_sum(x, noise)), x)


def _gumbel_quantile(u: Floats) -> Floats:
    """Return -log(-log(u)) for u in (0, 1), correctly rounded to float64."""
    fmt = FLOATS["float64"]

    def formula(m: Any, x: Any) -> Any:
        return -m.log(-m.log(x))

    def one(x: float) -> float:
        return evaluate_many(lambda m: [formula(m, m.number(x))], fmt)[0]

    def finish(indices: NDArray[np.intp]) -> Floats:
        return np.array(list(map(one, u[indices].tolist())))

    return correctly_rounded(formula, [u], fmt, finish, double_double=DOUBLE_DOUBLE, scaled=ScaledDDArithmetic)


def randomized_relu(quantity: Quantity, x: Floats, slopes: Floats, fmt: Format) -> Floats:
    """Return x where x > 0 and slope * x elsewhere, or the derivative of that, rounded once to `fmt`.

    x, slopes  float64 arrays of the same shape; x holds values of `fmt`, slopes any numbers
    """
    if quantity.order:
        # At 0 the derivative is the random slope, or 1 in frameworks that choose it.
        ones = quantity.side > 0 or dict(quantity.kink_derivatives()).get(Fraction(0)) == 1
        right = x >= 0 if ones else x > 0
        out = np.where(right, 1.0, fmt.round(slopes))
    else:
        out = np.where(x > 0, x, _products(slopes, x, fmt))
        out[(x == 0) & ~np.signbit(x)] = 0.0
    out[np.isnan(x)] = math.nan
    return out


def _products(slopes: Floats, x: Floats, fmt: Format) -> Floats:
    """Return slope * x, rounded once; +0.0 where the slope is 0."""
    with np.errstate(all="ignore"):
        if fmt.name == "float64":
            products = slopes * x
        else:
            # The products of x with both halves of the slope are exact: x has at most 24 significant bits.
            head = truncate26(slopes)
            products = fmt.round(*two_sum(head * x, (slopes - head) * x))
            products = np.where(np.isfinite(x), products, fmt.round(slopes * x))
    products[slopes == 0] = 0.0
    return products
