"""Statistics of data under activations, against those of whole arrays."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

from actcli.core.analysis.data_statistics import StatisticsCollector
from actcli.core.spec import parse
from actcli.number_formats import FLOATS


def collect(x: np.ndarray, size: int, *specs: str) -> StatisticsCollector:
    collector = StatisticsCollector([parse(spec) for spec in specs], FLOATS["float64"])
    for start in range(0, x.size, size):
        collector.add(x[start : start + size])
    collector.finish()
    return collector


def test_mean_and_standard_deviation() -> None:
    """Mean and standard deviation of the data and of each result agree with those of the whole arrays."""
    x = np.random.default_rng(1).normal(3, 2, 100_000)
    found = collect(x, 1000, "relu", "tanh")
    for row, values in zip([found.data, *found.each], [x, np.maximum(x, 0), np.tanh(x)], strict=True):
        assert row.count == 100_000
        assert row.mean == pytest.approx(statistics.fmean(values.tolist()), rel=1e-13)
        assert row.std == pytest.approx(float(values.std()), rel=1e-13)
    assert (found.low, found.high) == (x.min(), x.max())


def test_zeros_and_saturation() -> None:
    """Zero results, zero derivatives and derivatives below 0.01 are counted per activation."""
    found = collect(np.array([-5.0, -1.0, 0.0, 2.0]), 10, "relu", "tanh")
    relu, tanh = found.each
    assert (relu.zeros, relu.zero_derivatives, relu.saturated) == (3, 3, 3)
    assert (tanh.zeros, tanh.zero_derivatives, tanh.saturated) == (1, 0, 1)


def test_non_finite_data_are_counted_and_ignored() -> None:
    """nan and infinities are counted and do not enter the statistics."""
    found = collect(np.array([1.0, math.nan, math.inf, 3.0]), 2, "relu")
    assert (found.non_finite, found.data.count, found.data.mean) == (2, 2, 2.0)


def test_statistics_do_not_depend_on_chunks() -> None:
    """The same data in other chunks give the same bits."""
    x = np.random.default_rng(2).normal(0, 1, 100_000)
    one, other = collect(x, 100_000, "gelu"), collect(x, 777, "gelu")
    assert (one.data, one.each) == (other.data, other.each)
