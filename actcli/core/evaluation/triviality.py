"""Triviality: the classes of the numbers of a format by the correctly rounded results of f or f' there.

Definition. Let D be a format and r(x) the result at x, rounded to D. The class of a finite x of D is the first that
applies of

    zero       r(x) = 0
    one        r(x) = 1
    identity   r(x) = x
    limit      r(x) is the limit at -inf or at inf, rounded to D, and that is finite
    subnormal  0 < |r(x)| < the smallest normal number of D
    overflow   r(x) is infinite, or nan in a format without infinity, and the exact value is finite

An x at which none applies has no class, nor has one at which r(x) is nan otherwise. The x of one class that are
consecutive in D form a maximal interval; -0 and +0 are one x.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from actcli.core.evaluation.elementwise import evaluate
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.core.evaluation.quantity import Quantity
    from actcli.number_formats import Bools, Floats, Format

    Classes = NDArray[np.int8]

__all__ = ["CLASSES", "NONE", "OBSERVED", "UNSEARCHED", "Classifier", "Triviality"]

Triviality: TypeAlias = Literal["zero", "one", "identity", "limit", "subnormal", "overflow"]
CLASSES: tuple[Triviality, ...] = ("zero", "one", "identity", "limit", "subnormal", "overflow")
"""The classes by precedence; a class is an index of this tuple, NONE or UNSEARCHED."""
NONE, UNSEARCHED, OBSERVED = len(CLASSES), len(CLASSES) + 1, 16
"""No class; not searched; and a flag of a class that is not proven but observed at samples."""
_ZERO, _ONE, _IDENTITY, _LIMIT, _SUBNORMAL, _OVERFLOW = range(len(CLASSES))


class Classifier:
    """The classes of x of one format by their results.

    limits  the rounded limits of the quantity at -inf and inf, as far as they are finite
    """

    def __init__(self, quantity: Quantity, fmt: Format) -> None:
        self.quantity = quantity
        self.fmt = fmt
        ends = evaluate(quantity, np.array([-math.inf, math.inf]), fmt)
        self.limits = tuple({limit + 0.0 for limit in ends.tolist() if math.isfinite(limit)})
        self.least_normal = math.ldexp(1.0, fmt.least_exponent + fmt.precision - 1)
        self._poles = [float(end) for end, _ in quantity.pole_candidates()]

    def results(self, x: Floats) -> Floats:
        """Return the result at each x."""
        return evaluate(self.quantity, x, self.fmt)

    def classes(self, x: Floats, results: Floats) -> Classes:
        """Return the class of each x with its result."""
        size = np.abs(results)
        conditions = [
            results == 0,
            results == 1,
            results == x,
            np.isin(results, self.limits),
            (size > 0) & (size < self.least_normal),
            self._overflows(x, results),
        ]
        return np.select(conditions, list(range(NONE)), NONE).astype(np.int8)

    def _overflows(self, x: Floats, results: Floats) -> Bools:
        """Return where the exact value is finite, but beyond the format: r(x) is infinite at a pole as well."""
        beyond = np.isinf(results)
        if self.fmt.overflow == "nan":
            missing = np.flatnonzero(np.isnan(results))
            beyond[missing] = ~np.isnan(evaluate(self.quantity, x[missing], FLOATS["float64"]))
        overflows: Bools = beyond & ~np.isin(x, self._poles)
        return overflows
