"""Activations of a whole vector."""

from __future__ import annotations

from typing import Any

from actcli.core.record import Activation, Facts, Param

AXIS = Param(name="axis", default="-1", aliases=("dim",), meaning="the axis along which the vectors lie")


def softmax(m: Any, x: Any) -> Any:
    # The largest element's own term is e^0: kept apart from the others, which may be far smaller, it hides none.
    powers = m.exp(x - m.top(x))
    return powers / (1 + m.others(powers, x))


def log_softmax(m: Any, x: Any) -> Any:
    shifted = x - m.top(x)
    return shifted - m.log1p(m.others(m.exp(shifted), x))


ENTRIES = (
    Activation(
        name="softmax",
        kind="vector",
        params=(AXIS,),
        formula="exp(x[i]) / sum of exp(x[j])",
        derivative="f[i] * ((i == j) - f[j])",
        f=softmax,
        facts=Facts(range="(0, 1)", monotone=False, odd=False, saturates="both"),
        frameworks={
            "torch": "nn.Softmax; F.softmax",
            "jax": "jax.nn.softmax",
            "keras": "activations.softmax; layers.Softmax",
            "tf": "tf.nn.softmax",
            "onnx": "Softmax",
            "mlx": "nn.softmax; nn.Softmax",
        },
        paper="Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs, 1990",
    ),
    Activation(
        name="log_softmax",
        kind="vector",
        params=(AXIS,),
        formula="x[i] - log(sum of exp(x[j]))",
        derivative="(i == j) - softmax(x)[j]",
        f=log_softmax,
        facts=Facts(range="(-inf, 0)", monotone=False, odd=False, saturates="no"),
        frameworks={
            "torch": "nn.LogSoftmax; F.log_softmax",
            "jax": "jax.nn.log_softmax",
            "keras": "activations.log_softmax",
            "tf": "tf.nn.log_softmax",
            "onnx": "LogSoftmax",
            "mlx": "nn.log_softmax; nn.LogSoftmax",
        },
        paper="the logarithm of softmax",
    ),
)
