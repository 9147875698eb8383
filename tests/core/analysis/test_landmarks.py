"""Zeros, extrema, limits and the steepest slope, against mpmath and what is known of the functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from actcli.core.analysis.landmarks import Landmarks, landmarks
from actcli.core.spec import parse
from tests.support import points
from tests.support.oracle import Oracle, elementwise_entries
from tests.support.tiers import COSTLY, sampled

named = pytest.mark.parametrize
ENTRIES = elementwise_entries()


def seen(spec: str) -> Landmarks:
    return landmarks(parse(spec))


def turns(spec: str) -> list[tuple[str, float, float]]:
    return [(turn.kind, turn.at, turn.value) for turn in seen(spec).extrema]


def rounded(f: Callable[[], Any]) -> float:
    with mpmath.workdps(50):
        return float(f())


def root(f: Callable[[Any], Any], near: float) -> float:
    """The zero of f near an x, rounded once."""
    return rounded(lambda: mpmath.findroot(f, near))


OMEGA = rounded(lambda: mpmath.lambertw(mpmath.exp(-1)).real)


def test_where_silu_turns() -> None:
    """silu is least at -(1 + W(1/e)), where it is -W(1/e): both to the last digit."""
    at = rounded(lambda: -1 - mpmath.lambertw(mpmath.exp(-1)).real)
    assert turns("silu") == [("minimum", at, -OMEGA)]


def test_where_gelu_turns() -> None:
    """gelu is least where Phi(x) + x phi(x) is 0."""
    at = root(lambda x: mpmath.ncdf(x) + x * mpmath.npdf(x), -0.75)
    assert turns("gelu") == [("minimum", at, rounded(lambda: mpmath.mpf(at) * mpmath.ncdf(at)))]


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
def test_extrema_that_are_known(spec: str, expected: list[tuple[str, float, float]]) -> None:
    """A turn is found where the slope is 0 or at a kink; a level, a jump or a bend without a turn is none."""
    assert turns(spec) == expected


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
    """Every zero and every stretch of zeros is there, and none that is only too small for a float64."""
    assert seen(spec).zeros == expected


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
def test_the_lipschitz_constant(spec: str, constant: float, steepest: tuple[object, ...]) -> None:
    """The least bound on the slope's size, and where it is attained: nowhere if it is only a limit."""
    found = seen(spec)
    assert (found.lipschitz, found.steepest) == (constant, steepest)


def test_where_gelu_is_steepest() -> None:
    """gelu is steepest at the root of 2."""
    with mpmath.workdps(50):
        at = mpmath.sqrt(2)
        slope = float(mpmath.ncdf(at) + at * mpmath.npdf(at))
        assert (seen("gelu").lipschitz, seen("gelu").steepest) == (slope, (float(at),))


def test_where_it_is_undefined_nothing_is_said() -> None:
    """The slope of a function that ends somewhere may grow without bound there: it is not known."""
    assert math.isnan(seen("log1mexp").lipschitz)


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
    """The limits at both infinities, nan where there is none."""
    assert [str(abs(y)) for y in seen(spec).limits["f"]] == [str(abs(y)) for y in values]
    assert [str(abs(y)) for y in seen(spec).limits["slope"]] == [str(abs(y)) for y in slopes]


def test_kinks_far_out_are_seen() -> None:
    """What is looked at reaches beyond every kink."""
    found = seen("threshold:threshold=100,value=3")
    assert found.search_radius == 200
    assert found.jumps == (100.0,)


@named("name", sampled([name for name in ENTRIES if name != "log1mexp"], 25, costly=COSTLY))
def test_every_entry(name: str) -> None:
    """At an extremum the slope changes its sign, at a zero f does or is 0; no slope exceeds the Lipschitz constant."""
    oracle = Oracle(ENTRIES[name], points.usual(ENTRIES[name]))
    given = {key: str(value) for key, value in points.usual(ENTRIES[name]).items()}
    found = landmarks(parse(name, given))

    def f(order: int, x: float | Fraction) -> Fraction:
        return oracle.at(order, Fraction(x)).middle()

    for turn in found.extrema:
        step = Fraction(max(abs(turn.at), 1e-3)) / 2**50
        before, after = f(1, Fraction(turn.at) - step), f(1, Fraction(turn.at) + step)
        assert (before > 0 > after) if turn.kind == "maximum" else (before < 0 < after)
    for place in found.zeros:
        for x in place if isinstance(place, tuple) else (place,):
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
def test_zeros_that_are_only_touched(spec: str, zeros: list[Any]) -> None:
    """Where f turns at 0 there is a zero, and its value there is 0; where it turns a hair beside 0 there is none."""
    found = landmarks(parse(spec))
    assert found.zeros == tuple(pytest.approx(zero, abs=1e-15) if isinstance(zero, float) else zero for zero in zeros)
    touched = [turn.value for turn in found.extrema if turn.at in found.zeros]
    assert touched == [0.0] * len(touched)
