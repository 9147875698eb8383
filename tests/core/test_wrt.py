"""Derivatives by parameters, of every entry and every parameter that is a number, against mpmath's differences."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import actcli
from actcli.core import catalogue
from actcli.core.record import Activation

XS = (-7.31, -1.13, -0.29, 0.21, 0.93, 2.71, 5.7)
CASES = [
    (entry, param.name)
    for entry in catalogue.entries().values()
    if not entry.is_vector
    for param in entry.taken()
    if not param.words
]
SCOPE: dict[str, Any] = {
    name: getattr(mpmath, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "erf", "atan")
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
    return mpf(eval(exact(body), scope))


@pytest.mark.parametrize(("entry", "name"), CASES, ids=[f"{entry.name}-{name}" for entry, name in CASES])
def test_by_every_parameter(entry: Activation, name: str) -> None:
    """The derivative by a parameter is the exact one, away from where its pieces meet."""
    given = {"alpha": "0.7", "beta": "1.3", "threshold": "0.5", "value": "-1", "lower": "0.1"}
    params = {p.name: p.default if p.default is not None else given.get(p.name, "0.7") for p in entry.taken()}
    exactly = {key: Fraction(text) for key, text in params.items() if text and text not in ("none", "tanh")}
    got = actcli.gradient(entry.name, np.array(XS), wrt=name, **params)
    for x, slope in zip(XS, got.tolist(), strict=True):
        with mpmath.workprec(400):
            known = {key: mpf(number.numerator) / number.denominator for key, number in exactly.items()}

            def at(parameter: Any, known: dict[str, Any] = known, x: float = x) -> Any:
                return formula(entry, SCOPE | known | {name: parameter, "x": mpf(x)})

            true = mpmath.diff(at, known[name], h=mpf(2) ** -100, method="step")
        assert slope == pytest.approx(float(true), rel=1e-15, abs=1e-25), x
