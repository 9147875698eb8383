"""Samples of a function for a plot: dense where it is not smooth, and the points at which it is discontinuous."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.core.analysis.breakpoints import discontinuities
from actcli.core.analysis.search import bisect_steps
from actcli.core.evaluation.undecided import SEARCH_LIMIT, count_undecided, counting_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.number_formats import Floats, Format

__all__ = ["CurveSamples", "curve_samples"]

Function = Callable[["Floats", "Format"], "Floats"]
"""The values of the function at an array of x, in a number format."""

_FLOAT64 = FLOATS["float64"]
_GOLDEN_RATIO = 0.6180339887498949

# --- the curve is rough where a sample is far from the line between its neighbours -------------------------------
_TOLERANCE = 1 / 400
"""That distance, relative to the range of y: a quarter of a dot of the largest usual plots."""
_CENTRAL_SHARE = 5, 95
"""The percentiles of y that stand for its range: poles have no influence."""
_ROUGH_NEIGHBOURS = 4
"""How many intervals on either side of a rough one are sampled densely too."""
_DENSE_SAMPLES = 32
_MAX_DENSE_SAMPLES = 2**17
"""Samples of an interval where the curve is rough, and of all such intervals."""
_FEWEST_DENSE_SAMPLES = 4
"""Samples of such an interval if there are very many, or if most results need arbitrary precision (1 ms each)."""

# --- a step may be a jump if it is much longer than its neighbours -----------------------------------------------
_OUTLIER_FACTOR = 4.0
_MAX_CANDIDATES = 200
"""Curves with more such steps oscillate."""
_MAX_COSTLY_CANDIDATES = 8
"""The same if most results need arbitrary precision: a search takes some fifty of them for each step."""
_BREAK_OFFSETS = 1 / 1024, 1 / 32
"""Distances of the samples added on either side of a jump, relative to the distance of the given samples."""


class CurveSamples(NamedTuple):
    """Samples, x in ascending order, and the x at which the function is discontinuous."""

    x: list[float]
    y: list[float]
    breaks: list[float]


def curve_samples(f: Function, x: Floats, breakpoints: Sequence[float], fmt: Format) -> CurveSamples:
    """Return samples at the ascending `x` and, where the curve oscillates between them, its extrema there.

    breakpoints  the known kinks and jumps; other jumps are searched between the samples
    """
    with np.errstate(all="ignore"):
        with counting_undecided() as counter:
            y = _values(f, x, fmt)
        count_undecided(counter.count)
        low, high = np.percentile(y[np.isfinite(y)], _CENTRAL_SHARE) if np.isfinite(y).any() else (0.0, 0.0)
        tolerance = high * _TOLERANCE - low * _TOLERANCE
        rough = _rough_intervals(x, y, tolerance)
        is_costly = 2 * counter.escalated > x.size
        dense_x = _dense_points(x, rough, is_costly=is_costly)
        with counting_undecided(SEARCH_LIMIT):
            dense_y = _values(f, dense_x.ravel(), fmt).reshape(dense_x.shape)
        found = discontinuities(lambda points: f(points, _FLOAT64), breakpoints)
        all_x, all_y = _merged(x, y, dense_x.ravel(), dense_y.ravel())
        candidates = _long_steps(all_x, all_y, tolerance)
        known = np.searchsorted(found, all_x[candidates + 1], "right") > np.searchsorted(found, all_x[candidates])
        candidates = candidates[~known]
        if 0 < candidates.size <= (_MAX_COSTLY_CANDIDATES if is_costly else _MAX_CANDIDATES):
            located = _located_jumps(f, all_x, candidates)
            found = sorted({*found, *located})
            x, y = _merged(x, y, *_samples_around(f, x, located, fmt))
        kept = _extrema(dense_y) | _interrupted(dense_x, dense_y, found)[:, None]
        x, y = _merged(x, y, dense_x[kept], dense_y[kept])
    return CurveSamples(x.tolist(), y.tolist(), found)


def _values(f: Function, x: Floats, fmt: Format) -> Floats:
    # Fixed point rounds the results only.
    return f(x if fmt.is_fixed else fmt.round(x), fmt)


def _merged(x: Floats, y: Floats, more_x: Floats, more_y: Floats) -> tuple[Floats, Floats]:
    """Return both sets of samples together in ascending order of x."""
    all_x = np.concatenate([x, more_x])
    order = np.argsort(all_x, kind="stable")
    return all_x[order], np.concatenate([y, more_y])[order]


def _rough_intervals(x: Floats, y: Floats, tolerance: float) -> np.ndarray:
    """Return the indices of the intervals between samples in which more samples are required."""
    if x.size < 3:
        return np.array([], dtype=int)
    share = (x[1:-1] - x[:-2]) / (x[2:] - x[:-2])
    error = np.abs(y[:-2] + (y[2:] - y[:-2]) * share - y[1:-1])
    is_rough = np.zeros(x.size - 1, dtype=bool)
    for i in np.flatnonzero(error > tolerance):
        is_rough[max(i - _ROUGH_NEIGHBOURS, 0) : i + 2 + _ROUGH_NEIGHBOURS] = True
    # The short intervals next to breakpoints have enough samples.
    return np.flatnonzero(is_rough & (np.diff(x) > np.median(np.diff(x)) / 8))


def _dense_points(x: Floats, intervals: np.ndarray, *, is_costly: bool) -> Floats:
    """Return a row of points for each interval, irregularly spaced: a period of theirs would alias a faster one."""
    affordable = 0 if is_costly else _MAX_DENSE_SAMPLES // max(intervals.size, 1)
    count = int(np.clip(affordable, _FEWEST_DENSE_SAMPLES, _DENSE_SAMPLES))
    number = np.arange(intervals.size * count).reshape(-1, count)
    share = (np.arange(count) + number * _GOLDEN_RATIO % 1) / count
    return x[intervals, None] * (1 - share) + x[intervals + 1, None] * share


def _long_steps(x: Floats, y: Floats, tolerance: float) -> np.ndarray:
    """Return the indices of the steps that may be jumps: longer than the neighbours allow of a continuous curve."""
    step = np.diff(y)
    middle = step[1:-1]
    step = np.nan_to_num(step, posinf=0.0, neginf=0.0)  # Nothing is known next to a gap.
    before, after = step[:-2], step[2:]
    neighbours = np.abs(before) + np.abs(after)
    opposite = (before * middle < 0) & (middle * after < 0)
    is_long = np.abs(middle) > np.where(opposite, 1.0, _OUTLIER_FACTOR) * neighbours
    return 1 + np.flatnonzero(is_long & np.isfinite(middle) & (np.abs(middle) > tolerance) & (np.diff(x)[1:-1] > 0))


def _located_jumps(f: Function, x: Floats, steps: np.ndarray) -> list[float]:
    """Return the float64 at which f jumps between the samples of each step, if it does."""

    def in_float64(points: Floats) -> Floats:
        # Next to a pole a result may be undecided: infinity attracts the bisection, nan would not.
        return np.nan_to_num(f(points, _FLOAT64), nan=np.inf, posinf=np.inf, neginf=-np.inf)

    low, high = x[steps], x[steps + 1]
    with counting_undecided(SEARCH_LIMIT):
        low, high, _, _ = bisect_steps(in_float64, low, high, in_float64(low), in_float64(high))
        return discontinuities(lambda points: f(points, _FLOAT64), sorted(set(low.tolist())))


def _samples_around(f: Function, x: Floats, located: list[float], fmt: Format) -> tuple[Floats, Floats]:
    """Return samples next to each jump, as those next to a known breakpoint."""
    at = np.array(located)
    offsets = np.array([sign * offset for offset in (0.0, *_BREAK_OFFSETS) for sign in (1, -1)]) * np.median(np.diff(x))
    points = np.unique(np.clip(np.add.outer(at, offsets).ravel(), x[0], x[-1]))
    return points, _values(f, points, fmt)


def _extrema(y: Floats) -> np.ndarray:
    """Return whether each of the samples is the smallest or the largest of its row."""
    kept = np.zeros(y.shape, dtype=bool)
    rows = np.arange(len(y))
    if y.size:
        kept[rows, np.argmin(y, axis=1)] = kept[rows, np.argmax(y, axis=1)] = True
    return kept


def _interrupted(x: Floats, y: Floats, breaks: list[float]) -> np.ndarray:
    """Return whether each row of samples has a gap or a jump, and so all of its samples are required."""
    if not x.size:
        return np.zeros(len(x), dtype=bool)
    before, after = np.searchsorted(breaks, x[:, 0], "left"), np.searchsorted(breaks, x[:, -1], "right")
    return ~np.isfinite(y).all(axis=1) | (before < after)
