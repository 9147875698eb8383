"""Facts known in closed form: what is printed as proven is true, and features on any scale are found."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from actcli.core.analysis.evidence import UNPROVEN_AT_DEFAULTS
from actcli.core.analysis.inferred_facts import properties_of
from actcli.core.analysis.landmarks import Landmarks, landmarks
from actcli.core.analysis.proofs import course_of, largest_derivative
from actcli.core.evaluation.enclosures import Enclosures, first_ends
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse
from tests.support.oracle import elementwise_entries
from tests.support.tiers import COSTLY, sampled

named = pytest.mark.parametrize
ENTRIES = [name for name, entry in elementwise_entries().items()
           if all(param.default is not None for param in entry.parameters)]  # fmt: skip


def found_in(spec: str) -> Landmarks:
    return landmarks(parse(spec))


def rounded(f: Callable[[], Any]) -> float:
    with mpmath.workdps(50):
        return float(f())


GAUSS = rounded(lambda: mpmath.sqrt(2) * mpmath.exp(-0.5))
"""sup |(e^(-x^2))'|, reached at 1/sqrt(2)."""


@named(
    ("spec", "constant", "at"),
    [
        ("tanh(x - 1e6)", 1.0, 1e6),
        ("tanh(x - 1e12)", 1.0, 1e12),
        ("tanh(x + 12345)", 1.0, -12345.0),
        ("sigmoid(1000 * (x - 300))", 250.0, 300.0),
        ("x / 1e9 + tanh(x - 777)", 1 + 1e-9, 777.0),
        ("laplace:sigma=1e-4", rounded(lambda: mpmath.mpf(10) ** 4 / mpmath.sqrt(2 * mpmath.pi)), 0.707107),
        ("atan(1e100 * x)", 1e100, 0.0),
        ("3 * atan(x / 1e20 - 5)", 3e-20, 5e20),
    ],
)
def test_steepest_point_on_any_scale(spec: str, constant: float, at: float) -> None:
    """The Lipschitz constant is found and proven far from 0, and on tiny and huge scales."""
    found = found_in(spec)
    assert found.lipschitz == pytest.approx(constant, rel=1e-15)
    assert found.steepest == (pytest.approx(at, rel=1e-12 if at < 2**53 else 1e-7),)
    assert found.evidence["lipschitz"] == "proven"


@named(("width", "centre"), [(1e-8, 3.0), (1e-3, -250.0), (1e5, 1e7), (1e-5, 0.0)])
def test_peak_of_any_width(width: float, centre: float) -> None:
    """A tall narrow peak is found: its maximum, its range and its steepest points."""
    spec = f"exp(-((x - ({centre!r})) / {width!r})**2)"
    found = found_in(spec)
    assert [(extremum.kind, extremum.at, extremum.value) for extremum in found.extrema] == [("maximum", centre, 1.0)]
    assert found.lipschitz == pytest.approx(GAUSS / width, rel=1e-12)
    assert found.zeros == ()
    assert set(found.evidence.values()) == {"proven"}
    assert properties_of(parse(spec)).properties.range == "(0, 1]"


@named("alpha", [30, 7, 2.5])
def test_steepest_point_of_aria2(alpha: float) -> None:
    """aria2 with a slow sigmoid to a high power is steepest where its second derivative is 0."""
    found = found_in(f"aria2:alpha={alpha},beta=0.1")

    def f(x: Any) -> Any:
        return x * (1 + mpmath.exp(-x / 10)) ** -mpmath.mpf(alpha)

    with mpmath.workdps(40):
        at = mpmath.findroot(lambda x: mpmath.diff(f, x, 2), 10 * mpmath.log(alpha) + 7)
        expected = float(mpmath.diff(f, at))
        assert found.lipschitz == pytest.approx(expected, rel=1e-14)
    assert found.steepest == (pytest.approx(float(at), rel=1e-9),)
    assert found.lipschitz >= 1
    assert found.evidence["lipschitz"] == "proven"


@named(
    ("spec", "zeros"),
    [
        ("silu:beta=1000", (0.0,)),
        ("silu:beta=1e9", (0.0,)),
        ("e_swish:beta=1e-300", (0.0,)),
        ("softplus:beta=1e6", ()),
        ("laplace:sigma=1e-4", ()),
        ("sigmoid(1e5 * x)", ()),
        ("exp(-x**4)", ()),
        ("x * exp(-x**2)", (0.0,)),
        ("affine:alpha=-1e-9,beta=3", (3e9,)),
        ("affine:alpha=1e-30,beta=1", (-1e30,)),
        ("affine:alpha=1,beta=1e-20", (-1e-20,)),
        ("relu(x - 1e5)", ((-math.inf, 1e5),)),
        ("x**3 - 2 * x", (-math.sqrt(2), 0.0, math.sqrt(2))),
        ("(x - 1) * (x - 1e4) * (x + 1e7)", (-1e7, 1.0, 1e4)),
        ("log(x - 5)", (6.0,)),
        ("1 / (x - 3)", ()),
        ("max(x, -1) + 0.5", (-0.5,)),
    ],
)
def test_zeros_on_any_scale(spec: str, zeros: tuple[Any, ...]) -> None:
    """All zeros are found and proven, and none where results only underflow or have a pole."""
    found = found_in(spec)
    assert found.zeros == tuple(pytest.approx(zero, rel=1e-15) if isinstance(zero, float) else zero for zero in zeros)
    assert found.evidence["zeros"] == "proven"


@named("spec", ["sin(x)", "cos(3 * x) + 2", "sin(x) / 2 + 0.1"])
def test_facts_of_waves_are_those_of_the_searched_range(spec: str) -> None:
    """Zeros and extrema of a periodic function are proven within the searched range, its constant everywhere."""
    assert found_in(spec).evidence == {"zeros": "searched", "extrema": "searched", "lipschitz": "proven"}


@named("spec", sampled(["(x - pi)**2", "sin(x) / x", "x - tanh(x) - x**3 / 1000", "tanh(x - 1e80)"], 2))
def test_what_is_not_proven_is_observed(spec: str) -> None:
    """A fact beyond the reach of enclosures is marked as observed."""
    assert "observed" in found_in(spec).evidence.values()


def test_unlisted_jump_at_a_simple_number() -> None:
    """A jump of a formula at 0, where its middle value is attained, is found: f has no Lipschitz constant."""
    found = found_in("sign(gelu(x))")
    assert (found.jumps, found.lipschitz) == ((0.0,), math.inf)


def test_no_extrema_of_an_unresolved_wave() -> None:
    """A wave with many periods between neighbouring floats has no extrema where f is not extreme among them."""
    for extremum in found_in("sin(1e17 * x)").extrema:
        assert abs(extremum.value) > 0.9
        assert (extremum.value > 0) == (extremum.kind == "maximum")


@named("spec", ["erf(1e4 * x) + x**2", "tanh(1e5 * x) + abs(x)"])
def test_zero_next_to_an_underflow(spec: str) -> None:
    """A sign change is found where f underflows at the sample between, and its zero is not taken as the only one."""
    found = found_in(spec)
    assert found.zeros == (-1.0, 0.0)


def test_bound_of_an_observed_constant() -> None:
    """Where the Lipschitz constant is only observed, the proven bound is at least as large."""
    found = found_in("sqrt(1 + x**2)")
    assert found.evidence["lipschitz"] == "observed"
    assert 1 == found.lipschitz <= found.lipschitz_bound < 1.1


@named("spec", ["softplus:beta=1e6", "softplus(x)", "log(1 + exp(1000 * x))"])
def test_limit_of_the_slope_is_not_attained(spec: str) -> None:
    """A slope that only approaches its limit does not attain it, however close it comes."""
    found = found_in(spec)
    assert (found.lipschitz, found.steepest) == (1000.0 if "1000" in spec else 1.0, ())


@named(
    ("spec", "facts"),
    [
        ("x**3", {"range": "proven", "monotone": "proven", "odd": "proven"}),
        ("tanh(2 * x) + x", {"range": "proven", "monotone": "proven", "odd": "proven"}),
        ("2 * sigmoid(x) - 1", {"odd": "observed"}),
        ("x * exp(-x / 20)", {"range": "proven", "monotone": "proven"}),
        ("x + sin(x)", {"monotone": "proven", "odd": "proven"}),
        ("sin(x)", {"odd": "proven", "monotone": "proven"}),
    ],
)
def test_evidence_for_properties(spec: str, facts: dict[str, str]) -> None:
    """Properties are proven by the form of the formula, by enclosures, or by two samples that refute them."""
    evidence: dict[str, str] = dict(properties_of(parse(spec)).evidence)
    assert {name: evidence[name] for name in facts} == facts


@named("name", sampled(ENTRIES, 14, costly=COSTLY))
def test_facts_at_defaults_are_proven(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The facts of an entry at its defaults, which no run proves again, are those that enclosures prove."""
    quick = landmarks(parse(name))
    stated = parse(name).activation.properties
    monkeypatch.setattr(BoundActivation, "has_stated_properties", False)
    monkeypatch.setattr(BoundActivation, "is_default", False)
    found, known = landmarks(parse(name)), properties_of(parse(name))
    assert (found.zeros, found.extrema, found.steepest) == (quick.zeros, quick.extrema, quick.steepest)
    assert found.lipschitz == quick.lipschitz or math.isnan(found.lipschitz)
    expected = {"zeros": "proven", "extrema": "proven", "lipschitz": "proven"}
    if not math.isnan(found.lipschitz):
        assert found.evidence == quick.evidence == expected | UNPROVEN_AT_DEFAULTS.get(name, {})
    if known.properties.range is not None and known.evidence["range"] == "proven":
        assert known.properties.range[0] + known.properties.range[-1] == stated.range[0] + stated.range[-1]


@named("spec", ["gelu", "tanh(x - 40) * x", "snake:a=3", "exp(-x**2) * x", "x**3 - x"])
def test_course_and_bounds_hold_at_samples(spec: str) -> None:
    """No sample contradicts the course or exceeds the bound of |f'|, as mpmath-free finite differences show."""
    from actcli.core.evaluation.elementwise import evaluate
    from actcli.core.evaluation.quantity import Quantity, derivative_quantity
    from actcli.number_formats import FLOATS

    bound = parse(spec)
    enclosures = Enclosures(bound)
    ends = first_ends(enclosures, -100.0, 100.0)
    course, steepness = course_of(enclosures, ends), largest_derivative(enclosures, ends, ())
    rng = np.random.default_rng(0)
    for kind, is_bad in ((1, lambda step: step < 0), (-1, lambda step: step > 0)):
        cells = course.cells.take(course.kind == kind)
        first, second = np.sort(cells.lo + (cells.hi - cells.lo) * rng.random((2, cells.size)), axis=0)
        values = [evaluate(Quantity(bound), x, FLOATS["float64"]) for x in (first, second)]
        assert not is_bad(values[1] - values[0]).any()
    slopes = evaluate(derivative_quantity(bound), rng.uniform(-100, 100, 1000), FLOATS["float64"])
    assert np.abs(slopes).max() <= steepness.greatest
    assert steepness.least <= steepness.greatest <= steepness.least * (1 + 1e-9)


@named("spec", ["snake:a=1e400", "x + sin(x * 1e400)**2 / 1e400"])
def test_lipschitz_constant_of_an_unresolved_wave(spec: str) -> None:
    """The derivative 1 + sin(2 a x) exceeds 2 nowhere, also where a sine's argument has 400 digits."""
    found = found_in(spec)
    assert 1 < found.lipschitz <= 2
    assert found.evidence["lipschitz"] == "observed"
