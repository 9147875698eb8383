"""Derivatives of order 2 and 3 of catalogue entries: against Taylor series in mpmath, at joints, and in sweeps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import actcli
from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.interval_functions import IntervalArithmetic
from actcli.core.evaluation.intervals import Intervals
from actcli.core.evaluation.quantity import BoundActivation, Quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.support import points
from tests.support.oracle import Oracle, elementwise_entries
from tests.support.seeds import SEED
from tests.support.tiers import COSTLY, exhaustive, is_full, sampled

ORDERS = (2, 3)
each_order = pytest.mark.parametrize("order", ORDERS)

_FAR = 1024.0
"""Beyond this the terms of a Taylor series cancel far more digits than the oracle has."""


def drawn(name: str, count: int) -> NDArray[np.float64]:
    """Points of all sizes, of which those of the order of 1 are the most; no subnormals, whose ties 2,000 bits miss."""
    random = np.random.default_rng([SEED, *name.encode()])
    sizes = random.choice([-1.0, 1.0], count) * 2.0 ** random.uniform(-1000, 9, count)
    simple = [0.0, 1.0, -1.0, 3.0, -3.0, 0.5, -0.5, 6.0][: max(2, count)]
    return np.concatenate([random.normal(0, 4, 2 * count), sizes, simple])


@each_order
@pytest.mark.parametrize("name", sampled(elementwise_entries(), costly=COSTLY))
def test_derivatives_are_correctly_rounded(name: str, order: int) -> None:
    """A derivative of higher order is the exact one, rounded once, in each format."""
    entry = elementwise_entries()[name]
    given = points.usual(entry)
    oracle, bound = Oracle(entry, given), parse(points.spec(name, given))
    for dtype in ("float64", "float32", "bfloat16") if is_full() else ("float64",):
        fmt = FLOATS[dtype]
        with np.errstate(all="ignore"):
            x = fmt.round(drawn(name, 24 if is_full() else 3))
        x = x[np.abs(x) < _FAR]
        if name == "sinc":
            x = x[np.abs(x) > 1e-100]  # sin(x) / x cancels too many digits next to 0
        found = evaluate(Quantity(bound, order), x, fmt)
        for at, value in zip(x.tolist(), found.tolist(), strict=True):
            assert repr(value) == repr(oracle.result(order, at, dtype)) or value == 0 == at, (dtype, at)


def enclosure(bound: BoundActivation, x: NDArray[np.float64], order: int) -> Any:
    """Return intervals around a derivative at each x, by dual numbers of dual numbers."""
    m: Any = IntervalArithmetic()
    exact = np.zeros(x.shape, dtype=bool)
    number: Any = Intervals(x, x, exact, exact, np.zeros(x.shape, dtype=int))
    for _ in range(order):
        m, number = DualArithmetic(m), Dual(number, 1)
    result = bound.function.value(m, number)
    for _ in range(order):
        result = result.derivative if isinstance(result, Dual) else 0
    return result


@exhaustive
@each_order
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("name", sorted(set(elementwise_entries()) - {"sinc", "tanhexp", "log_ndtr", "log1mexp"}))
def test_sweep_agrees_with_intervals(name: str, dtype: str, order: int) -> None:
    """Each value of a 16-bit format has the derivative that an interval around the exact one rounds to.

    Far out in bfloat16, where results are computed one by one, a sample of the values is tested.
    """
    bound = parse(points.spec(name, points.usual(elementwise_entries()[name])))
    fmt = FLOATS[dtype]
    x = fmt.every()
    joints = [float(at) for at in (*bound.function.joints(), *bound.kink_points)]
    x = x[np.isfinite(x) & ~np.isin(x, [*joints, 0.0])]
    far = np.abs(x) > 1e5
    x = np.concatenate([x[~far], x[far][:: 257 if dtype == "bfloat16" else 1]])
    found = evaluate(Quantity(bound, order), x, fmt)
    known = enclosure(bound, x, order)
    ends = (known, known) if isinstance(known, int) else (known.lo, known.hi)
    with np.errstate(all="ignore"):
        low, high = (fmt.round(np.broadcast_to(np.asarray(end, dtype=np.float64), x.shape)) for end in ends)
    inside = np.isnan(low) | ((found >= low) & (found <= high)) | (np.isnan(found) & np.isnan(low))
    assert x[~inside].tolist() == []
    assert (low == high).mean() > 0.3 or name in ("snake", "sin")


# --- joints ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "at", "second", "sides"),
    [
        ("relu", 0.0, math.nan, (0.0, 0.0)),
        ("elu", 0.0, math.nan, (1.0, 0.0)),
        ("celu:alpha=2", 0.0, math.nan, (0.5, 0.0)),
        ("softsign", 0.0, math.nan, (2.0, -2.0)),
        ("relu2", 0.0, math.nan, (0.0, 2.0)),
        ("hard_swish", 3.0, math.nan, (1 / 3, 0.0)),
        ("hard_swish", -3.0, math.nan, (0.0, 1 / 3)),
        ("hardshrink", 0.5, math.nan, (0.0, 0.0)),
        ("step", 0.0, math.nan, (0.0, 0.0)),
        ("leaky_relu:negative_slope=1", 0.0, 0.0, (0.0, 0.0)),
        ("gelu", 0.0, 0.7978845608028654, (0.7978845608028654, 0.7978845608028654)),
        ("rational_tanh", 0.0, 0.0, (0.0, 0.0)),
        ("hard_tanh@torch:min_val=-1/2", -0.5, math.nan, (0.0, 0.0)),
        ("softplus@torch", 20.0, math.nan, (2.061153613941849e-09, 0.0)),
    ],
)
def test_second_derivative_at_joints(spec: str, at: float, second: float, sides: tuple[float, float]) -> None:
    """The second derivative is nan where f' is not differentiable; both one-sided ones exist."""
    assert repr(float(actcli.gradient(spec, at, order=2))) == repr(second)
    x = np.array([at])
    found = tuple(float(evaluate(Quantity(parse(spec), 2, None, side), x, FLOATS["float64"])[0]) for side in (-1, 1))
    assert found == sides


def test_third_derivative_at_joints() -> None:
    """The third derivative is nan where the second has a kink, although the second exists."""
    assert actcli.gradient("isrlu", 0.0, order=2) == 0
    assert math.isnan(actcli.gradient("isrlu", 0.0, order=3))


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "order", "left", "right"),
    [
        ("gelu", 2, -0.0, -0.0),
        ("gelu_tanh", 2, -0.0, -0.0),
        ("log_ndtr", 2, -1.0, -0.0),
        ("log_ndtr", 3, 0.0, 0.0),
        ("exponential", 3, 0.0, math.inf),
        ("relu2", 2, 0.0, 2.0),
        ("sin", 2, math.nan, math.nan),
    ],
)
def test_limits_of_higher_derivatives(spec: str, order: int, left: float, right: float) -> None:
    """At an infinity a derivative is its limit, nan if there is none."""
    found = actcli.gradient(spec, [-math.inf, math.inf], order=order)
    assert repr(found.tolist()) == repr([left, right])


def test_nan_stays_nan() -> None:
    """A derivative of any order is nan at nan."""
    assert all(math.isnan(actcli.gradient("gelu", math.nan, order=order)) for order in ORDERS)
