"""Activations from the circular functions and their inverses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from actcli.core.catalogue.activation import Activation, FrameworkFunction, Parameter, Properties


def snake(m: Any, x: Any, a: Any) -> Any:
    return x + m.sin(a * x) ** 2 / a


def snake_slope(m: Any, x: Any, a: Any) -> Any:
    # 1 + sin(2 a x) loses all digits where it is near 0; as a square it does not.
    return 2 * m.sin(a * x + m.pi / 4) ** 2


_NEAR = Fraction(1, 2**30)
_NEARER = Fraction(1, 2**200)


def sinc(m: Any, x: Any) -> Any:
    far = lambda x: m.sin(x) / x  # noqa: E731 - a piece reads best where it is used
    return m.piecewise(x, (x > _NEARER, far), (x < -_NEARER, far), lambda x: _series(x**2, 1, 9))


def sinc_slope(m: Any, x: Any) -> Any:
    def far(x: Any) -> Any:
        return (m.cos(x) - m.sin(x) / x) / x

    def near(x: Any) -> Any:
        return x * _series(x**2, 3, 48) / -3

    def nearer(x: Any) -> Any:
        return x * _series(x**2, 3, 9) / -3

    pieces = [(x > _NEAR, far), (x < -_NEAR, far), (x > _NEARER, near), (x < -_NEARER, near)]
    return m.piecewise(x, *pieces, nearer)


def _series(square: Any, beside: int, terms: int) -> Any:
    """1 - x^2/(2(2 + beside)) (1 - x^2/(4(4 + beside)) (1 - ...)): with so many terms 1,000 digits are right."""
    total: Any = 1
    for k in range(2 * terms, 0, -2):
        total = 1 - square * Fraction(1, k * (k + beside)) * total
    return total


ENTRIES = (
    Activation(
        name="snake",
        parameters=(
            Parameter(
                name="a",
                default="1",
                aliases=("frequency", "alpha"),
                exclusive_minimum="0",
                description="the frequency",
            ),
        ),
        formula="x + sin(a * x)**2 / a",
        derivative="1 + sin(2 * a * x)",
        f=snake,
        df=snake_slope,
        properties=Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
        frameworks={"tf": FrameworkFunction("tfa.activations.snake; tfa.layers.Snake", parameters={"frequency": "a"})},
        paper="Ziyin, Hartwig and Ueda, Neural Networks Fail to Learn Periodic Functions and How to Fix It, "
        "arXiv 2006.08195, 2020",
    ),
    Activation(
        name="arctan",
        aliases=("atan",),
        formula="atan(x)",
        derivative="1 / (1 + x**2)",
        f=lambda m, x: m.atan(x),
        df=lambda m, x: 1 / (1 + x**2),
        properties=Properties(
            range="(-1.570796326794897, 1.570796326794897)", monotone=True, odd=True, saturates="both"
        ),
        frameworks={
            "torch": "torch.atan; torch.arctan",
            "jax": "jax.numpy.arctan",
            "keras": "ops.arctan",
            "tf": "tf.math.atan; tf.atan",
            "onnx": "Atan",
            "mlx": "mx.arctan",
        },
        paper="Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 4.4; DLMF 4.23",
    ),
    Activation(
        name="asinh",
        aliases=("arcsinh",),
        formula="asinh(x)",
        derivative="1 / sqrt(1 + x**2)",
        f=lambda m, x: m.asinh(x),
        df=lambda m, x: 1 / m.sqrt(1 + x**2),
        properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
        frameworks={
            "torch": "torch.asinh; torch.arcsinh",
            "jax": "jax.numpy.arcsinh",
            "keras": "ops.arcsinh",
            "tf": "tf.math.asinh; tf.asinh",
            "onnx": "Asinh",
            "mlx": "mx.arcsinh",
        },
        paper="Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 4.6; DLMF 4.37",
    ),
    Activation(
        name="sin",
        aliases=("sine", "sinusoid"),
        formula="sin(x)",
        derivative="cos(x)",
        f=lambda m, x: m.sin(x),
        properties=Properties(range="[-1, 1]", monotone=False, odd=True, saturates="no"),
        frameworks={
            "torch": "torch.sin",
            "jax": "jax.numpy.sin",
            "keras": "ops.sin",
            "tf": "tf.math.sin",
            "onnx": "Sin",
            "mlx": "mx.sin",
        },
        paper="Sitzmann et al., Implicit Neural Representations with Periodic Activation Functions, "
        "arXiv 2006.09661, 2020",
        notes="the paper's networks, SIREN, take the sine of 30 times a linear layer: sin(30 * x)",
    ),
    Activation(
        name="sinc",
        aliases=("cardinal_sine",),
        formula="sin(x) / x if abs(x) > 0 else 1",
        derivative="(cos(x) - sin(x) / x) / x if abs(x) > 0 else 0",
        f=sinc,
        df=sinc_slope,
        properties=Properties(range="[-0.2172336282112217, 1]", monotone=False, odd=False, saturates="both"),
        paper="Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 10.1; DLMF 10.49: the "
        "spherical Bessel function of order 0",
        notes="the cardinal sine, not normalised: torch.sinc, jax.numpy.sinc and numpy.sinc are "
        "sin(pi x) / (pi x), this at pi x",
    ),
)
