"""Activations based on the exponential function and the hyperbolic tangent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.core.catalogue.activation import Properties, activation

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Arithmetic, N


@activation(
    name="exponential",
    aliases=("exp",),
    formula="exp(x)",
    derivative="exp(x)",
    second_derivative="exp(x)",
    properties=Properties(range="(0, inf)", monotone=True, odd=False, saturates="left"),
    frameworks={
        "torch": "torch.exp",
        "jax": "jax.numpy.exp",
        "keras": "activations.exponential; ops.exp",
        "tf": "tf.math.exp; tf.exp",
        "onnx": "Exp",
        "mlx": "mx.exp",
    },
    paper="Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 4.2; DLMF 4.2",
)
def exponential(m: Arithmetic[N], x: N) -> N:
    """Return exp(x). It is smooth."""
    return m.exp(x)


def tanhshrink_derivative(m: Arithmetic[N], x: N) -> N:
    """Return tanh(x)**2."""
    return m.tanh(x) ** 2


@activation(
    name="tanhshrink",
    aliases=("tanh_shrink",),
    formula="x - tanh(x)",
    derivative="tanh(x)**2",
    second_derivative="2 * tanh(x) * (1 - tanh(x)**2)",
    df=tanhshrink_derivative,
    properties=Properties(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
    frameworks={
        "torch": "nn.Tanhshrink; F.tanhshrink",
        "keras": "activations.tanh_shrink",
        "tf": "tfa.activations.tanhshrink",
    },
    paper="Collobert, Kavukcuoglu and Farabet, Torch7: A Matlab-like Environment for Machine Learning, 2011",
    notes="x minus its hyperbolic tangent",
)
def tanhshrink(m: Arithmetic[N], x: N) -> N:
    """Return x - tanh(x), without cancellation near 0. It is smooth."""
    return m.tanhshrink(x)


@activation(
    name="lisht",
    formula="x * tanh(x)",
    derivative="tanh(x) + x * (1 - tanh(x)**2)",
    second_derivative="2 * (1 - tanh(x)**2) * (1 - x * tanh(x))",
    properties=Properties(range="[0, inf)", monotone=False, odd=False, saturates="no"),
    frameworks={"tf": "tfa.activations.lisht"},
    paper="Roy et al., LiSHT: Non-Parametric Linearly Scaled Hyperbolic Tangent, arXiv 1901.05894, 2019",
)
def lisht(m: Arithmetic[N], x: N) -> N:
    """Return x * tanh(x). It is smooth."""
    return x * m.tanh(x)


def logcosh_derivative(m: Arithmetic[N], x: N) -> N:
    """Return tanh(x)."""
    return m.tanh(x)


@activation(
    name="logcosh",
    aliases=("log_cosh",),
    formula="log(cosh(x))",
    derivative="tanh(x)",
    second_derivative="1 - tanh(x)**2",
    df=logcosh_derivative,
    properties=Properties(range="[0, inf)", monotone=False, odd=False, saturates="no"),
    paper="Hyvarinen, Fast and Robust Fixed-Point Algorithms for Independent Component Analysis, "
    "IEEE Transactions on Neural Networks 10, 1999",
)
def logcosh(m: Arithmetic[N], x: N) -> N:
    """Return log(cosh(x)), without overflow. It is smooth."""
    return m.logcosh(x)


@activation(
    name="tanhexp",
    aliases=("telu", "tanh_exp"),
    formula="x * tanh(exp(x))",
    derivative="tanh(exp(x)) + x * exp(x) * (1 - tanh(exp(x))**2)",
    second_derivative="exp(x) * (1 - t**2) * (2 + x * (1 - 2 * t * exp(x))) with t = tanh(exp(x))",
    properties=Properties(range="[-0.3532857778482113, inf)", monotone=False, odd=False, saturates="left"),
    paper="Liu and Di, TanhExp: A Smooth Activation Function with High Convergence Speed for Lightweight Neural "
    "Networks, arXiv 2003.09855, 2020; as TeLU Fernandez and Mali, TeLU Activation Function for Fast and Stable "
    "Deep Learning, arXiv 2412.20269, 2024",
)
def tanhexp(m: Arithmetic[N], x: N) -> N:
    """Return x * tanh(exp(x)). It is smooth."""
    # For larger x, f(x) / x and the derivative differ from 1 by less than exp(-10^260), which only matters as an amount
    # that is not 0. tanh(exp(600)) stands for both: exp(x) has no upper limit.
    large = (x > 600, lambda x: x * m.tanh(m.exp(m.number(600))))
    return m.piecewise(x, large, lambda x: x * m.tanh(m.exp(x)))
