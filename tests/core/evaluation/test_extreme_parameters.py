"""Parameters and arguments beyond every limit of the arithmetics: nothing that is clamped changes a result."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

import actcli
from tests.support.oracle import FORMATS, nearest
from tests.support.tiers import sampled

DIGITS = 1700
"""Digits of the reference: the difference of two softplus with alpha = 1e-400 cancels 800 of them."""

HUGE = ("1e11", "6e11", "1e13", "1e16", "1e17", "1e20", "1e30", "1e300", "1e400")
XS = (-1e-300, -0.3, 1e-300, 0.125, 0.25, 0.3, 0.5, 0.75, 0.9, 1.0, 1.1, 1e5, -1e300, 1e300)


def real(text: str) -> Any:
    value = Fraction(text)
    return mpf(value.numerator) / value.denominator


def softplus(x: Any) -> Any:
    return max(x, 0) + mpmath.log1p(mpmath.exp(-abs(x)))


def soft_clipping(x: Any, alpha: Any) -> Any:
    return (softplus(alpha * x) - softplus(alpha * (x - 1))) / alpha


def soft_exponential(x: Any, alpha: Any) -> Any:
    return mpmath.expm1(alpha * x) / alpha + alpha if alpha > 0 else -mpmath.log(1 - alpha * (x + alpha)) / alpha


REFERENCES: dict[str, Callable[..., Any]] = {
    "soft_clipping:alpha={}": soft_clipping,
    "softplus:beta={}": lambda x, beta: softplus(beta * x) / beta,
    "silu:beta={}": lambda x, beta: x / (1 + mpmath.exp(-beta * x)),
    "celu:alpha={}": lambda x, alpha: x if x > 0 else alpha * mpmath.expm1(x / alpha),
    "scaled_tanh:alpha=2,beta={}": lambda x, beta: 2 * mpmath.tanh(beta * x),
    "nlrelu:beta={}": lambda x, beta: mpmath.log1p(beta * x) if x > 0 else mpf(0),
}


def rounded(value: Any, dtype: str) -> float:
    """Return an mpmath number rounded to a format; beyond 2^2000 and below 2^-2000 only its sign matters."""
    sign, mantissa, exponent, bits = value._mpf_
    if not mantissa:
        return 0.0
    size = exponent + bits
    if abs(size) > 2000:
        mantissa, exponent = 1, 2000 if size > 0 else -2000
    return nearest((-1) ** sign * Fraction(mantissa) * Fraction(2) ** exponent, FORMATS[dtype])


def known(xs: tuple[float, ...], dtype: str) -> list[float]:
    """Return the distinct finite numbers that xs are in a format, without 0."""
    return sorted({x for x in (nearest(Fraction(x), FORMATS[dtype]) for x in xs) if x and math.isfinite(x)})


@pytest.mark.parametrize(("spec", "text"), sampled(product(REFERENCES, [*HUGE, "1e-11", "1e-300", "1e-400"]), 7))
def test_values_at_extreme_parameters(spec: str, text: str) -> None:
    """A value is correctly rounded for a parameter of any size, alone and among others."""
    with mp.workdps(DIGITS):
        for dtype in ("float64", "float32", "float16"):
            xs = known(XS, dtype)
            wanted = [repr(rounded(REFERENCES[spec](mpf(x), real(text)), dtype)) for x in xs]
            filled = spec.format(text)
            assert list(map(repr, actcli.evaluate(filled, xs, dtype=dtype).astype(float).tolist())) == wanted, dtype
            assert [repr(float(actcli.evaluate(filled, x, dtype=dtype))) for x in xs] == wanted, dtype
            many = np.repeat(np.array(xs), 40)
            assert list(map(repr, actcli.evaluate(filled, many, dtype=dtype).astype(float)[::40].tolist())) == wanted


@pytest.mark.parametrize("text", sampled([*HUGE, "1e-300", "1e-400"], 5))
@pytest.mark.parametrize("x", [0.25, 0.75, -0.25, 1.25, 1e-5])
def test_derivative_by_an_extreme_parameter(text: str, x: float) -> None:
    """The derivative of soft_clipping by alpha is correctly rounded for an alpha of any size."""
    with mp.workdps(DIGITS):
        alpha, t = real(text), mpf(x)
        slope = t / (1 + mpmath.exp(-alpha * t)) - (t - 1) / (1 + mpmath.exp(-alpha * (t - 1)))
        wanted = rounded((slope - soft_clipping(t, alpha)) / alpha, "float64")
    found = float(actcli.gradient(f"soft_clipping:alpha={text}", x, wrt="alpha"))
    assert found == wanted
    # The bends sharpen with alpha, so that f falls left of 1/2 and rises on the right.
    assert wanted or math.copysign(1.0, found) == (-1.0 if x < 0.5 else 1.0)


@pytest.mark.parametrize("alpha", sampled(["1e-309", "0.5", "1e300", "1e-13", "3", "1e13", "1e400"], 3))
@pytest.mark.parametrize("order", [0, 1])
def test_soft_exponential_at_extreme_parameters(alpha: str, order: int) -> None:
    """soft_exponential and its derivative are correctly rounded for an alpha of any size and either sign."""
    with mp.workdps(DIGITS):
        for sign in ("", "-"):
            a = real(sign + alpha)
            for x in known((*XS, 1e13, 7e11, 700.0), "float64"):
                t, inside = mpf(x), not sign or a * (mpf(x) + a) < 1
                if not inside:
                    wanted = math.nan
                elif order:
                    wanted = rounded(mpmath.exp(a * t) if a > 0 else 1 / (1 - a * (t + a)), "float64")
                else:
                    wanted = rounded(soft_exponential(t, a), "float64")
                function = actcli.gradient if order else actcli.evaluate
                assert repr(float(function(f"soft_exponential:alpha={sign}{alpha}", x))) == repr(wanted), (sign, x)


@pytest.mark.parametrize("name", ["mish", "tanhexp", "gelu", "silu", "tanhshrink", "serf"])
def test_saturated_derivatives(name: str) -> None:
    """Beyond every power that float64 or int64 exponents hold, a derivative is its limit, from both sides."""
    xs = np.array([99.5, 100.5, 599.5, 601.0, 1e5, 5.4e11, 5.6e11, 1.2e12, 1e16, 1e18, 1e300])
    assert actcli.gradient(name, xs).tolist() == [1.0] * len(xs)
    left = actcli.gradient(name, -xs[-6:])
    assert left.tolist() == [1.0 if name == "tanhshrink" else 0.0] * 6
