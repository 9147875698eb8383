"""Stochastic activations as in training: determined by the seed, rounded once."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import actcli
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.stochastic import SeededNoise, randomized_relu
from actcli.core.spec import parse
from actcli.errors import ParameterError
from actcli.number_formats import FLOATS

SPEC = "rrelu:lower=0.1,upper=0.4"


def slopes(count: int, seed: int = 1, spec: str = SPEC) -> list[float]:
    return SeededNoise(parse(spec), seed).take(count).tolist()


def test_slopes_are_uniform() -> None:
    """The slopes lie between the two parameters and are uniform there."""
    drawn = slopes(100_000)
    assert 0.1 <= min(drawn) < 0.1001
    assert 0.3999 < max(drawn) <= 0.4
    counts, _ = np.histogram(drawn, 10, (0.1, 0.4))
    assert all(abs(count - 10_000) < 500 for count in counts)


def test_seed_determines_the_slopes() -> None:
    """A seed always gives the same slopes, in parts or at once; another seed gives others."""
    draws = SeededNoise(parse(SPEC), 7)
    parts = [draws.take(count) for count in (1, 3, 0, 96)]
    assert np.concatenate(parts).tolist() == slopes(100, 7)
    assert slopes(100, 7) != slopes(100, 8)


def test_slopes_are_words_of_pcg64() -> None:
    """The slopes are the first 53 bits of PCG64's words, as NumPy's generator makes floats of them."""
    expected = np.random.Generator(np.random.PCG64(42)).random(9)
    assert slopes(9, 42, "rrelu:lower=0,upper=1") == expected.tolist()


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=20), st.sampled_from(list(FLOATS)))
def test_values_are_rounded_once(xs: list[float], dtype: str) -> None:
    """Each value is x or the random slope times x, rounded once to the format."""
    fmt = FLOATS[dtype]
    x = fmt.round(np.array(xs))
    x = x[np.isfinite(x)]
    drawn = np.array(slopes(x.size))
    found = randomized_relu(Quantity(parse(SPEC)), x, drawn, fmt).tolist()
    expected = [
        fmt.nearest(Fraction(value) if value > 0 else Fraction(value) * Fraction(slope)) if value else value
        for value, slope in zip(x.tolist(), drawn.tolist(), strict=True)
    ]
    assert [repr(abs(y)) for y in found] == [repr(abs(y)) for y in expected]
    assert np.signbit(found).tolist() == np.signbit(x).tolist()


def test_derivative_uses_the_slope_of_the_value() -> None:
    """With the same seed the derivative is the slope used for the value, and 1 above 0."""
    x = np.array([-4.0, 3.0, -1.0, 0.0, -2.0])
    values, gradients = actcli.evaluate("rrelu", x, seed=5), actcli.gradient("rrelu", x, seed=5)
    assert gradients[1] == 1
    assert (values == x * gradients).all()


@pytest.mark.parametrize(("spec", "at_zero"), [("rrelu", False), ("rrelu@tf", True)])
def test_derivative_at_zero(spec: str, at_zero: bool) -> None:
    """At 0 PyTorch's derivative is the random slope and TensorFlow Addons' is 1."""
    assert (actcli.gradient(spec, [0.0], seed=2)[0] == 1) == at_zero


def test_nan_infinity_and_zeros() -> None:
    """nan gives nan, -inf gives -inf, and zeros keep their sign."""
    found = actcli.evaluate("rrelu", [np.nan, -np.inf, np.inf, -0.0, 0.0], seed=1).tolist()
    assert str(found) == "[nan, -inf, inf, -0.0, 0.0]"


def test_slope_zero() -> None:
    """With a slope of 0 the result is +0.0, at -inf too."""
    found = actcli.evaluate("rrelu", [-np.inf, -1.0], lower=0, upper=0, seed=1).tolist()
    assert str(found) == "[0.0, 0.0]"


@pytest.mark.parametrize("spec", ["relu", "softmax"])
def test_seed_requires_a_stochastic_activation(spec: str) -> None:
    """A seed for a deterministic activation is an error that names the stochastic ones."""
    with pytest.raises(
        ParameterError, match=rf"{spec} is not random in training: a seed requires gumbel_softmax or rrelu"
    ):
        actcli.evaluate(spec, [1.0], seed=1)
    with pytest.raises(ParameterError, match="seed cannot be combined with wrt"):
        actcli.gradient("rrelu", [1.0], seed=1, wrt="lower")


def test_seed_requires_float64_slopes() -> None:
    """A seed with a parameter beyond the range of float64 is a ParameterError."""
    with pytest.raises(ParameterError, match="requires lower and upper in the range of float64"):
        actcli.evaluate("rrelu:lower=-1e350,upper=1", -1.0, seed=0)


# --- noise -----------------------------------------------------------------------------------------------------------


def test_gumbel_noise() -> None:
    """The noise is -log(-log(u)), rounded to float64, for uniform u that the seed determines."""
    noise = SeededNoise(parse("gumbel_softmax"), 5).with_gumbel_noise(np.zeros((2, 50)), FLOATS["float64"])
    words = np.random.PCG64(5).random_raw(100) >> np.uint64(12)
    with mpmath.workdps(50):
        exact = [-mpmath.log(-mpmath.log(mpmath.mpf(2 * int(word) + 1) / 2**53)) for word in words]
    assert noise.ravel().tolist() == [float(value) for value in exact]
    many = SeededNoise(parse("gumbel_softmax"), 6).with_gumbel_noise(np.zeros((1, 100_000)), FLOATS["float64"])
    assert abs(float(many.mean()) - 0.5772) < 0.02
    assert abs(float(many.std()) - 1.2825) < 0.02


def test_gumbel_softmax_in_training() -> None:
    """With a seed, values, Jacobian and derivative by tau are those at x plus noise."""
    x = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
    noisy = SeededNoise(parse("gumbel_softmax"), 9).with_gumbel_noise(x, FLOATS["float64"])
    for function, more in ((actcli.evaluate, {}), (actcli.gradient, {}), (actcli.gradient, {"wrt": "tau"})):
        found = function("gumbel_softmax:tau=0.5", x, seed=9, **more)  # type: ignore[arg-type]
        assert found.tolist() == function("gumbel_softmax:tau=0.5", noisy, **more).tolist()  # type: ignore[arg-type]
    hard = actcli.evaluate("F.gumbel_softmax@torch:hard=true", x, seed=9)
    assert hard.tolist() == actcli.evaluate("hardmax", noisy).tolist()
    assert actcli.evaluate("gumbel_softmax", [math.inf, 1.0], seed=1).tolist() == [1, 0]
