"""The softmax family: activations of a whole vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.core.arithmetic.dual import Dual
from actcli.core.catalogue.activation import FormulaVariant, FrameworkFunction, Properties, activation
from actcli.core.catalogue.parameters import NONZERO, Parameter

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import N
    from actcli.core.arithmetic.vector_protocol import VectorArithmetic

AXIS = Parameter(
    name="axis", default="-1", aliases=("dim",), integer=True, description="the axis along which the vectors lie"
)


@activation(
    name="softmax",
    kind="vector",
    aliases=("softmax2d",),
    parameters=(AXIS,),
    formula="exp(x[i]) / sum of exp(x[j])",
    derivative="f[i] * ((i == j) - f[j])",
    properties=Properties(range="(0, 1)", monotone=False, odd=False, saturates="both"),
    frameworks={
        "torch": (
            FrameworkFunction("nn.Softmax; F.softmax"),
            FrameworkFunction("nn.Softmax2d", defaults={"axis": "-3"}, parameters={}),
        ),
        "jax": "jax.nn.softmax",
        "keras": "activations.softmax; layers.Softmax",
        "tf": "tf.nn.softmax",
        "onnx": "Softmax",
        "mlx": "nn.softmax; nn.Softmax",
    },
    notes="nn.Softmax2d works along the channel axis, the third from the end; for a single vector, along its only axis",
    paper="Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990",
)
def softmax(m: VectorArithmetic[N], x: N) -> N:
    """Return exp(x[i]) / sum of exp(x[j]), with the largest element subtracted first."""
    # The term of the largest element is exp(0) = 1. Added last, it does not absorb the other terms' low digits.
    powers = m.exp(x - m.top(x))
    return powers / (1 + m.others(powers, x))


@activation(
    name="gumbel_softmax",
    kind="vector",
    parameters=(
        Parameter(
            name="tau", default="1", aliases=("temperature",), exclusive_minimum="0", description="the temperature"
        ),
        Parameter(
            name="hard",
            default="false",
            choices=("false", "true"),
            optional=True,
            frameworks=("torch",),
            description="true: 1 for the largest, else 0, with the derivatives of the soft outputs",
        ),
        AXIS,
    ),
    adds_gumbel_noise=True,
    formula_variants=(
        FormulaVariant(
            parameters=("hard=true",),
            formula="1 for the largest x[i], the first of equals, else 0",
            derivative="s[i] * ((i == j) - s[j]) / tau with s[i] = exp(x[i] / tau) / sum of exp(x[j] / tau)",
        ),
    ),
    formula="exp(x[i] / tau) / sum of exp(x[j] / tau)",
    derivative="f[i] * ((i == j) - f[j]) / tau",
    properties=Properties(range="(0, 1)", monotone=False, odd=False, saturates="both"),
    frameworks={
        "torch": FrameworkFunction(
            "F.gumbel_softmax",
            parameters={"tau": "tau", "hard": "hard", "dim": "axis"},
            ranges={"tau": NONZERO},
        )
    },
    paper="Jang, Gu and Poole, Categorical Reparameterization with Gumbel-Softmax, arXiv 1611.01144, 2016",
    notes="softmax with a temperature, as in evaluation mode; with a seed as in training mode, with Gumbel noise added "
    "to x, but not with PyTorch's random numbers",
)
def gumbel_softmax(m: VectorArithmetic[N], x: N, tau: N, hard: bool = False) -> N:
    """Return softmax(x / tau), or its one-hot maximum with the derivatives of the soft one."""
    if tau < 0:
        return gumbel_softmax(m, -x, -tau, hard)
    powers = m.exp((x - m.top(x)) / tau)
    soft = powers / (1 + m.others(powers, x))
    if not hard:
        return soft
    # The straight-through estimator: the value is one-hot, the derivative that of the soft output.
    return Dual(m.hot(x), soft.derivative) if isinstance(soft, Dual) else m.hot(x)


@activation(
    name="log_softmax",
    kind="vector",
    parameters=(AXIS,),
    formula="x[i] - log(sum of exp(x[j]))",
    derivative="(i == j) - softmax(x)[j]",
    properties=Properties(range="(-inf, 0)", monotone=False, odd=False, saturates="no"),
    frameworks={
        "torch": "nn.LogSoftmax; F.log_softmax",
        "jax": "jax.nn.log_softmax",
        "keras": "activations.log_softmax",
        "tf": "tf.nn.log_softmax",
        "onnx": "LogSoftmax",
        "mlx": "nn.log_softmax; nn.LogSoftmax",
    },
    paper="Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990",
    notes="the logarithm of softmax",
)
def log_softmax(m: VectorArithmetic[N], x: N) -> N:
    """Return x[i] - log(sum of exp(x[j])), with the largest element subtracted first."""
    shifted = x - m.top(x)
    return shifted - m.log1p(m.others(m.exp(shifted), x))


@activation(
    name="softmin",
    kind="vector",
    parameters=(AXIS,),
    formula="exp(-x[i]) / sum of exp(-x[j])",
    derivative="-f[i] * ((i == j) - f[j])",
    properties=Properties(range="(0, 1)", monotone=False, odd=False, saturates="both"),
    frameworks={"torch": "nn.Softmin; F.softmin", "mlx": "nn.softmin; nn.Softmin"},
    paper="Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990",
    notes="softmax of -x",
)
def softmin(m: VectorArithmetic[N], x: N) -> N:
    """Return softmax(-x)."""
    return softmax(m, -x)


@activation(
    name="sparsemax",
    kind="vector",
    parameters=(AXIS,),
    formula="max(x[i] - t, 0) with the t that makes the sum 1",
    derivative="s[i] * ((i == j) - s[j] / sum of s[k]) with s[i] = 1 if f[i] > 0 else 0",
    properties=Properties(range="[0, 1]", monotone=False, odd=False, saturates="both"),
    frameworks={"keras": "activations.sparsemax", "tf": "tfa.activations.sparsemax; tfa.layers.Sparsemax"},
    paper="Martins and Astudillo, From Softmax to Sparsemax, arXiv 1602.02068, 2016",
)
def sparsemax(m: VectorArithmetic[N], x: N) -> N:
    """Return the projection of x onto the probability simplex."""
    # Inside the support f is x minus the threshold for which the outputs add up to 1.
    inside, count = m.support(x)
    return inside * (x - (m.total(inside * x) - 1) / count) + m.number(0)
