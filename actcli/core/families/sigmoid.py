"""The sigmoid family: functions of e^x."""

from __future__ import annotations

from typing import Any

from actcli.core.record import Activation, Facts, Param


def silu(m: Any, x: Any, beta: Any) -> Any:
    return x * m.sigmoid(beta * x)


def silu_slope(m: Any, x: Any, beta: Any) -> Any:
    z = beta * x
    return m.sigmoid(z) * (1 + z * m.cosigmoid(z))


def mish_slope(m: Any, x: Any) -> Any:
    u = m.exp(x)
    n = u * (u + 2)
    return n / (n + 2) * (1 + 4 * x * (u + 1) / ((n + 2) * (u + 2)))


def mish(m: Any, x: Any) -> Any:
    return x * m.tanh_softplus(x)


def softplus(m: Any, x: Any, beta: Any) -> Any:
    return m.softplus(beta * x) / beta


ENTRIES = (
    Activation(
        name="sigmoid",
        aliases=("logistic", "expit"),
        formula="1 / (1 + exp(-x))",
        derivative="f(x) * (1 - f(x))",
        f=lambda m, x: m.sigmoid(x),
        facts=Facts(range="(0, 1)", monotone=True, odd=False, saturates="both"),
        frameworks={
            "torch": "nn.Sigmoid",
            "jax": "jax.nn.sigmoid",
            "keras": "activations.sigmoid",
            "tf": "tf.nn.sigmoid",
            "onnx": "Sigmoid",
            "mlx": "nn.sigmoid",
            "hf": "sigmoid",
        },
        paper="Verhulst, 1838; as an activation Rumelhart, Hinton and Williams, Nature 323, 1986",
    ),
    Activation(
        name="tanh",
        aliases=("hyperbolic_tangent",),
        formula="(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
        derivative="1 - tanh(x)**2",
        f=lambda m, x: m.tanh(x),
        facts=Facts(range="(-1, 1)", monotone=True, odd=True, saturates="both"),
        frameworks={
            "torch": "nn.Tanh",
            "jax": "jax.nn.tanh",
            "keras": "activations.tanh",
            "tf": "tf.nn.tanh",
            "onnx": "Tanh",
            "mlx": "nn.tanh",
            "hf": "tanh",
        },
        paper="LeCun, Bottou, Orr and Mueller, Efficient BackProp, 1998",
    ),
    Activation(
        name="silu",
        aliases=("swish", "sigmoid_weighted_linear_unit"),
        params=(Param(name="beta", default="1", meaning="how sharply it switches"),),
        formula="x / (1 + exp(-beta * x))",
        derivative="s * (1 + beta * x * (1 - s)) with s = sigmoid(beta * x)",
        f=silu,
        df=silu_slope,
        facts=Facts(range="[-0.278464542761, inf)", monotone=False, odd=False, saturates="left"),
        frameworks={
            "torch": "nn.SiLU",
            "jax": "jax.nn.silu",
            "keras": "activations.silu",
            "tf": "tf.nn.silu",
            "mlx": "nn.silu",
            "hf": "silu",
        },
        paper="Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units, arXiv 1702.03118, 2017; with beta "
        "Ramachandran, Zoph and Le, Searching for Activation Functions, arXiv 1710.05941, 2017",
        notes="silu and swish are one function; beta is 1 everywhere but in tf.nn.swish and ONNX Swish, which take it",
    ),
    Activation(
        name="mish",
        formula="x * tanh(log(1 + exp(x)))",
        derivative="tanh(s) + x * sigmoid(x) / cosh(s)**2 with s = log(1 + exp(x))",
        f=mish,
        df=mish_slope,
        facts=Facts(range="[-0.308843413017, inf)", monotone=False, odd=False, saturates="left"),
        frameworks={
            "torch": "nn.Mish",
            "jax": "jax.nn.mish",
            "keras": "activations.mish",
            "onnx": "Mish",
            "mlx": "nn.mish",
            "hf": "mish",
        },
        paper="Misra, Mish: A Self Regularized Non-Monotonic Activation Function, arXiv 1908.08681, 2019",
    ),
    Activation(
        name="softplus",
        aliases=("smooth_relu",),
        params=(Param(name="beta", default="1", above="0", meaning="how sharply it bends"),),
        formula="log(1 + exp(beta * x)) / beta",
        derivative="sigmoid(beta * x)",
        f=softplus,
        facts=Facts(range="(0, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={
            "torch": "nn.Softplus",
            "jax": "jax.nn.softplus",
            "keras": "activations.softplus",
            "tf": "tf.nn.softplus",
            "onnx": "Softplus",
            "mlx": "nn.softplus",
        },
        paper="Dugas et al., Incorporating Second-Order Functional Knowledge for Better Option Pricing, NIPS 2000",
        notes="PyTorch returns x above beta * x = 20, which hides a weakness of its arithmetic; here it does not",
    ),
    Activation(
        name="log_sigmoid",
        aliases=("logsigmoid",),
        formula="-log(1 + exp(-x))",
        derivative="sigmoid(-x)",
        f=lambda m, x: -m.softplus(-x),
        facts=Facts(range="(-inf, 0)", monotone=True, odd=False, saturates="right"),
        frameworks={
            "torch": "nn.LogSigmoid",
            "jax": "jax.nn.log_sigmoid",
            "keras": "activations.log_sigmoid",
            "tf": "tf.math.log_sigmoid",
            "mlx": "nn.log_sigmoid",
        },
        paper="the logarithm of the logistic function",
    ),
)
