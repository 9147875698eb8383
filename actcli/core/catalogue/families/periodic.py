"""Activations based on trigonometric and inverse trigonometric functions, and asinh."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import FrameworkFunction, Properties, activation
from actcli.core.catalogue.parameters import NONZERO, Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N, Value

_SERIES_LIMIT = Fraction(1, 2**30)
"""Up to this |x| the terms of sinc' cancel in its formula, and a long series replaces it."""

_SHORT_SERIES_LIMIT = Fraction(1, 2**200)
"""Up to this |x| nine terms of the series suffice."""


def _series(square: N, offset: int, terms: int) -> Value[N]:
    """Evaluate 1 - x^2/(2(2 + offset)) (1 - x^2/(4(4 + offset)) (1 - ...)), to 1,000 digits with enough terms."""
    total: Value[N] = 1
    for k in range(2 * terms, 0, -2):
        total = 1 - square * Fraction(1, k * (k + offset)) * total
    return total


def snake_derivative(m: Arithmetic[N], x: N, a: N) -> N:
    """Return 1 + sin(2 * a * x) as a square, which does not cancel near its zeros."""
    return 2 * m.sin(a * x + m.pi / 4) ** 2


@activation(
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
    second_derivative="2 * a * cos(2 * a * x)",
    df=snake_derivative,
    properties=Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
    frameworks={
        "tf": FrameworkFunction(
            "tfa.activations.snake; tfa.layers.Snake", parameters={"frequency": "a"}, ranges={"a": NONZERO}
        )
    },
    paper="Ziyin, Hartwig and Ueda, Neural Networks Fail to Learn Periodic Functions and How to Fix It, "
    "arXiv 2006.08195, 2020",
)
def snake(m: Arithmetic[N], x: N, a: N) -> N:
    """Return x + sin(a * x)**2 / a. It is smooth."""
    return x + m.sin(a * x) ** 2 / a


def arctan_derivative(m: Arithmetic[N], x: N) -> N:
    """Return 1 / (1 + x**2)."""
    return 1 / (1 + x**2)


@activation(
    name="arctan",
    aliases=("atan",),
    formula="atan(x)",
    derivative="1 / (1 + x**2)",
    second_derivative="-2 * x / (1 + x**2)**2",
    df=arctan_derivative,
    properties=Properties(range="(-1.570796326794897, 1.570796326794897)", monotone=True, odd=True, saturates="both"),
    frameworks={
        "torch": "torch.atan; torch.arctan",
        "jax": "jax.numpy.arctan",
        "keras": "ops.arctan",
        "tf": "tf.math.atan; tf.atan",
        "onnx": "Atan",
        "mlx": "mx.arctan",
    },
    paper="Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 4.4; DLMF 4.23",
)
def arctan(m: Arithmetic[N], x: N) -> N:
    """Return the arc tangent. It is smooth."""
    return m.atan(x)


def asinh_derivative(m: Arithmetic[N], x: N) -> N:
    """Return 1 / sqrt(1 + x**2)."""
    return 1 / m.sqrt(1 + x**2)


@activation(
    name="asinh",
    aliases=("arcsinh",),
    formula="asinh(x)",
    derivative="1 / sqrt(1 + x**2)",
    second_derivative="-x / sqrt(1 + x**2)**3",
    df=asinh_derivative,
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
)
def asinh(m: Arithmetic[N], x: N) -> N:
    """Return the inverse hyperbolic sine. It is smooth."""
    return m.asinh(x)


@activation(
    name="sin",
    aliases=("sine", "sinusoid"),
    formula="sin(x)",
    derivative="cos(x)",
    second_derivative="-sin(x)",
    properties=Properties(range="[-1, 1]", monotone=False, odd=True, saturates="no"),
    frameworks={
        "torch": "torch.sin",
        "jax": "jax.numpy.sin",
        "keras": "ops.sin",
        "tf": "tf.math.sin",
        "onnx": "Sin",
        "mlx": "mx.sin",
    },
    paper="Sitzmann et al., Implicit Neural Representations with Periodic Activation Functions, arXiv 2006.09661, 2020",
    notes="the paper's networks, SIREN, take the sine of 30 times a linear layer: sin(30 * x)",
)
def sin(m: Arithmetic[N], x: N) -> N:
    """Return the sine. It is smooth."""
    return m.sin(x)


def sinc_derivative(m: Arithmetic[N], x: N) -> N:
    """Return (cos(x) - sin(x) / x) / x, near 0 by its Maclaurin series."""

    def far(x: N) -> N:
        return (m.cos(x) - m.sin(x) / x) / x

    def near(x: N) -> N:
        return x * _series(x**2, 3, 48) / -3

    def nearer(x: N) -> N:
        return x * _series(x**2, 3, 9) / -3

    pieces = [
        (x > _SERIES_LIMIT, far),
        (x < -_SERIES_LIMIT, far),
        (x > _SHORT_SERIES_LIMIT, near),
        (x < -_SHORT_SERIES_LIMIT, near),
    ]
    return m.piecewise(x, *pieces, nearer)


@activation(
    name="sinc",
    aliases=("cardinal_sine",),
    formula="sin(x) / x if abs(x) > 0 else 1",
    derivative="(cos(x) - sin(x) / x) / x if abs(x) > 0 else 0",
    second_derivative="((2 / x**2 - 1) * sin(x) - 2 * cos(x) / x) / x if abs(x) > 0 else -1/3",
    df=sinc_derivative,
    properties=Properties(range="[-0.2172336282112217, 1]", monotone=False, odd=False, saturates="both"),
    paper="Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 10.1; DLMF 10.49: the "
    "spherical Bessel function of order 0",
    notes="the unnormalised cardinal sine; torch.sinc, jax.numpy.sinc and numpy.sinc are the normalised one, "
    "sin(pi x) / (pi x)",
)
def sinc(m: Arithmetic[N], x: N) -> N:
    """Return sin(x) / x, and 1 at 0. It is smooth."""

    def far(x: N) -> N:
        return m.sin(x) / x

    pieces = [(x > _SHORT_SERIES_LIMIT, far), (x < -_SHORT_SERIES_LIMIT, far)]
    return m.piecewise(x, *pieces, lambda x: _series(x**2, 1, 9))
