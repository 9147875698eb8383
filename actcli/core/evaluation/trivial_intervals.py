"""Trivial intervals: where the correctly rounded f or f' is 0, 1, x, a limit, subnormal or an overflow in a format.

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

In formats of at most 16 bits every x is evaluated. In float32 and float64 `trivial_cells` proves the classes of whole
cells and finds their ends by bisection; what it gives up (a wave far from 0, results that alternate between two
classes) is reported as not searched.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Bools, Floats, Format

    Classes = NDArray[np.int8]

__all__ = [
    "CLASSES",
    "NONE",
    "OBSERVED",
    "UNSEARCHED",
    "Classifier",
    "TrivialInterval",
    "TrivialIntervals",
    "trivial_intervals",
]

Triviality: TypeAlias = Literal["zero", "one", "identity", "limit", "subnormal", "overflow"]
CLASSES: tuple[Triviality, ...] = ("zero", "one", "identity", "limit", "subnormal", "overflow")
"""The classes by precedence; a class is an index of this tuple, NONE or UNSEARCHED."""
NONE, UNSEARCHED, OBSERVED = len(CLASSES), len(CLASSES) + 1, 16
"""No class; not searched; and a flag of a class that is not proven but observed at samples."""
_ZERO, _ONE, _IDENTITY, _LIMIT, _SUBNORMAL, _OVERFLOW = range(len(CLASSES))


class TrivialInterval(NamedTuple):
    """A maximal interval of finite numbers of a format on which a result has one class.

    order     0 for f, 1 for f'
    what      the class
    low       the least number, 0.0 for a zero
    high      the greatest number
    evidence  "proven", or "observed" if only samples far out have the class, or if an end touches what is not searched
    """

    order: int
    what: Triviality
    low: float
    high: float
    evidence: Literal["proven", "observed"]


class TrivialIntervals(NamedTuple):
    """The trivial intervals of f or f' in a format, in ascending order.

    evidence  "proven" for every number of the format, "observed" if a tail is, "searched" if some are not searched
    gaps      the ranges (low, high) that are not searched
    """

    intervals: tuple[TrivialInterval, ...]
    evidence: Literal["proven", "observed", "searched"]
    gaps: tuple[tuple[float, float], ...]


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


def trivial_intervals(bound: BoundActivation, order: int, fmt: Format) -> TrivialIntervals:
    """Return the trivial intervals of f (order 0) or f' (order 1) of an elementwise activation in a format."""
    with counting_undecided(SEARCH_LIMIT) as undecided:
        classifier = Classifier(Quantity(bound, order), fmt)
        if fmt.has_all:
            values = fmt.every()
            x = np.unique(values[np.isfinite(values)] + 0.0)
            classes = classifier.classes(x, classifier.results(x))
            starts = np.flatnonzero(np.diff(classes, prepend=-1))
            ends = np.append(starts[1:], x.size) - 1
            pieces = list(zip(x[starts].tolist(), x[ends].tolist(), classes[starts].tolist(), strict=True))
        else:
            from actcli.core.evaluation.trivial_cells import classified_pieces

            pieces = classified_pieces(classifier)
    return _assembled(pieces, order, undecided.count > 0)


def _assembled(pieces: list[tuple[float, float, int]], order: int, is_uncertain: bool) -> TrivialIntervals:
    """Return the intervals of consecutive pieces (low, high, class) that cover the format's finite numbers."""
    merged: list[tuple[float, float, int]] = []
    for low, high, kind in _without_holes(pieces):
        if merged and merged[-1][2] % OBSERVED == kind % OBSERVED:
            merged[-1] = (merged[-1][0], high, max(merged[-1][2], kind))
        else:
            merged.append((low, high, kind))
    found = []
    for i, (low, high, kind) in enumerate(merged):
        if kind % OBSERVED < NONE:
            touches = any(part[2] == UNSEARCHED for part in merged[max(i - 1, 0) : i + 2])
            evidence: Literal["proven", "observed"] = (
                "observed" if touches or kind >= OBSERVED or is_uncertain else "proven"
            )
            found.append(TrivialInterval(order, CLASSES[kind % OBSERVED], low + 0.0, high + 0.0, evidence))
    gaps = tuple((low, high) for low, high, kind in merged if kind == UNSEARCHED)
    is_observed = is_uncertain or any(kind >= OBSERVED for _, _, kind in merged)
    return TrivialIntervals(tuple(found), "searched" if gaps else "observed" if is_observed else "proven", gaps)


def _without_holes(pieces: list[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
    """Return the pieces with one range that is not searched on either side of 0, in place of many and those between."""
    found = list(pieces)
    for sign in (-1, 1):
        index = [i for i, (low, _, kind) in enumerate(found) if kind == UNSEARCHED and sign * low > 0]
        if index:
            first, last = index[0], index[-1]
            found[first : last + 1] = [(found[first][0], found[last][1], UNSEARCHED)]
    return found
