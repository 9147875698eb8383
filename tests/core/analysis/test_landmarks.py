"""Zeros, extrema, limits and Lipschitz constants, against mpmath and known formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from actcli.core.analysis.landmarks import Landmarks, landmarks
from actcli.core.evaluation.undecided import counting_undecided
from actcli.core.spec import parse
from tests.support import points
from tests.support.oracle import Oracle, elementwise_entries
from tests.support.tiers import COSTLY, sampled

named = pytest.mark.parametrize
ENTRIES = elementwise_entries()


def found_in(spec: str) -> Landmarks:
    return landmarks(parse(spec))


def extrema_of(spec: str) -> list[tuple[str, float, float]]:
    return [(turn.kind, turn.at, turn.value) for turn in found_in(spec).extrema]


def rounded(f: Callable[[], Any]) -> float:
    with mpmath.workdps(50):
        return float(f())


def root(f: Callable[[Any], Any], near: float) -> float:
    """Return the zero of f near an x, rounded once."""
    return rounded(lambda: mpmath.findroot(f, near))


OMEGA = rounded(lambda: mpmath.lambertw(mpmath.exp(-1)).real)


def test_minimum_of_silu() -> None:
    """silu has its minimum -W(1/e) at -(1 + W(1/e)), both correctly rounded."""
    at = rounded(lambda: -1 - mpmath.lambertw(mpmath.exp(-1)).real)
    assert extrema_of("silu") == [("minimum", at, -OMEGA)]


def test_minimum_of_gelu() -> None:
    """gelu has its minimum where Phi(x) + x phi(x) is 0."""
    at = root(lambda x: mpmath.ncdf(x) + x * mpmath.npdf(x), -0.75)
    assert extrema_of("gelu") == [("minimum", at, rounded(lambda: mpmath.mpf(at) * mpmath.ncdf(at)))]


@named(
    ("spec", "expected"),
    [
        ("relu", []),
        ("tanh", []),
        ("hard_swish", [("minimum", -1.5, -0.375)]),
        ("gaussian", [("maximum", 0.0, 1.0)]),
        ("lisht", [("minimum", 0.0, 0.0)]),
        ("prelu:weight=-1", [("minimum", 0.0, 0.0)]),
        ("relu@keras:threshold=1,negative_slope=2", []),
        ("step", []),
    ],
)
def test_extrema(spec: str, expected: list[tuple[str, float, float]]) -> None:
    """Extrema are found at zeros of the derivative and at kinks, but not at plateaus, jumps and other kinks."""
    assert extrema_of(spec) == expected


@named(
    ("spec", "expected"),
    [
        ("relu", ((-math.inf, 0.0),)),
        ("sigmoid", ()),
        ("softplus", ()),
        ("hard_sigmoid", ((-math.inf, -3.0),)),
        ("hardshrink", ((-0.5, 0.5),)),
        ("hard_mish", ((-math.inf, -2.0), 0.0)),
        ("step", ((-math.inf, 0.0),)),
        ("leaky_relu", (0.0,)),
        ("relu2", ((-math.inf, 0.0),)),
        ("star_relu", (rounded(lambda: mpmath.sqrt(0.5)),)),
        ("affine:alpha=3,beta=1", (-1 / 3,)),
        ("sin", tuple(rounded(lambda k=k: k * mpmath.pi) for k in range(-3, 4))),
        ("leaky_relu:negative_slope=0", ((-math.inf, 0.0),)),
    ],
)
def test_zeros(spec: str, expected: tuple[object, ...]) -> None:
    """All zeros and intervals of zeros are found, and no values that only underflow."""
    assert found_in(spec).zeros == expected


@named(
    ("spec", "constant", "steepest"),
    [
        ("relu", 1.0, ((0.0, math.inf),)),
        ("sigmoid", 0.25, (0.0,)),
        ("tanh", 1.0, (0.0,)),
        ("softplus", 1.0, ()),
        ("elu", 1.0, ((0.0, math.inf),)),
        ("tanhshrink", 1.0, ()),
        ("hard_swish", 1.5, (3.0,)),
        ("hard_tanh", 1.0, ((-1.0, 1.0),)),
        ("softshrink", 1.0, ((-math.inf, -0.5), (0.5, math.inf))),
        ("identity", 1.0, ((-math.inf, math.inf),)),
        ("sparse_plus", 1.0, ((1.0, math.inf),)),
        ("affine:alpha=-0.7,beta=1", 0.7, ((-math.inf, math.inf),)),
        ("exponential", math.inf, ()),
        ("hardshrink", math.inf, ()),
        ("log_ndtr", math.inf, ()),
    ],
)
def test_lipschitz_constant(spec: str, constant: float, steepest: tuple[object, ...]) -> None:
    """The Lipschitz constant is sup |f'|, attained where stated, or nowhere if it is a limit."""
    found = found_in(spec)
    assert (found.lipschitz, found.steepest) == (constant, steepest)


def test_steepest_point_of_gelu() -> None:
    """gelu is steepest at the square root of 2."""
    with mpmath.workdps(50):
        at = mpmath.sqrt(2)
        slope = float(mpmath.ncdf(at) + at * mpmath.npdf(at))
        assert (found_in("gelu").lipschitz, found_in("gelu").steepest) == (slope, (float(at),))


def test_lipschitz_constant_of_partial_function() -> None:
    """The Lipschitz constant is unknown if f is undefined somewhere."""
    assert math.isnan(found_in("log1mexp").lipschitz)


@named(
    ("spec", "values", "slopes"),
    [
        ("silu", (0.0, math.inf), (0.0, 1.0)),
        ("sigmoid", (0.0, 1.0), (0.0, 0.0)),
        ("sin", (math.nan, math.nan), (math.nan, math.nan)),
        ("bent_identity", (-math.inf, math.inf), (0.5, 1.5)),
    ],
)
def test_limits(spec: str, values: tuple[float, float], slopes: tuple[float, float]) -> None:
    """Limits at both infinities are known, and nan if missing."""
    assert [str(abs(y)) for y in found_in(spec).limits["f"]] == [str(abs(y)) for y in values]
    assert [str(abs(y)) for y in found_in(spec).limits["slope"]] == [str(abs(y)) for y in slopes]


def test_search_radius_includes_all_kinks() -> None:
    """The search extends to twice the distance of the farthest kink."""
    found = found_in("threshold:threshold=100,value=3")
    assert found.search_radius == 200
    assert found.jumps == (100.0,)


@named("name", sampled([name for name in ENTRIES if name != "log1mexp"], 25, costly=COSTLY))
def test_landmarks_of_every_entry(name: str) -> None:
    """At extrema f' changes its sign, at zeros f is 0 or changes its sign; |f'| is at most the Lipschitz constant."""
    oracle = Oracle(ENTRIES[name], points.usual(ENTRIES[name]))
    given = {key: str(value) for key, value in points.usual(ENTRIES[name]).items()}
    found = landmarks(parse(name, given))

    def f(order: int, x: float | Fraction) -> Fraction:
        return oracle.at(order, Fraction(x)).middle()

    for turn in found.extrema:
        step = Fraction(max(abs(turn.at), 1e-3)) / 2**50
        before, after = f(1, Fraction(turn.at) - step), f(1, Fraction(turn.at) + step)
        assert (before > 0 > after) if turn.kind == "maximum" else (before < 0 < after)
    for zero in found.zeros:
        for x in zero if isinstance(zero, tuple) else (zero,):
            if math.isfinite(x):
                near = Fraction(max(abs(x), 1e-300)) / 2**50
                assert f(0, x) == 0 or f(0, x - near) * f(0, x + near) <= 0
    if math.isfinite(found.lipschitz):
        bound = Fraction(found.lipschitz) * (1 + Fraction(1, 2**52))
        for k in range(-60, 61):
            assert abs(f(1, Fraction(k, 7))) <= bound


@pytest.mark.parametrize(
    ("spec", "zeros"),
    [
        ("(x - 1)**2", [1.0]),
        ("(x - pi)**2", [math.pi]),
        ("abs(x**2 - 2)", [-math.sqrt(2), math.sqrt(2)]),
        ("relu(x) * (x - 2)**2", [(-math.inf, 0.0), 2.0]),
        ("cos(x) - 1", [-2 * math.pi, 0.0, 2 * math.pi]),
        ("x**2 + 1e-20", []),
        ("(x - pi)**2 + 1e-30", []),
    ],
)
def test_touching_zeros(spec: str, zeros: list[Any]) -> None:
    """An extremum that touches 0 is a zero with the value 0; one slightly beside 0 is not."""
    found = landmarks(parse(spec))
    assert found.zeros == tuple(pytest.approx(zero, abs=1e-15) if isinstance(zero, float) else zero for zero in zeros)
    touched = [turn.value for turn in found.extrema if turn.at in found.zeros]
    assert touched == [0.0] * len(touched)


@pytest.mark.parametrize(
    "spec", sampled(["sin(x*1e400)", "cos(1e300*x)+x", "snake:a=1e400", "x*sin(1e90*x)**3", "snake:a=1e30"], 2)
)
def test_bounded_work_on_unresolved_waves(spec: str) -> None:
    """A wave that passes many periods from one float to the next is sampled at a bounded number of points."""
    with counting_undecided() as counter:
        landmarks(parse(spec))
    assert counter.escalated < 6000


@pytest.mark.parametrize(("spec", "period"), [("sin(1e6*x)", 1e-6), ("cos(1e5*x)", 1e-5)])
def test_partial_lists_are_marked(spec: str, period: float) -> None:
    """Of a wave with too many zeros and extrema only those next to 0 are listed, and the lists are partial."""
    found = landmarks(parse(spec))
    assert found.partial == {"zeros", "extrema"}
    assert 0 < len(found.extrema) <= 64
    assert max(abs(turn.at) for turn in found.extrema) < 1e4 * period
    assert not landmarks(parse("sin(2*x)")).partial
