"""Algebraic activations: built from squares, roots and quotients."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import CodePath, FrameworkFunction, Kink, Properties, activation
from actcli.core.catalogue.parameters import ANY_NUMBER, Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N

_TANH_LIMIT = Fraction("1.7159")
_QUARTIC = Fraction("1.41645")


def softsign_derivative(m: Arithmetic[N], x: N) -> N:
    """Return 1 / (1 + abs(x))**2."""
    return 1 / (1 + m.abs(x)) ** 2


@activation(
    name="softsign",
    formula="x / (1 + abs(x))",
    derivative="1 / (1 + abs(x))**2",
    second_derivative="(-2 if x > 0 else 2) / (1 + abs(x))**3",
    df=softsign_derivative,
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
)
def softsign(m: Arithmetic[N], x: N) -> N:
    """Return x / (1 + abs(x)), which is smooth at 0."""
    return x / (1 + m.abs(x))


def squareplus_derivative(m: Arithmetic[N], x: N, b: N) -> N:
    """Return (1 + x / sqrt(x**2 + b)) / 2, for x <= 0 without cancellation."""

    def left(x: N) -> N:
        root = m.sqrt(x**2 + b)
        return b / (2 * root * (root - x))

    return m.piecewise(x, (x > 0, lambda x: (1 + x / m.sqrt(x**2 + b)) / 2), left)


_SQUAREPLUS_PATHS = (
    # The frameworks' derivative at 0 is nan; that of every positive b is 1/2.
    CodePath(
        conditions=("b == 0",),
        kinks=(Kink(at="0", subgradient="1/2"),),
        f=lambda m, x, b: m.piecewise(x, (x > 0, lambda x: x), lambda x: 0),
        formula="x if x > 0 else 0",
        derivative="1 if x > 0 else 0",
        second_derivative="0",
    ),
)


@activation(
    name="squareplus",
    parameters=(Parameter(name="b", default="4", exclusive_minimum="0", description="the roundness of the bend at 0"),),
    formula="(x + sqrt(x**2 + b)) / 2",
    derivative="(1 + x / sqrt(x**2 + b)) / 2",
    second_derivative="b / (2 * sqrt(x**2 + b)**3)",
    df=squareplus_derivative,
    properties=Properties(range="(0, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "jax": FrameworkFunction("jax.nn.squareplus", ranges={"b": ANY_NUMBER}, paths=_SQUAREPLUS_PATHS),
        "keras": FrameworkFunction("activations.squareplus", ranges={"b": ANY_NUMBER}, paths=_SQUAREPLUS_PATHS),
    },
    paper="Barron, Squareplus: A Softplus-Like Algebraic Rectifier, arXiv 2112.11687, 2021",
)
def squareplus(m: Arithmetic[N], x: N, b: N) -> N:
    """Return (x + sqrt(x**2 + b)) / 2. It is smooth."""
    # For x <= 0, x + root cancels; b / (root - x) equals it and does not.
    return m.piecewise(x, (x > 0, lambda x: (x + m.sqrt(x**2 + b)) / 2), lambda x: b / (2 * (m.sqrt(x**2 + b) - x)))


def bent_identity_derivative(m: Arithmetic[N], x: N) -> N:
    """Return 1 + x / (2 * sqrt(x**2 + 1))."""
    return 1 + x / (2 * m.sqrt(x**2 + 1))


@activation(
    name="bent_identity",
    formula="(sqrt(x**2 + 1) - 1) / 2 + x",
    derivative="x / (2 * sqrt(x**2 + 1)) + 1",
    second_derivative="1 / (2 * sqrt(x**2 + 1)**3)",
    df=bent_identity_derivative,
    properties=Properties(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
    paper="from lists of activation functions; the first source is unknown",
)
def bent_identity(m: Arithmetic[N], x: N) -> N:
    """Return (sqrt(x**2 + 1) - 1) / 2 + x, without cancellation near 0. It is smooth."""
    square = x**2
    return x + square / (2 * (m.sqrt(square + 1) + 1))


def isru_derivative(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return 1 / sqrt(1 + alpha * x**2)**3."""
    square = 1 + alpha * x**2
    return 1 / (square * m.sqrt(square))


@activation(
    name="isru",
    aliases=("inverse_square_root_unit",),
    parameters=(Parameter(name="alpha", default="1", minimum="0", description="the limits are +-1 / sqrt(alpha)"),),
    formula="x / sqrt(1 + alpha * x**2)",
    derivative="1 / sqrt(1 + alpha * x**2)**3",
    second_derivative="-3 * alpha * x / sqrt(1 + alpha * x**2)**5",
    df=isru_derivative,
    properties=Properties(range="(-1, 1)", monotone=True, odd=True, saturates="both"),
    paper="Carlile et al., Improving Deep Learning by Inverse Square Root Linear Units, arXiv 1710.09967, 2017",
)
def isru(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return x / sqrt(1 + alpha * x**2). It is smooth."""
    return x / m.sqrt(1 + alpha * x**2)


def isrlu_derivative(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return 1 for x >= 0, else the derivative of isru."""
    return m.piecewise(x, (x >= 0, lambda x: 1), lambda x: isru_derivative(m, x, alpha))


@activation(
    name="isrlu",
    aliases=("inverse_square_root_linear_unit",),
    parameters=(
        Parameter(name="alpha", default="1", minimum="0", description="the limit on the left is -1 / sqrt(alpha)"),
    ),
    formula="x if x >= 0 else x / sqrt(1 + alpha * x**2)",
    derivative="1 if x >= 0 else 1 / sqrt(1 + alpha * x**2)**3",
    second_derivative="0 if x >= 0 else -3 * alpha * x / sqrt(1 + alpha * x**2)**5",
    df=isrlu_derivative,
    properties=Properties(range="(-1, inf)", monotone=True, odd=False, saturates="left"),
    paper="Carlile et al., Improving Deep Learning by Inverse Square Root Linear Units, arXiv 1710.09967, 2017",
)
def isrlu(m: Arithmetic[N], x: N, alpha: N) -> N:
    """Return x for x >= 0, else isru(x), which is smooth at 0."""
    return m.piecewise(x, (x >= 0, lambda x: x), lambda x: x / m.sqrt(1 + alpha * x**2))


def rational_tanh_derivative(m: Arithmetic[N], x: N) -> N:
    """Return the derivative of the rational function."""
    y = m.abs(x) * 2 / 3
    cube = _QUARTIC * y**3
    denominator = 1 + y * (1 + y + cube)
    return _TANH_LIMIT * 2 / 3 * ((1 + 2 * y + 4 * cube) / denominator) / denominator


@activation(
    name="rational_tanh",
    formula="1.7159 * (p if x > 0 else -p) / (1 + p) with a = abs(2 * x / 3), p = a + a**2 + 1.41645 * a**4",
    derivative="1.7159 * 2/3 * (1 + 2 * a + 5.6658 * a**3) / (1 + a + a**2 + 1.41645 * a**4)**2"
    " with a = abs(2 * x / 3)",
    second_derivative="1.7159 * 4/9 * (r if x > 0 else -r) / q**3 with a = abs(2 * x / 3), "
    "q = 1 + a + a**2 + 1.41645 * a**4, r = (2 + 16.9974 * a**2) * q - 2 * (1 + 2 * a + 5.6658 * a**3)**2",
    df=rational_tanh_derivative,
    properties=Properties(range="(-1.7159, 1.7159)", monotone=True, odd=True, saturates="both"),
    paper="Kalinovskii and Spitsyn, Compact Convolutional Neural Network Cascade for Face Detection, "
    "arXiv 1508.01292, 2015; Deeplearning4j's RATIONALTANH",
    notes="1.7159 tanh(2x/3) with a rational approximation: tanh(y) is replaced by "
    "sign(y) * (1 - 1 / (1 + |y| + y**2 + 1.41645 * y**4))",
)
def rational_tanh(m: Arithmetic[N], x: N) -> N:
    """Return 1.7159 * tanh(2 * x / 3) with a rational approximation of tanh. It is smooth."""
    # The paper's 1 - 1 / (1 + p), with p = y * q and y >= 0, is y * q / (1 + y * q).
    y = m.abs(x) * 2 / 3
    q = 1 + y + _QUARTIC * y**3
    return x * 2 / 3 * _TANH_LIMIT * (q / (1 + y * q))
