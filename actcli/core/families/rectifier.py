"""Rectifiers: activations made of straight (or exponential) pieces that meet at thresholds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from actcli.core.record import Activation, Facts, Kink, Param


def relu(m: Any, x: Any) -> Any:
    return m.piecewise(x, (x > 0, lambda x: x), lambda x: 0)


def leaky_relu(m: Any, x: Any, negative_slope: Any) -> Any:
    return m.piecewise(x, (x > 0, lambda x: x), lambda x: negative_slope * x)


def relu6(m: Any, x: Any) -> Any:
    return m.piecewise(x, (x <= 0, lambda x: 0), (x < 6, lambda x: x), lambda x: 6)


def hard_tanh(m: Any, x: Any, min_val: Any, max_val: Any) -> Any:
    return m.piecewise(x, (x <= min_val, lambda x: min_val), (x < max_val, lambda x: x), lambda x: max_val)


def hard_sigmoid(m: Any, x: Any) -> Any:
    line = lambda x: x / 6 + Fraction(1, 2)  # noqa: E731 - a piece reads best where it is used
    return m.piecewise(x, (x <= -3, lambda x: 0), (x < 3, line), lambda x: 1)


def hard_swish(m: Any, x: Any) -> Any:
    return m.piecewise(x, (x <= -3, lambda x: 0), (x < 3, lambda x: x * (x + 3) / 6), lambda x: x)


def elu(m: Any, x: Any, alpha: Any) -> Any:
    return m.piecewise(x, (x > 0, lambda x: x), lambda x: alpha * m.expm1(x))


def celu(m: Any, x: Any, alpha: Any) -> Any:
    return m.piecewise(x, (x > 0, lambda x: x), lambda x: alpha * m.expm1(x / alpha))


_SELU_SCALE = Fraction("1.0507009873554804934193349852946")
_SELU_LEFT = _SELU_SCALE * Fraction("1.6732632423543772848170429916717")


def selu(m: Any, x: Any) -> Any:
    return m.piecewise(x, (x > 0, lambda x: _SELU_SCALE * x), lambda x: _SELU_LEFT * m.expm1(x))


def softshrink(m: Any, x: Any, lambd: Any) -> Any:
    return m.piecewise(x, (x > lambd, lambda x: x - lambd), (x < -lambd, lambda x: x + lambd), lambda x: 0)


def hardshrink(m: Any, x: Any, lambd: Any) -> Any:
    return m.piecewise(x, (x > lambd, lambda x: x), (x < -lambd, lambda x: x), lambda x: 0)


ENTRIES = (
    Activation(
        name="relu",
        aliases=("rectifier", "ramp", "rectified_linear", "positive_part"),
        formula="x if x > 0 else 0",
        derivative="1 if x > 0 else 0",
        f=relu,
        kinks=(Kink(at="0", slope="0"),),
        facts=Facts(range="[0, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={
            "torch": "nn.ReLU",
            "jax": "jax.nn.relu",
            "keras": "activations.relu",
            "tf": "tf.nn.relu",
            "onnx": "Relu",
            "mlx": "nn.relu",
            "hf": "relu",
        },
        paper="Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML 2010",
        notes="the slope 0 at 0 is what every framework's function called relu gives; "
        "maximum(x, 0) and clamp written by hand give 0.5 or 1",
    ),
    Activation(
        name="leaky_relu",
        aliases=("lrelu",),
        params=(
            Param(
                name="negative_slope",
                default="0.01",
                aliases=("alpha", "slope"),
                meaning="the slope for x <= 0",
            ),
        ),
        formula="x if x > 0 else negative_slope * x",
        derivative="1 if x > 0 else negative_slope",
        f=leaky_relu,
        kinks=(Kink(at="0", slope="negative_slope"),),
        facts=Facts(range="(-inf, inf)", monotone=True, odd=False, saturates="no"),
        frameworks={
            "torch": "nn.LeakyReLU",
            "jax": "jax.nn.leaky_relu",
            "keras": "activations.leaky_relu",
            "tf": "tf.nn.leaky_relu",
            "onnx": "LeakyRelu",
            "mlx": "nn.leaky_relu",
            "hf": "leaky_relu",
        },
        paper="Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, ICML 2013",
        notes="the default slope is 0.01 in PyTorch, JAX, ONNX, MLX and Hugging Face, "
        "0.2 in TensorFlow and keras.activations, 0.3 in keras.layers.LeakyReLU; "
        "at 0 PyTorch gives negative_slope, JAX and MLX give 1",
    ),
    Activation(
        name="relu6",
        formula="min(max(x, 0), 6)",
        derivative="1 if 0 < x < 6 else 0",
        f=relu6,
        kinks=(Kink(at="0", slope="0"), Kink(at="6", slope="0")),
        facts=Facts(range="[0, 6]", monotone=True, odd=False, saturates="both"),
        frameworks={
            "torch": "nn.ReLU6",
            "jax": "jax.nn.relu6",
            "keras": "activations.relu6",
            "tf": "tf.nn.relu6",
            "onnx": "Clip",
            "mlx": "nn.relu6",
            "hf": "relu6",
        },
        paper="Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10, 2010",
    ),
    Activation(
        name="hard_tanh",
        aliases=("clip", "clamp"),
        params=(
            Param(name="min_val", default="-1", aliases=("min",), meaning="the least value"),
            Param(name="max_val", default="1", aliases=("max",), meaning="the largest value"),
        ),
        formula="min_val if x <= min_val else x if x < max_val else max_val",
        derivative="1 if min_val < x < max_val else 0",
        f=hard_tanh,
        kinks=(Kink(at="min_val", slope="0"), Kink(at="max_val", slope="0")),
        facts=Facts(range="[-1, 1]", monotone=True, odd=True, saturates="both"),
        frameworks={
            "torch": "nn.Hardtanh",
            "jax": "jax.nn.hard_tanh",
            "keras": "activations.hard_tanh",
            "tf": "tf.clip_by_value",
            "onnx": "Clip",
            "mlx": "nn.hard_tanh",
        },
        paper="Collobert, Large Scale Machine Learning, PhD thesis, 2004",
        notes="at the kinks PyTorch and MLX give 0, JAX and TensorFlow give 1",
    ),
    Activation(
        name="hard_sigmoid",
        formula="0 if x <= -3 else x / 6 + 1/2 if x < 3 else 1",
        derivative="1/6 if -3 < x < 3 else 0",
        f=hard_sigmoid,
        kinks=(Kink(at="-3", slope="0"), Kink(at="3", slope="0")),
        facts=Facts(range="[0, 1]", monotone=True, odd=False, saturates="both"),
        frameworks={
            "torch": "nn.Hardsigmoid",
            "jax": "jax.nn.hard_sigmoid",
            "keras": "activations.hard_sigmoid",
            "onnx": "HardSigmoid",
        },
        paper="Courbariaux, Bengio and David, BinaryConnect, arXiv 1511.00363, 2015",
        notes="Keras 2 and ONNX have the slope 0.2 where PyTorch, JAX and Keras 3 have 1/6",
    ),
    Activation(
        name="hard_swish",
        aliases=("hard_silu",),
        formula="0 if x <= -3 else x * (x + 3) / 6 if x < 3 else x",
        derivative="0 if x <= -3 else x / 3 + 1/2 if x < 3 else 1",
        f=hard_swish,
        kinks=(Kink(at="-3", slope="0"), Kink(at="3", slope="1")),
        facts=Facts(range="[-0.375, inf)", monotone=False, odd=False, saturates="left"),
        frameworks={
            "torch": "nn.Hardswish",
            "jax": "jax.nn.hard_swish",
            "keras": "activations.hard_silu",
            "onnx": "HardSwish",
            "mlx": "nn.hardswish",
            "hf": "hardswish",
        },
        paper="Howard et al., Searching for MobileNetV3, arXiv 1905.02244, 2019",
    ),
    Activation(
        name="elu",
        params=(Param(name="alpha", default="1", meaning="-alpha is the limit on the left"),),
        formula="x if x > 0 else alpha * (exp(x) - 1)",
        derivative="1 if x > 0 else alpha * exp(x)",
        f=elu,
        kinks=(Kink(at="0", slope="alpha"),),
        facts=Facts(range="(-1, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={
            "torch": "nn.ELU",
            "jax": "jax.nn.elu",
            "keras": "activations.elu",
            "tf": "tf.nn.elu",
            "onnx": "Elu",
            "mlx": "nn.elu",
        },
        paper="Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear "
        "Units, arXiv 1511.07289, 2015",
    ),
    Activation(
        name="celu",
        params=(Param(name="alpha", default="1", above="0", meaning="-alpha is the limit on the left"),),
        formula="x if x > 0 else alpha * (exp(x / alpha) - 1)",
        derivative="1 if x > 0 else exp(x / alpha)",
        f=celu,
        facts=Facts(range="(-1, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={
            "torch": "nn.CELU",
            "jax": "jax.nn.celu",
            "keras": "activations.celu",
            "onnx": "Celu",
            "mlx": "nn.celu",
        },
        paper="Barron, Continuously Differentiable Exponential Linear Units, arXiv 1704.07483, 2017",
        notes="elu with a slope of 1 at 0 for every alpha; elu and celu are one function at alpha = 1",
    ),
    Activation(
        name="selu",
        aliases=("scaled_elu",),
        formula="s * x if x > 0 else s * a * (exp(x) - 1) with s = 1.0507009873554804934193349852946, "
        "a = 1.6732632423543772848170429916717",
        derivative="s if x > 0 else s * a * exp(x) with s = 1.0507009873554804934193349852946, "
        "a = 1.6732632423543772848170429916717",
        f=selu,
        kinks=(Kink(at="0", slope="1.75809934084737685994021752081231934206024580891220830977098282"),),
        facts=Facts(range="(-1.75809934084738, inf)", monotone=True, odd=False, saturates="left"),
        frameworks={
            "torch": "nn.SELU",
            "jax": "jax.nn.selu",
            "keras": "activations.selu",
            "tf": "tf.nn.selu",
            "onnx": "Selu",
            "mlx": "nn.selu",
        },
        paper="Klambauer et al., Self-Normalizing Neural Networks, arXiv 1706.02515, 2017",
    ),
    Activation(
        name="softshrink",
        aliases=("soft_threshold",),
        params=(
            Param(name="lambd", default="0.5", aliases=("lambda", "threshold"), least="0", meaning="the threshold"),
        ),
        formula="x - lambd if x > lambd else x + lambd if x < -lambd else 0",
        derivative="1 if abs(x) > lambd else 0",
        f=softshrink,
        kinks=(Kink(at="-lambd", slope="0"), Kink(at="lambd", slope="0")),
        facts=Facts(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
        frameworks={
            "torch": "nn.Softshrink",
            "keras": "activations.soft_shrink",
            "onnx": "Shrink(lambd=0.5, bias=0.5)",
            "mlx": "nn.softshrink",
        },
        paper="Donoho, De-noising by Soft-Thresholding, IEEE Transactions on Information Theory 41, 1995",
    ),
    Activation(
        name="hardshrink",
        aliases=("hard_threshold",),
        params=(
            Param(name="lambd", default="0.5", aliases=("lambda", "threshold"), least="0", meaning="the threshold"),
        ),
        formula="x if abs(x) > lambd else 0",
        derivative="1 if abs(x) > lambd else 0",
        f=hardshrink,
        kinks=(Kink(at="-lambd", slope="0", jump=True), Kink(at="lambd", slope="0", jump=True)),
        facts=Facts(range="(-inf, inf)", monotone=True, odd=True, saturates="no"),
        frameworks={
            "torch": "nn.Hardshrink",
            "keras": "activations.hard_shrink",
            "onnx": "Shrink(lambd=0.5)",
            "mlx": "nn.hard_shrink",
        },
        paper="Donoho and Johnstone, Ideal Spatial Adaptation by Wavelet Shrinkage, Biometrika 81, 1994",
    ),
)
