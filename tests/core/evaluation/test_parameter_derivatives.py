"""Derivatives by parameters, of every entry and every parameter that is a number, against mpmath's differences."""

from __future__ import annotations

import ast
import math
import random
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import actcli
from actcli.core.catalogue import registry
from actcli.core.catalogue.activation import Activation
from actcli.core.catalogue.parameters import parse_exact
from actcli.core.evaluation.undecided import counting_undecided
from actcli.core.spec import parse
from actcli.errors import ParameterError
from tests.support import points
from tests.support.oracle import FORMATS, nearest
from tests.support.seeds import SEED
from tests.support.tiers import sampled

CASES = [
    (entry, param.name)
    for entry in registry.entries().values()
    if not entry.is_vector
    for param in entry.available_parameters()
    if not param.choices and param.default != "none"
]
SCOPE: dict[str, Any] = {
    name: getattr(mpmath, name) for name in ("exp", "expm1", "log", "sqrt", "sin", "cos", "tanh", "erf", "atan")
} | {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "Phi": mpmath.ncdf,
    "min": min,
    "max": max,
    "abs": abs,
    "mpf": mpf,
    "pi": mpmath.pi,
}


def exact(text: str) -> str:
    return re.sub(r"(?<![\w.])(\d+\.?\d*(?:[eE][+-]?\d+)?)", r"mpf('\1')", text)


def formula(entry: Activation, scope: dict[str, Any]) -> Any:
    body, _, definitions = entry.formula.partition(" with ")
    source = f"dict({definitions})"
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    for keyword in call.keywords:
        text = ast.get_source_segment(source, keyword.value) or ""
        scope[str(keyword.arg)] = eval(exact(text), scope)
    value = eval(exact(body), scope)
    return mpmath.nan if isinstance(value, mpmath.mpc) else mpf(value)


def known(texts: Mapping[str, str | None]) -> dict[str, Any]:
    """Parameters as the formula sees them: exact decimals, words, or None."""
    found: dict[str, Any] = {}
    for name, text in texts.items():
        number = parse_exact(text or "")
        found[name] = mpf(number.numerator) / number.denominator if number is not None else text
    return found


@pytest.mark.parametrize(("entry", "name"), sampled(CASES, 20), ids=[f"{entry.name}-{name}" for entry, name in CASES])
def test_by_every_parameter(entry: Activation, name: str) -> None:
    """The derivative by a parameter is mpmath's of the formula, rounded, with the usual parameters and with others,
    away from where its pieces meet; outside the domain it is nan."""
    base = {param.name: param.default for param in entry.available_parameters()} | points.usual(entry)
    others = [params for params in points.settings(entry, {name}) if valid(entry.name, params)]
    dice = random.Random(SEED)
    for params in (base, *(base | other for other in others)):
        with mpmath.workdps(400):
            exactly = known(params)
            meets = [abs(number) for number in exactly.values() if isinstance(number, mpf)]
        xs = [dice.gauss(0, 3) for _ in range(10)] + [0.125, -0.125, 20.0, -20.0, 1e-9, -1e-9]
        xs = [x for x in xs if all(abs(abs(x) - float(place)) > 1e-12 for place in meets)]
        got = actcli.gradient(entry.name, np.array(xs), wrt=name, **params)
        for x, slope in zip(xs, got.tolist(), strict=True):
            with mpmath.workdps(400):

                def at(parameter: Any, exactly: dict[str, Any] = exactly, x: float = x) -> Any:
                    return formula(entry, SCOPE | exactly | {name: parameter, "x": mpf(x)})

                if mpmath.isnan(at(exactly[name])):
                    assert math.isnan(slope), (params, x)
                    continue
                true = mpmath.diff(at, exactly[name], h=mpf(10) ** -130)
                if abs(true) < mpf(10) ** -100:
                    # So near to 0 the difference has not enough digits left.
                    assert abs(slope) < 2e-100, (params, x, SEED)
                    continue
                exact = Fraction(*mpmath.libmp.to_rational(true._mpf_))
            assert slope == nearest(exact, FORMATS["float64"]), (params, x, SEED)


def valid(name: str, params: Mapping[str, str]) -> bool:
    try:
        parse(name, params)
    except ParameterError:
        return False
    return True


def test_non_numeric_parameters() -> None:
    """A word, or a parameter that is none, cannot be differentiated by; a number can."""
    for spec, wrt in (("gelu", "approximate"), ("clip:max=3", "min_val"), ("relu@keras", "max_value")):
        with pytest.raises(ParameterError, match=f"{wrt} is not a number to differentiate by"):
            actcli.gradient(spec, 1.0, wrt=wrt)
    assert actcli.gradient("relu@keras:max_value=6", 9.0, wrt="max_value") == 1
    assert actcli.gradient("silu", 0.0, wrt="beta") == 0


def test_by_the_bounds_of_clip() -> None:
    """The derivative by a bound is 1 where clip equals that bound and 0 elsewhere; an overridden bound has none."""
    x = [-3.0, 0.5, 3.0]
    for spec, low, high in (("clip:min=-1,max=2", [1, 0, 0], [0, 0, 1]), ("clip:min=2,max=-1", [0, 0, 0], [1, 1, 1])):
        assert actcli.gradient(spec, x, wrt="min").tolist() == low
        assert actcli.gradient(spec, x, wrt="max").tolist() == high
    assert actcli.gradient("clip:min=-1", x, wrt="min").tolist() == [1, 0, 0]


@pytest.mark.parametrize("beta", ["1", "0.3", "7"])
def test_softplus_by_beta_without_cancellation(beta: str) -> None:
    """The derivative of softplus by beta is that of mpmath at large x too, and needs no arbitrary precision there."""
    dice = np.random.default_rng(SEED)
    x = 10 ** dice.uniform(-5, 3, 60) * dice.choice([-1.0, 1.0], 60)
    found = actcli.gradient("softplus", x, wrt="beta", beta=beta)
    with mpmath.workprec(5000):
        factor = mpmath.mpf(beta)
        for at, result in zip(map(mpmath.mpf, x.tolist()), found.tolist(), strict=True):
            power = mpmath.exp(factor * at)
            true = (at * power / (1 + power) - mpmath.log1p(power) / factor) / factor
            assert result == float(true)
    with counting_undecided() as counter:
        actcli.gradient("softplus", 10 ** dice.uniform(2, 300, 60), wrt="beta", beta=beta)
    assert counter.escalated == 0


@pytest.mark.parametrize("gamma", ["-1", "-2", "-1/2", "-3", "-1e400"])
@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_zero_of_a_constant_piece(gamma: str, dtype: str) -> None:
    """A derivative that is 0 on a piece is +0.0 there, also under a negative factor, for one x and in an array."""
    spec = f"Selu@onnx:alpha=2,gamma={gamma}"
    for xs in (2.5, [2.5], [1.0, 2.5], [1.0, -1.0], [2.5] * 40):
        found = actcli.gradient(spec, xs, wrt="alpha", dtype=dtype)
        assert not np.signbit(found).any(), (xs, found)
