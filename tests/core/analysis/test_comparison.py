"""Differences of activations over a range, against mpmath."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.core.analysis.comparison import Difference, difference, ulp
from actcli.core.evaluation.undecided import counting_undecided
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.support.tiers import examples, exhaustive

named = pytest.mark.parametrize


def compared(first: str, other: str, order: int = 0, low: float = -6.0, high: float = 6.0) -> Difference:
    return difference(parse(other), parse(first), order, low, high, FLOATS["float64"])


def gelu(x: Any) -> Any:
    return x * mpmath.ncdf(x)


def gelu_tanh(x: Any) -> Any:
    return x * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3))) / 2


def silu(x: Any) -> Any:
    return x / (1 + mpmath.exp(-x))


def peak(f: Callable[[Any], Any], near: float) -> tuple[float, float]:
    """Return x and height of the extremum of f near an x, computed to 60 digits and rounded."""
    with mpmath.workdps(60):
        at = mpmath.findroot(lambda x: mpmath.diff(f, x, h=mpmath.mpf("1e-20")), near)
        return float(at), float(abs(f(at)))


@named(
    ("pair", "exact", "near"),
    [
        (("gelu", "gelu_tanh"), lambda x: gelu(x) - gelu_tanh(x), 2.699),
        (("gelu", "quick_gelu"), lambda x: gelu(x) - x / (1 + mpmath.exp(-mpmath.mpf("1.702") * x)), 2.27),
        (("gelu", "silu"), lambda x: gelu(x) - silu(x), 1.9),
    ],
    ids=["tanh", "quick", "silu"],
)
def test_largest_difference_is_exact(pair: tuple[str, str], exact: Callable[[Any], Any], near: float) -> None:
    """The largest difference and both x that attain it are right in every digit of float64."""
    at, height = peak(exact, near)
    found = compared(*pair)
    assert found.max_abs == height
    assert found.at == (-at, at)


def test_gelu_and_its_approximation() -> None:
    """gelu and its tanh approximation differ by 4.732e-04 at x = +-2.699."""
    found = compared("gelu", "gelu_tanh")
    assert f"{found.max_abs:.3e}" == "4.732e-04"
    assert [f"{x:.3f}" for x in found.at if isinstance(x, float)] == ["-2.699", "2.699"]


def test_largest_difference_of_derivatives() -> None:
    """The largest difference of derivatives agrees with mpmath."""
    at, height = peak(lambda x: mpmath.diff(gelu, x) - mpmath.diff(gelu_tanh, x), 2.0187)
    found = compared("gelu", "gelu_tanh", order=1)
    assert found.max_abs == pytest.approx(height, rel=1e-14)
    assert found.at[1] == pytest.approx(at, rel=1e-12)


def test_rms() -> None:
    """The root mean square agrees with the integral."""
    with mpmath.workdps(30):
        square = mpmath.quad(lambda x: (gelu(x) - gelu_tanh(x)) ** 2, [-6, -3, 0, 3, 6])
        expected = float(mpmath.sqrt(square / 12))
    assert compared("gelu", "gelu_tanh").rms == pytest.approx(expected, rel=1e-12)
    assert compared("relu", "leaky_relu").rms == pytest.approx(0.01 * math.sqrt(6), rel=1e-14)


@named(
    ("first", "other", "order", "size", "at"),
    [
        ("relu", "leaky_relu", 0, 0.06, (-6.0,)),
        ("relu", "leaky_relu", 1, 0.01, ((-6.0, 0.0),)),
        ("leaky_relu:negative_slope=0.01", "leaky_relu:negative_slope=0.2", 0, 1.14, (-6.0,)),
        ("gelu", "relu", 1, 0.5, (0.0,)),
        ("hardshrink", "identity", 0, 0.5, (-0.5, 0.5)),
        ("relu", "relu6", 1, 1.0, (6.0,)),
        ("silu", "swish", 0, 0.0, ()),
    ],
)
def test_ends_kinks_and_intervals(first: str, other: str, order: int, size: float, at: tuple[Any, ...]) -> None:
    """The largest difference may be attained at an end, at a kink or on an interval; equal functions have none."""
    found = compared(first, other, order)
    assert (found.max_abs, found.at) == (size, at)


def test_interval_next_to_a_jump() -> None:
    """hardshrink and softshrink differ by one half from the float next to the jump on."""
    found = compared("hardshrink", "softshrink", 0, -2.0, 2.0)
    neighbour = math.nextafter(0.5, 1)
    assert found.at == ((-2.0, -neighbour), (neighbour, 2.0))


def test_wide_range() -> None:
    """A peak near 0 is found in a range of 2e300."""
    found = compared("relu", "silu", 0, -1e300, 1e300)
    assert found.max_abs == pytest.approx(0.2784645427610738, rel=1e-15)
    assert found.at == (-1.2784645427610737, 1.2784645427610737) or found.at[1] == pytest.approx(1.27846454276)


def test_single_point() -> None:
    """A range of one point has the difference at that point."""
    found = compared("tanh", "sigmoid", 0, 0.0, 0.0)
    assert (found.max_abs, found.at, found.rms) == (0.5, (0.0,), 0.5)


@named("dtype", ["bfloat16", "float16"])
def test_largest_ulp_over_every_value(dtype: str) -> None:
    """In a narrow format the largest ulp difference is that over every x of the range."""
    fmt = FLOATS[dtype]
    found = difference(parse("gelu_tanh"), parse("gelu"), 0, -4.0, 4.0, fmt)
    x = fmt.every()
    x = x[(abs(x) <= 4) & (x != 0)][::7]
    with mpmath.workprec(200):
        for at in x.tolist():
            exact = gelu(mpmath.mpf(at))
            unit = float(ulp(fmt.round(np.array([float(exact)])), fmt)[0])
            assert float(abs(exact - gelu_tanh(mpmath.mpf(at))) / unit) <= found.max_ulp * (1 + 1e-12)
        assert found.ulp_at is not None
        at = found.ulp_at
        unit = float(ulp(fmt.round(np.array([float(gelu(mpmath.mpf(at)))])), fmt)[0])
        assert float(abs(gelu(mpmath.mpf(at)) - gelu_tanh(mpmath.mpf(at))) / unit) == pytest.approx(found.max_ulp)


@given(st.floats(-50, 50), st.floats(0, 50))
@settings(max_examples=examples(25), deadline=None)
def test_no_point_exceeds_the_largest_difference(low: float, width: float) -> None:
    """No x of any range has a larger difference than the one found."""
    high = low + width
    found = compared("tanh", "gelu", 0, low, high)
    x = low + (high - low) * np.random.default_rng(0).random(50)
    with mpmath.workprec(120):
        for at in x.tolist():
            assert float(abs(gelu(mpmath.mpf(at)) - mpmath.tanh(at))) <= found.max_abs


def test_ulp() -> None:
    """The ulp is that of the binade, at least the smallest subnormal, and nan for non-finite values."""
    fmt = FLOATS["float32"]
    values = np.array([1.0, 1.9999999, 2.0, 0.0, 1e-45, math.inf, math.nan])
    expected = [2.0**-23, 2.0**-23, 2.0**-22, 2.0**-149, 2.0**-149]
    assert ulp(values, fmt)[:5].tolist() == expected
    assert np.isnan(ulp(values, fmt)[5:]).all()


def float_neighbours(x: float, count: int = 3) -> list[float]:
    found = [x]
    for _ in range(count):
        found = [math.nextafter(found[0], -math.inf), *found, math.nextafter(found[-1], math.inf)]
    return found


def in_ulps(first: Callable[[Any], Any], other: Callable[[Any], Any], x: float) -> float:
    """Return |other - first| at x in ulps of the rounded first, by mpmath."""
    with mpmath.workdps(60):
        at = first(mpmath.mpf(x))
        return float(abs(other(mpmath.mpf(x)) - at) / mpmath.mpf(math.ulp(float(at))))


@named(
    ("first", "other", "functions", "low", "high", "near"),
    [
        ("elu", "elish", (lambda x: x, silu), 0.0, 1.0, [2.0**-k for k in (1, 10, 100, 1000, 1022)]),
        ("x", "1.001 * x", (lambda x: x, lambda x: x * mpmath.mpf("1.001")), -3.0, 5.0, [4.0, 2.0, 1e-3, 2.0**-900]),
        ("x - pi", "x - 3", (lambda x: x - mpmath.pi, lambda x: x - 3), 3.0, 4.0, [math.pi, 3.5]),
        ("sin", "tanh", (mpmath.sin, mpmath.tanh), 1.0, 7.0, [math.pi, 2 * math.pi]),
        ("gelu", "gelu_tanh", (gelu, gelu_tanh), -6.0, 6.0, [-5.96148410120464, -5.5, -3.0, -5.0]),
        ("(x - 1)**2", "0", (lambda x: (x - 1) ** 2, lambda x: 0 * x), 0.5, 2.0, [1.0 + 2.0**-20, 1.25]),
    ],
    ids=["elish", "scaled", "pi", "sin", "gelu", "square"],
)
def test_largest_ulp_is_next_to_powers_of_two_and_zeros(
    first: str, other: str, functions: tuple[Any, Any], low: float, high: float, near: list[float]
) -> None:
    """The largest ulp difference is attained where stated, and not exceeded at random x, in any binade, or at zeros."""
    found = compared(first, other, 0, low, high)
    assert found.ulp_at is not None
    assert in_ulps(*functions, found.ulp_at) == pytest.approx(found.max_ulp, rel=1e-9)
    rng = np.random.default_rng(3)
    points = [x for centre in near for x in float_neighbours(centre)] + rng.uniform(low, high, 200).tolist()
    points += [math.nextafter(2.0**-k, 0) for k in range(1, 1022, 17)]
    for x in points:
        if low <= x <= high and functions[0](mpmath.mpf(x)):
            assert in_ulps(*functions, x) <= found.max_ulp * (1 + 1e-9)
    assert found.evidence["max_ulp"] == "observed"


@named(
    ("first", "other", "low", "high", "size", "at"),
    [
        pytest.param(
            *("identity", "x + tanh(1e5 * (x - 3.3)) - tanh(1e5 * (x - 3.30001))", -6.0, 6.0),
            *(math.tanh(0.5) * 2, 3.300005),
            marks=exhaustive,
        ),
        ("0 * x", "exp(-(1e7 * (x - 2.2))**2)", -6.0, 6.0, 1.0, 2.2),
        ("relu", "relu(x) + sigmoid(1e4 * (x - 1e6)) * sigmoid(1e4 * (1e6 - x))", 0.0, 1e7, 0.25, 1e6),
    ],
)
def test_narrow_peak_of_the_difference(first: str, other: str, low: float, high: float, size: float, at: float) -> None:
    """A peak far narrower than the distance of samples is found and proven to be the largest difference."""
    found = compared(first, other, 0, low, high)
    assert found.max_abs == pytest.approx(size, rel=1e-12)
    assert found.at == (pytest.approx(at, rel=1e-9),)
    assert found.evidence["max_abs"] == "proven"


@named("pair", [("gelu", "gelu_tanh"), ("relu", "leaky_relu"), ("silu", "swish"), ("tanh", "hard_tanh")])
def test_largest_difference_is_proven(pair: tuple[str, str]) -> None:
    """The largest differences of common pairs, and of their derivatives, are proven."""
    assert [compared(*pair, order).evidence["max_abs"] for order in (0, 1)] == ["proven", "proven"]


@pytest.mark.parametrize("specs", [("sin(x*1e400)", "cos(x*1e400)"), ("cos(1e300*x)+x", "x*sin(1e90*x)")])
def test_bounded_work_on_unresolved_waves(specs: tuple[str, str]) -> None:
    """A wave that passes many periods from one float to the next is compared at a bounded number of points."""
    first, other = map(parse, specs)
    with counting_undecided() as counter:
        found = difference(other, first, 0, -6.0, 6.0, FLOATS["float64"])
    assert counter.escalated < 6000
    assert found.evidence["max_ulp"] == "observed"


def test_bounded_work_next_to_the_zeros_of_a_wave() -> None:
    """The many points next to the zeros of a wave are evaluated about once."""
    first, other = parse("sin(1e6*x)"), parse("cos(1e6*x)")
    with counting_undecided() as counter:
        difference(other, first, 0, -6.0, 6.0, FLOATS["float64"])
    assert counter.escalated < 6000


def test_bounded_work_where_a_part_needs_arbitrary_precision() -> None:
    """The root mean square takes fewer points of a function that often needs arbitrary precision."""
    first, other = parse("x**2/gelu(x*1e9)"), parse("abs(x)*1e30")
    with counting_undecided() as counter:
        difference(other, first, 0, -6.0, 6.0, FLOATS["float64"])
    assert counter.escalated < 10_000
