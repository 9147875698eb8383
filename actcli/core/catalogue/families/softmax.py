"""Activations of a whole vector."""

from __future__ import annotations

from typing import Any

from actcli.core.arithmetic.dual import Dual
from actcli.core.catalogue.activation import Activation, FormulaVariant, FrameworkFunction, Parameter, Properties

AXIS = Parameter(
    name="axis", default="-1", aliases=("dim",), integer=True, description="the axis along which the vectors lie"
)


def softmax(m: Any, x: Any) -> Any:
    # The largest element's own term is e^0: kept apart from the others, which may be far smaller, it hides none.
    powers = m.exp(x - m.top(x))
    return powers / (1 + m.others(powers, x))


def gumbel_softmax(m: Any, x: Any, tau: Any, hard: bool = False) -> Any:
    powers = m.exp((x - m.top(x)) / tau)
    soft = powers / (1 + m.others(powers, x))
    if not hard:
        return soft
    # Straight through: the value is that of the largest alone, the slope that of the soft one.
    return Dual(m.hot(x), soft.derivative) if isinstance(soft, Dual) else m.hot(x)


def log_softmax(m: Any, x: Any) -> Any:
    shifted = x - m.top(x)
    return shifted - m.log1p(m.others(m.exp(shifted), x))


def softmin(m: Any, x: Any) -> Any:
    return softmax(m, -x)


def sparsemax(m: Any, x: Any) -> Any:
    # The support is what lies above the threshold that makes the outputs add up to 1.
    inside, count = m.support(x)
    return inside * (x - (m.total(inside * x) - 1) / count) + m.number(0)


ENTRIES = (
    Activation(
        name="softmax",
        kind="vector",
        aliases=("softmax2d",),
        parameters=(AXIS,),
        formula="exp(x[i]) / sum of exp(x[j])",
        derivative="f[i] * ((i == j) - f[j])",
        f=softmax,
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
        notes="nn.Softmax2d takes the axis of the channels, the third from the end; of a lone vector that is its own",
        paper="Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990",
    ),
    Activation(
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
                description="true: 1 for the largest, else 0, with the slopes of the soft ones",
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
        f=gumbel_softmax,
        properties=Properties(range="(0, 1)", monotone=False, odd=False, saturates="both"),
        frameworks={
            "torch": FrameworkFunction("F.gumbel_softmax", parameters={"tau": "tau", "hard": "hard", "dim": "axis"})
        },
        paper="Jang, Gu and Poole, Categorical Reparameterization with Gumbel-Softmax, arXiv 1611.01144, 2016",
        notes="softmax with a temperature, as in evaluation; with a seed as in training, Gumbel noise added to x, "
        "though not the numbers that PyTorch draws",
    ),
    Activation(
        name="log_softmax",
        kind="vector",
        parameters=(AXIS,),
        formula="x[i] - log(sum of exp(x[j]))",
        derivative="(i == j) - softmax(x)[j]",
        f=log_softmax,
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
    ),
    Activation(
        name="softmin",
        kind="vector",
        parameters=(AXIS,),
        formula="exp(-x[i]) / sum of exp(-x[j])",
        derivative="-f[i] * ((i == j) - f[j])",
        f=softmin,
        properties=Properties(range="(0, 1)", monotone=False, odd=False, saturates="both"),
        frameworks={"torch": "nn.Softmin; F.softmin", "mlx": "nn.softmin; nn.Softmin"},
        paper="Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990",
        notes="softmax of -x",
    ),
    Activation(
        name="sparsemax",
        kind="vector",
        parameters=(AXIS,),
        formula="max(x[i] - t, 0) with the t that makes the sum 1",
        derivative="s[i] * ((i == j) - s[j] / sum of s[k]) with s[i] = 1 if f[i] > 0 else 0",
        f=sparsemax,
        properties=Properties(range="[0, 1]", monotone=False, odd=False, saturates="both"),
        frameworks={"keras": "activations.sparsemax", "tf": "tfa.activations.sparsemax; tfa.layers.Sparsemax"},
        paper="Martins and Astudillo, From Softmax to Sparsemax, arXiv 1602.02068, 2016",
    ),
)
