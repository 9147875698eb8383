"""Kinks: the derivative returned there and the one-sided ones, which agree everywhere else."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import pytest

from actcli.core.spec import parse
from tests.support.oracle import FORMATS, nearest
from tests.support.quantities import SEED, each_entry, got, quantity, same, usual

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("spec", "at", "derivative", "left", "right"),
    [
        ("relu", 0.0, 0, 0, 1),
        ("leaky_relu", 0.0, Fraction(1, 100), Fraction(1, 100), 1),
        ("leaky_relu:alpha=1/3", 0.0, Fraction(1, 3), Fraction(1, 3), 1),
        ("leaky_relu:alpha=-2", 0.0, -2, -2, 1),
        ("relu6", 0.0, 0, 0, 1),
        ("relu6", 6.0, 0, 1, 0),
        ("hard_tanh", -1.0, 0, 0, 1),
        ("hard_tanh", 1.0, 0, 1, 0),
        ("hard_tanh:min_val=-0.25,max_val=4", -0.25, 0, 0, 1),
        ("hard_tanh:min_val=-0.25,max_val=4", 4.0, 0, 1, 0),
        ("clip:min=-0.25,max=4", -0.25, 0, 0, 1),
        ("clip:min=-0.25,max=4", 4.0, 0, 1, 0),
        ("clip:max=4", 4.0, 0, 1, 0),
        ("clip:min=4,max=-0.25", 4.0, 0, 0, 0),
        ("clip:min=4,max=-0.25", -0.25, 0, 0, 0),
        ("hard_sigmoid", -3.0, 0, 0, Fraction(1, 6)),
        ("hard_sigmoid", 3.0, 0, Fraction(1, 6), 0),
        ("hard_swish", -3.0, 0, 0, Fraction(-1, 2)),
        ("hard_swish", 3.0, 1, Fraction(3, 2), 1),
        ("elu:alpha=1/3", 0.0, Fraction(1, 3), Fraction(1, 3), 1),
        ("selu", 0.0, Fraction("1.0507009873554804934193349852946") * Fraction("1.6732632423543772848170429916717"),
         Fraction("1.0507009873554804934193349852946") * Fraction("1.6732632423543772848170429916717"),
         Fraction("1.0507009873554804934193349852946")),
        ("softshrink", -0.5, 0, 1, 0),
        ("softshrink", 0.5, 0, 0, 1),
        ("softshrink:lambd=2", -2.0, 0, 1, 0),
        ("hardshrink", -0.5, 0, 1, 0),
        ("hardshrink", 0.5, 0, 0, 1),
    ],
)  # fmt: skip
def test_derivatives_at_kinks(spec: str, at: float, derivative: Any, left: Any, right: Any) -> None:
    """At a kink the derivative is the entry's, alone and in a batch, and the one-sided ones are those of the pieces."""
    for dtype, grid in FORMATS.items():
        batch = [1.0, at, -0.125, at]
        wanted = [nearest(Fraction(value), grid) for value in (derivative, left, right)]
        for side, value in zip((0, -1, 1), wanted, strict=True):
            case = quantity(spec, 1, side=side)
            assert same(got(case, [at], dtype), [value])
            assert same(got(case, batch * 30, dtype)[1::2], [value] * 60)


def test_kink_between_two_floats() -> None:
    """If a kink lies between two numbers of the format, each has the derivative of its own piece."""
    below, above = math.nextafter(1 / 3, 0), 1 / 3
    assert Fraction(above) < Fraction(1, 3)
    above = math.nextafter(above, 1)
    below = 1 / 3
    case = quantity("softshrink:lambd=1/3", 1)
    assert got(case, [below, above, -below, -above]) == [0.0, 1.0, 0.0, 1.0]
    assert got(quantity("hardshrink:lambd=0.1", 1), [0.1, math.nextafter(0.1, 0)]) == [1.0, 0.0]


@each_entry
def test_sides_agree_without_a_kink(name: str) -> None:
    """Outside kinks and poles the one-sided derivatives equal the derivative bit for bit."""
    dice = random.Random(SEED)
    bound = parse(usual(name))
    kinks = {float(at) for at, _ in bound.kinks} | {float(end) for end in bound.domain if end is not None}
    xs = [dice.gauss(0, 3) for _ in range(60)] + [0.0, 1.0, -1.0, 0.5, 5e-324, -1e-300, 1e300, -1e300, INF, -INF]
    xs = [x for x in xs if x not in kinks]
    derivatives = got(quantity(usual(name), 1), xs)
    for side in (-1, 1):
        assert same(got(quantity(usual(name), 1, side=side), xs), derivatives)
