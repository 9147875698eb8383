"""Algebraic activations: built from squares, roots and quotients alone."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from actcli.core.catalogue.activation import Activation, Parameter, Properties


def softsign(m: Any, x: Any) -> Any:
    return x / (1 + m.abs(x))


def softsign_slope(m: Any, x: Any) -> Any:
    return 1 / (1 + m.abs(x)) ** 2


def squareplus(m: Any, x: Any, b: Any) -> Any:
    # Left of 0 the sum of x and the root cancels; there it is b / (root - x).
    return m.piecewise(x, (x > 0, lambda x: (x + m.sqrt(x**2 + b)) / 2), lambda x: b / (2 * (m.sqrt(x**2 + b) - x)))


def squareplus_slope(m: Any, x: Any, b: Any) -> Any:
    def left(x: Any) -> Any:
        root = m.sqrt(x**2 + b)
        return b / (2 * root * (root - x))

    return m.piecewise(x, (x > 0, lambda x: (1 + x / m.sqrt(x**2 + b)) / 2), left)


def bent_identity(m: Any, x: Any) -> Any:
    square = x**2
    return x + square / (2 * (m.sqrt(square + 1) + 1))


def bent_identity_slope(m: Any, x: Any) -> Any:
    return 1 + x / (2 * m.sqrt(x**2 + 1))


def isru(m: Any, x: Any, alpha: Any) -> Any:
    return x / m.sqrt(1 + alpha * x**2)


def isru_slope(m: Any, x: Any, alpha: Any) -> Any:
    square = 1 + alpha * x**2
    return 1 / (square * m.sqrt(square))


def isrlu(m: Any, x: Any, alpha: Any) -> Any:
    return m.piecewise(x, (x >= 0, lambda x: x), lambda x: x / m.sqrt(1 + alpha * x**2))


def isrlu_slope(m: Any, x: Any, alpha: Any) -> Any:
    return m.piecewise(x, (x >= 0, lambda x: 1), lambda x: isru_slope(m, x, alpha))


_SCALE, _QUARTIC = Fraction("1.7159"), Fraction("1.41645")


def rational_tanh(m: Any, x: Any) -> Any:
    # 1 - 1 / (1 + p) is p / (1 + p), and p is |y| (1 + |y| + c |y|^3).
    size = m.abs(x) * 2 / 3
    rise = 1 + size + _QUARTIC * size**3
    return x * 2 / 3 * _SCALE * (rise / (1 + size * rise))


def rational_tanh_slope(m: Any, x: Any) -> Any:
    size = m.abs(x) * 2 / 3
    cube = _QUARTIC * size**3
    below = 1 + size * (1 + size + cube)
    return _SCALE * 2 / 3 * ((1 + 2 * size + 4 * cube) / below) / below


ENTRIES = (
    Activation(
        name="softsign",
        formula="x / (1 + abs(x))",
        derivative="1 / (1 + abs(x))**2",
        f=softsign,
        df=softsign_slope,
        properties=Properties(range="(-1, 1)", monotone=True, odd=True, saturates="both"),
        frameworks={
            "torch": "nn.Softsign; F.softsign",
            "jax": "jax.nn.soft_sign",
            "keras": "activations.softsign",
            "tf": "tf.nn.softsign; tf.math.softsign",
            "onnx": "Softsign",
            "mlx": "nn.softsign; nn.Softsign",
        },
        paper="Bergstra et al., Quadratic Polynomials Learn Better Image Features, technical report 1337, 2009",
    ),
    Activation(
        name="squareplus",
        parameters=(Parameter(name="b", default="4", exclusive_minimum="0", description="how round the bend at 0 is"),),
        formula="(x + sqrt(x**2 + b)) / 2",
        derivative="(1 + x / sqrt(x**2 + b)) / 2",
        f=squareplus,
        df=squareplus_slope,
        properties=Properties(range="(0, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={"jax": "jax.nn.squareplus", "keras": "activations.squareplus"},
        paper="Barron, Squareplus: A Softplus-Like Algebraic Rectifier, arXiv 2112.11687, 2021",
    ),
    Activation(
        name="bent_identity",
        formula="(sqrt(x**2 + 1) - 1) / 2 + x",
        derivative="x / (2 * sqrt(x**2 + 1)) + 1",
        f=bent_identity,
        df=bent_identity_slope,
        properties=Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
        paper="from lists of activation functions, without a first source known",
    ),
    Activation(
        name="isru",
        aliases=("inverse_square_root_unit",),
        parameters=(Parameter(name="alpha", default="1", minimum="0", description="the limits are +-1 / sqrt(alpha)"),),
        formula="x / sqrt(1 + alpha * x**2)",
        derivative="1 / sqrt(1 + alpha * x**2)**3",
        f=isru,
        df=isru_slope,
        properties=Properties(range="(-1, 1)", monotone=True, odd=True, saturates="both"),
        paper="Carlile et al., Improving Deep Learning by Inverse Square Root Linear Units, arXiv 1710.09967, 2017",
    ),
    Activation(
        name="isrlu",
        aliases=("inverse_square_root_linear_unit",),
        parameters=(
            Parameter(name="alpha", default="1", minimum="0", description="the limit on the left is -1 / sqrt(alpha)"),
        ),
        formula="x if x >= 0 else x / sqrt(1 + alpha * x**2)",
        derivative="1 if x >= 0 else 1 / sqrt(1 + alpha * x**2)**3",
        f=isrlu,
        df=isrlu_slope,
        properties=Properties(range="(-1, inf)", monotone=True, odd=False, saturates="left"),
        paper="Carlile et al., Improving Deep Learning by Inverse Square Root Linear Units, arXiv 1710.09967, 2017",
    ),
    Activation(
        name="rational_tanh",
        formula="1.7159 * (p if x > 0 else -p) / (1 + p) with a = abs(2 * x / 3), p = a + a**2 + 1.41645 * a**4",
        derivative="1.7159 * 2/3 * (1 + 2 * a + 5.6658 * a**3) / (1 + a + a**2 + 1.41645 * a**4)**2"
        " with a = abs(2 * x / 3)",
        f=rational_tanh,
        df=rational_tanh_slope,
        properties=Properties(range="(-1.7159, 1.7159)", monotone=True, odd=True, saturates="both"),
        paper="Kalinovskii and Spitsyn, Compact Convolutional Neural Network Cascade for Face Detection, "
        "arXiv 1508.01292, 2015; Deeplearning4j's RATIONALTANH",
        notes="1.7159 tanh(2x/3) with a rational function for tanh: for tanh(y) it takes "
        "sign(y) * (1 - 1 / (1 + |y| + y**2 + 1.41645 * y**4))",
    ),
)
