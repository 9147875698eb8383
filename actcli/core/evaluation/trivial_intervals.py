"""Trivial intervals: where the correctly rounded f or f' is 0, 1, x, a limit, subnormal or an overflow in a format.

In formats of at most 16 bits every x is evaluated. In float32 and float64 `trivial_cells` proves the classes of whole
cells and finds their ends by bisection; what it gives up (a wave far from 0, results that alternate between two
classes) is reported as not searched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.triviality import CLASSES, NONE, OBSERVED, UNSEARCHED, Classifier, Triviality
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Format

__all__ = ["TrivialInterval", "TrivialIntervals", "trivial_intervals"]


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
            from actcli.core.evaluation.trivial_cells import classified_pieces  # late: narrow formats need no proofs

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
