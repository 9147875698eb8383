"""What activations do to data, against plain sums."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from actcli.core.analysis.data_statistics import StatisticsCollector
from actcli.core.spec import parse
from actcli.number_formats import FLOATS


def profiled(x: np.ndarray, size: int, *specs: str) -> StatisticsCollector:
    profiles = StatisticsCollector([parse(spec) for spec in specs], FLOATS["float64"])
    for start in range(0, x.size, size):
        profiles.add(x[start : start + size])
    profiles.finish()
    return profiles


def test_mean_and_spread() -> None:
    """Mean and standard deviation are those of all the data, of x and of each result."""
    x = np.random.default_rng(1).normal(3, 2, 100_000)
    found = profiled(x, 1000, "relu", "tanh")
    for row, values in zip([found.data, *found.each], [x, np.maximum(x, 0), np.tanh(x)], strict=True):
        assert row.count == 100_000
        assert row.mean == pytest.approx(statistics.fmean(values.tolist()), rel=1e-13)
        assert row.std == pytest.approx(float(values.std()), rel=1e-13)
    assert (found.low, found.high) == (x.min(), x.max())


def test_zeros_dead_and_saturated() -> None:
    """relu is 0 and dead for what is not positive; tanh is never dead here, and saturated where its slope is small."""
    found = profiled(np.array([-5.0, -1.0, 0.0, 2.0]), 10, "relu", "tanh")
    relu, tanh = found.each
    assert (relu.zeros, relu.zero_slopes, relu.saturated) == (3, 3, 3)
    assert (tanh.zeros, tanh.zero_slopes, tanh.saturated) == (1, 0, 1)


def test_what_is_not_finite_is_left_out() -> None:
    """nan and infinities are counted and do not spoil the rest."""
    found = profiled(np.array([1.0, math.nan, math.inf, 3.0]), 2, "relu")
    assert (found.non_finite, found.data.count, found.data.mean) == (2, 2, 2.0)


def test_the_pieces_do_not_matter() -> None:
    """The same data in other pieces give the same bits."""
    x = np.random.default_rng(2).normal(0, 1, 100_000)
    one, other = profiled(x, 100_000, "gelu"), profiled(x, 777, "gelu")
    assert (one.data, one.each) == (other.data, other.each)
