"""Statistics of data under activations, against those of whole arrays."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from actcli.core.analysis import data_statistics
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


@pytest.mark.parametrize("scale", [1.0, 1e120, 2e307, 1e-120, 1e-200, 1e-300])
@pytest.mark.parametrize("chunks", [1, 3])
def test_mean_and_standard_deviation_of_any_size(scale: float, chunks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums and squares beyond float64's range change nothing: exact rationals are the reference."""
    monkeypatch.setattr(data_statistics, "_CHUNK_SIZE", 8 // chunks)
    x = np.array([1.0, -2.0, 5.0, 5.5, 0.0, 8.0, 8.5, 8.25]) * scale
    exact = [Fraction(value) for value in x.tolist()]
    mean = sum(exact) / len(exact)
    variance = sum((value - mean) ** 2 for value in exact) / len(exact)
    with mpmath.workprec(200):
        std = float(mpmath.sqrt(mpmath.mpf(variance.numerator) / variance.denominator))
    row = collect(x, 8, "relu").data
    assert row.mean == pytest.approx(float(mean), rel=1e-14, abs=0)
    assert row.std == pytest.approx(std, rel=1e-14, abs=0)


@pytest.mark.parametrize("x", [[0.0, 1e-200, 3e-200], [1e-200, 1.0, 3.0], [1e300, 1.0, 1e-300], [0.0, 0.0, 0.0]])
def test_sizes_may_change_between_chunks(x: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """A later chunk may be of another size than the first."""
    monkeypatch.setattr(data_statistics, "_CHUNK_SIZE", 1)
    row = collect(np.array(x), 1, "relu").data
    assert row.mean == pytest.approx(statistics.fmean(x), rel=1e-14, abs=0)
    assert row.std == pytest.approx(statistics.pstdev(map(Fraction, x)), rel=1e-14, abs=0)


def test_infinite_results() -> None:
    """Infinite results of both signs have no mean."""
    (row,) = collect(np.array([1e200, -1e200, 1.0]), 3, "x**3").each
    assert math.isnan(row.mean)
    assert math.isnan(row.std)


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
