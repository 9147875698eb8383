"""Vector activations' derivatives by their parameters, against mpmath."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import mpmath
import pytest

import actcli
from actcli.errors import ParameterError
from tests.support.seeds import SEED


def by_tau(x: list[float], tau: float) -> list[Any]:
    """The derivatives of softmax(x / tau) by tau."""
    with mpmath.workprec(400):
        powers = [mpmath.exp(mpmath.mpf(value) / tau) for value in x]
        shares = [power / mpmath.fsum(powers) for power in powers]
        mean = mpmath.fsum(share * mpmath.mpf(value) for share, value in zip(shares, x, strict=True))
        return [
            share * (mean - mpmath.mpf(value)) / mpmath.mpf(tau) ** 2 for share, value in zip(shares, x, strict=True)
        ]


def by_beta(x: list[float], beta: float) -> list[Any]:
    """The derivatives of swiglu by beta."""
    with mpmath.workprec(400):
        half = len(x) // 2
        pairs = [(mpmath.mpf(a), mpmath.mpf(b)) for a, b in zip(x[:half], x[half:], strict=True)]
        return [a**2 * b / (2 + mpmath.exp(beta * a) + mpmath.exp(-beta * a)) for a, b in pairs]


@pytest.mark.parametrize(("name", "param", "truth"), [("gumbel_softmax", "tau", by_tau), ("swiglu", "beta", by_beta)])
def test_by_a_parameter(name: str, param: str, truth: Callable[[list[float], float], list[Any]]) -> None:
    """The derivative of each output by a parameter is within one unit in the last place of mpmath's."""
    dice = random.Random(SEED)
    for value in (1.0, 0.5, 3.0):
        rows = [[dice.gauss(0, 3) for _ in range(6)] for _ in range(20)]
        rows += [[1.0, 1.0 + 2**-50, 1.0, 1.0, 1.0, 1.0], [500.0, 499.0, 0.0, 1.0, -500.0, 2.0]]
        found = actcli.gradient(name, rows, wrt=param, **{param: value})
        for row, slopes in zip(rows, found.tolist(), strict=True):
            for slope, exact in zip(slopes, truth(row, value), strict=True):
                assert abs(mpmath.mpf(slope) - exact) <= math.ulp(float(exact)), (row, value, SEED)
    assert actcli.gradient(name, [2.0, 2.0], wrt=param).shape == (1 if name == "swiglu" else 2,)


def test_integer_and_word_parameters() -> None:
    """An axis, a count or a word cannot be differentiated by."""
    for spec, wrt in (("softmax", "axis"), ("maxout:num_units=1", "units"), ("gumbel_softmax@torch", "hard")):
        with pytest.raises(ParameterError, match="is not a number to differentiate by"):
            actcli.gradient(spec, [1.0, 2.0], wrt=wrt)
