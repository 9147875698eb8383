"""The texts of second derivatives: each is the derivative of its entry's derivative text."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest

from actcli.core.catalogue.activation import CodePath, FormulaVariant
from actcli.core.evaluation.quantity import BoundActivation
from actcli.core.spec import parse
from actcli.errors import ParameterError
from tests.support import points
from tests.support.oracle import Oracle, Text, elementwise_entries
from tests.support.real_functions import functions
from tests.support.reals import OutsideDomain, Real, magnitude, precision, real
from tests.support.seeds import SEED
from tests.support.taylor import Taylor, taylor_functions

ENTRIES = elementwise_entries()

SPECS = [
    "clip:min=-0.5,max=1", "clip:min=-0.5", "clip:max=1", "relu@keras:max_value=3,negative_slope=0.2,threshold=0.5",
    "relu@keras:negative_slope=0.2,threshold=0.5", "relu@keras:max_value=6", "softplus@torch:threshold=1.5,beta=0.7",
    "gelu:approximate=tanh", "gelu@jax", "GELU@mlx:approx=fast", "GELU@mlx:approx=precise",
    "softshrink@tf:lower=-1,upper=0.25", "softshrink@onnx:lambd=-0.5", "softshrink@mlx:lambd=-0.5",
    "hardshrink@tf:lower=-1,upper=0.25", "selu@onnx:alpha=1.5,gamma=0.5", "selu@mlx", "xielu@hf:eps=-0.5",
    "leaky_relu@mlx:negative_slope=2", "squareplus@jax:b=0", "squareplus@keras:b=0",
]  # fmt: skip
"""Activations whose parameters or framework select other texts."""

_BITS = 320
_AGREEING_BITS = 160
"""Agreement that a wrong factor or sign cannot reach, and the cancellation of the texts does not prevent."""


def scope_of(bound: BoundActivation) -> dict[str, Any]:
    return {name: real(value) if isinstance(value, Fraction) else value for name, value in bound.values.items()}


def from_text(bound: BoundActivation, x: Real) -> Real | None:
    """Return f'' from its text; None outside the domain."""
    try:
        return Text(bound.formulas[2])(functions() | scope_of(bound) | {"x": x})
    except OutsideDomain:
        return None


def from_series(bound: BoundActivation, x: Real) -> Real | None:
    """Return the derivative of the text of f', from its Taylor series; None outside the domain."""
    formula, derivative = map(Text, bound.formulas[:2])
    known = taylor_functions() | scope_of(bound)
    variable = Taylor.variable(x, 1, [])
    scope = known | {"x": variable, "f": lambda u: formula.evaluate(known | {"x": u})}
    try:
        return variable.like(derivative.evaluate(scope)).derivative(1)
    except OutsideDomain:
        return None


def disagreements(spec: str) -> Iterator[str]:
    bound = parse(spec)
    dice = random.Random(SEED)
    for x in [*(dice.uniform(-9, 9) for _ in range(6)), *(dice.gauss(0, 1) for _ in range(6))]:
        with precision(_BITS):
            got, wanted = from_text(bound, real(Fraction(x))), from_series(bound, real(Fraction(x)))
            if got is None or wanted is None:
                if got is not wanted:
                    yield f"{spec} at {x}: only one is defined"
                continue
            difference = got - wanted
            if difference.is_zero:
                continue
            if wanted.is_zero or magnitude(difference.value) > magnitude(wanted.value) - _AGREEING_BITS:
                yield f"{spec} at {x}: {bound.formulas[2]}"


@pytest.mark.parametrize("name", ENTRIES)
def test_text_is_the_derivative_of_the_derivative(name: str) -> None:
    """An entry's text of f'' is the derivative of its text of f', for its usual parameters and others."""
    entry = ENTRIES[name]
    usual = points.usual(entry)
    settings: list[Mapping[str, str]] = [usual, *points.settings(entry, Oracle(entry, usual).names)]
    found = []
    for params in settings:
        try:
            found += disagreements(points.spec(name, {**usual, **params}))
        except ParameterError:
            continue
    assert not found


@pytest.mark.parametrize("spec", SPECS)
def test_texts_of_frameworks_and_optional_parameters(spec: str) -> None:
    """The text that a framework or an optional parameter selects is the derivative of its text of f' too."""
    bound = parse(spec)
    assert all(bound.formulas)
    assert not [*disagreements(spec)]


def test_every_text_is_tested() -> None:
    """The listed activations select every variant of the texts, and every code path that has texts."""
    texts: list[FormulaVariant | CodePath] = []
    for entry in ENTRIES.values():
        texts += entry.formula_variants
        variants = (function for framework in entry.frameworks for function in entry.framework_variants(framework))
        texts += (path for function in variants for path in function.paths if path.formula)
    assert {(text.formula, text.derivative, text.second_derivative) for text in texts} <= {
        parse(spec).formulas for spec in SPECS
    }
