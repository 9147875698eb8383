"""Accuracy of given results in ulps, against mpmath."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from actcli.core.analysis.accuracy import HISTOGRAM_BOUNDS, AccuracyReport, ulp_errors
from actcli.core.analysis.comparison import ulp
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS

named = pytest.mark.parametrize
EXACT: dict[str, Callable[[Any], Any]] = {
    "tanh": mpmath.tanh,
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "hard_sigmoid": lambda x: min(max(x / 6 + mpmath.mpf(1) / 2, 0), 1),
}


@named("name", EXACT)
@named("dtype", ["float64", "float32", "bfloat16"])
def test_errors_agree_with_mpmath(name: str, dtype: str) -> None:
    """The error is |y - exact| / ulp to a hundredth of an ulp, in the tails and among subnormals too."""
    fmt = FLOATS[dtype]
    dice = np.random.default_rng(7)
    deep = dice.uniform(-745, -690, 20) if dtype == "float64" else dice.uniform(-100, -80, 20)
    x = fmt.round(np.concatenate([dice.normal(0, 4, 80), deep, [0.0, 1e-310, -3.0, 3.0, -1e-20, 37.0]]))
    quantity = Quantity(parse(name))
    right = evaluate(quantity, x, fmt)
    y = fmt.round(right * (1 + dice.choice([0, 1e-16, -3e-16, 1e-7, 3e-3], x.size)))
    exact, found = ulp_errors(quantity, x, y, fmt)
    assert (exact == right).all()
    with mpmath.workprec(2500):
        for at, got, unit, error in zip(x.tolist(), y.tolist(), ulp(right, fmt).tolist(), found.tolist(), strict=True):
            true = float(abs(mpmath.mpf(got) - EXACT[name](mpmath.mpf(at))) / mpmath.mpf(unit))
            assert error == pytest.approx(true, rel=0.01, abs=0.01), (at, got)


def test_own_results_are_within_half_an_ulp() -> None:
    """Correctly rounded results have errors of at most 0.5 ulp, their neighbours of 0.5 to 1.5 ulp."""
    fmt = FLOATS["float64"]
    x = np.random.default_rng(3).normal(0, 4, 5000)
    quantity = Quantity(parse("gelu"))
    y = evaluate(quantity, x, fmt)
    assert ulp_errors(quantity, x, y, fmt)[1].max() <= 0.5
    neighbours = ulp_errors(quantity, x, np.nextafter(y, math.inf), fmt)[1]
    assert 0.49 <= neighbours.min() <= neighbours.max() <= 1.501


def test_mean_of_the_largest_errors() -> None:
    """The mean of errors whose sum is beyond float64 is right."""
    unit = 5e-324  # of the exact result, 0
    for y in ([1e-20, 1e-20, 0.0], [8e-16, 8e-16, 8e-16], [1e-320, 2e-320, 0.0]):
        report = AccuracyReport(Quantity(parse("relu")), FLOATS["float64"])
        report.add(np.arange(3), np.full(3, -1.0), np.array(y))
        report.finish()
        exact = sum(map(Fraction, y)) / 3 / Fraction(unit)
        assert report.mean_ulp == pytest.approx(float(exact), rel=1e-14)


def test_wrong_nan_and_infinities() -> None:
    """A wrong or missing nan or infinity has an infinite error; a right one has none."""
    fmt = FLOATS["float16"]
    x = np.array([1.0, 1.0, math.nan, math.nan, math.inf, math.inf, -math.inf])
    y = np.array([math.nan, math.inf, math.nan, 0.0, math.inf, 65504.0, 0.0])
    found = ulp_errors(Quantity(parse("relu")), x, y, fmt)[1]
    assert found.tolist() == [math.inf, math.inf, 0.0, math.inf, 0.0, math.inf, 0.0]


def test_derivatives_at_kinks() -> None:
    """Derivatives at a kink are compared with the derivative that the entry chooses there."""
    fmt = FLOATS["float64"]
    quantity = derivative_quantity(parse("leaky_relu:negative_slope=0.3"))
    exact, found = ulp_errors(quantity, np.array([0.0, 0.0, -1.0]), np.array([0.3, 1.0, 0.3]), fmt)
    assert exact.tolist() == [0.3, 0.3, 0.3]
    assert found[0] <= 0.5 < found[1]
    assert found[0] == pytest.approx(found[2], rel=1e-6)


def test_report_does_not_depend_on_chunks() -> None:
    """The same rows in other chunks give the same report, to the last bit."""
    fmt = FLOATS["float32"]
    x = fmt.round(np.random.default_rng(5).normal(0, 3, 40_000))
    quantity = Quantity(parse("tanh"))
    y = fmt.round(np.tanh(x) * (1 + 1e-7))
    tallies = []
    for size in (40_000, 777):
        report = AccuracyReport(quantity, fmt)
        for start in range(0, x.size, size):
            report.add(np.arange(start, min(start + size, x.size)), x[start : start + size], y[start : start + size])
        report.finish()
        tallies.append((report.rows, report.correct, report.mean_ulp, report.histogram, report.worst))
    assert tallies[0] == tallies[1]
    assert tallies[0][0] == 40_000
    assert sum(tallies[0][3]) == 40_000
    assert len(tallies[0][3]) == len(HISTOGRAM_BOUNDS) + 2


def test_worst_rows_are_sorted() -> None:
    """The worst rows are sorted by error, and equal errors by line."""
    fmt = FLOATS["float32"]
    report = AccuracyReport(Quantity(parse("identity")), fmt)
    x = np.ones(100)
    y = 1 + np.arange(100) % 20 * 2.0**-23
    report.add(np.arange(2, 102), x, y)
    report.finish()
    assert [(row.line, row.error) for row in report.worst[:6]] == [(21, 19.0), (41, 19.0), (61, 19.0), (81, 19.0),
                                                                    (101, 19.0), (20, 18.0)]  # fmt: skip
